"""Line breaking of mixed Chinese and English text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from policybot.cli.wrap import NEVER_FIRST, NEVER_LAST, cells, line_starts

TEXT = st.text(alphabet=st.sampled_from("到二年覆盖率，。（）《》“”abcXYZ 50%./é\u0301"), max_size=120)


def pieces(text: str, width: int) -> list[str]:
    starts = [0, *line_starts(text, width), len(text)]
    return [text[a:b] for a, b in pairwise(starts)]


def test_wide_characters_take_two_columns() -> None:
    assert cells("光伏50%") == 7
    assert cells("e\u0301") == 1


def test_english_breaks_at_spaces() -> None:
    assert pieces("strive to reach fifty", 10) == ["strive to ", "reach ", "fifty"]


def test_chinese_breaks_anywhere_but_never_before_a_full_stop_or_after_a_bracket() -> None:
    assert pieces("力争达到五成。（新建）", 12) == ["力争达到五", "成。（新建）"]
    assert pieces("新建厂房（屋顶）", 10) == ["新建厂房", "（屋顶）"]


def test_a_number_stays_with_its_percent_sign() -> None:
    assert pieces("覆盖率达到50%", 12) == ["覆盖率达到", "50%"]


def test_a_word_wider_than_the_line_is_cut() -> None:
    assert pieces("abcdefgh", 3) == ["abc", "def", "gh"]


def test_the_first_line_may_have_its_own_width() -> None:
    assert line_starts("一二三四五六", 4, first=8) == [4]


@given(TEXT, st.integers(min_value=2, max_value=40))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    cut = pieces(text, width)
    assert "".join(cut) == text
    assert all(cells(piece.rstrip(" ")) <= width for piece in cut)


@given(TEXT, st.integers(min_value=30, max_value=60))
def test_lines_begin_and_end_as_chinese_typesetting_asks(text: str, width: int) -> None:
    # Only where a better place was to be had: a line of nothing but punctuation has none.
    cut = pieces(text, width)
    for left, right in pairwise(cut):
        alternatives = [
            i
            for i in range(1, len(left))
            if left[i] not in NEVER_FIRST
            and left[i - 1] not in NEVER_LAST
            and left[i] != " "
            and (cells(left[i]) == 2 or cells(left[i - 1]) == 2)
        ]
        if alternatives and not left.endswith(" "):
            assert right[0] not in NEVER_FIRST
            assert left[-1] not in NEVER_LAST
