"""Plans over tables: choose rows, look up columns of them in any table, compute from what was found.

A plan is made from what `tableread` found in the question. Every value shown is a cited cell, every
computed number comes with the cells it was computed from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from policybot.answer.ask import Ask
from policybot.answer.cite import Evidence
from policybot.answer.columns import ColumnUse
from policybot.answer.compose import fill, line
from policybot.answer.draft import Draft, Finding, Line
from policybot.answer.match import bare
from policybot.answer.model import Step
from policybot.answer.operations import exact, plain, summed
from policybot.answer.tablematch import TableBook
from policybot.answer.tableread import Bound, Named, Order, TableQuestion, TableReader, rows_of
from policybot.answer.tables import CellMaker
from policybot.answer.views import RowView, place_stem

LEAST = 0.55  # share of the question that a plan must account for
_GAIN = 0.45  # gained over makers that weigh one table at a time
_LINES = 4  # rows that get a line each; more are listed in one
_CITED = 16  # rows cited one by one behind a sum or a mean
_SHOWN = 8  # numbers of a sum shown one by one
_WHICH_PLACES = re.compile(
    r"哪[一二两三四五几些]*(?:个|座)?(?:城市|园区|地区|市)|\bwhich (?:\w+ )?(?:cities|city|parks?|towns?)\b"
)
_SIGNS = {"below": "<", "above": ">", "at_least": "≥", "at_most": "≤", "equal": "="}


@dataclass
class _Made:
    """An answer in the making."""

    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


class PlanMaker:
    """Makes drafts from plans over tables."""

    def __init__(self, book: TableBook, cells: CellMaker) -> None:
        self.book = book
        self.cells = cells
        self.labels = cells.labels
        self.reader = TableReader(book)

    def drafts(self, ask: Ask) -> list[Draft]:
        """At most one draft: the plan that the question describes."""
        if "rank_of" in ask.asks or "missing" in ask.asks or ask.type == "definition":
            return []
        question = self.reader.read(ask)
        if question is None or question.cover < LEAST:
            return []
        made = self._made(ask, question)
        if made is None or not made.lines:
            return []
        features = {"cover": question.cover, "row": 1.0, "table": 1.0}
        score = question.cover + _GAIN
        return [
            Draft(
                "plan",
                tuple(made.lines),
                score,
                findings=tuple(made.findings),
                steps=tuple(made.steps),
                features=features,
            )
        ]

    def _made(self, ask: Ask, question: TableQuestion) -> _Made | None:
        if question.orders:
            return self._ordered(ask, question)
        if len(question.named) > 1 and not question.bounds:
            return self._compared(ask, question)
        if len(question.named) == 1 and not question.bounds:
            return self._looked_up(ask, question, question.named[0])
        if question.named:
            return None
        if question.bounds or question.groups:
            return self._filtered(ask, question)
        if "total" in question.operations or "mean" in question.operations:
            return self._filtered(ask, question) if len(question.uses) == 1 else None
        return None

    def _ordered(self, ask: Ask, question: TableQuestion) -> _Made | None:
        """The rows at the top or bottom of a column, and what other columns say of them."""
        made = _Made()
        base = question.orders[0].use
        rows = self._kept(question, base)
        chosen: list[tuple[Order, list[RowView]]] = []
        for order in question.orders:
            if order.use.key != base.key:
                return None
            picked = _extreme(rows, order)
            if not picked:
                return None
            chosen.append((order, picked))
            step = {
                "table": base.view.table.id,
                "column": base.column.name,
                "order": "highest" if order.high else "lowest",
                "n": order.n,
                "where": self._where(ask, question),
            }
            made.steps.append(Step("select_rows", step, "、".join(r.key.strip("* ") for r in picked)))
        conditions = self._where(ask, question)
        if question.bounds:
            made.lines.append(
                line(
                    "plan_among",
                    self._group_evidence(question),
                    condition=self._joined(ask, conditions),
                    count=str(len(rows)),
                )
            )
            made.findings += self._given(question)
            made.findings.append(Finding("computed", float(len(rows)), text=str(len(rows))))
        for order, picked in chosen:
            word = self._word(ask, order)
            for row in picked:
                parts = [(base, word), *((u, "") for u in question.shown)]
                self._row_line(
                    ask,
                    made,
                    row,
                    parts,
                    question.show_class or (not question.bounds and bool(question.groups)),
                )
            if order.n > 1:
                made.findings.append(Finding("user input", float(order.n), text=str(order.n)))
        if len(chosen) == 2 and "difference" in question.operations:
            self._difference(ask, made, base, [(r[0].key.strip("* "), r[0]) for _, r in chosen])
        return made if len(made.lines) <= 8 else None

    def _compared(self, ask: Ask, question: TableQuestion) -> _Made | None:
        """Named rows side by side, and what is computed from them."""
        if ask.wants("yes_no") and "confirm" in ask.asks:
            return None
        made = _Made()
        complete = [n for n in question.named if all(u.view.table.id in n.rows for u in question.uses)]
        if len(complete) < len(question.named) or len(complete) > 8:
            return None
        single = len(question.uses) == 1
        for named in complete:
            parts = [(use, "") for use in question.uses]
            self._row_line(ask, made, _first_row(named), parts, question.show_class, plain_value=single)
        for use in question.uses:
            rows = [(n.label, n.rows[use.view.table.id]) for n in complete]
            if "total" in question.operations:
                self._sum(ask, made, use, [r for _, r in rows])
            elif "mean" in question.operations and "difference" not in question.operations and len(rows) > 2:
                self._mean(ask, made, use, [r for _, r in rows])
            elif "ratio" in question.operations and len(rows) == 2:
                self._ratio(ask, made, use, rows)
            elif len(rows) == 2:
                self._difference(ask, made, use, rows)
            else:
                self._extremes(ask, made, use, rows)
        return made

    def _looked_up(self, ask: Ask, question: TableQuestion, named: Named) -> _Made | None:
        """What the columns asked for say of one row."""
        if _WHICH_PLACES.search(ask.text) and not question.show_class:
            return None  # asks for places that the row stands for and does not name
        uses = [u for u in question.uses if u.view.table.id in named.rows]
        if len(uses) < len(question.uses) or (ask.wants("yes_no") and len(uses) == 1):
            return None
        made = _Made()
        if "share" in question.operations and len(uses) == 1:
            use, row = uses[0], named.rows[uses[0].view.table.id]
            value, whole = self._value(use, row), self._values(use, use.view.rows)
            if value is not None and whole and sum(whole):
                self._row_line(ask, made, row, [(use, "")], False)
                total = sum(whole, Decimal(0))
                share = f"{100 * value / total:.1f}"
                evidence = self._rows_evidence(use, use.view.rows)
                made.lines.append(line("plan_share", evidence, value=share, total=plain(total)))
                made.findings += [_computed(total), Finding("computed", float(share), "%", text=f"{share}%")]
                made.steps.append(Step("compute", {"operation": "share", "total": plain(total)}, f"{share}%"))
                return made
        row = _first_row(named)
        missing = [u for u in uses if named.rows[u.view.table.id].cells[u.column.index].value is None]
        if missing and len(uses) == len(missing):
            return None  # the look-up of single cells words a printed gap
        self._row_line(ask, made, row, [(use, "") for use in uses], question.show_class)
        return made

    def _filtered(self, ask: Ask, question: TableQuestion) -> _Made | None:
        """The rows that meet the conditions: listed, counted, summed up or averaged."""
        operations = question.operations
        shown = question.shown
        base = question.bounds[0].use if question.bounds else question.uses[0]
        rows = self._kept(question, base)
        made = _Made()
        conditions = self._where(ask, question)
        step = {"table": base.view.table.id, "column": base.column.name, "where": conditions}
        made.steps.append(Step("select_rows", step, f"{len(rows)} rows"))
        made.findings += self._given(question)
        if not rows:
            slots = {
                "table": self.cells.table_name(base.view, ask.language),
                "condition": self._joined(ask, conditions),
            }
            evidence = (*self.book.caption(base.view), *self._group_evidence(question))
            made.lines.append(
                line("rows_none", evidence or (self.book.row_evidence(base.view.rows[0].id),), **slots)
            )
            return made
        computing = [name for name in ("total", "mean", "share") if name in operations]
        counting = "count" in operations or ask.type == "count"
        if not conditions and not computing:
            return None
        if conditions and (counting or not computing or "list" in operations):
            made.lines.append(self._list_line(ask, question, base, rows, conditions, counting))
            made.findings.append(Finding("computed", float(len(rows)), text=str(len(rows))))
            made.findings += [self.cells.finding(r, base.column) for r in rows]
        target = shown[0] if shown else base
        known = [r for r in (self._same_row(target, row) for row in rows) if r is not None]
        if "share" in operations and conditions:
            whole = [r for r in base.view.rows if r.cells[base.column.index].value is not None]
            share = f"{100 * Decimal(len(rows)) / len(whole):.1f}"
            made.lines.append(line("plan_share_rows", (), value=share, total=str(len(whole))))
            made.findings += [
                _computed(Decimal(len(whole))),
                Finding("computed", float(share), "%", text=f"{share}%"),
            ]
        elif "mean" in operations:
            self._mean(ask, made, target, known)
        elif "total" in operations and (not counting or shown or self._sums(ask, question, base)):
            self._sum(ask, made, target, known)
        return made if made.lines else None

    @staticmethod
    def _sums(ask: Ask, question: TableQuestion, base: ColumnUse) -> bool:
        """True when "in all" is about the column and not about how many rows there are."""
        spot = question.operations.at("total")
        return spot is not None and not base.yearly and (base.distance(spot) <= 12 or len(base.spans) > 1)

    def _list_line(
        self,
        ask: Ask,
        question: TableQuestion,
        base: ColumnUse,
        rows: Sequence[RowView],
        conditions: Sequence[str],
        counting: bool,
    ) -> Line:
        equal = all(b.kind == "equal" for b in question.bounds) and bool(question.bounds)
        uses = ([] if equal else [base]) + [u for u in question.shown if u.key != base.key]
        ranked = rows if equal else sorted(rows, key=lambda r: -(r.cells[base.column.index].value or 0.0))
        items = []
        for row in ranked:
            text, evidence = self.cells.row_name(row, ask.language), [self.book.row_evidence(row.id)]
            values = []
            for use in uses:
                own = self._same_row(use, row)
                if own is not None:
                    values.append(self._cell(ask, use, own))
                    evidence.append(self.book.row_evidence(own.id))
            text += f" {', '.join(values)}" if values else ""
            items.append((text, tuple(dict.fromkeys(evidence))))
        caption = (*self.book.caption(base.view), *self._group_evidence(question))
        slots = {"count": str(len(rows)), "condition": self._joined(ask, conditions)}
        return line("rows_count" if counting else "rows_filter", caption, items, **slots)

    def _kept(self, question: TableQuestion, base: ColumnUse) -> list[RowView]:
        """The rows of the base table that named rows, groups and conditions leave."""
        kept = []
        for row in rows_of(question, base.view):
            if all(self._meets(bound, row) for bound in question.bounds):
                kept.append(row)
        return kept

    def _meets(self, bound: Bound, row: RowView) -> bool:
        own = self._same_row(bound.use, row)
        value = own.cells[bound.use.column.index].value if own is not None else None
        if value is None:
            return False
        return {
            "below": value < bound.value,
            "above": value > bound.value,
            "at_least": value >= bound.value,
            "at_most": value <= bound.value,
            "equal": value == bound.value,
        }[bound.kind]

    @staticmethod
    def _same_row(use: ColumnUse, row: RowView) -> RowView | None:
        """The row of a column's table that is about the same thing as a row of another one."""
        if any(r is row for r in use.view.rows):
            return row
        return next((r for r in use.view.rows if set(r.names) & set(row.names)), None)

    def _row_line(
        self,
        ask: Ask,
        made: _Made,
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
            own = self._same_row(use, row)
            if own is None:
                values.append(
                    f"{self.labels.short(use.column.name, ask.language)} "
                    + fill("plan_unlisted", {}, ask.language)
                )
                continue
            text = self._cell(ask, use, own)
            label = "" if plain_value else self.labels.short(use.column.name, ask.language) + " "
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
                made.steps.append(Step("find_class", {"table": view.table.id, "item": row.key}, found.key))
        slots = {
            "name": self.cells.row_name(row, ask.language),
            "values": ("；" if zh else "; ").join(values),
        }
        made.lines.append(line("plan_row", dict.fromkeys(evidence), **slots))

    def _cell(self, ask: Ask, use: ColumnUse, row: RowView) -> str:
        cell = row.cells[use.column.index]
        if cell.value is None:
            return fill("plan_missing", {"mark": cell.text}, ask.language)
        return self.cells.cell_text(use.view, row, use.column, ask.language)

    def _word(self, ask: Ask, order: Order) -> str:
        kind = (
            ("latest" if order.high else "earliest")
            if order.use.yearly
            else ("highest" if order.high else "lowest")
        )
        return fill(f"word_{kind}", {}, ask.language) if order.n == 1 else ""

    def _difference(self, ask: Ask, made: _Made, use: ColumnUse, rows: Sequence[tuple[str, RowView]]) -> None:
        """The difference of two rows, and which of them is the one asked for."""
        (one, first), (two, second) = rows
        a, b = self._value(use, first), self._value(use, second)
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
        unit = self._unit(ask, use, first)
        slots = {"value": f"{plain(gap)}{unit}", "label": self.labels.short(label, ask.language)}
        made.lines.append(line("compare_difference", word=fill(f"word_{kind}", {}, ask.language), **slots))
        made.findings.append(Finding("computed", float(gap), text=f"{plain(gap)}{unit}"))
        made.steps.append(
            Step("compute", {"operation": "difference", "inputs": [plain(a), plain(b)]}, plain(gap))
        )

    def _extremes(self, ask: Ask, made: _Made, use: ColumnUse, rows: Sequence[tuple[str, RowView]]) -> None:
        """Which of several rows is highest and which lowest."""
        known = [(v, label) for label, r in rows if (v := self._value(use, r)) is not None]
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

    def _ratio(self, ask: Ask, made: _Made, use: ColumnUse, rows: Sequence[tuple[str, RowView]]) -> None:
        (one, first), (two, second) = rows
        a, b = self._value(use, first), self._value(use, second)
        if a is None or b is None or b == 0 or a == 0:
            return
        ratio = f"{a / b:.2f}"
        slots = {"label": self.labels.short(one, ask.language), "other": self.labels.short(two, ask.language)}
        made.lines.append(line("plan_ratio", value=ratio, **slots))
        made.findings.append(Finding("computed", float(ratio), text=ratio))
        made.steps.append(Step("compute", {"operation": "ratio", "inputs": [plain(a), plain(b)]}, ratio))

    def _sum(self, ask: Ask, made: _Made, use: ColumnUse, rows: Sequence[RowView]) -> None:
        known = [r for r in rows if r.cells[use.column.index].value is not None]
        values = self._values(use, known)
        if not values:
            return
        total = sum(values, Decimal(0))
        unit = self._unit(ask, use, known[0], points=False)
        shown = summed(values) if 1 < len(values) <= _SHOWN else ""
        slots = {"value": f"{plain(total)}{unit}", "calculation": shown, "count": str(len(values))}
        made.lines.append(line("plan_sum", self._rows_evidence(use, known), **slots))
        made.findings += [_computed(total), _computed(Decimal(len(values)))]
        made.findings.append(Finding("computed", float(total), unit.strip(), text=f"{plain(total)}{unit}"))
        made.findings += [self.cells.finding(r, use.column) for r in known if len(known) <= _CITED]
        made.steps.append(
            Step("compute", {"operation": "sum", "inputs": [plain(v) for v in values]}, plain(total))
        )

    def _mean(self, ask: Ask, made: _Made, use: ColumnUse, rows: Sequence[RowView]) -> None:
        known = [r for r in rows if r.cells[use.column.index].value is not None]
        values = self._values(use, known)
        if not values:
            return
        mean = f"{sum(values, Decimal(0)) / len(values):.2f}"
        unit = self._unit(ask, use, known[0], points=False)
        slots = {
            "value": mean + unit,
            "count": str(len(values)),
            "table": self.cells.table_name(use.view, ask.language),
        }
        made.lines.append(line("rows_mean", self._rows_evidence(use, known), **slots))
        made.findings += [Finding("computed", float(mean), text=mean + unit), _computed(Decimal(len(values)))]
        made.findings += [self.cells.finding(r, use.column) for r in known if len(known) <= _CITED]
        made.steps.append(Step("compute", {"operation": "mean", "inputs": [plain(v) for v in values]}, mean))

    @staticmethod
    def _value(use: ColumnUse, row: RowView) -> Decimal | None:
        value = row.cells[use.column.index].value
        return exact(value) if value is not None else None

    def _values(self, use: ColumnUse, rows: Sequence[RowView]) -> list[Decimal]:
        return [v for r in rows if (v := self._value(use, r)) is not None]

    def _unit(self, ask: Ask, use: ColumnUse, row: RowView, *, points: bool = True) -> str:
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

    def _where(self, ask: Ask, question: TableQuestion) -> list[str]:
        """The conditions in words: 名额 = 3, 一类城市."""
        found = [self.labels.short(g.label, ask.language) for g in question.groups]
        for bound in question.bounds:
            unit = (
                "%" if any(r.cells[bound.use.column.index].unit == "%" for r in bound.use.view.rows) else ""
            )
            name = self.labels.short(bound.use.column.name, ask.language)
            found.append(f"{name} {_SIGNS[bound.kind]} {plain(bound.value)}{unit}")
        return found

    @staticmethod
    def _joined(ask: Ask, conditions: Sequence[str]) -> str:
        return ("，" if ask.language == "zh" else ", ").join(conditions)

    @staticmethod
    def _given(question: TableQuestion) -> list[Finding]:
        found = []
        for bound in question.bounds:
            kind = "user input" if bound.given else "derived"
            unit = (
                "%" if any(r.cells[bound.use.column.index].unit == "%" for r in bound.use.view.rows) else ""
            )
            found.append(Finding(kind, bound.value, unit, text=f"{plain(bound.value)}{unit}"))  # type: ignore[arg-type]
        return found

    @staticmethod
    def _group_evidence(question: TableQuestion) -> tuple[Evidence, ...]:
        return tuple(e for group in question.groups for e in group.evidence)

    def _rows_evidence(self, use: ColumnUse, rows: Sequence[RowView]) -> tuple[Evidence, ...]:
        caption = self.book.caption(use.view)
        if len(rows) > _CITED:
            return caption or (self.book.row_evidence(rows[0].id),)
        return (*(self.book.row_evidence(r.id) for r in rows), *caption)


def _first_row(named: Named) -> RowView:
    return next(iter(named.rows.values()))


def _computed(value: Decimal) -> Finding:
    return Finding("computed", float(value), text=plain(value))


def _extreme(rows: Sequence[RowView], order: Order) -> list[RowView]:
    """The first `n` rows of an order, ties with the last one included."""
    index = order.use.column.index
    ranked = [(v, r) for r in rows if (v := r.cells[index].value) is not None]
    ranked.sort(key=lambda pair: -pair[0] if order.high else pair[0])
    if not ranked:
        return []
    edge = ranked[min(order.n, len(ranked)) - 1][0]
    return [r for v, r in ranked if (v >= edge if order.high else v <= edge)]
