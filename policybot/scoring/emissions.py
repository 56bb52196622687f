"""Fuel consumption → carbon dioxide, with the factors printed in the corpus and no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from policybot.corpus.model import AnchoredText, Corpus
from policybot.errors import PolicybotError
from policybot.patterns import lazy_pattern

_FACTOR = lazy_pattern(
    r"1\s*吨\s*(?P<fuel>[\u4e00-\u9fff]{1,6}?)\s*可以折算为\s*(?P<factor>\d+(?:\.\d+)?)\s*吨二氧化碳"
)


@dataclass(frozen=True, slots=True)
class Factor:
    """Tonnes of CO2 per tonne of a fuel, as printed, with its place."""

    fuel: str
    value: Decimal
    clause: str
    quote: AnchoredText


@dataclass(frozen=True, slots=True)
class Emission:
    """CO2 of one fuel: amount (tonnes) × factor."""

    factor: Factor
    amount: Decimal
    tonnes: Decimal
    calculation: str


def printed_factors(corpus: Corpus) -> dict[str, Factor]:
    """Every conversion factor printed anywhere in the corpus, by fuel."""
    found: dict[str, Factor] = {}
    for clause in corpus.clauses.values():
        for match in _FACTOR.finditer(clause.text.text):
            quote = clause.text.slice(match.start(), match.end())
            found.setdefault(match["fuel"], Factor(match["fuel"], Decimal(match["factor"]), clause.id, quote))
    return found


def emission(corpus: Corpus, fuel: str, amount: Decimal) -> Emission:
    """CO2 of an amount (tonnes) of a fuel with a printed factor.

    Raises:
        PolicybotError: no factor is printed for the fuel, or the amount is negative.
    """
    factors = printed_factors(corpus)
    if fuel not in factors:
        raise PolicybotError(
            f"The corpus prints no CO2 factor for {fuel}.",
            f"Factors are printed only for: {', '.join(factors)}.",
            what_zh=f"语料库没有给出{fuel}的二氧化碳折算系数。",
            hint_zh=f"仅有以下品种的系数：{'、'.join(factors)}。",
        )
    if not amount.is_finite() or amount < 0:
        raise PolicybotError(
            "The amount must be a number of at least 0.", what_zh="消费量须为不小于 0 的数。"
        )
    factor = factors[fuel]
    tonnes = amount * factor.value
    text = f"{amount:,f} t × {factor.value} t CO2/t = {tonnes:,f} t CO2"
    return Emission(factor, amount, tonnes, text)


def total(corpus: Corpus, amounts: Mapping[str, Decimal]) -> Decimal:
    """CO2 of several fuels, refused while one of them has no printed factor.

    Raises:
        PolicybotError: a fuel without a printed factor (all are named).
    """
    factors = printed_factors(corpus)
    lacking = [fuel for fuel in amounts if fuel not in factors]
    if lacking:
        raise PolicybotError(
            f"A total cannot be computed: the corpus prints no factor for {', '.join(lacking)}.",
            f"Factors are printed only for: {', '.join(factors)}.",
            what_zh=f"无法计算总量：语料库没有给出{'、'.join(lacking)}的折算系数。",
            hint_zh=f"仅有以下品种的系数：{'、'.join(factors)}。",
        )
    return sum((emission(corpus, fuel, amount).tonnes for fuel, amount in amounts.items()), Decimal(0))
