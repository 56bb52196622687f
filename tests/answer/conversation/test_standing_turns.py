"""A turn that says by itself what it asks is answered in a conversation as it is alone."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot

TALK = (
    "吃饭剩菜太多政策管不管？",
    "who gets told off if targets are missed?",
    "深圳为什么排第一？",
    "那它打算哪年达峰？",
)


@pytest.mark.parametrize(
    "question",
    [
        "will old buildings be torn down on a large scale?",
        "京都议定书什么时候生效？",
        "2030年森林覆盖率要达到多少？",
        "Does burning straw in the fields stay legal?",
    ],
)
def test_what_was_spoken_of_before_is_left_behind(bot: PolicyBot, question: str) -> None:
    alone = bot.ask(question)
    later = bot.ask(question, [{"question": turn} for turn in TALK])
    assert alone.status == later.status == "answered"
    assert alone.citations[0].clause_id == later.citations[0].clause_id


def test_a_turn_that_leans_on_the_one_before_finds_no_answer_of_its_own(bot: PolicyBot) -> None:
    asked = "what is the 2025 target for new-building PV coverage?"
    answer = bot.ask("and 2030?", [{"question": asked}])
    assert answer.status == "not_found"
    assert any("PV" in line or "光伏" in line for line in answer.answer.splitlines())
