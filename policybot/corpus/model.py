"""What the corpus is made of: sources, anchored text, documents, clauses and tables.

Every character that is shown can be traced to a source file, a line and a character offset.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

ClauseKind = Literal[
    "part",  # 一、 / 第X章 / annex: a heading that holds others
    "clause",  # （一） / 第X条
    "item",  # 1. / (a) / 一是 / —— principle
    "paragraph",  # unnumbered paragraph under a heading
    "section",  # unnumbered heading with its text
    "list-item",  # bullet
    "definition",
    "table",
    "row",
    "note",  # preamble, notice of promulgation, signature block
]
# How headings are recognised beyond printed numbers: "policy" takes a short first sentence of a
# numbered clause as its heading, "treaty" never does, "report" also takes short unnumbered lines
# as headings, "plain" none at all. "passages" takes every block between blank lines as it stands.
Style = Literal["policy", "treaty", "report", "plain", "passages"]
Status = Literal["in force", "superseded", "report", "treaty", "other"]


class Segment(NamedTuple):
    """`length` characters of a text from `at` on, standing at `source` in the source file."""

    at: int
    source: int
    length: int


@dataclass(frozen=True, slots=True)
class AnchoredText:
    """A text whose every character has its place in a source file.

    `file` is the source's name as citations show it ("corpus/sources/…"); offsets count characters
    (code points) from the start of the decoded file. White space that layout put in (line wraps,
    page breaks) and markup are left out, so segments may have gaps.
    """

    file: str
    text: str
    segments: tuple[Segment, ...]

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    def spans(self, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
        """Source spans [start, end) of the characters start..end of the text, in order."""
        stop = len(self.text) if end is None else end
        found = []
        for at, source, length in self.segments:
            low, high = max(start, at), min(stop, at + length)
            if low < high:
                found.append((source + low - at, source + high - at))
        return found

    def source_range(self, start: int = 0, end: int | None = None) -> tuple[int, int]:
        """First and one-past-last source offset of the characters start..end."""
        spans = self.spans(start, end)
        if not spans:
            raise ValueError(f"no characters in {start}:{end} of a text of {len(self.text)}")
        return spans[0][0], spans[-1][1]

    def slice(self, start: int, end: int | None = None) -> AnchoredText:
        """The characters start..end as a text of their own, anchors kept."""
        stop = len(self.text) if end is None else end
        segments = []
        for at, source, length in self.segments:
            low, high = max(start, at), min(stop, at + length)
            if low < high:
                segments.append(Segment(low - start, source + low - at, high - low))
        return AnchoredText(self.file, self.text[start:stop], tuple(segments))

    def strip(self) -> AnchoredText:
        """Without white space at both ends."""
        left = len(self.text) - len(self.text.lstrip())
        return self.slice(left, max(left, len(self.text.rstrip())))

    @staticmethod
    def join(parts: Iterable[AnchoredText]) -> AnchoredText:
        """The parts one after the other; all must come from one file."""
        text, segments, file = "", list[Segment](), ""
        for part in parts:
            if not part.text:
                continue
            if file and part.file != file:
                raise ValueError(f"cannot join text of {file} and {part.file}")
            file = part.file
            for at, source, length in part.segments:
                last = segments[-1] if segments else None
                if last and last.at + last.length == len(text) + at and last.source + last.length == source:
                    segments[-1] = Segment(last.at, last.source, last.length + length)
                else:
                    segments.append(Segment(len(text) + at, source, length))
            text += part.text
        return AnchoredText(file, text, tuple(segments))


@dataclass(frozen=True)
class SourceFile:
    """A file as given: decoded text and where its lines start. `name` is what citations show."""

    name: str
    text: str
    sha256: str

    @cached_property
    def line_starts(self) -> list[int]:
        """Character offset at which each line starts (index 0 = line 1)."""
        starts = [0]
        starts.extend(i + 1 for i, c in enumerate(self.text) if c == "\n")
        return starts

    def line_of(self, offset: int) -> int:
        """1-based line of a character offset."""
        return bisect_right(self.line_starts, offset)

    def lines(self, first: int, last: int) -> str:
        """Lines first..last, 1-based and inclusive, as they stand in the file."""
        starts = self.line_starts
        end = starts[last] if last < len(starts) else len(self.text)
        return self.text[starts[first - 1] : end]

    def whole(self, start: int, end: int) -> AnchoredText:
        """The characters start..end as anchored text."""
        return AnchoredText(self.name, self.text[start:end], (Segment(0, start, end - start),))


@dataclass(frozen=True, slots=True)
class Reference:
    """A mention of another clause in running text ("依照第十二条"): where, and what it points to.

    `target` is a clause id, or "" when the text points outside the corpus; `document` the id named.
    """

    start: int
    end: int
    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Variant:
    """Another copy's reading of a stretch of a clause.

    `start`/`end` are offsets in the shown clause's text (start == end for a passage only the other
    copy has); `shown` and `other` are the two readings. `meaning` is true when they differ in a
    number, a negation, a word of obligation, a named thing or in content that one of them lacks.
    """

    clause: str
    witness: str
    start: int
    end: int
    shown: str
    other: str
    meaning: bool
    reason: str
    file: str
    line_start: int
    line_end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """The unit of citation.

    `text` is the clause as printed, number and heading included, children left out; `number` is its
    own number as printed without punctuation ("三", "四", "3", "a", ""); `label` the human label
    ("三（四）3", "第三条第7款", "图表21 海口"), `label_en` the same in English ("III(4)3",
    "Article 3(7)", "Figure 21 Haikou"); `heading` its title ("" where it has none); `path` the ids
    of its ancestors, root first; lines are 1-based and inclusive.
    """

    id: str
    document: str
    kind: ClauseKind
    number: str
    label: str
    label_en: str
    heading: str
    text: AnchoredText
    path: tuple[str, ...]
    children: tuple[str, ...]
    line_start: int
    line_end: int
    witness: str
    references: tuple[Reference, ...] = ()
    table: str = ""  # id of the table for kinds "table" and "row"

    @property
    def parent(self) -> str:
        """Id of the clause above, "" at the top."""
        return self.path[-1] if self.path else ""


CellKind = Literal["number", "percent", "year", "text", "missing", "blank"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell. `value` is set for numbers, percents and years; `text` is as printed.

    "missing" is a printed mark for no value ("-"), "blank" an empty cell; `merged` says that the
    value was carried down from a cell above that spans several rows (`anchor` is that cell's).
    """

    text: str
    kind: CellKind
    value: float | None = None
    unit: str = ""
    anchor: AnchoredText | None = None
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One record: `id` is the row's clause id, cells follow the table's header."""

    id: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as printed: `id` is also its clause id; `label` "图表21", "表1", "附件B" …"""

    id: str
    document: str
    label: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    header_cells: tuple[Cell, ...] = ()
    caption_text: AnchoredText | None = None


