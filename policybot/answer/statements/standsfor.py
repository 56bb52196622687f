"""A sentence about a group ("四类城市：能源基地") answers which cities are meant only with its members.

Where a question asks for places, and the sentence found names none but a row of a table that lists some, the
members of that row are shown before the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policybot.answer.evidence.pool import Pool
from policybot.answer.matching.match import norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.views import RowView, View
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding
from policybot.patterns import lazy_pattern

_GAIN = 0.25  # over the bare sentence
_PLACES = lazy_pattern(
    r"哪[一二两三四五六几些]*(?:个|座)?(?:城市|城|地方|市)|(?:城市|城|地方)(?:是|有|都|包括|分别是)*(?:哪|谁|名单|有)"
    r"|城市名单|列[出举].{0,20}城市"
    r"|\b(?:which|what|name|list)\b.{0,24}\b(?:cities|places|towns|municipalities)\b"
)
_CLASS = lazy_pattern(r"哪一?类|第几类|什么类|几类|\b(?:which|what) (?:class|category|type|group|tier)\b")


class StandMaker:
    """Puts members in the place of the group that a sentence speaks of."""

    def __init__(self, book: TableBook, cells: CellMaker, pool: Pool) -> None:
        self.cells = cells
        self.book = book
        self.pool = pool
        self._groups = [
            (norm(row.key), view, row)
            for view in book.views
            if view.of_kind("names") is not None
            for row in view.rows
        ]

    def draft(self, ask: Ask, statement: Draft | None) -> Draft | None:
        """The sentence with the members of the group that it is about; None where it is about none."""
        if statement is None or statement.status != "answered" or ask.places or not self._groups:
            return None
        if not _PLACES.search(ask.text) or _CLASS.search(ask.text):
            return None
        found = self._group(statement)
        if found is None:
            return None
        view, row = found
        column = view.of_kind("names")
        parts = row.cells[column.index].text.split("、") if column is not None else []
        items: Sequence[tuple[str, tuple[()]]] = [
            (self.cells.labels.item(p, ask.language), ()) for p in parts
        ]
        evidence = (*self.book.evidence(view, row), *self.book.caption(view))
        slots = {"title": self.cells.labels.name(row.key, ask.language), "count": str(len(parts))}
        made = line("list_titled", evidence, items, **slots)
        findings = (
            Finding("computed", float(len(parts)), text=str(len(parts))),
            Finding("derived", row.key, text=f"属于{row.key}", evidence=evidence[0]),
        )
        step = Step("list_members", {"table": view.table.id, "row": row.key}, f"{len(parts)}")
        return replace(
            statement,
            lines=(made, *statement.lines),
            score=statement.score + _GAIN,
            findings=(*findings, *statement.findings),
            steps=(*statement.steps, step),
            features={**statement.features, "list": 1.0, "items": float(len(parts))},
        )

    def _group(self, statement: Draft) -> tuple[View, RowView] | None:
        """The one group that a sentence without places names."""
        evidence = statement.evidence[0]
        clause = self.book.corpus.clauses[evidence.clause]
        said = clause.text.text[evidence.start : evidence.end]
        rows = [(v, r) for name, v, r in self._groups if name in norm(said) or r.id == clause.id]
        if len(rows) != 1:
            return None
        own = rows[0][1].id == clause.id
        return rows[0] if own or not any(True for _ in self.pool.places(said)) else None
