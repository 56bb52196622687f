"""The pieces of an answer: sentences, marks, quotation marks; and what the check says of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.answer.checks.issues import messages
from policybot.answer.checks.text import find_marks, outer_quotes, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲。乙！丙", ["甲。", "乙！", "丙"]),
        ("甲[1]。乙。[2]丙", ["甲[1]。", "乙。[2]", "丙"]),
        ("He said 13.5%. Then [1]. See No. 24 of it.", ["He said 13.5%.", "Then [1].", "See No. 24 of it."]),
        ("原文“甲。乙”如此。丙", ["原文“甲。乙”如此。", "丙"]),
        ("他说“甲。”[1]乙。", ["他说“甲。”[1]", "乙。"]),
        ("- 一[1]\n- 二[2]\n", ["- 一[1]", "- 二[2]"]),
        ("The year is 2025. [1] Next", ["The year is 2025. [1]", "Next"]),
        ("", []),
    ],
)
def test_sentences_of_answers(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(st.text(alphabet="甲乙a1.。！[]“”\n ,", max_size=60))
def test_every_character_is_in_one_sentence(text: str) -> None:
    spans = sentences(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())


def test_marks_hold_one_or_several_numbers() -> None:
    assert [m.numbers for m in find_marks("甲[1]乙[2, 3]丙[4-6]【7】丁[x][2030年]")] == [
        (1,),
        (2, 3),
        (4, 5, 6),
        (7,),
    ]


def test_outermost_quotation_marks_count() -> None:
    text = '甲“乙“丙”丁”戊「己」"庚"'
    assert [text[a:b] for a, b in outer_quotes(text)] == ["乙“丙”丁", "己", "庚"]


def test_both_languages_say_the_same_things() -> None:
    assert set(messages()["zh"]) == set(messages()["en"])
