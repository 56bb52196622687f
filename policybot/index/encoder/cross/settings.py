"""How the cross-encoder is trained."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CrossSettings:
    """How a cross-encoder is trained.

    Attributes:
        questions, unanswered: of those that have an answer, and of those that have none, in a batch.
        shown: sentences beside a question.
        passages: share of the questions that are about invented passages.
        longest: units read of a text.
        kept: share of the mean of the weights that a step leaves in place.
    """

    seed: int = 2030
    steps: int = 2300
    questions: int = 40
    unanswered: int = 12
    shown: int = 6
    passages: float = 0.45
    longest: int = 72
    rate: float = 2e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    kept: float = 0.995
