"""What the encoder is trained on: words and sentences in both languages, clauses with their questions.

``data/words.csv`` (``zh``, ``en``; English forms separated by ";", best first) and ``data/sentences.csv``
(``zh``, ``en``) hold everyday and administrative language of all fields, written for this purpose. Glossary,
thesaurus and annotations add the field's own. ``data/passages.jsonl`` holds invented passages of all subjects
in both languages with questions about them, so that the encoder learns to understand questions and not this
corpus alone. No evaluation question is among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from policybot.corpus.model import Annotation, Clause, Corpus
from policybot.facts.glossary import Glossary
from policybot.index.encoder.invented import Invented, read_invented
from policybot.index.encoder.lists import DATA, read_pairs, read_sentences
from policybot.index.encoder.meaning import gist_of, sentence_text, sentences_of
from policybot.index.passages import body_text, sentence_windows

BODY = 160  # characters of a short clause's text
HOLDING = 5  # pairs of questions from which on a clause's last one is left out of training
HOLDING_UNANSWERED = 2  # … of those that no document answers
EACH = 5  # of the questions that belong to no clause every fifth is left out


@dataclass(frozen=True, slots=True)
class WordPair:
    """Chinese words and English ones that mean the same, the commonest first."""

    chinese: tuple[str, ...]
    english: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """A question in both languages and the sentences that answer it, each as encoded and as translated."""

    question: tuple[str, str]
    sentences: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ClauseMaterial:
    """A clause or an invented passage: English gist, questions in each language, and stretches of its own
    text under its heading; `unanswered` are questions beside its subject that it does not answer, `answered`
    those of which it is known which of several sentences answers them."""

    clause: str
    gist: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    texts: tuple[str, ...]
    unanswered: tuple[str, ...] = ()
    answered: tuple[Answered, ...] = ()

    def questions(self, language: str) -> tuple[str, ...]:
        """The questions in "zh" or "en"."""
        return self.chinese if language == "zh" else self.english


@dataclass(frozen=True)
class Material:
    """Everything. `words` name a thing each, `sentences` are (Chinese, English) of the same meaning.

    `passages` are invented ones, of other subjects and in both languages. `held` are (clause, Chinese,
    English): a question of each clause that training never sees.
    """

    words: list[WordPair]
    sentences: list[tuple[str, str]]
    clauses: list[ClauseMaterial]
    passages: list[ClauseMaterial]
    held: list[tuple[str, str, str]]


def used_unanswered(note: Annotation) -> tuple[tuple[str, str], ...]:
    """The questions beside a clause that no document answers, without the one left out of training."""
    return note.unanswered[:-1] if len(note.unanswered) >= HOLDING_UNANSWERED else note.unanswered


def held_unanswered(corpus: Corpus) -> list[tuple[str, str]]:
    """(Chinese, English) of the questions without an answer that training never sees."""
    held = [n.unanswered[-1] for n in corpus.annotations.values() if len(n.unanswered) >= HOLDING_UNANSWERED]
    return held + [pair for n, pair in enumerate(corpus.unanswered, 1) if not n % EACH]


def material(corpus: Corpus, glossary: Glossary, data: Path = DATA) -> Material:
    """The material of a corpus' annotations, the glossary, the word and sentence lists and the passages."""
    words = [WordPair(tuple(entry.zh), tuple(entry.en)) for entry in glossary.entries]
    words += [WordPair((zh,), tuple(en.split(";"))) for zh, en in read_pairs(data / "words.csv")]
    words += _everyday(glossary, words)
    sentences = read_sentences(data)
    clauses, held = [], []
    for name, note in corpus.annotations.items():
        clause = corpus.clauses[name]
        body = body_text(corpus, clause)
        texts = sentence_windows(body) or [body[:BODY]]
        pairs = note.pairs
        if len(pairs) >= HOLDING:
            held.append((name, *pairs[-1]))
            pairs = pairs[:-1]
        clauses.append(
            ClauseMaterial(
                name,
                gist_of(note),
                (note.title_zh, *note.questions_zh, *(chinese for chinese, _ in pairs)),
                (*note.questions_en, *(english for _, english in pairs)),
                tuple(f"{clause.heading} {text}".strip() for text in texts),
                tuple(question for pair in used_unanswered(note) for question in pair),
                _answered(corpus, clause, note, len(pairs)),
            )
        )
        sentences += [(note.title_zh, note.title_en), *pairs, *used_unanswered(note)]
    sentences += [pair for n, pair in enumerate(corpus.unanswered, 1) if n % EACH]
    passages = []
    for passage, said in read_passages(data):
        passages.append(passage)
        sentences += said
    return Material(words, sentences, clauses, passages, held)


def _answered(corpus: Corpus, clause: Clause, note: Annotation, used: int) -> tuple[Answered, ...]:
    """The first `used` pairs of a note that single sentences answer."""
    own = sentences_of(clause)
    if len(own) < 2 or not note.answers:
        return ()
    said = [
        tuple(dict.fromkeys((sentence_text(corpus, clause, text), *english)))
        for text, *english in zip(own, *([note.english] if note.english else []), strict=True)
    ]
    asked = zip(note.pairs[:used], note.answers[:used], strict=True)
    return tuple(Answered(pair, tuple(said[n - 1] for n in right)) for pair, right in asked if right)


def read_passages(data: Path = DATA) -> Iterator[tuple[ClauseMaterial, list[tuple[str, str]]]]:
    """The invented passages, each with all that it says in both languages: (Chinese, English).

    Raises:
        ModelError: they are missing, as in an installed package.
    """
    for passage in read_invented(data):
        bodies = ("".join(passage.sentences[0]), " ".join(passage.sentences[1]))
        said = [*zip(*passage.sentences, strict=True), *passage.pairs, *passage.unanswered]
        yield (
            ClauseMaterial(
                passage.id,
                passage.gist,
                (passage.heads[0], *(zh for zh, _ in passage.pairs)),
                tuple(en for _, en in passage.pairs),
                tuple(
                    f"{head} {text}".strip()
                    for head, own in zip(passage.heads, bodies, strict=True)
                    for text in sentence_windows(own) or [own]
                ),
                tuple(question for pair in passage.unanswered for question in pair),
                _answered_here(passage),
            ),
            [passage.heads, *said] if passage.heads[1] else said,
        )


def _answered_here(passage: Invented) -> tuple[Answered, ...]:
    """The pairs of a passage of which it is known which of its sentences answer them."""
    both = [
        tuple(f"{head} {text}".strip() for head, text in zip(passage.heads, pair, strict=True))
        for pair in zip(*passage.sentences, strict=True)
    ]
    return tuple(
        Answered(pair, tuple(both[n - 1] for n in right))
        for pair, right in zip(passage.pairs, passage.answers or [()] * len(passage.pairs), strict=True)
        if right
    )


def _everyday(glossary: Glossary, words: Sequence[WordPair]) -> Iterator[WordPair]:
    """Everyday Chinese words with the English of the terms they stand for."""
    english: Mapping[str, str] = {word: pair.english[0] for pair in reversed(words) for word in pair.chinese}
    for group in glossary.groups:
        named = tuple(dict.fromkeys(english[term] for term in group.terms if term in english))
        if named:
            yield WordPair(tuple(group.everyday), named)
