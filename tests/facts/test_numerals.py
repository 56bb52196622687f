"""Numerals: Chinese, English and digits, each read alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.facts.numerals import read_chinese, read_digits, read_english, read_scale

_DIGITS = "零一二三四五六七八九"


def in_chinese(number: int) -> str:
    """The plain spelling of a number below 10¹², for round trips."""
    if number >= 10**8:
        rest = number % 10**8
        return (
            in_chinese(number // 10**8)
            + "亿"
            + (("零" if rest < 10**7 else "") + in_chinese(rest) if rest else "")
        )
    if number >= 10**4:
        rest = number % 10**4
        return (
            in_chinese(number // 10**4)
            + "万"
            + (("零" if rest < 1000 else "") + in_chinese(rest) if rest else "")
        )
    text = ""
    for step, word in ((1000, "千"), (100, "百"), (10, "十")):
        digit, number = divmod(number, step)
        if digit:
            text += _DIGITS[digit] + word
        elif text and number and not text.endswith("零"):
            text += "零"
    return text + (_DIGITS[number] if number or not text else "")


def in_english(number: int) -> str:
    """The plain English spelling of a number from 1 to 999,999."""
    ones = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]  # fmt: skip
    tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if number >= 1000:
        rest = number % 1000
        return in_english(number // 1000) + " thousand" + (f" {in_english(rest)}" if rest else "")
    if number >= 100:
        rest = number % 100
        return f"{ones[number // 100]} hundred" + (f" and {in_english(rest)}" if rest else "")
    if number >= 20:
        return tens[number // 10] + (f"-{ones[number % 10]}" if number % 10 else "")
    return ones[number]


@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_chinese_numerals_round_trip(number: int) -> None:
    assert read_chinese(in_chinese(number)) == number


@given(st.integers(min_value=1, max_value=999_999))
def test_english_numerals_round_trip(number: int) -> None:
    assert read_english(in_english(number)) == number


@given(st.integers(min_value=0, max_value=10**15))
def test_thousands_separators_are_dropped(number: int) -> None:
    assert read_digits(f"{number:,}") == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("二十五", 25),
        ("两百", 200),
        ("五千零三", 5003),
        ("一亿两千万", 120_000_000),
        ("十二亿", 1_200_000_000),
        ("百万", 1_000_000),
        ("一九九七", 1997),
        ("二〇二三", 2023),
        ("十八点八", Decimal("18.8")),
        ("一点二亿", 120_000_000),
    ],
)
def test_chinese_numerals(text: str, value: Decimal | int) -> None:
    assert read_chinese(text) == value


@pytest.mark.parametrize("text", ["三四", "十十", "一二三", "两三", "亿" * 500])
def test_what_is_no_single_number_has_no_value(text: str) -> None:
    assert read_chinese(text) is None


@given(st.text(alphabet="〇零一二两三四五六七八九十百千万亿点", max_size=60))
def test_no_run_of_numerals_breaks_the_reader(text: str) -> None:
    value = read_chinese(text)
    assert value is None or value >= 0


@pytest.mark.parametrize(
    ("text", "value"),
    [("亿", 10**8), ("万亿", 10**12), ("hundred million", 10**8), ("billion", 10**9), ("", 1)],
)
def test_scales(text: str, value: int) -> None:
    assert read_scale(text) == value


@pytest.mark.parametrize("text", ["two three", "plan"])
def test_english_words_that_are_no_number(text: str) -> None:
    assert read_english(text) is None
