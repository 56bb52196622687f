"""Names of cities, provinces, countries and Parties, found in Chinese and English text.

``data/places.csv`` (UTF-8, header line, alternatives inside a cell separated by ";"):

- ``kind``: city, province, country, region, or party (a Party listed in Annex B of the Kyoto
  Protocol; every other country is a country). A municipality such as Beijing is listed once, as a
  city that is its own province.
- ``zh``: short name, ``zh_full``: official name, ``variants``: other and traditional forms (may be
  empty).
- ``en``: names, spellings and adjectives, the label first. Case, accents and apostrophes do not
  matter, except that a name of two capitals (US, EC) is found as written only.
- ``province``: short name of the province, for Chinese cities and provinces (else empty).
- ``not_in``: longer words that contain a Chinese form by accident, such as 发展中国家 for 中国, or
  longer English ones, such as carbon peking.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

from policybot.facts.glossary import DATA, fault, read_table, split_cell
from policybot.patterns import lazy_pattern

KINDS = ("city", "province", "region", "country", "party")
COLUMNS = ("kind", "zh", "zh_full", "en", "variants", "province", "not_in")

_WORD = lazy_pattern(r"(?:[A-Za-z]\.){2,}|[A-Za-zÀ-ɏ]+(?:['’ʼ][A-Za-zÀ-ɏ]+)*")
_POSSESSIVE = lazy_pattern(r"['’ʼ][sS]\Z")
_GAP = lazy_pattern(r"[\s\-–]*|\s*,\s*")


@dataclass(frozen=True, slots=True)
class Place:
    """One place.

    Attributes:
        kind: one of `KINDS`.
        zh: short Chinese name, the key of the place.
        zh_full: official Chinese name.
        en: English names, the label first.
        variants: other Chinese forms, traditional ones included.
        province: short name of its province; "" outside China.
        not_in: longer words, lower case, in which a form of the name means something else.
    """

    kind: str
    zh: str
    zh_full: str
    en: tuple[str, ...]
    variants: tuple[str, ...]
    province: str
    not_in: tuple[str, ...] = ()

    @property
    def names_zh(self) -> tuple[str, ...]:
        """Every Chinese form, without repetition."""
        return tuple(dict.fromkeys((self.zh, self.zh_full, *self.variants)))


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A place named in a text, with its span in characters."""

    start: int
    end: int
    place: Place


