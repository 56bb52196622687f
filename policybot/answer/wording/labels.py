"""English labels for what the documents name in Chinese: places, headings, columns, terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from policybot.facts.glossary import Glossary
from policybot.patterns import lazy_pattern
from policybot.text import is_han

_NUMBER_WORDS = lazy_pattern(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion|half|quarter)s?\b|\bthirds\b"
)
_LEAST = 0.8  # a gloss must account for this share of a text's Chinese characters
_LONGEST = 16
_KEPT = 4_096  # names whose English is remembered
_GRAMMAR = frozenset("的和与及或等在对于为以并将")


class Labels:
    """Names in the language of an answer.

    Args:
        glossary: term list with English labels.
        place: English name of a place or party, or None when it is none.
        phrases: English of whole names and list items of the corpus.
    """

    def __init__(
        self,
        glossary: Glossary,
        place: Callable[[str], str | None],
        phrases: Mapping[str, str] | None = None,
    ) -> None:
        self.glossary = glossary
        self.place = place
        self.phrases = phrases or {}
        self._english: dict[str, str] = {}  # by the Chinese, "" for none: the same names come up again

    def name(self, text: str, language: str) -> str:
        """A name in the answer's language; Chinese with its English label where one is known."""
        if language == "zh" or not any(is_han(c) for c in text):
            return text
        english = self.english(text)
        return f"{english} ({text})" if english else text

    def short(self, text: str, language: str) -> str:
        """As `name`, the English label alone where one is known."""
        if language == "zh" or not any(is_han(c) for c in text):
            return text
        return self.english(text) or text

    def item(self, text: str, language: str) -> str:
        """A list item: a place by its English name alone, anything else in Chinese with its English label."""
        if language == "zh" or not any(is_han(c) for c in text):
            return text
        return self.place(text.strip(" *")) or self.name(text, language)

    def english(self, text: str) -> str | None:
        """English for a whole Chinese name, term or short phrase, or None."""
        plain = text.strip(" *“”《》")
        known = self._english.get(plain)
        if known is None:
            made = (find(plain) for find in (self.place, self.phrases.get, self.glossary.english, self.gloss))
            known = next((english for english in made if english and _same_digits(english, plain)), "")
            if len(self._english) >= _KEPT:
                self._english.clear()
            self._english[plain] = known
        return known or None

    def gloss(self, text: str) -> str | None:
        """A phrase put together from the labels of its terms, when they cover nearly all of it."""
        words: list[str] = []
        han = covered = at = 0
        while at < len(text):
            if not is_han(text[at]):
                end = at
                while end < len(text) and not is_han(text[end]):
                    end += 1
                words.append(text[at:end].strip())
                at = end
                continue
            term = next((t for t in self._terms_from(text, at) if t in self._labels), None)
            size = len(term) if term else 1
            han += size
            if term:
                covered += size
                words.append(self._labels[term])
            elif text[at] in _GRAMMAR:
                covered += 1
            at += size
        if not han or covered < _LEAST * han:
            return None
        return re.sub(r"\s+", " ", " ".join(w for w in words if w)).strip()

    def terms(self, text: str, most: int = 8) -> list[tuple[str, str]]:
        """(Chinese, English) of the terms of a text that have labels, longest match, in order, once each."""
        found: dict[str, str] = {}
        at = 0
        while at < len(text):
            term = next((t for t in self._terms_from(text, at) if len(t) > 1 and t in self._labels), None)
            if term:
                found.setdefault(term, self._labels[term])
            at += len(term) if term else 1
        kept = [(zh, en) for zh, en in found.items() if _same_digits(en, zh)]
        return kept[:most]

    def list(self, items: Sequence[str], language: str, joiner: str) -> str:
        """Names joined for an answer."""
        return joiner.join(self.short(item, language) for item in items)

    @staticmethod
    def _terms_from(text: str, at: int) -> Sequence[str]:
        return [text[at : at + size] for size in range(min(_LONGEST, len(text) - at), 0, -1)]

    @cached_property
    def _labels(self) -> dict[str, str]:
        labels: dict[str, str] = {}
        for entry in self.glossary.entries:
            for place, term in enumerate(entry.zh):
                if place == 0 or term not in labels:
                    labels.setdefault(term, entry.en[0])
        return labels


def _same_digits(english: str, chinese: str) -> bool:
    """False for a label that brings in a number of its own (亿元 = "100 million yuan")."""
    digits = re.findall(r"\d+", english)
    return all(d in chinese for d in digits) and not _NUMBER_WORDS.search(english.lower())
