"""Cosines of a question with what the clauses of an index mean, by the sentence encoder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from policybot.index.encoder.meaning import UNANSWERED

if TYPE_CHECKING:
    from policybot.index.open import Index

Vector = NDArray[np.float32]
SHARED = 0.9  # worth of what the clause above means, for one without a meaning of its own (a table row)
FIRST = 64  # directions of a vector by which texts are chosen; they are ordered by what they tell apart
CHOSEN = 768  # texts that are compared by all directions
KEPT = 16  # questions whose cosines are kept


class _Table(NamedTuple):
    """Vectors (n, d), their lengths (n,), their first directions by that length (n, FIRST), first row of each
    meaning; for every clause of the index, and last for the questions that no document answers, the number of
    the meaning that counts for it (the last is a meaning of nothing) and its worth, 0–1."""

    vectors: NDArray[np.int8]
    lengths: Vector
    first: Vector
    starts: NDArray[np.int64]
    meaning: NDArray[np.intp]
    worth: Vector


class Meanings:
    """Compares questions with the clauses `ids` of an index; loads encoder and vectors when first used."""

    def __init__(self, index: Index, ids: Sequence[str]) -> None:
        self._index = index
        self._ids = ids
        self._kept: dict[str, Vector] = {}

    def cosines(self, question: str) -> Vector:
        """For every clause the cosine of its nearest text, and last that of the nearest question that no
        document answers, shape (clauses + 1,); 0 where there is none."""
        found = self._kept.get(question)
        if found is not None:
            return found
        table = self._table
        if not len(table.starts):
            return np.zeros(len(self._ids) + 1, np.float32)
        query = self._index.encoder.encode(question)
        # The first directions tell most, so that they choose the texts that all are compared for.
        # Not `vectors @ query`: a threaded BLAS waits tens of milliseconds on a busy machine.
        each = np.einsum("ij,j->i", table.first, query[:FIRST])
        near = np.argpartition(each, -CHOSEN)[-CHOSEN:] if each.size > CHOSEN else np.arange(each.size)
        each[near] = np.einsum("ij,j->i", table.vectors[near].astype(np.float32), query) / table.lengths[near]
        best = np.maximum.reduceat(each, table.starts)
        found = np.append(np.maximum(best, 0), np.float32(0))[table.meaning] * table.worth
        if len(self._kept) >= KEPT:
            self._kept.clear()
        self._kept[question] = found
        return found

    @cached_property
    def _table(self) -> _Table:
        known = self._index.meaning
        number = {name: n for n, name in enumerate(known.clauses)}
        meaning = np.full(len(self._ids) + 1, len(number), np.intp)
        worth = np.zeros(len(self._ids) + 1, np.float32)
        meaning[-1], worth[-1] = number.get(UNANSWERED, len(number)), 1.0
        for row, name in enumerate(self._ids):
            above = reversed(self._index.corpus.clauses[name].path)
            for steps, one in enumerate((name, *above)):
                if one in number:
                    meaning[row], worth[row] = number[one], SHARED**steps
                    break
        first = known.vectors[:, :FIRST].astype(np.float32) / known.lengths[:, None]
        return _Table(known.vectors, known.lengths, first, known.starts, meaning, worth)
