"""What an amount was in the year that a printed change is measured from (48.6亿吨，相比1980年增长约706%)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from policybot.answer.evidence.pool import Scored
from policybot.answer.prose.amounts import AmountBook, Stated, between
from policybot.answer.prose.computed import EXACT, Reckoned, as_printed, scaled, three_digits
from policybot.answer.question.ask import Ask
from policybot.answer.question.kinds import kind_fits
from policybot.facts.render import plain_number
from policybot.patterns import lazy_pattern

_SENTENCES = 8
_WHOLE = Decimal(100)
# Between an amount and its own change stands nothing else: 48.6亿吨，相比1980年增长约706%; 30 tonnes, up 20%.
_ITS_OWN = lazy_pattern(
    r"^[^，,；;。]{0,4}[，,(（]?(?:[，,]?(?:而)?(?:相比于?|相较于?|较|比起?|与|同比|比)[^，,；;。]{0,12})"
    r"|^[,(]?(?:up|down|an?(?:increase|rise|fall|decrease|drop)of|whichis|or)(?![^,;.]{24})"
)


def based(ask: Ask, ranked: Sequence[Scored], book: AmountBook) -> Iterator[Reckoned]:
    """The amount before a change in percent, for a question about the year that this is measured from.

    Most questions with a year come here, so that only sentences that the search put first are read.
    """
    for scored in ranked[:_SENTENCES]:
        values = () if scored.sentence.heading else book.of(scored.sentence)
        for amount, change in pairwise(values):
            q = change.quantity
            shares = q.kind == "percent" and bool(q.direction) and q.upper_amount is None
            if not shares or q.base_year not in ask.years or not _may_change(ask, amount):
                continue
            change_by = q.amount if q.direction == "up" else -q.amount
            if change_by <= -_WHOLE or not _ITS_OWN.match(between(amount, change)):
                continue
            value = (_WHOLE * amount.quantity.amount / (_WHOLE + change_by)).quantize(EXACT)
            shown = scaled(amount.quantity, three_digits(value), ask.language)
            sign = "+" if q.direction == "up" else "−"
            about = "约" if ask.language == "zh" else "about "
            yield Reckoned(
                value, "base", (amount.quantity.amount, change_by), f"{about}{shown}",
                f"{as_printed(amount)} ÷ (100% {sign} {plain_number(q.amount)}%)",
                (amount, change), amount.quantity.unit,
                given=((_WHOLE, "100%"),), timed=True,
            )  # fmt: skip


def _may_change(ask: Ask, value: Stated) -> bool:
    """True for an amount of the kind that is asked for, which is no share and no length of time."""
    q = value.quantity
    plain = q.kind in ("quantity", "money", "count") and q.dimension != "duration" and q.upper_amount is None
    return plain and kind_fits(q, ask.expects) >= 0 and q.amount > 0
