"""Columns of percentages of a base ("百分比, 基准年 = 100"): what questions say as a change from the base.

"Which Parties may emit more than in the base year" asks for the values above 100, "who must cut by 8%" for
92; a row's value is told with its change, and an amount of the base year that the question supposes is
carried over.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from decimal import Decimal

from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import plain
from policybot.answer.tables.reading.columns import ColumnUse, Span, overlaps
from policybot.answer.tables.reading.parsed import Bound
from policybot.answer.tables.reading.views import RowView
from policybot.answer.wording.compose import fill
from policybot.patterns import lazy_pattern

_PERCENT = lazy_pattern(
    r"(?<![\d.])(\d{1,2}(?:\.\d+)?)\s*(?:%|个?百分点|per ?cent(?:age points?)?\b|points?\b)"
    r"|百分之([一二三四五六七八九十]+|\d{1,2})"
)
_BASE = lazy_pattern(r"基准|\bbase\b")
_HALF = 0.5  # a number below this share of the base is a change from it
_OPPOSITE = {
    "above": "below",
    "below": "above",
    "at_least": "at_most",
    "at_most": "at_least",
    "equal": "equal",
}
_HAN = "零一二三四五六七八九十"


def base_bounds(
    ask: Ask,
    uses: Sequence[ColumnUse],
    found: list[Bound],
    taken: list[Span],
    ordered: Container[tuple[str, int]] = (),
) -> list[Bound]:
    """The conditions of a question, those on a column with a base put as values of the column.

    Args:
        found: the conditions read so far; one on a change from the base is put anew.
        taken: where conditions stand in the question; added to.
        ordered: keys of columns with a superlative, of which a word like "cut" says the direction.
    """
    use = next((u for u in uses if u.naming is not None and u.naming.base is not None), None)
    if use is None or use.naming is None or use.naming.base is None:
        return found
    base, way = float(use.naming.base), direction(ask, use)
    if way is None:
        return found
    kept, moved = [], []
    for bound in found:
        if bound.use.key == use.key and bound.value < _HALF * base:
            moved.append((bound.kind, bound.value))
        else:
            kept.append(bound)
    if not moved and not any(b.use.key == use.key for b in kept):
        for match in _PERCENT.finditer(ask.text):
            if not overlaps(match.span(), taken):
                value = float(match[1]) if match[1] else float(_HAN.find(match[2]))
                moved.append(("equal", value))
                taken.append(match.span())
    if moved and way:
        for kind, value in moved:
            kept.append(Bound(use, kind if way > 0 else _OPPOSITE[kind], base + way * value, given=False))
    elif not moved and use.key not in ordered and not any(b.use.key == use.key for b in kept):
        kind = "above" if way > 0 else "below" if way < 0 else "equal"
        kept.append(Bound(use, kind, base, given=False))
    return kept


def direction(ask: Ask, use: ColumnUse) -> int | None:
    """1 where the question speaks of more than the base, -1 of less, 0 of as much; None of neither."""
    naming = use.naming
    if naming is None:
        return None
    # "减排承诺" names the column and says nothing of its values; the base is what they are compared with.
    text = naming.words.sub(lambda m: m[0] if _BASE.search(m[0]) else " ", ask.text)
    for pattern, way in ((naming.level, 0), (naming.rising, 1), (naming.falling, -1)):
        if pattern is not None and pattern.search(text):
            return way
    return None


def change_from_base(ask: Ask, use: ColumnUse, row: RowView) -> tuple[str, Decimal] | None:
    """How far a row's value is from the base, in words and as a number; None for a column without one."""
    naming, value = use.naming, row.cells[use.column.index].value
    if naming is None or naming.base is None or value is None:
        return None
    gap = Decimal(repr(value)) - naming.base
    wording = "base_above" if gap > 0 else "base_below" if gap < 0 else "base_same"
    return fill(wording, {"value": plain(abs(gap))}, ask.language), abs(gap)
