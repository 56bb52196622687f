"""Vectors of what the clauses of a corpus mean: of their annotations, else of the text itself."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from policybot.corpus.annotations import clause_sentences
from policybot.corpus.model import Annotation, Clause, Corpus
from policybot.index.encoder.model import SentenceEncoder
from policybot.index.passages import LEAD_IN, body_text, sentence_windows
from policybot.patterns import lazy_pattern

FILE = "meaning.npz"
UNANSWERED = ""  # stands for a clause where the questions are that no document answers
SENTENCES = "."  # … and where the single sentences of clauses are
LEVELS = 26  # whole numbers a direction has each way: cosines change by 0.005, files shrink by a third
SHORT = 4  # characters below which a clause's text says nothing
_LEANING = lazy_pattern(
    r"(?:It|Its|They|Their|This|That|These|Those|Such|He|She|The (?:same|latter|former|limit|amount))\b"
    r"|[其该此这]|上述|前述|前款|逾期"
)
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Meaning:
    """What clauses mean.

    Attributes:
        clauses: ids, each once, in reading order; `UNANSWERED` and `SENTENCES` come last.
        starts: row at which each clause's vectors start, shape (clauses,).
        keys: hash of the text of each row, uint64, shape (n,).
        vectors: int8, shape (n, d), directions only: divided by `lengths`, float32, shape (n,), they are
            unit vectors.
    """

    clauses: list[str]
    starts: NDArray[np.int64]
    keys: NDArray[np.uint64]
    vectors: NDArray[np.int8]
    lengths: Vectors

    def known(self) -> dict[int, NDArray[np.int8]]:
        """Vectors by the hash of their text."""
        return dict(zip(self.keys.tolist(), self.vectors, strict=True))

    def save(self, path: Path) -> None:
        """Write to a file that is read at once, as an index needs it."""
        np.savez(path, **self._texts(), vectors=self.vectors, lengths=self.lengths)

    def save_packed(self, path: Path) -> None:
        """Write to a file two thirds as large, as a package needs it: a direction's numbers stand together
        (the later directions have small ones) and are compressed."""
        np.savez_compressed(path, **self._texts(), columns=self.vectors.T)

    def _texts(self) -> dict[str, Any]:
        names = np.array([name.encode() for name in self.clauses]) if self.clauses else np.empty(0, "S1")
        return {"clauses": names, "starts": self.starts, "keys": self.keys}

    @classmethod
    def load(cls, path: Path) -> Meaning:
        """Read a file that `save` or `save_packed` wrote.

        Raises:
            OSError, ValueError, KeyError: it is missing or damaged.
        """
        try:
            with np.load(path, allow_pickle=False) as data:
                names = [name.decode() for name in data["clauses"].tolist()]
                packed = "columns" in data
                vectors = np.ascontiguousarray(data["columns"].T) if packed else data["vectors"]
                lengths = lengths_of(vectors) if packed else data["lengths"]
                made = cls(names, data["starts"], data["keys"], vectors, lengths)
        except (BadZipFile, zlib.error) as error:
            raise ValueError(str(error)) from error
        if len(made.starts) != len(names) or not len(made.keys) == len(made.vectors) == len(made.lengths):
            raise ValueError("vectors do not fit the clauses")
        return made


def gist_of(annotation: Annotation) -> str:
    """The English that stands for a clause."""
    return f"{annotation.title_en}: {annotation.gist_en}"


def meaning_texts(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """(clause, text) of everything that is encoded, the texts of a clause one after the other.

    An annotated clause is its gist and its likely questions; another one that is no table row its own
    sentences under its heading. Under `UNANSWERED` stand the questions that no document answers, under
    `SENTENCES` the single sentences of clauses, and their translations.
    """
    for clause in corpus.clauses.values():
        for text in _texts(corpus, clause):
            yield clause.id, text
    for pairs in (*(note.unanswered for note in corpus.annotations.values()), corpus.unanswered):
        for text in (question for pair in pairs for question in pair):
            yield UNANSWERED, text
    for clause in corpus.clauses.values():
        for text in () if clause.kind == "row" else sentences_of(clause):
            yield SENTENCES, sentence_text(corpus, clause, text)
        note = corpus.annotations.get(clause.id)
        for text in note.english if note is not None else ():
            yield SENTENCES, text


def sentences_of(clause: Clause) -> Sequence[str]:
    """The sentences of a clause, as they stand in its text."""
    return [clause.text.text[start:end] for start, end in clause_sentences(clause)]


def sentence_text(corpus: Corpus, clause: Clause, sentence: str) -> str:
    """What is encoded for a sentence: it stands under its clause's heading, and where no translation tells
    what "it" is behind the sentence that does."""
    before = ""
    if clause.id not in corpus.annotations and _LEANING.match(sentence):
        text = clause.text.text
        spans = clause_sentences(clause)
        at = next((n for n, (start, end) in enumerate(spans) if text[start:end] == sentence), 0)
        before = text[slice(*spans[at - 1])] + " " if at else ""
    return f"{_head(corpus, clause)} {before}{sentence}".strip()


def _head(corpus: Corpus, clause: Clause) -> str:
    """What a clause's own text stands under. Where no annotation says what it is about, that is the nearest
    heading above and the words that introduce a list ("This does not apply to:") as well."""
    if clause.heading or clause.id in corpus.annotations:
        return clause.heading
    parts: list[str] = []
    for above in (corpus.clauses[i] for i in reversed(clause.path)):
        if above.heading:
            parts.append(above.heading)
            break
        if not parts and above.text.text.rstrip().endswith(("：", ":")):
            parts.append(above.text.text.rstrip()[-LEAD_IN:])
    return " ".join(reversed(parts))


def _texts(corpus: Corpus, clause: Clause) -> Sequence[str]:
    note = corpus.annotations.get(clause.id)
    if note is not None:
        return (gist_of(note), *note.asked_zh, *note.asked_en)
    if clause.kind == "row":
        return ()
    body = body_text(corpus, clause)
    if len(body) + len(clause.heading) < SHORT:
        return ()
    head = _head(corpus, clause)
    return [f"{head} {text}".strip() for text in sentence_windows(body) or [body]]


def make_meaning(corpus: Corpus, encoder: SentenceEncoder, known: Iterable[Meaning] = ()) -> Meaning:
    """The meaning of a corpus.

    Args:
        known: vectors that the same encoder made earlier, the last ones first choice; only texts that none
            of them holds are encoded.

    Raises:
        ModelError: the encoder's files are missing or damaged.
    """
    texts = list(meaning_texts(corpus))
    vectors: dict[int, NDArray[np.int8]] = {}
    for earlier in known:
        vectors.update(earlier.known())
    new = list(dict.fromkeys(text for _, text in texts if text_key(text) not in vectors))
    if new:
        vectors.update(zip(map(text_key, new), as_int8(encoder.encode_many(new)), strict=True))
    return arranged(texts, vectors, encoder.dimension)


def shipped_meaning(encoder: SentenceEncoder) -> list[Meaning]:
    """The vectors that lie beside an encoder: of the built-in documents when it is the shipped one."""
    try:
        return [Meaning.load(encoder.folder / FILE)]
    except (OSError, ValueError, KeyError):
        return []  # they only save time


def text_key(text: str) -> int:
    """The hash by which a text's vector is kept."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def as_int8(vectors: Vectors) -> NDArray[np.int8]:
    """Directions of vectors as int8, shape unchanged."""
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    scaled: NDArray[np.int8] = np.round(vectors / largest * LEVELS).astype(np.int8)
    return scaled


def lengths_of(vectors: NDArray[np.int8]) -> Vectors:
    """Lengths of int8 vectors (n, d), shape (n,), at least 1."""
    squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.int32)
    lengths: Vectors = np.maximum(np.sqrt(squares), 1).astype(np.float32)
    return lengths


def arranged(
    texts: Sequence[tuple[str, str]], vectors: Mapping[int, NDArray[np.int8]], dimension: int
) -> Meaning:
    """The meaning of a corpus from its texts and the vectors of all of them by `text_key`."""
    names: list[str] = []
    starts: list[int] = []
    keys = [text_key(text) for _, text in texts]
    for row, (name, _) in enumerate(texts):
        if not names or names[-1] != name:
            names.append(name)
            starts.append(row)
    rows = np.array([vectors[key] for key in keys], np.int8).reshape(len(keys), dimension)
    return Meaning(names, np.array(starts, np.int64), np.array(keys, np.uint64), rows, lengths_of(rows))
