"""One scale for how likely an answer is right, from what retrieval and the makers measured.

``answer/data/confidence.json`` holds decision trees that ``evals/fit_confidence.py`` fits on the development
questions, for the makers of which these have enough answers. The few others have logistic coefficients set by
hand, in ``answer/data/confidence.toml``.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from policybot.answer.confidence.forest import Forest
from policybot.answer.datafiles import DATA
from policybot.answer.wording.draft import Draft
from policybot.retrieve.datafile import bad_data

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
    "unanswered",
    "beyond",
    "share",
    "unanswered_share",
    "told",
    "told_lost",
    "read",
    "read_lost",
    "whole_read",
    "judged",
    "concepts",
    "heads",
    "yes_no",
    "open",
    "bare",
    "chinese",
)

VETO = "veto"  # the section that is added to what the trees say
MAKER = "maker:"  # begins the names of features that say which maker an answer is of


TITLED, TITLED_COVER = 0.5, 0.9  # least confidence in a list named by its title, from which cover on


def confidence(draft: Draft) -> float:
    """Probability (0–1) that a draft is a right answer; 0.97 for look-ups by name."""
    features, maker = draft.features, draft.maker
    if features.get("clause"):
        return 0.97
    forest, weights, own = load_forest(), load_confidence(), f"{MAKER}{maker}"
    if draft.status == "answered" and own in forest.features:
        total = forest.score({**features, own: 1.0}) + _weighed(weights[VETO], features)
    else:
        total = _weighed(weights.get(maker, weights["default"]), features)
    sure = round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total)))), 4)
    # Trees saw few lists, and those of documents of others are mostly wrong: one that is asked for by its
    # whole title and carries the question is the list under that title.
    told = features.get("titled") and features.get("cover", 0.0) >= TITLED_COVER and not features.get("bare")
    return max(sure, TITLED) if told else sure


def _weighed(table: Mapping[str, float], features: Mapping[str, float]) -> float:
    return table["bias"] + sum(w * features.get(n, 0.0) for n, w in table.items() if n != "bias")


@cache
def load_forest(path: Path = DATA / "confidence.json") -> Forest:
    """The trees.

    Raises:
        CorpusError: the file is missing or damaged, or names an unknown feature.
    """
    try:
        forest = Forest.load(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise bad_data(path, str(error)) from error
    strange = [n for n in forest.features if n not in FEATURES and not n.startswith(MAKER)]
    if strange:
        raise bad_data(path, f"unknown feature {strange[0]!r}")
    return forest


@cache
def load_confidence(path: Path = DATA / "confidence.toml") -> dict[str, dict[str, float]]:
    """Coefficients set by hand, by maker.

    Raises:
        CorpusError: the file is missing, not TOML, or names an unknown feature.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise bad_data(path, str(error)) from error
    if missing := {"default", VETO} - set(data):
        raise bad_data(path, f"[{min(missing)}] is missing")
    for maker, table in data.items():
        for name, value in table.items():
            if name != "bias" and name not in FEATURES:
                raise bad_data(path, f"[{maker}] has an unknown feature {name!r}")
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise bad_data(path, f"[{maker}] {name} must be a number")
        if "bias" not in table:
            raise bad_data(path, f"[{maker}] has no bias")
    return {maker: {k: float(v) for k, v in table.items()} for maker, table in data.items()}
