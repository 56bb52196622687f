"""Published tables as pandas DataFrames, and queries over them that state ties and missing cells.

A frame has one row per record, its row's clause id as index and the printed column names; numbers,
percents and years are floats (NaN where missing), text is text. Every cell's anchor stays reachable
through `cell_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from policybot.corpus.model import Cell, Corpus, Table
from policybot.errors import PolicybotError
from policybot.patterns import lazy_pattern
from policybot.text import fold, squash

if TYPE_CHECKING:
    import pandas as pd

Aggregate = Literal["count", "min", "max", "mean", "sum"]
AGGREGATES: tuple[Aggregate, ...] = ("count", "min", "max", "mean", "sum")
_CONDITION = lazy_pattern(r"(?P<column>.+?)\s*(?P<sign>>=|<=|!=|≥|≤|≠|=|>|<|~)\s*(?P<value>.*)")
_SIGNS = {"≥": ">=", "≤": "<=", "≠": "!="}


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter: `~` asks that the cell contains the text; the others compare numbers or texts."""

    column: str
    sign: str
    value: str


@dataclass(frozen=True, slots=True)
class Selected:
    """A row of a result: clause id, cells of the chosen columns, rank (ties share it: 1, 2, 2, 4)."""

    row: str
    cells: tuple[Cell, ...]
    rank: int | None


@dataclass(frozen=True, slots=True)
class Aggregated:
    """An aggregate of a column: computed from the cells of `rows`, never printed in the table itself."""

    name: Aggregate
    column: str
    value: float
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableResult:
    """What a query found.

    `missing` names the rows left out of sorting and aggregates because their cell has no value;
    `tied` the rows cut off by `top` although they tie with the last one shown.
    """

    table: Table
    columns: tuple[str, ...]
    rows: tuple[Selected, ...]
    aggregates: tuple[Aggregated, ...]
    missing: tuple[str, ...]
    tied: tuple[str, ...]
    total: int


def frame(table: Table) -> pd.DataFrame:
    """The table as a DataFrame, shape (records, columns), index = clause ids of the rows."""
    import pandas as pd

    data: dict[str, list[float | str]] = {}
    for index, column in enumerate(table.header):
        cells = [row.cells[index] for row in table.rows]
        if _numeric(cells):
            data[column] = [float("nan") if c.value is None else c.value for c in cells]
        else:
            data[column] = [c.text for c in cells]
    return pd.DataFrame(data, index=[row.id for row in table.rows])


def _numeric(cells: Sequence[Cell]) -> bool:
    kinds = {c.kind for c in cells}
    return bool(kinds & {"number", "percent", "year"}) and "text" not in kinds


def cell_of(table: Table, row: str, column: str) -> Cell:
    """The cell of a row (clause id) in a column."""
    position = table.header.index(column)
    return next(r for r in table.rows if r.id == row).cells[position]


def find_table(corpus: Corpus, name: str) -> Table:
    """A table by id, label ("图表21", "表1", "Chart 21") or caption, in any document.

    Raises:
        PolicybotError: unknown or ambiguous; lists the labels.
    """
    wanted = fold(squash(name)).replace("chart", "图表").replace("table", "表").replace("annexb", "附件b表")
    exact = [t for t in corpus.tables.values() if wanted in (fold(squash(t.id)), fold(squash(t.label)))]
    if len(exact) == 1:
        return exact[0]
    loose = exact or [
        t
        for t in corpus.tables.values()
        if wanted and (fold(squash(t.label)).startswith(wanted) or wanted in fold(squash(t.caption)))
    ]
    if len(loose) == 1:
        return loose[0]
    labels = [t.label for t in (loose or corpus.tables.values())]
    known, known_zh = ", ".join(labels), "、".join(labels)
    if loose:
        raise PolicybotError(
            f"{name!r} fits several tables.",
            f"Name one of: {known}.",
            what_zh=f"“{name}”对应多张表。",
            hint_zh=f"请指明其中之一：{known_zh}。",
        )
    raise PolicybotError(
        f"There is no table {name!r}.",
        f"Tables are: {known}.",
        what_zh=f"没有名为“{name}”的表。",
        hint_zh=f"现有：{known_zh}。",
    )


def parse_condition(text: str, table: Table) -> Condition:
    """ "名额=3", "PM2.5年均浓度>50", "城市~州" as a condition.

    Raises:
        PolicybotError: no comparison sign, or an unknown column.
    """
    match = _CONDITION.fullmatch(text.strip())
    if not match:
        raise PolicybotError(
            f"{text!r} is not a condition.",
            "Write COLUMN then one of = != > >= < <= ~ and a value.",
            what_zh=f"“{text}”不是有效条件。",
            hint_zh="格式：列名，比较符（= != > >= < <= ~），值。",
        )
    sign = match["sign"]
    return Condition(column_of(table, match["column"]), _SIGNS.get(sign, sign), match["value"].strip())


