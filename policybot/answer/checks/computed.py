"""Computed results: each is computed anew from its inputs, and each input must be accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from policybot.answer.checks.numbers import Pool, decimal_of
from policybot.answer.model import Answer, ResultEntry

_LAST_DIGITS = Decimal("1e-14")
OPERATIONS = ("sum", "difference", "mean", "ratio", "share", "rest", "growth", "product", "part", "base")


def computed_fault(result: ResultEntry, answer: Answer, quotes: Pool) -> bool:
    """True when a computed result does not follow from its inputs, or an input has no source.

    Args:
        result: of the answer; one without an operation (a count of what is listed) is not judged here.
        answer: its question and its other computed results may give inputs as well.
        quotes: the numbers of the quotes that were found verbatim.
    """
    if not result.operation:
        return False
    value, inputs = decimal_of(result.value), [decimal_of(i) for i in result.inputs]
    if value is None or not inputs or any(i is None for i in inputs):
        return True
    numbers = [i for i in inputs if i is not None]
    reached = _reached(result.operation, numbers)
    if reached is None or abs(reached - value) > _step(value):
        return True
    derived = {
        decimal_of(o.value) for o in answer.results if o is not result and o.kind in ("computed", "derived")
    }
    question = Pool()
    question.add_text(answer.question)
    return not all(_held(n, quotes) or _held(n, question) or n in derived for n in numbers)


def _reached(operation: str, inputs: Sequence[Decimal]) -> Decimal | None:
    """What an operation makes of its inputs; None for an unknown one or too few inputs."""
    if operation == "sum":
        return sum(inputs, Decimal(0))
    if operation == "mean":
        return sum(inputs, Decimal(0)) / len(inputs)
    if operation == "rest":
        return inputs[0] - sum(inputs[1:], Decimal(0))
    if len(inputs) != 2 or (operation in ("ratio", "share") and not inputs[1]):
        return None
    one, two = inputs
    return {
        "difference": abs(one - two),
        "ratio": one / two if two else None,
        "share": 100 * one / two if two else None,
        "growth": 100 * (one - two) / two if two else None,
        "product": one * two,
        "part": one * two / 100,
        "base": 100 * one / (100 + two) if two > -100 else None,
    }.get(operation)


def _step(value: Decimal) -> Decimal:
    """Half a unit of the last decimal that a value gives."""
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Decimal(1).scaleb(-places) / 2 if places else Decimal("0.000001")


def _held(number: Decimal, known: Pool) -> bool:
    plain = number.normalize()
    held = known.values | known.bare | known.counting
    # A third has no exact decimal: it is compared to the digits that a result keeps.
    return any(abs(abs(plain) - abs(v)) <= _LAST_DIGITS * abs(v) for v in held) or (
        number == number.to_integral() and int(number) in known.years
    )
