"""What the cross-encoder is trained on: clauses and invented passages, sentence by sentence, with questions.

What the encoder's training leaves out (`policybot.index.encoder.material`) is left out here as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from policybot.corpus.model import Corpus
from policybot.index.encoder.invented import read_invented
from policybot.index.encoder.material import HOLDING, held_unanswered, used_unanswered
from policybot.index.encoder.meaning import gist_of, sentence_text, sentences_of


@dataclass
class Source:
    """A clause or passage: `texts` are its sentences in each language (zh, en; equal numbers or one of them
    empty), `asked` its questions with the sentences that answer each (from 0; none where that is not known),
    `unanswered` questions that it does not answer."""

    name: str
    gist: str
    texts: tuple[list[str], list[str]]
    asked: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


def clause_sources(corpus: Corpus) -> list[Source]:
    """The annotated clauses, without the questions that are left out of training."""
    made = []
    for name, note in corpus.annotations.items():
        clause = corpus.clauses[name]
        own = [sentence_text(corpus, clause, piece) for piece in sentences_of(clause)] or [clause.text.text]
        english = list(note.english) if len(note.english) == len(own) else []
        source = Source(name, gist_of(note), (own, english))
        pairs = note.pairs[:-1] if len(note.pairs) >= HOLDING else note.pairs
        answers = note.answers[: len(pairs)] or [()] * len(pairs)
        for pair, right in zip(pairs, answers, strict=True):
            known = tuple(n - 1 for n in right) if len(own) > 1 else (0,)
            source.asked += [(text, known) for text in pair]
        known = (0,) if len(own) == 1 else ()
        source.asked += [(text, known) for text in (*note.questions_zh, *note.questions_en)]
        source.unanswered += [text for pair in used_unanswered(note) for text in pair]
        made.append(source)
    return made


def passage_sources() -> list[Source]:
    """The invented passages."""
    made = []
    for passage in read_invented():
        own, english = (
            [f"{head} {one}".strip() for one in said]
            for head, said in zip(passage.heads, passage.sentences, strict=True)
        )
        source = Source(passage.id, passage.gist, (own, english))
        answers = passage.answers or [()] * len(passage.pairs)
        for pair, right in zip(passage.pairs, answers, strict=True):
            source.asked += [(text, tuple(n - 1 for n in right)) for text in pair]
        source.unanswered += [text for pair in passage.unanswered for text in pair]
        made.append(source)
    return made


def texts_of(sources: Iterable[Source]) -> Iterator[str]:
    """Everything that sources hold."""
    for source in sources:
        yield from (source.gist, *source.texts[0], *source.texts[1])
        yield from (text for text, _ in source.asked)
        yield from source.unanswered


@dataclass(frozen=True)
class Held:
    """Questions that training never sees: `asked` with the sentences of their clause and the numbers of those
    that answer each, and all `answerable` and `unanswerable` ones."""

    asked: list[tuple[str, list[str], tuple[int, ...]]]
    answerable: list[str]
    unanswerable: list[str]

    def texts(self) -> Iterator[str]:
        """Everything to encode."""
        for question, own, _ in self.asked:
            yield from (question, *own)
        yield from (*self.answerable, *self.unanswerable)


def held_out(corpus: Corpus) -> Held:
    """The questions of the annotations that `clause_sources` leaves out."""
    asked: list[tuple[str, list[str], tuple[int, ...]]] = []
    answerable: list[str] = []
    for name, note in corpus.annotations.items():
        if len(note.pairs) < HOLDING:
            continue
        answerable += note.pairs[-1]
        clause = corpus.clauses[name]
        own = [sentence_text(corpus, clause, piece) for piece in sentences_of(clause)]
        if len(own) > 1 and note.answers and note.answers[-1]:
            right = tuple(n - 1 for n in note.answers[-1])
            asked += [(text, own, right) for text in note.pairs[-1]]
    return Held(asked, answerable, [text for pair in held_unanswered(corpus) for text in pair])
