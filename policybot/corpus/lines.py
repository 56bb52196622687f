"""Source lines → blocks: markup taken off, wrapped and page-broken paragraphs joined, anchors kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from policybot.corpus.model import AnchoredText, Segment, SourceFile
from policybot.corpus.numbering import DIVISIONS, Number, read_number
from policybot.patterns import lazy_pattern
from policybot.text import MARKDOWN

BlockKind = Literal["text", "table", "caption"]

# Markup that exporters leave in text files. Each pattern's group "keep" (where present) is content.
_INLINE = lazy_pattern(
    r"<(?P<link>https?://[^>\s]+)>"
    r"|</?[A-Za-z][^<>]*>"
    r"|\[(?P<anchor>[^\]\n]+)\]\([^)\n]*\)"
    r"|\*\*"
    r"|(?<![\w*])\*(?P<italic>[A-Za-z][^*\n]*?)\*(?!\w)"
    r"|\\(?P<escaped>[*_#\\])"
)
_LEADING = lazy_pattern(r"(?P<heading>#{1,6})\s+|(?P<bullet>[-•●])\s+(?=\S)")
_QUOTED = lazy_pattern(r"\s*(?:>\s?)+")
_RULE_LINE = lazy_pattern(r"[-=_*\s|:]+")
_CAPTION = lazy_pattern(
    r"(?P<label>(?:图表|附表|专栏|图|表)\s*\d*)\s*[、:：.]?\s*(?P<title>\S.*)?"
    r"|(?P<english>(?:Table|TABLE|Figure|FIGURE|Chart)\s+\d+)(?:\s*[.:–—-]\s*(?P<english_title>\S.*))?"
)
_ENGLISH_LABELS = {"table": "表", "figure": "图", "chart": "图"}
# A sentence may be followed by who is responsible for it, in brackets.
_TERMINAL = lazy_pattern(
    r"[。；：！？:;!?…][”’）)》\]]*$|[。；！？][（(〔\[][^（）()〔〕\[\]\n]{1,120}[）)〕\]]$|(?<=[a-z\d\])”\"’%])\.$"
)
_INNER = lazy_pattern(r"[，。；,;]")
_BAR = lazy_pattern(r"(?<=\S)\s*[|｜]\s*(?=\S)")
_LIST_MARK = "●"
_HEADING_LINE_MAX = 60
_TITLE_MAX = 120
_FULL_LINE = 30  # a list item this long without an end was cut by the page


@dataclass
class Block:
    """A paragraph, a caption or the lines of one table, with the number it starts with."""

    kind: BlockKind
    text: AnchoredText
    number: Number | None = None
    heading_level: int = 0  # Markdown level, 0 for none
    bullet: bool = False
    line: int = 0  # first line, 1-based
    rows: list[AnchoredText] = field(default_factory=list)  # raw table lines
    alone: bool = False  # blank lines around it
    hard_break: bool = False  # the line asked for a break after it
    title: bool = False  # of the division whose number stands alone on the line before

    @property
    def ended(self) -> bool:
        """True when the text stops where a sentence may stop."""
        return bool(_TERMINAL.search(self.text.text.rstrip()))


@dataclass
class BlockReader:
    """Reads ranges of lines of one source into blocks and notes the markup it drops."""

    source: SourceFile
    markup: list[tuple[int, int]] = field(default_factory=list)

    def quoting(self, start: int, end: int) -> int:
        """Characters of a line that mark it as quoted in Markdown; elsewhere > means more than."""
        match = _QUOTED.match(self.source.text, start, end) if self.source.name.endswith(MARKDOWN) else None
        return len(match.group()) if match else 0

    def clean(self, start: int, end: int) -> AnchoredText:
        """The characters start..end of the source without inline markup and outer white space."""
        raw = self.source.text[start:end]
        text, segments, position = "", list[Segment](), 0

        def keep(low: int, high: int) -> None:
            nonlocal text
            if low < high:
                segments.append(Segment(len(text), start + low, high - low))
                text += raw[low:high]

        for match in _INLINE.finditer(raw):
            keep(position, match.start())
            group = match.lastgroup
            if group:
                low, high = match.span(group)
                keep(low, high)
                self.drop(start + match.start(), start + low)
                self.drop(start + high, start + match.end())
            else:
                self.drop(start + match.start(), start + match.end())
            position = match.end()
        keep(position, len(raw))
        return AnchoredText(self.source.name, text, tuple(segments)).strip()

    def drop(self, start: int, end: int) -> None:
        """Notes the characters start..end as markup."""
        if start < end:
            self.markup.append((start, end))

    def read(self, first: int, last: int) -> list[Block]:
        """Blocks of lines first..last (1-based, inclusive), in order."""
        starts = [*self.source.line_starts, len(self.source.text) + 1]
        blocks: list[Block] = []
        blank_before = True
        for line in range(first, min(last, len(starts) - 1) + 1):
            start, end = starts[line - 1], starts[line] - 1
            quoted = self.quoting(start, end)
            self.drop(start, start + len(self.source.text[start : start + quoted].rstrip()))
            start += quoted
            raw = self.source.text[start:end]
            if not raw.strip():
                blank_before = True
                continue
            bare = not is_table_line(raw)
            if not bare or self._is_bare_row(line, starts, first, last):
                # An export puts blank lines between the rows of a table, but no one who writes by hand.
                if blocks and blocks[-1].kind == "table" and not (bare and blank_before):
                    blocks[-1].rows.append(self.source.whole(start, end))
                else:
                    blocks.append(Block("table", self.source.whole(start, start), line=line))
                    blocks[-1].rows.append(self.source.whole(start, end))
                blank_before = False
                continue
            if _RULE_LINE.fullmatch(raw):
                self.drop(start, end)
                continue
            block = self._text_block(line, start, end)
            block.alone = blank_before
            if blocks and not blank_before:
                blocks[-1].alone = False
            self._append(blocks, block)
            blank_before = False
        return blocks

    def _is_bare_row(self, line: int, starts: list[int], first: int, last: int) -> bool:
        """A row of a table with bars between its cells only: the line before or after it has as many."""
        bars = [
            _bars(self.source.text[starts[n - 1] : starts[n] - 1]) if first <= n <= last else 0
            for n in (line - 1, line, line + 1)
        ]
        return bars[1] > 0 and bars[1] in (bars[0], bars[2])

    def _text_block(self, line: int, start: int, end: int) -> Block:
        raw = self.source.text[start:end]
        hard_break = raw.endswith("  ")
        position = start + len(raw) - len(raw.lstrip())
        level, bullet = 0, False
        while match := _LEADING.match(self.source.text, position, end):
            self.drop(position, position + len(match.group().rstrip()))
            level = len(match["heading"]) if match["heading"] else level
            bullet = bullet or bool(match["bullet"])
            position = match.end()
        text = self.clean(position, end)
        return Block("text", text, None, level, bullet, line, hard_break=hard_break)

    def _append(self, blocks: list[Block], block: Block) -> None:
        last = blocks[-1] if blocks and blocks[-1].kind == "text" else None
        open_sentence = last is not None and not last.ended and not last.heading_level and _continues(last)
        caption = _CAPTION.fullmatch(block.text.text)
        if caption and not block.bullet and not open_sentence and is_caption(block.text.text):
            block.kind = "caption"
            blocks.append(block)
            return
        block.number = read_number(
            block.text.text,
            bullet=block.bullet,
            inside_sentence=open_sentence and not block.heading_level and not block.bullet,
        )
        block.title = last is not None and block.number is None and _is_title_below(last, block)
        if last is not None and open_sentence and block.number is None and not block.heading_level:
            last.text = AnchoredText.join((last.text, block.text))
            last.hard_break = block.hard_break
            return
        blocks.append(block)


def _is_title_below(above: Block, block: Block) -> bool:
    """An English title, which may have commas, below "Article 5"."""
    number, text = above.number, block.text.text
    bare = number is not None and number.kind in DIVISIONS and number.length == len(above.text.text)
    return bare and text.isascii() and text[:1].isupper() and len(text) <= _TITLE_MAX and not block.ended


def _continues(block: Block) -> bool:
    """Whether an unfinished block is a sentence cut by a line or page break and not a title."""
    text = block.text.text
    if block.title:
        return False
    if block.hard_break and not text.endswith(("，", ",", "、")):
        return False
    if block.number and block.number.kind != "bullet":
        # A heading line has no full stop in it; a clause cut by a page break nearly always has.
        return "。" in text or "；" in text or len(text) > _HEADING_LINE_MAX
    return bool(_INNER.search(text)) or (block.bullet and len(text) >= _FULL_LINE)


def _bars(raw: str) -> int:
    return len(_BAR.findall(raw))


def is_table_line(raw: str) -> bool:
    """A row of a tab-separated or pipe table."""
    stripped = raw.strip()
    return "\t" in raw.strip("\n\r ") or (
        stripped.startswith("|") and stripped.endswith("|") and len(stripped) > 2
    )


def is_caption(text: str) -> bool:
    """ "图表 21、…", "图1 …", "表 1 …", "附表 …": the title line of a figure or table."""
    match = _CAPTION.fullmatch(text)
    if match and match["english"]:
        return len(text) <= 120 and not text.endswith((",", ";"))
    if not match or len(text) > 60 or text.endswith(("。", "，", "；")):
        return False
    label = re.sub(r"\s", "", match["label"])
    return bool(re.search(r"\d$", label)) or label == "附表"


def caption_label(text: str) -> tuple[str, str]:
    """("图表21", "2019 年中国城市年均 PM2.5 浓度") of a caption line; Table 1 is 表1."""
    match = _CAPTION.fullmatch(text)
    if not match:
        return "", text
    if match["english"]:
        word, number = match["english"].lower().split()
        return _ENGLISH_LABELS[word] + number, (match["english_title"] or "").strip()
    return re.sub(r"\s", "", match["label"]), (match["title"] or "").strip()


def list_marks(text: str) -> list[int]:
    """Offsets of the ● marks that split a prose cell into items."""
    return [m.start() for m in re.finditer(_LIST_MARK, text)]
