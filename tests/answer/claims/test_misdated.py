"""A year that a question takes for granted is put right; an amount of another year is no answer."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("Why was the IPCC set up in 1992?", "1988", "1992"),
        ("哈钦森在1931年预测了什么？", "1947年", "1931年"),
    ],
)
def test_the_year_of_the_sentence_stands_against_the_one_asked(
    bot: PolicyBot, question: str, right: str, wrong: str
) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    head = answer.answer.splitlines()[0]
    assert head.startswith(("No: ", "不对")) and right in head and wrong in head
    assert right.rstrip("年") in answer.citations[0].quote


@pytest.mark.parametrize(
    "question", ["深圳2023年的PM2.5年均浓度是多少？", "What is the 2035 target for non-fossil energy?"]
)
def test_an_amount_of_another_year_is_refused(bot: PolicyBot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "not_found"
    assert "不对" not in answer.answer and not answer.answer.startswith("No: ")


@pytest.mark.parametrize(
    "question",
    [
        "一个国家想退出1997年那份条约，要先等多久？",
        "How long must a country wait before it can withdraw from the 1997 climate treaty?",
    ],
)
def test_a_treaty_may_be_called_by_its_year(bot: PolicyBot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    assert answer.citations[0].clause == "第二十七条第1款"


def test_a_year_in_a_title_or_of_another_kind_corrects_nothing(bot: PolicyBot) -> None:
    asked = "为什么2022年要制定碳达峰试点建设方案？"
    assert "不对，应为2030年" not in bot.ask(asked).answer
    assert not bot.ask("What did the airports do about ground vehicles in 2022?").answer.startswith("No: ")
