"""The one tokeniser."""

from __future__ import annotations

import doctest
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.index import tokens
from policybot.index.tokens import is_han_token, tokenise
from policybot.text import fold


def test_docstring_examples_hold() -> None:
    assert doctest.testmod(tokens).failed == 0
    assert doctest.testmod(tokens).attempted >= 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10,965,708吨", ["10965708", "吨"]),
        ("１０，９６５", ["10", "965"]),  # a Chinese comma separates, whatever the digits' width
        ("1,2,3", ["1", "2", "3"]),
        ("12,345,67", ["12", "345", "67"]),
        ("PM2.5、CO₂", ["pm2.5", "co2"]),
        ("下降百分之18.5", ["下", "降", "下降", "18.5%"]),
        ("50 percent, 50％ or 50 per cent", ["50%", "50%", "or", "50%"]),
        ("2030.", ["2030"]),
        ("碳达峰、碳中和", ["碳", "达", "峰", "碳达", "达峰", "碳", "中", "和", "碳中", "中和"]),
        ("Parties' policies", ["party", "policy"]),
        ("non-fossil", ["non", "fossil"]),
        ("…！", []),
        ("", []),
    ],
)
def test_tokens_of(text: str, expected: list[str]) -> None:
    assert tokenise(text) == expected


def test_year_in_chinese_digits_is_a_number_too() -> None:
    assert "2030" in tokenise("二〇三〇年")
    assert "2030" in tokenise("二○三○年")
    assert "2030" not in tokenise("三〇年")


@given(st.text())
def test_tokens_have_no_blanks_and_stand_in_the_folded_text(text: str) -> None:
    folded = fold(text)
    for token in tokenise(text):
        assert token
        assert not any(c.isspace() for c in token)
        if is_han_token(token):
            assert token in folded
            assert len(token) <= 2


@given(st.text(alphabet="碳达峰中和，。 a1", max_size=30))
def test_pairs_do_not_cross_punctuation(text: str) -> None:
    pairs = [t for t in tokenise(text) if is_han_token(t) and len(t) == 2]
    assert len(pairs) == sum(a in "碳达峰中和" and b in "碳达峰中和" for a, b in itertools.pairwise(text))


@given(st.text(), st.text())
def test_a_full_stop_separates(one: str, other: str) -> None:
    han_one = [t for t in tokenise(one + "。" + other) if is_han_token(t)]
    assert han_one == [t for t in [*tokenise(one), *tokenise(other)] if is_han_token(t)]
