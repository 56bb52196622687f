"""A computed amount of sentences, and what its makers share: its wording, the words next to its operands."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from policybot.answer.matching.match import Concept, Weigher, covers
from policybot.answer.prose.amounts import Stated
from policybot.answer.question.ask import Ask
from policybot.facts.measure import Quantity
from policybot.facts.render import amount_text

_START = 14  # characters at the start of a sentence that may name the place it is about
EXACT = Decimal("0.000001")  # what a quotient is rounded to
SIDE = 0.7  # share of a word that must stand next to an amount


@dataclass(frozen=True)
class Reckoned:
    """A computed amount: how it was reached, how it is shown, what it was computed from."""

    value: Decimal
    operation: str
    inputs: tuple[Decimal, ...]
    shown: str
    calculation: str
    used: tuple[Stated, ...]
    unit: str = ""
    given: tuple[tuple[Decimal, str], ...] = ()  # numbers that are neither quoted nor asked: 100%
    terms: tuple[str, ...] = ()  # the sides' names, in the order of `used`
    spans: tuple[tuple[int, int], ...] = ()
    base: int | None = None  # the year that a change is measured from
    timed: bool = False  # its years were looked at where it was made
    named: bool = False  # the question names what the amounts are of in the words at `spans`


def worth_of(ask: Ask, value: Stated, weigh: Weigher) -> float:
    """What of the question stands next to an amount."""
    return sum(c.weight * covers(c, value.own, weigh) for c in ask.concepts)


def three_digits(value: Decimal) -> Decimal:
    made = value.quantize(Decimal(1).scaleb(value.adjusted() - 2)) if value else value
    return made.to_integral_value() if made == made.to_integral_value() else made  # 27, not 27.0


def scaled(like: Quantity, value: Decimal, language: str) -> str:
    """An amount in a scale that suits it."""
    sign = "亿" if value >= 10**8 else "万" if value >= 10**4 else ""
    return amount_text(replace(like, number_text=sign), value, language)


def as_printed(value: Stated) -> str:
    return re.sub(r"\s", "", value.quantity.text)


def next_to(concept: Concept, value: Stated, weigh: Weigher) -> float:
    """How much of a word stands next to an amount; of one with Latin letters (城市gdp) they are enough."""
    letters = re.findall("[a-z]{2,}", concept.surface) if not concept.surface.isascii() else []
    if letters and all(w in value.own for w in letters):
        return 1.0
    if (
        concept.kind == "place"
        and not value.named
        and covers(concept, value.sentence.norm[:_START], weigh) >= SIDE
    ):
        return 1.0  # what a sentence says of a place, it says with all its amounts
    return covers(concept, value.own, weigh)
