"""Figures of a run: each a mean over questions, with a bootstrap interval; by group; two runs compared.

A figure is made of one numerator and one denominator a question, so that one set of resampled questions
serves all figures of a group. Random numbers have a fixed seed: the same run gives the same intervals.
`evals/README.md` defines every figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policybot.evaluation.retrieval import NAMES as RETRIEVAL
from policybot.evaluation.verdict import Verdict

RESAMPLES, SEED, LEVEL = 1000, 2030, 0.95
BINS = 10  # of the confidence, for its calibration error
Array = NDArray[np.float64]
Part = Callable[[Verdict], tuple[float, float] | None]
Group = tuple[str, list[Verdict]]


@dataclass(frozen=True)
class Figure:
    """A figure with its 95% interval; `n` questions counted. None where nothing could be counted."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0


def _share(flag: bool | None) -> tuple[float, float] | None:
    return None if flag is None else (float(flag), 1.0)


def _mean(value: float | None) -> tuple[float, float] | None:
    return None if value is None else (value, 1.0)


def _ratio(part: float, whole: float) -> tuple[float, float] | None:
    return (part, whole) if whole else None


def _retrieved(name: str) -> Part:
    return lambda v: _mean(v.retrieval.get(name))


def _false_refusal(v: Verdict) -> tuple[float, float] | None:
    return _share(v.refused and "not_found" not in v.question.accepted) if v.question.answerable else None


def _given(v: Verdict) -> bool:
    return v.status == "answered"


# Name → what one question adds above and below the line; None leaves the question out.
PARTS: dict[str, Part] = {
    "right": lambda v: _share(v.right) if v.question.answerable else None,
    "refusal": lambda v: None if v.question.answerable else _share(v.refused),
    "false_refusal": _false_refusal,
    "correct": lambda v: _share(v.right),
    "error": lambda v: _share(v.status == "error"),
    "kept": lambda v: _share(v.kept),
    "premise": lambda v: _share(v.right) if v.question.type == "false_premise" else None,
    "list_recall": lambda v: _mean(v.list_recall),
    "list_precision": lambda v: _mean(v.list_precision),
    "cited": lambda v: _share(v.cited) if _given(v) else None,
    "citation_precision": lambda v: _mean(v.gold_citations / v.citations) if v.citations else None,
    "citation_recall": lambda v: _mean(v.cited_units / v.units) if v.units and _given(v) else None,
    "verbatim": lambda v: _ratio(v.verbatim, v.quotes),
    "provenance": lambda v: _ratio(v.numbers - len(v.unaccounted), v.numbers),
    **{name: _retrieved(name) for name in RETRIEVAL},
    "input_tokens": lambda v: _mean(v.input_tokens),
    "output_tokens": lambda v: _mean(v.output_tokens),
}
# Not means over questions; those of time change from run to run and are left out of comparisons.
SPECIAL = ("calibration_error", "length", "latency_p50_ms", "latency_p95_ms")
NAMES = (*PARTS, *SPECIAL)
COMPARED = tuple(n for n in NAMES if not n.startswith("latency") and n != "length")
LESS_IS_BETTER = frozenset(
    {"false_refusal", "error", "calibration_error", "input_tokens", "output_tokens", *SPECIAL}
)


def figures(verdicts: Sequence[Verdict]) -> dict[str, Figure]:
    """All figures of a group of verdicts, by name."""
    draws = _draws(len(verdicts))
    found: dict[str, Figure] = {}
    for name in COMPARED:
        value, samples, n = _sampled(name, verdicts, draws)
        found[name] = Figure(value, *interval(samples), n) if value is not None else Figure(None)
    given = [v for v in verdicts if _given(v)]
    found["length"] = Figure(_quantile([v.length for v in given], 0.5), n=len(given))
    timed = [v.elapsed_ms for v in verdicts if v.status != "error"]
    for name, share in (("latency_p50_ms", 0.5), ("latency_p95_ms", 0.95)):
        found[name] = Figure(_quantile(timed, share), n=len(timed))
    return found


def mean_figure(values: Sequence[float | None]) -> Figure:
    """The mean of one value a question, None left out, with its interval."""
    known = np.array([v is not None for v in values], dtype=np.float64)
    if not known.any():
        return Figure(None)
    draws = _draws(len(values))
    above = np.array([v or 0.0 for v in values])
    with np.errstate(invalid="ignore", divide="ignore"):
        samples = (draws @ above) / (draws @ known)
    return Figure(float(above.sum() / known.sum()), *interval(samples), int(known.sum()))


