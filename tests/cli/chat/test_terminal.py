"""A conversation in a terminal: editing, Ctrl-C, Ctrl-D, widths, colours, sessions that survive."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from policybot.cli.wrap import cells
from tests.cli.chat.terminal import Terminal
from tests.cli.conftest import Run

READY = r"›"
NON_FOSSIL = "2030年非化石能源消费比重达到多少？"


def sessions(home: Path) -> list[Path]:
    return sorted((home / "sessions").glob("*.jsonl"))


@pytest.fixture
def silent_server() -> Iterator[str]:
    """The address of a server that takes a request and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


def test_a_walk(home: Path, tmp_path: Path) -> None:
    """Start, question, follow-up, sources, clause, export, Ctrl-C, Ctrl-D, resume."""
    file = tmp_path / "talk.md"
    (tmp_path / "index_store").symlink_to(home / "index_store")
    with Terminal(tmp_path, language="zh_CN.UTF-8") as chat:
        chat.expect(READY)
        assert "请就 7 份文献提问" in chat.text
        chat.type(NON_FOSSIL)
        assert "25%左右" in chat.expect(r"txt:\d+\s+›")
        chat.type("那2060年呢？")
        assert "80%以上" in chat.expect(r"txt:[\d-]+\s+›")
        chat.type("/来源")
        assert "全条：" in chat.expect(r"全条.*\n[^›]*›")
        chat.type("给我看原文")
        assert "生态文明建设取得丰硕成果" in chat.expect(r"→\s+›").replace("\n", "").replace(" ", "")
        chat.type(f"/导出 {file}")
        chat.expect("已将 2 个答案写入")
        chat.wait(1.0)  # until the prompt is back: keys typed before that may be lost
        chat.send("没打完的问题\x03")
        chat.expect(r"结束对话。\s+›")
        chat.send("\x04")
        assert chat.leave() == 0
        identity = re.search(r"--resume (\S+)", chat.text)
        assert identity is not None
    assert file.read_text(encoding="utf-8").count("[^") == 4
    with Terminal(tmp_path, "--resume", identity[1], language="zh_CN.UTF-8") as chat:
        chat.expect(rf"继续会话 {identity[1]}，已有 2 个答案")
        chat.type("2025？")
        assert "20%左右" in chat.expect(r"txt:\d+\s+›")
        chat.type("/退出")
        assert chat.leave() == 0
    assert len(sessions(tmp_path)) == 1
    assert len(sessions(tmp_path)[0].read_text(encoding="utf-8").splitlines()) == 4


def test_ctrl_c_stops_an_answer_and_not_the_program(home: Path, tmp_path: Path, silent_server: str) -> None:
    (tmp_path / "policybot.toml").write_text(
        f'[llm]\nmodel = "openai:never"\nbase_url = "{silent_server}"\n', encoding="utf-8"
    )
    (tmp_path / "index_store").symlink_to(home / "index_store")
    with Terminal(tmp_path, "--llm", "default") as chat:
        chat.expect(READY)
        chat.type("What is carbon peaking?")
        chat.expect(r"peaking\?\s*\n")
        chat.wait(3.0)  # into the wait for the server, which never ends by itself
        chat.send("\x03")
        chat.expect(r"Stopped; the question is not kept\.\s+›")
        chat.type("/llm off")
        chat.expect("made by planner")
        chat.type("What is carbon peaking?")
        chat.expect(r"\[1\]")
        chat.type("/quit")
        assert chat.leave() == 0
    (session,) = sessions(tmp_path)
    assert len(session.read_text(encoding="utf-8").splitlines()) == 2


def test_what_was_answered_survives_kill_9(home: Path, tmp_path: Path, policybot: Run) -> None:
    (tmp_path / "index_store").symlink_to(home / "index_store")
    with Terminal(tmp_path) as chat:
        chat.expect(READY)
        chat.type("What is the forest coverage target for 2025?")
        chat.expect(r"txt:\d+\s+›")
        chat.kill()
    (session,) = sessions(tmp_path)
    session.write_bytes(session.read_bytes() + b'{"type": "turn", "question": "torn')
    done = policybot("chat", "--resume", stdin=b"and 2030?\n", env={"POLICYBOT_HOME": str(tmp_path)})
    assert done.returncode == 0
    assert "25%" in done.stdout
    assert "1 lines of" in done.stderr and "left out" in done.stderr
    lines = session.read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[-1])["question"] == "and 2030?"


@pytest.mark.parametrize(
    ("language", "question", "follow_up"),
    [
        ("zh_CN.UTF-8", NON_FOSSIL, "给我看原文"),
        ("en_US.UTF-8", "What is the 2025 target for PV coverage of new buildings?", "show me the clause"),
    ],
)
def test_a_narrow_terminal(home: Path, language: str, question: str, follow_up: str) -> None:
    with Terminal(home, "--no-save", width=40, language=language) as chat:
        chat.expect(READY)
        chat.type(question)
        shown = chat.expect(r"txt:\s*\d+\s+›")
        chat.type(follow_up)
        shown += chat.expect(r"(→|←).*\s+›")
    printed = [line for line in shown.split("\n") if "›" not in line and question[:6] not in line]
    assert max(map(cells, printed)) <= 40
    assert any(cells(line) > 30 for line in printed)


def test_no_color_has_no_colours(home: Path) -> None:
    shown = {}
    for name, env in (("colours", None), ("none", {"NO_COLOR": "1"})):
        with Terminal(home, "--no-save", env=env) as chat:
            chat.expect(READY)
            chat.type("What is Germany's figure in Annex B?")
            chat.expect(r"txt:511[^›]+›")
            shown[name] = chat.raw.decode("utf-8", "replace")
    colour = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7]|38;[\d;]+)m")
    assert colour.search(shown["colours"])
    assert not colour.search(shown["none"])


def test_plain_mode_moves_no_cursor(home: Path) -> None:
    with Terminal(home, "--no-save", "--plain", language="zh_CN.UTF-8", width=40) as chat:
        chat.expect("提问：")
        chat.type(NON_FOSSIL)
        shown = chat.expect(r"出处\s+\[1\][^\n]+\n[^\n]+\n\s*提问：")
        assert "25%左右" in shown
        chat.send("\x03")
        chat.expect("Ctrl-D")
        chat.send("\x04")
        assert chat.leave() == 0
        assert b"\x1b" not in chat.raw


def test_tab_completes_names(home: Path) -> None:
    with Terminal(home, "--no-save") as chat:
        chat.expect(READY)
        chat.send("/expl")
        chat.expect("/explain")  # offered while typing
        chat.send("\t")
        chat.wait(0.5)
        chat.type("")
        chat.expect("There is no answer yet")
        chat.type("What is Germany's figure in Annex B?")  # by its answer the names are loaded
        chat.expect(r"txt:511[^›]+›")
        chat.send("/city Shijiazhu")
        chat.expect("Shijiazhuang")
        chat.send("\t")
        chat.wait(0.5)
        chat.type("")
        chat.expect("corpus/sources")


def test_lines_typed_are_there_in_the_next_session(home: Path, tmp_path: Path) -> None:
    (tmp_path / "index_store").symlink_to(home / "index_store")
    for keys in ("/lang zh", "\x1b[A"):  # typed, and called back with the up key
        with Terminal(tmp_path) as chat:
            chat.expect(READY)
            chat.type(keys)
            chat.expect("以后用中文回答")
