"""Amounts reckoned from a sentence: beyond the end of a range, before a change, for each of several."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.checks.computed import _reached


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        # 48.4% and 40%—45%, both as printed
        ("2020年碳排放强度的降幅比承诺的目标区间上限多出几个百分点？", "3.4个百分点"),
        ("How far beyond the upper end of the range promised to the world did the cut in carbon intensity of 2020 "
         "get?", "3.4 percentage points"),
        # 48.6亿吨 ÷ (100% + 706%)
        ("1980年中国消费了多少能源？", "6.03亿吨标准煤"),
        ("What was China's energy consumption in 1980?", "603 million tonnes of standard coal"),
        # 4000万 in each of two periods
        ("How much new hydropower is planned over the two five-year periods taken together?",
         "80 million kW"),
        ("嘉兴每座加氢站平均对应多少台氢燃料电池公交车？", "33.8台"),
    ],
)  # fmt: skip
def test_what_is_asked_is_reckoned_and_shown_with_its_sentence(
    bot: PolicyBot, question: str, wanted: str
) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered" and wanted in answer.answer, answer.answer
    assert any(r.kind == "computed" for r in answer.results) and answer.citations
    assert not any("核对" in warning or "check" in warning for warning in answer.warnings)


@pytest.mark.parametrize(
    "question", ["2005年单位GDP二氧化碳排放是多少？", "What was China's carbon intensity in 2005?"]
)
def test_without_a_printed_amount_nothing_is_reckoned_back(bot: PolicyBot, question: str) -> None:
    assert bot.ask(question).status == "not_found"


def test_the_check_reckons_a_base_by_itself() -> None:
    from decimal import Decimal

    assert _reached("base", [Decimal(150), Decimal(50)]) == 100
    assert _reached("base", [Decimal(41), Decimal(-18)]) == 50
    assert _reached("base", [Decimal(41), Decimal(-100)]) is None


def test_a_change_belongs_to_the_amount_before_it_only() -> None:
    from policybot.answer.prose.bases import _ITS_OWN

    assert (
        _ITS_OWN.match("，相比1980年增长约") and _ITS_OWN.match("，比上年增长") and _ITS_OWN.match(",upfrom")
    )
    assert not _ITS_OWN.match("，单位GDP二氧化碳排放比2005年下降")
    assert not _ITS_OWN.match("；人均能耗较2015年下降")