@dataclass(slots=True)
class Places:
    """Look-up over `places.csv`; build it with `Places.load`."""

    places: tuple[Place, ...]
    _by_zh: dict[str, Place] = field(repr=False)
    _by_char: dict[str, list[str]] = field(repr=False)
    _by_en: dict[tuple[str, ...], Place] = field(repr=False)
    _first_words: dict[str, int] = field(repr=False)  # first word → most words of such a name

    @classmethod
    def load(cls, dir: Path | None = None) -> Places:
        """Read and check `places.csv` in `dir` (default: the built-in one, which is read once).

        Raises:
            CorpusError: a row breaks the schema; the message names file and line.
        """
        return _built_in() if dir is None else cls._read(dir)

    @classmethod
    def _read(cls, folder: Path) -> Places:
        path = folder / "places.csv"
        places: list[Place] = []
        by_zh: dict[str, Place] = {}
        by_char: dict[str, list[str]] = {}
        by_en: dict[tuple[str, ...], Place] = {}
        first_words: dict[str, int] = {}
        for line, (kind, zh, full, en, variants, province, not_in) in read_table(path, COLUMNS):
            if kind not in KINDS:
                raise fault(path, line, f"unknown kind {kind!r}")
            if not zh or not full:
                raise fault(path, line, "columns zh and zh_full must not be empty")
            names_en = split_cell(path, line, "en", en)
            forms = split_cell(path, line, "variants", variants) if variants else ()
            traps = split_cell(path, line, "not_in", not_in) if not_in else ()
            place = Place(kind, zh, full, names_en, forms, province, traps)
            places.append(place)
            for name in place.names_zh:
                if name in by_zh:
                    raise fault(path, line, f"{name!r} already names {by_zh[name].en[0]}")
                by_zh[name] = place
                by_char.setdefault(name[0], []).append(name)
            for name in place.en:
                words = name_words(name)
                if not words:
                    raise fault(path, line, f"{name!r} is not an English name")
                other = by_en.setdefault(words, place)
                if other is not place:
                    raise fault(path, line, f"{name!r} already names {other.zh}")
                first_words[words[0]] = max(first_words.get(words[0], 0), len(words))
        for names in by_char.values():
            names.sort(key=lambda name: -len(name))
        return cls(tuple(places), by_zh, by_char, by_en, first_words)

    def names(self) -> Iterator[str]:
        """Every name of every place, in both languages."""
        for place in dict.fromkeys(self._by_zh.values()):
            yield from (*place.names_zh, *place.en)

    def get(self, name: str) -> Place | None:
        """The place with this Chinese or English name, or None."""
        return self._by_zh.get(name.strip()) or self._by_en.get(name_words(name))

    def find(self, text: str) -> list[PlaceMatch]:
        """Places named in `text` (Chinese, English or mixed), in order; the longest name wins."""
        matches = self._find_zh(text) + self._find_en(text)
        matches.sort(key=lambda match: match.start)
        return matches

    def _find_zh(self, text: str) -> list[PlaceMatch]:
        matches: list[PlaceMatch] = []
        at = 0
        while at < len(text):
            for name in self._by_char.get(text[at], ()):
                place = self._by_zh[name]
                if text.startswith(name, at) and not _trapped(text, at, name, place):
                    matches.append(PlaceMatch(at, at + len(name), place))
                    at += len(name)
                    break
            else:
                at += 1
        return matches

    def _find_en(self, text: str) -> list[PlaceMatch]:
        found = list(_WORD.finditer(text))
        words = [_fold_word(match.group()) for match in found]
        matches: list[PlaceMatch] = []
        at = 0
        while at < len(words):
            size = min(self._first_words.get(words[at], 0), len(words) - at)
            while size > 0:
                place = self._by_en.get(tuple(words[at : at + size]))
                start = found[at].start()
                if (
                    place
                    and _joined(text, found[at : at + size])
                    and not _trapped(text.lower(), start, words[at], place)
                ):
                    last = found[at + size - 1]
                    end = last.end() - (2 if _POSSESSIVE.search(last.group()) else 0)
                    matches.append(PlaceMatch(start, end, place))
                    break
                size -= 1
            at += size or 1
        return matches


def name_words(name: str) -> tuple[str, ...]:
    """The words of an English name in the form in which names are compared.

    >>> name_words("Xi'an"), name_words("Ürümqi"), name_words("US"), name_words("Hong Kong")
    (('xian',), ('urumqi',), ('US',), ('hong', 'kong'))
    """
    return tuple(_fold_word(match.group()) for match in _WORD.finditer(name))


@cache
def _built_in() -> Places:
    return Places._read(DATA)


def _fold_word(word: str) -> str:
    bare = _POSSESSIVE.sub("", word)
    for mark in "'’ʼ.":
        bare = bare.replace(mark, "")
    if len(bare) == 2 and bare.isupper():
        return bare  # "US" is a country, "us" is a pronoun
    if bare.isascii():
        return bare.lower()
    plain = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return plain.lower()


def _joined(text: str, words: list[re.Match[str]]) -> bool:
    return all(_GAP.fullmatch(text, left.end(), right.start()) for left, right in pairwise(words))


def _trapped(text: str, at: int, name: str, place: Place) -> bool:
    for trap in place.not_in:
        offset = trap.find(name)
        if offset >= 0 and at >= offset and text.startswith(trap, at - offset):
            return True
    return False
