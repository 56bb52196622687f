"""Days that a rule makes from a day that the question gives."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.answer.bot import PolicyBot
from policybot.answer.durations.deadlines import _months_on, shown_day


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("保存人2012年8月31日收到退出通知，退出哪天生效？", "2013年8月31日"),
        ("The Depositary received the notice of withdrawal on 5 May 2011; on what date does it take effect?",
         "5 May 2012"),
        ("某国于2007年12月3日交存加入书，议定书从哪天起对它生效？", "2008年3月2日"),
        ("An accession was deposited on 3 December 2007. When does the Protocol enter into force for the country?",
         "2 March 2008"),
        ("议定书2009年6月1日对某国生效，最早何时可以通知退出？", "2012年6月1日"),
    ],
)  # fmt: skip
def test_the_day_is_counted_from_the_rule_about_the_event(bot: PolicyBot, question: str, wanted: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered" and wanted in answer.answer, answer.answer
    assert any(s.tool == "compute" for s in answer.steps) and answer.citations[0].clause
    assert any(r.kind == "computed" for r in answer.results) and not answer.warnings


@pytest.mark.parametrize(
    "question",
    [
        "2005年2月16日发生了什么？",
        "2021年10月24日印发的行动方案什么时候要求碳达峰？",
        "When was the notice of 24 October 2021 issued?",
    ],
)
def test_a_date_alone_is_no_deadline(bot: PolicyBot, question: str) -> None:
    assert not any(s.tool == "compute" for s in bot.ask(question).steps)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-600, 600))
def test_months_on_keep_the_day_or_end_the_month(day: date, months: int) -> None:
    made = _months_on(day, months)
    assert (made.year - day.year) * 12 + made.month - day.month == months
    assert made.day == day.day or made.day < day.day <= 31
    assert _months_on(day, 0) == day
    assert str(made.year) in shown_day(made, "en") and f"{made.month}月" in shown_day(made, "zh")
