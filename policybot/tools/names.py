"""Clauses by any name, with places known in both languages (Annex B Japan → 日本)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from policybot.corpus.model import Clause, Corpus
from policybot.corpus.naming import resolve
from policybot.facts.places import Places


def resolve_clause(corpus: Corpus, name: str) -> Clause:
    """The clause that goes by a name in Chinese or English; errors give the nearest names."""
    return resolve(name, corpus, _places_in_chinese)


def _places_in_chinese(words: str) -> Iterator[str]:
    for match in _places().find(words):
        yield from match.place.names_zh


@cache
def _places() -> Places:
    return Places.load()
