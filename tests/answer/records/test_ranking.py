"""Ranks: given as published, never invented, and never computed ones passed off as published."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot


def test_a_published_place_is_given_with_its_list(bot: PolicyBot) -> None:
    answer = bot.ask("广州在综合排名中排第几？")
    assert answer.status == "answered" and "第3" in answer.answer
    assert "深圳、北京、广州" in answer.citations[0].quote


def test_why_first_quotes_the_text_and_says_what_is_unpublished(bot: PolicyBot) -> None:
    answer = bot.ask("深圳为什么排第一？")
    assert answer.status == "answered" and "权重均未公布" in answer.answer
    assert all(c.document == "index-white-paper-2022" for c in answer.citations)


def test_an_order_that_is_not_claimed_is_not_given(bot: PolicyBot) -> None:
    answer = bot.ask("Why does Guiyang rank second in progress?")
    assert "claims no order" in answer.answer
    assert "名列前茅" in answer.citations[0].quote


@pytest.mark.parametrize("question", ["Which city is 7th overall?", "杭州综合排名第几？"])
def test_a_full_ranking_that_is_an_image_is_refused_by_name(bot: PolicyBot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "not_found" and "图表15" in answer.answer


@pytest.mark.parametrize(
    ("question", "reason"), [("拉萨排第几？", "缺失部分数据"), ("香港的双碳指数排名", "未含港澳台")]
)
def test_a_city_that_is_not_assessed_is_refused_with_the_reason(
    bot: PolicyBot, question: str, reason: str
) -> None:
    answer = bot.ask(question)
    assert answer.status == "not_found" and reason in answer.citations[0].quote


def test_what_a_city_would_need_is_computed_from_cited_cells(bot: PolicyBot) -> None:
    answer = bot.ask("石家庄要进前五需要什么？")
    assert "8.781%" in answer.answer and "不是公布的排名" in answer.answer
    assert {r.kind for r in answer.results} >= {"computed"}
    assert len(answer.citations) == 3


def test_assigned_amount_and_its_refusal(bot: PolicyBot) -> None:
    answer = bot.ask("Assigned amount for Japan with 1,000 Mt base-year emissions")
    assert answer.status == "answered" and "4700 Mt" in answer.answer
    assert {c.document for c in answer.citations} == {"kyoto-protocol"}
    refused = bot.ask("Assigned amount for China with 1,000 Mt base-year emissions")
    assert refused.status == "not_found" and "4700" not in refused.answer


def test_a_self_assessment_gets_no_level(bot: PolicyBot) -> None:
    answer = bot.ask("自评 A13 B9 C28 D18 E10 处于什么水平？")
    assert "78分" in answer.answer and "不评等级" in answer.answer and "推算" in answer.answer
    assert "79.2" in answer.answer


@pytest.mark.parametrize("question", ["哪些城市没有提出达峰年份？", "Which cities have not set a peak year?"])
def test_rows_without_a_value_are_listed(bot: PolicyBot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered" and "11" in answer.answer
    assert len(answer.citations) == 11 and all(c.quote.rstrip().endswith("-") for c in answer.citations)
