"""Superlatives on a change ("the city whose PM2.5 fell most") where a table prints levels only."""

from __future__ import annotations

from collections.abc import Sequence

from policybot.answer.question.ask import Ask
from policybot.answer.tables.reading.columns import ColumnUse
from policybot.patterns import lazy_pattern

_CHANGE = lazy_pattern(
    r"(?:下降|上升|降低|升高|减少|增加|增长|改善|降|升|涨|跌)(?:得|了|幅度?)*最|最.{0,2}(?:的)?(?:下降|降幅|升幅|涨幅|改善)"
    r"|\b(?:fell|fallen|dropp\w+|drops?|cut|reduced|rose|risen|increased|declined|improved|worsened)\b"
    r".{0,16}\b(?:most|least|more than)\b"
    r"|\b(?:largest|biggest|greatest|sharpest|steepest|fastest)\b.{0,12}\b(?:drop|fall|cut|reduction|rise|increase|decline"
    r"|improvement|growth)\b"
)


def on_change(ask: Ask, use: ColumnUse, uses: Sequence[ColumnUse]) -> bool:
    """True when a superlative is on a change, and the column prints levels ("PM2.5降得最多的城市")."""
    if use.yearly or use.naming is None or use.naming.rising is not None:
        return False
    stretch = use.stretch(ask.text)
    changing = [u for u in uses if u.naming is not None and u.naming.rising is not None]
    return _CHANGE.search(stretch) is not None and not any(u.stretch(ask.text) == stretch for u in changing)
