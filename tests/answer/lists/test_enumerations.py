"""Enumerations in sentences."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policybot.answer.lists.enumerations import bullets, enumerations

WORDS = st.sampled_from(
    [
        "能源",
        "工业",
        "建筑",
        "交通",
        "甲烷",
        "氧化亚氮",
        "绿色贷款",
        "绿色债券",
        "焦煤",
        "原油",
        "沈阳",
        "废铜",
    ]
)


def items_of(text: str) -> list[tuple[str, ...]]:
    return [found.items for found in enumerations(text)]


def test_the_items_between_commas() -> None:
    assert ("绿色贷款", "绿色股权", "绿色债券") in items_of("大力发展绿色贷款、绿色股权、绿色债券等金融工具")


def test_the_last_item_after_and() -> None:
    assert ("土地", "能源", "工业", "城市") in items_of("包括土地、能源、工业和城市")


def test_numbered_items() -> None:
    assert items_of("四个领域为：（1）水平；（2）进展；（3）导向；（4）管理。")[0] == (
        "水平",
        "进展",
        "导向",
        "管理",
    )


def test_a_sentence_without_a_list_has_none() -> None:
    assert items_of("到2025年，森林覆盖率达到24.1%。") == []


def test_bullets_of_a_cell() -> None:
    assert bullets("● 甲；● 乙") == ["甲", "乙"]


@given(st.lists(WORDS, min_size=3, max_size=8, unique=True))
def test_a_plain_list_comes_back_whole(words: list[str]) -> None:
    assert tuple(words) in items_of(f"包括{'、'.join(words)}")


@given(st.text(max_size=120))
def test_items_are_words_of_the_text(text: str) -> None:
    for found in enumerations(text):
        assert 0 <= found.start <= found.end <= len(text)
        assert all(item in text for item in found.items)


def test_items_that_begin_alike_are_whole() -> None:
    text = "下文从低碳发展水平、低碳发展进展、低碳发展导向、低碳发展管理分别展开阐述。"
    assert items_of(text) == [("低碳发展水平", "低碳发展进展", "低碳发展导向", "低碳发展管理")]
