"""Years in text, and the year for which a value holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.facts.years import find_years, is_base, meets, target_year


@pytest.mark.parametrize(
    ("text", "first", "last", "kind"),
    [
        ("到 2030 年，", 2030, 2030, "year"),
        ("２０３０年", 2030, 2030, "year"),
        ("2017-2022年,试点", 2017, 2022, "range"),
        ("2021—2025 年", 2021, 2025, "range"),
        ("2017-22年", 2017, 2022, "range"),
        ("从 2008 年至 2012 年第一个", 2008, 2012, "range"),
        ("from 2008 to 2012", 2008, 2012, "range"),
        ("“十四五”期间", 2021, 2025, "period"),
        ("有望十四五达峰", 2021, 2025, "period"),
        ("第十四个五年规划", 2021, 2025, "period"),
        ("the 14th Five-Year Plan period", 2021, 2025, "period"),
        ("the Thirteenth Five-Year Plan", 2016, 2020, "period"),
        ("本世纪中叶", 2050, 2050, "century"),
        ("by mid-century", 2050, 2050, "century"),
        ("2010 年代", 2010, 2019, "decade"),
        ("the 2010s", 2010, 2019, "decade"),
        ("一九九七年十二月十一日", 1997, 1997, "date"),
        ("二〇二三年七月", 2023, 2023, "date"),
        ("22 September 2020", 2020, 2020, "date"),
        ("on September 22, 2020", 2020, 2020, "date"),
        ("2016-06-01", 2016, 2016, "date"),
        ("（2023-07）", 2023, 2023, "date"),
        ("2011-12", 2011, 2012, "range"),
        ("（2022）", 2022, 2022, "year"),
        ("文件体系,2023年编制", 2023, 2023, "year"),
        ("the 2030 targets", 2030, 2030, "year"),
    ],
)
def test_years_are_found(text: str, first: int, last: int, kind: str) -> None:
    (mention,) = find_years(text)
    assert (mention.first, mention.last, mention.kind) == (first, last, kind)
    assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    "text",
    [
        "2186家",
        "2000万元",
        "2,030",
        "PAS2060",
        "NC2005",
        "2020 tonnes",
        "二十五年",
        "十四五个",
        "13902210042",
        "1999.5",
    ],
)
def test_other_numbers_are_no_years(text: str) -> None:
    assert find_years(text) == []


def test_dates_have_month_and_day() -> None:
    (mention,) = find_years("应于 2023 年 11 月 15 日前")
    assert (mention.month, mention.day) == (11, 15)
    (mention,) = find_years("一九九七年十二月十一日订于京都")
    assert (mention.month, mention.day) == (12, 11)


PLAN_107 = "到2025年，废钢铁等9种主要再生资源循环利用量达到4.5亿吨，到2030年达到5.1亿吨。"


@pytest.mark.parametrize(
    ("text", "at", "year"),
    [
        ("到 2030 年，风电装机达到 12 亿千瓦；森林覆盖率达到 25%；蓄积量达到 190 亿立方米。", "190", 2030),
        (PLAN_107, "4.5", 2025),
        (PLAN_107, "5.1", 2030),
        ("到 2030 年，碳排放比 2005 年下降 65%以上", "65%", 2030),
        (
            "2020 年，强度相比 2015 年下降 18.8%，超额完成“十三五”约束性目标；相比 2005 年下降 48.4%",
            "48.4",
            2020,
        ),
        ("“十四五”期间，集装箱铁水联运量年均增长 15% 以上", "15%", 2025),
        ("“十四五”、“十五五”期间分别新增水电装机容量4000万千瓦左右", "4000", None),
        ("以 1986-2005 年作为参照期，至 2065 年，平均海平面预计上升 24-30 厘米", "24", 2065),
        ("自2010年以来,我国已分三批开展了81个低碳城市试点", "81", None),
        ("依据《2030年前碳达峰行动方案》选择100个城市", "100", None),
        ("到 2025 年，体系初步形成。单位能耗比 2020 年下降 13.5%；比重达到 20%左右", "20%", 2025),
        ("2019 年达到 98 亿吨。占比 5%", "5%", None),
        ("The coverage is to reach 50% by 2025.", "50", 2025),
        ("By 2030, intensity falls by 65% from 2005 levels.", "65", 2030),
    ],
)
def test_the_year_a_value_holds_for(text: str, at: str, year: int | None) -> None:
    assert target_year(text, text.index(at)) == year


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("比2005年下降65%", True),
        ("从1990年水平至少减少5%", True),
        ("在 1990 年的基础上", True),
        ("与 2015 年相比", True),
        ("from 1990 levels", True),
        ("below 2005 levels", True),
        ("到2030年达到", False),
        ("从 2020 年到 2035 年", False),
        ("in 2019", False),
    ],
)
def test_base_years(text: str, base: bool) -> None:
    mention = find_years(text)[0]
    assert is_base(text, mention) is base


@given(st.text(max_size=200), st.integers(min_value=0, max_value=200))
def test_any_text_is_read_without_error(text: str, at: int) -> None:
    for mention in find_years(text):
        assert text[mention.start : mention.end] == mention.text
        assert 1500 <= mention.first <= mention.last < 2200
    target_year(text, min(at, len(text)))


@given(
    st.integers(min_value=1900, max_value=2100), st.sampled_from(["到{}年，", "{} 年底", "in {}, ", "（{}）"])
)
def test_a_year_put_into_text_is_found(year: int, frame: str) -> None:
    text = "非化石能源消费比重" + frame.format(year) + "其他"
    assert [(m.first, m.last) for m in find_years(text)] == [(year, year)]


@pytest.mark.parametrize(
    ("text", "span", "met"),
    [
        ("1947年就有人预测", (1940, 1949), True),
        ("1950年就有人预测", (1940, 1949), False),
        ("“十五五”时期逐步减少", (2026, 2030), True),
        ("“十四五”时期严格控制", (2026, 2030), False),
        ("到2030年达到峰值", (2030, 2030), False),  # one year is looked for as it is written
    ],
)
def test_a_year_within_a_span_meets_it(text: str, span: tuple[int, int], met: bool) -> None:
    assert meets(text, [span]) is met
