"""Numbers that open a quotation, or stand in a name that begins with one, are found in the quote."""

from __future__ import annotations

import pytest

from policybot.answer.checks.numbers import Pool, unaccounted
from policybot.answer.checks.text import loose_digits
from policybot.facts.quantities import find_numbers


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("三类城市：待脱钩", "“三类城市：待脱钩”"),
        ("在第 1/CP.1 号决定中通过", "在第1/CP.1号决定中通过"),
        ("第2/CP.3号决定附件", "第2/CP.3号决定附件"),
    ],
)
def test_they_are_accounted_for(quote: str, said: str) -> None:
    pool = Pool()
    pool.add_text(quote)
    numbers = find_numbers(said)
    assert not unaccounted(numbers, pool)
    rest = loose_digits(said, [(q.start, q.end) for q in numbers])
    assert all(pool.mentions(said[start:end]) for start, end in rest)


def test_another_number_is_not() -> None:
    pool = Pool()
    pool.add_text("三类城市：待脱钩")
    assert unaccounted(find_numbers("“四类城市：能源基地”"), pool)
