"""What `policybot eval` prints: figures by group, comparisons, findings, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from policybot.cli.layout import grid
from policybot.cli.messages import say
from policybot.cli.output import Line, line

if TYPE_CHECKING:
    from policybot.evaluation.compare import Change, Comparison
    from policybot.evaluation.figures import Figure
    from policybot.evaluation.report import Checked
    from policybot.evaluation.runs import Run
    from policybot.evaluation.setcheck import CheckReport, Finding, SetReport

# Refusals of both kinds stand side by side: one is easily bought with the other.
ANSWERS = (
    "right", "refusal", "false_refusal", "kept", "premise", "list_recall", "list_precision",
    "calibration_error", "length", "latency_p50_ms", "latency_p95_ms",
)  # fmt: skip
EVIDENCE = (
    "cited", "citation_precision", "citation_recall", "verbatim", "provenance", "recall@1", "recall@5",
    "recall@10", "mrr", "ndcg@10",
)  # fmt: skip
OUTSIDE = (
    "exact_match", "f1", "in_quote", "bm25_recall@1", "bm25_recall@5", "bm25_recall@10", "bm25_mrr",
    "bm25_ndcg@10",
)  # fmt: skip
TOKENS = ("input_tokens", "output_tokens")
PLAIN = frozenset({"length", "latency_p50_ms", "latency_p95_ms", *TOKENS})
LISTED = 40  # findings of one kind shown
SAID = 160  # characters of a wrong answer in a list


def figure_name(name: str, language: str) -> str:
    """A figure's heading."""
    key = name.replace("@", "-at-").replace("_", "-")
    return say(f"eval-figure-{key}", language)


def number(name: str, value: float | None) -> str:
    """A share in percent; lengths, times and tokens as they are; "–" for none."""
    if value is None:
        return "–"
    return f"{value:.0f}" if name in PLAIN else f"{100 * value:.1f}"


def run_lines(run: Run, language: str) -> list[Line]:
    """The figures of a finished run."""
    summary = run.summary or {"groups": {}}
    everything = summary["groups"].get("all", {"n": 0, "figures": {}})
    head = say(
        "eval-run", language, name=run.name, set=run.info.set, count=everything["n"], engine=run.info.engine
    )
    lines = [line(head, "strong")]
    errors = everything["figures"].get("error", {}).get("value")
    if errors:
        lines.append(line(say("eval-errors", language, count=round(errors * everything["n"])), "bad"))
    tokens = [n for n in TOKENS if everything["figures"].get(n, {}).get("value") is not None]
    tables: list[tuple[str, tuple[str, ...]]] = []
    tables += [("eval-answers", (*ANSWERS, *tokens))] if "right" in everything["figures"] else []
    tables.append(("eval-evidence", EVIDENCE))
    # A set over its own passages: spans, and plain BM25 in the same run.
    if any(n in everything["figures"] for n in OUTSIDE):
        tables.append(("report-outside", tuple(n for n in OUTSIDE if n in everything["figures"])))
    for title, names in tables:
        lines += [line(), line(say(title, language), "dim")]
        lines += _table(summary["groups"], names, language)
    lines += _prototype(summary["groups"], language)
    if run.info.held_out:
        lines += [line(), line(say("eval-held-out", language), "dim")]
    return [*lines, line(), line(say("eval-where", language, folder=run.folder), "dim")]


def failure_lines(run: Run, language: str) -> list[Line]:
    """The questions of a run that were judged wrong; of a held-out set only how many."""
    wrong = [r for _, r in sorted(run.results.items()) if not r.verdict.get("right")]
    counts = {"wrong": len(wrong), "count": len(run.results)}
    lines = [line(say("eval-failures", language, name=run.name, **counts), "strong")]
    if run.info.held_out:
        return [*lines, line(say("eval-held-out", language), "dim")]
    for result in wrong:
        said = " ".join(str(result.answer.get("answer", "")).split())[:SAID]
        about = f"{result.question['type']} · {result.verdict.get('status')}  "
        parts = ((f"{result.id}  ", "number"), (about, "dim"), (str(result.question["question"]), ""))
        lines += [Line(parts, 0, 2), line(f"→ {said}", "dim", indent=4, hang=2)]
    return lines


