"""The figures, on runs small enough to be counted by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.evaluation.gold import GoldFinder
from policybot.evaluation.metrics import (
    answer_figures,
    calibration_error,
    is_verbatim,
    judge,
    ranking,
    retrieval_figures,
)
from policybot.evaluation.qaset import Question, Quote

FOREST = Question(
    id="q",
    language="zh",
    type="value",
    question="2030年森林覆盖率？",
    answerable=True,
    gold=((Quote("森林覆盖率达到25%左右"),),),
    must_contain=(("25%",),),
    must_not_contain=("24.1%",),
    qualifier="左右",
)
ABSENT = Question("u", "en", "unanswerable", "What is the 2050 target?", answerable=False)
LINES = "到2030年，全国森林覆盖率达到 25%\n左右，森林蓄积量达到190亿立方米。"


def answer(**fields: Any) -> dict[str, Any]:
    citation = {
        "quote": "森林覆盖率达到25%左右",
        "source": "a.txt",
        "line_start": 1,
        "line_end": 2,
        "clause_id": "plan/2",
    }
    base = {
        "status": "answered",
        "answer": "25%左右 [1]",
        "citations": [citation],
        "confidence": 0.9,
        "elapsed_ms": 4,
    }
    return base | fields


def lines(source: str, first: int, last: int) -> str:
    if source != "a.txt":
        raise KeyError(source)
    return "\n".join(LINES.split("\n")[first - 1 : last])


def test_gold_is_found_by_quote_and_whole_rows_come_first() -> None:
    finder = GoldFinder({"p": "西安 - 的降幅为 -0.41%", "row": "西安\t-", "other": "西安\t-0.41%"})
    assert finder.group([Quote("西安	-")]) == {"row"}
    assert finder.group([Quote("西安	-0.41%")]) == {"other"}


def test_any_joins_groups_and_all_keeps_them_apart() -> None:
    finder = GoldFinder({"a": "昆明 26.1", "b": "成都 42.5"})
    pair = Question(
        "c",
        "zh",
        "comparison",
        "?",
        True,
        gold=((Quote("昆明 26.1"),), (Quote("成都 42.5"),)),
        gold_need="all",
    )
    assert finder.units(pair) == [{"a"}, {"b"}]
    either = Question("c", "zh", "comparison", "?", True, gold=pair.gold)
    assert finder.units(either) == [{"a", "b"}]
    assert finder.missing(either) == []
    assert GoldFinder({"a": "昆明 26.1"}).missing(pair) == ["成都 42.5"]


def test_copies_do_not_push_the_rest_down() -> None:
    gold = [frozenset({"plan", "copy"}), frozenset({"opinions"})]
    hits = [["x"], ["plan", "copy"], ["copy"], ["opinions"], ["y"]]
    assert ranking(hits, gold) == ["x", "gold-0", "gold-1", "y"]


def test_recall_and_reciprocal_rank() -> None:
    runs = {
        "first": ([["g"], ["x"]], [frozenset({"g"})]),
        "third": ([["x"], ["y"], ["g"]], [frozenset({"g"})]),
        "never": ([["x"]], [frozenset({"g"})]),
        "half": ([["x"], ["g"]], [frozenset({"g"}), frozenset({"h"})]),
    }
    figures = retrieval_figures(runs)
    assert figures.n == 4
    assert figures.recall[1] == pytest.approx(1 / 4)
    assert figures.recall[5] == pytest.approx(2.5 / 4)
    assert figures.mrr == pytest.approx((1 + 1 / 3 + 0 + 1 / 2) / 4)
    assert retrieval_figures({}).n == 0


def test_a_question_without_any_hit_counts_as_zero() -> None:
    figures = retrieval_figures({"empty": ([], [frozenset({"g"})]), "good": ([["g"]], [frozenset({"g"})])})
    assert figures.recall[1] == pytest.approx(0.5)


def test_a_right_answer() -> None:
    verdict = judge(FOREST, answer(), [frozenset({"plan/2"})], lines)
    assert (verdict.right, verdict.kept, verdict.cited, verdict.verbatim, verdict.quotes) == (
        True, True, True, 1, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"answer": "24% [1]"},
        {"answer": "2025年为24.1%，2030年为25%左右 [1]"},
        {"status": "not_found"},
        {"status": "clarify"},
        {"status": "error"},
    ],
)
def test_wrong_value_forbidden_value_or_status_is_wrong(fields: dict[str, Any]) -> None:
    assert not judge(FOREST, answer(**fields)).right


def test_a_qualifier_that_is_lost_is_seen() -> None:
    assert judge(FOREST, answer(answer="25% [1]")).kept is False


def test_citations_of_other_clauses_miss() -> None:
    other = answer()["citations"][0] | {"quote": "森林蓄积量达到190亿立方米", "clause_id": "plan/3"}
    assert judge(FOREST, answer(citations=[other]), [frozenset({"plan/2"})]).cited is False
    assert judge(FOREST, answer(citations=[]), [frozenset({"plan/2"})]).cited is None


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "森林覆盖率达到26%左右"},
        {"line_end": 1},
        {"source": "b.txt"},
        {"quote": " "},
        {"line_start": "x"},
    ],
)
def test_altered_quotes_and_lines_are_not_verbatim(change: dict[str, Any]) -> None:
    citation = answer()["citations"][0]
    assert is_verbatim(citation, lines)
    assert not is_verbatim(citation | change, lines)


def test_figures_of_a_small_run() -> None:
    verdicts = [
        judge(FOREST, answer(), [frozenset({"plan/2"})], lines),
        judge(FOREST, answer(status="not_found", citations=[])),
        judge(ABSENT, answer(status="not_found", citations=[])),
        judge(ABSENT, answer()),
    ]
    figures = answer_figures(verdicts)
    assert figures.right == 0.5
    assert figures.false_refusal == 0.5
    assert figures.refusal == 0.5
    assert figures.correct == 0.5
    assert figures.verbatim == 1.0
    assert figures.calibration_error == pytest.approx(0.4)
    assert answer_figures([]).right is None


def test_refusing_is_right_where_it_is_accepted() -> None:
    missing = Question(
        id="m", language="zh", type="missing", question="重庆哪年达峰？", answerable=True, gold=FOREST.gold,
        must_contain=(("未提出",),), accept_status=("not_found", "answered"),
    )  # fmt: skip
    refused = judge(missing, answer(status="not_found", answer="表中没有给出年份", citations=[]))
    assert refused.right
    assert answer_figures([refused]).false_refusal == 0.0
    assert not judge(missing, answer(answer="2025")).right


def test_calibration_error_of_known_cases() -> None:
    assert calibration_error([]) is None
    assert calibration_error([(1.0, True)] * 5) == 0.0
    assert calibration_error([(0.95, False)] * 4) == pytest.approx(0.95)
    assert calibration_error([(0.5, True), (0.5, False)]) == pytest.approx(0.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_calibration_error_is_a_share(pairs: list[tuple[float, bool]]) -> None:
    error = calibration_error(pairs)
    assert error is not None
    assert 0.0 <= error <= 1.0
