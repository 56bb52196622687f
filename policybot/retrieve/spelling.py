"""Slips of the keyboard: a word nobody knows, one letter or character away from a known term.

Only asked for words that neither the word lists nor the indexed documents have, so a rare word that
the documents use is never touched, nor is a common English one that they do not use. One change per word;
short words are left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from functools import cached_property

from policybot.index.encoder.lists import latin_words
from policybot.patterns import lazy_pattern
from policybot.retrieve.homophones import Homophones
from policybot.retrieve.terms import Concept, WordLists
from policybot.text import is_han

SHORTEST_LATIN = 7  # letters of a word that is looked for among all terms
SHORTEST_OFTEN = 5  # … among the words that are often written
SHORTEST_SWAPPED = 4  # … where two neighbours are swapped (yaer) or a letter stands once or twice (sesion)
SHORTEST_JOINED = 7  # … of two words without the blank between them (citiesand)
OFTEN = 3  # times that a word outside the glossary must be written to be known
SHORTEST_CHINESE = 4  # characters of the term that is meant; 天气 is a word of its own and not 天然气
LONGEST_CHINESE = 8
_ANY = "?"
_JOINING = frozenset({"a", "an", "and", "are", "by", "for", "in", "is", "of", "on", "or", "the", "to"})
_ENDINGS = ("s", "es", "ed", "ing", "er", "est", "ly")
_WORD = lazy_pattern(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Respelling:
    """What was written at start..end of a question, and what it is read as."""

    start: int
    end: int
    written: str
    read: str


class Speller:
    """Finds the known term that a misspelt word stands for; its tables are made at the first slip."""

    def __init__(
        self,
        lists: WordLists,
        written: Callable[[], Iterable[str]] = tuple,
        chinese: Callable[[], Iterable[str]] = tuple,
        names: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """`written` and `chinese` give English and Chinese texts in which all words are spelt well, `names`
        further words in either that may be meant (places)."""
        self._lists = lists
        self._written = written
        self._names = names
        self._homophones = Homophones(lambda: (*lists.terms, *filter(_is_chinese, names())), chinese)

    def respell(self, text: str, wrong: Iterable[Concept], named: Container[int] = ()) -> list[Respelling]:
        """Readings of the misspelt words of a folded question, in order; words without one are left out.

        Args:
            named: where words start that are written as names: they are read as names or terms alone.
        """
        found: list[Respelling] = []
        for concept in wrong:
            latin = concept.kind == "latin"
            change = self._latin(concept, concept.start in named) if latin else self._chinese(text, concept)
            if change is not None and (not found or found[-1].end <= change.start):
                found.append(change)
        return found

    def _latin(self, concept: Concept, name: bool) -> Respelling | None:
        word = concept.asked.removesuffix("'s")
        if len(word) < SHORTEST_SWAPPED or not word.isalpha() or word in self._spelt:
            return None
        near = {known for key in (word, *_shorter(word)) for known in self._by_shorter.get(key, ())}
        near = {known for known in near if known[0] == word[0] and _one_slip(word, known)}
        light = {known for known in near if _light(word, known)}
        terms = self._terms.keys() if len(word) >= SHORTEST_LATIN else set()
        joined = None
        if name:
            meant = light & terms | near & self._named
        elif _is_english(word):
            meant = light & terms  # a name that is nearly a term (Forrest)
        else:
            often = {w for w in near if self._counts[w] >= OFTEN and len(word) >= SHORTEST_OFTEN}
            meant = light | often | near & terms
            joined = self._joined(word)
        # A name is likelier than a word that is written everywhere (Wuhen is not "when").
        best = min(meant, key=lambda w: (w not in self._named, -self._counts[w], w), default=joined)
        return None if best is None else Respelling(concept.start, concept.start + len(word), word, best)

    def _joined(self, word: str) -> str | None:
        """Two known words that were written as one, the commoner the better."""
        if len(word) < SHORTEST_JOINED:
            return None
        cuts = ((word[:n], word[n:]) for n in range(1, len(word)))
        found = [
            (one, other)
            for one, other in cuts
            if all(w in _JOINING or (len(w) >= SHORTEST_SWAPPED and self._counts[w]) for w in (one, other))
            and not {one, other} <= _JOINING
        ]
        best = max(found, key=lambda pair: min(map(self._often, pair)), default=None)
        return " ".join(best) if best is not None else None

    def _often(self, word: str) -> int:
        return self._counts[word] or OFTEN

    def _chinese(self, text: str, concept: Concept) -> Respelling | None:
        for size in range(min(LONGEST_CHINESE, len(text)), SHORTEST_CHINESE - 1, -1):
            for start in range(max(0, concept.start - size + 1), min(concept.end, len(text) - size + 1)):
                inside = concept.start <= start and start + size <= concept.end
                if size == SHORTEST_CHINESE and not inside:
                    continue  # two characters in common are too few to go by
                window = text[start : start + size]
                for at in range(max(start, concept.start), min(start + size, concept.end)):
                    key = window[: at - start] + _ANY + window[at - start + 1 :]
                    term = self._by_gap.get(key)
                    if term is not None and term != window:
                        return Respelling(start, start + size, window, term)
        meant = self._homophones.meant(text, concept.start, concept.end)
        return None if meant is None else Respelling(*meant[:2], text[meant[0] : meant[1]], meant[2])

    @cached_property
    def _by_gap(self) -> dict[str, str]:
        """Policy terms by their spelling with one character left open, the first in order winning."""
        found: dict[str, str] = {}
        for term in sorted(self._lists.terms, key=lambda t: (len(t), t)):
            if SHORTEST_CHINESE <= len(term) <= LONGEST_CHINESE and all(map(is_han, term)):
                for at in range(len(term)):
                    found.setdefault(term[:at] + _ANY + term[at + 1 :], term)
        return found

    @cached_property
    def _terms(self) -> Counter[str]:
        """English words of the glossary and in how many of its phrases they stand."""
        phrases = (form for entry in self._lists.glossary.entries for form in entry.en)
        words = (word for phrase in phrases for word in phrase.replace("-", " ").split())
        return Counter(w for w in words if len(w) >= SHORTEST_LATIN - 1 and w.isalpha() and w.isascii())

    @cached_property
    def _counts(self) -> Counter[str]:
        """These and the words of what else is written, and how often they stand there."""
        often = {w: n for w, n in self._others.items() if n >= OFTEN and len(w) >= SHORTEST_SWAPPED}
        return self._terms + Counter(often) + Counter(dict.fromkeys(self._named, OFTEN))

    @cached_property
    def _named(self) -> frozenset[str]:
        """The words of names."""
        words = (word for name in self._names() for word in _WORD.findall(name.lower()))
        return frozenset(word for word in words if len(word) > SHORTEST_SWAPPED)

    @cached_property
    def _others(self) -> Counter[str]:
        return Counter(w for text in self._written() for w in _WORD.findall(text.lower()))

    @cached_property
    def _spelt(self) -> frozenset[str]:
        """Words that are no slips, however near to another one."""
        return frozenset(self._terms) | frozenset(self._others)

    @cached_property
    def _by_shorter(self) -> dict[str, list[str]]:
        """The words by themselves and by themselves with one letter left out."""
        found: dict[str, list[str]] = {}
        for word in sorted(self._counts):
            for key in (word, *_shorter(word)):
                found.setdefault(key, []).append(word)
        return found


def _shorter(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _light(written: str, known: str) -> bool:
    """True for two neighbours swapped, or a letter that stands once in one word and twice in the other."""
    if len(written) == len(known):
        return sorted(written) == sorted(known)
    longer, shorter = sorted((written, known), key=len, reverse=True)
    return any(
        longer[at] == longer[at - 1] and longer[:at] + longer[at + 1 :] == shorter
        for at in range(1, len(longer))
    )


def _one_slip(written: str, known: str) -> bool:
    """True for one letter added, dropped or changed before the last one, or two neighbours swapped."""
    if written == known or written[:-1] == known[:-1]:
        return False  # another form of the word (emitter, emitted) rather than a slip
    if len(written) != len(known):
        longer, shorter = sorted((written, known), key=len, reverse=True)
        return len(longer) - len(shorter) == 1 and shorter in _shorter(longer)
    wrong = [at for at, (a, b) in enumerate(zip(written, known, strict=True)) if a != b]
    if len(wrong) == 1:
        return True
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
    return swapped and written[wrong[0]] == known[wrong[1]] and written[wrong[1]] == known[wrong[0]]


def _is_english(word: str) -> bool:
    """True for a common English word in any of its forms, however near to another one."""
    known = latin_words()
    stems = (word[: -len(end)] for end in _ENDINGS if word.endswith(end))
    return word in known or any(stem in known or f"{stem}e" in known for stem in stems if len(stem) > 2)


def _is_chinese(word: str) -> bool:
    return not word.isascii()
