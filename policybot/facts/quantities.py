"""The one quantity parser: numbers with unit, range, qualifier and base year, in Chinese and English text.

Start with `find_quantities`; `find_numbers` also gives years, dates and ordinals. `value_phrase` is
the stretch to show, `render_value` words it, `normalise_number` compares answers across forms.
The pieces: `numerals` → `units` → `years` → `labels` → `atoms` → `phrases` → here.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from policybot.facts.atoms import Atom, atoms
from policybot.facts.measure import VALUE_KINDS, Kind, Quantity, same_measure
from policybot.facts.phrases import read_phrase
from policybot.facts.render import render_value
from policybot.facts.years import PLAIN, YearMention, find_years, target_year
from policybot.patterns import lazy_pattern

__all__ = [
    "Quantity",
    "YearMention",
    "find_numbers",
    "find_quantities",
    "find_years",
    "normalise_number",
    "render_value",
    "same_measure",
    "target_year",
    "value_phrase",
]

_AND = lazy_pattern(r"[ ]?(?:和|、|及|与|以及|and|,)[ ]?")
_KINDS: dict[str, Kind] = {
    "ratio": "percent",
    "points": "points",
    "count": "count",
}


def find_quantities(text: str) -> list[Quantity]:
    """All quantities of `text` in order: everything but years, periods, dates, ordinals and labels."""
    return [q for q in _scan(text) if q.kind in VALUE_KINDS]


def find_numbers(text: str) -> list[Quantity]:
    """Quantities, years, periods, dates and ordinals of `text`, in order and without overlaps.

    Left out are numbers that name something (附件1, PM2.5, "3." before a heading, 1+N) and those in
    words (一个, 进一步, 数十年).
    """
    return list(_scan(text))


def value_phrase(text: str, q: Quantity) -> tuple[int, int]:
    """(start, end) of the shortest stretch of `text` that shows `q` with its qualifiers.

    力争达到50%, 12亿千瓦以上, 比2005年下降65%以上. Only the number and its unit where `q` does not
    come from `text`.
    """
    if text[q.phrase_start : q.phrase_end] == q.phrase:
        return q.phrase_start, q.phrase_end
    start = text.find(q.text)
    return (start, start + len(q.text)) if start >= 0 else (0, 0)


def normalise_number(s: str) -> Decimal | None:
    """The value of the first quantity of `s` in the base unit of its dimension, else of its first number.

    1.2亿千瓦, "120 million kW", 12000万千瓦 and "120 GW" all give 120000000; 50%, "fifty percent" and
    百分之五十 give 50; a year gives the year. None when there is no number.
    """
    numbers = _scan(s)
    best = next((q for q in numbers if q.kind in VALUE_KINDS), numbers[0] if numbers else None)
    if best is None:
        return None
    if best.first is not None:
        return Decimal(best.first)
    return best.measures()[0]


def _scan(text: str) -> tuple[Quantity, ...]:
    # Answers and quotes are read again and again; long texts are not worth keeping.
    return _scan_short(text) if len(text) <= 4000 else _scan_now(text)


@lru_cache(maxsize=1024)
def _scan_short(text: str) -> tuple[Quantity, ...]:
    return _scan_now(text)


def _scan_now(text: str) -> tuple[Quantity, ...]:
    plain = text.translate(PLAIN)
    years = find_years(text)
    found = [_from_year(text, plain, mention) for mention in years]
    for atom in atoms(plain, [(m.start, m.end) for m in years]):
        if atom.role != "label":
            found.append(_from_atom(text, plain, atom))
    found.sort(key=lambda q: q.start)
    return tuple(_inherit(plain, found))


def _from_year(text: str, plain: str, mention: YearMention) -> Quantity:
    kind: Kind = "year" if mention.kind == "year" else "date" if mention.kind == "date" else "period"
    date = ""
    if mention.kind == "date":
        date = f"{mention.first:04d}" + "".join(
            f"-{part:02d}" for part in (mention.month, mention.day) if part
        )
    return Quantity(
        start=mention.start,
        end=mention.end,
        text=text[mention.start : mention.end],
        amount=Decimal(mention.first),
        upper_amount=Decimal(mention.last) if mention.last != mention.first else None,
        number_text=text[mention.start : mention.end],
        unit="年" if "年" in mention.text else "",
        canonical="",
        dimension="year",
        factor=Decimal(1),
        comparator="=",
        qualifiers=(),
        kind=kind,
        base_year=None,
        direction="",
        phrase_start=mention.start,
        phrase_end=mention.end,
        phrase=text[mention.start : mention.end],
        date=date,
        first=mention.first,
        last=mention.last,
    )


def _from_atom(text: str, plain: str, atom: Atom) -> Quantity:
    kind, dimension, factor = _kind(atom)
    phrase = read_phrase(plain, atom.start, atom.end, dimension, atom.inside)
    if kind in ("ordinal", "date"):
        phrase = replace(
            phrase,
            start=atom.start,
            end=atom.end,
            qualifiers=(),
            comparator="=",
            direction="",
            base_year=None,
        )
    return Quantity(
        start=atom.start,
        end=atom.end,
        text=text[atom.start : atom.end],
        amount=atom.amount,
        upper_amount=atom.upper,
        number_text=text[atom.start : atom.number_end],
        unit=atom.unit_text,
        canonical=atom.unit.canonical if atom.unit else "",
        dimension=dimension,
        factor=factor,
        comparator=phrase.comparator,
        qualifiers=phrase.qualifiers,
        kind=kind,
        base_year=phrase.base_year,
        direction=phrase.direction,
        phrase_start=phrase.start,
        phrase_end=phrase.end,
        phrase=text[phrase.start : phrase.end],
        date=atom.date,
    )


def _kind(atom: Atom) -> tuple[Kind, str, Decimal]:
    """Kind, dimension and factor to the base unit."""
    if atom.role == "fraction":
        return "fraction", "ratio", Decimal(100)
    if atom.role == "ordinal":
        return "ordinal", "ordinal", Decimal(1)
    if atom.role == "date":
        return "date", "date", Decimal(1)
    unit = atom.unit
    if unit is None:
        return "number", "", Decimal(1)
    if unit.dimension.startswith("money") and "/" not in unit.dimension:
        return "money", unit.dimension, unit.factor
    return _KINDS.get(unit.dimension, "quantity"), unit.dimension, unit.factor


def _inherit(plain: str, found: list[Quantity]) -> list[Quantity]:
    """较2015年增加94.3%和73.5%: the second value shares the change and the base year of the first."""
    done: list[Quantity] = []
    for q in found:
        last = done[-1] if done else None
        if (
            last is not None
            and last.direction
            and q.kind == last.kind
            and not q.direction
            and not q.qualifiers
            and q.dimension == last.dimension
            and _AND.fullmatch(plain, last.phrase_end, q.start)
        ):
            q = replace(q, direction=last.direction, base_year=last.base_year)
        done.append(q)
    return done
