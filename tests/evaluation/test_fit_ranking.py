"""Fitting the ranking: weights are found from what was right, and what was held back judges them."""

from __future__ import annotations

import numpy as np
import pytest
from fit_ranking import Choice, cross_validated, first_right, fitted

from policybot.evaluation.qaset import Question, read_question


def asked(number: int) -> Question:
    line = {"id": f"q{number:03}z", "language": "zh", "type": "fact", "question": "？", "answerable": True}
    gold = {"gold": [[{"quote": "甲"}]], "must_contain": [["甲"]], "must_not_contain": []}
    return read_question({**line, **gold})


@pytest.fixture(scope="module")
def choices() -> list[Choice]:
    """Of five each the one is right that has most of the second feature less half of the third."""
    chance = np.random.default_rng(3)
    made = []
    for number in range(80):
        features = chance.random((5, 3))
        worth = features @ np.array([0.0, 1.0, -0.5])
        made.append(Choice(asked(number), 1.0, features, worth == worth.max()))
    return made


def test_the_weights_that_make_the_right_one_first_are_found(choices: list[Choice]) -> None:
    weights = fitted(choices, np.zeros(3))
    assert weights[1] > 0 > weights[2]
    assert abs(weights[0]) < 0.2 * weights[1]
    assert weights[2] / weights[1] == pytest.approx(-0.5, abs=0.15)
    assert np.mean([first_right(choice, weights) for choice in choices]) > 0.9


def test_each_question_is_judged_by_weights_that_have_not_seen_it(choices: list[Choice]) -> None:
    assert np.mean(cross_validated(choices, np.zeros(3))) > 0.85
    chance = np.random.default_rng(4)
    mixed = [Choice(c.question, 1.0, c.features, chance.permutation(c.right)) for c in choices]
    assert np.mean(cross_validated(mixed, np.zeros(3))) < 0.45


def test_a_question_without_a_right_one_is_left_aside(choices: list[Choice]) -> None:
    none = Choice(asked(99), 1.0, np.ones((2, 3)), np.zeros(2, dtype=bool))
    assert np.allclose(fitted([*choices, none], np.zeros(3)), fitted(choices, np.zeros(3)), atol=1e-3)
