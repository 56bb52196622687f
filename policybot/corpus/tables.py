"""Table lines → tables with typed, anchored cells; several records to a line are taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from policybot.corpus.lines import BlockReader
from policybot.corpus.model import AnchoredText, Cell, CellKind, Segment
from policybot.patterns import lazy_pattern
from policybot.text import fold, tidy

_MISSING = {"-", "—", "——", "–", "/", "n/a", "N/A", "…", "无数据"}
_NUMBER = lazy_pattern(r"[-+−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+−]?\d+(?:\.\d+)?")
_NUMBERED_NAME = lazy_pattern(r"\d+(?:\.\d+)?\s+[\u4e00-\u9fff]{3}")  # 1.3 人均能耗 is a name
_YEAR = lazy_pattern(r"(?:19|20)\d{2}\s*年?")
_RULE = lazy_pattern(r"[\s|:=-]+")
_BREAKS = lazy_pattern(r"(?<=[\u4e00-\u9fff，。])\s+(?=[\u4e00-\u9fff（])")


@dataclass
class RawTable:
    """One table: caption parts found in its own lines, header cells, records in reading order.

    `lines` holds, per record, the record's printed text with its anchors; `header_cells` all header
    cells as printed, also where the header comes again for a second record of the line.
    """

    title: AnchoredText | None
    header: list[Cell]
    records: list[list[Cell]]
    lines: list[AnchoredText]
    name: str = ""  # of one of several tables printed side by side
    header_cells: list[Cell] = field(default_factory=list)


def parse_tables(reader: BlockReader, rows: list[AnchoredText]) -> list[RawTable]:
    """The tables printed in consecutive lines: usually one; side-by-side ones are taken apart.

    Args:
        reader: the block reader of the source (cleans cells, notes markup).
        rows: the raw lines.
    """
    grid: list[list[AnchoredText]] = []
    for raw in rows:
        if _RULE.fullmatch(raw.text):
            reader.drop(*raw.source_range())
            continue
        grid.append(_split(reader, raw))
    if not grid:
        return []
    title = None
    filled = [c for c in grid[0] if c.text]
    if len(filled) == 1 and len(grid) > 1 and len(grid[0]) > 1 and sum(bool(c.text) for c in grid[1]) > 1:
        title, grid = filled[0], grid[1:]
    width = max(len(r) for r in grid)
    while width > 1 and not any(len(r) >= width and r[width - 1].text for r in grid):
        width -= 1
    header = grid[0]
    if not any(c.text for c in header):  # a contents table without header
        grid = grid[1:] or grid
        header = [] if grid[0] is not header else header
    body = grid[1:] if header else grid
    groups = _groups([tidy(c.text) for c in header], width)
    names = {tuple(tidy(header[i].text) for i in g) for g in groups}
    if len(groups) == 1 or len(names) == 1:
        records, lines = _records(body, groups)
        names_of_columns = [type_cell(c) for c in _pick(header, groups[0])]
        cells = [type_cell(c) for c in header]
        return [RawTable(title, names_of_columns, records, lines, header_cells=cells)] if records else []
    tables: list[RawTable] = []
    for group in groups:
        records, lines = _records(body, [group])
        name = tidy(header[group[-1]].text)
        cells = [type_cell(c) for c in _pick(header, group)]
        tables.append(RawTable(title if not tables else None, cells, records, lines, name, cells))
    return tables


def _split(reader: BlockReader, raw: AnchoredText) -> list[AnchoredText]:
    text, (start, _) = raw.text, raw.source_range()
    if "\t" in text:
        bounds, position = [], 0
        for part in text.split("\t"):
            bounds.append((position, position + len(part)))
            position += len(part) + 1
    else:
        pipes = [m.start() for m in re.finditer(r"[|｜]", text)]
        closed = text.strip().startswith(("|", "｜"))
        edges = pipes if closed else [-1, *pipes, len(text)]
        bounds = [(a + 1, b) for a, b in pairwise(edges)]
        for pipe in pipes:
            reader.drop(start + pipe, start + pipe + 1)
    return [reader.clean(start + low, start + high) for low, high in bounds]


def _pick(cells: list[AnchoredText], columns: list[int]) -> list[AnchoredText]:
    empty = AnchoredText("", "", ())
    return [cells[i] if i < len(cells) else empty for i in columns]


def _groups(header: list[str], width: int) -> list[list[int]]:
    """Column groups: [[0,1],[2,3]] where the first header name comes again at even steps."""
    whole = [list(range(width))]
    if not header or not header[0]:
        return whole
    starts = [i for i, name in enumerate(header) if name == header[0]]
    if len(starts) < 2:
        return whole
    step = starts[1] - starts[0]
    if width % step or starts != list(range(0, width, step)):
        return whole
    return [list(range(s, s + step)) for s in starts]


def _records(
    body: list[list[AnchoredText]], groups: list[list[int]]
) -> tuple[list[list[Cell]], list[AnchoredText]]:
    records: list[list[Cell]] = []
    lines: list[AnchoredText] = []
    for group in groups:
        above: list[Cell] = []
        for row in body:
            cells = [type_cell(c) for c in _pick(row, group)]
            if all(c.kind == "blank" for c in cells):
                continue
            if len(group) > 1:
                cells = _carry_down(cells, above)
            records.append(cells)
            lines.append(_printed([c for c in _pick(row, group) if c.text]))
            above = cells
    return records, lines


def _printed(cells: list[AnchoredText]) -> AnchoredText:
    """The cells of one record as one text: a tab between cells stands for the separator."""
    text, segments = "", list[Segment]()
    for cell in cells:
        if text:
            text += "\t"
        segments.extend(Segment(len(text) + at, source, length) for at, source, length in cell.segments)
        text += cell.text
    return AnchoredText(cells[0].file, text, tuple(segments))


def _carry_down(cells: list[Cell], above: list[Cell]) -> list[Cell]:
    """Leading blank cells take the value of the cell above: a merged cell printed once."""
    carried = list(cells)
    for i, cell in enumerate(cells):
        if cell.kind != "blank" or not above or above[i].kind in ("blank", "missing"):
            break
        upper = above[i]
        carried[i] = Cell(upper.text, upper.kind, upper.value, upper.unit, upper.anchor, merged=True)
    return carried


def type_cell(text: AnchoredText) -> Cell:
    """A cell with its kind, value and unit; the printed text is kept."""
    printed = re.sub(r"\s+", " ", text.text).strip()
    anchor = text if text.text else None
    if not printed:
        return Cell("", "blank", anchor=None)
    if printed in _MISSING:
        return Cell(printed, "missing", anchor=anchor)
    plain = fold(printed)
    if _YEAR.fullmatch(plain):
        return Cell(printed, "year", float(plain[:4]), "年" if "年" in plain else "", anchor)
    match = _NUMBER.match(plain)
    if match and not _NUMBERED_NAME.match(plain):
        unit = plain[match.end() :].strip()
        if len(unit) <= 4 and not re.search(r"\d", unit):
            value = float(match.group().replace(",", "").replace("−", "-"))
            kind: CellKind = "percent" if unit == "%" else "number"
            return Cell(printed, kind, value, unit, anchor)
    return Cell(_BREAKS.sub("", printed), "text", anchor=anchor)
