"""Completion of commands, documents, clauses and cities in both languages."""

from __future__ import annotations

import pytest

from policybot.cli.chat.complete import Names, completions
from policybot.cli.chat.names import COMMANDS, find, nearest
from policybot.cli.messages import catalogue
from policybot.corpus import load_corpus
from policybot.home import builtin_corpus


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(load_corpus(builtin_corpus()))


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("/do", "/doc"),
        ("/来", "/来源"),
        ("／帮", "/帮助"),
        ("/doc kyo", "kyoto-protocol"),
        ("/doc 行动", "行动方案"),
        ("/文献 白皮", "白皮书"),
        ("/clause 行动方案 三（四）", "行动方案 三（四）3"),
        ("/clause 行动方案三(四)", "行动方案 三（四）3"),
        ("/clause Action Plan III(4)", "Action Plan III(4)3"),
        ("/clause Article 3.", "Article 3.7"),
        ("/city Shiji", "Shijiazhuang"),
        ("/城市 石", "石家庄"),
        ("/lang z", "zh"),
        ("what does kyoto pro", "kyoto protocol"),
        ("what does Article 3.", "Article 3.7"),
        ("请问石家", "石家庄"),
        ("compare Shenzhen and Guiy", "Guiyang"),
    ],
)
def test_completions(names: Names, before: str, text: str) -> None:
    found = completions(before, names, "en")
    assert text in [c.text for c in found], [c.text for c in found]
    made = next(c for c in found if c.text == text)
    assert 0 < made.replaces <= len(before)


def test_a_command_without_a_beginning_offers_its_kind(names: Names) -> None:
    assert {"action-plan-2030", "行动方案"} & {c.text for c in completions("/doc ", names, "zh")}
    assert len(completions("/city ", names, "en")) > 10


def test_nothing_is_offered_for_nothing(names: Names) -> None:
    for before in ("", "x", "the quick brown xq", "/nonsense a"):
        assert completions(before, names, "en") == []
    assert completions("/doc a", None, "en") == []


def test_commands_have_names_help_and_takes_in_both_languages() -> None:
    words = [n for c in COMMANDS for n in (c.name, *c.aliases)]
    assert len(words) == len(set(words))
    for command in COMMANDS:
        assert any(not alias.isascii() for alias in command.aliases)
        assert f"chat-help-{command.name}" in catalogue()
        assert not command.takes or f"chat-takes-{command.takes}" in catalogue()
        assert find(command.name.upper()) is command


@pytest.mark.parametrize(
    ("word", "near"), [("soruces", "sources"), ("sesions", "sessions"), ("出典", "出处"), ("zzz", "")]
)
def test_the_nearest_command(word: str, near: str) -> None:
    assert find(word) is None
    assert nearest(word) == near