def comparison_lines(first: Run, second: Run, found: Comparison, held_out: bool, language: str) -> list[Line]:
    """Differences by figure, then the questions that changed (not those of a held-out set)."""
    counts = {"common": found.common, "better": len(found.better), "worse": len(found.worse)}
    head = say("eval-compared", language, before=first.name, after=second.name, **counts)
    measured = [(n, d) for n, d in found.differences.items() if d.value is not None]
    rows = [["", first.name, second.name, say("eval-difference", language), "95%"]]
    for name, figure in measured:
        values = (number(name, side[name].value) for side in (found.before, found.after))
        rows.append([figure_name(name, language), *values, *_change(name, figure)])
    drawn = grid(rows, right=(1, 2, 3, 4))
    lines = [line(head, "strong"), line(), line(drawn[0], "strong")]
    lines += [line(text, _direction(*pair)) for text, pair in zip(drawn[1:], measured, strict=True)]
    for key, changes in (("eval-worse", found.worse), ("eval-better", found.better)):
        if changes and not held_out:
            lines += [line(), line(say(key, language, count=len(changes)), "strong")]
            lines += [_changed(change) for change in changes]
    if held_out:
        lines += [line(), line(say("eval-held-out", language), "dim")]
    return lines


def comparison_object(first: Run, second: Run, found: Comparison, held_out: bool) -> dict[str, Any]:
    """The same as JSON; ids of a held-out set are left out."""
    return {
        "before": first.name,
        "after": second.name,
        "common": found.common,
        "left_out": found.left_out,
        "better": len(found.better) if held_out else [c.after.question.id for c in found.better],
        "worse": len(found.worse) if held_out else [c.after.question.id for c in found.worse],
        "figures": {
            name: {
                "before": asdict(found.before[name]),
                "after": asdict(found.after[name]),
                "difference": asdict(figure),
            }
            for name, figure in found.differences.items()
        },
    }


def check_lines(report: CheckReport, language: str) -> list[Line]:
    """Sets with their shares, then findings by kind."""
    held = {one.name for one in report.sets if one.held_out}
    lines: list[Line] = []
    for one in report.sets:
        lines += _set_lines(one, language)
    kinds = dict.fromkeys(f.kind for f in report.findings)
    for kind in kinds:
        members = [f for f in report.findings if f.kind == kind]
        style = "bad" if members[0].wrong else "warning"
        lines += [line(), line(say(f"eval-check-{kind}", language, count=len(members)), style)]
        lines += [_finding(f, held, language) for f in members[:LISTED]]
        if len(members) > LISTED:
            lines.append(line(f"… {len(members) - LISTED}", "dim", indent=2))
    verdict = say("eval-check-bad", language, count=len(report.wrong)) if report.wrong else ""
    return [
        *lines,
        line(),
        line(verdict, "bad") if verdict else line(say("eval-check-good", language), "good"),
    ]


def check_object(report: CheckReport) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "wrong": len(report.wrong),
        "sets": [asdict(one) for one in report.sets],
        "shared_clauses": report.shared_clauses,
        "findings": [{**asdict(f), "wrong": f.wrong} for f in report.findings],
    }


def gate_lines(checked: Sequence[Checked], language: str) -> list[Line]:
    """Every limit with what was measured, the broken ones marked."""
    rows = [["", *(say(f"eval-gate-{k}", language) for k in ("group", "figure", "measured", "limit"))]]
    for one in checked:
        limit = one.limit
        bound = "≥" if limit.at_least is not None else "≤"
        value = limit.at_least if limit.at_least is not None else limit.at_most
        name = limit.figure
        mark = "✗" if one.failure else "✓"
        rows.append(
            [
                mark,
                limit.group,
                figure_name(name, language),
                number(name, one.value),
                f"{bound} {number(name, value)}",
            ]
        )
    drawn = grid(rows, right=(3, 4))
    lines = [line(drawn[0], "strong")]
    lines += [line(text, "bad" if one.failure else "") for text, one in zip(drawn[1:], checked, strict=True)]
    broken = sum(bool(one.failure) for one in checked)
    if broken:
        return [*lines, line(say("eval-gate-broken", language, count=broken, total=len(checked)), "bad")]
    return [*lines, line(say("eval-gate-kept", language, total=len(checked)), "good")]


def gate_object(checked: Sequence[Checked]) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "broken": sum(bool(one.failure) for one in checked),
        "limits": [{**asdict(c.limit), "value": c.value, "failure": c.failure} for c in checked],
    }


