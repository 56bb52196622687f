"""Clauses under construction, and their freezing into ids, labels and anchors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from policybot.corpus.model import (
    AnchoredText,
    Clause,
    ClauseKind,
    Document,
    Leftover,
    Row,
    SourceFile,
    Table,
    Witness,
)
from policybot.corpus.numbering import DIVISIONS
from policybot.corpus.tables import RawTable
from policybot.text import tidy

# Numbers that say by themselves where a clause stands: articles count through all chapters.
ALONE = frozenset({"article", "decimal"})


@dataclass
class Node:
    """A clause while it is being built."""

    kind: ClauseKind
    number_kind: str
    number: str
    id_part: str
    label_zh: str
    label_en: str
    heading: str = ""
    pieces: list[AnchoredText] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None
    table: RawTable | None = None
    row: int = -1
    text: AnchoredText | None = None
    run_in: bool = False  # has text of its own beyond the heading line
    spaced: bool = False  # label is set off from the parent's with a space
    clause_id: str = ""
    level: int = 9  # of a heading marked with #


@dataclass
class Tree:
    """What reading one witness gives."""

    clauses: dict[str, Clause]
    tables: dict[str, Table]
    leftovers: list[Leftover]


class Freezer:
    """Turns the nodes of one witness into clauses and tables."""

    def __init__(self, document: Document, witness: Witness, source: SourceFile, root: Node) -> None:
        self.document, self.witness, self.source, self.root = document, witness, source, root

    def freeze(self, leftovers: list[Leftover]) -> Tree:
        """The finished tree; `leftovers` is handed through."""
        self._preamble()
        clauses: dict[str, Clause] = {}
        tables: dict[str, Table] = {}
        for child in self.root.children:
            self._freeze_node(child, (), ("", ""), clauses, tables)
        return Tree(clauses, tables, leftovers)

    def _preamble(self) -> None:
        """Paragraphs before the first number: one preamble note; a lone paragraph joins its heading."""
        lead: list[Node] = []
        for child in self.root.children:
            if child.kind == "paragraph":
                lead.append(child)
            elif child.kind != "note":
                break
        if lead and self.document.style != "plain":
            note = Node("note", "note", "", "导语", "导语", "preamble", heading="")
            for child in lead:
                for piece in child.pieces:
                    add_text(self.source, note, piece)
            note.parent = self.root
            index = self.root.children.index(lead[0])
            self.root.children[index] = note
            self.root.children = [c for c in self.root.children if c not in lead[1:]]
        self._merge_lone(self.root)

    def _merge_lone(self, node: Node) -> None:
        for child in node.children:
            self._merge_lone(child)
        if node is self.root or node.run_in or node.kind == "note":
            return
        paragraphs = [c for c in node.children if c.kind == "paragraph"]
        if len(paragraphs) != 1 or node.children[0] is not paragraphs[0]:
            return
        for piece in paragraphs[0].pieces:
            add_text(self.source, node, piece)
        node.children.remove(paragraphs[0])

    def _freeze_node(
        self,
        node: Node,
        path: tuple[str, ...],
        label: tuple[str, str],
        clauses: dict[str, Clause],
        tables: dict[str, Table],
    ) -> str:
        parent_id = path[-1] if path else self.document.id
        node.clause_id = f"{parent_id}/{node.id_part}"
        space = " " if node.spaced and label[0] else ""
        after_word = " " if label[0] and not space and node.parent is not None and node.parent.spaced else ""
        joined = (
            label[0] + (space or after_word) + node.label_zh,
            label[1] + (space or after_word) + node.label_en,
        )
        named = node.parent is not None and node.parent.number_kind == "section"
        if node.number_kind in ALONE or (named and node.number_kind in DIVISIONS):
            joined = (node.label_zh, node.label_en)
        if node.kind == "table":
            joined = (node.label_zh, node.label_en)
            if re.fullmatch(r"表\d+", node.label_zh) and node.text is None:
                joined = (f"{label[0]} 表".strip(), f"{label[1]} table".strip())
        text = node.text or AnchoredText.join(node.pieces)
        if node.table and not text:
            text = _header_text(node.table)
        start, end = text.source_range()
        clauses[node.clause_id] = Clause(
            node.clause_id,
            self.document.id,
            node.kind,
            node.number,
            *joined,
            node.heading,
            text,
            path,
            (),
            self.source.line_of(start),
            self.source.line_of(end - 1),
            self.witness.id,
            table=self._table_of(node),
        )
        children = tuple(
            self._freeze_node(child, (*path, node.clause_id), joined, clauses, tables)
            for child in node.children
        )
        clauses[node.clause_id] = replace(clauses[node.clause_id], children=children)
        if node.table:
            raw = node.table
            tables[node.clause_id] = Table(
                node.clause_id,
                self.document.id,
                joined[0],
                node.heading,
                tuple(tidy(c.text) for c in raw.header),
                tuple(Row(child, tuple(cells)) for child, cells in zip(children, raw.records, strict=True)),
                tuple(raw.header_cells),
                raw.title,
            )
        return node.clause_id

    def _table_of(self, node: Node) -> str:
        step: Node | None = node
        while step is not None and step.kind not in ("table",):
            step = step.parent if step.kind in ("row",) or step.number_kind == "cell-item" else None
        return step.clause_id if step is not None else ""


def add_text(source: SourceFile, node: Node, text: AnchoredText) -> None:
    """Appends a paragraph to a node; the line break before it is one of the source's own."""
    if node.pieces:
        _, end = node.pieces[-1].source_range()
        start, _ = text.source_range()
        newline = source.text.find("\n", end, start)
        if newline >= 0:
            node.pieces.append(source.whole(newline, newline + 1))
    node.pieces.append(text)


def _header_text(raw: RawTable) -> AnchoredText:
    cells = [c.anchor for c in raw.header if c.anchor]
    return cells[0] if len(cells) == 1 else AnchoredText.join(cells[:1])
