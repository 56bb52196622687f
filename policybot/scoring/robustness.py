"""How far a ranking depends on the weights: rank intervals, chances of the top, dominance, certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from policybot.scoring.engine import Configuration, Normalisation, normalise
from policybot.scoring.observations import Observations

Floats = NDArray[np.float64]
_TIE = 1e-9
_SEED = 20220101


@dataclass(frozen=True, slots=True)
class RankInterval:
    """Best and worst rank of a unit over all weightings tried, and the share of them in the top `top`."""

    unit: str
    best: int
    worst: int
    chance: float


@dataclass(frozen=True, slots=True)
class Robustness:
    """`weightings` tried, intervals in the units' order, and how many of `pairs` no weighting changes."""

    weightings: int
    normalisations: tuple[str, ...]
    top: int
    intervals: tuple[RankInterval, ...]
    fixed_pairs: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """Proof about "can `unit` be ahead of all of `rivals` under some weighting?".

    When `possible`, `weights` is such a weighting. When not, `mixture` is a weighted average of the
    rivals that is at least as good on every indicator, so that under any weighting at least one of
    them is not behind; `mixed` are its values and `values` the unit's, in the indicators' units.
    """

    unit: str
    rivals: tuple[str, ...]
    possible: bool
    weights: tuple[float, ...]
    mixture: tuple[tuple[str, float], ...]
    mixed: tuple[float, ...]
    values: tuple[float, ...]


def simplex_lattice(dimensions: int, at_least: int, seed: int = _SEED) -> Floats:
    """Weightings that fill the simplex evenly, corners included, shape (n ≥ at_least, dimensions).

    Up to three dimensions a regular lattice; above, the corners and seeded uniform draws.
    """
    if dimensions == 1:
        return np.ones((1, 1))
    if dimensions == 2:
        first = np.linspace(0, 1, max(at_least, 2))
        return np.stack([first, 1 - first], axis=1)
    if dimensions == 3:
        steps = 1
        while (steps + 1) * (steps + 2) // 2 < at_least:
            steps += 1
        grid = [(i, j, steps - i - j) for i in range(steps + 1) for j in range(steps + 1 - i)]
        return np.array(grid, dtype=np.float64) / steps
    draws = np.random.default_rng(seed).dirichlet(np.ones(dimensions), max(at_least - dimensions, 1))
    return np.concatenate([np.eye(dimensions), draws])


def ranks(scores: Floats) -> NDArray[np.int64]:
    """Competition ranks (1 = highest) within each row, shape (weightings, units)."""
    order = np.argsort(-scores, axis=1, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=1)
    places = np.arange(scores.shape[1])
    # A place starts a new rank where the score falls; ties take the rank of their first place.
    falls = np.concatenate([np.ones((len(scores), 1), bool), ordered[:, :-1] - ordered[:, 1:] > _TIE], axis=1)
    first = np.maximum.accumulate(np.where(falls, places, 0), axis=1) + 1
    result = np.empty(scores.shape, dtype=np.int64)
    np.put_along_axis(result, order, first, axis=1)
    return result


def robustness(
    observations: Observations,
    top: int = 5,
    weightings: int = 20_000,
    normalisations: Sequence[Normalisation] = ("min-max",),
) -> Robustness:
    """Rank intervals of the complete units over the weight simplex and the given normalisations."""
    complete = observations.complete
    units = [u for u, c in zip(observations.units, complete, strict=True) if c]
    lattice = simplex_lattice(len(observations.indicators), weightings)
    best = np.full(len(units), len(units))
    worst = np.zeros(len(units), dtype=np.int64)
    inside = np.zeros(len(units))
    fixed: NDArray[np.bool_] | None = None
    for name in normalisations:
        values = normalise(observations, Configuration(normalisation=name))[complete]
        placed = ranks(lattice @ values.T)
        best, worst = np.minimum(best, placed.min(axis=0)), np.maximum(worst, placed.max(axis=0))
        inside += (placed <= top).mean(axis=0) / len(normalisations)
        same = dominated_pairs(values)
        fixed = same if fixed is None else fixed & same
    assert fixed is not None
    intervals = tuple(
        RankInterval(u, int(b), int(w), float(p))
        for u, b, w, p in zip(units, best, worst, inside, strict=True)
    )
    return Robustness(len(lattice), tuple(normalisations), top, intervals, int(fixed.sum()), len(fixed))


def dominated_pairs(normalised: Floats) -> NDArray[np.bool_]:
    """For each pair (i < j): whether one is at least as good on every indicator, so no weights matter."""
    first, second = np.array(list(combinations(range(len(normalised)), 2))).T
    difference = normalised[first] - normalised[second]
    return np.asarray((difference >= -_TIE).all(axis=1) | (difference <= _TIE).all(axis=1))


def can_lead(observations: Observations, unit: str, rivals: Sequence[str]) -> Certificate:
    """Decides exactly, by linear programming, whether some weighting puts `unit` ahead of all `rivals`.

    Only complete units can be compared. Scores are weighted sums of values that grow with merit, so
    the answer holds for every normalisation that is linear in the values.
    """
    from scipy.optimize import linprog

    row = observations.index(unit)
    rows = [observations.index(r) for r in rivals]
    sign = np.array([1.0 if i.direction == "max" else -1.0 for i in observations.indicators])
    merit = observations.values * sign
    scale = np.nanmax(merit, axis=0) - np.nanmin(merit, axis=0)
    merit = merit / np.where(scale > 0, scale, 1)
    own, others = merit[row], merit[rows]
    m = own.size
    # Maximise t with (own - other)·w >= t for every rival, w in the simplex.
    lead = linprog(
        np.append(np.zeros(m), -1.0),
        A_ub=np.column_stack([others - own, np.ones(len(rows))]),
        b_ub=np.zeros(len(rows)),
        A_eq=np.append(np.ones(m), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * m + [(None, None)],
        method="highs",
    )
    names = tuple(observations.units[r] for r in rows)
    values = tuple(observations.values[row].tolist())
    if -lead.fun > _TIE:
        return Certificate(observations.units[row], names, True, tuple(lead.x[:m].tolist()), (), (), values)
    # By duality a mixture of rivals is at least as good on every indicator.
    mix = linprog(
        np.append(np.zeros(len(rows)), -1.0),
        A_ub=np.column_stack([-others.T, np.ones(m)]),
        b_ub=-own,
        A_eq=np.append(np.ones(len(rows)), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * len(rows) + [(None, None)],
        method="highs",
    )
    shares = mix.x[: len(rows)]
    used = tuple((names[i], float(shares[i])) for i in np.flatnonzero(shares > _TIE))
    mixed = tuple((shares @ observations.values[rows]).tolist())
    return Certificate(observations.units[row], names, False, (), used, mixed, values)


def can_be_top(observations: Observations, group: Sequence[str]) -> tuple[Certificate, ...]:
    """For each member of a published group: can it be ahead of every complete unit outside the group?

    One "not possible" proves that no weighting yields the group as the top.
    """
    members = [observations.units[observations.index(u)] for u in group]
    outside = [
        u for u, c in zip(observations.units, observations.complete, strict=True) if c and u not in members
    ]
    return tuple(can_lead(observations, unit, outside) for unit in members)
