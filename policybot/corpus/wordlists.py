"""Word lists beside this module (data/*.csv): read once, every row checked against its columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policybot.errors import CorpusError

_DATA = Path(__file__).resolve().parent / "data"
_YES_NO = frozenset({"yes", "no"})
TERM_KINDS = frozenset(
    {
        "duty", "prohibition", "restriction", "permission", "encouragement", "ambition", "qualifier",
        "bound", "negation", "plain",
    }
)  # fmt: skip


def read_table(
    file: Path, columns: Mapping[str, frozenset[str] | None], *, may_be_empty: Iterable[str] = ()
) -> list[dict[str, str]]:
    """Rows of a CSV file with exactly these columns.

    Args:
        columns: column → allowed values (None: any text that is not blank).
        may_be_empty: columns in which a blank is allowed.

    Raises:
        CorpusError: names the file and the line that does not fit.
    """
    blank_allowed = frozenset(may_be_empty)
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            if reader.fieldnames != list(columns):
                raise _bad(file, 1, f"its columns must be {', '.join(columns)}")
            rows = []
            for row in reader:
                for column, allowed in columns.items():
                    value = row[column]
                    if value is None or None in row:
                        raise _bad(file, reader.line_num, f"it must have {len(columns)} fields")
                    if not value.strip() and column not in blank_allowed:
                        raise _bad(file, reader.line_num, f"{column} is blank")
                    if allowed is not None and value not in allowed:
                        raise _bad(
                            file,
                            reader.line_num,
                            f"{column} {value!r} is none of {', '.join(sorted(allowed))}",
                        )
                rows.append(row)
            return rows
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CorpusError(
            f"The word list {file} cannot be read ({error}).",
            "Restore the file.",
            what_zh=f"词表 {file} 无法读取（{error}）。",
            hint_zh="请恢复该文件。",
        ) from error


def _bad(file: Path, line: int, why: str) -> CorpusError:
    return CorpusError(
        f"The word list {file}, line {line}, cannot be used: {why}.",
        "Correct the line.",
        what_zh=f"词表 {file} 第 {line} 行无法使用：{why}。",
        hint_zh="请更正该行。",
    )


@dataclass(frozen=True)
class Terms:
    """Terms with their kinds, found longest first, so that 供应 hides the 应 in it."""

    kinds: Mapping[str, str]
    pattern: re.Pattern[str]

    @staticmethod
    def of(kinds: Mapping[str, str]) -> Terms:
        """Terms of a mapping term → kind."""
        longest_first = sorted(kinds, key=lambda term: (-len(term), term))
        return Terms(dict(kinds), re.compile("|".join(map(re.escape, longest_first)) or r"(?!)"))

    def found(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, kind) of each term of `text`, without overlaps."""
        return [(m.start(), m.end(), self.kinds[m.group()]) for m in self.pattern.finditer(text)]


@dataclass(frozen=True)
class Reason:
    """Why two readings are told apart: whether it touches the meaning, and how it is put in words."""

    code: str
    meaning: bool
    zh: str
    en: str


@cache
def obligation_terms() -> Terms:
    """Words of duty, prohibition, restriction …, of limit and of negation (data/obligation.csv)."""
    rows = read_table(_DATA / "obligation.csv", {"term": None, "kind": TERM_KINDS, "english": None})
    return Terms.of({row["term"]: row["kind"] for row in rows})


@cache
def unit_terms() -> Terms:
    """Units and words for what is measured (data/units.csv); kinds "unit" and "measure"."""
    rows = read_table(_DATA / "units.csv", {"unit": None, "kind": frozenset({"unit", "measure"})})
    return Terms.of({row["unit"]: row["kind"] for row in rows})


@cache
def opposites() -> frozenset[tuple[str, str]]:
    """Pairs of words that contradict each other, both ways round (data/opposites.csv)."""
    rows = read_table(_DATA / "opposites.csv", {"one": None, "other": None})
    pairs = {(row["one"], row["other"]) for row in rows}
    return frozenset(pairs | {(other, one) for one, other in pairs})


@cache
def name_ending() -> re.Pattern[str]:
    """Matches after the run of characters that makes a name: 委员会, 省, 条例 … (data/names.csv).

    Suffixes marked at_end count only where the name stops there (省 in 各省、, not in 节省电力).
    """
    kinds = frozenset({"organisation", "place", "instrument"})
    rows = read_table(_DATA / "names.csv", {"suffix": None, "kind": kinds, "at_end": _YES_NO})
    rows.sort(key=lambda row: -len(row["suffix"]))
    ends = [
        re.escape(row["suffix"]) + (r"(?![\u3400-\u9fff])" if row["at_end"] == "yes" else "") for row in rows
    ]
    return re.compile("|".join(ends))


@cache
def spellings() -> tuple[tuple[str, str, str], ...]:
    """(one, other, kind) of spellings that mean the same (data/spelling.csv); kinds "ocr", "spelling"."""
    columns = {"one": None, "other": None, "kind": frozenset({"ocr", "spelling"})}
    rows = read_table(_DATA / "spelling.csv", columns, may_be_empty=["other"])
    return tuple((row["one"], row["other"], row["kind"]) for row in rows)


@cache
def reasons() -> Mapping[str, Reason]:
    """The codes that start `Variant.reason`, with their wording in both languages (data/reasons.csv)."""
    rows = read_table(_DATA / "reasons.csv", {"code": None, "meaning": _YES_NO, "zh": None, "en": None})
    return {row["code"]: Reason(row["code"], row["meaning"] == "yes", row["zh"], row["en"]) for row in rows}
