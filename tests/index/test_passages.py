"""Clauses as search texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.index.passages import LONG, Passage, make_passages, sentence_windows
from policybot.text import sentence_spans
from tests.index.small import write_corpus


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


@pytest.fixture(scope="module")
def passages(corpus: Corpus) -> list[Passage]:
    return make_passages(corpus)


def test_every_clause_is_covered_and_ids_are_unique(corpus: Corpus, passages: list[Passage]) -> None:
    assert {p.clause for p in passages} == set(corpus.clauses)
    assert len({p.id for p in passages}) == len(passages)


def test_headings_come_first(passages: list[Passage]) -> None:
    found = next(p for p in passages if p.id == "action-plan-2030/三/（四）/3")
    assert found.heading == "行动方案 重点任务 城乡建设碳达峰行动 加快优化建筑用能结构\n"
    assert found.body.startswith("深化可再生能源建筑应用")
    assert "50%" in found.body
    assert found.heading + found.body == found.text


def test_long_clauses_have_windows_that_cover_them(passages: list[Passage]) -> None:
    whole = next(p for p in passages if p.id == "action-plan-2030/三/（一）/1")
    windows = [p for p in passages if p.clause == whole.clause and p.id != whole.id]
    assert len(windows) > 1
    for start, end in sentence_spans(whole.body):
        assert any(whole.body[start:end].strip() in w.body for w in windows)


def test_rows_name_their_columns(passages: list[Passage]) -> None:
    row = next(p for p in passages if p.clause.endswith("图表21/海口"))
    assert "城市：海口" in row.body
    assert "PM2.5年均浓度：" in row.body
    assert "2019年中国城市年均PM2.5浓度" in row.heading


def test_a_heading_without_text_lists_what_is_below(passages: list[Passage]) -> None:
    part = next(p for p in passages if p.id == "opinions-2021/四")
    assert "坚决遏制高耗能高排放项目盲目发展" in part.body


def test_a_small_corpus(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    passages = make_passages(load_corpus(tmp_path))
    assert [p.id for p in passages][-1] == "plan/一/（一）/5"
    assert all(p.text.startswith("方案 重点任务") for p in passages)


@given(st.text(alphabet="碳达峰。；！\n ", max_size=600))
def test_windows_hold_every_sentence(text: str) -> None:
    windows = sentence_windows(text)
    if len(text) <= LONG:
        assert windows == []
    if windows:
        for start, end in sentence_spans(text):
            assert any(text[start:end].strip() in window for window in windows)
