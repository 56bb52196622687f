"""Speed of the scoring engine and the targets ledger, and how it grows with the number of cities.

    python evals/bench_scoring.py [--json] [--repeats N]

Times are medians of N runs in this process, in seconds. More cities are made by resampling: each copy is
a published city with a little seeded noise on its values. For the most cities the weightings are timed on
1,000 of them and scaled up (marked ≈), since 20,000 at once would take gigabytes. Exit code 0 when
20,000 weightings of the 33 complete cities take less than 0.2 s, else 1.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.evaluation.report import Grid
from policybot.facts.targets import find_targets
from policybot.scoring.engine import Configuration, normalise, score
from policybot.scoring.observations import Observations, published_observations
from policybot.scoring.robustness import can_be_top, dominated_pairs, ranks, robustness, simplex_lattice
from policybot.scoring.systems import builtin_systems

SYSTEM, DOMAIN = "dual-carbon-index-2022", "2"
LEADERS = ("乌鲁木齐", "贵阳", "兰州", "西宁", "石家庄")
WEIGHTINGS = 20_000
LIMIT = 0.2  # seconds for WEIGHTINGS × the complete cities
GROWTH = (1, 10, 100)
MOST = 1_000  # cities whose weightings are timed in full
SEED = 7
Times = dict[str, float]


def median(action: Callable[[], object], repeats: int) -> float:
    """Median seconds of an action, after one run that warms it up."""
    action()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def resampled(observations: Observations, factor: int) -> Observations:
    """`factor` times the units: the published ones and noisy copies of them."""
    random = np.random.default_rng(SEED)
    spread = np.nanstd(observations.values, axis=0) / 10
    blocks = [observations.values]
    units = list(observations.units)
    for copy in range(1, factor):
        blocks.append(observations.values + random.normal(0, 1, observations.values.shape) * spread)
        units += [f"{unit}#{copy}" for unit in observations.units]
    return replace(
        observations,
        units=tuple(units),
        values=np.concatenate(blocks),
        cells=observations.cells * factor,
    )


def measure_cities(observations: Observations, repeats: int) -> Times:
    """Seconds of each stage for one set of cities."""
    complete = observations.complete
    values = normalise(observations, Configuration())[complete]
    lattice = simplex_lattice(values.shape[1], WEIGHTINGS)
    many = len(values) > MOST
    few = 1 if many else repeats
    block = lattice[:: len(lattice) // 1_000] if many else lattice
    share = len(lattice) / len(block)
    pairs = median(lambda: dominated_pairs(values), few)
    whole = median(lambda: robustness(observations, 5, len(block)), few)
    return {
        "cities": float(len(values)),
        "score": median(lambda: score(observations), few),
        "weightings": share * median(lambda: ranks(block @ values.T), few),
        "fixed pairs": pairs,
        "robustness": max(whole - pairs, 0) * share + pairs,
        "certificates": median(lambda: can_be_top(observations, LEADERS), few),
    }


def measure(corpus: Corpus, repeats: int) -> dict[str, list[Times] | Times]:
    """All measurements."""
    observations = published_observations(builtin_systems()[SYSTEM], corpus, DOMAIN)
    clauses = float(len(corpus.clauses))
    ledger: Times = {
        "clauses": clauses,
        "targets": float(len(find_targets(corpus))),
        "seconds": median(lambda: find_targets(corpus), repeats),
    }
    cities = [measure_cities(resampled(observations, factor), repeats) for factor in GROWTH]
    return {"cities": cities, "ledger": ledger}


def grid(cities: list[Times]) -> Grid:
    """Stages by number of cities."""
    header = ["seconds", *(f"{c['cities']:.0f} cities" for c in cities), *(f"×{f}" for f in GROWTH[1:])]
    names = {
        "score": "score and rank",
        "weightings": f"{WEIGHTINGS:,} weightings, ranked",
        "fixed pairs": "pairs no weighting changes",
        "robustness": "robustness, all of it",
        "certificates": f"certificates of {len(LEADERS)} leaders",
    }
    rows = [
        [title, *(_shown(c, key) for c in cities), *(f"{c[key] / cities[0][key]:.0f}" for c in cities[1:])]
        for key, title in names.items()
    ]
    return Grid("Scoring domain 2 (medians; ×10 and ×100 are times as long)", header, rows)


def _shown(times: Times, key: str) -> str:
    estimated = key in ("weightings", "robustness") and times["cities"] > MOST
    return f"{'≈ ' if estimated else ''}{times[key]:.4f}"


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Speed of scoring and of the targets ledger.")
    parser.add_argument("--json", action="store_true", help="print the measurements as one JSON object")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each stage (default 5)")
    options = parser.parse_args()
    result = measure(load_corpus(), max(1, options.repeats))
    cities, ledger = result["cities"], result["ledger"]
    assert isinstance(cities, list) and isinstance(ledger, dict)
    taken = cities[0]["weightings"]
    if options.json:
        print(json.dumps(result))
    else:
        print(grid(cities).render(), end="\n\n")
        print(
            f"Targets ledger: {ledger['targets']:.0f} targets from {ledger['clauses']:,.0f} clauses "
            f"in {ledger['seconds']:.3f} s."
        )
        kept = "kept" if taken < LIMIT else "BROKEN"
        count = f"{WEIGHTINGS:,} weightings × {cities[0]['cities']:.0f} cities"
        print(f"{count}: {taken:.3f} s, limit {LIMIT} s {kept}.")
    return 0 if taken < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
