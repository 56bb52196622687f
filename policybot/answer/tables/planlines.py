"""Lines of planned answers: a row with its values, and what is computed from several rows.

Every computed number comes with the cited cells that it was computed from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from policybot.answer.matching.match import bare
from policybot.answer.matching.names import place_stem
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.asks import to_int
from policybot.answer.question.operations import exact, plain, summed
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.reading.base import change_from_base
from policybot.answer.tables.reading.columns import ColumnUse
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.parsed import Order
from policybot.answer.tables.reading.reader import TableReader
from policybot.answer.tables.reading.views import RowView
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Finding, Line

CITED = 16  # rows cited one by one behind a sum or a mean
_SHOWN = 8  # numbers of a sum shown one by one


@dataclass
class Made:
    """An answer in the making."""

    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


class PlanLines:
    """Words the parts of a plan's answer."""

    def __init__(self, book: TableBook, cells: CellMaker, reader: TableReader) -> None:
        self.book = book
        self.cells = cells
        self.labels = cells.labels
        self.reader = reader

    @staticmethod
    def same_row(use: ColumnUse, row: RowView) -> RowView | None:
        """The row of a column's table that is about the same thing as a row of another one."""
        if any(r is row for r in use.view.rows):
            return row
        return next((r for r in use.view.rows if set(r.names) & set(row.names)), None)

    def column(self, ask: Ask, made: Made, use: ColumnUse) -> None:
        """Which column of which table the values of the lines below are of."""
        caption = self.book.caption(use.view) or (self.book.row_evidence(use.view.rows[0].id),)
        table = self.cells.table_name(use.view, ask.language)
        column = self.labels.short(use.column.name, ask.language)
        made.lines.append(line("compare_of", caption, table=table, column=column))

    def row(
        self,
        ask: Ask,
        made: Made,
        row: RowView,
        parts: Sequence[tuple[ColumnUse, str]],
        show_class: bool,
        plain_value: bool = False,
    ) -> None:
        """One line on a row: the values of some columns, each with a word on its place."""
        zh = ask.language == "zh"
        values: list[str] = []
        evidence: list[Evidence] = []
        for use, word in parts:
            own = self.same_row(use, row)
            if own is None:
                values.append(
                    f"{self.labels.short(use.column.name, ask.language)} "
                    + fill("plan_unlisted", {}, ask.language)
                )
                continue
            text = self.cell(ask, use, own)
            label = "" if plain_value else self.labels.short(use.column.name, ask.language) + " "
            change = change_from_base(ask, use, own)
            if change is not None:
                word = ("，" if zh else ", ").join(w for w in (word, change[0]) if w)
                made.findings.append(computed(change[1]))
            note = (f"（{word}）" if zh else f" ({word})") if word else ""
            values.append(f"{label}{text}{note}")
            evidence += [*self.book.evidence(use.view, own), *self.book.caption(use.view)]
            made.steps.append(
                Step(
                    "look_up_cell",
                    {"table": use.view.table.id, "row": own.key, "column": use.column.name},
                    text,
                )
            )
            if own.cells[use.column.index].value is not None:
                made.findings.append(self.cells.finding(own, use.column))
        if show_class:
            listed = self.reader.listing([place_stem(bare(row.key))])
            if listed is not None:
                view, found = listed
                values.append(self.labels.name(found.key, ask.language))
                evidence.append(self.book.row_evidence(found.id))
                made.findings.append(
                    Finding("derived", found.key, text=found.key, evidence=self.book.row_evidence(found.id))
                )
                number = to_int(found.key[:1])
                if number is not None:  # the number in 三类城市
                    made.findings.append(Finding("derived", float(number), text=found.key))
                made.steps.append(Step("find_class", {"table": view.table.id, "item": row.key}, found.key))
        slots = {
            "name": self.cells.row_name(row, ask.language),
            "values": ("；" if zh else "; ").join(values),
        }
        made.lines.append(line("plan_row", dict.fromkeys(evidence), **slots))

    def cell(self, ask: Ask, use: ColumnUse, row: RowView) -> str:
        cell = row.cells[use.column.index]
        if cell.value is None:
            return fill("plan_missing", {"mark": cell.text}, ask.language)
        return self.cells.cell_text(use.view, row, use.column, ask.language)

    def word(self, ask: Ask, order: Order) -> str:
        kind = (
            ("latest" if order.high else "earliest")
            if order.use.yearly
            else ("highest" if order.high else "lowest")
        )
        if order.nth:
            return fill(f"word_nth_{kind}", {"n": str(order.nth)}, ask.language)
        return fill(f"word_{kind}", {}, ask.language) if order.n == 1 else ""

    def tied(self, ask: Ask, order: Order, rows: Sequence[RowView], evidence: Sequence[Evidence]) -> Line:
        """Many rows that share the first place, in one line; `evidence` is that of the groups they are of."""
        use = order.use
        items = [
            (
                f"{self.cells.row_name(row, ask.language)} {self.cell(ask, use, row)}",
                (self.book.row_evidence(row.id),),
            )
            for row in rows
        ]
        slots = {
            "column": self.labels.short(use.column.name, ask.language),
            "table": self.cells.table_name(use.view, ask.language),
            "order": self.word(ask, replace(order, n=1)),
        }
        return line("rows_top", (*self.book.caption(use.view), *evidence), items, **slots)

    def difference(self, ask: Ask, made: Made, use: ColumnUse, rows: Sequence[tuple[str, RowView]]) -> None:
        """The difference of two rows, and which of them is the one asked for."""
        (one, first), (two, second) = rows
        a, b = self.value(use, first), self.value(use, second)
        if a is None or b is None:
            return
        if a == b:
            made.lines.append(line("compare_same"))
            return
        gap = abs(a - b)
        naming = use.naming
        low = "which_less" in ask.asks or bool(naming and naming.low and naming.low.search(ask.text))
        if (
            naming
            and naming.high
            and naming.high.search(ask.text)
            and not (naming.low and naming.low.search(ask.text))
        ):
            low = False
        label = one if (a < b) == low else two
        kind = ("earlier" if low else "later") if use.yearly else ("lower" if low else "higher")
        unit = self.unit(ask, use, first)
        slots = {"value": f"{plain(gap)}{unit}", "label": self.labels.short(label, ask.language)}
        made.lines.append(line("compare_difference", word=fill(f"word_{kind}", {}, ask.language), **slots))
        made.findings.append(computed(gap, "difference", (a, b), f"{plain(gap)}{unit}"))
        made.steps.append(
            Step("compute", {"operation": "difference", "inputs": [plain(a), plain(b)]}, plain(gap))
        )

    def extremes(self, ask: Ask, made: Made, use: ColumnUse, rows: Sequence[tuple[str, RowView]]) -> None:
        """Which of several rows is highest and which lowest."""
        known = [(v, label) for label, r in rows if (v := self.value(use, r)) is not None]
        if len(known) < 3 or not (
            ask.wants("comparison", "rank") or "which_more" in ask.asks or "which_less" in ask.asks
        ):
            return
        high, low = max(known), min(known)
        slots = {
            "high": self.labels.short(high[1], ask.language),
            "low": self.labels.short(low[1], ask.language),
            "highest": fill("word_latest" if use.yearly else "word_highest", {}, ask.language),
            "lowest": fill("word_earliest" if use.yearly else "word_lowest", {}, ask.language),
        }
        made.lines.append(line("plan_extremes", **slots))

    def ratio(self, ask: Ask, made: Made, use: ColumnUse, rows: Sequence[tuple[str, RowView]]) -> None:
        (one, first), (two, second) = rows
        a, b = self.value(use, first), self.value(use, second)
        if a is None or b is None or b == 0 or a == 0:
            return
        ratio = f"{a / b:.2f}"
        slots = {"label": self.labels.short(one, ask.language), "other": self.labels.short(two, ask.language)}
        made.lines.append(line("plan_ratio", value=ratio, **slots))
        made.findings.append(computed(Decimal(ratio), "ratio", (a, b)))
        made.steps.append(Step("compute", {"operation": "ratio", "inputs": [plain(a), plain(b)]}, ratio))

    def total(self, ask: Ask, made: Made, use: ColumnUse, rows: Sequence[RowView]) -> None:
        known = [r for r in rows if r.cells[use.column.index].value is not None]
        values = self.values(use, known)
        if not values:
            return
        total = sum(values, Decimal(0))
        unit = self.unit(ask, use, known[0], points=False)
        shown = summed(values) if 1 < len(values) <= _SHOWN else ""
        slots = {"value": f"{plain(total)}{unit}", "calculation": shown, "count": str(len(values))}
        made.lines.append(line("plan_sum", self.rows_evidence(use, known), **slots))
        made.findings += [computed(total), computed(Decimal(len(values)))]
        inputs = values if len(values) <= CITED else []
        made.findings.append(computed(total, "sum", inputs, f"{plain(total)}{unit}"))
        made.findings += [self.cells.finding(r, use.column) for r in known if len(known) <= CITED]
        made.steps.append(
            Step("compute", {"operation": "sum", "inputs": [plain(v) for v in values]}, plain(total))
        )

    def share(self, ask: Ask, made: Made, use: ColumnUse, rows: Sequence[RowView]) -> None:
        """What rows together are of the sum of their column, in percent."""
        values, whole = self.values(use, rows), self.values(use, use.view.rows)
        total = sum(whole, Decimal(0))
        if not total or len(values) < len(rows):
            return
        own = sum(values, Decimal(0))
        if len(values) > 1:
            self.total(ask, made, use, rows)
        share = f"{100 * own / total:.1f}"
        evidence = self.rows_evidence(use, use.view.rows)
        made.lines.append(line("plan_share", evidence, value=share, total=plain(total)))
        made.findings += [computed(total, "sum", whole if len(whole) <= CITED else ())]
        made.findings.append(computed(Decimal(share), "share", (own, total), f"{share}%", "%"))
        made.steps.append(Step("compute", {"operation": "share", "total": plain(total)}, f"{share}%"))

    def mean(self, ask: Ask, made: Made, use: ColumnUse, rows: Sequence[RowView]) -> None:
        known = [r for r in rows if r.cells[use.column.index].value is not None]
        values = self.values(use, known)
        if not values:
            return
        mean = f"{sum(values, Decimal(0)) / len(values):.2f}"
        unit = self.unit(ask, use, known[0], points=False)
        slots = {
            "value": mean + unit,
            "count": str(len(values)),
            "table": self.cells.table_name(use.view, ask.language),
        }
        made.lines.append(line("rows_mean", self.rows_evidence(use, known), **slots))
        inputs = values if len(values) <= CITED else []
        made.findings += [
            computed(Decimal(mean), "mean", inputs, mean + unit),
            computed(Decimal(len(values))),
        ]
        made.findings += [self.cells.finding(r, use.column) for r in known if len(known) <= CITED]
        made.steps.append(Step("compute", {"operation": "mean", "inputs": [plain(v) for v in values]}, mean))

    @staticmethod
    def value(use: ColumnUse, row: RowView) -> Decimal | None:
        value = row.cells[use.column.index].value
        return exact(value) if value is not None else None

    def values(self, use: ColumnUse, rows: Sequence[RowView]) -> list[Decimal]:
        return [v for r in rows if (v := self.value(use, r)) is not None]

    def unit(self, ask: Ask, use: ColumnUse, row: RowView, *, points: bool = True) -> str:
        """The unit of a number computed from a column, as it is written behind it."""
        zh = ask.language == "zh"
        if use.yearly:
            return "年" if zh else " years"
        unit = row.cells[use.column.index].unit
        if unit == "%":
            return ("个百分点" if zh else " percentage points") if points else "%"
        column = use.view.of_kind("unit")
        unit = unit or (row.cells[column.index].text if column is not None else "")
        return unit if zh or not unit else f" {self.labels.short(unit, 'en')}"

    def rows_evidence(self, use: ColumnUse, rows: Sequence[RowView]) -> tuple[Evidence, ...]:
        caption = self.book.caption(use.view)
        if len(rows) > CITED:
            return caption or (self.book.row_evidence(rows[0].id),)
        return (*(self.book.row_evidence(r.id) for r in rows), *caption)


def computed(
    value: Decimal, operation: str = "", inputs: Sequence[Decimal] = (), text: str = "", unit: str = ""
) -> Finding:
    """A computed number as a result; `inputs` are those of its operation that are cited."""
    return Finding(
        "computed",
        float(value),
        unit,
        text=text or plain(value),
        operation=operation if inputs else "",
        inputs=tuple(float(i) for i in inputs),
    )
