"""How much of a question is in the clause's own words.

A search finds a question in the clause's own words without any annotation; the others are what annotations
are for. Chinese: the share of the question's pairs of characters that stand in the clause, its headings or
its table. English, which the clause is not in: the share of its words that stand in the gist or the title.
Question words and names of the document count on neither side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from policybot.annotate.numbers import stated
from policybot.corpus.model import Annotation, Clause, Corpus
from policybot.facts.glossary import base_forms
from policybot.patterns import lazy_pattern
from policybot.retrieve.stopwords import load_stop_words
from policybot.text import fold, is_han

# A question of which at most this share stands in the clause says it in other words.
OTHER_WORDS = 0.5
_WORD = lazy_pattern(r"[a-z]+")


@dataclass(frozen=True)
class OwnWords:
    """What one clause's questions are compared with."""

    text: str
    words: frozenset[str]
    names_zh: tuple[str, ...]
    names_en: frozenset[str]

    @staticmethod
    def of(corpus: Corpus, clause: Clause, annotation: Annotation) -> OwnWords:
        """For a clause and what is written beside it."""
        above = (corpus.clauses[name] for name in clause.path)
        headings = "\n".join(c.heading for c in above)
        document = corpus.documents.get(clause.document)
        names = (document.title_zh, document.short_zh, *document.aliases) if document else ()
        english = (document.title_en, document.short_en, *document.aliases) if document else ()
        return OwnWords(
            fold(f"{headings}\n{clause.heading}\n{stated(corpus, clause)}"),
            frozenset(_words(f"{annotation.title_en} {annotation.gist_en}")),
            tuple(sorted((fold(name.strip("《》")) for name in names), key=len, reverse=True)),
            frozenset(_words(" ".join(english))),
        )

    def share(self, question: str) -> float:
        """Share of the question that is in the clause's own words, in 0…1; 0 for one without content."""
        if any(map(is_han, question)):
            pairs = self._pairs(fold(question))
            return _share(pair in self.text for pair in pairs)
        content = [w for w in _words(question) if w not in self.names_en]
        return _share(word in self.words for word in content)

    def other_words(self, questions: Iterable[str]) -> float:
        """Share of the questions that say it in other words."""
        return _share(self.share(q) <= OTHER_WORDS for q in questions)

    def _pairs(self, text: str) -> list[str]:
        for name in self.names_zh:
            text = text.replace(name, " ")
        stop = load_stop_words()
        kept, at = [], 0
        while at < len(text):
            size = stop.phrase_at(text, at)
            kept.append(" " if size else text[at])
            at += size or 1
        runs = re.split(r"[^\u4e00-\u9fff]+", "".join(kept))
        return [run[i : i + 2] for run in runs for i in range(len(run) - 1)]


def _words(text: str) -> list[str]:
    stop = load_stop_words()
    return [
        min(base_forms(w), key=lambda f: (len(f), f)) for w in _WORD.findall(fold(text)) if w not in stop.en
    ]


def _share(flags: Iterable[bool]) -> float:
    known = list(flags)
    return sum(known) / len(known) if known else 0.0
