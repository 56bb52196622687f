"""Draws what the cross-encoder is shown at a time: questions with sentences beside them.

A question is shown with the sentences of its own clause or passage and with some that the encoder takes to be
near it. Where it is not known which of its own answer it, one of them has to. A question that no document
answers is shown with sentences it was written beside and near ones, of which none does.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policybot.index.encoder.cross.settings import CrossSettings
from policybot.index.encoder.cross.sources import Source
from policybot.index.encoder.model import SentenceEncoder

NEAR = 24  # sentences nearest to a question, among which wrong ones are drawn
BLOCK = 2000  # questions that are looked around for at once
COPY = 0.9  # cosine of gists from which on two clauses say the same
ENGLISH = 0.45  # share of the clauses and passages that are shown in English
Matrix = NDArray[np.float32]


class Texts:
    """What is trained on, encoded: of each text its vector and the states of its units."""

    def __init__(self, encoder: SentenceEncoder, texts: Iterable[str], longest: int) -> None:
        self.rows = {text: n for n, text in enumerate(dict.fromkeys(texts))}
        with ThreadPoolExecutor() as pool:
            read = list(pool.map(encoder.read, self.rows))
        self.vectors: Matrix = np.array([vector for vector, _ in read], np.float32)
        self.states = [states[:longest].astype(np.float16) for _, states in read]

    def __getitem__(self, text: str) -> int:
        return self.rows[text]


@dataclass(frozen=True)
class Shown:
    """A question and sentences beside it, as numbers of `Texts`; which of them may answer it, and whether it
    is sure that each of these does."""

    question: int
    texts: list[int]
    right: list[bool]
    sure: bool


class Draws:
    """Draws questions with sentences beside them.

    Args:
        sources: clauses, the first `clauses` of these, and passages; a question is never shown with sentences
            of the other kind.
        texts: all that they hold.
    """

    def __init__(
        self, sources: Sequence[Source], clauses: int, texts: Texts, settings: CrossSettings
    ) -> None:
        self.texts, self.settings = texts, settings
        self.chance = random.Random(settings.seed)
        gists = texts.vectors[[texts[source.gist] for source in sources]]
        self.alike = gists @ gists.T > COPY
        self.sentences = [tuple([texts[t] for t in one] for one in source.texts) for source in sources]
        self.asked: tuple[list[tuple[int, str, tuple[int, ...]]], ...] = ([], [])
        self.beside: tuple[list[tuple[int, str]], ...] = ([], [])
        for number, source in enumerate(sources):
            kind = int(number >= clauses)
            self.asked[kind].extend((number, text, right) for text, right in source.asked)
            self.beside[kind].extend((number, text) for text in source.unanswered)
        self.near: dict[tuple[int, str], list[int]] = {}
        for kind, numbers in enumerate((range(clauses), range(clauses, len(sources)))):
            self._look_around(kind, numbers)

    def _look_around(self, kind: int, numbers: Iterable[int]) -> None:
        """For each question the nearest sentences of others than its own clause or passage."""
        pool = [(n, row) for n in numbers for rows in self.sentences[n] for row in rows]
        if not pool:
            return
        owners, rows = np.array(pool).T
        vectors = self.texts.vectors[rows]
        whole = [(n, text) for n, text, _ in self.asked[kind]] + self.beside[kind]
        for start in range(0, len(whole), BLOCK):
            part = whole[start : start + BLOCK]
            scores = self.texts.vectors[[self.texts[text] for _, text in part]] @ vectors.T
            scores[self.alike[[n for n, _ in part]][:, owners]] = -9
            found = np.argpartition(-scores, min(NEAR, len(rows) - 1), axis=1)[:, :NEAR]
            there = np.take_along_axis(scores, found, axis=1) > -1
            for key, near, kept in zip(part, rows[found], there, strict=True):
                self.near[key] = near[kept].tolist()

    def draw(self) -> list[Shown]:
        """One batch."""
        settings = self.settings
        made = [self._answered(self._kind(self.asked)) for _ in range(settings.questions)]
        return made + [self._unanswered(self._kind(self.beside)) for _ in range(settings.unanswered)]

    def _kind(self, given: Sequence[Sequence[object]]) -> int:
        """0 for clauses, 1 for passages."""
        return int(bool(given[1]) and (not given[0] or self.chance.random() < self.settings.passages))

    def _answered(self, kind: int) -> Shown:
        chance, shown = self.chance, self.settings.shown
        number, question, right = chance.choice(self.asked[kind])
        own = self._own(number)
        if right:
            others = [row for n, row in enumerate(own) if n not in right]
            fitting = [own[n] for n in right][:2]
            others = chance.sample(others, min(shown // 3, len(others)))
        else:  # one of them answers it: nearly all must be there
            fitting, others = own[: shown + 2], []
        near = self.near[number, question]
        others += chance.sample(near, min(max(2, shown - len(fitting) - len(others)), len(near)))
        fits = [True] * len(fitting) + [False] * len(others)
        return Shown(self.texts[question], [*fitting, *others], fits, bool(right))

    def _unanswered(self, kind: int) -> Shown:
        chance = self.chance
        number, question = chance.choice(self.beside[kind])
        own, near = self._own(number), self.near[number, question]
        rows = chance.sample(own, min(3, len(own))) + chance.sample(near, min(2, len(near)))
        return Shown(self.texts[question], rows, [False] * len(rows), True)

    def _own(self, number: int) -> list[int]:
        chinese, english = self.sentences[number]
        return english if english and (not chinese or self.chance.random() < ENGLISH) else chinese
