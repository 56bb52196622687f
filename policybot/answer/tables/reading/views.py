"""Tables as questions see them: what names the rows, what each column holds, what they are about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from policybot.answer.matching.match import norm, pairs
from policybot.answer.matching.names import place_stem, plain_name
from policybot.corpus.model import Cell, Corpus, Table
from policybot.patterns import lazy_pattern

ColumnKind = Literal["key", "category", "number", "unit", "text", "names", "ordinal", "blank"]

_ORDINAL = lazy_pattern(r"^(序号|编号|no\.?|#)$")
_CODE = lazy_pattern(r"[a-z]\d{1,2}")  # a row's code in a column of codes (A1)
_UNIT = lazy_pattern(r"单位$")
_LIST = lazy_pattern(r"、")
_LONG = 30  # characters: a longer cell says something rather than naming its row
# a part of a framework that prints its own total: "C 低碳发展任务落实与成效35分"
SECTION = lazy_pattern(
    r"^\s*(?P<letter>[A-Z])\s*(?P<name>\D+?)\s*(?P<value>\d+(?:\.\d+)?)\s*(?P<unit>分|%)\s*$"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name as printed and normalised, with the words for the kind of its rows, and what its
    cells are."""

    index: int
    name: str
    plain: str
    norm: str
    kind: ColumnKind


@dataclass(frozen=True, slots=True)
class RowView:
    """A row: `key` as printed, `names` the normalised forms it may be called by, all cells filled down."""

    id: str
    key: str
    names: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class View:
    """A table with its columns sorted out. `about` is the normalised text that says what it shows.

    `keys` are all names of rows, `spelled` the same as one text.
    """

    table: Table
    columns: tuple[Column, ...]
    key: int
    rows: tuple[RowView, ...]
    about: str
    keys: frozenset[str]
    spelled: str

    @cached_property
    def naming(self) -> re.Pattern[str]:
        """Finds a whole name of a row in a text."""
        names = sorted((n for n in self.keys if len(n) > 1), key=len, reverse=True)
        return re.compile("|".join(re.escape(n) for n in names) or r"(?!)")

    @cached_property
    def asked(self) -> tuple[Column, ...]:
        """The columns that a question may mean: the values, or the key where there is nothing else."""
        return tuple(self.values) or (self.columns[self.key],)

    @cached_property
    def signs(self) -> frozenset[str]:
        """Characters and pairs of them in what the table is about and in its columns' names."""
        texts = [self.about, *(text for c in self.columns for text in (c.norm, c.plain))]
        return frozenset(sign for text in texts for sign in (*text, *pairs(text)))

    @property
    def values(self) -> list[Column]:
        """The columns that hold something about a row, in order."""
        return [c for c in self.columns if c.kind not in ("key", "ordinal")]

    def of_kind(self, kind: ColumnKind) -> Column | None:
        """The first column of a kind."""
        return next((c for c in self.columns if c.kind == kind), None)


def make_views(corpus: Corpus, kind_of: Callable[[str], str] | None = None) -> tuple[View, ...]:
    """Views of all tables that have a header and rows.

    Args:
        corpus: where the tables are.
        kind_of: kind of place that a name is ("city", "province", "party" …), "" for none; a table
            whose rows are places is then also found by the words for that kind.
    """
    return tuple(_view(corpus, t, kind_of) for t in corpus.tables.values() if t.header and t.rows)


