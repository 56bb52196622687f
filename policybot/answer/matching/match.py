"""How much of a question a text carries: its concepts, weighed, against zones of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import compress

from policybot.patterns import lazy_pattern
from policybot.text import fold, squash

Weigher = Callable[[str], float]

# A smaller share of a term's character pairs is chance; of a short term all must be there, since what is
# left of 核电站 without 核 is another thing.
_SHORTEST = 4  # characters of a term that may be carried in part
_PARTIAL = 0.6  # least share of such a term
_LONG = 0.4  # least share of a longer one
_HALVES = 0.7  # both words of a term of two words, apart
_STEM = 4  # letters that an English word keeps without its ending
_MARKS = lazy_pattern(r"[\s，。；：！？、,.;:!?“”\"'‘’（）()《》【】\[\]—–…·*]+")


@dataclass(frozen=True)
class Concept:
    """Something the question names.

    `surface` is as asked; `options` are the wordings that carry it (normalised, see `norm`), each
    with its likeness (0–1) to what was asked; `weight` is how much the question hangs on it; `kind`
    is "term", "latin" (a word of Latin letters without translation), "place" or "number"; `start` and
    `end` say where it stands in the folded question.
    """

    surface: str
    options: tuple[tuple[str, float], ...]
    weight: float
    kind: str = "term"
    known: bool = True
    start: int = 0
    end: int = 0

    @cached_property
    def word(self) -> str:
        """The surface folded, as it is looked up in an annotation's English."""
        return fold(self.surface.replace("-", " "))

    @cached_property
    def stem(self) -> str:
        """The word without an English ending, long enough to stand for its forms (residents, joined)."""
        word = self.word
        for ending in ("ies", "ing", "ed", "es", "s"):
            if word.endswith(ending) and len(word) - len(ending) >= _STEM:
                return word[: -len(ending)]
        return word

    @cached_property
    def seen(self) -> dict[str, float]:
        """Texts that the concept was looked for in: a question meets the same sentences many times."""
        return {}

    @cached_property
    def seen_plain(self) -> dict[str, float]:
        """The same, without weights of pairs."""
        return {}

    @cached_property
    def ordered(self) -> tuple[tuple[str, float], ...]:
        """The options, the likest first."""
        return tuple(sorted((o for o in self.options if o[0]), key=lambda option: -option[1]))

    @cached_property
    def divisible(self) -> tuple[tuple[str, float], ...]:
        """Those of them that may also be carried in part."""
        return tuple(
            (o, v) for o, v in self.ordered if len(o) == _SHORTEST or (len(o) > _SHORTEST and not o.isascii())
        )

    @cached_property
    def signs(self) -> frozenset[str]:
        """Pairs of characters of all options, and single ones: a text with none of them carries nothing."""
        return frozenset(pair for option, _ in self.options for pair in pairs(option))

    @cached_property
    def bares(self) -> tuple[tuple[str, float], ...]:
        """The options without punctuation, as names are matched."""
        return tuple((bare(option), value) for option, value in self.options)


@lru_cache(maxsize=20_000)
def norm(text: str) -> str:
    """Text as it is matched: folded, without white space."""
    return squash(fold(text))


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """Text as names are matched: folded, without white space and punctuation."""
    return _MARKS.sub("", fold(text))


def pairs(text: str) -> list[str]:
    """Neighbouring characters of a text; the text itself when it is shorter than two."""
    return [text[i : i + 2] for i in range(len(text) - 1)] or ([text] if text else [])


def carried(option: str, text: str, weigh: Weigher | None = None) -> float:
    """Share (0–1) of a wording that a normalised text carries; 1 when it stands there whole."""
    if not option or not text:
        return 0.0
    return 1.0 if option in text else _in_part(option, text, weigh)


def covers(concept: Concept, text: str, weigh: Weigher | None = None) -> float:
    """Share (0–1) of a concept that a normalised text carries, by its best wording."""
    seen = concept.seen if weigh is not None else concept.seen_plain
    known = seen.get(text)
    if known is not None:
        return known
    best = 0.0
    if text:
        for option, value in concept.ordered:
            if option in text:
                best = value
                break
        for option, value in concept.divisible:
            if value <= best:
                break
            share = _in_part(option, text, weigh)
            if share * value > best:
                best = share * value
    seen[text] = best
    return best


def _in_part(option: str, text: str, weigh: Weigher | None) -> float:
    """Share of a wording that a text carries which does not hold it whole."""
    size = len(option)
    if size == _SHORTEST and option[:2] in text and option[2:] in text:
        return _HALVES  # 新建建筑 of 新建公共机构建筑
    if size < _SHORTEST or option.isascii():
        return 0.0
    found, weights, total = _weighted(option, weigh)
    share = sum(compress(weights, map(text.__contains__, found)))
    if not share:
        return 0.0
    share /= total
    return share if share >= (_PARTIAL if size == _SHORTEST else _LONG) else 0.0


@lru_cache(maxsize=20_000)
def _weighted(option: str, weigh: Weigher | None) -> tuple[tuple[str, ...], tuple[float, ...], float]:
    """The pairs of a wording, their weights, and the sum of these."""
    found = tuple(pairs(option))
    weights = tuple(weigh(p) if weigh else 1.0 for p in found)
    return found, weights, sum(weights) or 1.0


def coverage(
    concepts: Iterable[Concept], zones: Sequence[tuple[str, float]], weigh: Weigher | None = None
) -> float:
    """Weighted share (0–1) of the concepts carried by zones of text.

    Each zone is (normalised text, value of being found there); a concept counts by the zone in
    which it counts most.
    """
    total = found = 0.0
    for concept in concepts:
        total += concept.weight
        found += concept.weight * max((covers(concept, t, weigh) * v for t, v in zones), default=0.0)
    return found / total if total else 0.0


def missing(
    concepts: Iterable[Concept], text: str, weigh: Weigher | None = None, least: float = 0.5
) -> list[Concept]:
    """Concepts of which a normalised text carries less than `least`."""
    return [c for c in concepts if covers(c, text, weigh) < least]
