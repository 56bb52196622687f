"""Targets by year and document: given where the ledger has them, refused where it has not."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot


@pytest.mark.parametrize(
    ("question", "indicator", "given"),
    [
        ("2030年新型储能装机容量目标是多少？", "新型储能装机容量", "2025"),
        ("2035年非化石能源消费比重目标是多少？", "非化石能源消费比重", "2030"),
        ("What is the 2040 target for forest coverage?", "forest coverage", "2030"),
    ],
)
def test_a_year_without_a_target_is_refused_with_the_years_that_have_one(
    bot: PolicyBot, question: str, indicator: str, given: str
) -> None:
    answer = bot.ask(question)
    assert answer.status == "not_found"
    assert indicator in answer.answer and given in answer.answer
    assert answer.citations


def test_two_documents_each_say_their_own(bot: PolicyBot) -> None:
    answer = bot.ask("意见和方案对2030年森林覆盖率怎么说？")
    assert {c.document for c in answer.citations} == {"opinions-2021", "action-plan-2030"}
    assert answer.answer.count("25%左右") == 2


def test_a_timeline_has_every_year_once(bot: PolicyBot) -> None:
    answer = bot.ask("How does the non-fossil energy share target change over time?")
    years = [r.year for r in answer.results if r.kind == "quoted"]
    assert years == [2025, 2030, 2060]


def test_a_difference_is_computed_and_says_so(bot: PolicyBot) -> None:
    answer = bot.ask("By how many percentage points does the forest coverage target rise from 2025 to 2030?")
    computed = [r for r in answer.results if r.kind == "computed"]
    assert len(computed) == 1 and computed[0].value == pytest.approx(0.9)
    assert "computed" in answer.answer


def test_a_target_of_the_year_asked_for_is_answered(bot: PolicyBot) -> None:
    answer = bot.ask("2025年新型储能装机容量要达到多少？")
    assert answer.status == "answered" and "3000万千瓦以上" in answer.answer.replace(" ", "")


@pytest.mark.parametrize(
    ("question", "gap"),
    [
        (
            "By how much should the share of non-fossil energy grow between 2025 and 2030?",
            "5 percentage points",
        ),
        ("How much does forest coverage rise between 2025 and 2030?", "0.9 percentage points"),
        ("森林蓄积量2025年和2030年的目标差别大不大？", "10亿立方米"),
        ("Main renewable resources recycled: 2025 versus 2030?", "5.1亿吨"),
    ],
)
def test_how_far_two_years_are_apart(bot: PolicyBot, question: str, gap: str) -> None:
    assert gap in bot.ask(question).answer
