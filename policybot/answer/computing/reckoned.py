"""What is computed from two or more values: sum, difference, ratio, relative growth, share, mean.

All operations that a question names are done, each with a line of its own; nothing is computed from
values of different units or from ranges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from policybot.answer.model import Step
from policybot.answer.question.operations import Operations, plain
from policybot.answer.tables.planlines import computed
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Finding, Line
from policybot.facts.measure import Quantity
from policybot.facts.render import amount_text, plain_number

Result = tuple[Line, Finding, Step]
_MANY = 2  # values from which a sum or a mean is made
_TENTH, _HUNDREDTH = Decimal("0.1"), Decimal("0.01")


@dataclass(frozen=True)
class Term:
    """A value with the name it goes by in the answer; `when` orders values of different years."""

    label: str
    value: Quantity
    when: int | None = None


def rounded(value: Decimal, step: Decimal = _HUNDREDTH) -> str:
    """A computed number to two decimals, or to those of `step`, without needless zeros."""
    return plain_number(value.quantize(step, ROUND_HALF_UP))


def reckon(terms: Sequence[Term], operations: Operations, language: str, roles: bool = False) -> list[Result]:
    """What the operations make of the values, in the order of the question; empty when nothing can be.

    Differences, ratios and growth need two values; where the values have `roles` among many (the highest,
    the lowest, the mean), each further one is set against the first.
    """
    values = [t.value for t in terms]
    if any(q.upper_amount is not None for q in values):
        return []
    if len(terms) >= _MANY and "total" in operations:
        return _total(terms, language)
    if len(terms) > _MANY and "mean" in operations and not roles:
        return _mean(terms, language)
    if len(terms) > _MANY and not roles:
        return []
    if any(q.direction for q in values) and ("ratio" in operations or "growth" in operations):
        return []  # a change by 8% is not 1.14 times one by 7%
    found: list[Result] = []
    relative = values[0].unit not in ("%", "个百分点") and values[0].kind != "fraction"
    wants_growth = "growth" in operations and relative
    for other in terms[1:] if not ("ratio" in operations or wants_growth) else terms[1:2]:
        pair = (terms[0], other)
        if "ratio" in operations:
            found += _ratio(*pair, language)
        # "By what percentage did it rise" wants no amount, "by how much, and by what percentage" does.
        if not ("ratio" in operations or wants_growth) or _apart(operations):
            found += _difference(*pair, language)
        if wants_growth:
            found += _growth(*pair, language)
    return found


def _apart(operations: Operations) -> bool:
    """True when a difference is asked for in words of its own."""
    others = [(a, b) for name, a, b in operations.spans if name in ("growth", "ratio")]
    return any(
        name == "difference" and not any(a < high and low < b for a, b in others)
        for name, low, high in operations.spans
    )


def _total(terms: Sequence[Term], language: str) -> list[Result]:
    values = [t.value for t in terms]
    total = sum((q.amount for q in values), Decimal(0))
    shown = f"{plain_number(total)}%" if values[0].unit == "%" else amount_text(values[0], total, language)
    said = line("arithmetic_sum", (), value=shown)
    finding = computed(total, "sum", [q.amount for q in values], shown, values[0].unit)
    return [(said, finding, _step("sum", values, shown))]


def _mean(terms: Sequence[Term], language: str) -> list[Result]:
    values = [t.value for t in terms]
    mean = (sum((q.amount for q in values), Decimal(0)) / len(values)).quantize(_HUNDREDTH, ROUND_HALF_UP)
    shown = f"{plain_number(mean)}%" if values[0].unit == "%" else amount_text(values[0], mean, language)
    said = line("arithmetic_mean", (), value=shown)
    finding = computed(mean, "mean", [q.amount for q in values], shown, values[0].unit)
    return [(said, finding, _step("mean", values, shown))]


def _difference(one: Term, two: Term, language: str) -> list[Result]:
    gap = abs(one.value.amount - two.value.amount)
    inputs = (one.value.amount, two.value.amount)
    values = [one.value, two.value]
    if not gap:
        finding = computed(gap, "difference", inputs, "0", one.value.unit)
        return [(line("compare_same"), finding, _step("difference", values, "0"))]
    shown = amount_text(one.value, gap, language)
    high = one if one.value.amount > two.value.amount else two
    word = fill("word_higher", {}, language)
    said = line("compare_difference", value=shown, label=high.label, word=word)
    return [
        (
            said,
            computed(gap, "difference", inputs, shown, one.value.unit),
            _step("difference", values, shown),
        )
    ]


def _ratio(one: Term, two: Term, language: str) -> list[Result]:
    """How many times the larger value is the smaller one, whichever way round it is asked."""
    high, low = (one, two) if one.value.amount >= two.value.amount else (two, one)
    if low.value.amount <= 0:
        return []
    shown = rounded(high.value.amount / low.value.amount)
    said = line("plan_ratio", value=shown, label=high.label, other=low.label)
    finding = computed(Decimal(shown), "ratio", (high.value.amount, low.value.amount))
    return [(said, finding, _step("ratio", [high.value, low.value], shown))]


def _growth(one: Term, two: Term, language: str) -> list[Result]:
    """By what percentage a value differs from the one it is measured against: the earlier, or the second."""
    new, old = one, two
    if one.when is not None and two.when is not None and one.when < two.when:
        new, old = two, one
    if old.value.amount <= 0:
        return []
    change = 100 * (new.value.amount - old.value.amount) / old.value.amount
    shown = rounded(abs(change), _TENTH)
    word = fill("word_higher" if change >= 0 else "word_lower", {}, language)
    said = line("arithmetic_growth", value=shown, label=new.label, other=old.label, word=word)
    signed = Decimal(shown) if change >= 0 else -Decimal(shown)
    finding = computed(signed, "growth", (new.value.amount, old.value.amount), f"{shown}%", "%")
    return [(said, finding, _step("growth", [new.value, old.value], f"{shown}%"))]


def _step(operation: str, values: Sequence[Quantity], shown: str) -> Step:
    return Step("compute", {"operation": operation, "inputs": [q.text for q in values]}, shown)


def share_of(part: Quantity, whole: Quantity) -> tuple[Decimal, str]:
    """The percentage that a part is of a whole, and its calculation."""
    share = (100 * part.amount / whole.amount).quantize(_TENTH, ROUND_HALF_UP)
    return share, f"{plain(part.amount)} / {plain(whole.amount)}"
