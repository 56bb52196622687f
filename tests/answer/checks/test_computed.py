"""A computed result passes the citation check only when it follows from inputs that are cited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.checks.check import check_answer
from policybot.answer.checks.enforce import enforce
from policybot.answer.model import Answer


@pytest.fixture(scope="module")
def answer(bot: PolicyBot) -> Answer:
    return bot.ask("杭州的PM2.5比宁波高多少？")


def altered(answer: Answer, **changes: object) -> Answer:
    """The answer with its computed result changed."""
    results = [replace(r, **changes) if r.operation else r for r in answer.results]  # type: ignore[arg-type]
    return replace(answer, results=results)


def test_a_right_computation_passes(bot: PolicyBot, answer: Answer) -> None:
    assert check_answer(answer, bot.index.corpus).ok
    assert [r.inputs for r in answer.results if r.operation] == [(38.0, 28.8)]


@pytest.mark.parametrize(
    "changes",
    [
        {"value": 9.3},  # not what the inputs give
        {"value": 10.0, "inputs": (38.8, 28.8)},  # an input that no quote has
        {"operation": "product"},
        {"inputs": (38.0,)},
        {"value": "9.2"},
    ],
)
def test_a_wrong_computation_is_caught_and_removed(
    bot: PolicyBot, answer: Answer, changes: dict[str, object]
) -> None:
    wrong = altered(answer, **changes)
    report = check_answer(wrong, bot.index.corpus)
    assert any(i.kind == "result" for i in report.issues)
    kept = enforce(wrong, bot.index.corpus)
    assert not any(r.operation for r in kept.results) and "9.2" not in kept.answer


def test_inputs_may_come_from_the_question_or_another_computation(bot: PolicyBot) -> None:
    rest = bot.ask("100个试点减去首批名额还剩多少个？")
    assert check_answer(rest, bot.index.corpus).ok
    assert {r.operation for r in rest.results if r.operation} == {"rest", "sum"}
