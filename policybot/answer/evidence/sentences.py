"""The sentences of a clause, each with its unofficial translation where the annotation has one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

from policybot.answer.matching.match import Concept, norm
from policybot.corpus.annotations import clause_sentences
from policybot.corpus.model import Clause
from policybot.patterns import lazy_pattern
from policybot.text import fold

_MARKS = lazy_pattern(r"[^\w%.]+")
_LABEL = lazy_pattern(
    r"^\s*(?:——|[（(]?[一二三四五六七八九十]+[）)、]|\d{1,2}[.．]\s|第[一二三四五六七八九十]+条"
    r"|(?i:table|figure|box|annex|part|title|chapter|section|article)\s+(?:\d+|[IVXLC]+|[A-Z])\s*[.:–—-]?\s*)"
)
_LONGEST_LABEL = 24  # characters before a heading that are its number


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a clause: offsets in the clause's text, its normalised form, the one before it; and its
    unofficial translation, "" where there is none, also as words with a blank before each."""

    clause: Clause
    start: int
    end: int
    text: str
    norm: str
    before: str
    heading: bool = False
    english: str = ""
    spoken: str = ""


def spoken(concept: Concept, sentence: Sentence) -> bool:
    """Whether a sentence's translation has an English word of the question."""
    return bool(sentence.spoken) and concept.word.isascii() and f" {concept.stem}" in sentence.spoken


def spaced(text: str) -> str:
    """Words with a blank before each."""
    return f" {_MARKS.sub(' ', fold(text))} "


def cut(clause: Clause, english: Sequence[str] = ()) -> Iterator[Sentence]:
    """The sentences of a clause that are more than a label, with their translations if there are any."""
    text = clause.text.text
    before = ""
    for (start, end), said in zip(clause_sentences(clause), english or repeat(""), strict=False):
        piece = text[start:end]
        label = _LABEL.match(piece)
        heading = (
            bool(clause.heading)
            and start <= 4
            and clause.heading in piece
            and (len(piece) <= len(clause.heading) + 8 or _is_heading(piece, clause.heading))
        )
        if label and label.end() >= len(piece):
            continue
        normal = norm(piece)
        told = spaced(said) if said else ""
        yield Sentence(clause, start, end, piece, normal, before, heading, said, told)
        before = normal


def _is_heading(piece: str, heading: str) -> bool:
    """Whether a piece is a number and the heading after it: "Article 16 – Secretariat"."""
    number = piece.removesuffix(heading)
    label = _LABEL.match(piece)
    return label is not None and label.end() >= len(number) and len(number) <= _LONGEST_LABEL
