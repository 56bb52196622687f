"""Table look-ups: every row is found, gaps are said, and computed answers say that they are computed."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.matching.names import place_stem, plain_name
from policybot.answer.tables.reading.views import View


def view_of(bot: PolicyBot, label: str) -> View:
    return next(v for v in bot.planner.book.views if v.table.label == label)


def test_every_city_has_its_pm(bot: PolicyBot) -> None:
    view = view_of(bot, "图表21")
    for row in view.rows[::3]:
        answer = bot.ask(f"{row.key}2019年PM2.5年均浓度是多少？")
        printed = next(c.text for c in row.cells if c.kind == "number")
        assert answer.status == "answered" and printed in answer.answer, row.key
        assert any(row.key in c.quote and printed in c.quote for c in answer.citations)


def test_every_province_has_its_quota(bot: PolicyBot) -> None:
    view = view_of(bot, "附件1 表")
    for row in view.rows[::2]:
        answer = bot.ask(f"{row.key}有几个碳达峰试点名额？")
        assert row.cells[-1].text in answer.answer, row.key


def test_every_party_has_its_target(bot: PolicyBot) -> None:
    view = view_of(bot, "附件B 表")
    for row in view.rows[::5]:
        name = row.key.strip("*")
        answer = bot.ask(f"附件B中{name}的承诺是多少？")
        assert row.cells[-1].text in answer.answer, name


def test_a_place_that_a_table_does_not_list_is_refused_with_the_list(bot: PolicyBot) -> None:
    answer = bot.ask("拉萨的PM2.5是多少？")
    assert answer.status == "not_found" and "图表21" in answer.answer and "拉萨" in answer.answer


def test_a_year_that_a_table_does_not_have_is_not_answered_with_another(bot: PolicyBot) -> None:
    for question in (
        "天津市2020年PM2.5年均浓度是多少？",
        "深圳2021年PM2.5是多少？",
        "What was PM2.5 in Beijing in 2021?",
    ):
        assert bot.ask(question).status == "not_found", question


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("PM2.5最高的三个城市", ["石家庄", "63.2"]),
        ("哪些省分到3个名额？", ["广东"]),
        ("PM2.5低于20的城市有哪些？", ["海口", "16.9"]),
        ("首批试点名额一共多少个？", ["35", "相加"]),
        ("Which cities plan to peak in 2025?", ["2025"]),
        ("一类城市中PM2.5最低的是哪个？", ["厦门"]),
        ("哪些城市没有提出碳达峰年份？", ["“-”"]),
    ],
)
def test_conditions_superlatives_and_sums(bot: PolicyBot, question: str, wanted: list[str]) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    assert all(w in answer.answer for w in wanted), answer.answer


def test_the_parts_of_a_framework_and_their_points(bot: PolicyBot) -> None:
    answer = bot.ask("低碳发展任务落实与成效占多少分？")
    assert "35" in answer.answer


def test_rows_that_a_footnote_marks(bot: PolicyBot) -> None:
    answer = bot.ask("哪些国家正在向市场经济过渡？")
    assert "保加利亚" in answer.answer and "日本" not in answer.answer and "13" in answer.answer
    assert bot.ask("俄罗斯联邦是正在向市场经济过渡的国家吗？").answer.startswith("是")
    assert bot.ask("日本是正在向市场经济过渡的国家吗？").answer.startswith("否")


def test_names_of_rows() -> None:
    assert plain_name("1. 甲烷") == "甲烷"
    assert place_stem("湖北省") == "湖北" and place_stem("内蒙古自治区") == "内蒙古"
    assert place_stem("城市") == "城市"
