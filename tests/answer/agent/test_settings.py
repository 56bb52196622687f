"""Which model is meant, what it is sent with, and what is refused before anything is sent."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from policybot.answer.agent.failures import notices
from policybot.answer.agent.models import KEYRING_SERVICE, make_model, providers, read_spec, require_model
from policybot.answer.bot import PolicyBot
from policybot.answer.engines import open_bot
from policybot.errors import ExitCode, ModelError, PolicybotError
from policybot.home import Home, LlmConfig
from tests.answer.agent.conftest import BotAt
from tests.answer.agent.server import ChatServer, say
from tests.answer.agent.test_agent import GOOD, SEARCH, ZH, reply
from tests.index.small import small_home

SECRET = "sk-very-secret-0123456789"


@pytest.mark.parametrize(
    ("text", "config", "expected"),
    [
        ("openai:gpt-5-mini", LlmConfig(), ("openai", "gpt-5-mini", "https://api.openai.com/v1", "OPENAI_API_KEY")),
        ("ollama:qwen3:8b", LlmConfig(), ("ollama", "qwen3:8b", "http://127.0.0.1:11434/v1", "")),
        ("DeepSeek:deepseek-chat", LlmConfig(), ("deepseek", "deepseek-chat", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY")),
        ("anthropic:claude-x", LlmConfig(), ("anthropic", "claude-x", "", "")),
        ("anthropic:claude-x", LlmConfig(key_variable="K"), ("anthropic", "claude-x", "", "K")),
        ("", LlmConfig(model="openai:m"), ("openai", "m", "https://api.openai.com/v1", "OPENAI_API_KEY")),
        ("openai:m", LlmConfig(base_url="http://h/v1"), ("openai", "m", "http://h/v1", "")),
        ("openai:m", LlmConfig(base_url="http://h/v1", key_variable="K"), ("openai", "m", "http://h/v1", "K")),
        ("qwen3:8b", LlmConfig(base_url="http://h/v1"), ("", "qwen3:8b", "http://h/v1", "")),
    ],
)  # fmt: skip
def test_a_model_is_named_by_provider_and_name(
    text: str, config: LlmConfig, expected: tuple[str, str, str, str]
) -> None:
    spec = read_spec(text, config)
    assert (spec.provider, spec.name, spec.base_url, spec.key_variable) == expected


@pytest.mark.parametrize("text", ["", "openai:", "gpt-5", "some words", "北京:模型"])
def test_what_names_no_model_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        read_spec(text, LlmConfig())
    assert caught.value.code == ExitCode.MODEL
    assert caught.value.sentence("zh") != caught.value.sentence("en")


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="langchain-anthropic") as caught:
        require_model(Home(tmp_path), "anthropic:claude-x")
    assert "pip install langchain-anthropic" in caught.value.sentence("zh")


def test_engines_go_by_name(tmp_path: Path, bot: PolicyBot) -> None:
    assert isinstance(open_bot(Home(tmp_path), index=bot.index), PolicyBot)
    for wrong in ("magic", "llm", "llm:"):
        with pytest.raises(PolicybotError):
            open_bot(Home(tmp_path), wrong, index=bot.index)


@pytest.mark.parametrize("how", ["argument", "environment", "settings"])
def test_offline_refuses_every_model_even_here(
    tmp_path: Path, bot: PolicyBot, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = "offline = true\n" if how == "settings" else ""
    with ChatServer([say("x")]) as server:
        (tmp_path / "policybot.toml").write_text(f'[llm]\nbase_url = "{server.url}"\n{settings}')
        if how == "environment":
            monkeypatch.setenv("POLICYBOT_OFFLINE", "1")
        home = Home(tmp_path, how == "argument")
        with pytest.raises(ModelError, match="offline"):
            open_bot(home, "llm:openai:m", index=bot.index)
        assert server.requests == []
    assert open_bot(home, index=bot.index).ask(ZH).status == "answered"


def test_zero_does_not_forbid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYBOT_OFFLINE", "0")
    assert not Home(tmp_path).offline


def test_offline_refuses_a_chroma_server_too(tmp_path: Path) -> None:
    small_home(tmp_path, settings='[search]\nchroma_url = "http://127.0.0.1:9"\n')
    with pytest.raises(PolicybotError, match="offline"):
        open_bot(Home(tmp_path, True))


def test_a_key_goes_to_the_server_that_it_is_for_and_nowhere_else(
    bot_at: BotAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)  # for OpenAI, not for the server of the settings
    with ChatServer([SEARCH, reply(GOOD["zh"])]) as server:
        assert bot_at(server.url).ask(ZH).engine == "llm:openai:scripted"
        assert server.keys and SECRET not in "".join(server.keys)
    monkeypatch.setenv("TEST_KEY", SECRET)
    with ChatServer([SEARCH, reply(GOOD["zh"])]) as server:
        bot = bot_at(server.url, key_variable="TEST_KEY")
        answer = bot.ask(ZH)
        assert set(server.keys) == {f"Bearer {SECRET}"}
    assert SECRET not in json.dumps(answer.to_dict()) and SECRET not in repr(vars(bot))


def test_a_key_may_lie_in_the_keyring(bot_at: BotAt, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backend import KeyringBackend

    before = keyring.get_keyring()  # first, or it would be the one below

    class Box(KeyringBackend):
        priority = 0.1

        def get_password(self, service: str, username: str) -> str | None:
            return SECRET if (service, username) == (KEYRING_SERVICE, "TEST_KEY") else None

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

    keyring.set_keyring(Box())  # type: ignore[no-untyped-call]
    try:
        with ChatServer([SEARCH, reply(GOOD["zh"])]) as server:
            bot_at(server.url, key_variable="TEST_KEY").ask(ZH)
            assert set(server.keys) == {f"Bearer {SECRET}"}
    finally:
        keyring.set_keyring(before)


@pytest.mark.parametrize(("question", "language"), [(ZH, "zh"), ("What is the forest target?", "en")])
def test_without_a_key_the_planner_answers(bot_at: BotAt, question: str, language: str) -> None:
    with ChatServer([say("x")]) as server:
        answer = bot_at(server.url, key_variable="TEST_KEY").ask(question)
        assert server.requests == []
    assert answer.engine == "planner"
    assert answer.warnings[-1] == notices()[language]["no_key"].format(variable="TEST_KEY")


@pytest.mark.parametrize("asked", [False, True])
def test_langsmith_gets_nothing_unless_asked(
    bot_at: BotAt, monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    from langchain_core.tracers.langchain import wait_for_all_tracers
    from langsmith import run_trees
    from langsmith.utils import get_env_var

    with ChatServer([SEARCH, reply(GOOD["zh"])]) as server, ChatServer([say("x")]) as spy:
        for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(name, "true")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", spy.url)
        monkeypatch.setenv("LANGSMITH_API_KEY", SECRET)
        # What LangSmith remembers of an earlier test in this process would send the runs elsewhere.
        get_env_var.cache_clear()  # type: ignore[attr-defined]
        monkeypatch.setattr(run_trees, "_CLIENT", None)
        assert bot_at(server.url, tracing=asked).ask(ZH).engine == "llm:openai:scripted"
        wait_for_all_tracers()
        until = time.monotonic() + 60
        # The wait above does not cover what its thread took up and has not yet handed to a sender.
        while asked and not spy.paths and time.monotonic() < until:
            time.sleep(0.05)
        assert bool(spy.paths) == asked


def test_the_gateway_variable_does_not_redirect_a_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_GATEWAY", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    model = make_model(read_spec("openai:gpt-5-mini", LlmConfig()), LlmConfig())
    assert getattr(model, "openai_api_base", "") == "https://api.openai.com/v1"
    assert SECRET not in repr(model)


def test_providers_have_addresses_that_are_encrypted_or_here() -> None:
    for entry in providers().values():
        assert entry["base_url"].startswith(("https://", "http://127.0.0.1"))


def test_the_planner_imports_no_agent() -> None:
    code = (
        "import sys\nfrom policybot.answer.engines import open_bot\n"
        "assert not {'langchain', 'langchain_core', 'langgraph', 'openai', 'langsmith', 'httpx'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
