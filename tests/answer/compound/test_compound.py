"""Questions about several things, and about things that they only describe."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.answer.bot import PolicyBot
from policybot.answer.compound.parts import carried
from policybot.answer.compound.sides import sides_of
from policybot.answer.compound.things import things


@pytest.mark.parametrize(
    ("question", "names", "first"),
    [
        ("煤电和气电各自怎么调整？", ["煤电", "气电"], "煤电怎么调整？"),
        ("方案里，铁路、水路、公路三者分别要做什么？", ["铁路", "水路", "公路"], "方案里，铁路要做什么？"),
        ("钢铁和水泥这两个行业的产能分别怎么管？", ["钢铁", "水泥"], "钢铁的产能怎么管？"),
        ("内蒙古和山西分别要做什么？", ["内蒙古", "山西"], "内蒙古要做什么？"),
        ("能源消费和碳中和目标年份分别是多少？", ["能源消费", "碳中和目标年份"], "能源消费是多少？"),
        ("强度到2019年和到2020年分别降多少？", ["到2019年", "到2020年"], "强度到2019年降多少？"),
        ("What did Suzhou and Wuxi each promise?", ["Suzhou", "Wuxi"], "What did Suzhou promise?"),
        (
            "What must China and the United States each do?",
            ["China", "the United States"],
            "What must China do?",
        ),
    ],
)
def test_what_is_asked_of_each_is_asked_of_one(question: str, names: list[str], first: str) -> None:
    sides = sides_of(question)
    assert [name for name, _ in sides] == names
    assert sides[0][1] == first


@pytest.mark.parametrize(
    "question",
    [
        "各地和各部门怎么配合？",
        "各级政府要做什么？",
        "宁夏和西藏各自治区要做什么？",
        "A和B有什么区别？",
        "What must each Party do?",
        "How much coal and oil is used in each sector?",
        "Which provinces and regions got three places each?",
    ],
)
def test_other_questions_have_no_sides(question: str) -> None:
    assert sides_of(question) == []


TOKENS = (
    "煤", "油", "和", "、", "与", "分别", "各自", "的", "在", "两者", "这", "那个", "有一个", "机制", "，", "。", "？", "哪个", "它",
    "what ", "and ", "each ", "the plan that ", "a fund ", "is ", "used for ", ". ", "who runs it?", "A ", "respectively ",
)  # fmt: skip


@given(st.lists(st.sampled_from(TOKENS), max_size=14).map("".join))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(text: str) -> None:
    for name, part in sides_of(text):
        assert name.strip() and name in part
    for which, rest in things(text):
        assert len(which) > 5 and len(rest) > 1
        assert len(which) + len(rest) < len(text) + 40


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("煤炭消费和石油消费在“十五五”时期分别怎么变化？", ["逐步减少", "峰值平台期"]),
        ("2025年和2030年的秸秆以外大宗固废年利用量分别是多少？", ["40亿吨", "45亿吨"]),
    ],
)
def test_each_of_several_things_has_its_answer(bot: PolicyBot, question: str, parts: list[str]) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    assert all(part in answer.answer for part in parts), answer.answer


def test_a_year_is_shown_with_the_sentence_that_says_it(bot: PolicyBot) -> None:
    answer = bot.ask("What are the 2025 and 2030 targets for turning household waste back into resources?")
    assert answer.status == "answered"
    said = dict(re.findall(r"^(20\d\d): (.+)$", answer.answer, re.MULTILINE))
    assert all(year in text for year, text in said.items())
    assert "60%" in answer.answer and "65%" in answer.answer
    assert answer.answer.count("In English (unofficial)") == 2


def test_how_many_times_one_amount_is_another(bot: PolicyBot) -> None:
    answer = bot.ask("抽水蓄能2030年的装机目标是新型储能2025年目标的几倍？")
    assert "1.2亿千瓦" in answer.answer and "3000万千瓦" in answer.answer
    assert "4倍（计算得出）" in answer.answer
    assert [r.value for r in answer.results if r.kind == "computed"] == [4.0]


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        (
            "那个既帮发展中国家可持续发展、又帮发达国家完成减排承诺的机制，由谁监督？",
            "第十二条第4款",
        ),
        (
            "Kyoto sets up a mechanism that helps developing countries develop sustainably. Which body supervises it?",
            "第十二条第4款",
        ),
    ],
)
def test_what_is_asked_of_a_thing_that_is_described(bot: PolicyBot, question: str, clause: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    assert clause in [c.clause for c in answer.citations]


def test_a_place_is_found_by_what_it_did(bot: PolicyBot) -> None:
    answer = bot.ask("有座试点城市只建成了1个中精度温室气体监测站。它推广了多少辆氢燃料公交车？")
    assert answer.status == "answered"
    assert "135" in answer.answer


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("三批试点总共承诺了多少项创新举措，完成或部分完成了多少项？", ("225", "113")),
        ("In all three batches together, how many innovative measures were announced, and how many were "
         "fully or partly completed?", ("225", "113")),
    ],
)  # fmt: skip
def test_two_numbers_of_the_same_things_are_both_added_up(
    bot: PolicyBot, question: str, wanted: tuple[str, ...]
) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered" and all(number in answer.answer for number in wanted), answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "试点评估中平均得分率最低的是哪个领域？该领域满分是多少分？",
        "Which area of the pilot evaluation has the lowest average scoring rate, and how many points is that "
        "area worth?",
    ],
)
def test_a_part_of_the_evaluation_is_asked_about_once_it_is_found(bot: PolicyBot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered" and "68.4%" in answer.answer and "15" in answer.answer, answer.answer


def test_what_a_later_part_leaves_out_is_carried_along() -> None:
    assert carried("三批一共提了多少项举措", "完成多少项？") == "三批一共完成多少项举措"
    made = carried("Adding up all batches, how many measures were announced", "how many were completed?")
    assert made == "Adding up all batches, how many measures were completed?"
    made = carried("How many measures were announced in all three batches", "how many were completed?")
    assert made == "how many measures were completed in all three batches?"
    assert carried("深圳提了多少项举措", "完成多少项？") is None
    assert carried("公共机构建了多少座充电桩", "用了多少？") is None
