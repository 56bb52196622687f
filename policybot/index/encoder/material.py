"""What the encoder is trained on: words and sentences in both languages, clauses with their questions.

``data/words.csv`` (``zh``, ``en``; English forms separated by ";", best first) and ``data/sentences.csv``
(``zh``, ``en``) hold everyday and administrative language of all fields, written for this purpose. Glossary,
thesaurus and annotations add the field's own. No evaluation question is among them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from policybot.corpus.model import Annotation, Corpus
from policybot.facts.glossary import Glossary
from policybot.index.passages import body_text, sentence_windows

DATA = Path(__file__).resolve().parent / "data"
BODY = 160  # characters of a short clause's text
HOLDING = 5  # pairs of questions from which on a clause's last one is left out of training


@dataclass(frozen=True, slots=True)
class WordPair:
    """Chinese words and English ones that mean the same, the commonest first."""

    chinese: tuple[str, ...]
    english: tuple[str, ...]


@dataclass(frozen=True)
class ClauseMaterial:
    """A clause: English gist, questions in each language, and stretches of its own text under its heading."""

    clause: str
    gist: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    texts: tuple[str, ...]

    def questions(self, language: str) -> tuple[str, ...]:
        """The questions in "zh" or "en"."""
        return self.chinese if language == "zh" else self.english


@dataclass(frozen=True)
class Material:
    """Everything. `words` name a thing each, `sentences` are (Chinese, English) of the same meaning.

    `held` are (clause, Chinese, English): a question of each clause that training never sees.
    """

    words: list[WordPair]
    sentences: list[tuple[str, str]]
    clauses: list[ClauseMaterial]
    held: list[tuple[str, str, str]]


def gist_of(annotation: Annotation) -> str:
    """The English that stands for a clause."""
    return f"{annotation.title_en}: {annotation.gist_en}"


def material(corpus: Corpus, glossary: Glossary, data: Path = DATA) -> Material:
    """The material of a corpus' annotations, the glossary and the word and sentence lists."""
    words = [WordPair(tuple(entry.zh), tuple(entry.en)) for entry in glossary.entries]
    words += [WordPair((zh,), tuple(en.split(";"))) for zh, en in _rows(data / "words.csv")]
    words += _everyday(glossary, words)
    sentences = list(_rows(data / "sentences.csv"))
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
            )
        )
        sentences += [(note.title_zh, note.title_en), *pairs]
    return Material(words, sentences, clauses, held)


def _everyday(glossary: Glossary, words: Sequence[WordPair]) -> Iterator[WordPair]:
    """Everyday Chinese words with the English of the terms they stand for."""
    english: Mapping[str, str] = {word: pair.english[0] for pair in reversed(words) for word in pair.chinese}
    for group in glossary.groups:
        named = tuple(dict.fromkeys(english[term] for term in group.terms if term in english))
        if named:
            yield WordPair(tuple(group.everyday), named)


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["zh"], row["en"]
