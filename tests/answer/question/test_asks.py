"""What a question wants done: operators, numbers to compare with, kinds of value, two questions in one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.answer.compound.parts import parts_of
from policybot.answer.question.asks import read_asks, to_int
from policybot.answer.question.cues import AMOUNT, expected


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("pm2.5最高的城市是哪个", "max"),
        ("which city has the lowest pm2.5", "min"),
        ("哪些城市没有提出达峰年份", "missing"),
        ("一共有多少个试点", "total"),
        ("森林覆盖率目标是30%,对吗", "confirm"),
        ("the target is 30%, right?", "confirm"),
        ("可以新建燃煤锅炉吗", "permission"),
        ("那2030年呢", "follow_up"),
        ("what about 2030?", "follow_up"),
        ("银川属于第几类城市", "class"),
        ("行动方案是谁发布的", "issuer"),
        ("when was the action plan issued", "issued"),
        ("石家庄排第几", "rank_of"),
    ],
)
def test_operators_are_read_in_both_languages(question: str, name: str) -> None:
    assert name in read_asks(question)


@pytest.mark.parametrize(
    ("question", "bound"),
    [
        ("pm2.5低于20的城市", ("below", 20.0)),
        ("cities with pm2.5 above 50", ("above", 50.0)),
        ("不低于3个名额的省", ("at_least", 3.0)),
        ("名额为3的省份", ("equal", 3.0)),
    ],
)
def test_numbers_to_compare_with(question: str, bound: tuple[str, float]) -> None:
    assert bound in read_asks(question).bounds


def test_a_number_of_rows_is_no_bound() -> None:
    assert all(x != 3.0 for _, x in read_asks("which of the 35 cities had the worst pm2.5").bounds)


@pytest.mark.parametrize(
    ("text", "n"), [("5", 5), ("十", 10), ("十二", 12), ("三十一", 31), ("ten", 10), ("两", 2)]
)
def test_small_numbers(text: str, n: int) -> None:
    assert to_int(text) == n


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    asks = read_asks(text)
    assert all(0 <= low < high <= len(text) for _, low, high in asks.spans if low != high)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("一共花了多少钱", "money"),
        ("how much money was spent", "money"),
        ("排放了多少吨二氧化碳", "mass"),
        ("运量要达到多少标准箱", "count"),
        ("四个领域的权重各是多少", "percent"),
        ("入选的是哪两个城市", "place"),
    ],
)
def test_kinds_that_a_question_says_outright(question: str, first: str) -> None:
    assert expected(question, ())[:1] == (first,)


def test_amounts() -> None:
    assert AMOUNT.search("森林覆盖率是多少") and AMOUNT.search("how many cities")
    assert not AMOUNT.search("什么是碳达峰")


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("深圳属于几类城市，PM2.5是多少", ["深圳属于几类城市", "PM2.5是多少"]),
        ("Which city was left out, and why?", ["Which city was left out", "why?"]),
        ("在行动方案里，2025年的目标是多少？", ["在行动方案里，2025年的目标是多少？"]),
        ("What are the targets for wind and solar?", ["What are the targets for wind and solar?"]),
    ],
)
def test_two_questions_in_one_are_parted(question: str, parts: list[str]) -> None:
    assert parts_of(question) == parts


@given(st.text(max_size=120))
def test_parting_loses_no_words(text: str) -> None:
    parts = parts_of(text)
    assert parts == [text] or all(part in text for part in parts)
