"""Kinds of value: which of them answer what a question expects."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policybot.facts.quantities import Quantity
from policybot.retrieve.questions import EXPECTS

TIMES = frozenset({"year", "period", "date"})
_DIMENSIONS = {
    "mass": ("mass",),
    "power": ("power", "energy"),
    "volume": ("volume",),
    "area": ("area",),
    "duration": ("duration", "days", "hours", "working days"),
    "temperature": ("temperature",),
    "score": ("score",),
}
CHECKED = tuple(
    kind for kind in EXPECTS if kind not in ("unit", "organisation", "place")
)  # amounts and times
_KINDS = {
    "percent": ("percent", "points", "fraction"),
    "year": ("year", "period", "date"),
    "date": ("date", "year", "period"),
    "count": ("count",),
    "money": ("money",),
}


def _is_span(quantity: Quantity) -> bool:
    return quantity.first is not None and quantity.last is not None and quantity.last > quantity.first


def kind_fits(quantity: Quantity, expects: Sequence[str]) -> float:
    """1 when the value is of a kind asked for, 0 when nothing is asked for by kind, -1 when it is another."""
    wanted = [e for e in expects if e in _KINDS or e in _DIMENSIONS]
    if not wanted:
        return 0.0
    for place, expect in enumerate(wanted):
        if quantity.kind in _KINDS.get(expect, ()):
            return 1.0 if place == 0 else 0.9
        dimension = quantity.dimension.split("/")[0]
        if dimension in _DIMENSIONS.get(expect, ()):
            return 1.0 if place == 0 else 0.9
        if expect == "duration" and quantity.kind == "ordinal" and re.search(r"[天日]$", quantity.text):
            return 0.9
        if expect == "duration" and quantity.kind in TIMES and _is_span(quantity):
            return 0.9  # from 2008 to 2012
        if expect == "count" and quantity.kind in ("number", "fraction"):
            return 0.4
    return -1.0
