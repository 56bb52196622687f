"""Figures by group against committed limits, and plain tables of the benchmarks."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policybot.errors import PolicybotError

# Figures by name, each a share in 0…1 (but length, in characters); None where nothing was counted.
Figures = dict[str, float | None]

# Minimums -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Threshold:
    """A committed limit: `figure` of `group` is at least, or at most, so much."""

    group: str
    figure: str
    at_least: float | None = None
    at_most: float | None = None

    def failure(self, value: float | None) -> str:
        """What is wrong with `value` in words, "" when it keeps the limit."""
        if value is None:
            return f"{self.group} {self.figure}: nothing was measured"
        if self.at_least is not None and value < self.at_least - 1e-9:
            return f"{self.group} {self.figure} is {value:.3f}, below {self.at_least:.3f}"
        if self.at_most is not None and value > self.at_most + 1e-9:
            return f"{self.group} {self.figure} is {value:.3f}, above {self.at_most:.3f}"
        return ""


def load_thresholds(file: Path, section: str) -> list[Threshold]:
    """The limits of one section (`[[quality]]`, `[[speed]]`) of a thresholds file.

    Raises:
        PolicybotError: the file cannot be read, is not TOML, or an entry has a wrong field; the entry's
            number in its section is named.
    """
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8")).get(section, [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicybotError(
            f"The limits in {file.name} cannot be used ({error}).",
            "Restore the file from the repository.",
            what_zh=f"{file.name} 中的限值无法使用（{error}）。",
            hint_zh="请从代码库恢复该文件。",
        ) from error
    limits = []
    for number, entry in enumerate(entries, 1):
        texts = all(isinstance(entry.get(name), str) for name in ("group", "figure"))
        bounds = [entry[name] for name in ("at_least", "at_most") if name in entry]
        if not texts or not bounds or not all(isinstance(b, int | float) for b in bounds) or len(entry) > 4:
            raise PolicybotError(
                f"Entry {number} of [[{section}]] in {file.name} is wrong.",
                'It needs "group", "figure" and a number as "at_least" or "at_most".',
                what_zh=f"{file.name} 中 [[{section}]] 第 {number} 项有误。",
                hint_zh="每项需要“group”“figure”以及数值“at_least”或“at_most”。",
            )
        limits.append(Threshold(**entry))
    return limits


def failures(limits: Iterable[Threshold], figures: Mapping[str, Figures]) -> list[str]:
    """The limits that are not kept, in words. Groups that were not measured in this run are left out."""
    checked = (t.failure(figures[t.group].get(t.figure)) for t in limits if t.group in figures)
    return [words for words in checked if words]


@dataclass(frozen=True, slots=True)
class Checked:
    """A limit and what was measured; `failure` says in words how it is broken, "" when it is kept."""

    limit: Threshold
    value: float | None
    failure: str


def held(limits: Iterable[Threshold], summary: Mapping[str, Any]) -> list[Checked]:
    """The limits whose group a run has, checked. `summary` is that of a run (`summary.json`)."""
    found = []
    for limit in limits:
        group = summary["groups"].get(limit.group)
        if group is not None:
            value = (group["figures"].get(limit.figure) or {}).get("value")
            found.append(Checked(limit, value, limit.failure(value)))
    return found


# Tables -------------------------------------------------------------------------------------------


@dataclass
class Grid:
    """A table of text: a title, a header and rows of cells."""

    title: str
    header: list[str]
    rows: list[list[str]] = field(default_factory=list)

    def render(self) -> str:
        """The table as aligned plain text; the first column to the left, the others to the right."""
        cells = [self.header, *self.rows]
        widths = [max(len(row[i]) for row in cells) for i in range(len(self.header))]
        lines = [
            "  ".join(
                c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))
            )
            for row in cells
        ]
        return "\n".join([self.title, lines[0], "-" * len(lines[0]), *lines[1:]])


def percent(value: float | None) -> str:
    """A share as a percentage with one decimal, "–" for none."""
    return "–" if value is None else f"{100 * value:.1f}"


def plain(value: Any) -> Any:
    """`value` with floats rounded to six places, ready for JSON."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list | tuple) else value