PartKind = Literal["division", "note", "contents", "advertisement", "imprint"]


@dataclass(frozen=True, slots=True)
class Part:
    """A declared stretch of a witness, by lines of its source (1-based, inclusive).

    A "division" opens a root clause of its own (an annex without a printed label, a preface) whose
    first line is its heading; a "note" is one clause (title, notice of promulgation, signatures);
    the other kinds are leftovers: accounted for, but not searched or cited.
    """

    kind: PartKind
    number: str
    title_zh: str
    title_en: str
    line_start: int
    line_end: int


@dataclass(frozen=True, slots=True)
class Witness:
    """One copy of a document: `ranges` of lines (1-based, inclusive) of a source file."""

    id: str
    file: str
    ranges: tuple[tuple[int, int], ...]
    note: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Leftover:
    """Characters of a source that are in no clause or cell, and why.

    `kind` is a part kind, "caption" (of an image the file does not carry), "markup" or "outside"
    (in no document's range).
    """

    kind: str
    file: str
    start: int
    end: int
    document: str = ""
    witness: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """An entry of the catalogue."""

    id: str
    title_zh: str
    title_en: str
    short_zh: str  # as cited in running text, e.g. 《行动方案》
    short_en: str
    aliases: tuple[str, ...]
    issuer_zh: str
    issuer_en: str
    number: str
    date: str  # ISO date, or year / year-month where no day is stated
    status: Status
    authority: int  # 0 = strongest; summaries and reports rank after the acts they describe
    origin: str
    licence: str
    witnesses: tuple[Witness, ...]
    style: Style = "policy"


@dataclass(frozen=True, slots=True)
class Annotation:
    """What was written beside a clause: titles, an unofficial English gist, topics, likely questions.

    `english` is an unofficial translation of each sentence of the clause, see `clause_sentences`, or nothing.
    `pairs` are further likely questions, each in Chinese and in English: the same question twice; `answers`
    gives for each of them the numbers, from 1, of the sentences that answer it, none where no single ones do,
    or is empty.
    `unanswered` are such pairs that one may well ask beside the clause and that no document answers.
    """

    clause: str
    title_zh: str
    title_en: str
    gist_en: str
    tags: tuple[str, ...]
    questions_zh: tuple[str, ...] = ()
    questions_en: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    unanswered: tuple[tuple[str, str], ...] = ()
    english: tuple[str, ...] = ()
    answers: tuple[tuple[int, ...], ...] = ()

    @property
    def asked_zh(self) -> tuple[str, ...]:
        """All likely questions in Chinese."""
        return (*self.questions_zh, *(chinese for chinese, _ in self.pairs))

    @property
    def asked_en(self) -> tuple[str, ...]:
        """All likely questions in English."""
        return (*self.questions_en, *(english for _, english in self.pairs))


@dataclass
class Corpus:
    """All documents, their clauses (the reading shown) and tables, in reading order.

    `witnesses` and `witness_tables` hold, by document and witness, every copy's own clauses and
    tables, for documents with more than one witness.
    """

    documents: dict[str, Document]
    sources: dict[str, SourceFile]
    clauses: dict[str, Clause]
    tables: dict[str, Table]
    variants: dict[str, tuple[Variant, ...]] = field(default_factory=dict)
    witnesses: dict[str, dict[str, dict[str, Clause]]] = field(default_factory=dict)
    witness_tables: dict[str, dict[str, dict[str, Table]]] = field(default_factory=dict)
    leftovers: tuple[Leftover, ...] = ()
    annotations: dict[str, Annotation] = field(default_factory=dict)
    unanswered: tuple[tuple[str, str], ...] = ()  # questions about other subjects, see `corpus.annotations`
    phrases: Mapping[str, str] = field(default_factory=dict)  # English of headings, cells and list items
    checksum: str = ""  # over catalogue and sources; the index is stale when it changes

    def of(self, document: str) -> Iterator[Clause]:
        """The clauses of one document in reading order."""
        return (c for c in self.clauses.values() if c.document == document)

    def annotated_documents(self) -> frozenset[str]:
        """Ids of the documents that have annotations."""
        return frozenset(self.clauses[i].document for i in self.annotations)

    def children(self, clause: Clause) -> list[Clause]:
        """The clauses directly under a clause, in reading order."""
        return [self.clauses[i] for i in clause.children]

    def headings(self, clause: Clause) -> list[str]:
        """Headings from the root down to the clause itself, empty ones left out."""
        chain = [self.clauses[i] for i in clause.path] + [clause]
        return [c.heading for c in chain if c.heading]
