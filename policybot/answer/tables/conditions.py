"""The conditions of a plan over tables: which rows meet them, how they are worded, what carries them."""

from __future__ import annotations

from collections.abc import Sequence

from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import plain
from policybot.answer.tables.planlines import PlanLines
from policybot.answer.tables.reading.columns import ColumnUse
from policybot.answer.tables.reading.parsed import Bound, TableQuestion, rows_of
from policybot.answer.tables.reading.views import RowView
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.draft import Finding

_SIGNS = {"below": "<", "above": ">", "at_least": "≥", "at_most": "≤", "equal": "="}


class Conditions:
    """Named rows, groups and bounds of a question, held against the rows of its base table."""

    def __init__(self, lines: PlanLines) -> None:
        self.lines = lines

    def kept(self, question: TableQuestion, base: ColumnUse) -> list[RowView]:
        """The rows of the base table that named rows, groups and conditions leave."""
        kept = []
        for row in rows_of(question, base.view):
            if all(self._meets(bound, row) for bound in question.bounds):
                kept.append(row)
        return kept

    def _meets(self, bound: Bound, row: RowView) -> bool:
        own = self.lines.same_row(bound.use, row)
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

    def where(self, ask: Ask, question: TableQuestion) -> list[str]:
        """The conditions in words: 名额 = 3, 一类城市."""
        found = [self.lines.labels.short(g.label, ask.language) for g in question.groups if g.label]
        for bound in question.bounds:
            unit = (
                "%" if any(r.cells[bound.use.column.index].unit == "%" for r in bound.use.view.rows) else ""
            )
            name = self.lines.labels.short(bound.use.column.name, ask.language)
            found.append(f"{name} {_SIGNS[bound.kind]} {plain(bound.value)}{unit}")
        return found

    @staticmethod
    def joined(ask: Ask, conditions: Sequence[str]) -> str:
        return ("，" if ask.language == "zh" else ", ").join(conditions)

    @staticmethod
    def given(question: TableQuestion) -> list[Finding]:
        found = []
        for bound in question.bounds:
            kind = "user input" if bound.given else "derived"
            unit = (
                "%" if any(r.cells[bound.use.column.index].unit == "%" for r in bound.use.view.rows) else ""
            )
            found.append(Finding(kind, bound.value, unit, text=f"{plain(bound.value)}{unit}"))  # type: ignore[arg-type]
        return found

    @staticmethod
    def evidence(question: TableQuestion) -> tuple[Evidence, ...]:
        return (*question.told, *(e for group in question.groups for e in group.evidence))
