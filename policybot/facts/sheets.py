"""A user's own tables (CSV, XLSX): what is unambiguous is read, the rest is named by row and column.

Nothing is changed silently: a number that was written with full-width digits, a percent sign or
thousands separators is read and noted; a formula, an ambiguous number or text in a number column is a
problem, not a guess.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policybot.errors import PolicybotError
from policybot.patterns import lazy_pattern
from policybot.text import fold

MAX_BYTES = 20_000_000
_PLAIN = lazy_pattern(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?")
_GROUPED = lazy_pattern(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_COMMA = lazy_pattern(r"[-+]?\d+,\d+")
_MISSING = {"", "-", "—", "–", "/", "n/a", "na", "nan", "null", "none", "无", "缺", "暂无"}
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: 1-based row of the file, column name, and why in both languages."""

    row: int
    column: str
    why: str
    why_zh: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was read, though not written plainly (a percent sign, another encoding …)."""

    row: int
    column: str
    what: str


@dataclass(frozen=True, slots=True)
class Record:
    """One line of data: its 1-based row in the file and the cells' texts by column name."""

    row: int
    cells: dict[str, str]


@dataclass
class Sheet:
    """A table as read: column names, records without the empty ones, notes and problems."""

    path: Path
    columns: list[str]
    records: list[Record]
    encoding: str = ""
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def require(self, columns: Sequence[Sequence[str]]) -> list[str]:
        """The sheet's own name for each wanted column, given as its accepted names.

        Raises:
            PolicybotError: a column is missing; names the wanted and the present ones.
        """
        found, missing = [], []
        for names in columns:
            own = next((c for c in self.columns if _key(c) in {_key(n) for n in names}), None)
            if own is None:
                missing.append(names[0])
            else:
                found.append(own)
        if missing:
            raise PolicybotError(
                f"{self.path.name} lacks the column {', '.join(missing)}.",
                f"It has: {', '.join(self.columns) or 'no columns'}.",
                what_zh=f"{self.path.name} 缺少列：{'、'.join(missing)}。",
                hint_zh=f"现有列：{'、'.join(self.columns) or '无'}。",
            )
        return found

    def number(self, record: Record, column: str, *, percent: bool = False) -> float | None:
        """The number in a cell, None where it is missing or unreadable (then a problem is noted).

        `percent` says that the column holds percentages: "12%" is 12, and only there is a percent
        sign accepted.
        """
        text = record.cells.get(column, "")
        plain = fold(text).replace("−", "-").replace("％", "%").replace("，", ",").strip()
        if plain in _MISSING:
            return None
        if plain.startswith("="):
            self._problem(record, column, f"a formula ({text})", f"公式（{text}）")
            return None
        value = plain
        if value.endswith("%"):
            if not percent:
                self._problem(record, column, f"a percent sign in {text!r}", f"“{text}”带有百分号")
                return None
            value = value[:-1].strip()
            self.notes.append(Note(record.row, column, f"{text} read as {value} percent"))
        if _GROUPED.fullmatch(value):
            self.notes.append(Note(record.row, column, f"{text} read with thousands separators"))
            value = value.replace(",", "")
        elif _COMMA.fullmatch(value):
            self._problem(
                record, column, f"{text!r} may be a decimal comma or a separator", f"“{text}”中的逗号含义不明"
            )
            return None
        if not _PLAIN.fullmatch(value):
            self._problem(record, column, f"{text!r} is not a number", f"“{text}”不是数字")
            return None
        if plain != text.strip().lower() and not text.strip().isascii():
            self.notes.append(Note(record.row, column, f"{text} read as {value}"))
        return float(value)

    def _problem(self, record: Record, column: str, why: str, why_zh: str) -> None:
        self.problems.append(Problem(record.row, column, why, why_zh))

    def repeated(self, column: str) -> list[Problem]:
        """A problem for every record whose cell in `column` stood in an earlier record already."""
        seen: dict[str, int] = {}
        found = []
        for record in self.records:
            key = _key(record.cells.get(column, ""))
            if key in seen:
                found.append(
                    Problem(
                        record.row,
                        column,
                        f"{record.cells[column]} stands in row {seen[key]} already",
                        f"{record.cells[column]} 与第 {seen[key]} 行重复",
                    )
                )
            else:
                seen[key] = record.row
        return found


