"""Wording of a value: the English is computed from the printed number, and the printed one is kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from policybot.facts.measure import Quantity, date_parts
from policybot.facts.qualifiers import Qualifier, load_qualifiers
from policybot.facts.units import find_unit
from policybot.facts.years import MONTHS

_LARGE = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_PARTS = {
    "half": (1, 2),
    "a third": (1, 3),
    "two thirds": (2, 3),
    "a quarter": (1, 4),
    "three quarters": (3, 4),
}


def render_value(q: Quantity, language: str) -> str:
    """The value of `q` in words of `language` ("zh" or "en"), qualifier included.

    zh: the printed phrase, 12亿千瓦以上. en: `1.2 billion kW or more (12亿千瓦以上)`, `50% ("strive to
    reach", 力争达到)`, `18%`; a value printed in English is given as printed.
    """
    if language == "zh" or (q.phrase.isascii() and q.unit.isascii()):
        return q.phrase
    if q.first is not None or q.date:
        return _years(q)
    if q.kind == "ordinal":
        rank = f"top {q.amount}" if q.text.startswith("前") else _ordinal(int(q.amount))
        return f"{rank} ({_compact(q.phrase)})"
    words = [row for word in q.qualifiers if (row := load_qualifiers().get(word)) is not None]
    aims = [row.english for row in words if row.role == "aim"]
    shown = _framed(q, words)
    bare = shown == english_number(q)
    if aims and bare and english_number(q) == _compact(q.text):
        printed = _compact(q.qualifier)
    else:
        printed = _compact(q.phrase)
    notes = [f'"{", ".join(aims)}"'] if aims else []
    if printed != shown:
        notes.append(printed)
    return f"{shown} ({', '.join(notes)})" if notes else shown


def english_number(q: Quantity) -> str:
    """Number and unit in English: "1.2 billion kW", "40%–45%", "104,000 mu", "three quarters"."""
    if q.kind == "fraction" and q.upper_amount is None:
        return _fraction(q.amount)
    unit = find_unit(q.unit)
    multiple = unit.multiple if unit is not None else Decimal(1)
    scaled = multiple != 1 or any(char in q.number_text for char in "万亿千百十×")
    ends = (
        [q.amount * multiple] if q.upper_amount is None else [q.amount * multiple, q.upper_amount * multiple]
    )
    numbers = [_number(end, scaled) for end in ends]
    name = ""
    if unit is not None:
        name = unit.english if ends[-1] == 1 and len(ends) == 1 else unit.plural
    if name in ("%", "‰"):
        return "–".join(number + name for number in numbers)
    return "–".join(numbers) + (f" {name}" if name else "")


def amount_text(like: Quantity, amount: Decimal, language: str) -> str:
    """An amount worded like a printed number: 0.6亿吨, 60 million tonnes, 5 percentage points.

    Args:
        like: the number whose unit and scale (万, 亿) are used; for percent, the amount is a difference.
        amount: scale worked in, in the unit of `like`.
    """
    if like.unit == "%":
        return f"{plain_number(amount)}" + ("个百分点" if language == "zh" else " percentage points")
    if language == "en":
        return english_number(replace(like, amount=amount, upper_amount=None))
    for sign, size in (("亿", Decimal(10**8)), ("万", Decimal(10**4))):
        if sign in like.number_text:
            return f"{plain_number(amount / size)}{sign}{like.unit}"
    return f"{plain_number(amount)}{like.unit}"


def plain_number(value: Decimal) -> str:
    """A number without needless zeros: 9.3, 1200."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _framed(q: Quantity, words: list[Qualifier]) -> str:
    """The number inside the templates of its qualifiers, bound innermost: "down 65% or more from 2005"."""
    shown = english_number(q)
    bounds = [row for row in words if row.role in ("bound", "approx")]
    for row in reversed(bounds):
        shown = row.english.format(shown)
    rates = [row for row in words if row.role == "rate"]
    changes = [row for row in words if row.role == "change" and row.direction == q.direction]
    if changes:
        shown = changes[-1].english.format(shown)
    elif q.direction:
        shown = f"{q.direction} {shown}"
    if q.base_year is not None and q.direction:
        shown += f" from {q.base_year}"
    for row in rates:
        shown = row.english.format(shown)
    return shown


def _number(value: Decimal, scaled: bool) -> str:
    """Digits with thousands separators; words for millions when the number was printed with a scale."""
    if scaled:
        for size, word in _LARGE:
            if abs(value) >= size:
                mantissa = (value / size).normalize()
                if -mantissa.as_tuple().exponent <= 6:  # type: ignore[operator]  # finite
                    return f"{mantissa:,f} {word}"
    return f"{value:,f}".rstrip("0").rstrip(".") if scaled and value != value.to_integral() else f"{value:,f}"


def _fraction(value: Decimal) -> str:
    for name, (above, below) in _PARTS.items():
        if value == Decimal(above) / Decimal(below):
            return name
    for below in range(2, 101):
        top = (value * below).to_integral_value()
        if top / below == value:
            return f"{top}/{below}"
    return f"{value:f}"


def _years(q: Quantity) -> str:
    if q.date:
        return _date(q.date)
    return f"{q.first}" if q.first == q.last else f"{q.first}–{q.last}"


def _date(iso: str) -> str:
    """ISO date in words: "15 November 2023", "July 2023", "22 September"; "5th" for a day of any month."""
    year, month, day = date_parts(iso)
    if not month:
        return _ordinal(day or 0)
    return " ".join(str(part) for part in (day, MONTHS[month - 1], year) if part)


def _ordinal(number: int) -> str:
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{suffix}"


def _compact(text: str) -> str:
    """The printed text without the spaces that typesetting put between Chinese and digits."""
    return text.replace(" ", "").replace("\u3000", "") if not text.isascii() else text