def ladder_lines(found: Mapping[str, Mapping[str, Mapping[str, float | None]]], language: str) -> list[Line]:
    """The rungs as a table for each language of the questions."""
    lines: list[Line] = []
    for code in ("all", "zh", "en"):
        measured = {rung: figures[code] for rung, figures in found.items() if code in figures}
        if not measured:
            continue
        names = list(next(iter(measured.values())))
        rows = [[say(f"eval-ladder-{code}", language), *(figure_name(n, language) for n in names)]]
        for rung, figures in measured.items():
            rows.append([say(f"eval-rung-{rung}", language), *(number(n, figures[n]) for n in names)])
        drawn = grid(rows, right=range(1, len(rows[0])))
        lines += [*([line()] if lines else []), line(drawn[0], "strong"), *(line(text) for text in drawn[1:])]
    return lines


def _prototype(groups: Mapping[str, Any], language: str) -> list[Line]:
    """Recall beside what the first prototype reached, for the groups it was measured on."""
    import tomllib

    from policybot.evaluation.sets import shipped_folder

    folder = shipped_folder()
    file = folder / "prototype.toml" if folder else None
    if file is None or not file.is_file():
        return []
    names = [f"recall@{k}" for k in (1, 5, 10)]
    rows = []
    for group, reached in tomllib.loads(file.read_text(encoding="utf-8")).items():
        if group in groups:
            figures = groups[group]["figures"]
            ours = "/".join(number(n, figures[n]["value"]) for n in names)
            rows.append([group, ours, "/".join(map(str, reached["recall"]))])
    if not rows:
        return []
    head = ["", *(say(f"eval-prototype-{k}", language) for k in ("now", "then"))]
    drawn = grid([head, *rows], right=(1, 2))
    return [line(), line(drawn[0], "strong"), *(line(text) for text in drawn[1:])]


def _table(groups: Mapping[str, Any], names: Sequence[str], language: str) -> list[Line]:
    rows = [["", "n", *(figure_name(n, language) for n in names)]]
    for group, found in groups.items():
        cells = [number(n, found["figures"].get(n, {}).get("value")) for n in names]
        rows.append([group, str(found["n"]), *cells])
        if group == "all":
            rows.append(["  95%", "", *(_interval(n, found["figures"].get(n, {})) for n in names)])
    drawn = grid(rows, right=range(1, len(rows[0])))
    return [line(drawn[0], "strong"), *(line(text) for text in drawn[1:])]


def _interval(name: str, figure: Mapping[str, float | None]) -> str:
    low, high = figure.get("low"), figure.get("high")
    return "" if low is None or high is None else f"{number(name, low)}–{number(name, high)}"


def _change(name: str, figure: Figure) -> list[str]:
    scale = 1 if name in PLAIN else 100
    assert figure.value is not None
    value = f"{scale * figure.value:+.1f}"
    if figure.low is None or figure.high is None:
        return [value, ""]
    return [value, f"{scale * figure.low:+.1f} … {scale * figure.high:+.1f}"]


def _direction(name: str, figure: Figure) -> str:
    """Green or red where the interval leaves no doubt about the direction."""
    from policybot.evaluation.figures import LESS_IS_BETTER

    if figure.low is None or figure.high is None or figure.low <= 0 <= figure.high:
        return ""
    return "good" if (figure.low > 0) != (name in LESS_IS_BETTER) else "bad"


def _changed(change: Change) -> Line:
    question = change.after.question
    status = f"{change.before.status} → {change.after.status}"
    return Line(((f"{question.id}  ", "number"), (f"{question.question}  ", ""), (status, "dim")), 2, 2)


def _set_lines(report: SetReport, language: str) -> list[Line]:
    lines = [line(say("eval-set", language, name=report.name, count=report.questions), "strong")]
    for field, shares in report.shares.items():
        total = sum(shares.values())
        listed = ", ".join(f"{name} {n} ({100 * n / total:.0f}%)" for name, n in shares.items())
        name = say(f"eval-share-{field}", language)
        lines.append(Line(((f"{name}  ", "dim"), (listed, "")), 2, 4))
    lines.append(line(say("eval-near-annotation", language, count=report.near_annotation), indent=2))
    return lines


def _finding(finding: Finding, held_out: set[str], language: str) -> Line:
    """One finding; of a question of a held-out set only its id."""
    detail = finding.detail_zh if language == "zh" else finding.detail
    if finding.kind != "line" and any(place.partition(":")[0] in held_out for place in finding.where):
        detail = ""
    return Line(((f"{' = '.join(finding.where)}  ", "number"), (detail, "")), 2, 2)
