"""Exact match and F1 of an answer against verbatim spans, as SQuAD and CMRC count them.

Text is compared half-width, lower case, without punctuation and English articles. The units of F1 are
words; each Chinese character is a word of its own, so that both languages and mixtures are counted alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from policybot.index.tokens import HAN
from policybot.patterns import lazy_pattern
from policybot.text import fold

_UNIT = lazy_pattern(rf"[{HAN}]|(?:(?![{HAN}])\w)+(?:[.,]\d+)*%?")
_ARTICLES = frozenset({"a", "an", "the"})


def units(text: str) -> list[str]:
    """The words and Chinese characters of a text.

    >>> units("The fee is 1,200.5 yuan，约一成")
    ['fee', 'is', '1,200.5', 'yuan', '约', '一', '成']
    """
    return [unit for unit in _UNIT.findall(fold(text)) if unit not in _ARTICLES]


def exact_match(answer: str, spans: Iterable[str]) -> bool:
    """True when the answer is one of the spans."""
    given = units(answer)
    return any(given == units(span) for span in spans)


def f1(answer: str, spans: Iterable[str]) -> float:
    """The best overlap of the answer with one of the spans, 0…1."""
    given = units(answer)
    return max((_overlap(given, units(span)) for span in spans), default=0.0)


def holds(text: str, spans: Iterable[str]) -> bool:
    """True when one of the spans stands in the text."""
    given = f" {' '.join(units(text))} "
    return any(f" {' '.join(found)} " in given for span in spans if (found := units(span)))


def _overlap(left: list[str], right: list[str]) -> float:
    if not left or not right:
        return float(left == right)
    common = sum((Counter(left) & Counter(right)).values())
    if not common:
        return 0.0
    precision, recall = common / len(left), common / len(right)
    return 2 * precision * recall / (precision + recall)
