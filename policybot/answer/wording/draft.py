"""What makers of answers hand to the composer: lines to word, what carries them, how sure they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from policybot.answer.model import AnswerStatus, ResultKind, Step
from policybot.answer.wording.cite import Evidence


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of an answer: a wording of ``answer/data/wording.toml``, what fills it, what carries it.

    `items` fill the slot `{items}`, each with the marks of its own evidence behind it.
    """

    wording: str
    slots: Mapping[str, str]
    evidence: tuple[Evidence, ...] = ()
    items: tuple[tuple[str, tuple[Evidence, ...]], ...] = ()

    @property
    def all_evidence(self) -> tuple[Evidence, ...]:
        """The items' evidence, then the line's own."""
        return tuple(dict.fromkeys([e for _, used in self.items for e in used] + list(self.evidence)))


@dataclass(frozen=True, slots=True)
class Finding:
    """A value that the answer gives; `evidence` is the one of its lines' that carries it.

    `operation` and `inputs` say how a computed value was reached (see `ResultEntry`).
    """

    kind: ResultKind
    value: float | str | None
    unit: str = ""
    year: int | None = None
    qualifier: str = ""
    text: str = ""
    evidence: Evidence | None = None
    operation: str = ""
    inputs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A candidate answer.

    `score` is the maker's own estimate (0–1) before calibration; `features` go into the calibrated
    confidence; `notices` are wordings for warnings.
    """

    maker: str
    lines: tuple[Line, ...]
    score: float
    status: AnswerStatus = "answered"
    findings: tuple[Finding, ...] = ()
    notices: tuple[Line, ...] = ()
    steps: tuple[Step, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence of the lines, in order, once each."""
        return tuple(dict.fromkeys(e for line in self.lines for e in line.all_evidence))


def accounting(cover: float) -> dict[str, float]:
    """Features of a draft whose maker looked for each thing that it needs.

    Args:
        cover: share (0–1) of the question that these account for.
    """
    return {"cover": cover, "own": cover, "wide": cover, "found": 1.0, "year_fit": 1.0}
