"""What a quantity is, and when two of them are equal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Literal

from policybot.facts.qualifiers import Comparator, Direction, load_qualifiers

Kind = Literal[
    "quantity",  # with a unit of measure: 12亿千瓦, 六个月
    "percent",
    "points",  # percentage points
    "money",
    "count",  # things: 9种, 100个城市
    "fraction",  # 四分之三, 一半
    "number",  # no unit: a table cell, a factor
    "year",
    "period",  # “十四五”, 2008年至2012年, 2010年代, mid-century
    "date",
    "ordinal",  # 第38位, 第三条
]
VALUE_KINDS = frozenset({"quantity", "percent", "points", "money", "count", "fraction", "number"})

# Products and quotients of conversion factors are compared to 20 digits.
_PRECISION = Context(prec=20)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text.

    Attributes:
        start, end, text: number and unit, 12亿千瓦; the whole range for a range.
        amount, upper_amount: exact value and, in a range, the upper one; the scale is worked in
            (12亿 is 1200000000), the unit is not converted.
        number_text: the number as printed, 12亿.
        unit, canonical, dimension: as printed (千瓦), as a symbol (kW), what it measures ("power").
        factor: from the unit to the base unit of the dimension (see `policybot.facts.units`).
        comparator: how the value bounds: "=", ">=", "<=", ">", "<", "≈".
        qualifiers: words around it as printed, in order; see `qualifier` for the telling ones.
        base_year, direction: for a change, the year it is measured from and "up" or "down".
        phrase_start, phrase_end, phrase: the stretch to show, with its qualifiers.
        date: ISO date for kind "date", without the parts that the text leaves out
            ("2023-07", "--09-22", "---05").
        first, last: years of a year, period or date.
    """

    start: int
    end: int
    text: str
    amount: Decimal
    upper_amount: Decimal | None
    number_text: str
    unit: str
    canonical: str
    dimension: str
    factor: Decimal
    comparator: Comparator
    qualifiers: tuple[str, ...]
    kind: Kind
    base_year: int | None
    direction: Direction
    phrase_start: int
    phrase_end: int
    phrase: str
    date: str = ""
    first: int | None = None
    last: int | None = None

    @property
    def value(self) -> float:
        """The value, scale worked in."""
        return float(self.amount)

    @property
    def upper(self) -> float | None:
        """The upper value of a range, else None."""
        return float(self.upper_amount) if self.upper_amount is not None else None

    @property
    def qualifier(self) -> str:
        """The words that limit or soften the value: "力争达到", "原则上不低于", "左右", "至少"."""
        table = load_qualifiers()
        telling = [
            word
            for word in self.qualifiers
            if (row := table.get(word)) is not None and row.role in ("aim", "bound", "approx")
        ]
        before = [w for w in telling if w.lower() in table.before and w.lower() not in table.after]
        after = [w for w in telling if w not in before]
        space = " " if any(w.isascii() for w in telling) else ""
        return "…".join(part for part in (space.join(before), space.join(after)) if part)

    def measures(self) -> tuple[Decimal, ...]:
        """The value, or both ends of the range, in the base unit of the dimension."""
        ends = (self.amount,) if self.upper_amount is None else (self.amount, self.upper_amount)
        return tuple(exact(end * self.factor) for end in ends)


def date_parts(iso: str) -> tuple[int | None, int | None, int | None]:
    """Year, month and day of `Quantity.date`: "2023-07" → (2023, 7, None), "--09-22", "---05"."""
    year, month, day = (iso[:4], iso[5:7], iso[8:10]) if iso[:1].isdigit() else ("", iso[2:4], iso[5:7])
    if iso.startswith("---"):
        year, month, day = "", "", iso[3:5]
    return int(year) if year else None, int(month) if month else None, int(day) if day else None


def exact(value: Decimal) -> Decimal:
    """`value` to 20 digits, so that 2/3 and 2/3 compare equal however they were reached."""
    return _PRECISION.plus(value).normalize(_PRECISION)


def same_measure(one: Quantity, other: Quantity) -> bool:
    """True when two quantities are equal by the conversion table: 1.2亿千瓦 and 120 GW.

    Numbers and counts are compared as numbers whatever they count; a fraction equals its percentage.
    """
    plain = {"", "count"}
    comparable = one.dimension == other.dimension or {one.dimension, other.dimension} <= plain
    return comparable and one.measures() == other.measures()
