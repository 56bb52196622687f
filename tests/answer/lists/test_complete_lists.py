"""Complete lists, asked in many wordings: introduced by a sentence, under a heading, of as many items as asked."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot

LISTS = [
    # clauses behind "根据以下各项"
    ("清洁发展机制下的减排要经认证，得满足哪三个条件？", ["自愿参加", "可测量的和长期的效益", "额外的"]),
    (
        "On what three bases are emission reductions under the clean development mechanism certified?",
        ["自愿参加", "额外的", "Voluntary", "additional"],
    ),
    # headings
    ("《行动方案》的国际合作包括哪几个方面？", ["全球气候治理", "绿色经贸", "一带一路"]),
    ("试点建设内容一共几项，都叫什么？", ["确定试点任务", "实施重点工程", "开展全民行动"]),
    ("List the sectors in Annex A of the Kyoto Protocol.", ["energy", "agriculture", "waste", "溶剂"]),
    # a sentence
    ("京都三机制是哪三个？", ["清洁发展机制", "排放贸易", "联合履行"]),
    ("哪些设备是节能增效的重点？", ["电机", "工业锅炉"]),
    # the rows of a table and a category told by most of its words
    ("Name the four categories of cities in the white paper.", ["first class city", "third class city"]),
]


@pytest.mark.parametrize(("question", "wanted"), LISTS)
def test_the_list_is_complete(bot: PolicyBot, question: str, wanted: list[str]) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    assert all(word in answer.answer for word in wanted), answer.answer


@pytest.mark.parametrize(
    ("question", "wanted", "other"),
    [
        ("单位GDP碳排放最低的前五名都是哪几个城市", "深圳", "银川"),
        ("单位GDP碳排放最高的前五名都是哪几个城市", "银川", "深圳"),
    ],
)
def test_the_highest_are_not_answered_with_the_lowest(
    bot: PolicyBot, question: str, wanted: str, other: str
) -> None:
    answer = bot.ask(question).answer
    assert wanted in answer and other not in answer
