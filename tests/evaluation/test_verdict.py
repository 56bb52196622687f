"""Verdicts and figures, on runs small enough to be counted by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.evaluation import completeness
from policybot.evaluation.figures import PARTS, calibration_error, difference, figures, groups
from policybot.evaluation.gold import GoldFinder
from policybot.evaluation.matching import fold_quote
from policybot.evaluation.provenance import unaccounted
from policybot.evaluation.qaset import Question, Quote
from policybot.evaluation.retrieval import ranking, scores
from policybot.evaluation.verdict import Verdict, is_verbatim, judge

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


def test_recall_rank_and_gain() -> None:
    runs = {
        "first": ([["g"], ["x"]], [frozenset({"g"})]),
        "third": ([["x"], ["y"], ["g"]], [frozenset({"g"})]),
        "never": ([["x"]], [frozenset({"g"})]),
        "half": ([["x"], ["g"]], [frozenset({"g"}), frozenset({"h"})]),
        "empty": ([], [frozenset({"g"})]),
    }
    found = scores(runs)
    assert found["first"] == {"recall@1": 1, "recall@5": 1, "recall@10": 1, "mrr": 1, "ndcg@10": 1}
    assert (found["third"]["recall@1"], found["third"]["recall@5"]) == (0, 1)
    assert found["third"]["mrr"] == pytest.approx(1 / 3)
    assert found["third"]["ndcg@10"] == pytest.approx(1 / 2)
    assert found["half"]["recall@10"] == 0.5
    assert set(found["never"].values()) == set(found["empty"].values()) == {0.0}
    assert scores({}) == {}


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


def small_run() -> list[Verdict]:
    return [
        judge(FOREST, answer(), [frozenset({"plan/2"})], lines),
        judge(FOREST, answer(status="not_found", citations=[])),
        judge(ABSENT, answer(status="not_found", citations=[])),
        judge(ABSENT, answer()),
    ]


def test_figures_of_a_small_run() -> None:
    found = figures(small_run())
    for name in ("right", "false_refusal", "refusal", "correct"):
        assert (found[name].value, found[name].n) == (0.5, 4 if name == "correct" else 2)
        assert (found[name].low, found[name].high) == (0.0, 1.0)
    assert (
        found["verbatim"].value == found["citation_precision"].value == found["citation_recall"].value == 1.0
    )
    assert found["calibration_error"].value == pytest.approx(0.4)
    assert found["length"].value == len("25%左右 [1]")
    assert figures([])["right"].value is None
    assert figures(small_run()) == found


def test_an_interval_narrows_with_more_questions() -> None:
    few, many = figures(small_run() * 5)["correct"], figures(small_run() * 100)["correct"]
    assert few.low is not None and few.high is not None and many.low is not None and many.high is not None
    assert few.low < many.low < 0.5 < many.high < few.high


def test_a_difference_is_paired() -> None:
    """Half the questions are right in both runs: their spread cancels, only the changed one counts."""
    run = small_run() * 10
    assert difference("right", run, run).low == difference("right", run, run).high == 0.0
    better = [*run[:-3], judge(FOREST, answer(), [frozenset({"plan/2"})], lines), *run[-2:]]
    change = difference("right", run, better)
    assert change.value == pytest.approx(1 / 20)
    assert change.low is not None and change.low >= 0
    assert change.high is not None and change.high < 0.2


def test_groups() -> None:
    run = [replace_documents(v, ("plan",)) for v in small_run()]
    named = {name: len(members) for name, members in groups(run, ["dev", "dev", "x", "x"], types=True)}
    assert named == {
        "all": 4, "language/zh": 2, "language/en": 2, "dev": 2, "dev/zh": 2, "x": 2, "x/en": 2,
        "type/unanswerable": 2, "type/value": 2, "document/plan": 4, "apart from annotations": 4,
    }  # fmt: skip
    assert not [n for n, _ in groups(run, ["t"] * 4, types=False) if n.startswith("type")]


def replace_documents(verdict: Verdict, documents: tuple[str, ...]) -> Verdict:
    return Verdict.from_dict(verdict.question, verdict.to_dict() | {"documents": documents})


def test_a_verdict_survives_being_written() -> None:
    for verdict in small_run():
        written = json.loads(json.dumps(verdict.to_dict()))
        assert Verdict.from_dict(verdict.question, written) == verdict
    with pytest.raises(TypeError):
        Verdict.from_dict(FOREST, {"status": "answered", "right": True, "refused": False, "unknown": 1})


def test_refusing_is_right_where_it_is_accepted() -> None:
    missing = Question(
        id="m", language="zh", type="missing", question="重庆哪年达峰？", answerable=True, gold=FOREST.gold,
        must_contain=(("未提出",),), accept_status=("not_found", "answered"),
    )  # fmt: skip
    refused = judge(missing, answer(status="not_found", answer="表中没有给出年份", citations=[]))
    assert refused.right
    assert figures([refused])["false_refusal"].value == 0.0
    assert not judge(missing, answer(answer="2025")).right


def test_why_an_answer_is_wrong_is_kept() -> None:
    verdict = judge(FOREST, answer(answer="2025年为24.1% [1]"))
    assert (verdict.missing, verdict.forbidden) == ((("25%",),), ("24.1%",))


# Citations ----------------------------------------------------------------------------------------


def test_citation_precision_and_recall_count_clauses_not_quotes() -> None:
    gold = answer()["citations"][0]
    same, other = dict(gold), gold | {"quote": "森林蓄积量达到190亿立方米", "clause_id": "plan/3"}
    verdict = judge(FOREST, answer(citations=[gold, same, other]), [frozenset({"plan/2", "copy/2"})])
    assert (verdict.citations, verdict.gold_citations, verdict.units, verdict.cited_units) == (2, 1, 1, 1)


def test_a_table_cited_beside_its_gold_row_does_not_count() -> None:
    row = answer()["citations"][0] | {"clause_id": "paper/table/row"}
    table = row | {"clause_id": "paper/table", "quote": "图表1"}
    units = [frozenset({"paper/table/row"})]
    assert judge(FOREST, answer(citations=[row, table]), units).citations == 1
    alone = judge(FOREST, answer(citations=[table]), units)
    assert (alone.citations, alone.gold_citations) == (1, 0)


def test_each_group_of_a_comparison_must_be_cited() -> None:
    pair = Question(
        "c", "zh", "comparison", "?", True, gold=((Quote("昆明 26.1"),), (Quote("成都 42.5"),)),
        gold_need="all", must_contain=(("昆明",), ("26.1",)),
    )  # fmt: skip
    cited = {"clause_id": "a", "quote": "昆明 26.1", "source": "", "line_start": 1, "line_end": 1}
    verdict = judge(pair, answer(answer="昆明：26.1", citations=[cited]), [frozenset("a"), frozenset("b")])
    assert (verdict.cited_units, verdict.units) == (1, 2)


# Numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("25%左右 [1]", []),
        ("1.2 billion kW (12亿千瓦) [3]", []),
        ("CO2、PM2.5 与 m3 不是数字", []),
        ("到2030年为26%", ["26"]),
        ("two of three, 7", ["3", "7"]),
        ("120亿千瓦", ["120亿"]),
        ("2021–2025年，两者相同", []),
        ("2026年", ["2026"]),
    ],
)
def test_numbers_come_from_quote_result_or_question(text: str, strays: list[str]) -> None:
    said = {
        "answer": text,
        "citations": [{"quote": "达到25%左右", "clause": "二", "heading": "“十四五”期间"}],
        "results": [{"kind": "quoted", "value": 1.2e9, "unit": "kW"}],
    }
    asked = {"question": "2030年森林覆盖率？"}
    assert unaccounted(said, asked)[1] == strays


# Lists --------------------------------------------------------------------------------------------

GASES = Question(
    id="l", language="zh", type="list", question="哪几种气体？", answerable=True,
    gold=((Quote("二氧化碳、甲烷、氧化亚氮"),),), must_contain=(("二氧化碳", "carbon dioxide"), ("甲烷", "methane"), ("氧化亚氮",)),
)  # fmt: skip
GOLD = fold_quote("附件A 温室气体：二氧化碳、甲烷、氧化亚氮")


@pytest.mark.parametrize(
    ("text", "recall", "precision"),
    [
        ("温室气体（3项）：二氧化碳、甲烷、氧化亚氮[1]。", 1, 1),
        ("温室气体（2项）：二氧化碳[1]、甲烷[2]。", 2 / 3, 1),
        ("温室气体：二氧化碳、甲烷、氧化亚氮、水蒸气。", 1, 3 / 4),
        ("水蒸气、臭氧", 0, 0),
    ],
)
def test_lists_are_complete_and_precise(text: str, recall: float, precision: float) -> None:
    verdict = judge(GASES, answer(answer=text), gold_text=GOLD)
    assert verdict.list_recall == pytest.approx(recall)
    assert verdict.list_precision == pytest.approx(precision)


def test_items_of_an_english_list_are_checked_by_the_words_of_the_source() -> None:
    text = "3 items: CO two (二氧化碳), marsh gas (甲烷), steam (水蒸气) [1].\nIn English (unofficial): x, y"
    assert completeness.items(text, "en") == ["CO two (二氧化碳)", "marsh gas (甲烷)", "steam (水蒸气)"]
    quoted = "2 items: steam, marsh gas (“水蒸气、甲烷”) [1]."
    assert completeness.items(quoted, "en") == ["水蒸气", "甲烷"]


def test_a_refused_list_is_not_complete_even_when_it_names_the_items() -> None:
    text = "没有找到二氧化碳、甲烷、氧化亚氮"
    assert judge(GASES, answer(status="not_found", answer=text)).list_recall == 0.0


def test_every_figure_has_a_definition() -> None:
    readme = (Path(__file__).resolve().parents[2] / "evals" / "README.md").read_text(encoding="utf-8")
    for name in PARTS:
        assert f"`{name}`" in readme or f"`@{name.partition('@')[2]}`" in readme, name


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
