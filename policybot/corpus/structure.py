"""Blocks → the clause tree of one copy of a document, with its tables.

Numbers decide the tree: each kind of number (一、 / （一） / 1. / (a) …) gets its depth where it first
appears below the clause it stands in, so that the same code reads policies, treaties and reports
whose numbering nests in different orders.
"""

from __future__ import annotations

import re

from policybot.corpus.lines import Block, BlockReader, caption_label, list_marks
from policybot.corpus.model import (
    AnchoredText,
    ClauseKind,
    Document,
    Leftover,
    Part,
    SourceFile,
    Witness,
)
from policybot.corpus.numbering import NumberKind, id_part, label_parts
from policybot.corpus.placing import closes_list, follows, in_sequence, marked_above, place
from policybot.corpus.tables import RawTable, parse_tables
from policybot.corpus.tree import Freezer, Node, Tree, add_text
from policybot.patterns import lazy_pattern
from policybot.text import MARKDOWN, tidy

_HEADING_MAX = 42
_TITLE_MAX = 40
_HEADED = 90  # characters of a line that is a bare number and a title: "12 Duty to prepare carbon budgets"
_KEY_MAX = 30  # longer cells are sentences, not names
_KEY_SHARE = 0.8  # a row may lack its name (a subtotal, a merged row) without hiding the name column
_FIRST_SENTENCE = lazy_pattern(r"[^。；！？\n]{1,60}?[。](?=.)")
_COUNTING = lazy_pattern(r"排名|名次|(?i:rank(?:ing)?|place)")
_SENTENCE_MARKS = lazy_pattern(r"[，。；：,;]")
_KIND_OF: dict[NumberKind, ClauseKind] = {
    "division": "part",
    "chapter": "part",
    "section-number": "part",
    "annex": "part",
    "han-comma": "part",
    "article": "clause",
    "han-paren": "clause",
    "decimal": "clause",
    "arabic-dot": "item",
    "arabic-paren": "item",
    "circled": "item",
    "alpha": "item",
    "roman-paren": "item",
    "dash": "item",
    "shi": "item",
    "bullet": "list-item",
}


