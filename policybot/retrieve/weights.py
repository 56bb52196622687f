"""The ranking's weights, fixed and documented in ``data/weights.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from policybot.retrieve.datafile import bad_data, read_toml

_FILE = Path(__file__).resolve().parent / "data" / "weights.toml"

# Every feature a weight may name, by section; a weight left out counts as 0.
FEATURES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "search": frozenset(
            {"candidates", "pointed", "meant", "words", "asking", "vectors", "sentence_clause"}
        ),
        "clause": frozenset(
            {
                "words", "vectors", "meant", "coverage", "noted", "sentence", "run", "place",
                "document", "clause", "authority", "row", "column", "table", "bare_heading", "note",
            }
        ),
        "sentence": frozenset(
            {
                "coverage", "context", "heading", "year", "base", "place", "value", "number", "ruling",
                "definition", "near", "run",
            }
        ),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Weights:
    """Weights by feature name: `search` for the first choice, `clause` and `sentence` for the ranking."""

    search: Mapping[str, float]
    clause: Mapping[str, float]
    sentence: Mapping[str, float]


@cache
def load_weights(path: Path = _FILE) -> Weights:
    """Read and check the weights.

    Raises:
        CorpusError: an unknown section or feature, or a weight that is not a number.
    """
    data = read_toml(path)
    for section, weights in data.items():
        if section not in FEATURES or not isinstance(weights, dict):
            raise bad_data(path, f"unknown section [{section}]; known are {', '.join(FEATURES)}")
        for name, weight in weights.items():
            if name not in FEATURES[section]:
                raise bad_data(path, f"[{section}] has an unknown feature {name!r}")
            if isinstance(weight, bool) or not isinstance(weight, (int, float)):
                raise bad_data(path, f"[{section}] {name} must be a number")
    sections = ({k: float(v) for k, v in data.get(name, {}).items()} for name in FEATURES)
    return Weights(*sections)


def weighed(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Sum of the features times their weights."""
    total = 0.0
    for name, value in features.items():
        if value and name in weights:
            total += weights[name] * value
    return total
