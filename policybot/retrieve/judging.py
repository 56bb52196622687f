"""How likely sentences of an index answer a question, judged by the cross-encoder beside its encoder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from policybot.corpus.model import Clause
from policybot.index.encoder.cross.model import CrossEncoder, Read
from policybot.index.encoder.meaning import sentence_text
from policybot.text import language_of

if TYPE_CHECKING:
    from policybot.index.open import Index

READ = 256  # texts whose states are kept, 60 kB each


class Cut(NamedTuple):
    """A sentence of a clause and its translation, or ""."""

    clause: Clause
    text: str
    english: str


class Judge:
    """Reads sentences together with questions, on all cores. Safe to share between threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: dict[str, Read] = {}
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, "judging")

    def text(self, sentence: Cut, language: str) -> str:
        """What is read of a sentence: its translation for an English question, where there is one."""
        if sentence.english and language != "zh":
            return sentence.english
        return sentence_text(self._index.corpus, sentence.clause, sentence.text)

    def odds(self, question: Read, texts: Sequence[str]) -> list[float] | None:
        """Log-odds that each text answers a question as the encoder read it; None without a cross-encoder."""
        cross = self._cross
        if cross is None:
            return None
        return list(self._threads.map(lambda text: cross.judge(question, self._read(text)), texts))

    def _read(self, text: str) -> Read:
        read = self._known.get(text)
        if read is None:
            if len(self._known) >= READ:
                self._known.clear()
            read = self._known[text] = self._index.encoder.read(text)
        return read

    @cached_property
    def _cross(self) -> CrossEncoder | None:
        return CrossEncoder.beside(self._index.encoder.folder)


class Judging:
    """A judge with a question put to it; a sentence is judged once."""

    def __init__(self, judge: Judge, question: str, read: Read) -> None:
        self._judge = judge
        self._language = language_of(question)
        self._question = read
        self._odds: dict[str, float] = {}

    def of(self, sentences: Sequence[Cut]) -> list[float] | None:
        """Log-odds that each sentence answers the question; None without a cross-encoder."""
        texts = [self._judge.text(sentence, self._language) for sentence in sentences]
        unknown = [text for text in dict.fromkeys(texts) if text not in self._odds]
        made = self._judge.odds(self._question, unknown)
        if made is None:
            return None
        self._odds.update(zip(unknown, made, strict=True))
        return [self._odds[text] for text in texts]
