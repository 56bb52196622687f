"""Groups, limits and tables of a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from policybot.errors import PolicybotError
from policybot.evaluation.report import (
    Grid,
    Threshold,
    failures,
    held,
    load_thresholds,
    percent,
    plain,
)

EVALS = Path(__file__).resolve().parents[2] / "evals"


def test_limits_that_are_broken_are_named_and_unmeasured_groups_left_out() -> None:
    limits = [
        Threshold("dev/zh", "right", at_least=0.8),
        Threshold("dev/en", "right", at_least=0.8),
        Threshold("dev/zh", "calibration_error", at_most=0.1),
        Threshold("dev/zh", "kept", at_least=0.5),
    ]
    broken = failures(limits, {"dev/zh": {"right": 0.79, "calibration_error": 0.2, "kept": None}})
    assert len(broken) == 3
    assert broken[0] == "dev/zh right is 0.790, below 0.800"
    assert "above 0.100" in broken[1]
    assert "nothing was measured" in broken[2]
    assert failures(limits[:1], {"dev/zh": {"right": 0.8}}) == []


def test_limits_are_held_against_a_summary() -> None:
    limits = [Threshold("dev/zh", "right", at_least=0.8), Threshold("dev/en", "right", at_least=0.8)]
    summary = {"groups": {"dev/zh": {"n": 3, "figures": {"right": {"value": 0.7}}}}}
    (checked,) = held(limits, summary)
    assert (checked.limit, checked.value) == (limits[0], 0.7)
    assert "below 0.800" in checked.failure
    (unmeasured,) = held([Threshold("dev/zh", "premise", at_least=0.8)], summary)
    assert "nothing was measured" in unmeasured.failure


@pytest.mark.parametrize("section", ["quality", "speed"])
def test_committed_limits_are_read(section: str) -> None:
    assert len(load_thresholds(EVALS / "thresholds.toml", section)) >= 4


@pytest.mark.parametrize(
    "text",
    [
        '[[quality]]\ngroup = "dev/zh"\nfigure = "right"\n',
        '[[quality]]\ngroup = "dev/zh"\nfigure = "right"\nat_least = "high"\n',
        '[[quality]]\nfigure = "right"\nat_least = 1\n',
        "[[quality]",
    ],
)
def test_wrong_limits_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "thresholds.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicybotError, match=r"thresholds\.toml"):
        load_thresholds(file, "quality")


def test_tables_are_aligned() -> None:
    text = Grid("Title", ["group", "n"], [["dev/zh", "9"], ["x", "120"]]).render()
    assert text.split("\n") == ["Title", "group     n", "-----------", "dev/zh    9", "x       120"]


def test_numbers_are_put_for_people_and_for_json() -> None:
    assert percent(0.12345) == "12.3"
    assert percent(None) == "–"
    assert plain({"a": (0.12345678, None, "x")}) == {"a": [0.123457, None, "x"]}
