"""Boosted decision trees as `evals/fit_confidence.py` writes them: no library is needed to ask them.

A file holds ``features`` (names, in the order that nodes count them), ``base`` and ``trees``; a tree is its
nodes, of which the first is the root: a leaf is a number, another node [feature, threshold, node for values
up to the threshold, node for others].
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Node = float | tuple[int, float, int, int]


@dataclass(frozen=True)
class Forest:
    """Trees whose leaves add up to the logarithm of odds."""

    features: tuple[str, ...]
    base: float
    trees: tuple[tuple[Node, ...], ...]

    def score(self, features: Mapping[str, float]) -> float:
        """The sum over all trees; a feature that is not given counts as 0."""
        values = [features.get(name, 0.0) for name in self.features]
        total = self.base
        for nodes in self.trees:
            node = nodes[0]
            while isinstance(node, tuple):
                feature, threshold, low, high = node
                node = nodes[low if values[feature] <= threshold else high]
            total += node
        return total

    @classmethod
    def load(cls, path: Path) -> Forest:
        """Reads a file.

        Raises:
            OSError, ValueError, KeyError, TypeError: it is missing or damaged.
        """
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        features = tuple(str(name) for name in data["features"])
        trees = tuple(tuple(_node(node) for node in nodes) for nodes in data["trees"])
        for nodes in trees:
            for number, node in enumerate(nodes):
                # Nodes below stand behind, so that every walk ends.
                if isinstance(node, tuple) and not (
                    0 <= node[0] < len(features) and all(number < n < len(nodes) for n in node[2:])
                ):
                    raise ValueError(f"node {number} of a tree leads nowhere")
        if not all(trees):
            raise ValueError("a tree has no node")
        return cls(features, float(data["base"]), trees)


def _node(node: Any) -> Node:
    if isinstance(node, list):
        feature, threshold, low, high = node
        return int(feature), float(threshold), int(low), int(high)
    return float(node)
