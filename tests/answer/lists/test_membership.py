"""Whether one thing is among others, decided from the list; and rules for two things side by side."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot

VERDICTS = [
    ("Is nitrogen trifluoride one of the gases in Annex A?", "No"),
    ("三氟化氮是不是附件A列的气体？", "否"),
    ("附件A包括三氟化氮吗？", "否"),
    ("Does Annex A include carbon dioxide?", "Yes"),
    ("农业是不是附件A里的一个部门？", "是"),
    ("Is Turkey listed in Annex B?", "No"),
    ("Is Norway in Annex B?", "Yes"),
    ("苏州是不是计划单列市？", "否"),
    ("厦门是计划单列市之一吗？", "是"),
    # a sentence leaves it out in words
    ("台湾是不是在35个评估城市之列？", "否"),
]


@pytest.mark.parametrize(("question", "verdict"), VERDICTS)
def test_the_list_decides_and_is_shown(bot: PolicyBot, question: str, verdict: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    assert answer.answer.startswith(verdict), answer.answer
    assert answer.citations


@pytest.mark.parametrize(
    "question",
    [
        "海洋碳汇算不算生态碳汇的一部分？",  # measures for sinks are no list of sinks
        "Is green and low-carbon development to become part of the national education system?",
        "上海属于火星城市群吗？",
    ],
)
def test_no_list_no_denial(bot: PolicyBot, question: str) -> None:
    assert not bot.ask(question).answer.startswith(("否", "No,", "No."))


def test_a_role_that_another_place_has(bot: PolicyBot) -> None:
    answer = bot.ask("人均碳排放是不是拿日本作为标杆？")
    assert answer.answer.startswith(("否", "并非")) and "欧盟" in answer.answer


def test_the_wording_for_two_things_is_quoted_side_by_side(bot: PolicyBot) -> None:
    answer = bot.ask("行动方案对钢铁和有色金属新增产能的措辞一样严吗？")
    assert "严禁新增产能" in answer.answer and "严控新增产能" in answer.answer
    assert len({c.clause_id for c in answer.citations}) == 2
