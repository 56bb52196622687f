"""Turns about the answer before, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.answer.conversation.dialogue import (
    LAST,
    Correction,
    Move,
    _patterns,
    read_correction,
    read_move,
)
from policybot.errors import CorpusError


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("show me the clause", Move("clause")),
        ("Can you show me the full text, please?", Move("clause")),
        ("给我看看原文", Move("clause")),
        ("請給我看原文。", Move("clause")),
        ("哪一条规定的？", Move("clause")),
        ("the source?", Move("source")),
        ("Where does that come from?", Move("source")),
        ("出处呢？", Move("source")),
        ("why?", Move("why")),
        ("为什么？", Move("why")),
        ("第二个呢？", Move("item", 2)),
        ("the third one?", Move("item", 3)),
        ("and the last one", Move("item", LAST)),
        ("最后一个", Move("item", LAST)),
        ("下一条呢？", Move("next")),
        ("show me the previous clause", Move("previous")),
    ],
)
def test_moves(text: str, move: Move) -> None:
    assert read_move(text) == move


@pytest.mark.parametrize(
    "text",
    [
        "为什么要碳达峰？",
        "why must cities peak before 2030?",
        "what does Article 3 say?",
        "第二批试点有哪些城市？",
        "那2030年呢？",
        "show me the clause on parks",
        "原文中怎么定义光储直柔？",
    ],
)
def test_what_asks_something_itself_is_no_move(text: str) -> None:
    assert read_move(text) is None


@pytest.mark.parametrize(
    ("text", "meant", "rejected"),
    [
        ("不对，我问的是园区", "园区", ""),
        ("不对，我问的是园区，不是城市。", "园区", "城市"),
        ("不是，是2030年", "2030年", ""),
        ("no, I meant 2060", "2060", ""),
        ("I mean the Opinions", "the opinions", ""),
        ("No, parks, not cities!", "parks", "cities"),
        ("not 2030 but 2060", "2060", "2030"),
    ],
)
def test_corrections(text: str, meant: str, rejected: str) -> None:
    assert read_correction(text) == Correction(meant, rejected)


@pytest.mark.parametrize("text", ["No.", "2060?", "不是所有城市都达峰了吗？", "what is not covered?"])
def test_what_takes_nothing_back_is_no_correction(text: str) -> None:
    assert read_correction(text) is None


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    move, correction = read_move(text), read_correction(text)
    assert move is None or (move.kind == "item") == (move.n != 0)
    assert correction is None or correction.meant


def test_a_broken_data_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "dialogue.toml"
    file.write_text("[clause]\nzh = []\nen = []\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"dialogue\.toml"):
        _patterns(file)
