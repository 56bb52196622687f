"""Rows that a table marks with an asterisk, and the note that says what the mark means."""

from __future__ import annotations

from functools import cached_property

from policybot.answer.evidence.excerpt import tidy
from policybot.answer.matching.match import covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.reading.marked import MARKS, is_marked, noted
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.views import RowView, View
from policybot.answer.wording.cite import whole_clause
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding
from policybot.corpus.model import Clause

_LEAST = 0.6  # share of the question, row names aside, that the note must carry


class FootnoteMaker:
    """Answers from marked rows."""

    def __init__(self, book: TableBook, cells: CellMaker) -> None:
        self.book = book
        self.cells = cells

    def drafts(self, ask: Ask) -> list[Draft]:
        """The marked rows, or whether the row that the question names is marked."""
        found = []
        for view, note in self._noted:
            if ask.only and view.table.document not in ask.only:
                continue
            rows = self.book.rows(view, ask)
            used = {i for r in rows for i in r.used}
            said = norm(note.text.text)
            text = f"{said}|{view.about}"
            terms = [c for i, c in enumerate(ask.concepts) if i not in used and c.kind != "document"]
            total = sum(c.weight for c in terms)
            cover = sum(c.weight * covers(c, text, self.book.weigh) for c in terms) / (total or 1.0)
            own = sum(c.weight * covers(c, said, self.book.weigh) for c in terms)
            if not total or cover < _LEAST or own < _LEAST * total:
                continue
            if not rows:
                found.append(self._all(ask, view, note, cover))
            elif ask.wants("yes_no"):
                found.append(self._one(ask, view, note, rows[0].row, cover))
        return found

    @cached_property
    def _noted(self) -> tuple[tuple[View, Clause], ...]:
        """Tables with marked rows and the clause that explains the mark."""
        return tuple(noted(self.book))

    def _all(self, ask: Ask, view: View, note: Clause, cover: float) -> Draft:
        rows = [row for row in view.rows if is_marked(row)]
        items = [(self.cells.row_name(row, ask.language), (self.book.row_evidence(row.id),)) for row in rows]
        title = self._meaning(ask, note)
        evidence = (whole_clause(note), *self.book.caption(view))
        made = line("list_titled", evidence, items, title=title, count=str(len(rows)))
        return Draft(
            "footnote",
            (made,),
            cover + 0.25,
            findings=(Finding("computed", float(len(rows)), text=str(len(rows))),),
            steps=(Step("list_marked_rows", {"table": view.table.id}, f"{len(rows)} rows"),),
            features={"cover": cover, "row": 1.0, "table": 1.0},
        )

    def _one(self, ask: Ask, view: View, note: Clause, row: RowView, cover: float) -> Draft:
        marked = is_marked(row)
        slots = {
            "row": self.cells.row_name(row, ask.language),
            "table": self.cells.table_name(view, ask.language),
            "note": self._meaning(ask, note),
        }
        evidence = (self.book.row_evidence(row.id), whole_clause(note))
        made = line("row_marked" if marked else "row_unmarked", evidence, **slots)
        return Draft(
            "footnote",
            (made,),
            cover + 0.25,
            findings=(Finding("quoted", row.key, text=row.key, evidence=evidence[0]),),
            steps=(Step("read_mark", {"table": view.table.id, "row": row.key}, str(marked)),),
            features={"cover": cover, "row": 1.0, "table": 1.0},
        )

    def _meaning(self, ask: Ask, note: Clause) -> str:
        text = tidy(note.text.text.strip(MARKS + " 。"))
        return text if ask.language == "zh" else f"“{text}”"
