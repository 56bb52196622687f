"""Lengths of time: printed periods, two events, ages, waiting times one after the other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.answer.bot import PolicyBot
from policybot.answer.durations.dates import months_between


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("京都议定书开放签署了多长时间？", "1年"),
        ("How many months was the Protocol open for signature?", "12 months"),
        ("京都议定书第一个承诺期有几年？", "5年"),
        ("How long does the second commitment period last?", "8 years"),
        ("《京都议定书》从通过到正式生效隔了几年？", "7年"),
        ("How long after its adoption in New York did the Convention enter into force?", "1 year, 10 months"),
        ("中国成为最大排放国之后几年又超过了欧盟？", "10年"),
        ("How many years does China give itself between peaking and neutrality?", "30 years"),
        ("1947年哈钦森多大？", "44岁"),
        ("How old was Hutchinson in 1947?", "44 years old"),
        (
            "At the earliest, how many years after entry into force can a Party be out of the Protocol?",
            "4 years",
        ),
    ],
)
def test_lengths_of_time_are_computed(bot: PolicyBot, question: str, wanted: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered" and wanted in answer.answer
    assert answer.citations and any(s.tool == "compute" for s in answer.steps)


@pytest.mark.parametrize(
    "question",
    [
        "公约秘书长1995年多大年纪？",
        "京都议定书第三个承诺期有几年？",
        "How old was Greta Thunberg in 2019?",
        "How many years passed between the Rio summit and the Copenhagen summit?",
        "从中国提出2020年目标到提出2030年碳强度目标隔了几年",
    ],
)
def test_without_two_certain_dates_nothing_is_computed(bot: PolicyBot, question: str) -> None:
    answer = bot.ask(question)
    assert not any(s.arguments.get("operation") == "duration" for s in answer.steps if s.tool == "compute")


@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.integers(0, 5000))
def test_months_and_days_lead_from_one_date_to_the_other(first: date, days: int) -> None:
    end = first + timedelta(days=days)
    months, odd = months_between(first, end)
    assert months >= 0 and 0 <= odd <= 31
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    anchor = date(year, month + 1, min(first.day, 28))
    assert abs((end - anchor).days - odd) <= 3
