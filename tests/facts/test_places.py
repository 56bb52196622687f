"""The places file: coverage of the built-in data, schema errors, finding names in text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.errors import CorpusError
from policybot.facts.places import COLUMNS, KINDS, Places, name_words

SOURCES = Path(__file__).resolve().parents[2] / "corpus" / "sources"
PLACES = Places.load()

INDEX_CITIES = re.findall(
    r"\w+",
    """
海口 福州 厦门 深圳 昆明 贵阳 宁波 广州 南宁 银川 大连 上海 南昌 西宁 兰州 呼和浩特 重庆 杭州 长春 青岛
南京 哈尔滨 北京 成都 沈阳 合肥 武汉 长沙 乌鲁木齐 天津 济南 太原 郑州 西安 石家庄
""",
)
PILOT_CITIES = re.findall(
    r"\w+",
    """
天津 重庆 深圳 厦门 杭州 南昌 贵阳 保定 北京 上海 石家庄 秦皇岛 晋城 呼伦贝尔 吉林市 大兴安岭 苏州 淮安
镇江 宁波 温州 池州 南平 景德镇 赣州 青岛 济源 武汉 广州 桂林 广元 遵义 昆明 延安 金昌 乌鲁木齐 乌海 沈阳
大连 朝阳 逊克 南京 常州 嘉兴 金华 衢州 合肥 淮北 黄山 六安 宣城 三明 共青城 吉安 抚州 济南 烟台 潍坊 长阳
长沙 株洲 湘潭 郴州 中山 柳州 三亚 琼中 成都 玉溪 普洱 拉萨 安康 兰州 敦煌 西宁 银川 吴忠 昌吉 伊宁 和田 阿拉尔
""",
)
HEADER = ",".join(COLUMNS) + "\n"


def found(text: str) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.place.zh) for m in PLACES.find(text)]


# the built-in data


def test_the_index_and_pilot_cities_are_there() -> None:
    cities = {place.zh for place in PLACES.places if place.kind == "city"}
    assert len(INDEX_CITIES) == 35
    assert set(INDEX_CITIES) <= cities
    assert set(PILOT_CITIES) <= cities
    assert len(cities) >= 140


def test_all_provincial_level_regions_are_there() -> None:
    provinces = {place.zh for place in PLACES.places if place.kind == "province"}
    municipalities = {p.zh for p in PLACES.places if p.kind == "city" and p.province == p.zh}
    assert len(provinces) == 30
    assert municipalities == {"北京", "天津", "上海", "重庆"}
    for place in PLACES.places:
        assert not place.province or place.province in provinces | municipalities, place


def test_the_parties_are_those_of_annex_b() -> None:
    """Annex B has one line for each Party: name, an optional asterisk, a percentage."""
    text = next(SOURCES.glob("003_*")).read_text(encoding="utf-8")
    annex = text[text.index("## 附件 B") : text.index("正在向市场经济过渡的国家")]
    names = re.findall(r"^([\u4e00-\u9fff]+)\\?\*?\s+\d+$", annex, flags=re.MULTILINE)
    parties = {place.zh: place for place in PLACES.places if place.kind == "party"}
    assert len(names) == len(parties) == 39
    for name in names:
        place = PLACES.get(name)
        assert place is not None, name
        assert place.kind == "party", name


def test_every_kind_is_used_and_every_name_is_found() -> None:
    assert {place.kind for place in PLACES.places} == set(KINDS)
    for place in PLACES.places:
        for name in (*place.names_zh, *place.en):
            assert found(name) == [(name, place.zh)], name


# find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is Japan's commitment?", [("Japan", "日本")]),
        ("the Japanese target", [("Japanese", "日本")]),
        ("Xi'an, Xian and Xi’an's air", [("Xi'an", "西安"), ("Xian", "西安"), ("Xi’an", "西安")]),
        ("Shaanxi is not Shanxi", [("Shaanxi", "陕西"), ("Shanxi", "山西")]),
        ("Ürümqi or urumqi", [("Ürümqi", "乌鲁木齐"), ("urumqi", "乌鲁木齐")]),
        ("Fuzhou, Jiangxi and Fuzhou", [("Fuzhou, Jiangxi", "抚州"), ("Fuzhou", "福州")]),
        ("tell us about the US", [("US", "美国")]),
        ("the U.S. and the U.S.A.", [("U.S.", "美国"), ("U.S.A.", "美国")]),
        ("South Korea and North America", [("South Korea", "韩国"), ("North America", "北美")]),
        ("石家庄市的PM2.5", [("石家庄市", "石家庄")]),
        ("廈門和臺灣", [("廈門", "厦门"), ("臺灣", "台湾")]),
        ("深圳Shenzhen都行", [("深圳", "深圳"), ("Shenzhen", "深圳")]),
        ("大不列颠及北爱尔兰联合王国", [("大不列颠及北爱尔兰联合王国", "英国")]),
        ("琼中黎族苗族自治县", [("琼中黎族苗族自治县", "琼中")]),
        ("no place at all, united and chilean", [("chilean", "智利")]),
        ("", []),
    ],
)
def test_find(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text", ["发展中国家", "第三明确", "中东部", "大理石", "其中山区", "清洁取暖", "合法国企"]
)
def test_a_name_inside_another_word_is_not_a_place(text: str) -> None:
    assert found(text) == []


@given(
    st.text(max_size=60) | st.lists(st.sampled_from([*INDEX_CITIES, "的", " Xi", "an ", "US "])).map("".join)
)
def test_matches_are_ordered_and_inside_the_text(text: str) -> None:
    matches = PLACES.find(text)
    assert [m.start for m in matches] == sorted(m.start for m in matches)
    assert all(0 <= m.start < m.end <= len(text) for m in matches)


def test_get_takes_any_name() -> None:
    for name in ("深圳", "深圳市", "shenzhen", "Shen Zhen"):
        place = PLACES.get(name)
        assert place is not None
        assert place.zh == "深圳"
    assert PLACES.get("亚特兰蒂斯") is None
    assert PLACES.get("") is None


def test_name_words() -> None:
    assert name_words("Huai'an") == name_words("HUAIAN") == ("huaian",)
    assert name_words("EU") == ("EU",)


# schema errors


@pytest.mark.parametrize(
    ("rows", "line", "what"),
    [
        ("town,甲,甲市,Jia,,,\n", 2, "unknown kind 'town'"),
        ("city,,甲市,Jia,,,\n", 2, "must not be empty"),
        ("city,甲,甲市,,,,\n", 2, "column en"),
        ("city,甲,甲市,Jia,,,\ncity,乙,甲市,Yi,,,\n", 3, "'甲市' already names Jia"),
        ("city,甲,甲市,Jia,,,\ncity,乙,乙市,jia,,,\n", 3, "'jia' already names 甲"),
        ("city,甲,甲市,甲,,,\n", 2, "not an English name"),
        ("city,甲,甲市,Jia\n", 2, "4 cells instead of 7"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, rows: str, line: int, what: str) -> None:
    (tmp_path / "places.csv").write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        Places.load(tmp_path)
    assert f"places.csv, line {line}:" in caught.value.what
    assert what in caught.value.what