def problem_error(sheet: Sheet, problems: Sequence[Problem]) -> PolicybotError:
    """One error that names file, row, column and reason of every problem (the first ten in full)."""

    def listed(language: str) -> str:
        shown = [
            f"row {p.row}, column {p.column}: {p.why}"
            if language == "en"
            else f"第 {p.row} 行“{p.column}”列：{p.why_zh}"
            for p in problems[:10]
        ]
        rest = len(problems) - len(shown)
        if rest:
            shown.append(f"and {rest} more" if language == "en" else f"另有 {rest} 处")
        return ("; " if language == "en" else "；").join(shown)

    return PolicybotError(
        f"{sheet.path.name} cannot be used: {listed('en')}.",
        "Correct these cells; nothing was changed.",
        what_zh=f"{sheet.path.name} 无法使用：{listed('zh')}。",
        hint_zh="请改正这些单元格；文件未被改动。",
    )


def read_sheet(path: Path) -> Sheet:
    """Reads a CSV (UTF-8 with or without BOM, GB18030; comma, semicolon or tab) or XLSX file.

    Raises:
        PolicybotError: unreadable, too large, of another kind, without header, or with a column name
            that occurs twice.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error), "无法打开") from error
    if len(raw) > MAX_BYTES:
        raise _unreadable(path, f"it is larger than {MAX_BYTES:,} bytes", "文件过大")
    if path.suffix.lower() in (".xlsx", ".xlsm") or raw[:2] == b"PK":
        rows, encoding = _xlsx_rows(path), "xlsx"
    else:
        rows, encoding = _csv_rows(path, raw)
    return _sheet(path, rows, encoding)


def _sheet(path: Path, rows: list[list[str]], encoding: str) -> Sheet:
    header_at = next((i for i, row in enumerate(rows) if any(c.strip() for c in row)), None)
    if header_at is None:
        raise _unreadable(path, "it is empty", "文件为空")
    columns = [fold_name(c) for c in rows[header_at]]
    while columns and not columns[-1]:
        columns.pop()
    named = [c for c in columns if c]
    twice = next((c for c in named if named.count(c) > 1), None)
    if twice:
        raise _unreadable(path, f"the column {twice} occurs twice", f"列“{twice}”重复")
    records = []
    for number, row in enumerate(rows[header_at + 1 :], header_at + 2):
        cells = {c: (row[i].strip() if i < len(row) else "") for i, c in enumerate(columns) if c}
        if any(cells.values()):
            records.append(Record(number, cells))
    sheet = Sheet(path, named, records, encoding)
    if encoding == "gb18030":
        sheet.notes.append(Note(0, "", "read as GB18030, not UTF-8"))
    return sheet


def _csv_rows(path: Path, raw: bytes) -> tuple[list[list[str]], str]:
    if b"\x00" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable(path, "it is not a text file", "不是文本文件")
    encodings = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else _ENCODINGS
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _unreadable(path, "its encoding is neither UTF-8 nor GB18030", "编码既非 UTF-8 也非 GB18030")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max((",", ";", "\t"), key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _unreadable(path, f"its quoting is broken ({error})", "引号不配对") from error
    return rows, encoding


def _xlsx_rows(path: Path) -> list[list[str]]:
    import zipfile

    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        rows = [[_cell_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        book.close()
    except (OSError, KeyError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise _unreadable(path, f"it is not a usable XLSX file ({error})", "不是可用的 XLSX 文件") from error
    return rows


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def fold_name(name: str) -> str:
    """A column name without outer and inner runs of white space, full-width letters made plain."""
    return re.sub(r"\s+", " ", name.replace("\ufeff", "")).strip()


def _key(name: str) -> str:
    return re.sub(r"[\s_]", "", fold(name))


def _unreadable(path: Path, why: str, why_zh: str) -> PolicybotError:
    return PolicybotError(
        f"{path.name} cannot be read: {why}.",
        "Give a CSV (UTF-8 or GB18030) or XLSX file with a header line.",
        what_zh=f"无法读取 {path.name}：{why_zh}。",
        hint_zh="请提供带表头的 CSV（UTF-8 或 GB18030）或 XLSX 文件。",
    )