class TreeBuilder:
    """Builds the clause tree of one witness of a document."""

    def __init__(self, document: Document, witness: Witness, source: SourceFile) -> None:
        self.document, self.witness, self.source = document, witness, source
        self.reader = BlockReader(source)
        # Elsewhere # is what an export left: it stands before some of the headings of one level.
        self.marked = source.name.endswith(MARKDOWN)
        self.leftovers: list[Leftover] = []
        self.root = Node("part", "root", "", document.id, "", "")
        self.current = self.root
        self.pending_caption: Block | None = None

    def build(self) -> Tree:
        """Reads all ranges of the witness."""
        for first, last in self.witness.ranges:
            position = first
            for part in sorted(self.witness.parts, key=lambda p: p.line_start):
                if part.line_start < first or part.line_start > last:
                    continue
                self._body(position, part.line_start - 1)
                self._part(part)
                position = part.line_end + 1
            self._body(position, last)
        self._flush_caption()
        self.leftovers.extend(
            Leftover("markup", self.source.name, start, end, self.document.id, self.witness.id)
            for start, end in sorted(set(self.reader.markup))
        )
        return Freezer(self.document, self.witness, self.source, self.root).freeze(self.leftovers)

    # reading

    def _part(self, part: Part) -> None:
        start = self.source.line_starts[part.line_start - 1]
        end = start + len(self.source.lines(part.line_start, part.line_end))
        if part.kind in ("contents", "advertisement", "imprint"):
            self.leftovers.append(
                Leftover(part.kind, self.source.name, start, end, self.document.id, self.witness.id)
            )
            return
        self._flush_caption()
        blocks = self.reader.read(part.line_start, part.line_end)
        node = Node("part", "annex", part.number, part.number, part.number, part.title_en, spaced=True)
        if part.kind == "note":
            node.kind, node.heading = "note", part.title_zh
            for block in blocks:
                add_text(self.source, node, block.text)
            self._attach(node, self.root)
            self.current = self.root
            return
        first, rest = blocks[0], blocks[1:]
        node.heading = tidy(first.text.text).removeprefix(part.number).lstrip("：:、")
        node.heading = node.heading or tidy(first.text.text)
        node.pieces.append(first.text)
        self._attach(node, self.root)
        self.current = node
        self._blocks(rest)
        self.current = self.root

    def _body(self, first: int, last: int) -> None:
        if first <= last:
            self._blocks(self.reader.read(first, last))

    def _blocks(self, blocks: list[Block]) -> None:
        if self.marked:
            self._mark_title(blocks)
        for index, block in enumerate(blocks):
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            if block.kind == "table":
                self._table(block)
                continue
            self._flush_caption()
            if block.kind == "caption":
                self.pending_caption = block
            elif block.number and self._counts(block):
                self._numbered(block)
            else:
                self._plain(block, following)
        self._flush_caption()

    def _mark_title(self, blocks: list[Block]) -> None:
        """The only headings of the first level, at the beginning, are the document's title."""
        opening = next((n for n, block in enumerate(blocks) if block.heading_level != 1), len(blocks))
        if self.current is self.root and all(block.heading_level != 1 for block in blocks[opening:]):
            for block in blocks[:opening]:
                block.title = block.number is None

    def _counts(self, block: Block) -> bool:
        """Whether the number a block starts with is a clause's: "3.5 GW were added" has an amount."""
        number = block.number
        if number is None or number.kind != "decimal" or (self.marked and block.heading_level):
            return number is not None
        titled = "." in number.value or (not block.ended and len(block.text.text) <= _HEADED)
        return titled and follows(number, self.current)

    def _flush_caption(self) -> None:
        """A caption that no table followed belongs to an image the file does not carry."""
        if self.pending_caption:
            start, end = self.pending_caption.text.source_range()
            self.leftovers.append(
                Leftover("caption", self.source.name, start, end, self.document.id, self.witness.id)
            )
            self.pending_caption = None

    def _numbered(self, block: Block) -> None:
        number = block.number
        assert number is not None
        if number.kind == "bullet":
            return self._bullet(block)
        number = in_sequence(number, self.current)
        level = block.heading_level if self.marked else 0
        parent = place(self.root, self.current, number.kind, level)
        ancestors = self._number_kinds(parent)
        label_zh, label_en = label_parts(number, ancestors)
        node = Node(_KIND_OF[number.kind], number.kind, number.value, id_part(number), label_zh, label_en)
        node.spaced = number.kind in ("annex", "division", "chapter", "section-number")
        node.level = level or node.level
        body = block.text.text[number.length :]
        node.heading = self._heading(number.kind, body, block)
        if number.kind == "dash":
            node.id_part = node.label_zh = node.heading or tidy(body)[:12]
            node.label_en = f" dash {sum(c.number_kind == 'dash' for c in parent.children) + 1}"
            node.number = ""
        node.pieces.append(block.text)
        rest = body[len(node.heading) :] if body.startswith(node.heading) else body
        node.run_in = bool(tidy(rest).strip("。.：:")) if node.heading else bool(tidy(body))
        self._attach(node, parent)
        self.current = node
        return None

    def _heading(self, kind: NumberKind, body: str, block: Block) -> str:
        body = body.strip()
        if not body:
            return ""
        if (self.marked and block.heading_level) or kind in (
            "division",
            "chapter",
            "section-number",
            "annex",
            "han-comma",
        ):
            return body.rstrip("。") if len(body) <= (120 if body.isascii() else 60) else ""
        if kind == "article" and body.isascii():
            return body
        if kind == "decimal" and not block.ended and len(body) <= _HEADED:
            return body
        if self.document.style == "treaty":
            return ""
        if not block.ended and len(body) <= _HEADING_MAX + 10:
            return body
        if body.endswith("。") and len(body) <= 25 and not _SENTENCE_MARKS.search(body[:-1]):
            return body[:-1]
        match = _FIRST_SENTENCE.match(body)
        if match and len(match.group()) <= _HEADING_MAX:
            return match.group()[:-1]
        if kind == "shi" and match:
            return match.group()[:-1]
        return ""

    def _number_kinds(self, node: Node) -> list[NumberKind]:
        kinds: list[NumberKind] = []
        step: Node | None = node
        while step is not None:
            kinds.append(step.number_kind)  # type: ignore[arg-type]
            step = step.parent
        return kinds

    def _bullet(self, block: Block) -> None:
        owner = self.current
        while owner.kind in ("row", "table", "paragraph", "list-item") and owner.parent:
            owner = owner.parent
        count = sum(c.number_kind == "bullet" for c in owner.children) + 1
        node = Node("list-item", "bullet", "", f"·{count}", f"第{count}项", f"item {count}", spaced=True)
        node.pieces.append(block.text)
        node.run_in = True
        self._attach(node, owner)
        self.current = node

    def _plain(self, block: Block, following: Block | None) -> None:
        if self._is_document_title(block):
            title = Node("note", "note", "", "标题", "标题", "title", tidy(block.text.text), [block.text])
            self._attach(title, self.root)
            return
        if self._is_title(block, following):
            self._section(block)
            return
        owner = self.current
        while owner.kind in ("row", "table") and owner.parent:
            owner = owner.parent
        if owner.kind == "paragraph" or (owner.kind == "list-item" and block.alone):
            assert owner.parent is not None
            owner = owner.parent
        if closes_list(owner):
            assert owner.parent is not None
            return self._paragraph(owner.parent, block.text)
        titled = block.title or (owner.number_kind == "annex" and self._short(block))
        if titled and not owner.heading and not owner.run_in:
            owner.heading = tidy(block.text.text)
            add_text(self.source, owner, block.text)
            return
        listed = not block.alone and self._short(block)
        if (owner.run_in and owner.kind != "part") or (listed and owner is not self.root):
            add_text(self.source, owner, block.text)
            return
        self._paragraph(owner, block.text)

    def _paragraph(self, owner: Node, text: AnchoredText) -> None:
        count = sum(c.kind == "paragraph" for c in owner.children) + 1
        node = Node("paragraph", "paragraph", "", f"¶{count}", f"第{count}段", f"para {count}", spaced=True)
        node.pieces.append(text)
        node.run_in = True
        self._attach(node, owner)
        self.current = node

    def _short(self, block: Block) -> bool:
        text = block.text.text
        return len(text) <= _TITLE_MAX and not block.ended and not _SENTENCE_MARKS.search(text)

    def _is_title(self, block: Block, following: Block | None) -> bool:
        """Unnumbered headings: marked as such, or (in reports) short lines that open a passage."""
        if self.document.style == "plain" or following is None or block.hard_break:
            return False
        if block.heading_level:
            return True
        text = block.text.text
        if self.document.style == "treaty":
            return self._in_annex() and block.alone and self._short(block)
        if self.document.style != "report" or following.kind == "table":
            return False
        question = text.endswith("？") and len(text) <= 24
        return len(text) <= 30 and (self._short(block) or question) and not following.bullet

    def _is_document_title(self, block: Block) -> bool:
        """The document's own title above its first clause."""
        if self.current is not self.root or any(c.kind != "note" for c in self.root.children):
            return False
        if block.title and block.heading_level == 1:
            return True
        names = {tidy(self.document.title_zh), re.sub("[《》]", "", tidy(self.document.title_zh))}
        return tidy(block.text.text) in names

    def _in_annex(self) -> bool:
        node: Node | None = self.current
        while node is not None:
            if node.number_kind == "annex":
                return True
            node = node.parent
        return False

    def _section(self, block: Block) -> None:
        text = block.text.text
        title = tidy(text)
        owner = self.current
        while owner.kind in ("paragraph", "row", "table", "list-item") and owner.parent:
            owner = owner.parent
        if self.marked and block.heading_level:
            owner = marked_above(owner, block.heading_level) or owner
        level = block.heading_level or (owner.level if owner.kind == "section" else 9)
        while owner.kind == "section" and owner.level >= level and owner.parent:
            owner = owner.parent
        node = Node("section", "section", "", title, title, title, heading=title, spaced=True)
        node.level = level
        node.pieces.append(block.text)
        self._attach(node, owner)
        self.current = node

    def _table(self, block: Block) -> None:
        tables = parse_tables(self.reader, block.rows)
        caption = self.pending_caption
        self.pending_caption = None
        owner = self.current
        while owner.kind in ("row", "table", "paragraph", "list-item") and owner.parent:
            owner = owner.parent
        for raw in tables:
            label, _ = caption_label(caption.text.text) if caption else ("", "")
            if not label:
                label = f"表{sum(c.kind == 'table' for c in owner.children) + 1}"
            node = Node("table", "table", "", label, label, _english_table_label(label), spaced=True)
            if raw.name:
                node.id_part, node.label_zh = f"{label}/{raw.name}", f"{label}（{raw.name}）"
                node.label_en = f"{node.label_en} ({raw.name})"
            node.table = raw
            node.text = caption.text if caption else None
            printed = caption_label(caption.text.text)[1] if caption else ""
            titles = (printed, raw.title.text if raw.title else "")
            node.heading = "：".join(tidy(title) for title in titles if title)
            self._attach(node, owner)
            for index in range(len(raw.records)):
                self._row(node, raw, index)
            self.current = node

    def _row(self, table: Node, raw: RawTable, index: int) -> None:
        key = _row_key(raw, index)
        node = Node("row", "row", "", key, key, key, spaced=True)
        node.row, node.text = index, raw.lines[index]
        self._attach(node, table)
        for cell in raw.records[index]:
            if cell.anchor is None or cell.merged:
                continue
            marks = list_marks(cell.anchor.text)
            for count, (low, high) in enumerate(
                zip(marks, [*marks[1:], len(cell.anchor.text)], strict=False), 1
            ):
                item = cell.anchor.slice(low + 1, high).strip()
                child = Node(
                    "list-item", "cell-item", "", f"·{count}", f"第{count}项", f"item {count}", spaced=True
                )
                child.text = item
                self._attach(child, node)

    def _attach(self, node: Node, parent: Node) -> None:
        node.parent = parent
        taken = {c.id_part for c in parent.children}
        if node.id_part in taken:
            count = 2
            while f"{node.id_part}#{count}" in taken:
                count += 1
            node.id_part = f"{node.id_part}#{count}"
        parent.children.append(node)


def _row_key(raw: RawTable, index: int) -> str:
    """The row's name: its cell in the first column that tells all rows apart, places last."""
    width = len(raw.header) or len(raw.records[0])
    counting = [n for n, cell in enumerate(raw.header[:width]) if _COUNTING.fullmatch(cell.text)]
    for column in (*(n for n in range(width) if n not in counting), *counting):
        cells = [r[column] for r in raw.records if column < len(r)]
        values = [tidy(c.text).strip("*") for c in cells if c.text]
        distinct = len(set(values)) == len(values) and not any(c.merged for c in cells)
        if max(map(len, values), default=0) > _KEY_MAX:
            continue
        if distinct and len(values) >= _KEY_SHARE * len(raw.records):
            own = next((c.text for c in (raw.records[index][column], *raw.records[index]) if c.text), "")
            return tidy(own).strip("*")[:40]
    return f"第{index + 1}行"


def _english_table_label(label: str) -> str:
    number = re.sub(r"\D", "", label)
    word = {"图表": "Chart", "专栏": "Box", "表": "Table", "图": "Figure", "附表": "Annex table"}.get(
        re.sub(r"\d", "", label), "Table"
    )
    return f"{word} {number}".strip()
