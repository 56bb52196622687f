"""The answer contract: what `ask` returns, in Python and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

AnswerStatus = Literal["answered", "not_found", "clarify", "error"]
ResultKind = Literal["quoted", "derived", "computed", "user input", "refused"]


@dataclass(frozen=True)
class Citation:
    """A verbatim quote with its place.

    White space aside, `quote` is a substring of lines line_start..line_end of `source`. `variants`
    lists other copies' readings that touch the quote: {"witness", "shown", "other", "meaning",
    "source", "line_start", "line_end"}.
    """

    n: int
    document: str
    title: str
    clause: str
    heading: str
    quote: str
    source: str
    line_start: int
    line_end: int
    clause_id: str = ""
    label_en: str = ""
    variants: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class ResultEntry:
    """A value with its kind; `citation` is the number of the citation that carries it."""

    kind: ResultKind
    value: float | str | None
    unit: str = ""
    year: int | None = None
    qualifier: str = ""
    text: str = ""
    citation: int | None = None


@dataclass(frozen=True)
class Step:
    """A tool call made for the answer."""

    tool: str
    arguments: dict[str, Any]
    summary: str = ""


@dataclass
class Answer:
    """One answer. Field order is the order of the JSON object."""

    id: str | int | None
    question: str
    language: str
    status: AnswerStatus
    answer: str
    citations: list[Citation] = field(default_factory=list)
    results: list[ResultEntry] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    confidence: float = 0.0
    engine: str = "planner"
    warnings: list[str] = field(default_factory=list)
    elapsed_ms: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dictionaries, ready for `json.dumps(..., ensure_ascii=False)`."""
        return asdict(self)
