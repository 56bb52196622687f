"""The sentence that says it, and the part of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.retrieve.search import Searcher
from policybot.retrieve.sentences import segments


def best(searcher: Searcher, question: str) -> tuple[str, str]:
    """The best sentence and the best part of it, blanks removed."""
    hit = searcher.sentences(question, searcher.search(question, 5), 3)[0]
    text = searcher.index.corpus.clauses[hit.clause_id].text.text
    low, high = hit.segment
    return text[hit.start : hit.end].replace(" ", ""), text[low:high].replace(" ", "")


def test_one_of_several_targets_in_a_sentence(searcher: Searcher) -> None:
    sentence, part = best(searcher, "国家铁路单位换算周转量综合能耗2030年比2020年下降多少？")
    assert sentence.startswith("到2030年，当年新增新能源")
    assert part.rstrip("。") == "国家铁路单位换算周转量综合能耗比2020年下降10%"
    _, part = best(searcher, "What share of newly added vehicles should use clean energy in 2030?")
    assert "40%左右" in part and "铁路" not in part


@pytest.mark.parametrize(("year", "value"), [("2025", "24.1%"), ("2030", "25%左右")])
def test_a_leading_year_governs_the_sentences_after_it(searcher: Searcher, year: str, value: str) -> None:
    for question in (f"{year}年森林覆盖率要达到多少？", f"What forest coverage rate is targeted for {year}?"):
        assert value in best(searcher, question)[0]


def test_a_definition_is_preferred_for_a_definition(searcher: Searcher) -> None:
    assert "是指" in best(searcher, "碳达峰是什么意思？")[0]
    assert "光伏发电、储能、直流配电、柔性用电于一体" in best(searcher, "光储直柔建筑是指什么？")[0]


def test_a_table_row_is_one_sentence(searcher: Searcher) -> None:
    sentence, part = best(searcher, "广东省有几个试点名额？")
    assert sentence == part and "广东省" in sentence and "3" in sentence


def test_sentences_come_in_falling_order_and_stand_in_their_clauses(searcher: Searcher) -> None:
    question = "新型储能装机规模目标"
    hits = searcher.search(question, 10)
    found = searcher.sentences(question, hits, 20)
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)
    for sentence in found:
        text = searcher.index.corpus.clauses[sentence.clause_id].text.text
        assert 0 <= sentence.start <= sentence.segment[0] < sentence.segment[1] <= sentence.end <= len(text)
    assert {f.clause_id for f in found} <= {h.clause_id for h in hits}


def test_segments_leave_numbers_brackets_and_quotes_alone() -> None:
    text = "原煤10,965,708吨，焦炭（含焦粉，末煤）1吨；“甲，乙”各半，其余不计"
    parts = [text[a:b] for a, b in segments(text)]
    assert parts == ["原煤10,965,708吨", "焦炭（含焦粉，末煤）1吨", "“甲，乙”各半", "其余不计"]


@given(st.text(alphabet="甲乙，；,;（）()《》“” 1", max_size=40))
def test_segments_are_in_order_and_lose_only_marks_and_blanks(text: str) -> None:
    parts = segments(text)
    assert all(a < b for a, b in parts)
    assert all(before[1] <= after[0] for before, after in pairwise(parts))
    kept = "".join(text[a:b] for a, b in parts)
    assert kept.translate(str.maketrans("", "", "，；,; ")) == text.translate(
        str.maketrans("", "", "，；,; ")
    )
