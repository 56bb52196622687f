"""Plans over tables: choose rows, look up columns of them in any table, compute from what was found.

A plan is made from what `reading.reader` found in the question. Every value shown is a cited cell, every
computed number comes with the cells it was computed from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from policybot.answer.matching.match import norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.conditions import Conditions
from policybot.answer.tables.filters import Filters
from policybot.answer.tables.planlines import Made, PlanLines, computed
from policybot.answer.tables.planrest import carried_over, rest_of
from policybot.answer.tables.reading.columns import ColumnUse
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.parsed import Group, Named, Order, TableQuestion
from policybot.answer.tables.reading.reader import TableReader
from policybot.answer.tables.reading.views import RowView
from policybot.answer.tables.superlative import extreme, placed
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding
from policybot.patterns import lazy_pattern

LEAST = 0.55  # share of the question that a plan must account for
_GAIN = 0.45  # gained over makers that weigh one table at a time
_WHICH_PLACES = lazy_pattern(
    r"哪[一二两三四五几些]*(?:个|座)?(?:城市|园区|地区|市)|\bwhich (?:\w+ )?(?:cities|city|parks?|towns?)\b"
)
_PROVINCES = lazy_pattern(r"[个哪]省|省份|地区|\bprovinces?\b")
_MOST = 7  # rows that are shown line by line
_TIED = 3  # rows with one value from which on only the first is shown
_AVERAGE = lazy_pattern(r"平均(?!浓度)|均值|\b(?:average|mean)\b")


class PlanMaker:
    """Makes drafts from plans over tables."""

    def __init__(self, book: TableBook, cells: CellMaker) -> None:
        self.book = book
        self.cells = cells
        self.reader = TableReader(book)
        self.lines = PlanLines(book, cells, self.reader)
        self.conditions = Conditions(self.lines)
        self.filters = Filters(book, cells, self.lines, self.conditions)

    def drafts(self, ask: Ask, among: Group | None = None) -> list[Draft]:
        """At most one draft: the plan that the question describes, over the rows `among` where given."""
        if "rank_of" in ask.asks or "missing" in ask.asks:
            return []
        question = self.reader.read(ask, among)
        if question is None:
            return []
        left = "rest" in question.operations
        if question.cover < LEAST and not left:
            return []
        made = self._made(ask, question)
        if made is None or not made.lines:
            return []
        if left:
            said = [e for own in made.lines for e in own.all_evidence[:1]]
            texts = [norm(self.book.corpus.clauses[e.clause].text.text) for e in said]
            question.cover = max(question.cover, self.reader.cover(ask, question, texts))
            if question.cover < LEAST:
                return []
        # The years and places of the question were checked when it was read.
        features = {"cover": question.cover, "row": 1.0, "table": 1.0, "year_fit": 1.0}
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

    def _made(self, ask: Ask, question: TableQuestion) -> Made | None:
        if question.orders:
            return self._ordered(ask, question)
        if len(question.named) > 1 and not question.bounds:
            return self._compared(ask, question)
        if len(question.named) == 1 and not question.bounds:
            return self._looked_up(ask, question, question.named[0])
        if question.named:
            return None
        if question.bounds or question.groups:
            return self.filters.made(ask, question)
        if "rest" in question.operations:
            return rest_of(ask, question.uses, self.book, self.lines)
        if ask.type != "definition" and ("total" in question.operations or "mean" in question.operations):
            return self.filters.made(ask, question) if len(question.uses) == 1 else None
        return None

    def _ordered(self, ask: Ask, question: TableQuestion) -> Made | None:
        """The rows at the top or bottom of a column, and what other columns say of them."""
        base = question.orders[0].use
        if _PROVINCES.search(ask.text) and not _PROVINCES.search(base.view.columns[base.view.key].name):
            return None  # a table of cities says nothing about provinces
        if len(question.named) == 1 and len(question.orders) == 1 and question.orders[0].n == 1:
            everyone = self.conditions.kept(replace(question, named=[]), base)
            return placed(ask, question, question.orders[0], everyone, self.lines)
        made = Made()
        rows = self.conditions.kept(question, base)
        chosen: list[tuple[Order, list[RowView]]] = []
        for order in question.orders:
            if order.use.key != base.key:
                return None
            picked = extreme(rows, order)
            if not picked:
                return None
            chosen.append((order, picked))
            step = {
                "table": base.view.table.id,
                "column": base.column.name,
                "order": "highest" if order.high else "lowest",
                "n": order.n,
                "where": self.conditions.where(ask, question),
            }
            made.steps.append(Step("select_rows", step, "、".join(r.key.strip("* ") for r in picked)))
        conditions = self.conditions.where(ask, question)
        if question.bounds:
            made.lines.append(
                line(
                    "plan_among",
                    self.conditions.evidence(question),
                    condition=self.conditions.joined(ask, conditions),
                    count=str(len(rows)),
                )
            )
            made.findings += self.conditions.given(question)
            made.findings.append(Finding("computed", float(len(rows)), text=str(len(rows))))
        if len(chosen) == 1 and len(chosen[0][1]) > _MOST and not question.shown and not question.named:
            made.lines.append(self.lines.tied(ask, *chosen[0], self.conditions.evidence(question)))
            made.findings += [self.cells.finding(r, base.column) for r in chosen[0][1]]
            return made
        for order, picked in chosen:
            word = self.lines.word(ask, order)
            others = [r for r in rows if r not in picked] if question.named and len(chosen) == 1 else []
            tied = len(picked) - 1 if order.n == 1 and len(picked) > _TIED and len(chosen) > 1 else 0
            if tied:
                picked = picked[:1]
            for row in [*picked, *others]:
                parts = [(base, word if row in picked else ""), *((u, "") for u in question.shown)]
                self.lines.row(
                    ask,
                    made,
                    row,
                    parts,
                    question.show_class
                    or (not question.bounds and any(g.label[1:2] == "类" for g in question.groups)),
                )
            if tied:
                made.lines.append(line("plan_tied", (), count=str(tied)))
                made.findings.append(Finding("computed", float(tied), text=str(tied)))
            if order.nth:
                made.findings.append(computed(Decimal(order.nth)))
            if order.n > 1:
                made.findings.append(Finding("user input", float(order.n), text=str(order.n)))
        ends = [(r[0].key.strip("* "), r[0]) for _, r in chosen]
        if len(chosen) == 2 and "ratio" in question.operations:
            self.lines.ratio(
                ask, made, base, sorted(ends, key=lambda e: -(self.lines.value(base, e[1]) or 0))
            )
        elif len(chosen) == 2 and "difference" in question.operations:
            self.lines.difference(ask, made, base, ends)
        elif len(chosen) == 1 and len(question.named) == len(rows) == 2:
            if not question.shown:
                self.lines.difference(ask, made, base, [(r.key.strip("* "), r) for r in rows])
        elif len(chosen) == 1 and len(chosen[0][1]) > 1:
            self._of_several(ask, question, made, base, chosen[0][1])
        return made if len(made.lines) <= _MOST + 1 else None

    def _of_several(
        self, ask: Ask, question: TableQuestion, made: Made, base: ColumnUse, rows: Sequence[RowView]
    ) -> None:
        """What the first or last rows come to: their mean, their sum, their share of the whole column."""
        use = question.shown[0] if question.shown else base
        own = [r for r in (self.lines.same_row(use, row) for row in rows) if r is not None]
        if question.averaged and _AVERAGE.search(ask.text):
            self.lines.mean(ask, made, use, own)
        elif "share" in question.operations:
            self.lines.share(ask, made, use, own)
        elif "total" in question.operations:
            self.lines.total(ask, made, use, own)

    def _compared(self, ask: Ask, question: TableQuestion) -> Made | None:
        """Named rows side by side, and what is computed from them."""
        if ask.wants("yes_no") and "confirm" in ask.asks:
            return None
        made = Made()
        complete = [n for n in question.named if all(u.view.table.id in n.rows for u in question.uses)]
        if len(complete) < len(question.named) or len(complete) > 8:
            return None
        single = len(question.uses) == 1
        if single and len(complete) > 1:
            self.lines.column(ask, made, question.uses[0])
        for named in complete:
            parts = [(use, "") for use in question.uses]
            self.lines.row(ask, made, _first_row(named), parts, question.show_class, plain_value=single)
        for use in question.uses:
            rows = [(n.label, n.rows[use.view.table.id]) for n in complete]
            if "share" in question.operations:
                self.lines.share(ask, made, use, [r for _, r in rows])
            elif "total" in question.operations:
                self.lines.total(ask, made, use, [r for _, r in rows])
            elif question.averaged and "difference" not in question.operations and len(rows) > 2:
                self.lines.mean(ask, made, use, [r for _, r in rows])
            elif "ratio" in question.operations and len(rows) == 2:
                self.lines.ratio(ask, made, use, rows)
            elif len(rows) == 2:
                self.lines.difference(ask, made, use, rows)
            else:
                self.lines.extremes(ask, made, use, rows)
        return made

    def _looked_up(self, ask: Ask, question: TableQuestion, named: Named) -> Made | None:
        """What the columns asked for say of one row."""
        if _WHICH_PLACES.search(ask.text) and not question.show_class:
            return None  # asks for places that the row stands for and does not name
        uses = [u for u in question.uses if u.view.table.id in named.rows]
        if len(uses) < len(question.uses) or (ask.wants("yes_no") and len(uses) == 1):
            return None
        made = Made()
        if "share" in question.operations and len(uses) == 1:
            use, row = uses[0], named.rows[uses[0].view.table.id]
            if self.lines.value(use, row) is not None:
                self.lines.row(ask, made, row, [(use, "")], False)
                self.lines.share(ask, made, use, [row])
                return made
        row = _first_row(named)
        missing = [u for u in uses if named.rows[u.view.table.id].cells[u.column.index].value is None]
        if missing and len(uses) == len(missing):
            return None  # the look-up of single cells words a printed gap
        self.lines.row(ask, made, row, [(use, "") for use in uses], question.show_class)
        if len(uses) == 1:
            carried_over(ask, made, uses[0], named.rows[uses[0].view.table.id])
        return made


def _first_row(named: Named) -> RowView:
    return next(iter(named.rows.values()))
