"""Days that a rule makes from a day that the question gives."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.answer.bot import PolicyBot
from policybot.answer.durations.deadlines import counted_day, months_on, shown_day
from policybot.facts.quantities import find_numbers


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
    made = months_on(day, months)
    assert (made.year - day.year) * 12 + made.month - day.month == months
    assert made.day == day.day or (made.day < day.day and (made + timedelta(days=1)).day == 1)
    assert str(made.year) in shown_day(made, "en") and f"{made.month}月" in shown_day(made, "zh")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("自收到之日起30日内答复", date(2010, 3, 2)),
        ("within two weeks after receipt", date(2010, 2, 14)),
        ("自公布之日起半年后施行", date(2010, 7, 31)),
        ("有效期届满前15日内申请延续", date(2010, 1, 16)),
        ("提前30日书面通知对方", date(2010, 1, 1)),
        ("自收到通知之日起一年期满时生效", date(2011, 1, 31)),
        ("至少六个月", None),
        ("三十个工作日内", None),
        ("6500万年前的化石", None),
        ("每三年评估一次", None),
    ],
)
def test_what_is_counted_on_and_back(text: str, wanted: date | None) -> None:
    made = [counted_day(date(2010, 1, 31), text, q) for q in find_numbers(text)]
    assert [one[0] for one in made if one is not None] == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    "question", ["2011年2月30日收到退出通知，哪天生效？", "29 February 2011: when is it due?"]
)
def test_a_day_that_no_calendar_has_is_none(bot: PolicyBot, question: str) -> None:
    assert not any(s.tool == "compute" for s in bot.ask(question).steps)


def test_a_day_that_the_documents_tell_of_is_not_counted_from(bot: PolicyBot) -> None:
    assert not any(s.tool == "compute" for s in bot.ask("议定书1997年12月11日通过，什么时候生效？").steps)
