"""Search as a plain function: a question → the nearest clauses with their texts and places."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from policybot.retrieve.search import Searcher


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A clause found. `score` compares hits of one search only; `copies` are clauses that say the same."""

    clause: str
    document: str
    label: str
    label_en: str
    heading: str
    text: str
    source: str
    line_start: int
    line_end: int
    score: float
    copies: tuple[str, ...]


def search(
    searcher: Searcher, question: str, k: int = 5, documents: Collection[str] | None = None
) -> list[SearchHit]:
    """The best `k` clauses for a question in Chinese or English, best first; documents by id."""
    corpus = searcher.index.corpus
    found = []
    for hit in searcher.search(question, k=k, documents=documents):
        clause = corpus.clauses[hit.clause_id]
        found.append(
            SearchHit(
                clause.id,
                clause.document,
                clause.label,
                clause.label_en,
                clause.heading,
                clause.text.text,
                clause.text.file,
                clause.line_start,
                clause.line_end,
                round(hit.score, 4),
                hit.copies,
            )
        )
    return found
