"""Scores and ranks: normalise, weight, add up; a missing value widens a score into an interval."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from policybot.errors import PolicybotError
from policybot.scoring.observations import Observations

Normalisation = Literal["min-max", "z-score", "percentile", "rank", "target"]
Aggregation = Literal["arithmetic", "geometric"]
Missing = Literal["bounds", "reweight"]
Floats = NDArray[np.float64]
_Z_SPREAD = 3.0  # z-scores from -3 to 3 are spread over the scale; beyond is cut
_WEIGHT_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Configuration:
    """How to score. The defaults are the reference configuration C0 of the domain-2 ranking.

    `goalposts`: "published" freezes them on all published values (an incomplete unit's too),
    "complete" on complete units only. `weights` maps indicator ids to weights that sum to 1 (or
    100); empty means equal. `targets` gives the value that earns the full score under "target".
    `coverage` is the least share of weight a unit needs under "reweight".
    """

    normalisation: Normalisation = "min-max"
    aggregation: Aggregation = "arithmetic"
    missing: Missing = "bounds"
    goalposts: Literal["published", "complete"] = "published"
    weights: Mapping[str, float] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)
    coverage: float = 0.6

    def fingerprint(self) -> str:
        """SHA-256 of the configuration's canonical JSON."""
        data = asdict(self) | {
            "weights": dict(sorted(self.weights.items())),
            "targets": dict(sorted(self.targets.items())),
        }
        return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """One unit's result: score in [low, high] and rank in [best, worst]; equal for a complete unit.

    `normalised` and `contributions` follow the indicators (NaN where the value is missing);
    contributions of a complete unit sum to its score (arithmetic mean).
    """

    unit: str
    low: float
    high: float
    best: int
    worst: int
    normalised: tuple[float, ...]
    contributions: tuple[float, ...]
    complete: bool
    coverage: float

    @property
    def score(self) -> float:
        """The score of a complete unit, the middle of the interval otherwise."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class Ranking:
    """All units, best first; complete ones by score, incomplete ones after them."""

    entries: tuple[Entry, ...]
    weights: tuple[float, ...]
    low: tuple[float, ...]  # goalposts per indicator, in the indicator's unit
    high: tuple[float, ...]
    mean: float  # of the complete units' scores
    fingerprint: str  # of configuration and inputs

    def entry(self, unit: str) -> Entry:
        """The entry of a unit by its exact name."""
        return next(e for e in self.entries if e.unit == unit)


def weight_vector(observations: Observations, weights: Mapping[str, float]) -> Floats:
    """Weights per indicator, summing to 1; equal where none are given.

    Raises:
        PolicybotError: unknown indicator, a negative or non-finite weight, or a wrong sum.
    """
    ids = [i.id for i in observations.indicators]
    if not weights:
        return np.full(len(ids), 1 / len(ids))
    unknown = sorted(set(weights) - set(ids))
    if unknown:
        raise _weights(f"unknown indicator {unknown[0]!r}", f"未知指标 {unknown[0]!r}", ids)
    vector = np.array([weights.get(i, 0.0) for i in ids], dtype=np.float64)
    if not np.isfinite(vector).all() or (vector < 0).any():
        raise _weights("a weight is negative or not a number", "权重为负数或不是数字", ids)
    total = float(vector.sum())
    if abs(total - 1) > _WEIGHT_TOLERANCE and abs(total - 100) > 100 * _WEIGHT_TOLERANCE:
        raise _weights(f"they sum to {total:g}", f"合计为 {total:g}", ids)
    return vector / total


def _weights(why: str, why_zh: str, ids: list[str]) -> PolicybotError:
    return PolicybotError(
        f"The weights cannot be used: {why}.",
        f"Give numbers of at least 0 that sum to 1 (or 100) for: {', '.join(ids)}.",
        what_zh=f"权重不可用：{why_zh}。",
        hint_zh=f"请为以下指标给出不小于 0 且合计为 1（或 100）的数：{'、'.join(ids)}。",
    )


def goalposts(observations: Observations, configuration: Configuration) -> tuple[Floats, Floats]:
    """(low, high) per indicator over the units that count; a system's own goalposts come first."""
    values = observations.values
    if configuration.goalposts == "complete":
        values = values[observations.complete]
    if values.size == 0 or np.isnan(values).all(axis=0).any():
        raise PolicybotError(
            "An indicator has no value at all, so nothing can be scored on it.",
            "Leave that indicator out or give its values.",
            what_zh="有指标没有任何数值，无法据此评分。",
            hint_zh="请去掉该指标，或补充其数值。",
        )
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    for j, indicator in enumerate(observations.indicators):
        if indicator.low is not None and indicator.high is not None:
            low[j], high[j] = indicator.low, indicator.high
    return low, high


def normalise(observations: Observations, configuration: Configuration) -> Floats:
    """Values on 0–100 with more always better, shape (units, indicators), NaN kept.

    min-max between the goalposts (cut at both ends); z-score from -3 to 3; percentile and rank by
    the share of units that are worse (ties share the mean place); target by the distance to the
    target from the worst value.
    """
    values = observations.values
    low, high = goalposts(observations, configuration)
    result = np.full(values.shape, np.nan)
    for j, indicator in enumerate(observations.indicators):
        column = values[:, j]
        rising = indicator.direction == "max"
        span = high[j] - low[j]
        match configuration.normalisation:
            case "min-max":
                part = (column - low[j]) / span if span > 0 else np.where(np.isnan(column), np.nan, 0.5)
                scaled = part if rising else 1 - part
            case "z-score":
                deviation = float(np.nanstd(column))
                z = (column - np.nanmean(column)) / deviation if deviation > 0 else column * 0
                scaled = (z * (1 if rising else -1) + _Z_SPREAD) / (2 * _Z_SPREAD)
            case "percentile" | "rank":
                scaled = _places(column if rising else -column, configuration.normalisation == "rank")
            case "target":
                target = configuration.targets.get(indicator.id, high[j] if rising else low[j])
                worst = low[j] if rising else high[j]
                width = abs(target - worst)
                scaled = 1 - np.abs(target - column) / width if width > 0 else column * 0 + 1
                beyond = column >= target if rising else column <= target
                scaled = np.where(beyond, 1.0, scaled)
        result[:, j] = np.clip(scaled, 0, 1) * 100
    return result


def _places(column: Floats, by_rank: bool) -> Floats:
    """Share of the other units that are worse (ties count half), or 1 minus the competition rank's share."""
    known = ~np.isnan(column)
    result = np.full(column.shape, np.nan)
    others = max(int(known.sum()) - 1, 1)
    for i in np.flatnonzero(known):
        worse = int((column[known] < column[i]).sum())
        equal = int((column[known] == column[i]).sum()) - 1
        result[i] = worse / others if by_rank else (worse + equal / 2) / others
    return result


def score(observations: Observations, configuration: Configuration | None = None) -> Ranking:
    """Scores and ranks every unit.

    A complete unit has one score; an incomplete one an interval (its missing indicators at 0 and at
    100), never a filled-in value, unless "reweight" is asked for and enough weight is covered. Ranks
    count the complete units with a better score (competition ranking 1, 2, 2, 4).
    """
    configuration = configuration or Configuration()
    weights = weight_vector(observations, configuration.weights)
    normalised = normalise(observations, configuration)
    low, high = goalposts(observations, configuration)
    known = ~np.isnan(normalised)
    lower = aggregate(np.where(known, normalised, 0.0), weights, configuration.aggregation)
    upper = aggregate(np.where(known, normalised, 100.0), weights, configuration.aggregation)
    coverage = known @ weights
    complete: NDArray[np.bool_] = np.asarray(known.all(axis=1))
    if configuration.missing == "reweight":
        for i in np.flatnonzero(~complete & (coverage >= configuration.coverage)):
            share = weights[known[i]] / weights[known[i]].sum()
            lower[i] = upper[i] = aggregate(
                normalised[i : i + 1, known[i]], share, configuration.aggregation
            )[0]
            complete[i] = True
    final = lower[complete]
    entries = []
    for row, unit in enumerate(observations.units):
        above_high, above_low = int(_above(final, upper[row])), int(_above(final, lower[row]))
        entries.append(
            Entry(
                unit,
                float(lower[row]),
                float(upper[row]),
                1 + above_high,
                1 + above_low,
                tuple(float(v) for v in normalised[row]),
                tuple(float(v) for v in normalised[row] * weights),
                bool(complete[row]),
                float(coverage[row]),
            )
        )
    entries.sort(key=lambda e: (not e.complete, -e.low if e.complete else -e.high, e.unit))
    mean = float(final.mean()) if final.size else math.nan
    digest = hashlib.sha256((configuration.fingerprint() + observations.fingerprint()).encode()).hexdigest()
    return Ranking(
        tuple(entries), tuple(weights.tolist()), tuple(low.tolist()), tuple(high.tolist()), mean, digest
    )


def _above(scores: Floats, value: float) -> int:
    """How many scores are truly above a value; sums that differ only by rounding are ties."""
    return int((scores > value + 1e-9).sum())


def aggregate(normalised: Floats, weights: Floats, how: Aggregation) -> Floats:
    """Weighted mean per row; the geometric mean is 0 where any weighted value is 0.

    Shape (units, indicators) and (indicators,) → (units,).
    """
    if how == "arithmetic":
        return np.asarray(normalised @ weights)
    used = weights > 0
    positive = (normalised[:, used] > 0).all(axis=1)
    logs = np.log(np.where(normalised[:, used] > 0, normalised[:, used], 1.0))
    return np.where(positive, np.exp(logs @ weights[used]), 0.0)
