"""Units of measure and counting words: how they are written and how they convert (data/units.csv).

Base units, in which two quantities of one dimension are compared: kW, kJ, tonne, m², m³, m, yuan,
month, day, %. Columns of the data file: `form` (as written), `canonical` (symbol), `dimension`,
`factor` (to the base unit), `english`/`plural` (for wording), `numerals` (which Chinese numerals may
stand before it, see `Numerals`), `not_before` (a regular expression that must not follow the form).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Literal

from policybot.corpus.wordlists import read_table
from policybot.errors import CorpusError
from policybot.facts.numerals import read_digits, read_scale
from policybot.patterns import lazy_pattern

DATA = Path(__file__).resolve().parent / "data"

# measure: any numeral, also a bare 百万 before it; time: no bare 百, 千, 万, 亿; count: nor a lone 一
# or 二, which are articles and ranks there (一个, 二类); digits: only digits.
Numerals = Literal["measure", "time", "count", "digits"]
_NUMERALS = frozenset({"measure", "time", "count", "digits"})

_SEPARATOR = lazy_pattern(r"[ \u00a0\u3000\u202f]{0,2}(?:[/／每]|per(?=[ ]))[ \u00a0\u3000\u202f]{0,2}")
_MULTIPLE = lazy_pattern(r"(?:[0-9][0-9,]*|[十百千万亿]+)[ \u00a0\u3000\u202f]{0,2}")
_SCALE = lazy_pattern(r"[十百千]?[万亿]|[百千](?![瓦米克焦卡伏])")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as one row of the data file has it, or a ratio of two (吨标准煤/万元).

    `word` says that the form is an English word, found in upper and lower case; `multiple` is the
    scale that a table's unit column carries (万立方米: 10000, worked into `factor`).
    """

    form: str
    canonical: str
    dimension: str
    factor: Decimal
    english: str
    plural: str
    numerals: Numerals
    not_before: re.Pattern[str] | None = field(default=None, compare=False)
    word: bool = False
    multiple: Decimal = Decimal(1)

    def stands_at(self, text: str, at: int) -> bool:
        """True when the form is written at `at`, whole and not as the start of another word."""
        end = at + len(self.form)
        if self.word:
            if text[at:end].lower() != self.form.lower():
                return False
        elif not text.startswith(self.form, at):
            return False
        last, following = self.form[-1], text[end : end + 1]
        if last.isascii() and last.isalnum() and following.isascii() and following.isalnum():
            return False
        return self.not_before is None or self.not_before.match(text, end) is None


@lru_cache(maxsize=4)
def load_units(file: Path | None = None) -> dict[str, tuple[Unit, ...]]:
    """Read and check the unit file (default: the built-in one).

    Returns the units by the first character of their form in lower case, longest form first.

    Raises:
        CorpusError: a row breaks the schema; the message names file and line.
    """
    file = file or DATA / "units.csv"
    columns = ("form", "canonical", "dimension", "factor", "english", "plural", "numerals", "not_before")
    rows = read_table(
        file,
        {**dict.fromkeys(columns), "numerals": _NUMERALS},
        may_be_empty=["canonical", "english", "plural", "not_before"],
    )
    found: dict[str, list[Unit]] = {}
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        form = row["form"]
        try:
            factor = Decimal(row["factor"])
        except InvalidOperation as error:
            raise _bad(file, line, f"{row['factor']!r}: {error}") from error
        if form in seen:
            raise _bad(file, line, f"{form} is given twice")
        if not (factor.is_finite() and factor > 0):
            raise _bad(file, line, "the factor must be positive")
        seen.add(form)
        numerals: Numerals = row["numerals"]  # type: ignore[assignment]  # one of them: checked by read_table
        unit = Unit(
            form=form,
            canonical=row["canonical"],
            dimension=row["dimension"],
            factor=factor,
            english=row["english"],
            plural=row["plural"],
            numerals=numerals,
            not_before=_following(file, line, row["not_before"]),
            word=form.isascii() and form.replace(" ", "").replace("-", "").isalpha() and len(form) >= 4,
        )
        found.setdefault(form[0].lower(), []).append(unit)
    return {first: tuple(sorted(units, key=lambda unit: -len(unit.form))) for first, units in found.items()}


def _following(file: Path, line: int, pattern: str) -> re.Pattern[str] | None:
    """What must not follow a form; a wrong pattern is named when it is first used."""
    if not pattern:
        return None
    return lazy_pattern(pattern, fault=lambda error: _bad(file, line, f"{pattern!r}: {error}"))


def match_unit(text: str, at: int) -> tuple[Unit, int] | None:
    """The unit that starts at `at` of `text`, and where it ends; None where there is none."""
    unit = _single(text, at)
    if unit is None:
        return None
    end = at + len(unit.form)
    separator = _SEPARATOR.match(text, end)
    if separator is None:
        return unit, end
    multiple = _MULTIPLE.match(text, separator.end())
    below_at = multiple.end() if multiple else separator.end()
    below = _single(text, below_at)
    if below is None or "label" in (unit.dimension, below.dimension):
        return unit, end
    finish = below_at + len(below.form)
    ratio = _ratio(unit, multiple.group().strip() if multiple else "", below, text[at:finish])
    return (ratio, finish) if ratio is not None else (unit, end)


@lru_cache(maxsize=256)
def find_unit(form: str) -> Unit | None:
    """The unit written `form`, whole: 千瓦, "kWh", 吨标准煤/万元, 万立方米; None when it is not known."""
    form = form.strip()
    found = match_unit(form, 0)
    if found is not None and found[1] == len(form):
        return found[0]
    scale = _SCALE.match(form)
    unit = find_unit(form[scale.end() :]) if scale is not None else None
    if scale is None or unit is None or unit.multiple != 1:
        return None
    multiple = read_scale(scale.group())
    return replace(unit, form=form, factor=unit.factor * multiple, multiple=multiple)


def _single(text: str, at: int) -> Unit | None:
    candidates = load_units().get(text[at : at + 1].lower(), ())
    return next((unit for unit in candidates if unit.stands_at(text, at)), None)


def _ratio(above: Unit, multiple: str, below: Unit, form: str) -> Unit | None:
    times = Decimal(1)
    if multiple:
        times = read_digits(multiple) if multiple[0].isdigit() else read_scale(multiple)
    if times == 0:
        return None
    count = f"{times:,f} " if times != 1 else ""
    per = f" per {count}{below.plural if count else below.english}"
    return Unit(
        form=form,
        canonical=f"{above.canonical}/{count}{below.canonical}",
        dimension=f"{above.dimension}/{below.dimension}",
        factor=above.factor / (times * below.factor),
        english=above.english + per,
        plural=above.plural + per,
        numerals=above.numerals,
    )


def _bad(file: Path, line: int, why: str) -> CorpusError:
    return CorpusError(
        f"The unit list {file}, line {line}, cannot be used: {why}.",
        "Correct the line.",
        what_zh=f"单位表 {file} 第 {line} 行无法使用：{why}。",
        hint_zh="请更正该行。",
    )
