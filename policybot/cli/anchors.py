"""Where a fact stands: source file and line, for people and for JSON."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policybot.corpus.model import AnchoredText, Cell, Clause, Corpus
    from policybot.facts.places import Places

_DIGITS = 10  # decimals of computed figures in JSON, so that they are the same on every machine


def place_of(corpus: Corpus, text: AnchoredText) -> dict[str, Any]:
    """`source` and `line` at which a text begins."""
    start, _ = text.source_range()
    return {"source": text.file, "line": corpus.sources[text.file].line_of(start)}


def at(corpus: Corpus, text: AnchoredText) -> str:
    """`file:line` of a text."""
    found = place_of(corpus, text)
    return f"{found['source']}:{found['line']}"


def clause_place(clause: Clause) -> dict[str, Any]:
    """Id, label, `source` and `line` of a clause."""
    return {"clause": clause.id, "label": clause.label, "source": clause.text.file, "line": clause.line_start}


def label_of(corpus: Corpus, clause: str, language: str) -> str:
    """A clause's label in a language."""
    found = corpus.clauses[clause]
    return found.label if language == "zh" or not found.label_en else found.label_en


def cell_data(corpus: Corpus, cell: Cell) -> dict[str, Any]:
    """A cell as JSON: text, kind, value and where it stands."""
    data: dict[str, Any] = {"text": cell.text, "kind": cell.kind, "value": cell.value, "unit": cell.unit}
    return data | (place_of(corpus, cell.anchor) if cell.anchor is not None else {})


def number(value: float | None) -> float | None:
    """A computed figure for JSON: rounded far below what is shown, None where there is none."""
    if value is None or not math.isfinite(value):
        return None
    return round(value, _DIGITS) + 0.0  # no negative zero


def city_name(name: str, language: str) -> str:
    """A city's name in a language: Shijiazhuang for 石家庄; other names as they are."""
    place = _places().get(name) if language == "en" else None
    return place.en[0] if place is not None and place.en else name


def city_names(names: tuple[str, ...] | list[str], language: str) -> str:
    """Several names in a row."""
    return ("、" if language == "zh" else ", ").join(city_name(n, language) for n in names)


@cache
def _places() -> Places:
    from policybot.facts.places import Places

    return Places.load()
