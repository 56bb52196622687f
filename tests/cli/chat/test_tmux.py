"""The walk of test_terminal.py as a terminal emulator shows it: what a user sees, wide characters and all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from policybot.cli.wrap import cells

PATIENCE = 60.0  # seconds before a test gives up; nothing is timed

pytestmark = pytest.mark.skipif(
    shutil.which("tmux") is None,
    reason="tmux is not installed (test_terminal.py makes the same walk without it)",
)


class Pane:
    """One tmux server with one pane, on a socket of its own."""

    def __init__(self, socket: Path, home: Path, width: int, language: str) -> None:
        self.socket = socket
        env = {"POLICYBOT_HOME": str(home), "LANG": language, "LC_ALL": language, "PYTHONUTF8": "1"}
        given = [f"{k}={v}" for k, v in env.items()]
        program = ["env", "-u", "NO_COLOR", *given, sys.executable, "-m", "policybot", "chat"]
        self._tmux("new-session", "-d", "-x", str(width), "-y", "50", " ".join([*program, "; sleep 600"]))

    def type(self, line: str) -> None:
        self._tmux("send-keys", "-l", "--", line)
        self._tmux("send-keys", "Enter")

    def key(self, name: str) -> None:
        self._tmux("send-keys", name)

    def screen(self) -> list[str]:
        return self._tmux("capture-pane", "-p", "-S", "-500").splitlines()

    def expect(self, part: str, *, ready: bool = True) -> list[str]:
        """The screen, once a text is on it and, with `ready`, the prompt stands under it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            shown = [line for line in self.screen() if line.strip()]
            at = max((n for n, line in enumerate(shown) if part in line), default=None)
            if at is not None and (not ready or (shown[-1].strip() == "›" and at < len(shown) - 1)):
                return shown
            time.sleep(0.2)
        raise AssertionError("\n".join(self.screen()))

    def close(self) -> None:
        self._tmux("kill-server")

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-f", os.devnull, "-S", str(self.socket), *arguments],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.stdout


@pytest.fixture
def pane(home: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Pane]:
    (tmp_path / "index_store").symlink_to(home / "index_store")
    width, language = request.param
    made = Pane(tmp_path / "tmux", tmp_path, width, language)
    yield made
    made.close()


@pytest.mark.parametrize(
    "pane", [(80, "C.UTF-8"), (40, "zh_CN.UTF-8")], indirect=True, ids=["80 en", "40 zh"]
)
def test_what_a_user_sees(pane: Pane, tmp_path: Path) -> None:
    pane.expect("Ctrl-D")
    pane.type("2030年非化石能源消费比重达到多少？")
    pane.expect("txt:")
    pane.type("那2060年呢？")
    shown = pane.expect("80%以上")
    answers = [line for line in shown if line.startswith(("25%左右", "80%以上"))]
    assert len(answers) == 2
    assert all(cells(line) <= (80 if any(cells(other) > 40 for other in shown) else 40) for line in shown)
    pane.type("/sources")
    pane.expect("开创人与自然")
    pane.type(f"/export {tmp_path / 'x.md'}")
    pane.expect("x.md")
    pane.key("C-c")
    pane.expect("/退出")  # the conversation is in Chinese by now
    pane.key("C-d")
    pane.expect("--resum", ready=False)  # 40 columns break the word
    assert (tmp_path / "x.md").exists()
    assert len(list((tmp_path / "sessions").glob("*.jsonl"))) == 1
