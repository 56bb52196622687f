"""Counts for a report: what became of answerable and unanswerable questions, and confidence against truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policybot.evaluation.figures import BINS
from policybot.evaluation.verdict import Verdict

STATUSES = ("answered", "not_found", "clarify", "error")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of `n` questions that can, or cannot, be answered: counts by status, and judged right."""

    answerable: bool
    n: int
    by_status: dict[str, int]
    right: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers given with a confidence in [low, high): `n`, their mean confidence, share right (0…1)."""

    low: float
    high: float
    n: int
    confidence: float
    right: float


def outcomes(verdicts: Sequence[Verdict]) -> list[Outcomes]:
    """One entry for answerable and one for unanswerable questions; a status unknown here is an error."""
    found = []
    for answerable in (True, False):
        members = [v for v in verdicts if v.question.answerable is answerable]
        counts = dict.fromkeys(STATUSES, 0)
        for verdict in members:
            counts[verdict.status if verdict.status in counts else "error"] += 1
        found.append(Outcomes(answerable, len(members), counts, sum(v.right for v in members)))
    return found


def calibration(verdicts: Sequence[Verdict]) -> list[Bin]:
    """The bins that hold any answer given, by rising confidence."""
    members: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.status == "answered":
            members.setdefault(min(BINS - 1, max(0, int(verdict.confidence * BINS))), []).append(verdict)
    return [
        Bin(
            number / BINS,
            (number + 1) / BINS,
            len(inside),
            sum(v.confidence for v in inside) / len(inside),
            sum(v.right for v in inside) / len(inside),
        )
        for number, inside in sorted(members.items())
    ]
