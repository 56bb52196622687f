"""Plans over the rows that meet conditions: listed, counted, summed up, averaged."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.asks import to_int
from policybot.answer.question.operations import plain
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.conditions import Conditions
from policybot.answer.tables.planlines import Made, PlanLines, computed
from policybot.answer.tables.reading.columns import ColumnUse
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.parsed import TableQuestion
from policybot.answer.tables.reading.views import RowView
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Finding, Line

_FEW = 8  # rows of a group that are shown with their values before the mean


class Filters:
    """Makes what a plan shows of the rows that its conditions leave."""

    def __init__(self, book: TableBook, cells: CellMaker, lines: PlanLines, conditions: Conditions) -> None:
        self.book = book
        self.cells = cells
        self.lines = lines
        self.conditions = conditions

    def made(self, ask: Ask, question: TableQuestion) -> Made | None:
        """The rows that meet the conditions: listed, counted, summed up or averaged."""
        operations = question.operations
        shown = question.shown
        base = question.bounds[0].use if question.bounds else question.uses[0]
        rows = self.conditions.kept(question, base)
        made = Made()
        conditions = self.conditions.where(ask, question)
        step = {"table": base.view.table.id, "column": base.column.name, "where": conditions}
        made.steps.append(Step("select_rows", step, f"{len(rows)} rows"))
        made.findings += self.conditions.given(question)
        if not rows and any(g.label[1:2] != "类" for g in question.groups):
            return None  # the table does not list the group
        if not rows:
            slots = {
                "table": self.cells.table_name(base.view, ask.language),
                "condition": self.conditions.joined(ask, conditions),
            }
            evidence = (*self.book.caption(base.view), *self.conditions.evidence(question))
            made.lines.append(
                line("rows_none", evidence or (self.book.row_evidence(base.view.rows[0].id),), **slots)
            )
            return made
        averaging = question.averaged and bool(question.groups) and not question.bounds
        if averaging and len(question.groups) > 1:
            return self._group_means(ask, question, base, made)
        computing = [name for name in ("total", "mean", "share") if name in operations] + ["mean"] * averaging
        counting = "count" in operations or ask.type == "count"
        if not conditions and not computing:
            return None
        if len(question.groups) > 1 and not (question.bounds or computing or counting):
            return None  # groups set side by side are not one list
        if conditions and (counting or not computing or "list" in operations):
            made.lines.append(self._list_line(ask, question, base, rows, conditions, counting))
            made.findings.append(Finding("computed", float(len(rows)), text=str(len(rows))))
            made.findings += [self.cells.finding(r, base.column) for r in rows]
        target = shown[0] if shown else base
        known = [r for r in (self.lines.same_row(target, row) for row in rows) if r is not None]
        if "share" in operations and conditions:
            whole = [r for r in base.view.rows if r.cells[base.column.index].value is not None]
            share = f"{100 * Decimal(len(rows)) / len(whole):.1f}"
            made.lines.append(line("plan_share_rows", (), value=share, total=str(len(whole))))
            made.findings += [
                computed(Decimal(len(whole))),
                computed(
                    Decimal(share), "share", (Decimal(len(rows)), Decimal(len(whole))), f"{share}%", "%"
                ),
            ]
        elif "mean" in operations or averaging:
            if question.groups and not question.bounds and len(known) <= _FEW:
                for row in known:
                    self.lines.row(ask, made, row, [(target, "")], False, plain_value=True)
            self.lines.mean(ask, made, target, known)
        elif "total" in operations and (not counting or shown or self._sums(ask, question, base)):
            self.lines.total(ask, made, target, known)
        return made if made.lines else None

    def _group_means(self, ask: Ask, question: TableQuestion, base: ColumnUse, made: Made) -> Made | None:
        """The mean of each of several groups, and the difference of two."""
        means = []
        for group in question.groups:
            rows = [r for r in base.view.rows if set(r.names) & group.names]
            values = self.lines.values(base, rows)
            if not values:
                return None
            mean = round(sum(values, Decimal(0)) / len(values), 2)
            means.append(mean)
            evidence = (*group.evidence, *self.lines.rows_evidence(base, rows))
            name = self.cells.labels.short(group.label, ask.language)
            slots = {"name": name, "value": f"{mean}", "count": str(len(values))}
            made.lines.append(line("plan_group_mean", evidence, **slots))
            made.findings += [computed(mean, "mean", values), computed(Decimal(len(values)))]
            number = to_int(group.label[:1])
            if number is not None:
                made.findings.append(Finding("derived", float(number), text=group.label))
            step = {"operation": "mean", "inputs": [plain(v) for v in values]}
            made.steps.append(Step("compute", step, f"{mean}"))
        if len(means) == 2 and means[0] != means[1]:
            high = question.groups[0] if means[0] > means[1] else question.groups[1]
            gap = abs(means[0] - means[1])
            word = fill("word_higher", {}, ask.language)
            label = self.cells.labels.short(high.label, ask.language)
            made.lines.append(line("compare_difference", value=plain(gap), label=label, word=word))
            made.findings.append(computed(gap, "difference", means))
        return made

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
                own = self.lines.same_row(use, row)
                if own is not None:
                    values.append(self.lines.cell(ask, use, own))
                    evidence.append(self.book.row_evidence(own.id))
            text += f" {', '.join(values)}" if values else ""
            items.append((text, tuple(dict.fromkeys(evidence))))
        caption = (*self.book.caption(base.view), *self.conditions.evidence(question))
        slots = {"count": str(len(rows)), "condition": self.conditions.joined(ask, conditions)}
        return line("rows_count" if counting else "rows_filter", caption, items, **slots)
