"""Questions in two steps: what is described is found first, and what is asked is asked about that."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.answer.bot import PolicyBot
from policybot.answer.compound.described import among, readings, refer
from policybot.answer.tables.reading.views import View


def view_of(bot: PolicyBot, label: str) -> View:
    return next(v for v in bot.planner.book.views if v.table.label == label)


def cells(bot: PolicyBot, label: str) -> dict[str, Decimal]:
    """Values of a table's number column by row name, rows without one left out."""
    view = view_of(bot, label)
    column = view.of_kind("number")
    assert column is not None
    return {
        row.key.strip("*"): Decimal(str(value))
        for row in view.rows
        if (value := row.cells[column.index].value) is not None
    }


PM = "图表21"
SERVICES = "图表23（服务业比重年增幅）"
ENERGY = "图表23（单位GDP能耗年降幅）"
DAYS = "图表23（空气质量优良天数年增幅）"
PEAK = "图表25"


@pytest.mark.parametrize(
    ("question", "label", "pick", "asked"),
    [
        ("服务业比重跌得最厉害的城市，空气里的PM2.5有多高？", SERVICES, min, PM),
        ("优良天数减少得最多的那个城市，服务业比重变化了多少？", DAYS, min, SERVICES),
        ("有座城市一年里单位GDP能耗降了16.58%，它的优良天数怎么变？", ENERGY, max, DAYS),
        ("When will the city whose services share shrank most reach its carbon peak?", SERVICES, min, PEAK),
        ("The city that cut energy intensity most: what is its PM2.5?", ENERGY, max, PM),
        ("By how much did services grow in the city with the poorest air?", PM, max, SERVICES),
        ("One city gained more good-air days than any other. How high is PM2.5 there?", DAYS, max, PM),
        (
            "Some city saw the share of good-air days jump by 19.68%. When does it aim to peak?",
            DAYS,
            max,
            PEAK,
        ),
    ],
)
def test_a_row_described_is_found_and_asked_about(
    bot: PolicyBot, question: str, label: str, pick: object, asked: str
) -> None:
    answer = bot.ask(question)
    wanted = pick(cells(bot, label).items(), key=lambda pair: pair[1])[0]  # type: ignore[operator]
    value = cells(bot, asked)[wanted]
    assert f"{value.normalize():f}" in answer.answer
    assert any(wanted in c.quote for c in answer.citations)


@pytest.mark.parametrize(
    ("question", "name", "label"),
    [
        ("全市556家单位都建成节约型机关的那个城市，2019年PM2.5是多少？", "合肥", PM),
        ("推进首个全自动化集装箱码头建设的城市，服务业比重一年增加多少？", "广州", SERVICES),
        ("出台全国首个循环经济产品政府采购目录的城市，优良天数变化了多少？", "深圳", DAYS),
        ("What is the peak year of the city where Gulangyu became a near-zero-carbon scenic area?", "厦门", PEAK),
        ("How did good-air days change in the city building the first fully automated container terminal"
         " of the Greater Bay Area?", "广州", DAYS),
    ],
)  # fmt: skip
def test_a_sentence_names_what_a_table_is_asked_about(
    bot: PolicyBot, question: str, name: str, label: str
) -> None:
    answer = bot.ask(question)
    step = next(s for s in answer.steps if s.tool == "resolve")
    assert step.summary == name
    assert f"{cells(bot, label)[name].normalize():f}" in answer.answer
    assert len({c.clause_id for c in answer.citations}) > 1


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("空气最干净的城市是哪个？它属于第几类？", ("海口", "二类")),
        ("哪个城市的绿色贷款余额增幅突破了37.5%？这座城市的达峰目标年份是哪年？", ("武汉", "2022")),
        ("哪几个城市提出2022年达峰？其中空气最好的是哪个？", ("深圳", "24.1")),
        ("综合指数排第一的是哪座城市？那里的PM2.5是多少？", ("深圳", "24.1")),
        (
            "Which city's energy use per GDP rose the most? When does that city want to peak?",
            ("Kunming", "2028"),
        ),
        ("Which cities peak in 2022, and which of those has the cleanest air?", ("Shenzhen", "24.1")),
        ("Which is the top city of the overall index? When does it plan to peak?", ("Shenzhen", "2022")),
        ("What are the cities of class one, and which of them had the dirtiest air?", ("Beijing", "42")),
    ],
)
def test_a_later_part_is_about_what_the_first_part_found(
    bot: PolicyBot, question: str, parts: tuple[str, ...]
) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    assert all(part in answer.answer for part in parts)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("优良天数增加的城市里，能耗强度降幅最大的是哪个？", "西宁"),
        ("没有公布达峰年份的城市里，谁的空气最好？", "福州"),
        ("带星号的国家里承诺数值最高的是哪几个？", "乌克兰"),
        ("五个计划单列市里，谁的PM2.5最高？", "青岛"),
        ("Among cities without a peak year, which has the lowest PM2.5?", "Fuzhou"),
        ("Of the top five cities in the overall index, which peaks last?", "Shanghai"),
        ("Which of the transition economies in Annex B has the highest commitment?", "Ukraine"),
        ("Which of the five cities with independent planning status has the dirtiest air?", "Qingdao"),
        ("Which city that plans to peak in 2025 has the dirtiest air?", "Shijiazhuang"),
    ],
)
def test_some_of_several_rows_found_before(bot: PolicyBot, question: str, wanted: str) -> None:
    assert wanted in bot.ask(question).answer