def column_of(table: Table, name: str) -> str:
    """The printed column a name means: equal, or the only one that contains it.

    Raises:
        PolicybotError: none or several; lists the columns.
    """
    wanted = fold(squash(name))
    exact = [c for c in table.header if fold(squash(c)) == wanted]
    near = exact or [c for c in table.header if wanted and wanted in fold(squash(c))]
    if len(near) == 1:
        return near[0]
    raise PolicybotError(
        f"{table.label} has no single column {name!r}.",
        f"Its columns are: {', '.join(table.header)}.",
        what_zh=f"{table.label}没有唯一对应“{name}”的列。",
        hint_zh=f"其列为：{'、'.join(table.header)}。",
    )


def query(
    table: Table,
    *,
    where: Sequence[Condition] = (),
    columns: Sequence[str] = (),
    sort: str = "",
    descending: bool = False,
    top: int | None = None,
    aggregates: Sequence[tuple[Aggregate, str]] = (),
) -> TableResult:
    """Filters, sorts, cuts and aggregates a table.

    Args:
        where: conditions, all of which must hold; a missing cell meets none.
        columns: the columns to show (all by default).
        sort, descending: column to sort by; rows without a value are named in `missing`.
        top: how many rows to show after sorting; ties with the last one are named in `tied`.
        aggregates: (name, column); "count" counts the rows with a value.

    Raises:
        PolicybotError: a number is asked of a text column.
    """
    data = frame(table)
    for condition in where:
        data = data[_meets(table, data, condition)]
    total = len(data)
    missing: list[str] = []
    ranks: dict[str, int] = {}
    tied: tuple[str, ...] = ()
    if sort:
        column = data[sort]
        missing = [str(i) for i in data.index[column.isna()]] if _is_number(data, sort) else []
        data = data[column.notna()].sort_values(sort, ascending=not descending, kind="stable")
        places = data[sort].rank(method="min", ascending=not descending)
        ranks = {str(i): int(r) for i, r in places.items()}
    if top is not None and len(data) > top:
        if sort and top > 0:
            edge = data[sort].iloc[top - 1]
            tied = tuple(str(i) for i in data.index[top:] if data.loc[i, sort] == edge)
        data = data.head(top)
    found = [_aggregate(table, data, name, column) for name, column in aggregates]
    for item in found:
        missing += [str(i) for i in data.index if str(i) not in item.rows and str(i) not in missing]
    chosen = tuple(columns) or table.header
    rows = tuple(
        Selected(str(i), tuple(cell_of(table, str(i), c) for c in chosen), ranks.get(str(i)))
        for i in data.index
    )
    return TableResult(table, chosen, rows, tuple(found), tuple(missing), tied, total)


def _is_number(data: pd.DataFrame, column: str) -> bool:
    return bool(data[column].dtype.kind == "f")


def _meets(table: Table, data: pd.DataFrame, condition: Condition) -> pd.Series[bool]:
    column = data[condition.column]
    if condition.sign == "~":
        return column.astype(str).map(lambda v: fold(squash(condition.value)) in fold(squash(v)))
    if _is_number(data, condition.column):
        number = _number(table, condition)
        compared = {
            "=": column == number,
            "!=": (column != number) & column.notna(),
            ">": column > number,
            ">=": column >= number,
            "<": column < number,
            "<=": column <= number,
        }
        return compared[condition.sign]
    texts = column.map(lambda v: fold(squash(str(v))))
    value = fold(squash(condition.value))
    if condition.sign == "=":
        return texts == value
    if condition.sign == "!=":
        return texts != value
    raise _not_numeric(table, condition.column)


def _number(table: Table, condition: Condition) -> float:
    try:
        return float(fold(condition.value).replace(",", "").rstrip("%"))
    except ValueError as error:
        raise PolicybotError(
            f"{condition.value!r} is not a number, and {condition.column} of {table.label} holds numbers.",
            "Compare it with a number.",
            what_zh=f"“{condition.value}”不是数字，而{table.label}的“{condition.column}”列为数字。",
            hint_zh="请与数字比较。",
        ) from error


def _aggregate(table: Table, data: pd.DataFrame, name: Aggregate, column: str) -> Aggregated:
    if name != "count" and not _is_number(data, column):
        raise _not_numeric(table, column)
    known = data[column].dropna() if _is_number(data, column) else data[column][data[column] != ""]
    rows = tuple(str(i) for i in known.index)
    value = float(len(known)) if name == "count" else float(known.agg(name)) if len(known) else float("nan")
    return Aggregated(name, column, value, rows)


def _not_numeric(table: Table, column: str) -> PolicybotError:
    return PolicybotError(
        f"{column} of {table.label} holds text.",
        "Choose a column of numbers.",
        what_zh=f"{table.label}的“{column}”列为文本。",
        hint_zh="请选择数字列。",
    )
