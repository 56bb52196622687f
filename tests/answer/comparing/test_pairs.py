"""Two things, or years, that a question sets side by side in its own words."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.comparing.pairs import read_pair
from policybot.answer.question.understand import read_ask

BOTH = [
    ("What distinguishes class two cities from class three cities?", ["脱钩期", "重工业比重高"]),
    ("二类城市和四类城市的特点有什么不一样？", ["脱钩期", "高碳排放"]),
    ("煤炭消费与石油消费的安排相比有什么不同？", ["煤炭减量", "石油消费"]),
    ("钢铁行业和石化行业的要求有什么不同？", ["钢铁", "石化"]),
    # one sentence says it of both
    ("What level must a pilot city have, and a pilot park?", ["地级", "省级"]),
    ("森林覆盖率和森林蓄积量的2030年目标各是多少？", ["25%", "190"]),
    ("Compare the forest coverage and the forest stock targets for 2025.", ["24.1%", "180"]),
    # the ends of a change
    ("2025年跟2060年相比，非化石能源占比的目标差多远？", ["20%", "80%", "60"]),
    ("从2025年到2030年，森林蓄积量目标提高了多少？", ["180", "190", "10"]),
    # years beside years, in one sentence
    ("What did China pledge in 2009 and then again in 2015 about its carbon?", ["40%", "60%"]),
]


@pytest.mark.parametrize(("question", "parts"), BOTH)
def test_both_sides_are_answered(bot: PolicyBot, question: str, parts: list[str]) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    for part in parts:
        assert part in answer.answer.replace(" ", ""), part


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("What sets A-class steel apart from recycled cement?", ("a-class steel", "recycled cement")),
        ("How do coal and oil differ in the action plan?", ("coal", "oil")),
        ("对公共机构和对国有企业分别提了什么要求？", ("公共机构", "国有企业")),
        ("煤炭和石油哪个先达峰？", ("煤炭", "石油")),
    ],
)
def test_the_two_sides_of_a_question(bot: PolicyBot, question: str, sides: tuple[str, str]) -> None:
    analysis, spoken = bot._understand(question, [], "auto", [])
    pair = read_pair(read_ask(question, analysis, bot.planner.rarity, spoken, []), bot.planner.rarity.count)
    assert pair is not None
    assert tuple(label.lower() for label in pair.labels) == sides


@pytest.mark.parametrize(
    "question",
    [
        "What is the difference between whales and dolphins?",
        "足球队和篮球队的待遇有什么区别？",
        "What is the difference between carbon sinks and carbon tariffs on steel?",
    ],
)
def test_no_answer_where_a_side_is_missing(bot: PolicyBot, question: str) -> None:
    assert bot.ask(question).status == "not_found"


def test_a_period_is_not_two_years(bot: PolicyBot) -> None:
    answer = bot.ask("How did emissions change from 2017 to 2022 in the pilot cities?")
    assert "2017: " not in answer.answer


def test_no_pair_without_a_word_that_compares(bot: PolicyBot) -> None:
    analysis, spoken = bot._understand("森林覆盖率2030年目标", [], "auto", [])
    ask = read_ask("森林覆盖率2030年目标", analysis, bot.planner.rarity, spoken, [])
    assert read_pair(ask) is None
