"""Cosines of a question with what the clauses of an index mean, by the sentence encoder."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from policybot.corpus.model import Clause
from policybot.index.encoder.meaning import SENTENCES, UNANSWERED, sentence_text, text_key
from policybot.index.encoder.reader import Reader, Reading
from policybot.retrieve.judging import Judge, Judging

if TYPE_CHECKING:
    from policybot.index.open import Index

Vector = NDArray[np.float32]
SHARED = 0.9  # worth of what the clause above means, for one without a meaning of its own (a table row)
# Cosine gained by clauses without annotations beside annotated ones, which have many texts that may be near:
# without it the clauses of a document of the user's own are rarely found first, see evals/README.md.
UNTOLD = 0.15
FIRST = 64  # directions of a vector by which texts are chosen; they are ordered by what they tell apart
CHOSEN = 1024  # texts that are compared by all directions
KEPT = 16  # questions whose cosines are kept
SHARPNESS = 20.0  # the scale at which the encoder was trained to tell texts apart


class _Table(NamedTuple):
    """Vectors (n, d), their lengths (n,), their first directions by that length (n, FIRST), first row of each
    meaning; for every clause of the index, and last for the questions that no document answers, the number of
    the meaning that counts for it (the last is a meaning of nothing) and its worth, 0–1; and by the hash of
    its text the row of each sentence."""

    vectors: NDArray[np.int8]
    lengths: Vector
    first: Vector
    starts: NDArray[np.int64]
    meaning: NDArray[np.intp]
    worth: Vector
    sentences: dict[int, int]


class Told(NamedTuple):
    """How near a text is to a question, a cosine, and how likely it answers it, log-odds by the reader; None
    without a reader."""

    near: float
    read: float | None


class _Compared(NamedTuple):
    """A question's vector (d,), what the reader makes of texts for it, None without a reader, and what
    `Meanings.cosines`, `shares` and `judging` give for it."""

    query: Vector
    reading: Reading | None
    clauses: Vector
    shares: Vector
    judging: Judging


class Meanings:
    """Compares questions with the clauses `ids` of an index; loads encoder and vectors when first used.

    A thread of its own compares them. Safe to share between threads, and to use after a fork.
    """

    def __init__(self, index: Index, ids: Sequence[str]) -> None:
        self._index = index
        self._ids = ids
        self._begin()
        self._rows: dict[str, NDArray[np.intp]] = {}

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = Lock()
        self._beside = ThreadPoolExecutor(1, "meaning")
        self._judge = Judge(self._index)
        self._kept: dict[str, Future[_Compared]] = {}

    def prepare(self, question: str) -> Future[_Compared]:
        """Begin to encode a question, and to compare it, beside whatever else is done with it."""
        if self._process != os.getpid():
            self._begin()  # a fork has no threads but the one that forked
        with self._lock:
            made = self._kept.get(question)
            if made is not None and not (made.done() and made.exception() is not None):
                return made
            while len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            made = self._kept[question] = self._beside.submit(self._compared, question)
        time.sleep(0)  # else the other thread would wait for this one's turn to end, which is longer
        return made

    def cosines(self, question: str) -> Vector:
        """For every clause the cosine of its nearest text, and last that of the nearest question that no
        document answers, shape (clauses + 1,); 0 where there is none."""
        return self.prepare(question).result().clauses

    def shares(self, question: str) -> Vector:
        """How the nearest texts are shared out: for every clause the share of its texts, and last that of the
        questions that no document answers, each text counting the more the nearer it is, (clauses + 1,)."""
        return self.prepare(question).result().shares

    def sentences(
        self, question: str, clause: Clause, sentences: Sequence[tuple[str, str]]
    ) -> list[Told] | None:
        """What is told of each of a clause's sentences, given with their translations or "": the better of
        the two; None where they were not encoded."""
        rows = self._rows.get(clause.id)
        if rows is None:
            numbers = self._table.sentences
            found = [
                numbers.get(text_key(sentence_text(self._index.corpus, clause, text)), -1)
                for text, _ in sentences
            ]
            said = [numbers.get(text_key(text), own) for own, (_, text) in zip(found, sentences, strict=True)]
            rows = np.array([found, said] if found and min(found) >= 0 else [], np.intp)
            self._rows[clause.id] = rows
        if not rows.size:
            return None
        near, read = self._told(question, rows.reshape(-1))
        best: list[float] = near.reshape(rows.shape).max(0).tolist()
        if read is None:
            return [Told(one, None) for one in best]
        return [Told(*one) for one in zip(best, read.reshape(rows.shape).max(0).tolist(), strict=True)]

    def clause(self, question: str, clause_id: str) -> Told | None:
        """The same of what stands for a clause as a whole: its gist, or the first sentences of its text, or
        that of the clause above; None where there is none."""
        table = self._table
        number = self._numbers.get(clause_id)
        meaning = len(table.starts) if number is None else int(table.meaning[number])
        if meaning >= len(table.starts):
            return None
        near, read = self._told(question, table.starts[meaning : meaning + 1])
        return Told(float(near[0]), None if read is None else float(read[0]))

    def judging(self, question: str) -> Judging:
        """Judges sentences by reading them together with a question."""
        return self.prepare(question).result().judging

    def _told(self, question: str, rows: NDArray[np.integer]) -> tuple[Vector, Vector | None]:
        """Cosines of the texts in some rows, (n,), and the reader's log-odds, None without a reader."""
        made, table = self.prepare(question).result(), self._table
        texts = table.vectors[rows].astype(np.float32) / table.lengths[rows, None]
        near = np.einsum("ij,j->i", texts, made.query)
        return near, None if made.reading is None else made.reading.of(texts)

    def _compared(self, question: str) -> _Compared:
        table = self._table
        read = self._index.encoder.read(question)
        query = read[0]
        best, shares = np.zeros(0, np.float32), np.zeros(len(table.starts) + 1, np.float32)
        if len(table.starts):
            # The first directions tell most, so that they choose the texts that all are compared for.
            # Not `vectors @ query`: a threaded BLAS waits tens of milliseconds on a busy machine.
            each = np.einsum("ij,j->i", table.first, query[:FIRST])
            near = np.argpartition(each, -CHOSEN)[-CHOSEN:] if each.size > CHOSEN else np.arange(each.size)
            full = table.vectors[near].astype(np.float32)
            each[near] = np.einsum("ij,j->i", full, query) / table.lengths[near]
            best = np.maximum(np.maximum.reduceat(each, table.starts), 0)
            worth = np.exp(SHARPNESS * (each[near] - each[near].max()))
            owners = np.searchsorted(table.starts, near, "right") - 1
            shares += np.bincount(owners, worth / worth.sum(), len(shares)).astype(np.float32)
        clauses = np.append(best, np.float32(0))[table.meaning] * table.worth
        clauses += self._untold * (clauses > 0)
        reading = None if self._reader is None else self._reader.asked(query)
        judging = Judging(self._judge, question, read)
        return _Compared(query, reading, clauses, shares[table.meaning], judging)

    @cached_property
    def _reader(self) -> Reader | None:
        return Reader.beside(self._index.encoder.folder)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: n for n, name in enumerate(self._ids)}

    @cached_property
    def _untold(self) -> Vector:
        """What clauses of documents without annotations gain beside annotated ones."""
        corpus = self._index.corpus
        told = corpus.annotated_documents()
        plain = [bool(told) and corpus.clauses[name].document not in told for name in self._ids]
        return np.array([UNTOLD * one for one in (*plain, False)], np.float32)

    @cached_property
    def _table(self) -> _Table:
        known = self._index.meaning
        number = {name: n for n, name in enumerate(known.clauses)}
        last = number.pop(SENTENCES, len(number))
        begins = int(known.starts[last]) if last < len(known.starts) else len(known.keys)
        meaning = np.full(len(self._ids) + 1, len(number), np.intp)
        worth = np.zeros(len(self._ids) + 1, np.float32)
        meaning[-1], worth[-1] = number.get(UNANSWERED, len(number)), 1.0
        for row, name in enumerate(self._ids):
            above = reversed(self._index.corpus.clauses[name].path)
            for steps, one in enumerate((name, *above)):
                if one in number:
                    meaning[row], worth[row] = number[one], SHARED**steps
                    break
        first = known.vectors[:begins, :FIRST].astype(np.float32) / known.lengths[:begins, None]
        sentences = {key: begins + n for n, key in enumerate(known.keys[begins:].tolist())}
        return _Table(
            known.vectors, known.lengths, first, known.starts[: len(number)], meaning, worth, sentences
        )
