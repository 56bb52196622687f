"""Where the numbers of an answer come from: a pool of what quotes, results and question hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from policybot.answer.model import ResultEntry
from policybot.facts.measure import Quantity, date_parts, exact
from policybot.facts.quantities import find_numbers
from policybot.facts.units import find_unit
from policybot.facts.years import PLAIN
from policybot.patterns import lazy_pattern
from policybot.text import squash

_COUNTING = frozenset({"", "count", "ordinal"})
_HAN_DIGITS = tuple("一二三四五六七八九十两")
_PLAN = lazy_pattern(r"十([一二三四五])五")
_START = 12  # characters at the start of a quote that are read again
_MANTISSA = lazy_pattern(r"[0-9][0-9,]*(?:\.(?P<decimals>[0-9]+))?")


@dataclass(slots=True)
class Pool:
    """Numbers that are accounted for.

    `measures` holds (dimension, value in its base unit), `values` every value as printed with its
    scale, `counting` those of things and bare numbers, `bare` those without unit, `rounded`
    (dimension, value) of computed results, which an answer may give rounded.
    """

    measures: set[tuple[str, Decimal]] = field(default_factory=set)
    values: set[Decimal] = field(default_factory=set)
    counting: set[Decimal] = field(default_factory=set)
    bare: set[Decimal] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    dates: set[tuple[int | None, int | None, int | None]] = field(default_factory=set)
    falling: set[tuple[str, Decimal]] = field(default_factory=set)
    rounded: list[tuple[str, Decimal]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def add_text(self, text: str) -> None:
        """Account for the numbers of a quote or of the question."""
        self.texts.append(text.translate(PLAIN))
        for q in find_numbers(text):
            self.add(q)
        for plan in _PLAN.finditer(text):  # 十五五: the fifteenth five-year plan
            self.counting.add(Decimal(10 + _HAN_DIGITS.index(plan[1]) + 1))
        if text[:1] in _HAN_DIGITS:  # at the start of a text taken for a heading's number (四类城市)
            for q in find_numbers(f"“{text[:_START]}"):
                self.add(q)

    def add(self, q: Quantity) -> None:
        """Account for one number."""
        if q.date:
            self.dates.add(date_parts(q.date))
        if q.first is not None and q.last is not None:
            self.years.update((q.first, q.last))
            return
        ends = (q.amount,) if q.upper_amount is None else (q.amount, q.upper_amount)
        for end, measure in zip(ends, q.measures(), strict=True):
            value = exact(end)
            self.measures.add((q.dimension, measure))
            self.values.add(value)
            if q.direction == "down":
                self.falling.add((q.dimension, measure))
            if q.dimension in _COUNTING:
                self.counting.add(value)
            if q.kind == "number":
                self.bare.add(value)
                if value == value.to_integral() and 1500 <= value < 2200:
                    self.years.add(int(value))

    def add_result(self, result: ResultEntry) -> None:
        """Account for a result: its value with its unit, its year, the numbers of its wording."""
        if result.year is not None:
            self.years.add(result.year)
        self.add_text(f"{result.text} {result.qualifier}")
        value = decimal_of(result.value)
        if value is None:
            if isinstance(result.value, str):
                self.add_text(result.value)
            return
        unit = find_unit(result.unit) if result.unit else None
        dimension = unit.dimension if unit is not None else ""
        measure = exact(value * unit.factor) if unit is not None else exact(value)
        self.measures.add((dimension, measure))
        self.values.add(exact(value))
        if unit is not None and unit.multiple != 1:
            self.values.add(exact(value * unit.multiple))
        if dimension in _COUNTING:
            self.counting.add(exact(value))
        if unit is None:
            self.bare.add(exact(value))
        if value == value.to_integral() and 1500 <= value < 2200:
            self.years.add(int(value))
        if result.kind in ("computed", "derived"):
            self.rounded.append((dimension, measure))

    def holds(self, q: Quantity) -> bool:
        """True when a number of the answer is accounted for, converted forms included."""
        if q.date:
            given = date_parts(q.date)
            return any(_fits(given, known) for known in self.dates)
        if q.first is not None and q.last is not None:
            return q.first in self.years and q.last in self.years
        ends = (q.amount,) if q.upper_amount is None else (q.amount, q.upper_amount)
        if all(self._holds(q, end, measure) for end, measure in zip(ends, q.measures(), strict=True)):
            return True
        return self._printed(q)

    def _holds(self, q: Quantity, end: Decimal, measure: Decimal) -> bool:
        value = exact(end)
        if (q.dimension, measure) in self.measures or value in self.bare:
            return True
        if q.dimension == "" and value in self.values:
            return True
        if q.dimension in _COUNTING and value in self.counting:
            return True
        if q.dimension == "" and value == value.to_integral() and int(value) in self.years:
            return True
        # A fall by 0.41% is printed as -0.41%, and the other way round.
        if q.direction == "down" and ((q.dimension, -measure) in self.measures or -value in self.bare):
            return True
        if measure < 0 and (q.dimension, -measure) in self.falling:
            return True
        return any(
            (dimension == q.dimension or "" in (dimension, q.dimension)) and _rounds(q, measure, known)
            for dimension, known in self.rounded
        )

    def _printed(self, q: Quantity) -> bool:
        """True when the very characters stand in a quote as a number of their own."""
        return any(char.isdigit() for char in q.text) and self.mentions(q.text)

    def mentions(self, token: str) -> bool:
        """True when a word with digits stands in a quote or in the question, not as part of another."""
        form = r"\s*".join(map(re.escape, squash(token).translate(PLAIN)))
        pattern = re.compile(rf"(?<![0-9A-Za-z])(?<![0-9][.,]){form}(?![0-9A-Za-z]|[.,][0-9])")
        return any(pattern.search(text) for text in self.texts)


def carries(pool: Pool, result: ResultEntry) -> bool:
    """True when a quoted numeric result stands in the pool of the quotes, by its value and its unit."""
    value = decimal_of(result.value)
    if value is None:
        return True
    unit = find_unit(result.unit) if result.unit else None
    if unit is not None:
        if (unit.dimension, exact(value * unit.factor)) in pool.measures:
            return True
        if unit.dimension in _COUNTING and exact(value) in pool.counting:
            return True
    known_year = value == value.to_integral() and int(value) in pool.years
    if unit is None or unit.dimension == "duration":
        return exact(value) in pool.values or known_year
    # A table cell is bare, its unit stands in the table's head.
    return exact(value) in pool.bare


def decimal_of(value: float | str | None) -> Decimal | None:
    """A result's value as a decimal, None when it is not a number."""
    if value is None or isinstance(value, str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def unaccounted(numbers: Iterable[Quantity], pool: Pool) -> list[Quantity]:
    """The numbers that are not in the pool; an English word that counts nothing ("the two") is no claim."""
    return [q for q in numbers if not pool.holds(q) and not (q.kind == "number" and _is_word(q))]


def _rounds(q: Quantity, measure: Decimal, known: Decimal) -> bool:
    """True when the computed value `known` rounds to the printed one, to the decimals printed."""
    match = _MANTISSA.match(q.number_text.lstrip("-−"))
    if match is None:
        return False
    mantissa = Decimal(match.group().replace(",", ""))
    if not mantissa or not match["decimals"]:
        step = Decimal(1) if not mantissa else abs(measure) / mantissa
    else:
        step = abs(measure) / mantissa / Decimal(10) ** len(match["decimals"])
    return abs(known - measure) <= step / 2


def _fits(
    given: tuple[int | None, int | None, int | None], known: tuple[int | None, int | None, int | None]
) -> bool:
    return all(part is None or part == other for part, other in zip(given, known, strict=True))


def _is_word(q: Quantity) -> bool:
    return q.number_text.replace("-", "").replace(" ", "").isalpha() and q.number_text.isascii()
