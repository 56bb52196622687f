"""Two sentences of one clause are shown where what a question means tells them hardly apart."""

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
    "question", ["餐饮浪费怎么管？", "By how much must energy use per unit of GDP fall by 2025?"]
)
def test_one_that_stands_out_stands_alone(bot: PolicyBot, question: str) -> None:
    assert len(bot.ask(question).citations) == 1


def test_a_verdict_stands_alone(bot: PolicyBot) -> None:
    draft = bot.decide("新建扩建炼油项目还能随便批吗？").draft
    assert len([line for line in draft.lines if line.wording != "gist"]) == 1
