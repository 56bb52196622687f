"""Where the lines of a conversation come from: a terminal with editing, a plain terminal, or a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from policybot.cli.chat.complete import Names, completions
from policybot.cli.output import write
from policybot.errors import PolicybotError

if TYPE_CHECKING:
    from policybot.home import Home

HISTORY = "chat_history"
LONGEST = 100_000  # bytes of one line of a pipe; more is no question


class Lines(Protocol):
    """A source of lines."""

    def read(self, before: str, language: str) -> str:
        """The next line; `before` says what it is for, in a terminal.

        Raises:
            EOFError: there are no more. KeyboardInterrupt: Ctrl-C. PolicybotError: the line is not text.
        """


class TerminalLines:
    """A terminal: editing, history over sessions, completion with Tab and of commands while typing."""

    def __init__(self, home: Home, names: Callable[[], Names | None]) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import CompleteEvent, Completer, Completion
        from prompt_toolkit.document import Document
        from prompt_toolkit.filters import Condition
        from prompt_toolkit.history import FileHistory, History, InMemoryHistory
        from prompt_toolkit.output import ColorDepth

        outer = self

        class Offer(Completer):
            def get_completions(self, document: Document, complete_event: CompleteEvent) -> Any:
                for found in completions(document.text_before_cursor, names(), outer._language):
                    yield Completion(found.text, -found.replaces, display_meta=found.about)

        self._language = "en"
        file = history_file(home)
        history: History = FileHistory(str(file)) if file is not None else InMemoryHistory()
        self._session: PromptSession[str] = PromptSession(
            history=history,
            completer=Offer(),
            complete_while_typing=Condition(lambda: self._session.default_buffer.text[:1] in ("/", "／")),
            reserve_space_for_menu=6,
            color_depth=ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None,
        )

    def read(self, before: str, language: str) -> str:
        """The next line, edited."""
        self._language = language
        return self._session.prompt(f"{before}› ")


class PlainLines:
    """A terminal as it is: no cursor movement, no colour, words instead of signs (for screen readers)."""

    def __init__(self, label: Callable[[str], str]) -> None:
        self._label = label

    def read(self, before: str, language: str) -> str:
        """The next line; what is asked for goes to standard error where the output is a file."""
        write(f"{before}{self._label(language)}", sys.stdout if sys.stdout.isatty() else sys.stderr)
        text = sys.stdin.readline()
        if not text:
            raise EOFError
        return text


class PipeLines:
    """Standard input a line at a time; nothing is printed for it."""

    def __init__(self) -> None:
        self._first = True

    def read(self, before: str, language: str) -> str:
        """The next line, which must be UTF-8."""
        raw = sys.stdin.buffer.readline(LONGEST) if sys.stdin is not None else b""
        if not raw:
            raise EOFError
        if len(raw) == LONGEST and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):  # the rest of it is not the next question
                raw = sys.stdin.buffer.readline(LONGEST)
            raise PolicybotError(
                "A line of standard input is far longer than a question can be.",
                "Send one question a line.",
                what_zh="标准输入中有一行过长，不是问题。",
                hint_zh="请每行发送一个问题。",
            )
        encoding = "utf-8-sig" if self._first else "utf-8"
        self._first = False
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            raise PolicybotError(
                "A line of standard input is not UTF-8 text.",
                "Send questions as text in UTF-8.",
                what_zh="标准输入中有一行不是 UTF-8 文本。",
                hint_zh="请以 UTF-8 文本发送问题。",
            ) from error


def history_file(home: Home) -> Path | None:
    """The file of lines typed in earlier sessions, for the user only; None where there can be none."""
    file = home.root / HISTORY
    try:
        home.root.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600))
    except OSError:
        return None
    return file
