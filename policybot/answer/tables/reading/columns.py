"""Which columns of published tables a question names, and what its words say about high and low there.

The words are kept in ``answer/data/columns.toml``; a column without an entry is found by its printed name and
by the glossary's terms for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policybot.answer.datafiles import DATA, pattern_fault
from policybot.answer.matching.match import Weigher, bare, covers, norm
from policybot.answer.matching.names import place_stem
from policybot.answer.question.ask import Ask
from policybot.answer.tables.reading.views import Column, View
from policybot.patterns import lazy_pattern
from policybot.retrieve.datafile import bad_data, read_toml

Span = tuple[int, int]
_SEVERAL = 2  # rows from which on a vague word tells their table's column
_RELATIVE = (
    "percent",
    "count",
    "score",
    "organisation",
    "place",
)  # kinds of value that it may be; 谁 is a row
_TELLING = 0.3  # weight of a word that says something
_CARRIED = 0.5  # share of it that the table's own words must carry
_BESIDE = lazy_pattern(  # what a comparison says beside its things
    r"相比|比起|相较|比较|对比|一样|相同|同样|等同|一致|差|更|谁|哪[个一国方边家]?|分别|各自?|国家?|缔约方|是否|大|小|高|低"
    r"|多|少|严格?|宽松?|松|紧|轻|重"
    r"|\b(?:which|whose|who|compar\w+|differ\w*|same|equal\w*|identical|respectively|each|both|versus|vs|between"
    r"|against|than|next|gap|apart|far|set|got|get|gets|given|assigned|country|countries|part(?:y|ies)|nations?"
    r"|\w+er|more|less|deep|tough|tight|loose|strict|lenient|generous|lax|match(?:es)?|like|alike)\b"
)
_PATTERNS = ("vague", "high", "low", "rising", "falling", "level", "never")
_STRETCH = lazy_pattern(r"[，,。；;？?！!：:]|\.(?=\s|$)")


@dataclass(frozen=True)
class Naming:
    """How questions name a column: `words` for it, and the patterns explained in answer/data/columns.toml."""

    name: str
    words: re.Pattern[str]
    vague: re.Pattern[str] | None = None
    high: re.Pattern[str] | None = None
    low: re.Pattern[str] | None = None
    rising: re.Pattern[str] | None = None
    falling: re.Pattern[str] | None = None
    level: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None
    best: str = ""  # "low" where the first place is the lowest value's
    base: int | None = None  # what a change is counted from, where the column gives percentages of it
    year: int | None = None  # … and the year of the base


@dataclass(frozen=True)
class ColumnUse:
    """A column that a question names, and where."""

    view: View
    column: Column
    naming: Naming | None
    spans: tuple[Span, ...]

    @property
    def key(self) -> tuple[str, int]:
        """Table and column."""
        return self.view.table.id, self.column.index

    @property
    def yearly(self) -> bool:
        """True for a column of years."""
        return any(row.cells[self.column.index].kind == "year" for row in self.view.rows)

    def distance(self, span: Span) -> int:
        """Characters between a place in the question and the nearest mention of the column."""
        return min(max(span[0] - high, low - span[1], 0) for low, high in self.spans)

    def stretch(self, text: str) -> str:
        """The stretches of the question, between commas and stops, that mention the column."""
        return " ".join(stretch_at(text, span) for span in self.spans)


def stretch_at(text: str, span: Span) -> str:
    """The stretch of a text, between commas and stops, that a place stands in."""
    low, high = span
    start = max((m.end() for m in _STRETCH.finditer(text, 0, low)), default=0)
    after = _STRETCH.search(text, high)
    return text[start : after.start() if after else len(text)]


def overlaps(span: Span, others: Iterable[Span]) -> bool:
    """True when a stretch shares a character with one of others."""
    return any(low < span[1] and span[0] < high for low, high in others)


def column_uses(ask: Ask, views: Iterable[View]) -> list[ColumnUse]:
    """The number columns that a question names, in the order of their first mention.

    A mention that lies within a longer one of another column does not count (空气 in 空气质量优良天数).
    """
    found: list[ColumnUse] = []
    for view in views:
        if ask.only and view.table.document not in ask.only:
            continue
        for column in view.values:
            if column.kind != "number":
                continue
            naming = naming_of(column)
            if naming is not None and naming.never is not None and naming.never.search(ask.text):
                continue
            spans = _mentions(ask, column, naming)
            if spans:
                found.append(ColumnUse(view, column, naming, tuple(spans)))
    kept = []
    for use in found:
        others = [s for other in found if other.column.name != use.column.name for s in other.spans]
        spans = [s for s in use.spans if not any(_within(s, o) for o in others)]
        if spans:
            kept.append(ColumnUse(use.view, use.column, use.naming, tuple(spans)))
    return sorted(kept, key=lambda use: use.spans[0])


def sole_column(ask: Ask, views: Iterable[View], weigh: Weigher | None) -> list[ColumnUse]:
    """The column that several named rows share where the question calls it by a vague word only ("the
    targets of Russia and Romania"): the only one with such words in a table that lists all of them.

    Empty where the question says anything else that is not on high and low or on comparing.
    """
    if len(ask.place_names) < _SEVERAL or (ask.expects and ask.expects[0] not in _RELATIVE):
        return []
    stems = [{place_stem(bare(n)) for n in names} for names in ask.place_names]
    found = []
    for view in views:
        if not all(names & view.keys for names in stems) or (
            ask.only and view.table.document not in ask.only
        ):
            continue
        for column in view.values:
            naming = naming_of(column) if column.kind == "number" else None
            if naming is None or naming.vague is None or (naming.never and naming.never.search(ask.text)):
                continue
            spans = [m.span() for m in naming.vague.finditer(ask.text)]
            if spans:
                found.append(ColumnUse(view, column, naming, tuple(spans)))
    if len(found) != 1:
        return []
    use = found[0]
    said = [*use.spans, *(m.span() for m in _BESIDE.finditer(ask.text))]
    for pattern in (use.naming.high, use.naming.low) if use.naming is not None else ():
        said += [m.span() for m in pattern.finditer(ask.text)] if pattern is not None else []
    around = f"{use.column.norm}|{use.view.about}"
    for concept in ask.concepts:
        if concept.kind not in ("term", "latin") or concept.weight < _TELLING:
            continue
        if any(low < concept.end and concept.start < high for low, high in said):
            continue
        if covers(concept, around, weigh) < _CARRIED:
            return []
    return found


def naming_of(column: Column) -> Naming | None:
    """The entry of a column, if it has one."""
    return next((n for n in load_columns() if column.norm.startswith(n.name)), None)


def _mentions(ask: Ask, column: Column, naming: Naming | None) -> list[Span]:
    spans: list[Span] = []
    if naming is not None:
        spans += [m.span() for m in naming.words.finditer(ask.text) if m.group().strip()]
    name = bare(column.name)
    for concept in ask.concepts:
        if concept.kind in ("term", "latin") and any(
            worth >= 0.9 and option == name for option, worth in concept.bares
        ):
            spans.append((concept.start, concept.end))
    return sorted(dict.fromkeys(s for s in spans if not any(_within(s, o) for o in spans)))


def _within(one: Span, other: Span) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]


@cache
def load_columns(path: Path = DATA / "columns.toml") -> tuple[Naming, ...]:
    """The entries of answer/data/columns.toml.

    Raises:
        CorpusError: the file is missing, not TOML, or an entry is not as its head says.
    """
    data = read_toml(path)
    if set(data) != {"column"} or not isinstance(data["column"], list):
        raise bad_data(path, "it must hold [[column]] entries only")
    found = []
    for entry in data["column"]:
        name = entry.get("name")
        unknown = set(entry) - {"name", "zh", "en", "best", "base", "year", *_PATTERNS}
        if not isinstance(name, str) or not name or unknown:
            raise bad_data(path, f"an entry needs a name and may not hold {sorted(unknown)}")
        patterns = {key: _alternatives(path, name, entry.get(key, [])) for key in _PATTERNS}
        words = _alternatives(path, name, [*entry.get("zh", []), *entry.get("en", [])])
        if words is None:
            raise bad_data(path, f"{name!r} has no words")
        best, base, year = entry.get("best", ""), entry.get("base"), entry.get("year")
        if best not in ("", "low", "high") or not all(n is None or isinstance(n, int) for n in (base, year)):
            raise bad_data(path, f"{name!r}: best is low or high, base and year are whole numbers")
        found.append(Naming(norm(name), words, **patterns, best=best, base=base, year=year))
    return tuple(found)


def _alternatives(path: Path, name: str, parts: list[str]) -> re.Pattern[str] | None:
    if not parts:
        return None
    return lazy_pattern("|".join(f"(?:{part})" for part in parts), fault=pattern_fault(path, repr(name)))
