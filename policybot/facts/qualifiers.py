"""Words around a quantity that say how it is meant: 力争, 左右, 以上, 不低于, 比…下降 (data/qualifiers.csv).

Columns of the data file: `form`; `position` (before, after or inside the number); `role` (aim: a
wish or an expectation, bound: a limit, approx, level: the level reached, change: the amount of a
change, rate: how it was averaged, plain: says nothing about the value); `comparator`; `direction`;
`english` (a template with {} for the value, or the words of an aim); `not_after` (a regular
expression for a character before which the form is part of another word); `only` (dimensions).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from policybot.corpus.wordlists import read_table

DATA = Path(__file__).resolve().parent / "data"

Comparator = Literal["=", ">=", "<=", ">", "<", "≈"]
Direction = Literal["", "up", "down"]
Role = Literal["aim", "bound", "approx", "level", "change", "rate", "plain"]

SPACES = " \u00a0\u3000\u202f"


@dataclass(frozen=True, slots=True)
class Qualifier:
    """One row of the data file."""

    form: str
    role: Role
    comparator: str
    direction: Direction
    english: str
    not_after: str
    only: frozenset[str]


@dataclass(frozen=True, slots=True)
class QualifierTable:
    """The qualifiers by position, by their form in lower case; `longest` is the longest form before."""

    before: dict[str, Qualifier]
    after: dict[str, Qualifier]
    inside: dict[str, Qualifier]
    longest: int
    longest_after: int

    def get(self, form: str) -> Qualifier | None:
        """The qualifier written `form`, wherever it stands."""
        form = form.lower()
        return self.before.get(form) or self.after.get(form) or self.inside.get(form)


@dataclass(frozen=True, slots=True)
class Found:
    """A qualifier as it stands in a text."""

    start: int
    end: int
    qualifier: Qualifier


@lru_cache(maxsize=4)
def load_qualifiers(file: Path | None = None) -> QualifierTable:
    """Read and check the qualifier file (default: the built-in one).

    Raises:
        CorpusError: a row breaks the schema; the message names file and line.
    """
    rows = read_table(
        file or DATA / "qualifiers.csv",
        {
            "form": None,
            "position": frozenset({"before", "after", "inside"}),
            "role": frozenset({"aim", "bound", "approx", "level", "change", "rate", "plain"}),
            "comparator": frozenset({"", ">=", "<=", ">", "<", "≈"}),
            "direction": frozenset({"", "up", "down"}),
            "english": None,
            "not_after": None,
            "only": None,
        },
        may_be_empty=["comparator", "direction", "not_after", "only"],
    )
    by_position: dict[str, dict[str, Qualifier]] = {"before": {}, "after": {}, "inside": {}}
    for row in rows:
        only = frozenset(part for part in row["only"].split(";") if part)
        by_position[row["position"]][row["form"].lower()] = Qualifier(
            form=row["form"],
            role=row["role"],  # type: ignore[arg-type]  # one of them: checked by read_table
            comparator=row["comparator"],
            direction=row["direction"],  # type: ignore[arg-type]
            english=row["english"],
            not_after=row["not_after"],
            only=only,
        )
    before, after = by_position["before"], by_position["after"]
    return QualifierTable(before, after, by_position["inside"], max(map(len, before)), max(map(len, after)))


def ending_at(text: str, at: int) -> Found | None:
    """The longest qualifier that ends at `at`, white space before `at` passed over."""
    table = load_qualifiers()
    while at > 0 and text[at - 1] in SPACES:
        at -= 1
    for length in range(min(table.longest, at), 0, -1):
        qualifier = table.before.get(text[at - length : at].lower())
        if qualifier is None:
            continue
        start = at - length
        previous = text[start - 1 : start]
        if qualifier.form[0].isascii() and previous.isascii() and previous.isalnum():
            continue
        if qualifier.not_after and previous and re.match(qualifier.not_after, previous):
            continue
        return Found(start, at, qualifier)
    return None


def starting_at(text: str, at: int, dimension: str) -> Found | None:
    """The longest qualifier that starts at `at` (white space passed over) after a value of `dimension`."""
    table = load_qualifiers()
    while at < len(text) and text[at] in SPACES:
        at += 1
    for length in range(min(table.longest_after, len(text) - at), 0, -1):
        qualifier = table.after.get(text[at : at + length].lower())
        if qualifier is None or (qualifier.only and dimension not in qualifier.only):
            continue
        following = text[at + length : at + length + 1]
        if qualifier.form[-1].isascii() and following.isascii() and following.isalnum():
            continue
        return Found(at, at + length, qualifier)
    return None
