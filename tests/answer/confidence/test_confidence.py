"""The confidence of drafts: trees that were fitted, coefficients set by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.answer.confidence.forest import Forest
from policybot.answer.confidence.scale import FEATURES, MAKER, confidence, load_confidence, load_forest
from policybot.answer.wording.draft import Draft
from policybot.errors import CorpusError

SHARES = st.dictionaries(st.sampled_from(FEATURES), st.floats(0, 1), max_size=12)
MAKERS = st.sampled_from(["statement", "value", "plan", "premise", "rank", "something new"])
# What is said of a draft only ever speaks against it.
AMISS = ("place_lacks", "year_lacks", "kind_lacks", "lost", "unknown", "lacking", "unanswered")


def draft(maker: str, features: dict[str, float], status: str = "answered") -> Draft:
    return Draft(maker, (), 0.5, status, features=features)  # type: ignore[arg-type]


@given(MAKERS, SHARES, st.sampled_from(["answered", "not_found"]))
def test_a_confidence_is_a_probability(maker: str, features: dict[str, float], status: str) -> None:
    assert 0.0 <= confidence(draft(maker, features, status)) <= 1.0


@given(st.sampled_from(["statement", "value"]), SHARES, st.sampled_from(AMISS))
def test_what_is_amiss_never_helps(maker: str, features: dict[str, float], amiss: str) -> None:
    features.pop("clause", None)
    better, worse = ({**features, amiss: share} for share in (0.0, 1.0))
    assert confidence(draft(maker, worse)) <= confidence(draft(maker, better)) + 1e-9


def test_a_well_covered_sentence_is_surer_than_one_about_something_else() -> None:
    met = {"cover": 0.95, "own": 0.9, "wide": 1.0, "found": 1.0, "score": 0.95, "margin": 0.2, "near": 0.7}
    met |= {
        "read": 3.0,
        "whole_read": 3.0,
        "told": 0.8,
        "share": 0.5,
        "near_share": 1.0,
        "near_gap": 0.2,
        "meant": 0.8,
        "beyond": 0.3,
        "unanswered": 0.5,
    }
    stray = {
        "cover": 0.3,
        "own": 0.1,
        "found": 0.6,
        "score": 0.4,
        "lacking": 0.6,
        "unknown": 0.5,
        "worst": 0.5,
    }
    stray |= {
        "near": 0.2,
        "near_share": 0.6,
        "meant": 0.4,
        "meant_lost": 0.2,
        "unanswered": 0.8,
        "beyond": -0.4,
    }
    assert confidence(draft("statement", met)) > 0.7
    assert confidence(draft("statement", stray)) < 0.2


def test_a_clause_asked_for_by_name_needs_no_weighing() -> None:
    assert confidence(draft("clause", {"clause": 1.0})) == 0.97


@given(st.data())
def test_a_forest_gives_what_its_trees_say(data: st.DataObject) -> None:
    """A forest of single questions is a sum that can be told without it."""
    count = data.draw(st.integers(1, 6))
    cuts = data.draw(st.lists(st.floats(-1, 1), min_size=count, max_size=count))
    leaves = data.draw(
        st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), min_size=count, max_size=count)
    )
    values = data.draw(st.lists(st.floats(-1, 1), min_size=count, max_size=count))
    names = tuple(f"f{n}" for n in range(count))
    trees = tuple(
        ((n, cut, 1, 2), low, high) for n, (cut, (low, high)) in enumerate(zip(cuts, leaves, strict=True))
    )
    total = sum(
        low if value <= cut else high for value, cut, (low, high) in zip(values, cuts, leaves, strict=True)
    )
    forest = Forest(names, 0.25, trees)
    assert forest.score(dict(zip(names, values, strict=True))) == pytest.approx(0.25 + total)


def test_the_shipped_trees_know_their_features() -> None:
    forest = load_forest()
    assert f"{MAKER}statement" in forest.features and f"{MAKER}value" in forest.features
    assert {node[0] for nodes in forest.trees for node in nodes if isinstance(node, tuple)} <= set(
        range(len(forest.features))
    )
    by_hand = {name for table in load_confidence().values() for name in table}
    assert by_hand <= {*FEATURES, "bias"}


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        "[]",
        json.dumps({"features": ["cover"], "base": 0.0, "trees": [[]]}),
        json.dumps({"features": ["cover"], "base": 0.0, "trees": [[[0, 0.5, 0, 1], 1.0]]}),
        json.dumps({"features": ["cover"], "base": 0.0, "trees": [[[3, 0.5, 1, 2], 1.0, 2.0]]}),
        json.dumps({"features": ["charm"], "base": 0.0, "trees": [[1.0]]}),
    ],
)
def test_a_broken_forest_is_named(content: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"broken\.json"):
        load_forest(file)
