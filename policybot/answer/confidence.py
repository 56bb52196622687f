"""One scale for how likely an answer is right: a logistic function of what retrieval and the makers measured.

Coefficients are kept in ``data/confidence.toml``; ``evals/fit_confidence.py`` fits them on the development
questions. An open question (what about …, may …, how …), which names no kind of value, has coefficients of
its own: people put such questions in words of their own, so that words the documents lack say less, and
what the documents do not say is seldom asked that way. So have documents without annotations, to which no
question is as near in meaning.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from policybot.answer.asks import DATA, data_fault

FEATURES = (
    "cover",
    "own",
    "wide",
    "found",
    "margin",
    "year_fit",
    "kind_fit",
    "kind_miss",
    "foreign",
    "astray",
    "stray",
    "head_lacks",
    "clause_lacks",
    "value",
    "table",
    "row",
    "list",
    "defines",
    "lacking",
    "unknown",
    "place_lacks",
    "year_lacks",
    "decided",
    "worst",
    "elsewhere",
    "kind_lacks",
    "lost",
    "precision",
    "valued",
    "document_lacks",
    "score",
    "near",
    "near_share",
    "near_gap",
    "decided_by_words",
    "meant",
    "meant_lost",
    "meant_gap",
    "concepts",
    "heads",
    "yes_no",
)

BARE = "bare"  # ends the sections for documents without annotations, and the feature that says so
OPEN = "open"  # the section for sentences that answer an open question, and the feature that says so


def confidence(features: Mapping[str, float], maker: str) -> float:
    """Probability (0–1) that an answer with these features is right; 0.97 for look-ups by name."""
    if features.get("clause"):
        return 0.97
    weights = load_confidence()
    section = OPEN if features.get(OPEN) and OPEN in weights else maker if maker in weights else "default"
    if features.get(BARE) and f"{section}_{BARE}" in weights:
        section = f"{section}_{BARE}"
    table = weights[section]
    total = table["bias"] + sum(table.get(name, 0.0) * features.get(name, 0.0) for name in FEATURES)
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total)))), 4)


@cache
def load_confidence(path: Path = DATA / "confidence.toml") -> dict[str, dict[str, float]]:
    """Coefficients by maker.

    Raises:
        CorpusError: the file is missing, not TOML, or names an unknown feature.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise data_fault(path, str(error)) from error
    if "default" not in data:
        raise data_fault(path, "[default] is missing")
    for maker, table in data.items():
        for name, value in table.items():
            if name != "bias" and name not in FEATURES:
                raise data_fault(path, f"[{maker}] has an unknown feature {name!r}")
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise data_fault(path, f"[{maker}] {name} must be a number")
        if "bias" not in table:
            raise data_fault(path, f"[{maker}] has no bias")
    return {maker: {k: float(v) for k, v in table.items()} for maker, table in data.items()}
