"""How long two tables are ("which reference table is longer, the one for cities or the one for parks?").

The two tables are those whose captions share words of the question while each has one that the other lacks.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

from policybot.answer.matching.match import Concept, covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.planlines import computed
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.views import View
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Draft, Finding, Line
from policybot.patterns import lazy_pattern

_TABLE = lazy_pattern(r"表|清单|指标|\b(?:tables?|charts?|lists?|indicators?|annex(?:es)?)\b")
_WORD = lazy_pattern(r"[图列]?表格?|清单|tables?|charts?|lists?|ones?")
_LENGTH = lazy_pattern(
    r"更?[长短](?![期远效征])|(?:多少|几)(?:项|行|条|个|号)|第几|编到|项数|行数|条数|更多|多一些|哪[张个份].{0,6}[多少]"
    r"|\b(?:longer|shorter|long|length|how many|more|fewer|number of|same number)\b"
)
_SIDES = lazy_pattern(
    r"哪|各|分别|比|还是|更|和|与|跟|同"
    r"|\b(?:which|each|both|than|or|versus|vs|compar\w+|respectively|as many|and)\b"
)
_LEAST, _CARRIED = 0.25, 0.8  # weight of a word that tells a table, share of it that a caption must carry
_OTHERS = 0.5  # most weight of a word of the question that is said of neither table
_SAME = 0.1  # gained by two tables of one document
_GAIN = 0.45  # gained over makers that weigh one table at a time


class TableLengthMaker:
    """Counts the rows of the two tables that a question sets side by side."""

    def __init__(self, book: TableBook, cells: CellMaker) -> None:
        self.book = book
        self.cells = cells

    def drafts(self, ask: Ask) -> list[Draft]:
        """At most one draft."""
        if not (_TABLE.search(ask.text) and _LENGTH.search(ask.text) and _SIDES.search(ask.text)):
            return []
        pair = self._two(ask)
        if pair is None:
            return []
        lines: list[Line] = []
        findings: list[Finding] = []
        zh = ask.language == "zh"
        for view in pair:
            last = self.book.row_evidence(view.rows[-1].id)
            n = len(view.rows)
            value = f"{n}项" if zh else f"{n} entries"
            evidence = (*self.book.caption(view), last)
            lines.append(line("compare_line", evidence, label=self._name(ask, view), value=value))
            findings.append(Finding("computed", float(n), text=str(n), evidence=last))
        one, two = (len(view.rows) for view in pair)
        if one == two:
            lines.append(line("compare_same"))
        else:
            gap = abs(one - two)
            longer = pair[0] if one > two else pair[1]
            slots = {"label": self._name(ask, longer), "word": fill("word_longer", {}, ask.language)}
            lines.append(line("compare_difference", value=f"{gap}项" if zh else str(gap), **slots))
            findings.append(computed(Decimal(gap), "difference", (Decimal(one), Decimal(two))))
        step = Step("count_rows", {"tables": [view.table.id for view in pair]}, f"{one}, {two}")
        features = {"cover": 0.9, "row": 1.0, "table": 1.0, "year_fit": 1.0}
        return [
            Draft(
                "plan", tuple(lines), 0.9 + _GAIN, findings=tuple(findings), steps=(step,), features=features
            )
        ]

    def _name(self, ask: Ask, view: View) -> str:
        name = self.cells.table_name(view, ask.language)
        if ask.language == "zh" or not view.table.caption:
            return name
        return f"{name} ({self.cells.labels.short(view.table.caption, 'en')})"

    def _two(self, ask: Ask) -> tuple[View, View] | None:
        """The two tables that the question tells apart; None when it tells none or several pairs."""
        told = [
            c
            for c in ask.concepts
            if c.weight >= _LEAST and c.kind in ("term", "latin") and not _WORD.fullmatch(c.surface)
        ]
        found: list[tuple[float, int, tuple[View, View]]] = []
        carried = [(view, self._carried(ask, view, told)) for view in self.book.views if view.table.caption]
        for (one, first), (two, second) in combinations(carried, 2):
            shared, apart = first & second, first ^ second
            if not (first - second and second - first and shared):
                continue
            left = [c for c in told if c not in first | second and not _plain(c)]
            if all(c.weight <= _OTHERS for c in left):
                worth = sum(c.weight for c in shared | apart) + _SAME * (
                    one.table.document == two.table.document
                )
                found.append((worth, -len(found), (one, two)))
        found.sort(reverse=True, key=lambda pair: pair[:2])
        if not found or (len(found) > 1 and found[0][0] == found[1][0]):
            return None
        return found[0][2]

    def _carried(self, ask: Ask, view: View, told: list[Concept]) -> set[Concept]:
        """The words of the question that a table's label and caption carry."""
        caption = norm(f"{view.table.label} {view.table.caption}")
        return {c for c in told if covers(c, caption, self.book.weigh) >= _CARRIED}


def _plain(concept: Concept) -> bool:
    return bool(_TABLE.search(concept.surface) or _LENGTH.search(concept.surface))
