"""City profiles and comparisons as lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from policybot.cli.anchors import at, city_name, label_of
from policybot.cli.city import is_year
from policybot.cli.layout import grid
from policybot.cli.messages import say
from policybot.cli.output import Line, line
from policybot.cli.wrap import one_line

if TYPE_CHECKING:
    from policybot.corpus.model import Corpus
    from policybot.facts.rankings import PublishedList
    from policybot.facts.targets import Target
    from policybot.tools.city import CityProfile, CityValue, Mention

LONGEST = 30  # characters of a list's description


def render_profile(corpus: Corpus, profile: CityProfile, language: str) -> list[Line]:
    """Everything about one city; what is computed stands apart and says so."""
    lines = [_title(profile, language)]
    if not profile.covered:
        lines += _not_covered(corpus, profile, language)
    if profile.city_class is not None:
        found = profile.city_class
        text = say("city-class", language, name=found.name, count=found.members)
        where, label = corpus.clauses[found.row], label_of(corpus, found.row, language)
        lines += [
            line(),
            Line(((text, "strong"), (f"  {found.meaning}", "")), hang=2),
            line(
                f"{label} · {where.text.file}:{where.line_start}",
                "dim",
                indent=2,
            ),
        ]
    if profile.lists or profile.ranks:
        lines += [line(), line(say("city-lists", language), "strong")]
        for one in profile.lists:
            lines += _list(corpus, profile, one, language)
        for rank in profile.ranks:
            lines.append(
                Line(((f"{rank.quote.text}  ", ""), (at(corpus, rank.quote), "dim")), indent=2, hang=2)
            )
    if profile.values:
        lines += [line(), line(say("city-values", language), "strong")]
        lines += [_value(corpus, value, language) for value in profile.values]
    if profile.covered or profile.graded:
        lines += [line(), *_evaluation(corpus, profile, language)]
    if profile.practices:
        lines += [line(), line(say("city-practices", language), "strong")]
        lines += [_mention(corpus, found, language) for found in profile.practices]
    lines += _computed(profile, language)
    if profile.context:
        lines += [line(), line(say("city-context", language), "strong")]
        lines += [_target(corpus, target, language) for target in profile.context]
    return lines


def _title(profile: CityProfile, language: str) -> Line:
    other = city_name(profile.place.zh, "en")
    names = (profile.place.zh, other) if language == "zh" else (other, profile.place.zh)
    return Line(((names[0], "strong"), (f"  {names[1]}", "dim")))


def _not_covered(corpus: Corpus, profile: CityProfile, language: str) -> list[Line]:
    lines = [line(say("city-not-covered", language, city=city_name(profile.place.zh, language)), "warning")]
    if profile.exclusion is None:
        return [*lines, line(say("city-no-reason", language), indent=2)]
    quote, label = profile.exclusion.quote, label_of(corpus, profile.exclusion.clause, language)
    return [
        *lines,
        line(f"“{one_line(quote.text)}”", indent=2, hang=2),
        line(f"{label} · {at(corpus, quote)}", "dim", indent=2),
    ]


def _list(corpus: Corpus, profile: CityProfile, found: PublishedList, language: str) -> list[Line]:
    place = found.place_of(profile.place.zh)
    if place is None:
        where = say("list-unordered", language, count=len(found.places))
    else:
        where = say("list-place", language, place=place, count=len(found.places))
    text = found.predicate if len(found.predicate) <= LONGEST else f"{found.predicate[:LONGEST]}…"
    subject = f"{found.subject} · " if found.subject and found.subject != text else ""
    return [
        Line(((f"{where}  ", "number"), (f"{subject}{text}", "")), indent=2, hang=2),
        line(f"{label_of(corpus, found.clause, language)} · {at(corpus, found.quote)}", "dim", indent=4),
    ]


def _value(corpus: Corpus, value: CityValue, language: str) -> Line:
    where = f"  {value.table} · {at(corpus, value.cell.anchor)}" if value.cell.anchor is not None else ""
    if is_year(value) and value.cell.value is None:
        shown, place = say("no-year", language), ""
    elif value.cell.value is None:
        shown, place = say("no-value", language, mark=value.cell.text), ""
    elif is_year(value):
        shown, place = value.cell.text, ""
    else:
        shown = value.cell.text
        key = "place-from-highest-tied" if value.tied > 1 else "place-from-highest"
        place = "  " + say(key, language, rank=value.place, count=value.count, tied=value.tied - 1)
    return Line(((f"{value.column}  ", ""), (shown, "value"), (place, ""), (where, "dim")), indent=2, hang=2)


def _evaluation(corpus: Corpus, profile: CityProfile, language: str) -> list[Line]:
    from policybot.tools.city import graded_cities

    found = profile.graded or graded_cities(corpus)
    if found is None:
        return []
    key = "evaluation-good" if profile.graded else "evaluation-not-listed"
    text = say(key, language, result="优良", count=len(found.places))
    return [
        Line(((say("city-evaluation", language), "strong"), (f"  {text}", "")), hang=2),
        line(f"{label_of(corpus, found.clause, language)} · {at(corpus, found.quote)}", "dim", indent=2),
    ]


def _mention(corpus: Corpus, found: Mention, language: str) -> Line:
    text, where = one_line(found.quote.text), label_of(corpus, found.clause, language)
    return Line(((text, ""), (f"  {where} · {at(corpus, found.quote)}", "dim")), indent=2, hang=2)


def _target(corpus: Corpus, target: Target, language: str) -> Line:
    name = target.indicator if language == "zh" or not target.indicator_en else target.indicator_en
    document = corpus.documents[target.document]
    title = document.short_zh if language == "zh" else f"{document.short_en} "
    where = f"  {title}{label_of(corpus, target.clause, language)} · {at(corpus, target.quote)}"
    parts = ((f"{target.year}  ", "number"), (f"{name}  ", ""), (target.text, "value"), (where, "dim"))
    return Line(parts, indent=2, hang=2)


def score_text(low: float, high: float) -> str:
    """A score, or the interval it lies in."""
    return f"{low:.2f}" if high - low < 0.005 else f"{low:.2f}–{high:.2f}"


def rank_text(best: int, worst: int) -> str:
    """A rank, or the interval it lies in."""
    return str(best) if best == worst else f"{best}–{worst}"


def _computed(profile: CityProfile, language: str) -> list[Line]:
    entry, interval = profile.computed, profile.interval
    if entry is None:
        return []
    shown = say(
        "city-computed-rank", language,
        score=score_text(entry.low, entry.high), rank=rank_text(entry.best, entry.worst),
    )  # fmt: skip
    lines = [
        line(),
        Line(
            ((say("city-computed", language), "strong"), (f"  {say('not-published', language)}", "warning"))
        ),
        line(shown, indent=2, hang=2),
    ]
    if interval is not None:
        text = say("city-over-weights", language, rank=rank_text(interval.best, interval.worst))
        lines.append(line(text, indent=2, hang=2))
    if not entry.complete:
        lines.append(line(say("city-incomplete", language), indent=2, hang=2))
    return lines


def render_comparison(corpus: Corpus, profiles: Sequence[CityProfile], language: str) -> list[Line]:
    """Cities as columns, facts as rows; then where the facts stand."""
    none = "–"
    rows = [["", *(city_name(p.place.zh, language) for p in profiles)]]
    rows.append(
        [say("row-class", language), *(p.city_class.name if p.city_class else none for p in profiles)]
    )
    columns = dict.fromkeys((v.table, v.column) for p in profiles for v in p.values)
    for table, column in columns:
        found = [
            next((v for v in p.values if (v.table, v.column) == (table, column)), None) for p in profiles
        ]
        rows.append([column, *(_short(value, language) for value in found)])
    rows.append(
        [
            say("row-evaluation", language),
            *("优良" if p.graded else say("row-not-listed", language) for p in profiles),
        ]
    )
    entries = [(p.computed, p.interval) for p in profiles]
    rows.append([say("row-score", language), *(score_text(e.low, e.high) if e else none for e, _ in entries)])
    rows.append([say("row-rank", language), *(rank_text(e.best, e.worst) if e else none for e, _ in entries)])
    rows.append(
        [say("row-all-weights", language), *(rank_text(i.best, i.worst) if i else none for _, i in entries)]
    )
    drawn = grid(rows)
    lines = [line(drawn[0], "strong"), *(line(text) for text in drawn[1:])]
    lines += [line(), line(say("compare-note", language), "warning")]
    for p in profiles:
        if not p.covered:
            lines += _not_covered(corpus, p, language)
    labels = "、" if language == "zh" else ", "
    sources = dict.fromkeys(table for table, _ in columns)
    lines.append(line(say("compare-sources", language, tables=labels.join(sources)), "dim"))
    return lines


def _short(value: CityValue | None, language: str) -> str:
    if value is None:
        return "–"
    if value.cell.value is None:
        return say("no-year", language) if is_year(value) else value.cell.text
    if is_year(value):
        return value.cell.text
    return f"{value.cell.text} ({value.place}/{value.count})"
