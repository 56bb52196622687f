"""`policybot chat` in a pseudo-terminal of its own, driven like by a person."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]|\r")
PATIENCE = 60.0  # seconds before a test gives up; nothing is timed


class Terminal:
    """A conversation in a terminal of a width; `with Terminal(home) as chat: chat.type("…")`."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        width: int = 80,
        language: str = "en_US.UTF-8",
        env: Mapping[str, str] | None = None,
    ) -> None:
        # Its width is that of the terminal, whatever a test runner without one has set.
        left = ("POLICYBOT_", "LC_", "NO_COLOR", "COLUMNS", "LINES")
        keep = {k: v for k, v in os.environ.items() if not k.startswith(left)}
        keep |= {"LANG": language, "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1", "TERM": "xterm-256color"}
        keep |= {"POLICYBOT_HOME": str(home), "PROMPT_TOOLKIT_NO_CPR": "1", **(env or {})}
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))

        def own_terminal() -> None:
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [sys.executable, "-m", "policybot", "chat", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=keep,
            start_new_session=True,
            preexec_fn=own_terminal,
        )
        os.close(slave)
        self.raw = b""
        self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    @property
    def text(self) -> str:
        """Everything printed so far, control sequences left out."""
        return _CONTROL.sub("", self.raw.decode("utf-8", "replace"))

    def send(self, keys: str) -> None:
        """Keys as they are."""
        os.write(self._master, keys.encode())

    def type(self, line: str) -> None:
        """A line and Enter, once what was printed before has been looked at."""
        self._read(0.1)
        self._seen = len(self.text)
        self.send(f"{line}\r")

    def expect(self, pattern: str) -> str:
        """What is printed from the last line typed on, as soon as a pattern is in it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            shown = self.text[self._seen :]
            if re.search(pattern, shown):
                return shown
            if not self._read(0.2) and self.process.poll() is not None:
                break
        raise AssertionError(f"{pattern!r} not in {self.text[self._seen :]!r}")

    def wait(self, seconds: float) -> None:
        """Read on for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(0.1)

    def leave(self) -> int:
        """The exit code, when the program has ended by itself."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            self._read(0.1)
        self._read(0.1)
        code = self.process.poll()
        assert code is not None, self.text
        return code

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def _read(self, patience: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], patience)
        if not ready:
            return False
        try:
            piece = os.read(self._master, 65536)
        except OSError:  # the other end is closed
            return False
        self.raw += piece
        return bool(piece)
