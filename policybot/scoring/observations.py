"""Values of units (cities, parks …) on the indicators of a system, each with the anchor of its cell."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policybot.corpus.model import Cell, Corpus, Table
from policybot.errors import PolicybotError
from policybot.scoring.systems import IndexSystem, Indicator
from policybot.text import squash


@dataclass(frozen=True)
class Observations:
    """A table of values.

    `values` has shape (units, indicators), NaN where a value is missing; `cells[i][j]` is the cell it
    was read from, None for values a user gave. `absent` are the indicators of the chosen part of the
    system for which no data are published.
    """

    units: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    values: NDArray[np.float64]
    cells: tuple[tuple[Cell | None, ...], ...]
    absent: tuple[Indicator, ...] = ()

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Which units have a value on every indicator, shape (units,)."""
        return np.asarray(~np.isnan(self.values).any(axis=1))

    def index(self, unit: str) -> int:
        """Row of a unit.

        Raises:
            PolicybotError: not among the units; the message names the nearest.
        """
        names = [unit, unit.removesuffix("市")]
        for name in names:
            if name in self.units:
                return self.units.index(name)
        import difflib

        near = difflib.get_close_matches(unit, self.units, 3, 0.3) or list(self.units[:5])
        raise PolicybotError(
            f"{unit} is not among the {len(self.units)} units with data.",
            f"Nearest names: {', '.join(near)}.",
            what_zh=f"{unit}不在有数据的 {len(self.units)} 个对象之中。",
            hint_zh=f"相近的名称：{'、'.join(near)}。",
        )

    def fingerprint(self) -> str:
        """SHA-256 over units, indicators, values and the anchors of all cells."""
        rows = [
            [unit, *(None if np.isnan(v) else repr(float(v)) for v in row), *(_place(c) for c in cells)]
            for unit, row, cells in zip(self.units, self.values, self.cells, strict=True)
        ]
        text = json.dumps([[i.id for i in self.indicators], rows], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _place(cell: Cell | None) -> str:
    if cell is None or cell.anchor is None:
        return ""
    start, end = cell.anchor.source_range()
    return f"{cell.anchor.file}:{start}-{end}"


def published_observations(system: IndexSystem, corpus: Corpus, domain: str = "") -> Observations:
    """The published values of a system's indicators (of one domain, or all), joined by the unit's name.

    Side-by-side columns of a chart are sorted independently, so values are joined by name and never
    read across a printed line.
    """
    chosen = system.domain(domain).indicators if domain else system.indicators
    with_data = tuple(i for i in chosen if i.data is not None)
    absent = tuple(i for i in chosen if i.data is None)
    columns = [_column(i, corpus, system) for i in with_data]
    units: list[str] = []
    for column in columns:
        units.extend(u for u in column if u not in units)
    values = np.full((len(units), len(with_data)), np.nan)
    cells: list[tuple[Cell | None, ...]] = []
    for row, unit in enumerate(units):
        found = [column.get(unit) for column in columns]
        for j, cell in enumerate(found):
            if cell is not None and cell.value is not None:
                values[row, j] = cell.value
        cells.append(tuple(found))
    return Observations(tuple(units), with_data, values, tuple(cells), absent)


def _column(indicator: Indicator, corpus: Corpus, system: IndexSystem) -> dict[str, Cell]:
    assert indicator.data is not None
    table = _table(indicator.data.table, corpus, system.document)
    column = table.header.index(squash(indicator.data.column))
    return {squash(row.cells[0].text): row.cells[column] for row in table.rows}


def _table(label: str, corpus: Corpus, document: str) -> Table:
    for table in corpus.tables.values():
        if table.label == label and (not document or table.document == document):
            return table
    raise PolicybotError(
        f"The corpus has no table {label!r} in {document or 'any document'}.",
        "Correct `data.table` in the index file; `policybot table list` shows the tables.",
        what_zh=f"语料库的 {document} 中没有表“{label}”。",
        hint_zh="请改正指数文件中的 data.table；`policybot table list` 可列出全部表格。",
    )