def _view(corpus: Corpus, table: Table, kind_of: Callable[[str], str] | None) -> View:
    width = len(table.header)
    grid = [list(_padded(row.cells, width)) for row in table.rows]
    kinds = [_kind(table.header[i], [row[i] for row in grid]) for i in range(width)]
    key = _key_column(kinds, grid)
    kinds[key] = "key"
    for i in range(key):
        if kinds[i] == "text":
            kinds[i] = "category"
    for i, kind in enumerate(kinds):
        if kind == "category":
            _fill_down(grid, i)
    words = _kind_words([row[key].text for row in grid], kind_of) if kind_of else ""
    columns = tuple(
        Column(i, name, plain, plain + (words if i == key else ""), kinds[i])
        for i, (name, plain) in enumerate((name, norm(name)) for name in table.header)
    )
    rows = []
    for row, cells in zip(table.rows, grid, strict=True):
        name = cells[key].text or next((c.text for c in cells if c.text), "")
        codes = [norm(cells[i].text) for i, k in enumerate(kinds) if k == "ordinal"]
        names = (*_names(name), *(c for c in codes if _CODE.fullmatch(c)))
        rows.append(RowView(row.id, name, names, tuple(cells)))
    clause = corpus.clauses[table.id]
    parents = [corpus.clauses[i].heading for i in clause.path]
    title = table.caption_text.text if table.caption_text else ""
    about = norm(" ".join([table.label, table.caption, title, clause.text.text, *parents]))
    keys = frozenset(n for r in rows for n in r.names)
    return View(table, columns, key, tuple(rows), about, keys, "|".join(sorted(keys)))


_KIND_WORDS = {
    "city": "|城市|市|city|cities",
    "province": "|省|省份|省区|地区|province",
    "party": "|缔约方|国家|国|party|country",
    "country": "|国家|国|country",
}


def _kind_words(names: list[str], kind_of: Callable[[str], str]) -> str:
    kinds = [kind_of(name.strip("* ")) for name in names]
    for kind, words in _KIND_WORDS.items():
        if sum(k == kind for k in kinds) >= 0.6 * len(names):
            return words
    return ""


def _padded(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    return cells[:width] + (Cell("", "blank"),) * (width - len(cells))


def _kind(header: str, cells: list[Cell]) -> ColumnKind:
    name = norm(header)
    if _ORDINAL.match(name):
        return "ordinal"
    filled = [c for c in cells if c.kind != "blank"]
    if not filled:
        return "blank"
    if _UNIT.search(name):
        return "unit"
    numeric = sum(c.kind in ("number", "percent", "year", "missing") for c in filled)
    plain = sum(bool(c.value is not None and len(c.unit) <= 2) or c.kind == "missing" for c in filled)
    if numeric >= 0.8 * len(filled) and plain >= 0.8 * len(filled):
        return "number"
    listed = sum(len(_LIST.findall(c.text)) >= 2 for c in filled)
    if listed >= 0.6 * len(filled) and all(len(p) <= 8 for c in filled for p in c.text.split("、")):
        return "names"
    return "text"


def _key_column(kinds: list[ColumnKind], grid: list[list[Cell]]) -> int:
    """The leftmost text column whose cells are short and all different; else the leftmost text column."""
    texts = [i for i, kind in enumerate(kinds) if kind == "text"]
    for i in texts:
        cells = [row[i] for row in grid if row[i].text]
        distinct = len({c.text for c in cells}) == len(cells) and not any(c.merged for c in cells)
        short = all(len(c.text) <= _LONG for c in cells)
        if distinct and short and len(cells) >= max(2, 0.8 * len(grid)):
            return i
    return texts[0] if texts else 0


def _fill_down(grid: list[list[Cell]], column: int) -> None:
    above: Cell | None = None
    for row in grid:
        cell = row[column]
        if cell.kind == "blank" and above is not None:
            row[column] = Cell(above.text, above.kind, above.value, above.unit, above.anchor, merged=True)
        elif cell.kind != "blank":
            above = cell


def _names(text: str) -> tuple[str, ...]:
    name = plain_name(text)
    shorter = re.sub(r"[（(].*?[)）]", "", norm(text))
    forms = [name, plain_name(shorter), place_stem(name)]
    section = SECTION.match(text)
    if section:
        forms.append(plain_name(section["name"]))
    return tuple(dict.fromkeys(f for f in forms if f))
