"""What documents are called: every title, short name, number and alias, found in any text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from policybot.corpus.locators import Plain, plain
from policybot.corpus.model import Document
from policybot.patterns import lazy_pattern
from policybot.text import is_han

_ARTICLE = lazy_pattern(r"(?:the|a|an|our|china's)\s+")
_BETWEEN = lazy_pattern(r"[《》〈〉“”\s‐–_-]+")  # may stand within a name, see _as_pattern
# Characters after which a short name may start in the middle of a Chinese sentence.
_LEADS = set("在按照据和与及或跟同的对从自由本该此依见看说查问把将被比给向为是有到以并而且中里请")
_GENERIC = 2  # Han characters; a shorter name is an everyday word too (意见, 方案)
_GENERIC_WORDS = frozenset(
    {"protocol", "opinions", "plan", "magazine", "guidance document", "working guidance"}
)


@dataclass(frozen=True, slots=True)
class Named:
    """A document named at start..end of a plain text; `title` when in 《》 or by a name of its own.

    An everyday word that is also a short name (意见, the plan) is found with `title` false.
    """

    start: int
    end: int
    document: str
    title: bool


def bare(name: str) -> str:
    """A name in the form in which names are looked up: plain, without title marks, hyphens or "the"."""
    text = re.sub('[《》〈〉“”"]', "", plain(name))
    return _ARTICLE.sub("", re.sub(r"[\s‐–_-]+", " ", text), count=1).strip()


class Aliases:
    """The names of the documents of a corpus."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents: Mapping[str, Document] = {document.id: document for document in documents}
        found: dict[str, list[str]] = defaultdict(list)
        for document in self.documents.values():
            for name in names_of(document):
                key = bare(name)
                if key and document.id not in found[key]:
                    found[key].append(document.id)
        self.by_name: Mapping[str, tuple[str, ...]] = {key: tuple(ids) for key, ids in found.items()}

    @cached_property
    def _squeezed(self) -> tuple[tuple[str, str], ...]:
        """Every name, longest first, with what is left of it when nothing is written between its words."""
        keys = sorted(self.by_name, key=lambda key: (-len(key), key))
        return tuple((key, _BETWEEN.sub("", key)) for key in keys)

    def lookup(self, name: str) -> tuple[str, ...]:
        """Ids of the documents that go by exactly this name."""
        key = bare(name)
        return self.by_name.get(key) or self.by_name.get(key.replace(" ", "")) or ()

    def find(self, text: Plain) -> Iterator[Named]:
        """Documents named anywhere in a text, in order, without overlaps; ambiguous names left out."""
        for match in self._matches(text.text):
            ids = self.lookup(match.group())
            if len(ids) != 1:
                continue
            start, end = match.span()
            in_title = text.text[start - 1 : start] == "《" and text.text[end : end + 1] == "》"
            if text.text[start - 1 : start] == "《" and not in_title:
                continue  # the title goes on: another document
            key = bare(match.group())
            generic = (len(key) <= _GENERIC and is_han(key[0])) or key in _GENERIC_WORDS
            before = text.text[start - 1 : start]
            if generic and not in_title and before and is_han(before) and before not in _LEADS:
                continue
            if in_title:
                start, end = start - 1, end + 1
            yield Named(start, end, ids[0], in_title or not generic)

    def _matches(self, text: str) -> Iterator[re.Match[str]]:
        """Names in order, of overlapping ones the longest."""
        # Most texts hold few names or none, so that one pattern of all names would be looked for in vain.
        squeezed = _BETWEEN.sub("", text)
        keys = [key for key, core in self._squeezed if core in squeezed]
        found: list[re.Match[str]] = []
        for group in ([k for k in keys if is_han(k[0])], [k for k in keys if not is_han(k[0])]):
            if group:
                found += _either(tuple(group)).finditer(text)
        found.sort(key=lambda m: (m.start() - m.end(), m.start()))
        kept: list[re.Match[str]] = []
        taken = bytearray(len(text))
        for match in found:
            start, end = match.span()
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                kept.append(match)
        return iter(sorted(kept, key=lambda m: m.start()))


def names_of(document: Document) -> list[str]:
    """Every name a document goes by, its id included, as written in the catalogue."""
    names = [
        document.id, document.title_zh, document.title_en, document.short_zh, document.short_en,
        document.number, *document.aliases,
    ]  # fmt: skip
    return [name for name in dict.fromkeys(names) if name]


@lru_cache(maxsize=1024)
def _either(keys: tuple[str, ...]) -> re.Pattern[str]:
    """Finds the first of these names that stands at a place of a plain text."""
    return re.compile("|".join(map(_as_pattern, keys)))


def _as_pattern(key: str) -> str:
    """A key as a pattern for plain text: title marks within it and other hyphens allowed."""
    if any(map(is_han, key)):
        marks = "[《》〈〉“”]?"
        return marks.join(re.escape(char) if char != " " else r"\s?" for char in key)
    words = r"[\s‐–_-]+".join(map(re.escape, key.split(" ")))
    return rf"(?<![a-z0-9]){words}(?![a-z0-9])"
