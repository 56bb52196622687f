"""Figures of a search: recall, reciprocal rank and discounted gain of one question, by ir-measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policybot.errors import PolicybotError

CUTOFFS = (1, 5, 10)
# Hits asked for: more than the last cutoff, because hits that repeat a place already found are dropped.
DEPTH = 3 * max(CUTOFFS)
NAMES = (*(f"recall@{k}" for k in CUTOFFS), "mrr", "ndcg@10")


def ranking(hits: Iterable[Sequence[str]], units: Sequence[frozenset[str]]) -> list[str]:
    """Document names for ir-measures from a ranked list of groups of copies.

    Each hit is the ids of one clause and of its copies. A hit that holds a unit not found before is
    named after it ("gold-0"); any other hit after its first id; a hit that repeats a unit is dropped,
    so that copies and other places saying the same do not push what follows down the list.
    """
    names: list[str] = []
    found: set[int] = set()
    for ids in hits:
        held = [u for u, unit in enumerate(units) if unit.intersection(ids)]
        fresh = [u for u in held if u not in found]
        if held and not fresh:
            continue
        found.update(fresh)
        names.extend([f"gold-{u}" for u in fresh] or [ids[0]])
    return names


def scores(
    runs: Mapping[str, tuple[Sequence[Sequence[str]], Sequence[frozenset[str]]]],
    grades: Mapping[str, Sequence[int]] | None = None,
) -> dict[str, dict[str, float]]:
    """Question id → its figures (`NAMES`), each in 0…1.

    Args:
        runs: question id → (ranked hits, units of gold), as `ranking` takes them. Questions without
            gold must be left out.
        grades: question id → how relevant each unit is, from 1 up; 1 for all when left out.

    Raises:
        PolicybotError: ir-measures is not installed.
    """
    if not runs:
        return {}
    measures = _measures()
    qrels, run = [], []
    for identity, (hits, units) in runs.items():
        graded = grades[identity] if grades else [1] * len(units)
        qrels += [measures.Qrel(identity, f"gold-{u}", grade) for u, grade in enumerate(graded)]
        names = dict.fromkeys(ranking(hits, units))
        # A question without any hit must count as one that finds nothing, not be left out.
        listed = list(names) or ["nothing"]
        run += [measures.ScoredDoc(identity, name, -float(rank)) for rank, name in enumerate(listed)]
    wanted = {measures.R @ k: f"recall@{k}" for k in CUTOFFS}
    wanted |= {measures.RR: "mrr", measures.nDCG @ 10: "ndcg@10"}
    found: dict[str, dict[str, float]] = {identity: dict.fromkeys(NAMES, 0.0) for identity in runs}
    for metric in measures.iter_calc(list(wanted), qrels, run):
        found[metric.query_id][wanted[metric.measure]] = float(metric.value)
    return found


def need_measures() -> None:
    """Raises PolicybotError when ir-measures is not installed, so that a run says so before it begins."""
    _measures()


def _measures() -> Any:
    try:
        import ir_measures
    except ImportError as error:
        raise PolicybotError(
            "The retrieval figures need the package ir-measures.",
            "Install it with pip install 'policybot[eval]'.",
            what_zh="检索指标需要 ir-measures 软件包。",
            hint_zh="请运行 pip install 'policybot[eval]'。",
        ) from error
    return ir_measures
