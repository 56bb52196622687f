"""What a report is made of, before it becomes HTML or Markdown. Texts are plain: renderers escape them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """A table. The first `text` columns are words, the others numbers; `marks` styles rows by number.

    A number may have its interval after a line feed. A mark is "good" or "bad"; the words of the row must
    say the same, since colour alone says nothing.
    """

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    text: int = 1
    marks: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Point:
    """A point of the calibration curve: both coordinates 0…1, `n` answers."""

    x: float
    y: float
    n: int


@dataclass(frozen=True)
class Chart:
    """A calibration curve; `description` says in words what it shows, the labels name the axes."""

    title: str
    description: str
    x_label: str
    y_label: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Case:
    """A question that failed: its id and text, and labelled lines. `language` of the question."""

    id: str
    question: str
    language: str
    fields: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class Cases:
    """Failed questions, each to be opened by itself."""

    cases: Sequence[Case]


Block = str | Table | Chart | Cases


@dataclass(frozen=True)
class Section:
    """A heading with its blocks; a string is a paragraph. `id` is a plain ASCII word."""

    id: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Page:
    """A whole report in one language."""

    title: str
    language: str
    sections: Sequence[Section]
    contents: str  # heading of the list of sections
