"""A session as a file to hand on: Markdown with footnotes, or Word (`export_docx`)."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from policybot.answer.checks.text import find_marks
from policybot.answer.model import Citation
from policybot.cli.chat.store import Turn
from policybot.cli.messages import say
from policybot.cli.render import full_name, place
from policybot.cli.wrap import one_line
from policybot.errors import PolicybotError

FORMATS = (".md", ".docx")


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph: text, or the mark of the note with this number."""

    text: str = ""
    note: int = 0


@dataclass(frozen=True)
class Entry:
    """A turn laid out: question, time, paragraphs of the answer, warnings; `language` is the answer's."""

    question: str
    at: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    warnings: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class Report:
    """A session laid out. Notes are numbered through the whole session from 1; (source, quote) each."""

    title: str
    subtitle: str
    entries: tuple[Entry, ...]
    notes: tuple[tuple[str, str], ...]


def export(turns: Sequence[Turn], identity: str, file: Path, language: str) -> None:
    """Write a session to a file that is not there yet; the suffix says how.

    Raises:
        PolicybotError: nothing to export, an unknown suffix, python-docx missing, the file is there
            already or cannot be written.
    """
    suffix = file.suffix.lower()
    if suffix not in FORMATS:
        raise PolicybotError(
            f'Nothing can be exported to "{file.name}".',
            "Name a file that ends in .md or .docx.",
            what_zh=f"无法导出为“{file.name}”。",
            hint_zh="请给出以 .md 或 .docx 结尾的文件名。",
        )
    if not turns:
        raise PolicybotError(
            "There is no answer to export yet.",
            "Ask a question first.",
            what_zh="还没有可导出的答案。",
            hint_zh="请先提一个问题。",
        )
    made = report(turns, identity, language)
    if suffix == ".md":
        data = markdown(made, language).encode()
    else:
        from policybot.cli.chat.export_docx import docx

        data = docx(made, language)
    _write(file, data)


def report(turns: Sequence[Turn], identity: str, language: str) -> Report:
    """The turns laid out, their citations numbered through."""
    notes: list[tuple[str, str]] = []
    entries = []
    for turn in turns:
        numbers: dict[int, int] = {}
        for citation in turn.answer.citations:
            note = _note(citation, turn.answer.language)
            if note not in notes:
                notes.append(note)
            numbers[citation.n] = notes.index(note) + 1
        paragraphs = tuple(
            tuple(_pieces(text, numbers)) for text in turn.answer.answer.split("\n") if text.strip()
        )
        warnings = tuple(map(one_line, turn.answer.warnings))
        entries.append(Entry(one_line(turn.question), turn.at, paragraphs, warnings, turn.answer.language))
    subtitle = say("chat-export-subtitle", language, id=identity or "–", count=len(turns))
    return Report(say("chat-export-title", language), subtitle, tuple(entries), tuple(notes))


def markdown(made: Report, language: str) -> str:
    """The report in Markdown with footnotes."""
    lines = [f"# {made.title}", "", _escaped(made.subtitle), ""]
    for entry in made.entries:
        lines += [f"## {_escaped(entry.question)}", ""]
        for paragraph in entry.paragraphs:
            lines += ["".join(f"[^{p.note}]" if p.note else _escaped(p.text) for p in paragraph), ""]
        lines += [line for text in entry.warnings for line in (f"> {_escaped(text)}", "")]
    for n, (source, quote) in enumerate(made.notes, 1):
        lines.append(f"[^{n}]: {_escaped(source)} “{_escaped(quote)}”")
    return "\n".join(lines).rstrip() + "\n"


def _pieces(text: str, numbers: dict[int, int]) -> Iterator[Piece]:
    """A paragraph cut at its citation marks; marks without a citation stay text."""
    at = 0
    for mark in find_marks(text):
        if not all(n in numbers for n in mark.numbers):
            continue
        if text[at : mark.start].strip():
            yield Piece(text[at : mark.start].rstrip())
        for n in mark.numbers:
            yield Piece(note=numbers[n])
        at = mark.end
    if text[at:]:
        yield Piece(text[at:])


def _note(citation: Citation, language: str) -> tuple[str, str]:
    name = full_name(citation.title, citation.clause, citation.label_en, citation.heading, language)
    where = place(citation.source, citation.line_start, citation.line_end)
    return f"{''.join(text for text, _ in name)} · {where}", one_line(citation.quote)


def _escaped(text: str) -> str:
    """Text that Markdown must not read as markup."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", text)


def _write(file: Path, data: bytes) -> None:
    """The whole file or none of it; one that is there already is kept."""
    file = file.expanduser()
    if file.exists():
        raise PolicybotError(
            f"{file} is there already and is left as it is.",
            "Name another file.",
            what_zh=f"{file} 已存在，未作改动。",
            hint_zh="请换一个文件名。",
        )
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".export-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.chmod(name, 0o644)
            os.replace(name, file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise PolicybotError(
            f"{file} cannot be written ({reason}).",
            "Name a file in a folder that exists and can be written.",
            what_zh=f"无法写入 {file}（{reason}）。",
            hint_zh="请指定一个存在且可写的文件夹中的文件。",
        ) from error
