"""The quantity parser on phrases of the sources (a golden table checked by hand) and on generated text."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.facts.quantities import (
    find_numbers,
    find_quantities,
    normalise_number,
    render_value,
    same_measure,
    target_year,
    value_phrase,
)
from policybot.text import squash

REPOSITORY = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "data" / "quantities_golden.tsv"


def golden() -> list[dict[str, str]]:
    """Rows of the golden table; ⇥ in `text` stands for the tab of a source table."""
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]


ROWS = golden()


def test_the_golden_table_is_large_and_stands_in_the_sources() -> None:
    assert len([row for row in ROWS if row["number"]]) >= 150
    sources = {
        path.name[:3]: path.read_text(encoding="utf-8")
        for path in (REPOSITORY / "corpus/sources").glob("*.txt")
    }
    lines = {key: text.split("\n") for key, text in sources.items()}
    for row in ROWS:
        at = int(row["line"])
        around = squash("".join(lines[row["source"]][at - 1 : at + 2]))
        assert squash(row["text"].replace("⇥", "")) in around, row


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row['source']}:{row['line']}:{row['number'] or 'none'}"
)
def test_phrases_of_the_sources(row: dict[str, str]) -> None:
    text = row["text"].replace("⇥", "\t")
    if not row["number"]:
        assert find_quantities(text) == []
        return
    q = next((q for q in find_numbers(text) if q.text == row["number"] and q.kind == row["kind"]), None)
    assert q is not None, [(q.text, q.kind) for q in find_numbers(text)]
    assert q.value == float(row["value"])
    assert q.upper == (float(row["upper"]) if row["upper"] else None)
    assert q.unit == row["unit"]
    assert q.comparator == row["comparator"]
    assert q.qualifier == row["qualifier"]
    assert q.base_year == (int(row["base_year"]) if row["base_year"] else None)
    assert q.direction == row["direction"]
    assert q.phrase == row["phrase"]
    start, end = value_phrase(text, q)
    assert text[start:end] == row["phrase"]
    if row["kind"] not in ("year", "period", "date", "ordinal"):
        assert target_year(text, q.start) == (int(row["year"]) if row["year"] else None)


@pytest.mark.parametrize(
    ("text", "number", "value", "upper", "kind"),
    [
        ("１０,９６５,７０８吨", "１０,９６５,７０８吨", 10965708, None, "quantity"),
        ("百分之五十", "百分之五十", 50, None, "percent"),
        ("百分之 12.5", "百分之 12.5", 12.5, None, "percent"),
        ("二十五国", "二十五国", 25, None, "count"),
        ("三至五年内", "三至五年", 3, 5, "quantity"),
        ("5—10亿吨", "5—10亿吨", 5e8, 1e9, "quantity"),
        ("三成以上", "三成", 3, None, "percent"),
        ("五千瓦", "五千瓦", 5, None, "quantity"),
        ("3千瓦", "3千瓦", 3, None, "quantity"),
        ("3千万千瓦", "3千万千瓦", 3e7, None, "quantity"),
        ("1.2 billion kW", "1.2 billion kW", 1.2e9, None, "quantity"),
        ("12 hundred million kilowatts", "12 hundred million kilowatts", 1.2e9, None, "quantity"),
        ("three-quarters of the Parties", "three-quarters", 0.75, None, "fraction"),
        ("two thirds", "two thirds", 2 / 3, None, "fraction"),
        ("half of the cities", "half", 0.5, None, "fraction"),
        ("a 3/4 majority", "3/4", 0.75, None, "fraction"),
        ("fifty percent", "fifty percent", 50, None, "percent"),
        ("between 40% and 45%", "40% and 45%", 40, 45, "percent"),
        ("40–45 per cent", "40–45 per cent", 40, 45, "percent"),
        ("$1.2 billion", "$1.2 billion", 1.2e9, None, "money"),
        ("RMB 5 million", "RMB 5 million", 5e6, None, "money"),
        ("2.6 percentage points", "2.6 percentage points", 2.6, None, "points"),
        ("twenty-five countries", "twenty-five countries", 25, None, "count"),
        ("six months", "six months", 6, None, "quantity"),
        ("35 µg/m³", "35 µg/m³", 35, None, "quantity"),
    ],
)
def test_forms_beyond_the_sources(
    text: str, number: str, value: float, upper: float | None, kind: str
) -> None:
    (q,) = find_quantities(text)
    assert (q.text, q.value, q.upper, q.kind) == (number, value, upper, kind)


@pytest.mark.parametrize(
    "text",
    [
        "Article 3(7)",
        "III(4)3",
        "CO2 and PM2.5",
        "Annex 1",
        "the first period",
        "one of them",
        "no. 24",
        "COP27",
        "[1]",
    ],
)
def test_names_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == []


@pytest.mark.parametrize(
    ("text", "comparator", "qualifier", "base_year", "direction"),
    [
        ("at least 5% below 1990 levels", ">=", "at least", 1990, "down"),
        ("falls by more than 65% from 2005", ">", "more than", 2005, "down"),
        ("1.2 billion kW or more", ">=", "or more", None, ""),
        ("about 120 million kW", "≈", "about", None, ""),
        ("no more than 10%", "<=", "no more than", None, ""),
        ("不得超过 5%", "<=", "不得超过", None, ""),
        ("比上年增长 5%", "=", "", None, "up"),
        ("与2015年相比下降18.8%", "=", "", 2015, "down"),
        ("力争到2025年达到50%", "=", "力争", None, ""),
        ("提高到25%左右", "≈", "左右", None, ""),
        ("公约5个", "=", "", None, ""),
    ],
)
def test_qualifiers(
    text: str, comparator: str, qualifier: str, base_year: int | None, direction: str
) -> None:
    (q,) = find_quantities(text)
    assert (q.comparator, q.qualifier, q.base_year, q.direction) == (
        comparator,
        qualifier,
        base_year,
        direction,
    )


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("覆盖率力争达到 50%", '50% ("strive to reach", 力争达到)'),
        ("达到12亿千瓦以上", "1.2 billion kW or more (12亿千瓦以上)"),
        ("达到1.2亿千瓦左右", "about 120 million kW (1.2亿千瓦左右)"),
        ("能耗比 2020 年下降 13.5%", "down 13.5% from 2020 (比2020年下降13.5%)"),
        ("比 2005 年下降 65%以上", "down 65% or more from 2005 (比2005年下降65%以上)"),
        ("从1990年水平至少减少5%", "down at least 5% from 1990 (从1990年水平至少减少5%)"),
        ("原则上不低于 50%", 'no less than 50% ("in principle", 原则上不低于50%)'),
        ("控制在10亿吨以内", "within 1 billion tonnes (控制在10亿吨以内)"),
        ("年均增长 15% 以上", "up 15% or more a year on average (年均增长15%以上)"),
        ("预计上升 24-30 厘米", 'up 24–30 cm ("expected", 预计上升24-30厘米)'),
        ("达到 8%", "8%"),
        ("四分之三多数票", "three quarters (四分之三)"),
        ("六个月内", "within 6 months (六个月内)"),
        ("年综合能耗超过1万吨标准煤的", "more than 10,000 tonnes of standard coal (超过1万吨标准煤)"),
        ("电力\t万千瓦时\t1,846,883", "18.46883 billion kWh (1,846,883)"),
        ("第38位", "38th (第38位)"),
        ("2023 年 11 月 15 日", "15 November 2023"),
        ("“十四五”期间", "2021–2025"),
        ("about 5%", "about 5%"),
    ],
)
def test_values_in_english_words(text: str, english: str) -> None:
    q = find_numbers(text)[-1]
    assert render_value(q, "en") == english
    assert render_value(q, "zh") == q.phrase


def test_answers_compare_equal_across_forms() -> None:
    forms = [
        "1.2亿千瓦",
        "120 million kW",
        "12000万千瓦",
        "120 GW",
        "120,000 MW",
        "1.2亿",
        "一亿两千万千瓦",
        "1.2亿千瓦左右",
    ]
    assert {normalise_number(form) for form in forms} == {Decimal(120_000_000)}
    assert (
        normalise_number("百分之五十") == normalise_number("50%") == normalise_number("fifty per cent") == 50
    )
    assert normalise_number("四分之三") == normalise_number("75%")
    assert normalise_number("比2005年下降65%以上") == 65
    assert normalise_number("2030年") == 2030
    assert normalise_number("没有数字") is None
    assert normalise_number("10.4万亩") == normalise_number("104,000 mu")


def test_measures_of_other_dimensions_differ() -> None:
    (power,) = find_quantities("50 MW")
    (percent,) = find_quantities("50%")
    (points,) = find_quantities("50个百分点")
    assert not same_measure(power, percent)
    assert not same_measure(percent, points)


def test_a_phrase_is_found_again_in_another_text() -> None:
    (q,) = find_quantities("覆盖率力争达到 50%")
    other = "即 50% 的覆盖率"
    start, end = value_phrase(other, q)
    assert other[start:end] == "50%"


@given(st.text(max_size=300))
def test_any_text_is_read_without_error(text: str) -> None:
    check_spans(text)


PIECES = [
    "0", "1", "5", "12", "2030", ",", ".", "-", "–", "至", "%", "％", "亿", "万", "千瓦", "吨", "年", "月", "日", "第", "条",
    "（", "）", "个", "百分之", "分之", "三", "十", "比", "下降", "以上", "左右", "力争达到", "不低于", "约", "million",
    "percent", "three", "quarters", "between", "and", "\t", "\n", "$", "/", "×", "10⁶", "多", "余", "“", "”", "+", "A",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
@settings(max_examples=300)
def test_any_mixture_of_number_words_is_read_without_error(parts: list[str]) -> None:
    check_spans("".join(parts))
    check_spans(" ".join(parts))


def check_spans(text: str) -> None:
    last = 0
    for q in find_numbers(text):
        assert last <= q.start < q.end <= len(text)
        assert text[q.start : q.end] == q.text
        assert text[q.phrase_start : q.phrase_end] == q.phrase
        assert q.phrase_start <= q.start and q.end <= q.phrase_end
        assert q.upper_amount is None or q.amount < q.upper_amount
        assert render_value(q, "en")
        assert q.measures()
        last = q.end
    normalise_number(text)


AMOUNTS = st.decimals(min_value=Decimal("0.1"), max_value=Decimal("9999"), places=1).filter(
    lambda d: d % 1 or d < 1900
)


@given(
    AMOUNTS,
    st.sampled_from(["", "万", "亿"]),
    st.sampled_from(
        [("千瓦", "power"), ("吨标准煤", "mass"), ("立方米", "volume"), ("元", "money"), ("公顷", "area")]
    ),
    st.sampled_from(
        [("", ""), ("力争达到", ""), ("超过", ""), ("达到", "左右"), ("", "以上"), ("控制在", "以内")]
    ),
    st.sampled_from(["", " "]),
)
def test_a_quantity_put_into_text_is_found(
    amount: Decimal, scale: str, unit: tuple[str, str], words: tuple[str, str], space: str
) -> None:
    number = f"{amount.normalize():f}{scale}"
    phrase = f"{words[0]}{space}{number}{unit[0]}{words[1]}"
    text = f"到2030年，风电、太阳能发电总量{phrase}，其他指标另定。"
    (q,) = find_quantities(text)
    assert text[q.start : q.end] == f"{number}{unit[0]}"
    assert q.amount == amount * {"": 1, "万": 10**4, "亿": 10**8}[scale]
    assert (q.unit, q.dimension) == unit
    assert q.qualifiers == tuple(word for word in words if word)
    assert target_year(text, q.start) == 2030


@given(AMOUNTS, AMOUNTS, st.sampled_from(["—", "~", "-", "至", "–"]))
def test_a_range_put_into_text_is_found(one: Decimal, other: Decimal, dash: str) -> None:
    low, high = sorted((one, other))
    text = f"比 2005 年下降 {low.normalize():f}%{dash}{high.normalize():f}%"
    found = find_quantities(text)
    if low == high:
        assert len(found) == 2
        return
    (q,) = found
    assert (q.amount, q.upper_amount, q.base_year, q.direction) == (low, high, 2005, "down")


@given(st.integers(min_value=1, max_value=10**8))
def test_english_rendering_keeps_the_value(number: int) -> None:
    (q,) = find_quantities(f"{number}亿千瓦")
    english = render_value(q, "en").split(" (")[0]
    assert normalise_number(english) == Decimal(number) * 10**8


def test_a_long_text_takes_linear_time() -> None:
    text = "比2005年下降65%以上，总装机容量达到12亿千瓦左右；" * 3000
    start = time.perf_counter()
    assert len(find_quantities(text)) == 6000
    assert time.perf_counter() - start < 5
