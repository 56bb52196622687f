"""Which questions are one question."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policybot.evaluation.likeness import NEAR, alike, alike_between, bare, features, likeness


def close(one: str, other: str) -> float:
    return likeness(features(one), features(other))


def test_wording_that_says_nothing_does_not_count() -> None:
    assert close("What is carbon neutrality?", "carbon neutrality") == 1
    assert close("森林覆盖率目标是多少？", "森林覆盖率，目标是多少") == 1


def test_other_numbers_are_another_question() -> None:
    assert close("2025年的森林覆盖率是多少？", "2030年的森林覆盖率是多少？") == 0
    assert close("What is in Annex A of the Protocol?", "What is in Annex B of the Protocol?") == 0
    assert close("一类城市有什么特点？", "二类城市有什么特点？") == 0
    assert close("How does it help developing countries?", "How does it help developed countries?") < 1


def test_word_for_word_the_same_is_told_from_nearly() -> None:
    assert bare("What IS the 2.5% ‘target’?") == bare("what is the 2.5% target") == "whatisthe2.5%target"
    assert bare("2.5%？") != bare("25%？")
    texts = ["到2030年森林覆盖率目标是多少？", "2030年森林覆盖率目标是多少", "由谁负责落实", ""]
    (pair,) = alike(texts, NEAR)
    assert (pair.first, pair.second) == (0, 1) and NEAR <= pair.likeness < 1
    assert [p.first for p in alike_between(texts, ["由谁负责落实？"], NEAR)] == [2]
    assert [(p.first, p.second) for p in alike(["2060?", "2030?", "2060", "is it?", "Is it"], 1)] == [
        (0, 2),
        (3, 4),
    ]
    assert alike_between([], ["x"], NEAR) == alike_between(["x"], [], NEAR) == []


WORDS = st.lists(
    st.sampled_from(
        ["coal", "oil", "gas", "wind", "sun", "grid", "car", "bus", "rail", "ship", "tax", "law"]
    ),
    max_size=7,
)


@given(st.lists(WORDS, max_size=12), st.sampled_from([0.5, 0.75, 0.8, 1.0]))
def test_no_pair_is_missed(texts: list[list[str]], least: float) -> None:
    questions = [" ".join(words) for words in texts]
    expected = [
        (a, b)
        for a in range(len(questions))
        for b in range(a + 1, len(questions))
        if close(questions[a], questions[b]) >= least
    ]
    assert [(p.first, p.second) for p in alike(questions, least)] == expected
    between = {(p.first, p.second) for p in alike_between(questions, questions, least)}
    assert {(a, b) for a, b in between if a < b} == set(expected)
