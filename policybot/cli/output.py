"""Printing: styled lines on a terminal, plain ones elsewhere; data on stdout, the rest on stderr."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TextIO

from policybot.cli.session import Session
from policybot.cli.wrap import line_starts, one_line

# What each style of a line looks like on a terminal; NO_COLOR leaves bold and underline.
STYLES = {
    "": "",
    "value": "bold underline",
    "strong": "bold",
    "number": "bold cyan",
    "dim": "dim",
    "warning": "yellow",
    "good": "green",
    "bad": "bold red",
}


class PipeClosed(Exception):
    """The reader of standard output went away (`policybot … | head`)."""


@dataclass(frozen=True)
class Line:
    """One paragraph: indented, in pieces of (text, style name). `hang` indents its further lines more."""

    parts: tuple[tuple[str, str], ...] = ()
    indent: int = 0
    hang: int = 0

    @property
    def plain(self) -> str:
        """The text without styles, indented."""
        return (" " * self.indent + visible("".join(text for text, _ in self.parts))).rstrip()


def line(text: str = "", style: str = "", *, indent: int = 0, hang: int = 0) -> Line:
    """A line of one style."""
    return Line(((text, style),) if text else (), indent, hang)


def show(lines: Iterable[Line], stream: TextIO | None = None) -> None:
    """Print lines: wrapped and styled on a terminal, one per line as they are elsewhere."""
    target = stream or sys.stdout
    if _styled(target):
        _show_styled(lines, target)
    else:
        write("".join(f"{one.plain}\n" for one in lines), target)


def show_json(value: Any, *, indent: int | None = 2) -> None:
    """Print a value as JSON, Chinese as it is."""
    write(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")


def write(text: str, stream: TextIO | None = None) -> None:
    """Write text; a closed pipe becomes `PipeClosed`."""
    target = stream or sys.stdout
    try:
        target.write(text)
        target.flush()
    except BrokenPipeError as error:
        raise PipeClosed from error


def complain(text: str) -> None:
    """One line on standard error; never fails, since it is often the last thing said."""
    try:
        sys.stderr.write(one_line(text) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def prepare_streams() -> None:
    """Make the standard streams able to print Chinese and to survive what cannot be encoded."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if stream.isatty() or (stream.encoding or "").lower().startswith("utf"):
            reconfigure(errors="replace")
        else:
            reconfigure(encoding="utf-8", errors="replace")


class Reported(Protocol):
    """An event of a build: `done` of `total` units of a stage; total 0 where they are not counted."""

    @property
    def stage(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def text_zh(self) -> str: ...
    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...


class Progress:
    """A build's progress on standard error: one line redrawn on a terminal, one line a stage elsewhere."""

    def __init__(self, session: Session) -> None:
        self.language = session.language
        self._terminal = sys.stderr.isatty()
        self._stage = ""
        self._open = False

    def __call__(self, event: Reported) -> None:
        """Show an event; a notice stays on the screen."""
        text = event.text_zh if self.language == "zh" else event.text
        share = f" {event.done:,}/{event.total:,}" if event.total else ""
        if event.stage == "notice":
            self.close()
            complain(text)
        elif self._terminal:
            sys.stderr.write(f"\r\x1b[2K{text}{share}")
            sys.stderr.flush()
            self._open = True
        elif event.stage != self._stage:
            complain(text)
        self._stage = event.stage

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the line being redrawn."""
        if self._open:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            self._open = False


def _styled(stream: TextIO) -> bool:
    return stream.isatty() or bool(os.environ.get("FORCE_COLOR"))


def visible(text: str) -> str:
    """Control characters replaced, so that nothing in a document can drive the terminal."""
    return "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else "\ufffd" for c in text)


def _show_styled(lines: Iterable[Line], stream: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    try:
        for one in lines:
            text = Text()
            for part, style in one.parts:
                text.append(visible(part), STYLES[style])
            room = max(8, console.width - one.indent)
            starts = line_starts(text.plain, room - one.hang, first=room)
            for n, piece in enumerate(text.divide(starts) if starts else [text]):
                piece.rstrip()
                margin = Text(" " * (one.indent + (one.hang if n else 0)))
                console.print(margin.append_text(piece), no_wrap=True, overflow="ignore", crop=False)
        stream.flush()
    except BrokenPipeError as error:
        raise PipeClosed from error
