"""Conditions, places in an order and classes over the corpus' tables, as people put them."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.compound.described import readings
from policybot.answer.question.leftout import exceptions

ABOVE = ("澳大利亚", "冰岛", "挪威")


def said(bot: PolicyBot, question: str) -> str:
    answer = bot.ask(question)
    assert answer.status == "answered", answer.answer
    return answer.answer


@pytest.mark.parametrize(
    ("question", "names", "others"),
    [
        ("附件B里，允许排放超过基准年水平的是哪些缔约方？", ABOVE, ("日本", "新西兰")),
        ("京都议定书里哪些国家的排放反而可以高于基准年？", ABOVE, ("日本", "新西兰")),
        (
            "Which Annex B parties are permitted to emit above their base-year level?",
            ("Iceland", "Norway"),
            ("Japan",),
        ),
        ("哪些缔约方的排放量只要维持在基准年水平就行？", ("新西兰", "乌克兰"), ("日本", "冰岛")),
        ("Which countries must cut by 8 percent under Annex B?", ("Austria", "Latvia"), ("Japan", "Iceland")),
        ("除了海口，PM2.5低于25的城市还有哪些？", ("深圳", "福州", "厦门"), ("海口",)),
        ("Which cities peak earlier than Beijing?", ("Ningbo",), ("Shanghai",)),
        ("哪些城市的达峰年份跟上海一样？", ("天津", "海口"), ("北京", "昆明")),
        ("空气比昆明更干净的城市有几座？", ("4个", "海口"), ("贵阳",)),
        ("Which of the energy-base cities has the cleanest air?", ("Yinchuan", "32.5"), ("Haikou",)),
    ],
)
def test_only_the_rows_under_a_condition(
    bot: PolicyBot, question: str, names: tuple[str, ...], others: tuple[str, ...]
) -> None:
    text = said(bot, question)
    assert all(name in text for name in names), text
    assert not any(name in text for name in others), text


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Which city has the third highest PM2.5?", "58.7"),
        ("服务业比重增幅亚军是哪座城市？", "乌鲁木齐"),
        ("能耗降幅季军是谁？", "贵阳"),
        ("Which city is runner-up in energy intensity reduction?", "Qingdao"),
        ("PM2.5倒数第二的城市是哪个？", "58.7"),
        ("Which city ranks second for clean air?", "24.0"),
        ("Apart from Kunming, which city has the latest peak year?", "Shenyang"),
        ("Who got the loosest target in Annex B?", "Iceland"),
    ],
)
def test_a_place_in_an_order(bot: PolicyBot, question: str, name: str) -> None:
    assert name in said(bot, question)


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("日本按附件B要减排百分之几？", ("94", "低6%")),
        ("How far above its base year may Iceland go?", ("110", "10% above")),
        ("假如日本1990年排了10亿吨，按附件B它一年平均最多能排多少？", ("9.4亿吨",)),
        ("How many places does the first batch give out, and how many of the 100 are left?", ("35", "65")),
    ],
)
def test_a_change_from_the_base_and_what_is_left(
    bot: PolicyBot, question: str, values: tuple[str, ...]
) -> None:
    text = said(bot, question)
    assert all(value in text for value in values), text


@pytest.mark.parametrize(
    "question",
    [
        "白皮书里哪几个城市被归成“能源基地”那一类？",
        "Which three places does the white paper label as energy bases?",
        "经济依赖高碳能源产业的城市有哪些？",
    ],
)
def test_the_cities_of_a_described_class(bot: PolicyBot, question: str) -> None:
    text = said(bot, question)
    assert "乌鲁木齐" in text or "Urumqi" in text


@pytest.mark.parametrize(
    "question",
    [
        "双碳发展水平的冠军，2019年单位GDP能耗降了几个点？",
        "By what percentage did the winner of the level domain bring down energy per unit of GDP?",
    ],
)
def test_a_city_called_by_its_rank_in_the_text(bot: PolicyBot, question: str) -> None:
    assert "3.41%" in said(bot, question)


def test_a_superlative_over_what_no_table_prints_orders_no_table(bot: PolicyBot) -> None:
    assert bot.ask("双碳管理排名垫底的城市，空气质量优良天数变化了多少？").status == "not_found"


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("Which existing laws do the Opinions want revised without delay?", ("节约能源法", "煤炭法")),
        ("试点园区要补齐哪些环保设施？", ("污水处理设施", "垃圾焚烧设施")),
        ("哪三个省的前三城市覆盖80%以上排放？", ("宁夏", "青海", "西藏")),
        ("试点园区的绿色低碳发展指标有哪些？", ("工业增加值平均增长率", "单位工业增加值综合能耗")),
    ],
)
def test_a_list_of_the_kind_asked_for(bot: PolicyBot, question: str, items: tuple[str, ...]) -> None:
    text = said(bot, question)
    assert all(item in text for item in items), text


def test_what_is_left_out_and_called_by_rank_is_read() -> None:
    text = "apart from haikou, which city has the cleanest air?"
    assert [text[a:b] for a, b in exceptions(text)] == ["haikou"]
    assert exceptions("哪个城市空气最好？") == []
    found = readings("综合排名的亚军，服务业比重涨了多少？")
    assert found[0].which == "综合排名排名第二的城市是哪个？"
