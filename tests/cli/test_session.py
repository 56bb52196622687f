"""Language of messages and the place of --home."""

from __future__ import annotations

import pytest

from policybot.cli.session import Session, hoist_home, starting_language


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (["ask", "x"], {}, "en"),
        (["ask", "x"], {"LANG": "zh_CN.UTF-8"}, "zh"),
        (["ask", "x"], {"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        (["ask", "x"], {"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "C"}, "zh"),
        (["doc", "show", "行动方案"], {"LANG": "C"}, "zh"),
        (["ask", "目标", "--lang", "en"], {}, "en"),
        (["ask", "target", "--lang=zh"], {}, "zh"),
        (["ask", "target", "--lang", "fr"], {}, "en"),
        (["ask", "--lang"], {}, "en"),
    ],
)
def test_language_before_parsing(arguments: list[str], environment: dict[str, str], language: str) -> None:
    assert starting_language(arguments, environment) == language


def test_the_question_decides_unless_a_language_is_chosen() -> None:
    session = Session("zh")
    session.speak("auto", "what is the target?")
    assert session.language == "en"
    session.speak("auto", "???")
    assert session.language == "en"
    session.speak("zh", "what is the target?")
    assert session.language == "zh"


def test_home_may_stand_anywhere_before_a_bare_double_dash() -> None:
    assert hoist_home(["ask", "q", "--home", "x"]) == ["--home", "x", "ask", "q"]
    assert hoist_home(["ask", "--home=x", "q"]) == ["--home=x", "ask", "q"]
    assert hoist_home(["ask", "--", "--home", "x"]) == ["ask", "--", "--home", "x"]
    assert hoist_home(["ask", "--home"]) == ["ask", "--home"]
    assert hoist_home(["ask", "q", "--offline"]) == ["--offline", "ask", "q"]
