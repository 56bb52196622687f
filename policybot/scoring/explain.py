"""Why a unit scores what it scores, and what would change its rank."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from policybot.corpus.model import Cell
from policybot.errors import PolicybotError
from policybot.scoring.engine import Configuration, Entry, Ranking, normalise, score
from policybot.scoring.observations import Observations
from policybot.scoring.systems import Indicator


@dataclass(frozen=True, slots=True)
class Part:
    """One indicator's share of a score.

    `contribution` = weight × normalised value (points); `deviation` = weight × (normalised value −
    mean of the complete units). Both are NaN where the value is missing.
    """

    indicator: Indicator
    value: float
    cell: Cell | None
    low: float
    high: float
    normalised: float
    weight: float
    contribution: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score taken apart: the parts' contributions sum to `score`, their deviations to score − mean."""

    unit: str
    score: float
    low: float
    high: float
    best: int
    worst: int
    mean: float
    parts: tuple[Part, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one indicator alone would have to be for a unit to pass the threshold.

    `needed` must be exceeded (or undercut, where less is better); None when no value within the
    goalposts suffices. `current` is the value now.
    """

    indicator: Indicator
    current: float
    needed: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Changes that would bring a unit into the top `top`, everything else fixed.

    `holder` holds the last place of the top now and `threshold` is its score.
    """

    unit: str
    top: int
    rank: int
    score: float
    holder: str
    threshold: float
    changes: tuple[Change, ...]
    fingerprint: str


def explain(observations: Observations, unit: str, configuration: Configuration | None = None) -> Explanation:
    """Takes the score of a unit apart.

    Raises:
        PolicybotError: unknown unit, or geometric aggregation (its factors do not add up).
    """
    configuration = configuration or Configuration()
    if configuration.aggregation != "arithmetic":
        raise PolicybotError(
            "A geometric mean does not split into contributions that add up.",
            "Explain with the arithmetic mean.",
            what_zh="几何平均无法拆成可相加的贡献。",
            hint_zh="请使用算术平均进行解释。",
        )
    row = observations.index(unit)
    name = observations.units[row]
    ranking = score(observations, configuration)
    entry = ranking.entry(name)
    normalised = normalise(observations, configuration)
    means = normalised[observations.complete].mean(axis=0)
    parts = []
    for j, indicator in enumerate(observations.indicators):
        weight = ranking.weights[j]
        parts.append(
            Part(
                indicator,
                float(observations.values[row, j]),
                observations.cells[row][j],
                ranking.low[j],
                ranking.high[j],
                float(normalised[row, j]),
                weight,
                weight * float(normalised[row, j]),
                weight * float(normalised[row, j] - means[j]),
            )
        )
    return Explanation(
        name,
        entry.score,
        entry.low,
        entry.high,
        entry.best,
        entry.worst,
        ranking.mean,
        tuple(parts),
        ranking.fingerprint,
    )


def what_if(
    observations: Observations, unit: str, top: int, configuration: Configuration | None = None
) -> WhatIf:
    """Inverts the score: the value of each indicator alone that lifts a complete unit into the top `top`.

    Goalposts and all other units stay as they are; only min-max with an arithmetic mean inverts
    exactly.

    Raises:
        PolicybotError: unknown or incomplete unit, `top` out of range, or another configuration.
    """
    configuration = configuration or Configuration()
    if configuration.normalisation != "min-max" or configuration.aggregation != "arithmetic":
        raise PolicybotError(
            "What-if inverts the min-max score with an arithmetic mean only.",
            "Leave --normalisation and --aggregation at their defaults.",
            what_zh="假设分析只能反推极差标准化加算术平均的得分。",
            hint_zh="请使用默认的标准化和合成方法。",
        )
    row = observations.index(unit)
    name = observations.units[row]
    ranking = score(observations, configuration)
    complete = [e for e in ranking.entries if e.complete]
    entry = ranking.entry(name)
    if not entry.complete:
        raise PolicybotError(
            f"{name} lacks a value, so its score is only an interval and cannot be inverted.",
            "`policybot score explain` shows the interval.",
            what_zh=f"{name}缺少数值，其得分只是一个区间，无法反推。",
            hint_zh="可用 `policybot score explain` 查看区间。",
        )
    if not 1 <= top < len(complete):
        raise PolicybotError(
            f"--top must be from 1 to {len(complete) - 1}.",
            what_zh=f"--top 须在 1 至 {len(complete) - 1} 之间。",
        )
    holder = _holder(ranking, name, top)
    changes = tuple(
        _change(observations, ranking, row, j, holder.low) for j in range(len(observations.indicators))
    )
    return WhatIf(name, top, entry.best, entry.score, holder.unit, holder.low, changes, ranking.fingerprint)


def _holder(ranking: Ranking, name: str, top: int) -> Entry:
    """The unit whose score must be passed: the last of the top among the others."""
    others = [e for e in ranking.entries if e.complete and e.unit != name]
    return others[top - 1]


def _change(observations: Observations, ranking: Ranking, row: int, j: int, threshold: float) -> Change:
    indicator = observations.indicators[j]
    entry = ranking.entry(observations.units[row])
    current, weight = float(observations.values[row, j]), ranking.weights[j]
    gap = threshold - entry.low
    if gap < 0:
        return Change(indicator, current, current, "already there")
    if weight == 0:
        return Change(indicator, current, None, "it has no weight")
    if ranking.low[j] == ranking.high[j]:
        return Change(indicator, current, None, "all units have the same value, so there is no scale")
    needed_part = (entry.normalised[j] + gap / weight) / 100
    if needed_part >= 1:
        return Change(
            indicator, current, None, "unreachable: the best published value already earns the full score"
        )
    low, high = ranking.low[j], ranking.high[j]
    span = high - low
    needed = low + needed_part * span if indicator.direction == "max" else high - needed_part * span
    return Change(indicator, current, needed)


def with_value(observations: Observations, unit: str, indicator: str, value: float) -> Observations:
    """A copy with one value replaced (for checking a what-if); the cell is no longer the published one."""
    row = observations.index(unit)
    j = [i.id for i in observations.indicators].index(indicator)
    values = observations.values.copy()
    values[row, j] = value
    cells = list(observations.cells)
    cells[row] = (*cells[row][:j], None, *cells[row][j + 1 :])
    return Observations(
        observations.units, observations.indicators, values, tuple(cells), observations.absent
    )


def adds_up(explanation: Explanation, tolerance: float = 1e-9) -> bool:
    """Whether contributions sum to the score and deviations to the distance from the mean."""
    contributions = math.fsum(p.contribution for p in explanation.parts)
    deviations = math.fsum(p.deviation for p in explanation.parts)
    return bool(
        np.isclose(contributions, explanation.score, atol=tolerance)
        and np.isclose(deviations, explanation.score - explanation.mean, atol=tolerance)
    )
