"""What a conversation prints: wrapped on a terminal, plain for screen readers, bare in a pipe."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from typing import Literal

from policybot.cli.output import Line, line, show, visible, write
from policybot.cli.wrap import line_starts

Mode = Literal["terminal", "plain", "pipe"]


class Flow:
    """Breaks a text into lines of a width while it comes in pieces; what was printed stays as it is."""

    def __init__(self, width: int) -> None:
        self.width = max(8, width)
        self._line, self._printed = "", 0

    def feed(self, piece: str) -> str:
        """What to print for the next piece; blanks at its end wait for what follows them."""
        out = ""
        for n, part in enumerate(piece.split("\n")):
            if n:
                out += "\n"
                self._line, self._printed = "", 0
            self._line += part
            out += self._next()
        return out

    def _next(self) -> str:
        end = len(self._line.rstrip())
        out, at = "", self._printed
        for start in line_starts(self._line, self.width):
            if at <= start < end and start:
                out += self._line[at:start].rstrip() + "\n"
                at = start
        out += self._line[at:end]
        self._printed = max(at, end)
        return out


class Screen:
    """Prints for one mode: "terminal" styles and wraps, "plain" writes lines as they are, and "pipe" too,
    with everything that is no answer on standard error."""

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self._flow: Flow | None = None
        self._empty = True  # nothing of the current answer is printed yet
        self._fresh = True  # nothing is printed since the last gap

    @property
    def width(self) -> int:
        """Columns of the terminal."""
        return shutil.get_terminal_size((80, 24)).columns

    def lines(self, lines: Iterable[Line]) -> None:
        """Print paragraphs."""
        self._fresh = False
        if self.mode == "terminal":
            show(lines)
        else:
            write("".join(f"{one.plain}\n" for one in lines))

    def gap(self) -> None:
        """An empty line, where anything was printed since the last one."""
        if not self._fresh:
            write("\n")
        self._fresh = True

    def note(self, text: str) -> None:
        """A remark that is no answer; nothing of it in a pipe's output."""
        self._aside(text, "dim")

    def error(self, text: str) -> None:
        """What went wrong, in a sentence."""
        self._aside(text, "warning")

    def _aside(self, text: str, style: str) -> None:
        if self.mode == "pipe":
            write(f"{visible(text)}\n", sys.stderr)
        else:
            self.lines([line(text, style)])

    def text(self, piece: str) -> None:
        """The next piece of an answer."""
        piece = visible(piece)
        self._fresh = False
        if self.mode != "terminal":
            write(piece)
        else:
            self._flow = self._flow or Flow(self.width)
            write(self._flow.feed(piece))
        self._empty = self._empty and not piece.strip()

    def end(self) -> None:
        """End the answer's text, if any was printed."""
        if not self._empty:
            write("\n")
        self._flow, self._empty = None, True


def mode_of(plain: bool, term: str) -> Mode:
    """How to print, from the streams, --plain and TERM."""
    if sys.stdin is None or not sys.stdin.isatty():
        return "pipe"
    if plain or term in ("dumb", "") or not sys.stdout.isatty():
        return "plain"
    return "terminal"
