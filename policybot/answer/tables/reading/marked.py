"""Rows that a table marks with an asterisk, and the clause that explains the mark."""

from __future__ import annotations

from collections.abc import Iterator

from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.views import RowView, View
from policybot.corpus.model import Clause

MARKS = "*＊"


def noted(book: TableBook) -> Iterator[tuple[View, Clause]]:
    """The tables with marked rows, each with the clause that explains the mark."""
    for view in book.views:
        if not any(is_marked(row) for row in view.rows):
            continue
        above = book.corpus.clauses[view.table.id].path
        for clause in book.corpus.of(view.table.document):
            if clause.path == above and clause.text.text.lstrip()[:1] in tuple(MARKS):
                yield view, clause
                break


def is_marked(row: RowView) -> bool:
    """True for a row whose name carries an asterisk."""
    return any(mark in row.key for mark in MARKS)
