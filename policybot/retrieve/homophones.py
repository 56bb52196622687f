"""Slips of Chinese typing: what is written sounds like a word, lacks a character or has two swapped.

Whoever types by sound picks a wrong character of the right sound (试典 for 试点), now and then leaves
one out or swaps two. ``data/pinyin.csv`` (``syllable`` with its tone, the ``characters`` of GB 2312 that
are read so, and those that are ``also`` read so; after the Unicode Han database) tells what sounds alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from itertools import islice, product
from pathlib import Path

from policybot.corpus.wordlists import read_table

LONGEST = 8  # characters of a word that may be meant
ALIKE = 3  # characters from which on the tones may differ
WHOLE = 4  # … from which on two may be swapped, and of what is left where one is missing
MOST = 16  # ways to read a stretch aloud

_LISTS = ("characters", "also")
_NEGATIONS = "不无非未"
_NUMERALS = tuple("几多一二三四五六七八九十百0123456789")
_FILE = Path(__file__).parent / "data" / "pinyin.csv"


class Homophones:
    """Known Chinese words by how they sound; made when the first slip is looked at."""

    def __init__(self, words: Callable[[], Iterable[str]], written: Callable[[], Iterable[str]]) -> None:
        """`words` may be meant; `written` gives texts in which all words are spelt well."""
        self._words = words
        self._written = written

    def meant(self, text: str, start: int, end: int) -> tuple[int, int, str] | None:
        """The stretch of a text that is a slip in the unknown word at start..end, and the word meant.

        The longest word wins, of those as long the first in order. None where nothing sounds alike.
        """
        for size in range(min(LONGEST, len(text)), 1, -1):
            for at in range(max(0, start - size + 1), min(end, len(text) - size + 1)):
                stretch = text[at : at + size]
                if not all(map(_is_read, stretch)) or _counts(text, at, at + size):
                    continue
                if size < ALIKE and not self._alone(
                    text[start:at] if at >= start else None, text[at + size : end]
                ):
                    continue
                word = self._like(stretch, start - at, end - at)
                if word is not None and stretch not in self._known:
                    return at, at + size, word
        return None

    def _alone(self, before: str | None, after: str) -> bool:
        """True for two characters of an unknown word that are a word by themselves: what stands on either
        side of them in it is known, or there is but one character more. None: they begin before it."""
        if before is None or len(before) == len(after) == 1:
            return False
        return all(len(side) < 2 or side in self._all for side in (before, after))

    def _like(self, stretch: str, start: int, end: int) -> str | None:
        """The word that a stretch stands for; only what is unknown in it, start..end, may be wrong."""
        for sounds in _sounds(stretch):
            for word in self._by_sound.get(sounds, ()):
                wrong = [n for n, (a, b) in enumerate(zip(stretch, word, strict=True)) if a != b]
                if not wrong or min(wrong) < start or max(wrong) >= end:
                    continue
                if len(word) >= ALIKE or (
                    len(wrong) == 1 and readings()[word[wrong[0]]][0] in readings()[stretch[wrong[0]]]
                ):
                    return word
        if start <= 0 and end >= len(stretch) >= WHOLE:
            if missing := self._by_gap.get(stretch):
                return missing[0]
            for word in self._swapped.get("".join(sorted(stretch)), ()):
                if _one_swap(stretch, word):
                    return word
        return None

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset(w for w in self._words() if 1 < len(w) <= LONGEST and all(map(_is_read, w)))

    @cached_property
    def _by_sound(self) -> dict[tuple[str, ...], list[str]]:
        found: dict[tuple[str, ...], list[str]] = {}
        for word in sorted(self._all):
            found.setdefault(_usual(word), []).append(word)
        return found

    @cached_property
    def _by_gap(self) -> dict[str, list[str]]:
        """Words of five characters and more by what is left without one of them, not the first or last."""
        found: dict[str, list[str]] = {}
        for word in sorted(w for w in self._all if len(w) > WHOLE):
            for n in range(1, len(word) - 1):
                if word[n] not in _NEGATIONS:
                    found.setdefault(word[:n] + word[n + 1 :], []).append(word)
        return found

    @cached_property
    def _swapped(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in sorted(w for w in self._all if len(w) >= WHOLE):
            found.setdefault("".join(sorted(word)), []).append(word)
        return found

    @cached_property
    def _known(self) -> str:
        """All that is spelt well, in which a stretch is looked for."""
        return "\n".join((*self._written(), *self._all))


def _counts(text: str, start: int, end: int) -> bool:
    """True for a stretch with the 第 of an ordinal, which is no slip: 最快第几年 means no 快递."""
    return any(
        text[n] == "第" and text[n + 1 : n + 2] in _NUMERALS for n in range(start, end) if text[n + 1 :]
    )


def _is_read(char: str) -> bool:
    return char in readings()


@cache
def readings() -> dict[str, tuple[str, ...]]:
    """The syllables, with their tones, that each character is read as, the usual one first."""
    found: dict[str, tuple[str, ...]] = {}
    rows = read_table(_FILE, {"syllable": None, "characters": None, "also": None}, may_be_empty=_LISTS)
    for column in _LISTS:
        for row in rows:
            for char in row[column]:
                found[char] = (*found.get(char, ()), row["syllable"])
    return found


def _usual(word: str) -> tuple[str, ...]:
    """How a word is mostly read, without tones."""
    return tuple(readings()[char][0][:-1] for char in word)


def _sounds(text: str) -> Iterator[tuple[str, ...]]:
    """The ways to read a text aloud, without tones."""
    choices = [dict.fromkeys(syllable[:-1] for syllable in readings()[char]) for char in text]
    yield from islice(product(*choices), MOST)


def _one_swap(one: str, other: str) -> bool:
    """True when two neighbours of `one` stand the other way round in `other`."""
    wrong = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return len(wrong) == 2 and wrong[1] == wrong[0] + 1
