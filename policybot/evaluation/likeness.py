"""How alike two questions are, and all pairs of a collection that are nearly the same.

Chinese is compared by pairs of characters, English by words without those that say nothing; the likeness
of two questions is the Jaccard index of those sets. Questions that name different numbers or numbered
things (2025, 二类, Annex B, Part III) are different questions however alike the rest is.

Used within a question set, between sets, among the questions of annotations, and between a set and those:
annotations are searched, so a question that one of them nearly repeats is found too easily.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from policybot.corpus.model import Annotation, Corpus
from policybot.patterns import lazy_pattern
from policybot.text import fold

NEAR = 0.65  # from here on two questions read nearly the same
_PUNCTUATION = lazy_pattern(r"[^\w%.+-]+|[.](?!\d)")
_WORD = lazy_pattern(r"[a-z]+(?:'[a-z]+)?")
# `policybot.text.is_han`, but a run of characters at a time.
_HAN = lazy_pattern(r"[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff]+")
_NUMBER = lazy_pattern(
    r"[a-z]*\d[\d.,]*|第?[一二三四五六七八九十百]+(?=[是年条款项章节类、）)])"
    r"|附件[a-z]|(?:annex|part|domain|category|class|article|group) (?:[a-e]|[ivx]+)\b"
)
# They say what kind of answer is wanted or nothing at all; "how much" and "why" stay, because they decide.
_EMPTY = frozenset(
    {
        "a", "an", "the", "of", "in", "on", "to", "for", "by", "with", "at", "as", "is", "are", "was", "were",
        "be", "been", "do", "does", "did", "has", "have", "had", "will", "would", "shall", "should", "can",
        "could", "and", "or", "its", "their", "that", "this", "there", "it", "any", "which", "what",
        "s", "so",
    }
)  # fmt: skip


def bare(text: str) -> str:
    """A question without case, width, blanks and punctuation: equal for questions that are word for word
    the same. 2.5% keeps its point and sign."""
    return _PUNCTUATION.sub("", fold(text))


def questions_of(
    annotations: Mapping[str, Annotation], languages: Sequence[str] = ("zh", "en")
) -> list[tuple[str, str]]:
    """Clause and question of every question of the annotations."""
    return [
        (name, text)
        for name, note in annotations.items()
        for language in languages
        for text in (note.asked_zh if language == "zh" else note.asked_en)
    ]


def unanswered_of(corpus: Corpus, languages: Sequence[str] = ("zh", "en")) -> list[tuple[str, str]]:
    """Clause, "" for none, and question of all questions that are known to have no answer."""
    pairs = [(name, pair) for name, note in corpus.annotations.items() for pair in note.unanswered]
    pairs += [("", pair) for pair in corpus.unanswered]
    return [(name, pair[("zh", "en").index(language)]) for name, pair in pairs for language in languages]


@dataclass(frozen=True, slots=True)
class Features:
    """What a question is compared by: its parts, and the numbers in it."""

    parts: frozenset[str]
    numbers: tuple[str, ...]


@lru_cache(maxsize=1 << 18)  # all questions of the annotations, for set after set
def features(text: str) -> Features:
    """The features of a question in either language."""
    folded = fold(text)
    numbers = tuple(sorted(n.rstrip(".,") for n in _NUMBER.findall(folded)))
    han = "".join(_HAN.findall(folded))
    pairs = {han[i : i + 2] for i in range(len(han) - 1)} or set(han)
    words = {_singular(w.removesuffix("'s")) for w in _WORD.findall(folded) if w not in _EMPTY}
    return Features(frozenset(pairs | words or {bare(text)} - {""}), numbers)


def _singular(word: str) -> str:
    """The word without a plural's s; other inflections stay, for developed is not developing."""
    return (
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
    )


def likeness(one: Features, other: Features) -> float:
    """Jaccard index in 0…1; 0 for questions with different numbers or with nothing to compare."""
    if one.numbers != other.numbers or not one.parts or not other.parts:
        return 0.0
    return len(one.parts & other.parts) / len(one.parts | other.parts)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts of a collection, by their places in it, and how alike they are."""

    first: int
    second: int
    likeness: float


def alike(texts: Sequence[str], least: float) -> list[Pair]:
    """All pairs of one collection at least so much alike, in order; `least` is above 0."""
    made = [features(text) for text in texts]
    return _pairs(made, made, least, within=True)


def alike_between(texts: Sequence[str], others: Sequence[str], least: float) -> list[Pair]:
    """All pairs of a text and one of the others at least so much alike, in order."""
    return _pairs([features(t) for t in texts], [features(t) for t in others], least, within=False)


def _pairs(left: Sequence[Features], right: Sequence[Features], least: float, *, within: bool) -> list[Pair]:
    # Texts with other numbers are never alike, and parts that no text of `left` has are never looked up.
    wanted: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for item in left:
        wanted[item.numbers] |= item.parts
    holding: dict[tuple[str, ...], dict[str, list[int]]] = {numbers: defaultdict(list) for numbers in wanted}
    for number, item in enumerate(right):
        if item.numbers in wanted:
            holders = holding[item.numbers]
            for part in item.parts & wanted[item.numbers]:
                holders[part].append(number)
    found = []
    for first, item in enumerate(left):
        holders = holding[item.numbers]
        # Sets this much alike share one of the rarest parts of either: it is enough to look those up.
        rare = sorted((len(holders[part]) if part in holders else 0, part) for part in item.parts)
        looked = (part for _, part in rare[: len(rare) - int(least * len(rare)) + 1])
        for second in sorted(_candidates(looked, holders)):
            if within and second <= first:
                continue
            score = likeness(item, right[second])
            if score >= least:
                found.append(Pair(first, second, score))
    return found


def _candidates(parts: Iterable[str], holders: Mapping[str, Sequence[int]]) -> set[int]:
    return {number for part in parts for number in holders.get(part, ())}