@pytest.mark.parametrize(
    "question",
    [
        "举办过奥运会的城市，PM2.5是多少？",
        "人口最多的城市打算哪年碳达峰？",
        "What is the PM2.5 of the city that hosted the Olympics?",
        "When will the city with the tallest tower peak?",
    ],
)
def test_what_nothing_describes_is_not_found(bot: PolicyBot, question: str) -> None:
    assert "resolve" not in [s.tool for s in bot.ask(question).steps]


def test_the_heaviest_section_and_its_indicators(bot: PolicyBot) -> None:
    view = view_of(bot, "附表")
    column = view.of_kind("category")
    assert column is not None
    rows = [r for r in view.rows if r.cells[column.index].text.startswith("C ")]
    answer = bot.ask("低碳试点打分表里分值最大的一块是什么？它下面列了几个小指标？")
    assert "35" in answer.answer and f"{len(rows)}" in answer.answer
    assert "35" in bot.ask("Which part of the evaluation weighs most?").answer


def test_a_list_in_brackets_is_averaged(bot: PolicyBot) -> None:
    values = cells(bot, PM)
    mean = sum((values[n] for n in ("大连", "青岛", "宁波", "厦门", "深圳")), Decimal(0)) / 5
    answer = bot.ask("五个计划单列市的PM2.5年均浓度平均是多少？")
    assert next(r.value for r in answer.results if r.operation == "mean") == float(round(mean, 2))


@pytest.mark.parametrize(
    "question",
    [
        "2030年非化石能源消费比重达到多少？",
        "满足条件的城市有哪些？",
        "达峰最晚的城市是哪个？",
        "Which city has the dirtiest air?",
        "What must a pilot city do first?",
    ],
)
def test_most_questions_describe_nothing(question: str) -> None:
    assert readings(question) == []


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="的城市哪个最，？它里thecityofwhr ,.?", max_size=60))
def test_any_text_is_read(text: str) -> None:
    for reading in readings(text):
        assert reading.which and "名" in reading.rest("名")
    refer(text, "名")
    among(text)


@pytest.mark.parametrize(
    "question",
    [
        "PM2.5降得最多的城市打算哪年达峰？",  # the table prints levels
        "空气最干净的城市人口有多少？",  # the second step has no answer
        "Of the southern cities, which has the highest PM2.5?",  # a condition that no table knows
        "Among the cities with more than ten million people, which peaks first?",
        "What is the peak year of the city where green loans grew by 50%?",  # another number
    ],
)
def test_half_an_answer_is_none(bot: PolicyBot, question: str) -> None:
    answer = bot.ask(question)
    assert not any(s.tool == "select_rows" for s in answer.steps)
    assert not any(word in answer.answer for word in ("最高", "最低", "最早", "earliest", "highest", "2022"))
