"""A word that is read as another one is said to be, whatever the answer."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("煤碳消费怎么控制？", "“煤碳消费”按“煤炭消费”理解。"),
        ("How is coal consumpsion controlled?", "“consumpsion” was read as “consumption”."),
        (
            "Who wil repair the brocken kettle in the comitment period?",
            "“comitment” was read as “commitment”.",
        ),
    ],
)
def test_what_was_read_is_said(bot: PolicyBot, question: str, said: str) -> None:
    answer = bot.ask(question)
    assert said in answer.warnings and said not in answer.answer


def test_of_a_question_spelt_well_nothing_is_said(bot: PolicyBot) -> None:
    assert not any("理解" in said for said in bot.ask("煤炭消费怎么控制？").warnings)
