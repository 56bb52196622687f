"""Comparisons: each side gets its own value, whether tables, one sentence, or two documents give it."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.comparing.documents import document_sides
from policybot.answer.question.understand import read_ask

SIDES = [
    # a list shared out by 分别, its names at the head of the sentence
    ("安康和琼中的碳汇吸收量，谁增得多？", ["94.3%", "73.5%", "安康较高"]),
    ("How much did Qiongzhong's carbon sink grow?", ["73.5%"]),
    ("中国排放超过美国和超过欧盟，分别大概在哪年？", ["2004年", "2014年"]),
    # highest and lowest among shared-out values
    ("得分率第一和垫底的领域各是哪个？", ["86.8%（最高）", "68.4%（最低）"]),
    (
        "Among the fields scored in the pilot evaluation, which came out best and which worst?",
        ["86.8", "68.4"],
    ),
    ("平均得分率最高的领域和最低的领域相差多少个百分点？", ["相差18.4个百分点"]),
    # two things in the question's own words
    ("低碳发展基本进展和体制机制建设，哪个得分率高？", ["86.1%", "68.4%"]),
    ("Which grew faster in the pilots, GDP or carbon emissions?", ["5.8%", "1.3%"]),
    ("Does the UNFCCC have more parties than the Kyoto Protocol?", ["197", "192"]),
    # a table's column under a vague word
    ("克罗地亚同斯洛文尼亚比，谁的指标更严？", ["95", "92"]),
    ("Which has the tougher Kyoto number, Canada or New Zealand?", ["94", "100"]),
    ("Between Wuhan and Hefei, who plans to peak first, and by how many years?", ["2022", "2024", "2 years"]),
    # parts of a framework
    ("评估体系里基本进展和基础工作各占多少分？", ["15分", "20分", "相差5分"]),
    ("In the pilot scoring, is innovation or task delivery worth more, and by how much?", ["15", "35", "20"]),
    # lengths of tables
    ("给城市的参考指标和给园区的，哪张表更长？", ["26项", "14项"]),
    ("Is the park indicator list shorter than the one for cities?", ["26", "14"]),
    # documents against each other
    (
        "Do the Opinions and the Action Plan give the same 2030 figure for wind and solar capacity?",
        ["the Opinions: 1.2 billion kW", "the Action Plan: 1.2 billion kW"],
    ),
    ("白皮书说的温室气体种数和京都议定书附件A一致吗？", ["《白皮书》：7种", "6"]),
    (
        "Which finance tools does the Action Plan name that the pilot scheme does not?",
        ["绿色股权", "绿色信贷"],
    ),
    ("“定期调度”各地进展，《意见》交给谁，《行动方案》又交给谁？", ["国家发展改革委", "领导小组办公室"]),
    # periods by their names; what stands beside a quotation
    ("“十四五”和“十五五”对煤炭消费的要求有何不同？", ["严控煤炭消费增长", "逐步减少"]),
    ("试点城市里产业结构偏重的和较优的各要做什么？", ["偏重", "较优"]),
]


@pytest.mark.parametrize(("question", "parts"), SIDES)
def test_each_side_has_its_own_answer(bot: PolicyBot, question: str, parts: list[str]) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    for part in parts:
        assert part in answer.answer, part


@pytest.mark.parametrize(
    "question",
    [
        "日本和美国的碳中和目标年份分别是哪年？",
        "日本和美国的人均排放目标谁高？",
        "Who has the tougher renewable energy target, Japan or Canada?",
    ],
)
def test_a_vague_word_tells_no_other_column(bot: PolicyBot, question: str) -> None:
    assert bot.ask(question).status == "not_found"


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("Do the Opinions and the Action Plan agree on forests?", ["opinions-2021", "action-plan-2030"]),
        ("试点方案比行动方案少提了什么？", ["pilot-scheme-2023", "action-plan-2030"]),
        ("白皮书里说京都议定书有多少缔约方？", []),
        ("2030年森林覆盖率是多少？", []),
    ],
)
def test_documents_set_against_each_other(bot: PolicyBot, question: str, documents: list[str]) -> None:
    analysis, spoken = bot._understand(question, [], "auto", [])
    ask = read_ask(question, analysis, bot.planner.rarity, spoken, [])
    assert [name for name, _ in document_sides(ask)] == documents
