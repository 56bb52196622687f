"""What a question takes for granted: corrected where the clause says otherwise, left alone where it agrees."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.question.claimed import claims_of
from policybot.answer.question.understand import read_ask

WRONG = [
    # a value, in a question that asks why or how
    ("为什么到2025年城镇建筑可再生能源替代率要达到18%？", ["8%"], "不对"),
    ("Why must the railways' energy use per unit of traffic fall by 30% from 2020 by 2030?", ["10%"], "No"),
    # in a part that asks nothing itself
    ("既然全国森林覆盖率2030年要达到35%，主要靠什么措施？", ["25%左右"], "不对"),
    ("北京从2016年开始把温室气体管控纳入环评管理，效果怎么样？", ["2020"], "不对"),
    # a count, before and after what is counted
    ("合肥有780家单位建成节约型机关，依据是什么？", ["556家"], "不对"),
    ("嘉兴推广氢燃料电池公交车191台，为什么这么多？", ["135台"], "不对"),
    # two amounts side by side
    ("第三批试点承诺的创新举措共计128项，为什么这么多？", ["98项"], "不对"),
    # a unit told by its capitals, a count in words
    ("Why must pumped storage reach 200 million kW by 2030?", ["1.2亿千瓦"], "No"),
    ("Hebei was given two pilots; who allotted them?", ["3"], "No"),
    # what the question says the nation promises
    ("Since the Opinions promise 35% non-fossil energy by 2030, who checks it?", ["25%"], "No"),
    # a count of a whole; the highest amount
    ("The first group of peaking pilots covers all 31 provinces. How were places shared out?", ["15"], "No"),
    ("首批试点覆盖全部31个省，名额怎么分？", ["15"], "不对"),
    # a class
    ("白皮书为什么把杭州放进二类城市？", ["一类城市"], "不对"),
    ("成都是四类城市吗？", ["二类城市"], "不对"),
    ("As a class four city, what must Chengdu do?", ["二类城市"], "No"),
    ("Since Xi'an is in the first class, when does it peak?", ["二类城市"], "No"),
    # a table cell
    ("What made Beijing settle on 2025 for its peak in the white paper table?", ["2020"], "No"),
    ("Why does Annex B let Iceland emit 125% of its base year?", ["110"], "No"),
]
RIGHT = [
    "为什么到2025年城镇建筑可再生能源替代率要达到8%？",
    "既然全国森林覆盖率2030年要达到25%，主要靠什么措施？",
    "合肥有556家单位建成节约型机关，依据是什么？",
    "Why does Annex B let Iceland emit 110% of its base year?",
    "2050年森林覆盖率目标",
    "为什么深圳被归入一类城市？",
    "武汉和四类城市相比有什么不同？",
    "Which cities set 2020 as their peak year?",
]


@pytest.mark.parametrize(("question", "wanted", "first"), WRONG)
def test_a_wrong_claim_is_corrected_with_the_clause(
    bot: PolicyBot, question: str, wanted: list[str], first: str
) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    assert answer.answer.startswith(first), answer.answer
    assert all(word in answer.answer for word in wanted), answer.answer
    assert answer.citations


@pytest.mark.parametrize("question", RIGHT)
def test_what_is_right_or_not_claimed_is_not_corrected(bot: PolicyBot, question: str) -> None:
    assert not bot.ask(question).answer.startswith(("不对", "No:"))


@pytest.mark.parametrize(
    ("question", "claimed"),
    [
        ("假设森林覆盖率是30%，那碳汇有多少？", []),
        ("我们市的森林覆盖率是30%，算高吗？", []),
        ("PM2.5低于25的城市有哪些？", []),
        ("欧盟减排15%、日本减10%，为什么？", ["15%", "10%"]),
        ("碳达峰的五个领域是哪五个领域？", []),
    ],
)
def test_only_what_is_asserted_is_a_claim(bot: PolicyBot, question: str, claimed: list[str]) -> None:
    analysis = bot._analyse(question)
    ask = read_ask(question, analysis, bot.planner.rarity, analysis.language)
    assert [c.quantity.text for c in claims_of(ask)] == claimed
