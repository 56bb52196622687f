"""`policybot ask --llm`: a chat model on the command line, its settings, and the switch that forbids it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policybot.cli.opening import engine_of
from policybot.errors import ExitCode
from tests.answer.agent.server import ChatServer
from tests.answer.agent.test_agent import EN, GOOD, SEARCH, ZH, reply
from tests.cli.conftest import Run, call
from tests.cli.test_entry import imported


@pytest.fixture
def with_llm(home: Path, tmp_path: Path) -> Path:
    """A home of its own with the index of the other tests; settings are written by the test."""
    (tmp_path / "index_store").symlink_to(home / "index_store")
    return tmp_path


def settings(home: Path, url: str, more: str = "") -> None:
    text = f'[llm]\nmodel = "openai:scripted"\nbase_url = "{url}"\nretries = 0\n{more}'
    (home / "policybot.toml").write_text(text, encoding="utf-8")


def test_a_model_answers_only_when_asked_for(with_llm: Path) -> None:
    with ChatServer([SEARCH, reply(GOOD["en"])]) as server:
        settings(with_llm, server.url)
        plain = json.loads(call("--home", str(with_llm), "ask", EN, "--json").stdout)
        assert plain["engine"] == "planner" and server.requests == []
        done = call("--home", str(with_llm), "ask", EN, "--json", "--llm", "default")
        answer = json.loads(done.stdout)
    assert answer["engine"] == "llm:openai:scripted" and answer["citations"]
    assert list(answer) == list(plain)


def test_a_model_that_fails_is_told_in_one_line(with_llm: Path) -> None:
    settings(with_llm, "http://127.0.0.1:9/v1")
    done = call("--home", str(with_llm), "ask", ZH, "--llm", "default")
    assert done.returncode == 0 and "24.1%" in done.stdout
    assert done.stdout.count("无法连接对话模型的服务器") == 1 and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "env", "sentence"),
    [
        (("--llm", "openai:gpt-5-mini", "--offline"), {}, "connections are forbidden"),
        (("--llm", "ollama:qwen3"), {"POLICYBOT_OFFLINE": "1"}, "connections are forbidden"),
        (("--llm", "default"), {}, "No chat model is named"),
        (("--llm", "anthropic:claude-x"), {}, "pip install langchain-anthropic"),
    ],
)
def test_what_cannot_be_used_is_refused_before_an_index_is_built(
    tmp_path: Path, arguments: tuple[str, ...], env: dict[str, str], sentence: str
) -> None:
    done = call("--home", str(tmp_path), "ask", EN, *arguments, env=env)
    assert done.returncode == ExitCode.MODEL
    assert sentence in done.stderr and done.stderr.count("\n") == 1 and done.stdout == ""
    assert not (tmp_path / "index_store").exists()


def test_offline_changes_nothing_without_a_model(policybot: Run) -> None:
    assert json.loads(policybot("ask", EN, "--json", "--offline").stdout)["status"] == "answered"


def test_the_doctor_sees_the_model_without_calling_it(with_llm: Path) -> None:
    def llm(**env: str) -> dict[str, str]:
        done = call("--home", str(with_llm), "doctor", "--json", env=env)
        return next(check for check in json.loads(done.stdout) if check["name"] == "llm")

    assert llm()["verdict"] == "ok"
    with ChatServer([SEARCH]) as server:
        settings(with_llm, server.url, 'key_variable = "TEST_KEY"\n')
        missing, found = llm(), llm(TEST_KEY="sk-secret")
        assert server.paths == []
    assert missing["verdict"] == "warning" and "TEST_KEY" in missing["advice"]
    assert found["verdict"] == "ok" and "sk-secret" not in str(found)
    assert "offline" in llm(POLICYBOT_OFFLINE="1")["found"]
    (with_llm / "policybot.toml").write_text('[llm]\nmodel = "nobody"\n')
    assert llm()["verdict"] == "failed"


def test_names_of_engines() -> None:
    assert [engine_of(name) for name in (None, "default", " ", "ollama:qwen3")] == [
        "planner", "llm", "llm", "llm:ollama:qwen3",
    ]  # fmt: skip


def test_without_a_model_no_agent_is_imported(home: Path) -> None:
    loaded = imported("--home", str(home), "ask", EN)
    assert not loaded & {"langchain", "langchain_core", "langgraph", "openai", "httpx", "keyring"}
