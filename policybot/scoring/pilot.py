"""Progress of a pilot city or park on the scheme's reference indicators.

The scheme prints the indicators and their units; every value is the user's. National targets are
context only, and the scheme's own rule holds: the earliest or highest peak is not the yardstick.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from policybot.corpus.model import Corpus, Row, Table
from policybot.errors import PolicybotError

DOCUMENT = "pilot-scheme-2023"
YARDSTICK = "pilot-scheme-2023/一/（二）/坚持积极稳妥"
BASE, MIDDLE, END = 2022, 2025, 2030
Kind = Literal["level", "share"]
Track = Literal["on track", "behind", "reached", "not set"]
_TABLES = {"city": "表1", "park": "表2"}


@dataclass(frozen=True, slots=True)
class PilotIndicator:
    """One printed indicator. Levels change by a rate, shares (in %) by points."""

    number: int
    category: str
    zh: str
    en: str
    unit: str
    kind: Kind
    direction: Literal["max", "min"]
    direction_source: str
    clause: str


@dataclass(frozen=True, slots=True)
class Progress:
    """An indicator's values and what they imply.

    `yearly` is the change a year from the latest value to the 2030 target: percent a year for levels,
    percentage points a year for shares; `path_2025` the value in 2025 on an even path from 2022 to
    2030. Values are in the indicator's unit; None where not given.
    """

    indicator: PilotIndicator
    values: Mapping[int, float]
    yearly: float | None
    yearly_unit: str
    path_2025: float | None
    track: Track


def pilot_indicators(corpus: Corpus, kind: Literal["city", "park"]) -> tuple[PilotIndicator, ...]:
    """The 26 city or 14 park indicators as printed, with direction and kind."""
    label = _TABLES[kind]
    table = _table(corpus, label)
    notes = _notes()
    found = []
    for row in table.rows:
        number = int(row.cells[0].value or 0)
        note = notes.get((label, number))
        if note is None:
            raise PolicybotError(
                f"Indicator {number} of {label} has no entry in pilot_indicators.csv.",
                "Add its kind and direction there.",
                what_zh=f"{label}第 {number} 项指标在 pilot_indicators.csv 中没有对应条目。",
                hint_zh="请在该文件中补充其类型和方向。",
            )
        found.append(_indicator(row, number, note))
    return tuple(found)


def _indicator(row: Row, number: int, note: Mapping[str, str]) -> PilotIndicator:
    category, name, unit = (row.cells[i].text for i in (1, 2, 3))
    return PilotIndicator(
        number,
        category,
        name,
        note["en"],
        unit,
        "share" if note["kind"] == "share" else "level",
        "min" if note["direction"] == "min" else "max",
        note["direction_source"],
        row.id,
    )


def _notes() -> dict[tuple[str, int], dict[str, str]]:
    path = resources.files("policybot.scoring") / "data" / "pilot_indicators.csv"
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    return {(r["table"], int(r["number"])): r for r in rows}


def _table(corpus: Corpus, label: str) -> Table:
    for table in corpus.tables.values():
        if table.document == DOCUMENT and table.label == label:
            return table
    raise PolicybotError(
        f"The corpus has no {label} of the pilot scheme.",
        "Restore the built-in corpus.",
        what_zh=f"语料库中没有试点建设方案的{label}。",
        hint_zh="请恢复内置语料库。",
    )


def progress(indicator: PilotIndicator, values: Mapping[int, float]) -> Progress:
    """What the values given for 2022, 2025 and 2030 imply.

    2030 (and, when it lies ahead, 2025) are targets; a 2025 value is compared with the even path.

    Raises:
        PolicybotError: another year, a share outside 0–100, or a level of 0 or less.
    """
    for year, value in values.items():
        if year not in (BASE, MIDDLE, END):
            raise _bad(
                indicator, f"{year} is not one of 2022, 2025, 2030", f"{year} 年不在 2022、2025、2030 之内"
            )
        if indicator.kind == "share" and not 0 <= value <= 100:
            raise _bad(
                indicator,
                f"{value:g}% in {year} is not from 0 to 100",
                f"{year} 年的 {value:g}% 不在 0–100 之间",
            )
        if indicator.kind == "level" and value <= 0:
            raise _bad(indicator, f"{value:g} in {year} is not above 0", f"{year} 年的 {value:g} 须大于 0")
    unit = "points a year" if indicator.kind == "share" else "% a year"
    base, middle, end = (values.get(y) for y in (BASE, MIDDLE, END))
    if end is None or (base is None and middle is None):
        return Progress(indicator, dict(values), None, unit, None, "not set")
    start, since = (middle, MIDDLE) if middle is not None else (base, BASE)
    assert start is not None
    yearly = _yearly(indicator.kind, start, end, END - since)
    path = None
    if base is not None:
        step = _yearly(indicator.kind, base, end, END - BASE)
        years = MIDDLE - BASE
        path = base + step * years if indicator.kind == "share" else base * (1 + step / 100) ** years
    return Progress(indicator, dict(values), yearly, unit, path, _track(indicator, middle, end, path))


def _yearly(kind: Kind, start: float, end: float, years: int) -> float:
    if kind == "share":
        return (end - start) / years
    return float(((end / start) ** (1 / years) - 1) * 100)


def _track(indicator: PilotIndicator, middle: float | None, end: float, path: float | None) -> Track:
    if middle is None:
        return "not set"
    sign = 1 if indicator.direction == "max" else -1
    if sign * (middle - end) >= 0:
        return "reached"
    if path is None:
        return "not set"
    return "on track" if sign * (middle - path) >= -1e-9 else "behind"


def _bad(indicator: PilotIndicator, why: str, why_zh: str) -> PolicybotError:
    return PolicybotError(
        f"{indicator.en} cannot be assessed: {why}.",
        "Correct the value and try again.",
        what_zh=f"指标“{indicator.zh}”无法评估：{why_zh}。",
        hint_zh="请改正后重试。",
    )
