"""Printed numbers: read, labelled, and never mistaken for text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.corpus.model import AnchoredText, Segment
from policybot.corpus.numbering import han_to_int, int_to_han, read_number, roman


@given(st.integers(1, 999))
def test_chinese_numerals_round_trip(value: int) -> None:
    assert han_to_int(int_to_han(value)) == value


@given(st.integers(1, 300))
def test_roman_numerals_are_additive_and_distinct(value: int) -> None:
    values = {"C": 100, "X": 10, "L": 50, "V": 5, "I": 1}
    text, total = roman(value), 0
    for one, two in zip(text, text[1:] + " ", strict=True):
        total += -values[one] if two != " " and values[two] > values[one] else values[one]
    assert total == value


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("一、总体要求", "han-comma", "一"),
        ("（十二）积极发展", "han-paren", "十二"),
        ("(二) 试点", "han-paren", "二"),
        ("三) 领域", "han-paren", "三"),
        ("1. 推进", "arabic-dot", "1"),
        ("1.推动能源", "arabic-dot", "1"),
        ("5) 数据可比", "arabic-paren", "5"),
        ("(a) 在相关时", "alpha", "a"),
        ("第二十二 条", "article", "二十二"),
        ("第三章 罚则", "chapter", "三"),
        ("附件 B", "annex", "B"),
        ("——节约优先。把", "dash", "——"),
        ("四是构建平台", "shi", "四"),
        ("2、完善制度", "arabic-dot", "2"),
        ("①建立台账", "circled", "1"),
        ("第二节 重点行业", "section-number", "二"),
        ("第一编 总则", "division", "一"),
        ("4.1 创建", "decimal", "4.1"),
        ("3.2.1 Scope of reporting", "decimal", "3.2.1"),
        ("C.1 Entity-level route", "decimal", "C.1"),
        ("PART II – GREEN POWER TRADE", "division", "2"),
        ("Part C. Eligibility criteria", "division", "C"),
        ("CHAPTER IV", "chapter", "4"),
        ("Section 2 Reporting", "section-number", "2"),
        ("Article 12", "article", "12"),
        ("Article 3 – Scope and exclusions", "article", "3"),
        ("ANNEX III – CONTRIBUTIONS (million units)", "annex", "III"),
        ("II. Key tasks", "han-comma", "二"),
        ("(iii) the quantity", "roman-paren", "iii"),
    ],
)
def test_numbers_are_read(text: str, kind: str, value: str) -> None:
    number = read_number(text)
    assert number is not None and (number.kind, number.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "1.5°C 的升温",
        "2019 年",
        "第三条所述的承诺",
        "第一款规定",
        "一线城市占据了",
        "附件一所列缔约方",
        "Article 5 of the Convention applies to them.",
        "Part of the funds",
        "Section 3 shall not apply; nor shall section 4.",
        "Annex I lists the installations that are covered by this rule.",
    ],
)
def test_text_is_not_taken_for_a_number(text: str) -> None:
    assert read_number(text) is None


@given(st.text(min_size=1, max_size=40), st.data())
def test_slices_of_anchored_text_keep_their_places(text: str, data: st.DataObject) -> None:
    source = "前" + text + "后"
    whole = AnchoredText("x", text, (Segment(0, 1, len(text)),) if text else ())
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    part = whole.slice(start, end)
    assert part.text == text[start:end]
    assert "".join(source[a:b] for a, b in part.spans()) == part.text
    joined = AnchoredText.join((whole.slice(0, start), part, whole.slice(end)))
    assert joined == whole
