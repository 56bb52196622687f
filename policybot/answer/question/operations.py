"""What a question wants computed: the patterns of ``answer/data/operations.toml``, and exact arithmetic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from policybot.answer.datafiles import DATA, pattern_fault
from policybot.facts.render import plain_number
from policybot.patterns import lazy_pattern, scripts_of
from policybot.retrieve.datafile import bad_data, read_toml

OPERATIONS = ("difference", "total", "ratio", "growth", "share", "mean", "count", "list", "rest")


@dataclass(frozen=True)
class Operations:
    """Which operations a question asks for, and where."""

    spans: tuple[tuple[str, int, int], ...]

    def __contains__(self, name: str) -> bool:
        return any(found == name for found, _, _ in self.spans)

    def at(self, name: str) -> tuple[int, int] | None:
        """Where the first mention of an operation stands."""
        return next(((low, high) for found, low, high in self.spans if found == name), None)


@lru_cache(maxsize=256)  # many makers look at one question
def read_operations(text: str) -> Operations:
    """The operations that a folded question asks for; several makers read the same question."""
    patterns, _ = load_operations()
    scripts = scripts_of(text)
    return Operations(
        tuple(
            (name, *m.span())
            for name, alternatives in patterns.items()
            for script, pattern in alternatives
            if script in scripts
            for m in pattern.finditer(text)
        )
    )


def short_places(text: str) -> list[tuple[str, int, int]]:
    """(name, start, end) of places named by one character each in a row: 京津两市."""
    _, names = load_operations()
    found = []
    signs = "".join(names)
    for match in re.finditer(
        rf"(?<![\u4e00-\u9fff])[{signs}]{{2,}}(?=(?:[两二三四]?[市地城]|之间|相比|比))", text
    ):
        found += [(names[sign], match.start() + i, match.start() + i + 1) for i, sign in enumerate(match[0])]
    return found


def exact(value: float) -> Decimal:
    """A cell's value as it is printed."""
    return Decimal(repr(value)) if not float(value).is_integer() else Decimal(int(value))


def plain(value: Decimal | float) -> str:
    """A number without needless zeros: 9.3, 1200."""
    return plain_number(value if isinstance(value, Decimal) else exact(value))


def summed(values: Sequence[Decimal]) -> str:
    """The sum as it is shown: 3 + 3 + 2 = 8; a negative number in brackets."""
    parts = [plain(v) if v >= 0 else f"({plain(v)})" for v in values]
    return f"{' + '.join(parts)} = {plain(sum(values, Decimal(0)))}"


@cache
def load_operations(
    path: Path = DATA / "operations.toml",
) -> tuple[dict[str, tuple[tuple[str, re.Pattern[str]], ...]], dict[str, str]]:
    """The patterns of the operations, each with its script (see `policybot.patterns.scripts_of`), and the
    short names of places.

    Raises:
        CorpusError: the file is missing, not TOML, or lacks a section or a language.
    """
    data = read_toml(path)
    if set(data) != {*OPERATIONS, "abbreviations"}:
        raise bad_data(path, f"its sections must be {', '.join(OPERATIONS)} and abbreviations")
    patterns = {}
    for name in OPERATIONS:
        if set(data[name]) != {"zh", "en"}:
            raise bad_data(path, f"[{name}] must hold zh and en")
        fault = pattern_fault(path, f"[{name}]")
        patterns[name] = tuple(
            (script, lazy_pattern(p, fault=fault)) for script in ("zh", "en") for p in data[name][script]
        )
    names = data["abbreviations"]
    if not all(len(sign) == 1 and isinstance(name, str) for sign, name in names.items()):
        raise bad_data(path, "[abbreviations] must give a name for single characters")
    return patterns, dict(names)
