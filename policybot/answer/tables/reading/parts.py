"""Categories of a table with their rows; sections print the points that they carry themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from policybot.answer.tables.reading.columns import Span
from policybot.answer.tables.reading.views import SECTION, RowView, View


@dataclass(frozen=True)
class Part:
    """A category of one table with its rows; `points` is the total it prints itself."""

    view: View
    name: str
    rows: tuple[RowView, ...]
    points: re.Match[str] | None
    spans: tuple[Span, ...]


def extreme_parts(view: View, high: bool) -> list[Part]:
    """The sections of a table with the most or the fewest points; none where a category prints no points."""
    column = view.of_kind("category")
    if column is None:
        return []
    groups: dict[str, list[RowView]] = {}
    for row in view.rows:
        groups.setdefault(row.cells[column.index].text, []).append(row)
    parts = [(Part(view, n, tuple(r), m, ()), m) for n, r in groups.items() if (m := SECTION.match(n))]
    if len(parts) < 2 or len(parts) < len(groups):
        return []
    points = [Decimal(m["value"]) for _, m in parts]
    edge = max(points) if high else min(points)
    return [part for (part, _), own in zip(parts, points, strict=True) if own == edge]
