"""What a tool gives back: text for people and models, data as `--json` prints it, and citations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from policybot.answer.model import Citation
from policybot.answer.wording.cite import Evidence, make_citation, whole_clause
from policybot.cli.output import Line
from policybot.corpus.model import Corpus
from policybot.text import language_of

# Bounds of arguments: far above what anyone means, far below what could slow the server down.
Name = Annotated[str, Field(min_length=1, max_length=300)]
Filter = Annotated[str, Field(max_length=300)]
Question = Annotated[str, Field(min_length=1, max_length=2000)]
Names = Annotated[list[Name], Field(max_length=20)]
Year = Annotated[int, Field(ge=1900, le=2200)]
Language = Annotated[
    Literal["auto", "zh", "en"],
    Field(description="Language of the text; auto follows the arguments. / 文本语言，auto 随参数而定。"),
]


class Cited(BaseModel):
    """A verbatim quote with its place, as in an answer of `policybot ask --json`."""

    n: int
    document: str
    title: str
    clause: str
    heading: str
    quote: str
    source: str
    line_start: int
    line_end: int
    clause_id: str
    label_en: str
    variants: list[dict[str, Any]]


class Output(BaseModel):
    """Structured content of every tool."""

    citations: list[Cited] = Field(description="What carries the result. / 依据。")
    data: dict[str, Any] = Field(
        description="The result, as the command line prints it with --json. / 结果。"
    )


@dataclass
class Reply:
    """The outcome of a call."""

    lines: Iterable[Line]
    data: dict[str, Any]
    citations: list[Citation] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines as plain text."""
        return "\n".join(one.plain for one in self.lines).strip("\n")

    @property
    def structured(self) -> dict[str, Any]:
        """The structured content; its shape is `Output`."""
        return {"citations": [asdict(c) for c in self.citations], "data": self.data}


class Citing:
    """Collects citations, each stretch once."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.found: list[Citation] = []
        self._seen: set[tuple[str, str]] = set()

    def add(self, clause_id: str, quote: str = "") -> None:
        """Cites a clause, or the stretch of it that reads `quote`; what has no text is passed over."""
        if (clause_id, quote) in self._seen:
            return
        self._seen.add((clause_id, quote))
        clause = self.corpus.clauses[clause_id]
        at = clause.text.text.find(quote) if quote else -1
        evidence = whole_clause(clause) if at < 0 else Evidence(clause_id, at, at + len(quote))
        try:
            self.found.append(make_citation(self.corpus, evidence, len(self.found) + 1))
        except ValueError:
            return


def spoken(language: str, *texts: str) -> Literal["zh", "en"]:
    """The language to answer in: the one asked for, else that of the arguments."""
    if language in ("zh", "en"):
        return "zh" if language == "zh" else "en"
    return "zh" if language_of(" ".join(texts)) == "zh" else "en"
