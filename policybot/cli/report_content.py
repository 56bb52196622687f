"""One or two runs → the sections of a report, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policybot.cli.eval_render import figure_name, number
from policybot.cli.messages import say
from policybot.cli.report_blocks import Block, Cases, Chart, Page, Point, Section, Table
from policybot.cli.report_cases import cases_of, type_name
from policybot.evaluation.tallies import STATUSES, calibration, outcomes

if TYPE_CHECKING:
    from policybot.evaluation.compare import Comparison
    from policybot.evaluation.figures import Figure
    from policybot.evaluation.runs import Run
    from policybot.evaluation.verdict import Verdict

# What the tables of groups show; a figure that no group has is left out.
GROUPED = (
    "right", "refusal", "false_refusal", "kept", "list_recall", "cited", "verbatim", "calibration_error",
    "recall@1", "recall@5", "mrr",
)  # fmt: skip
OUTSIDE = ("exact_match", "f1", "in_quote")
SEARCHED = ("recall@1", "recall@5", "recall@10", "mrr", "ndcg@10")
BASELINE = "bm25_"
LATENCY = ("latency_p50_ms", "latency_p95_ms")
Ladder = Mapping[str, Mapping[str, Mapping[str, float | None]]]
Groups = Mapping[str, Mapping[str, Any]]


def page(
    run: Run,
    verdicts: Sequence[Verdict],
    language: str,
    *,
    before: tuple[Run, Comparison] | None = None,
    ladder: Ladder | None = None,
    failures: bool = True,
) -> Page:
    """The report of a finished run.

    Args:
        verdicts: of all its results.
        before: another run to compare with, and the comparison from it to this one.
        ladder: rung → language → figures, as `eval ladder --json` prints them.
        failures: list failed questions; never done for a held-out set.
    """
    assert run.summary is not None
    groups: Groups = run.summary["groups"]
    searched_only = run.info.engine == "search"
    single = failures and not run.info.held_out
    sections = [_about(run, language), _scores(groups, language)]
    sections += _grouped(groups, language)
    if any(n in groups["all"]["figures"] for n in (*OUTSIDE, f"{BASELINE}mrr")):
        sections.append(_outside(groups, language))
    if not searched_only:
        sections += [_refusals(verdicts, language), _calibration(verdicts, language)]
        sections.append(_latency(groups, language))
    if before is not None:
        sections.append(_comparison(*before, run, language, single))
    if ladder:
        sections.append(_ladder(ladder, language))
    if single:
        found = cases_of(run, language)
        summary = say("report-failures-count", language, count=len(found), total=len(run.results))
        sections.append(Section("failures", say("report-failures", language), [summary, Cases(found)]))
    title = say("report-title", language, name=run.name)
    return Page(title, language, sections, say("report-contents", language))


def value_of(figures: Mapping[str, Any], name: str) -> str:
    """A figure and, on a second line, its interval."""
    figure = figures.get(name) or {}
    shown = number(name, figure.get("value"))
    span = interval(name, figure)
    return f"{shown}\n{span}" if span else shown


def interval(name: str, figure: Mapping[str, Any]) -> str:
    """The 95% interval of a figure, "" for none."""
    low, high = figure.get("low"), figure.get("high")
    return "" if low is None or high is None else f"{number(name, low)}–{number(name, high)}"


def group_name(name: str, language: str) -> str:
    """A group of questions in words."""
    kind, _, rest = name.partition("/")
    if name == "all" or name == "apart from annotations":
        return say(f"report-group-{name.replace(' ', '-')}", language)
    if kind == "language":
        return say(f"report-language-{rest}", language)
    if rest in ("zh", "en"):
        return f"{kind}, {say(f'report-language-{rest}', language)}"
    if kind == "type":
        return type_name(rest, language)
    return rest if kind == "document" else name


def group_table(groups: Groups, names: Sequence[str], columns: Sequence[str], language: str) -> Table:
    """Groups of questions as rows, figures with intervals as columns; columns without values left out."""
    kept = [
        c for c in columns if any((groups[n]["figures"].get(c) or {}).get("value") is not None for n in names)
    ]
    header = [say(f"report-{k}", language) for k in ("group", "questions")]
    header += [figure_name(c, language) for c in kept]
    rows = [
        [group_name(n, language), str(groups[n]["n"]), *(value_of(groups[n]["figures"], c) for c in kept)]
        for n in names
    ]
    return Table(say("report-percent", language), header, rows)


def _about(run: Run, language: str) -> Section:
    info = run.info
    facts = {
        "set": info.set,
        "questions": str(info.questions),
        "filters": "; ".join(f"{k} = {', '.join(v)}" for k, v in info.filters.items()),
        "engine": info.engine,
        "version": f"policybot {info.policybot}",
        "corpus": info.corpus[:16],
        "index": info.index,
        "checksum": info.set_sha256[:16],
        "started": info.started,
        "finished": info.finished or "",
    }
    rows = [[say(f"report-fact-{name}", language), value] for name, value in facts.items() if value]
    header = [say("report-fact", language), say("report-value", language)]
    blocks: list[Block] = [Table(say("report-about-caption", language), header, rows, text=2)]
    if info.held_out:
        blocks.append(say("report-held-out", language))
    return Section("run", say("report-about", language), blocks)


def _scores(groups: Groups, language: str) -> Section:
    everything = groups["all"]["figures"]
    known = [n for n, f in everything.items() if f.get("value") is not None and not n.startswith(BASELINE)]
    rows = [
        [
            say(f"report-means-{n.replace('@', '-at-').replace('_', '-')}", language),
            number(n, everything[n]["value"]),
            interval(n, everything[n]),
            str(everything[n].get("n") or ""),
        ]
        for n in known
    ]
    header = [say(f"report-{k}", language) for k in ("figure", "value", "interval", "counted")]
    table = Table(say("report-percent", language), header, rows)
    return Section("scores", say("report-scores", language), [say("report-bootstrap", language), table])


def _grouped(groups: Groups, language: str) -> list[Section]:
    kinds = {
        "language": [n for n in groups if n.startswith("language/")],
        "type": [n for n in groups if n.startswith("type/")],
        "document": [n for n in groups if n.startswith("document/")],
    }
    named = {name for names in kinds.values() for name in names}
    kinds["set"] = [n for n in groups if n not in named and n != "all"]
    return [
        Section(
            f"by-{kind}",
            say(f"report-by-{kind}", language),
            [group_table(groups, names, GROUPED, language)],
        )
        for kind, names in kinds.items()
        if names
    ]


def _outside(groups: Groups, language: str) -> Section:
    names = [n for n in groups if n == "all" or n.startswith("language/")]
    header = [say(f"report-{k}", language) for k in ("group", "search")]
    header += [figure_name(n, language) for n in SEARCHED]
    rows = [
        [group_name(n, language), say(f"report-search-{way}", language)]
        + [value_of(groups[n]["figures"], prefix + f) for f in SEARCHED]
        for n in names
        for way, prefix in (("hybrid", ""), ("bm25", BASELINE))
    ]
    blocks: list[Block] = [Table(say("report-outside-search", language), header, rows, text=2)]
    if any(n in groups["all"]["figures"] for n in OUTSIDE):
        blocks.append(group_table(groups, names, OUTSIDE, language))
        blocks.append(say("report-outside-spans", language))
    return Section("outside", say("report-outside", language), blocks)


def _refusals(verdicts: Sequence[Verdict], language: str) -> Section:
    header = [say("report-kind", language), say("report-questions", language)]
    header += [say(f"report-status-{s.replace('_', '-')}", language) for s in STATUSES]
    header.append(say("report-judged-right", language))
    rows = []
    for one in outcomes(verdicts):
        kind = say("report-answerable" if one.answerable else "report-unanswerable", language)
        rows.append([kind, str(one.n), *(str(one.by_status[s]) for s in STATUSES), str(one.right)])
    table = Table(say("report-refusals-caption", language), header, rows)
    return Section("refusals", say("report-refusals", language), [table])


def _calibration(verdicts: Sequence[Verdict], language: str) -> Section:
    bins = calibration(verdicts)
    rows = [
        [
            f"{100 * b.low:.0f}–{100 * b.high:.0f}",
            str(b.n),
            f"{100 * b.confidence:.1f}",
            f"{100 * b.right:.1f}",
        ]
        for b in bins
    ]
    header = [say(f"report-bin-{k}", language) for k in ("range", "n", "confidence", "right")]
    caption = say("report-calibration-caption", language)
    chart = Chart(
        say("report-calibration", language),
        say("report-calibration-text", language),
        say("report-bin-confidence", language),
        say("report-bin-right", language),
        [Point(b.confidence, b.right, b.n) for b in bins],
    )
    return Section("calibration", say("report-calibration", language), [chart, Table(caption, header, rows)])


def _latency(groups: Groups, language: str) -> Section:
    names = [n for n in groups if n == "all" or n.startswith("language/")]
    header = [say(f"report-{k}", language) for k in ("group", "questions")]
    header += [figure_name(n, language) for n in LATENCY]
    rows = [
        [
            group_name(n, language),
            str(groups[n]["n"]),
            *(number(f, groups[n]["figures"].get(f, {}).get("value")) for f in LATENCY),
        ]
        for n in names
    ]
    table = Table(say("report-latency-caption", language), header, rows)
    return Section("latency", say("report-latency", language), [table])


def _comparison(before: Run, found: Comparison, run: Run, language: str, single: bool) -> Section:
    rows: list[list[str]] = []
    marks: dict[int, str] = {}
    for name, change in found.differences.items():
        if change.value is None:
            continue
        verdict = _verdict(name, change)
        if verdict in ("better", "worse"):
            marks[len(rows)] = "good" if verdict == "better" else "bad"
        rows.append(
            [
                figure_name(name, language),
                number(name, found.before[name].value),
                number(name, found.after[name].value),
                _signed(name, change.value),
                " … ".join(_signed(name, v) for v in (change.low, change.high) if v is not None),
                say(f"report-{verdict}", language),
            ]
        )
    header = [say("report-figure", language), before.name, run.name]
    header += [say(f"report-{k}", language) for k in ("difference", "interval", "sure")]
    counts = {"common": found.common, "better": len(found.better), "worse": len(found.worse)}
    blocks: list[Block] = [
        say("report-compared", language, left=found.left_out, **counts),
        Table(say("report-compared-caption", language), header, rows, marks=marks),
    ]
    for key, changes in (("worse", found.worse), ("better", found.better)):
        if changes and single:
            listed = [[c.after.question.id, c.after.question.question] for c in changes]
            head = [say("report-id", language), say("report-question", language)]
            blocks.append(Table(say(f"report-became-{key}", language), head, listed, text=2))
    return Section("comparison", say("report-comparison", language, name=before.name), blocks)


def _verdict(name: str, change: Figure) -> str:
    """ "better" or "worse" where the interval leaves out 0, "same" where nothing changed, else "unclear"."""
    from policybot.evaluation.figures import LESS_IS_BETTER

    if change.low is None or change.high is None:
        return "unclear"
    if change.low <= 0 <= change.high:
        return "unclear" if change.low < change.high else "same"
    return "better" if (change.low > 0) != (name in LESS_IS_BETTER) else "worse"


def _signed(name: str, value: float) -> str:
    shown = number(name, abs(value))
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{shown}"


def _ladder(ladder: Ladder, language: str) -> Section:
    blocks: list[Block] = []
    for code in ("all", "zh", "en"):
        measured = {rung: found[code] for rung, found in ladder.items() if code in found}
        if not measured:
            continue
        names = list(next(iter(measured.values())))
        header = [say("report-rung", language), *(figure_name(n, language) for n in names)]
        rows = [
            [say(f"eval-rung-{rung}", language), *(number(n, found.get(n)) for n in names)]
            for rung, found in measured.items()
        ]
        blocks.append(Table(say(f"eval-ladder-{code}", language), header, rows))
    return Section("ladder", say("report-ladder", language), blocks)
