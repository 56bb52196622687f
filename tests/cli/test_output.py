"""Printing: plain in pipes, styled and wrapped on terminals."""

from __future__ import annotations

import io
import json
import re

import pytest

from policybot.cli.output import Line, PipeClosed, line, show, show_json, write
from policybot.cli.wrap import cells

MARKED = Line((("[1] ", "number"), ("覆盖率力争达到 ", ""), ("50%", "value"), ("。" + "甲" * 60, "")), hang=4)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Closed(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_pipe_gets_one_unbroken_plain_line() -> None:
    stream = io.StringIO()
    show([MARKED, line(), line("x", indent=4)], stream)
    assert stream.getvalue() == f"[1] 覆盖率力争达到 50%。{'甲' * 60}\n\n    x\n"


def test_a_terminal_gets_styles_and_a_hanging_indent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    show([MARKED], stream)
    assert "\x1b[1;4m50%" in stream.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    bare = Terminal()
    show([MARKED], bare)
    assert "\x1b[36" not in bare.getvalue()
    assert "\x1b[1;36" not in bare.getvalue()
    rows = re.sub(r"\x1b\[[0-9;]*m", "", bare.getvalue()).splitlines()
    assert all(cells(row) <= 40 for row in rows)
    assert len(rows) > 3
    assert all(row.startswith("    甲") for row in rows[1:])


@pytest.mark.parametrize("columns", ["1", "8", "20"])
def test_a_very_narrow_terminal_still_gets_everything(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", columns)
    stream = Terminal()
    show([MARKED], stream)
    assert "".join(re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()).split()) == "".join(MARKED.plain.split())


def test_colour_can_be_forced_into_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = io.StringIO()
    show([line("x", "bad")], stream)
    assert "\x1b[" in stream.getvalue()


def test_a_document_cannot_drive_the_terminal() -> None:
    stream = io.StringIO()
    show([line("a\x1b[31mb\x07\x9bc")], stream)
    assert stream.getvalue() == "a\ufffd[31mb\ufffd\ufffdc\n"


def test_markup_in_a_document_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    stream = Terminal()
    show([line("[bold]x[/bold] :smile: [1]")], stream)
    assert stream.getvalue() == "[bold]x[/bold] :smile: [1]\n"


def test_json_keeps_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    show_json({"a": "目标"})
    text = capsys.readouterr().out
    assert "目标" in text
    assert json.loads(text) == {"a": "目标"}


def test_a_closed_pipe_is_told_apart() -> None:
    with pytest.raises(PipeClosed):
        write("x", Closed())
    with pytest.raises(PipeClosed):
        show([line("x")], Closed())
