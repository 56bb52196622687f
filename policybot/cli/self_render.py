"""Self-assessments and pilot progress, as lines for people and as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policybot.cli.anchors import clause_place, label_of, number
from policybot.cli.layout import bar, grid
from policybot.cli.messages import say
from policybot.cli.output import Line, line
from policybot.cli.wrap import one_line

if TYPE_CHECKING:
    from policybot.corpus.model import Clause, Corpus
    from policybot.facts.targets import Target
    from policybot.scoring.assess import Assessment
    from policybot.scoring.pilot import PilotIndicator, Progress

    Followed = Sequence[tuple[PilotIndicator, tuple[Progress, int] | None]]

BAR = 20
TRACKS = {
    "on track": "track-on",
    "behind": "track-behind",
    "reached": "track-reached",
    "not set": "track-open",
}


def assessment_data(corpus: Corpus, found: Assessment) -> dict[str, Any]:
    """A self-assessment: own points and rates, published means, no level."""
    data: dict[str, Any] = {
        "kind": "computed",
        "total": float(found.total),
        "areas": [
            {
                "area": r.area.id,
                "name": r.area.name,
                "points": float(r.points),
                "maximum": float(r.area.points),
                "rate": float(r.rate),
                "mean_rate": float(r.area.rate),
                "mean_rate_source": r.area.rate_source,
                "mean_rate_interval": [number(float(r.area.rate_low)), number(float(r.area.rate_high))],
                "gap": float(r.gap),
                "item_clauses": [clause_place(corpus.clauses[i.clause]) for i in r.area.items],
            }
            for r in found.results
        ],
        "published": {
            "mean": float(found.mean),
            "highest": float(found.highest),
            "lowest": float(found.lowest),
        }
        | clause_place(corpus.clauses[found.clause]),
        "level": None,
        "level_note": "the cut-off of 优良 is not published",
    }
    return data | {"fingerprint": _hash(data)}


def render_assessment(corpus: Corpus, found: Assessment, language: str) -> list[Line]:
    """Points against maxima, rates against the published means, and why there is no level."""
    heads = (say(key, language) for key in ("points", "rate", "mean-rate", "gap"))
    rows = [[say("area", language), "", *heads, ""]]
    for r in found.results:
        mark = "*" if r.area.rate_source == "derived" else ""
        rows.append(
            [r.area.id, r.area.name, f"{r.points:f}/{r.area.points:f}", f"{r.rate}%", f"{r.area.rate}%{mark}",
             f"{r.gap:+}", bar(float(r.rate), 100, BAR)]
        )  # fmt: skip
    drawn = grid(rows, right=(2, 3, 4, 5))
    clause = corpus.clauses[found.clause]
    lines = [line(say("own-assessment", language), "warning"), line(drawn[0], "strong")]
    lines += [line(text) for text in drawn[1:]]
    total = say("own-total", language, total=f"{found.total:f}", mean=found.mean, highest=found.highest,
                lowest=found.lowest)  # fmt: skip
    lines += [line(), line(total, "strong", hang=2)]
    for r in found.results:
        if r.area.rate_source == "derived":
            low, high = f"{r.area.rate_low:.1f}", f"{r.area.rate_high:.1f}"
            lines.append(
                line("* " + say("derived-rate", language, area=r.area.id, low=low, high=high), hang=2)
            )
    lines.append(line(say("no-level", language, level="优良"), "warning", hang=2))
    return [*lines, _place(corpus, clause, language)]


def _place(corpus: Corpus, clause: Clause, language: str) -> Line:
    return line(f"{label_of(corpus, clause.id, language)} · {clause.text.file}:{clause.line_start}", "dim")


def pilot_data(corpus: Corpus, found: Followed, path: Path | None) -> dict[str, Any]:
    """Progress per indicator; values are the user's, with file and row."""
    from policybot.scoring.pilot import YARDSTICK

    data: dict[str, Any] = {
        "kind": "computed" if path is not None else "published",
        "note": "values are the user's; the scheme prints none",
        "indicators": [_indicator(corpus, i, entry, path) for i, entry in found],
        "rule": clause_place(corpus.clauses[YARDSTICK])
        | {"quote": one_line(corpus.clauses[YARDSTICK].text.text)},
        "context": [
            {"year": t.year, "indicator": t.indicator, "text": t.text, "clause": t.clause}
            for t in _targets(corpus)
        ],
    }
    return data | {"fingerprint": _hash(data)}


def _indicator(
    corpus: Corpus, indicator: PilotIndicator, entry: tuple[Progress, int] | None, path: Path | None
) -> dict[str, Any]:
    data: dict[str, Any] = {
        "number": indicator.number,
        "zh": indicator.zh,
        "en": indicator.en,
        "unit": indicator.unit,
        "direction": indicator.direction,
        "direction_source": indicator.direction_source,
    } | clause_place(corpus.clauses[indicator.clause])
    if entry is None:
        return data | {"values": None}
    progress, row = entry
    return data | {
        "values": {str(year): value for year, value in progress.values.items()},
        "yearly": number(progress.yearly),
        "yearly_unit": progress.yearly_unit,
        "path_2025": number(progress.path_2025),
        "track": progress.track,
        "input": {"source": path.name if path else "", "line": row},
    }


def render_pilot(corpus: Corpus, found: Followed, language: str) -> list[Line]:
    """One indicator a paragraph: values, change needed a year, on the even path or not."""
    from policybot.scoring.pilot import YARDSTICK

    zh = language == "zh"
    given = sum(entry is not None for _, entry in found)
    lines = [line(say("pilot-given", language, given=given, count=len(found)), "warning")]
    for indicator, entry in found:
        name = f"{indicator.number}. {indicator.zh if zh else indicator.en}"
        lines.append(Line(((name, "strong"), (f"  {indicator.unit}", "dim")), hang=4))
        if entry is not None:
            lines.append(line(_followed(entry[0], language), indent=4, hang=2))
        better = say("more-is-better" if indicator.direction == "max" else "less-is-better", language)
        clause = corpus.clauses[indicator.clause]
        where = f"{label_of(corpus, clause.id, language)} · {clause.text.file}:{clause.line_start}"
        lines.append(line(f"{better} · {indicator.direction_source} · {where}", "dim", indent=4, hang=2))
    rule = corpus.clauses[YARDSTICK]
    quote = f"“{one_line(rule.text.text)}”"
    lines += [line(), line(say("pilot-rule", language), "strong"), line(quote, indent=2, hang=2)]
    lines += [_place(corpus, rule, language), line(), line(say("pilot-context", language), "strong")]
    for t in _targets(corpus):
        target = t.indicator if zh or not t.indicator_en else t.indicator_en
        where = f"  {label_of(corpus, t.clause, language)}"
        parts = ((f"{t.year}  ", "number"), (f"{target}  ", ""), (t.text, "value"), (where, "dim"))
        lines.append(Line(parts, indent=2, hang=2))
    return lines


def _followed(progress: Progress, language: str) -> str:
    values = "  ".join(f"{year}: {value:g}" for year, value in sorted(progress.values.items()))
    parts = [values]
    if progress.yearly is not None:
        key = "points-a-year" if progress.indicator.kind == "share" else "percent-a-year"
        parts.append(say(key, language, change=f"{progress.yearly:+.2f}"))
    if progress.path_2025 is not None:
        parts.append(say("even-path", language, value=f"{progress.path_2025:.4g}"))
    return " · ".join([*parts, say(TRACKS[progress.track], language)])


def _targets(corpus: Corpus) -> list[Target]:
    from policybot.tools.city import national_goals

    return national_goals(corpus)


def _hash(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
