"""What a question is about: its content words as concepts, each with the wordings a document may use.

A concept is a stretch of the question ("电车", "pumped hydro") with alternatives: the words as asked,
the glossary's Chinese, the thesaurus' policy wording. Alternatives stand for one thing, so search counts
the best of them and never their sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from policybot.facts.glossary import Glossary, Match
from policybot.index.tokens import singular
from policybot.patterns import lazy_pattern
from policybot.retrieve.stopwords import StopWords
from policybot.text import is_han

ConceptKind = Literal["term", "name", "document", "number", "latin"]

# Weights of wordings relative to the words as asked. Set once on the development questions, like
# everything under data/weights.toml; here because they shape the question, not the ranking.
FURTHER = 0.8  # second and later translations of an English term
EVERYDAY = 0.85  # policy wording of an everyday word
SYNONYM = 0.35  # other translations of the English word that a Chinese term translates

_LATIN = lazy_pattern(r"[a-z][a-z0-9]*(?:[.+&'’/-][a-z0-9]+)*\d*|\d+(?:\.\d+)?[a-z]+")
_LONGEST_TERM = 16
_SHORT_TERM = 2  # characters of a word that may be two words run together


@dataclass(frozen=True, slots=True)
class Wording:
    """One way a document may put a concept; `weight` ≤ 1, 1 being the words as asked."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Concept:
    """A content word of the question.

    Attributes:
        asked: the words as they stand in the folded question.
        start, end: where they stand there.
        wordings: alternatives in Chinese (or the document's language), the surest first.
        kind: "term" a word or a run of Chinese, "name" a place or party, "document" part of a document's
            name, "number" a year or amount, "latin" a word in Latin letters without translation.
        known: False when no word list knows it.
    """

    asked: str
    start: int
    end: int
    wordings: tuple[Wording, ...]
    kind: ConceptKind = "term"
    known: bool = True


@dataclass(frozen=True)
class WordLists:
    """The glossary with what segmentation needs, made once."""

    glossary: Glossary
    stop: StopWords

    @cached_property
    def terms(self) -> frozenset[str]:
        """Chinese terms as documents use them, of glossary and thesaurus."""
        terms = {zh.lower() for entry in self.glossary.entries for zh in entry.zh}
        terms.update(wording.lower() for _, wordings in self.glossary.groups for wording in wordings)
        return frozenset(terms)

    @cached_property
    def lexicon(self) -> frozenset[str]:
        """Every Chinese word that must not be cut: terms, everyday and protected words."""
        forms = {form for group, _ in self.glossary.groups for form in group}
        return frozenset(t for t in self.terms | forms | self.stop.words if len(t) > 1)

    @cached_property
    def synonyms(self) -> dict[str, tuple[str, ...]]:
        """Chinese term → the other translations of the English words it translates."""
        found: dict[str, dict[str, None]] = {}
        for entry in self.glossary.entries:
            for term in entry.zh:
                others = found.setdefault(term.lower(), {})
                others.update((other.lower(), None) for other in entry.zh if other != term)
        return {term: tuple(others) for term, others in found.items() if others}


def concepts_of(
    text: str,
    lists: WordLists,
    taken: Iterable[tuple[int, int]] = (),
    numbers: Iterable[tuple[int, int]] = (),
) -> list[Concept]:
    """Concepts of a folded question, in order.

    Args:
        taken: stretches to leave out (years, clauses, places).
        numbers: stretches to leave out unless a term of the glossary holds them (ten actions).

    Chinese runs and Latin words are both looked at, whatever the language of the question.
    """
    blocked = _mask(text, taken)
    free = [a or b for a, b in zip(blocked, _mask(text, numbers), strict=True)]
    found = _chinese(text, lists, free)
    for concept in found:
        blocked[concept.start : concept.end] = [True] * (concept.end - concept.start)
        free[concept.start : concept.end] = [True] * (concept.end - concept.start)
    return sorted(found + _latin(text, lists, blocked, free), key=lambda concept: concept.start)


def _mask(text: str, spans: Iterable[tuple[int, int]]) -> list[bool]:
    mask = [False] * len(text)
    for start, end in spans:
        mask[start:end] = [True] * (end - start)
    return mask


