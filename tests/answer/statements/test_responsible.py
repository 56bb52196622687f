"""Who does it, and what a clause decides."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.statements.responsible import actors, is_body


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("本次评估由国家应对气候变化战略研究和国际合作中心承担", "国家应对气候变化战略研究和国际合作中心"),
        ("有关落实情况每年向党中央、国务院报告", "党中央、国务院"),
        (
            "各省、自治区、直辖市人民政府要按照国家总体部署，制定本地区碳达峰行动方案",
            "各省、自治区、直辖市人民政府",
        ),
        ("经碳达峰碳中和工作领导小组审核通过后，由地方自行印发实施", "碳达峰碳中和工作领导小组"),
    ],
)
def test_bodies_are_found(text: str, body: str) -> None:
    assert body in [actor.body for actor in actors(text)]


def test_offsets_point_at_the_body() -> None:
    text = "联合国秘书长应为本议定书的保存人。"
    for actor in actors(text):
        assert text[actor.start : actor.end].strip() == actor.body


def test_what_reads_like_a_body() -> None:
    assert is_body("国家发展改革委") and is_body("各级人民政府")
    assert not is_body("森林覆盖率")


def test_who_holds_a_role_is_told_with_it(bot: PolicyBot) -> None:
    answer = bot.ask("退出议定书的书面通知要交给谁？")
    assert "保存人" in answer.answer and "联合国秘书长应为本议定书的保存人" in answer.answer
    assert [c.clause for c in answer.citations][-1].startswith("第二十三条")
