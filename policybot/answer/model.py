"""The answer contract: what `ask` returns, in Python and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, TypeVar, get_args

AnswerStatus = Literal["answered", "not_found", "clarify", "error"]
ResultKind = Literal["quoted", "derived", "computed", "user input", "refused"]
_Record = TypeVar("_Record")


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
    """A value with its kind; `citation` is the number of the citation that carries it.

    `operation` and `inputs` say how a computed value was reached (sum, difference, mean, ratio, share,
    rest); the inputs stand in the quotes, in the question or in other results, which the citation check
    makes sure of.
    """

    kind: ResultKind
    value: float | str | None
    unit: str = ""
    year: int | None = None
    qualifier: str = ""
    text: str = ""
    citation: int | None = None
    operation: str = ""
    inputs: tuple[float, ...] = ()


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

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Answer:
        """The answer that `to_dict` wrote; fields of later versions are left out.

        Raises:
            ValueError: a field is missing or of the wrong shape.
        """
        try:
            made = _made(cls, data)
            made.citations = [
                _made(Citation, c | {"variants": tuple(c.get("variants", ()))}) for c in data["citations"]
            ]
            made.results = [
                _made(ResultEntry, r | {"inputs": tuple(r.get("inputs", ()))}) for r in data["results"]
            ]
            made.steps = [_made(Step, s) for s in data["steps"]]
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(str(error)) from error
        if not isinstance(made.answer, str) or made.status not in get_args(AnswerStatus):
            raise ValueError("the answer's text or status is not one")
        return made


def _made(kind: type[_Record], data: Mapping[str, Any]) -> _Record:
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    return kind(**{k: v for k, v in data.items() if k in known})
