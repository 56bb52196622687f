"""Groups, limits and tables of a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from policybot.errors import PolicybotError
from policybot.evaluation.metrics import judge
from policybot.evaluation.qaset import Question
from policybot.evaluation.report import (
    Grid,
    Threshold,
    answer_groups,
    failures,
    groups,
    load_thresholds,
    percent,
    plain,
)

EVALS = Path(__file__).resolve().parents[2] / "evals"


def question(identity: str, language: str, kind: str, part: str = "") -> Question:
    return Question(
        identity, "zh" if language == "zh" else "en", kind, "?", True, must_contain=(("25%",),), set=part
    )


QUESTIONS = [question("a", "zh", "value", "old"), question("b", "en", "value"), question("c", "zh", "list")]


def test_groups_are_the_split_its_parts_and_its_types_by_language() -> None:
    named = {name: [q.id for q in members] for name, members in groups(QUESTIONS, "dev", types=True)}
    assert named == {
        "dev/zh": ["a", "c"],
        "dev/en": ["b"],
        "old/zh": ["a"],
        "dev type list/zh": ["c"],
        "dev type value/zh": ["a"],
        "dev type value/en": ["b"],
    }
    assert all("type" not in name for name, _ in groups(QUESTIONS, "test", types=False))


def test_figures_by_group() -> None:
    said = {"a": "25%", "b": "26%", "c": "25%左右"}
    verdicts = [judge(q, {"status": "answered", "answer": said[q.id]}) for q in QUESTIONS]
    figures = answer_groups(verdicts, "dev", types=False)
    assert figures["dev/zh"][0] == 2
    assert figures["dev/zh"][1]["right"] == 1.0
    assert figures["dev/en"][1]["right"] == 0.0


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
