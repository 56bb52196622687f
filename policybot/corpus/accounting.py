"""Proof that every non-blank character of every source is in exactly one place.

A place is a clause's own text, a table cell (or a table's header or title), or a declared leftover.
Rows and items of prose cells are views of cells and own nothing themselves.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from policybot.corpus.model import AnchoredText, Cell, Clause, Corpus, Leftover, Segment, Table


@dataclass
class Accounting:
    """What the check found. Counts are non-blank characters."""

    total: int = 0
    by_place: Counter[str] = field(default_factory=Counter)
    unaccounted: list[tuple[str, int, str]] = field(default_factory=list)  # file, line, text
    twice: list[tuple[str, int, str]] = field(default_factory=list)
    leftovers: list[tuple[str, str, int, str]] = field(default_factory=list)  # kind, file, line, text

    @property
    def accounted(self) -> int:
        return self.total - sum(len(text) for _, _, text in self.unaccounted)

    @property
    def complete(self) -> bool:
        """True when nothing is missing and nothing is counted twice."""
        return not self.unaccounted and not self.twice


def account(corpus: Corpus) -> Accounting:
    """Counts the places of all characters of all sources of a corpus (all witnesses included)."""
    result = Accounting()
    owners = {name: [0] * len(source.text) for name, source in corpus.sources.items()}

    def own(text: AnchoredText | None, place: str) -> None:
        if text is None:
            return
        for start, end in text.spans():
            marks, raw = owners[text.file], corpus.sources[text.file].text
            for offset in range(start, end):
                marks[offset] += 1
                if not raw[offset].isspace():
                    result.by_place[place] += 1

    for clauses, tables in _trees(corpus):
        captions: set[tuple[Segment, ...]] = set()  # tables printed side by side share one
        for clause in clauses.values():
            if clause.kind == "row" or (clause.table and clause.kind == "list-item"):
                continue
            if clause.kind == "table":
                if clause.text.segments in captions or _is_header(clause, tables[clause.id]):
                    continue
                captions.add(clause.text.segments)
                own(clause.text, "caption")
            else:
                own(clause.text, "clause")
        for table in tables.values():
            own(table.caption_text, "cell")
            for cell in table.header_cells:
                own(cell.anchor, "cell")
            for row in table.rows:
                for cell in row.cells:
                    own(_own_anchor(cell), "cell")
    for leftover in corpus.leftovers:
        source = corpus.sources[leftover.file]
        own(source.whole(leftover.start, leftover.end), leftover.kind)
        if leftover.kind != "markup":
            text = source.text[leftover.start : leftover.end].strip()
            line = source.line_of(leftover.start)
            result.leftovers.append((leftover.kind, leftover.file, line, text))
    for name, source in corpus.sources.items():
        result.total += sum(not c.isspace() for c in source.text)
        result.unaccounted += _runs(name, corpus, [n == 0 for n in owners[name]])
        result.twice += _runs(name, corpus, [n > 1 for n in owners[name]])
    return result


def _trees(corpus: Corpus) -> list[tuple[dict[str, Clause], dict[str, Table]]]:
    """The clause trees of all witnesses with their tables."""
    trees: list[tuple[dict[str, Clause], dict[str, Table]]] = []
    for document in corpus.documents:
        if document in corpus.witnesses:
            tables_of = corpus.witness_tables[document]
            trees.extend((clauses, tables_of[name]) for name, clauses in corpus.witnesses[document].items())
        else:
            tables = {i: t for i, t in corpus.tables.items() if t.document == document}
            trees.append(({c.id: c for c in corpus.of(document)}, tables))
    return trees


def _is_header(clause: Clause, table: Table) -> bool:
    """Whether a table without caption shows its header as its text."""
    anchors = [c.anchor for c in table.header_cells if c.anchor]
    return bool(anchors) and clause.text.segments == anchors[0].segments


def _own_anchor(cell: Cell) -> AnchoredText | None:
    return None if cell.merged else cell.anchor


def _runs(name: str, corpus: Corpus, wanted: list[bool]) -> list[tuple[str, int, str]]:
    """Stretches of wanted non-blank characters as (file, line, text without white space)."""
    source = corpus.sources[name]
    runs: list[tuple[str, int, str]] = []
    current, start = "", 0
    for offset, char in enumerate(source.text):
        if char.isspace():
            continue
        if wanted[offset]:
            start = start if current else offset
            current += char
        elif current:
            runs.append((name, source.line_of(start), current))
            current = ""
    if current:
        runs.append((name, source.line_of(start), current))
    return runs


def outside(corpus: Corpus) -> list[Leftover]:
    """Non-blank stretches in no document's range, as leftovers of kind "outside"."""
    found = []
    for name, source in corpus.sources.items():
        covered = [False] * (len(source.line_starts) + 1)
        for document in corpus.documents.values():
            for witness in document.witnesses:
                if witness.file == name:
                    for first, last in witness.ranges:
                        covered[first : last + 1] = [True] * (last + 1 - first)
        for line, start in enumerate(source.line_starts, 1):
            text = source.lines(line, line)
            if not covered[line] and text.strip():
                found.append(Leftover("outside", name, start, start + len(text)))
    return found