def _latin(text: str, lists: WordLists, blocked: list[bool], free: list[bool]) -> list[Concept]:
    if not any(c.isascii() and c.isalpha() for c in text):
        return []
    found: list[Concept] = []
    covered = list(free)
    for match in lists.glossary.translate(text):
        span = slice(match.start, match.end)
        if any(blocked[span]) or all(free[span]) or _stop(text, match.start, match.end, lists.stop):
            continue
        covered[match.start : match.end] = [True] * (match.end - match.start)
        found.append(_translated(match, text))
    for word in _LATIN.finditer(text):
        if any(covered[word.start() : word.end()]) or _stop(text, *word.span(), lists.stop):
            continue
        if len(word.group()) == 1 and not _joined(text, word.start(), word.end()):
            continue
        found.append(Concept(word.group(), *word.span(), (Wording(word.group(), 1.0),), "latin", False))
    return found


def _stop(text: str, start: int, end: int, stop: StopWords) -> bool:
    """True for a word that says how the question is asked."""
    word = text[start:end]
    return word in stop.en or (word in stop.opening and text[:start].strip() in ("", "please"))


def _joined(text: str, start: int, end: int) -> bool:
    """True for a single letter that is a name by itself: quoted, or beside a plus or a Chinese word."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (
        before in tuple("+“\"'‘") or after in tuple('+”"') or (is_han(before or " ") or is_han(after or " "))
    )


def _translated(match: Match, text: str) -> Concept:
    asked = text[match.start : match.end]
    wordings = {term.lower(): (1.0 if n == 0 else FURTHER) for n, term in enumerate(match.zh)}
    # A document may be in English, or print the English term beside the Chinese one.
    wordings.setdefault(" ".join(singular(word) for word in asked.replace("-", " ").split()), 1.0)
    return Concept(asked, match.start, match.end, tuple(Wording(t, w) for t, w in wordings.items()))


def _chinese(text: str, lists: WordLists, blocked: list[bool]) -> list[Concept]:
    everyday = {m.start: m for m in lists.glossary.everyday(text)}
    found: list[Concept] = []
    run = 0  # start of a stretch that no list knows
    at = 0

    def close(end: int) -> None:
        piece = text[run:end]
        if piece:
            known = piece in lists.lexicon
            found.append(Concept(piece, run, end, (Wording(piece, 1.0),), "term", known))

    while at < len(text):
        if blocked[at] or not is_han(text[at]):
            close(at)
            at += 1
            run = at
            continue
        size = _term_at(text, at, lists.lexicon, blocked)
        stop = lists.stop.phrase_at(text, at)
        spoken = everyday.get(at)
        if spoken and spoken.end - spoken.start >= size and spoken.end - spoken.start > stop:
            close(at)
            found.append(_everyday(spoken, text, lists))
            at = run = spoken.end
        elif size > stop and not _cuts_term(text, at, size, stop, lists.lexicon, blocked):
            close(at)
            found.append(_listed(text, at, at + size, lists))
            at = run = at + size
        elif stop:
            close(at)
            at = run = at + stop
        else:
            at += 1
    close(at)
    return found


def _cuts_term(
    text: str, at: int, size: int, stop: int, lexicon: frozenset[str], blocked: list[bool]
) -> bool:
    """True for a short word made of a stop word and the start of a longer term (和平均分: not 和平)."""
    return size == _SHORT_TERM and 0 < stop < size and _term_at(text, at + stop, lexicon, blocked) > size


def _term_at(text: str, at: int, lexicon: frozenset[str], blocked: list[bool]) -> int:
    for size in range(min(_LONGEST_TERM, len(text) - at), 1, -1):
        if text[at : at + size] in lexicon and not any(blocked[at : at + size]):
            return size
    return 0


def _listed(text: str, start: int, end: int, lists: WordLists) -> Concept:
    term = text[start:end]
    wordings = {term: 1.0}
    for other in lists.synonyms.get(term, ()):
        wordings.setdefault(other, SYNONYM)
    return Concept(term, start, end, tuple(Wording(t, w) for t, w in wordings.items()))


def _everyday(match: Match, text: str, lists: WordLists) -> Concept:
    asked = text[match.start : match.end]
    wordings = {asked: 1.0}
    for term in match.zh:
        wordings.setdefault(term.lower(), EVERYDAY)
    for other in lists.synonyms.get(asked, ()):
        wordings.setdefault(other, SYNONYM)
    return Concept(asked, match.start, match.end, tuple(Wording(t, w) for t, w in wordings.items()))
