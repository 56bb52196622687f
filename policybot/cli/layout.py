"""Columns and bars for the terminal: wide characters take two columns."""

from __future__ import annotations

from collections.abc import Sequence

from policybot.cli.wrap import cells

_EIGHTHS = " ▏▎▍▌▋▊▉"
FULL, OPEN = "█", "░"
WIDEST = 36  # a column with a longer cell is not padded


def pad(text: str, width: int, *, right: bool = False) -> str:
    """`text` padded to `width` columns, at its end or (`right`) its beginning."""
    space = " " * max(0, width - cells(text))
    return space + text if right else text + space


def grid(rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), gap: str = "  ") -> list[str]:
    """Rows of cells as aligned lines; columns whose index is in `right` are flush right."""
    if not rows:
        return []
    widths = [max(cells(row[i]) for row in rows) for i in range(len(rows[0]))]
    if len(widths) > 2 and max(widths) > WIDEST:
        return [gap.join(row) for row in rows]
    padded = [
        gap.join(pad(cell, widths[i], right=i in right) for i, cell in enumerate(row)).rstrip()
        for row in rows
    ]
    return padded


def bar(value: float, scale: float, width: int) -> str:
    """A bar of `value` of `scale` over `width` columns, to an eighth of a column."""
    eighths = round(max(0.0, min(1.0, value / scale if scale else 0.0)) * width * 8)
    whole, part = divmod(eighths, 8)
    return FULL * whole + (_EIGHTHS[part] if part else "")


def open_bar(low: float, high: float, scale: float, width: int) -> str:
    """A bar that is certain up to `low` and possible up to `high`."""
    first, last = (round(v / scale * width) if scale else 0 for v in (low, high))
    return FULL * first + OPEN * max(1, last - first)


def span(first: int, last: int, count: int, width: int) -> str:
    """Places `first` to `last` of `count` as a stretch on a line of `width` columns."""
    scale = (width - 1) / max(count - 1, 1)
    start, end = round((first - 1) * scale), round((last - 1) * scale)
    return "·" * start + FULL * (end - start + 1) + "·" * (width - 1 - end)
