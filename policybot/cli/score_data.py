"""Results of the scoring engine as JSON: kind "computed", every input with its place, a fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from policybot.cli.anchors import city_name, number, place_of

if TYPE_CHECKING:
    from policybot.corpus.model import Corpus
    from policybot.facts.rankings import PublishedList
    from policybot.scoring.engine import Configuration, Entry, Ranking
    from policybot.scoring.explain import Explanation, WhatIf
    from policybot.scoring.robustness import Certificate, Robustness
    from policybot.scoring.systems import IndexSystem, Indicator
    from policybot.tools.scores import Scored

NOTE = "computed, not the published ranking"


def system_data(system: IndexSystem) -> dict[str, Any]:
    """An index system with the origin of every direction and of the data."""
    return {
        "id": system.id,
        "title_zh": system.title_zh,
        "title_en": system.title_en,
        "document": system.document,
        "table": system.table,
        "scale": list(system.scale),
        "domains": [
            {
                "id": d.id,
                "zh": d.zh,
                "en": d.en,
                "weight": d.weight,
                "indicators": [_indicator(i) for i in d.indicators],
            }
            for d in system.domains
        ],
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "id": indicator.id,
        "zh": indicator.zh,
        "en": indicator.en,
        "direction": indicator.direction,
        "direction_source": indicator.direction_source,
        "unit": indicator.unit,
        "weight": indicator.weight,
        "data": indicator.data.table if indicator.data else None,
        "image": indicator.image or None,
    }


def head(values: Scored, configuration: Configuration | None) -> dict[str, Any]:
    """What every computed result begins with: that it is computed, of what, how, and what it covers."""
    data: dict[str, Any] = {
        "kind": "computed",
        "note": NOTE,
        "system": values.system.id,
        "domain": values.domain or None,
        "coverage": {
            "covered": values.covered,
            "domain": values.indicators if values.domain else None,
            "index": len(values.system.indicators),
            "absent": [i.id for i in values.observations.absent],
        },
    }
    if configuration is not None:
        data["configuration"] = asdict(configuration) | {"weights": dict(configuration.weights)}
    if values.sheet is not None:
        data["read"] = [{"row": n.row, "column": n.column, "note": n.what} for n in values.sheet.notes]
    return data


def _inputs(corpus: Corpus, values: Scored, unit: str) -> list[dict[str, Any]]:
    from policybot.tools.scores import input_place

    observations = values.observations
    row = observations.units.index(unit)
    found = []
    for j, indicator in enumerate(observations.indicators):
        source, line = input_place(values, corpus, row, j)
        cell = observations.cells[row][j]
        entry = {"indicator": indicator.id, "value": number(float(observations.values[row, j]))}
        found.append(entry | {"text": cell.text if cell else None, "source": source, "line": line})
    return found


def _scale(values: Scored, ranking: Ranking) -> list[dict[str, Any]]:
    return [
        _indicator(i) | {"weight": number(w), "low": number(low), "high": number(high)}
        for i, w, low, high in zip(
            values.observations.indicators, ranking.weights, ranking.low, ranking.high, strict=True
        )
    ]


def ranking_data(
    corpus: Corpus, values: Scored, configuration: Configuration, ranking: Ranking
) -> dict[str, Any]:
    """A ranking: scores as [low, high] and ranks as [best, worst], equal for a complete unit."""
    return head(values, configuration) | {
        "fingerprint": ranking.fingerprint,
        "mean": number(ranking.mean),
        "indicators": _scale(values, ranking),
        "units": [_entry(e) | {"inputs": _inputs(corpus, values, e.unit)} for e in ranking.entries],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "unit": entry.unit,
        "name_en": city_name(entry.unit, "en"),
        "complete": entry.complete,
        "score": [number(entry.low), number(entry.high)],
        "rank": [entry.best, entry.worst],
        "coverage": number(entry.coverage),
        "normalised": [number(v) for v in entry.normalised],
        "contributions": [number(v) for v in entry.contributions],
    }


def explanation_data(
    corpus: Corpus, values: Scored, configuration: Configuration, explanation: Explanation
) -> dict[str, Any]:
    """A score taken apart; `adds_up` is checked on the exact figures."""
    from policybot.scoring.explain import adds_up

    inputs = _inputs(corpus, values, explanation.unit)
    complete = explanation.low == explanation.high
    return head(values, configuration) | {
        "fingerprint": explanation.fingerprint,
        "unit": explanation.unit,
        "score": [number(explanation.low), number(explanation.high)],
        "rank": [explanation.best, explanation.worst],
        "mean": number(explanation.mean),
        "adds_up": adds_up(explanation) if complete else None,
        "parts": [
            {
                "indicator": p.indicator.id,
                "zh": p.indicator.zh,
                "en": p.indicator.en,
                "direction": p.indicator.direction,
                "direction_source": p.indicator.direction_source,
                "weight": number(p.weight),
                "low": number(p.low),
                "high": number(p.high),
                "normalised": number(p.normalised),
                "contribution": number(p.contribution),
                "deviation": number(p.deviation),
                "input": given,
            }
            for p, given in zip(explanation.parts, inputs, strict=True)
        ],
    }


def what_if_data(
    corpus: Corpus, values: Scored, configuration: Configuration, found: WhatIf
) -> dict[str, Any]:
    """What each indicator alone would have to exceed (or undercut, direction "min")."""
    inputs = _inputs(corpus, values, found.unit)
    return head(values, configuration) | {
        "fingerprint": found.fingerprint,
        "unit": found.unit,
        "top": found.top,
        "rank": found.rank,
        "score": number(found.score),
        "holder": found.holder,
        "threshold": number(found.threshold),
        "changes": [
            {
                "indicator": c.indicator.id,
                "zh": c.indicator.zh,
                "en": c.indicator.en,
                "direction": c.indicator.direction,
                "unit": c.indicator.unit,
                "current": number(c.current),
                "needed": number(c.needed),
                "reason": c.reason,
                "input": given,
            }
            for c, given in zip(found.changes, inputs, strict=True)
        ],
    }


def robustness_data(
    corpus: Corpus,
    values: Scored,
    found: Robustness,
    proofs: Sequence[Certificate],
    leaders: PublishedList | None,
) -> dict[str, Any]:
    """Rank intervals, chances and proofs."""
    published: dict[str, Any] | None = None
    if leaders is not None:
        published = {
            "places": list(leaders.places), "order_claimed": leaders.ordered, "quote": leaders.quote.text
        } | place_of(corpus, leaders.quote)  # fmt: skip
    return head(values, None) | {
        "fingerprint": fingerprint(values, found),
        "weightings": found.weightings,
        "normalisations": list(found.normalisations),
        "top": found.top,
        "fixed_pairs": found.fixed_pairs,
        "pairs": found.pairs,
        "units": [
            {
                "unit": i.unit,
                "name_en": city_name(i.unit, "en"),
                "best": i.best,
                "worst": i.worst,
                "chance": number(i.chance),
                "inputs": _inputs(corpus, values, i.unit),
            }
            for i in found.intervals
        ],
        "published_leaders": published,
        "certificates": [
            {
                "unit": c.unit,
                "possible": c.possible,
                "weights": [_coarse(w) for w in c.weights],
                "mixture": {unit: _coarse(share) for unit, share in c.mixture},
                "mixed": [_coarse(v) for v in c.mixed],
                "values": [number(v) for v in c.values],
            }
            for c in proofs
        ],
    }


def fingerprint(values: Scored, found: Robustness) -> str:
    """SHA-256 over the inputs and what was tried."""
    tried = [found.weightings, list(found.normalisations), found.top]
    text = values.observations.fingerprint() + json.dumps(tried)
    return hashlib.sha256(text.encode()).hexdigest()


def _coarse(value: float) -> float:
    """A figure of the linear programme's solver, whose last digits are not the same everywhere."""
    return round(value, 6) + 0.0
