"""Two sentences are shown where what a question means tells them hardly apart."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot


@pytest.mark.parametrize(
    "question", ["农村怎么搞绿色能源？", "How should villages go green in their use of energy?"]
)
def test_the_next_best_sentence_of_the_clause_stands_beside(bot: PolicyBot, question: str) -> None:
    draft = bot.decide(question).draft
    assert draft.maker == "statement"
    first, second = draft.evidence
    assert first.clause == second.clause
    assert first.end <= second.start or second.end <= first.start
    answer = bot.ask(question)
    assert len(answer.citations) == 2 and "[1]" in answer.answer and "[2]" in answer.answer
    assert len({citation.clause_id for citation in answer.citations}) == 1


@pytest.mark.parametrize(
    "question",
    ["煤电以后还能随便建吗？", "干部不懂碳达峰怎么办？", "How are officials trained for carbon peaking?"],
)
def test_the_next_best_sentence_may_stand_in_another_document(bot: PolicyBot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered" and len({c.document for c in answer.citations}) == 2


@pytest.mark.parametrize(
    "question", ["餐饮浪费怎么管？", "By how much must energy use per unit of GDP fall by 2025?"]
)
def test_one_that_stands_out_stands_alone(bot: PolicyBot, question: str) -> None:
    assert len(bot.ask(question).citations) == 1


@pytest.mark.parametrize(
    "question", ["境外煤电项目还能建吗？", "May new coal power projects be built abroad?"]
)
def test_a_verdict_stands_alone(bot: PolicyBot, question: str) -> None:
    lines = [line for line in bot.decide(question).draft.lines if line.wording != "gist"]
    assert [line.wording for line in lines] == ["verdict_cannot"]
