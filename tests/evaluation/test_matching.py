"""Two wordings that say the same match; two that do not, do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.evaluation.matching import (
    amounts,
    contains,
    fold_quote,
    holds,
    keeps_qualifier,
    normalise,
    read_chinese,
)


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("to reach at least 1.2 billion kW (12亿千瓦以上)", "12亿千瓦"),
        ("1,200 GW", "12亿千瓦"),
        ("２０３０年达到 12 亿千瓦", "12亿千瓦"),
        ("约 4.5 billion tonnes", "45亿吨"),
        ("4.86 billion tonnes of standard coal", "48.6亿吨标准煤"),
        ("60 million tonnes", "6000万吨"),
        ("三年后可以退出", "3年"),
        ("after three years", "3 years"),
        ("百分之五", "5%"),
        ("5 per cent", "5%"),
        ("一百个城市", "100个"),
        ("27 cities", "27个"),
        ("1.76 million users", "176万"),
        ("15 November 2023", "2023年11月15日"),
        ("by November 15th, 2023", "2023年11月15日"),
        ("2023-11-15", "2023年11月15日"),
        ("between 40% and 45%", "40%-45%"),
        ("下降 40%—45% 的目标", "40%~45%"),
        ("24 to 30 cm", "24-30厘米"),
        ("10,965,708 t", "10965708"),
        ("Hebei gets 3 pilots [1].", "3"),
        ("the figure is -0.41%", "-0.41%"),
        ("出席并参加表决的缔约方四分之三多数票", "四分之三"),
        ("Green Building Standards", "green building standard"),
        ("2.26 billion yuan", "22.6亿元"),
        ("is prohibited", "prohibit"),
        ("the leading\n group", "Leading Group"),
        ("No. It is banned.", "no"),
    ],
)
def test_same_meaning_matches(answer: str, wanted: str) -> None:
    assert contains(answer, wanted)


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("13 pilots [3]", "3"),
        ("附件3：2个", "3"),
        ("三（四）3 加快优化建筑用能结构", "3"),
        ("Article 3(7)", "3"),
        ("2023年", "3"),
        ("3.5%", "3"),
        ("二氧化碳", "2"),
        ("150%", "50%"),
        ("12亿吨", "12亿千瓦"),
        ("1.2亿千瓦", "12亿千瓦"),
        ("下降0.41%", "-0.41%"),
        ("40%", "40%-45%"),
        ("2023-11-16", "2023年11月15日"),
        ("", "25%"),
        ("in urban areas", "ban"),
        ("now known", "no"),
        ("a shared tool", "red"),
    ],
)
def test_other_meaning_does_not_match(answer: str, wanted: str) -> None:
    assert not contains(answer, wanted)


@pytest.mark.parametrize(
    ("run", "value"),
    [
        ("三十七", 37),
        ("二〇二三", 2023),
        ("一亿两千万", 120_000_000),
        ("十", 10),
        ("一百零五", 105),
        ("两", 2),
    ],
)
def test_chinese_numerals(run: str, value: int) -> None:
    assert read_chinese(run) == value


@pytest.mark.parametrize("run", ["十四五", "三四", "千", "亿", "十百"])
def test_what_is_no_numeral_is_left(run: str) -> None:
    assert read_chinese(run) is None
    assert normalise(run) == run


def test_quotes_fold_width_space_and_markup() -> None:
    assert holds("| 节能提高能效工作进展 | C3 | 5分 |", ["节能提高能效工作进展 C3 5分"])
    assert holds("全氟化碳 (PFC<sub>s</sub>)", ["全氟化碳（PFCs）"])
    assert holds("**1990 年全球化石能源总排量为 201 亿吨", ["1990年全球化石能源", "201亿吨"])
    assert not holds("石家庄 63.2", ["石家庄 63.3"])


def test_qualifiers_are_known_in_both_languages() -> None:
    assert keeps_qualifier("about 25%", "左右")
    assert keeps_qualifier("12亿千瓦以上", "以上")
    assert keeps_qualifier("Strive to reach 50%", "力争")
    assert not keeps_qualifier("25%", "左右")


@given(st.integers(0, 10**6), st.sampled_from(["", "万", "亿"]), st.sampled_from(["千瓦", "吨", "元", "%"]))
def test_every_quantity_is_found_in_a_sentence_about_it(number: int, scale: str, unit: str) -> None:
    wanted = f"{number}{scale}{unit}"
    assert len(amounts(wanted)) == 1
    assert contains(f"到 2031 年达到 {number} {scale}{unit} 左右 [1]。", wanted)
    assert not contains(f"达到 {number + 1}{scale}{unit}", wanted)


@given(
    st.text(alphabet="到2030年，森林覆盖率达到25%左右（一）a-zB.", max_size=40),
    st.text(alphabet=" \t\n\u3000|*", max_size=3),
)
def test_layout_changes_nothing(text: str, gap: str) -> None:
    assert fold_quote(gap.join(text)) == fold_quote(text)


@given(st.text(max_size=60), st.text(min_size=1, max_size=5))
def test_no_text_makes_matching_fail(text: str, wanted: str) -> None:
    normalise(text)
    contains(text, wanted)


def test_a_number_before_a_date_does_not_join_it() -> None:
    for answer in ("1. 2018年10月发布", "图表21 2018年10月", "1\n2018年10月"):
        assert contains(answer, "2018年10月")
    assert not contains("12018年", "2018年")
