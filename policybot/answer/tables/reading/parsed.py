"""What was read of a question over tables: columns, rows, conditions, order, operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from policybot.answer.question.operations import Operations
from policybot.answer.tables.reading.columns import ColumnUse
from policybot.answer.tables.reading.views import RowView, View
from policybot.answer.wording.cite import Evidence


@dataclass(frozen=True)
class Bound:
    """A condition on a column: kind (below, above, at_least, at_most, equal) and number."""

    use: ColumnUse
    kind: str
    value: float
    given: bool = True  # whether the question prints the number


@dataclass(frozen=True)
class Order:
    """A superlative on a column: the highest values when `high`, the first `n` of them, or only the `nth`."""

    use: ColumnUse
    high: bool
    n: int = 1
    nth: int = 0


@dataclass(frozen=True)
class Named:
    """A row that the question names, in each table that lists it."""

    label: str
    rows: dict[str, RowView]


@dataclass(frozen=True)
class Group:
    """Rows listed together elsewhere: the members of 一类城市; without a label those just found."""

    label: str
    names: frozenset[str]
    evidence: tuple[Evidence, ...]


@dataclass
class TableQuestion:
    """What was read; `cover` is the share of the question that is accounted for."""

    uses: list[ColumnUse]
    named: list[Named] = field(default_factory=list)
    excluded: list[Named] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    told: tuple[Evidence, ...] = ()  # the row that a condition is taken from
    operations: Operations = field(default_factory=lambda: Operations(()))
    show_class: bool = False
    averaged: bool = False  # a mean is named, if only as part of a column's name
    cover: float = 0.0
    used: list[tuple[int, int]] = field(default_factory=list)

    @property
    def shown(self) -> list[ColumnUse]:
        """The columns that neither order nor narrow the rows."""
        used = {o.use.key for o in self.orders} | {b.use.key for b in self.bounds}
        return [use for use in self.uses if use.key not in used]


def rows_of(question: TableQuestion, view: View) -> Iterator[RowView]:
    """The rows of a table that named rows and groups leave."""
    for row in view.rows:
        names = set(row.names)
        if question.groups and not any(names & group.names for group in question.groups):
            continue
        if question.named and not any(n.rows.get(view.table.id) is row for n in question.named):
            continue
        if any(n.rows.get(view.table.id) is row for n in question.excluded):
            continue
        yield row
