"""Bots whose chat model is LangChain's real OpenAI client against a scripted server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.engines import Bot, open_bot
from policybot.home import Home

BotAt = Callable[..., Bot]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "POLICYBOT_OFFLINE", "TEST_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def bot_at(tmp_path: Path, bot: PolicyBot) -> BotAt:
    """`bot_at(url, timeout=…)`: a bot with the built-in documents and the settings given."""

    def make(url: str, spec: str = "openai:scripted", **settings: object) -> Bot:
        values: dict[str, object] = {"base_url": url, "retries": 0, "timeout": 30.0, **settings}
        lines = [f"{key} = {_toml(value)}" for key, value in values.items()]
        (tmp_path / "policybot.toml").write_text("\n".join(["[llm]", *lines]), encoding="utf-8")
        return open_bot(Home(tmp_path), f"llm:{spec}", index=bot.index)

    return make


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