def difference(name: str, before: Sequence[Verdict], after: Sequence[Verdict]) -> Figure:
    """A figure of `after` less that of `before`, question by question the same, with a paired interval."""
    draws = _draws(len(before))
    old, old_samples, _ = _sampled(name, before, draws)
    new, new_samples, n = _sampled(name, after, draws)
    if old is None or new is None:
        return Figure(None)
    return Figure(new - old, *interval(new_samples - old_samples), n)


def interval(samples: Array) -> tuple[float | None, float | None]:
    """The middle 95% of resampled values."""
    kept = samples[~np.isnan(samples)]
    if not kept.size:
        return None, None
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(kept, [tail, 100 - tail])
    return float(low), float(high)


def groups(verdicts: Sequence[Verdict], sets: Sequence[str], *, types: bool) -> Iterator[Group]:
    """(name, members) of each group that has any.

    "all"; "language/zh"; "type/list" (when `types`); "document/kyoto-protocol"; for each set and each
    part of one (the field `set`) "dev", "dev/zh" and "dev/en"; "apart from annotations": the questions
    that no annotation's question nearly repeats.

    Args:
        sets: for each verdict the name of its question set.
    """
    pairs = list(zip(verdicts, sets, strict=True))
    languages = [(f"/{code}", code) for code in ("zh", "en")]
    named: list[Group] = [("all", list(verdicts))]
    named += [(f"language{slash}", _of(verdicts, code)) for slash, code in languages]
    for one in dict.fromkeys(s for s in sets if s):
        named += _by_language(one, [v for v, s in pairs if s == one])
    for part in dict.fromkeys(v.question.set for v in verdicts if v.question.set):
        if part not in sets:
            named += _by_language(part, [v for v in verdicts if v.question.set == part])
    if types:
        kinds = sorted({v.question.type for v in verdicts})
        named += [(f"type/{kind}", [v for v in verdicts if v.question.type == kind]) for kind in kinds]
    documents = sorted({d for v in verdicts for d in v.documents})
    named += [(f"document/{d}", [v for v in verdicts if d in v.documents]) for d in documents]
    named.append(("apart from annotations", [v for v in verdicts if not v.near_annotation]))
    yield from ((name, members) for name, members in named if members)


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Expected calibration error: mean distance of stated confidence and share right, weighed by bin.

    Args:
        pairs: (confidence in 0…1, whether the answer was right).
    """
    if not pairs:
        return None
    confidence, right = (np.array(column, dtype=np.float64) for column in zip(*pairs, strict=True))
    return float(_calibration(confidence, right, np.ones((1, len(pairs))))[0])


def _of(verdicts: Sequence[Verdict], language: str) -> list[Verdict]:
    return [v for v in verdicts if v.question.language == language]


def _by_language(name: str, members: list[Verdict]) -> list[Group]:
    return [(name, members), *((f"{name}/{code}", _of(members, code)) for code in ("zh", "en"))]


def _draws(n: int) -> Array:
    """How often each of `n` questions is drawn in each resample, shape (RESAMPLES, n)."""
    if not n:
        return np.zeros((RESAMPLES, 0))
    random = np.random.default_rng(SEED)
    return random.multinomial(n, np.full(n, 1 / n), size=RESAMPLES).astype(np.float64)


def _sampled(name: str, verdicts: Sequence[Verdict], draws: Array) -> tuple[float | None, Array, int]:
    """(value, its value in each resample, questions counted); NaN where a resample has nothing to count."""
    if name == "calibration_error":
        given = np.array([_given(v) for v in verdicts], dtype=bool)
        chosen = [v for v in verdicts if _given(v)]
        confidence = np.array([v.confidence for v in chosen])
        right = np.array([float(v.right) for v in chosen])
        value = calibration_error([(v.confidence, v.right) for v in chosen])
        return value, _calibration(confidence, right, draws[:, given]), len(chosen)
    parts = [PARTS[name](v) for v in verdicts]
    above = np.array([p[0] if p else 0.0 for p in parts])
    below = np.array([p[1] if p else 0.0 for p in parts])
    n = sum(p is not None for p in parts)
    if not n:
        return None, np.full(len(draws), np.nan), 0
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(above.sum() / below.sum()), (draws @ above) / (draws @ below), n


def _calibration(confidence: Array, right: Array, draws: Array) -> Array:
    """The calibration error in each resample."""
    bins = np.clip((confidence * BINS).astype(int), 0, BINS - 1)
    gaps = np.zeros(len(draws))
    for number in range(BINS):
        inside = bins == number
        gaps += np.abs(draws[:, inside] @ (confidence[inside] - right[inside]))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(gaps / draws.sum(axis=1))


def _quantile(values: Sequence[float], share: float) -> float | None:
    return float(np.percentile(values, 100 * share, method="inverted_cdf")) if values else None
