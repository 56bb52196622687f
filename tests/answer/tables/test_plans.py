"""Plans over tables: every answer is compared with what pandas-free arithmetic over the printed cells gives."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.answer.bot import PolicyBot
from policybot.answer.model import Answer
from policybot.answer.question.understand import read_ask
from policybot.answer.tables.reading.columns import column_uses, load_columns
from policybot.answer.tables.reading.textgroups import load_groups
from policybot.answer.tables.reading.views import View
from policybot.errors import CorpusError
from policybot.patterns import check_patterns


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


def view_of(bot: PolicyBot, label: str) -> View:
    return next(v for v in bot.planner.book.views if v.table.label == label)


def computed(answer: Answer, operation: str) -> float:
    """The value of the computed result of an operation."""
    return next(float(r.value) for r in answer.results if r.operation == operation)  # type: ignore[arg-type]


def named(answer: Answer, names: dict[str, Decimal]) -> set[str]:
    """The rows whose names stand in an answer."""
    return {name for name in names if name in answer.answer}


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("大于{x}", lambda v, x: v > x),
        ("低于{x}", lambda v, x: v < x),
        ("不超过{x}", lambda v, x: v <= x),
        ("至少{x}", lambda v, x: v >= x),
    ],
)
@pytest.mark.parametrize("limit", [24, 36, 52])
def test_conditions_leave_the_rows_that_meet_them(
    bot: PolicyBot, words: str, holds: object, limit: int
) -> None:
    values = cells(bot, "图表21")
    answer = bot.ask(f"PM2.5{words.format(x=limit)}的城市有哪些？")
    assert answer.status == "answered"
    assert named(answer, values) == {n for n, v in values.items() if holds(v, limit)}  # type: ignore[operator]


@pytest.mark.parametrize("label", ["图表23（服务业比重年增幅）", "图表23（空气质量优良天数年增幅）"])
def test_each_column_of_a_chart_with_independent_columns_is_its_own(bot: PolicyBot, label: str) -> None:
    view = view_of(bot, label)
    column = view.of_kind("number")
    assert column is not None
    for row in view.rows[::8]:
        answer = bot.ask(f"图表23中{row.key}的{column.name}是多少")
        assert row.cells[column.index].text in answer.answer, row.key


def test_a_negative_change_is_found_by_words_for_a_fall(bot: PolicyBot) -> None:
    values = cells(bot, "图表23（服务业比重年增幅）")
    answer = bot.ask("服务业比重下滑的城市有几个？")
    assert named(answer, values) == {n for n, v in values.items() if v < 0}


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What is the peak year of the city with the dirtiest air?", "2025"),
        ("达峰最晚的城市，服务业比重年增幅是多少？", "2.01%"),
        ("Which class does the city with the lowest PM2.5 belong to?", "二类城市"),
    ],
)
def test_a_row_found_in_one_table_is_looked_up_in_another(bot: PolicyBot, question: str, wanted: str) -> None:
    answer = bot.ask(question)
    assert [s.tool for s in answer.steps][1] == "select_rows"
    if wanted.endswith("%"):
        latest = max(cells(bot, "图表25").items(), key=lambda pair: pair[1])[0]
        wanted = f"{cells(bot, '图表23（服务业比重年增幅）')[latest]}"
    assert wanted in answer.answer


def test_difference_sum_ratio_and_mean_are_computed_from_cited_cells(bot: PolicyBot) -> None:
    values = cells(bot, "图表21")
    one, two, three = values["青岛"], values["长春"], values["南宁"]
    assert computed(bot.ask("青岛的PM2.5比长春高多少？"), "difference") == float(abs(one - two))
    assert computed(bot.ask("青岛与长春的PM2.5相加是多少？"), "sum") == float(one + two)
    assert computed(bot.ask("青岛的PM2.5是南宁的几倍？"), "ratio") == float(round(one / three, 2))
    mean = computed(bot.ask("青岛、长春、南宁的PM2.5平均值是多少？"), "mean")
    assert mean == float(round((one + two + three) / 3, 2))


def test_the_one_asked_for_is_named(bot: PolicyBot) -> None:
    assert "Dalian is earlier" in bot.ask("Does Dalian or Kunming peak earlier?").answer
    assert "沈阳较晚" in bot.ask("沈阳和武汉谁达峰更晚？").answer


def test_classes_are_averaged_and_counted(bot: PolicyBot) -> None:
    values = cells(bot, "图表21")
    members = view_of(bot, "图表16").rows[3].cells[1].text.split("、")
    wanted = sum((values[m] for m in members), Decimal(0)) / len(members)
    answer = bot.ask("四类城市的PM2.5平均是多少？")
    assert computed(answer, "mean") == float(round(wanted, 2))
    counted = bot.ask("二类城市比一类城市多几个？")
    assert computed(counted, "difference") == 8.0


def test_sections_are_added_up_and_compared(bot: PolicyBot) -> None:
    assert computed(bot.ask("低碳试点评估的A、E两部分一共多少分？"), "sum") == 30.0
    assert (
        computed(bot.ask("How many more points does section C carry than section D?"), "difference") == 15.0
    )
    assert computed(bot.ask("“基础工作与能力建设”占总分的百分之几？"), "share") == 20.0


def test_a_category_is_counted_in_both_tables(bot: PolicyBot) -> None:
    answer = bot.ask("绿色低碳创新指标在城市表和园区表里加起来有几项？")
    assert computed(answer, "sum") == 2.0


def test_what_is_left_of_a_printed_number(bot: PolicyBot) -> None:
    answer = bot.ask("100个试点扣除首批名额后还剩几个？")
    assert computed(answer, "rest") == 65.0 and any("100" in c.quote for c in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "拉萨和北京的PM2.5哪个高？",  # a city that the table does not list
        "北京2021年的PM2.5是多少？",  # a year it is not about
        "第二批碳达峰试点各省名额是多少？",  # another batch
        "河北的3个试点名额给了哪几个城市？",  # what the row does not say
    ],
)
def test_what_the_tables_do_not_say_is_not_planned(bot: PolicyBot, question: str) -> None:
    assert not any(s.tool in ("select_rows", "compute") for s in bot.ask(question).steps)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_any_two_rows_compare_as_their_cells_do(bot: PolicyBot, data: st.DataObject) -> None:
    values = cells(bot, "图表21")
    pair = data.draw(st.lists(st.sampled_from(sorted(values)), min_size=2, max_size=2, unique=True))
    one, two = pair
    answer = bot.ask(f"{one}和{two}的PM2.5哪个更高？")
    if values[one] == values[two]:
        assert "相同" in answer.answer
    else:
        assert f"{max(pair, key=lambda n: values[n])}较高" in answer.answer


def test_the_longer_name_of_a_column_is_meant(bot: PolicyBot) -> None:
    question = "空气质量优良天数年增幅最大的城市"
    analysis = bot._analyse(question)
    ask = read_ask(question, analysis, bot.planner.rarity, "zh")
    assert [u.column.name for u in column_uses(ask, bot.planner.book.views)] == ["空气质量优良天数年增幅"]


def test_entries_of_columns_name_columns_that_exist(bot: PolicyBot) -> None:
    columns = [c.norm for v in bot.planner.book.views for c in v.columns if c.kind == "number"]
    for naming in load_columns():
        assert any(name.startswith(naming.name) for name in columns), naming.name


@pytest.mark.parametrize(
    "text", ["[[column]]\nname = 'x'\n", "[[column]]\nname = 'x'\nzh = ['(']\n", "a = 1\n"]
)
def test_a_wrong_column_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "columns.toml"
    path.write_text(text, encoding="utf-8")
    assert tomllib.loads(text)
    with pytest.raises(CorpusError, match=r"columns\.toml"):
        check_patterns(naming.words for naming in load_columns(path))


@pytest.mark.parametrize(
    ("question", "sign", "limit"),
    [
        ("Which provinces were given more than two pilots?", ">", 2),
        ("Which provinces have fewer than three places?", "<", 3),
        ("How many provinces received at least three pilots?", "≥", 3),
        ("名额不少于三个的省区有哪些？", "≥", 3),
        ("有哪些省拿到两个以上名额？", "≥", 2),
        ("Which provinces were given just two places?", "=", 2),
    ],
)
def test_conditions_with_spelled_numbers(bot: PolicyBot, question: str, sign: str, limit: int) -> None:
    view = next(v for v in bot.planner.book.views if any(c.name == "名额" for c in v.columns))
    quota = next(c for c in view.columns if c.name == "名额")
    values = [row.cells[quota.index].value or 0 for row in view.rows]
    holds = {
        ">": lambda v: v > limit,
        "<": lambda v: v < limit,
        "≥": lambda v: v >= limit,
        "=": lambda v: v == limit,
    }[sign]
    answer = bot.ask(question)
    assert f"{sign} {limit}" in answer.answer
    assert len(answer.citations) >= sum(map(holds, values))


@pytest.mark.parametrize(
    "question",
    ["哪些省名额超过5个？", "哪些省只有1个试点名额？", "Which provinces got more than five places?"],
)
def test_a_condition_that_no_row_meets_is_said_to_be_met_by_none(bot: PolicyBot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    assert "没有满足条件" in answer.answer or answer.answer.startswith("No row")


@pytest.mark.parametrize(
    ("question", "sign"),
    [
        ("Name the cities where good-air days went down.", -1),
        ("服务业比重下降的城市有哪些？", -1),
        ("How many cities' services share went up?", 1),
    ],
)
def test_rows_by_the_sign_of_a_change(bot: PolicyBot, question: str, sign: int) -> None:
    label = "空气质量优良天数年增幅" if "air" in question else "服务业比重年增幅"
    view = next(v for v in bot.planner.book.views if any(c.name == label for c in v.columns))
    column = next(c for c in view.columns if c.name == label)
    count = sum((row.cells[column.index].value or 0) * sign > 0 for row in view.rows)
    assert str(count) in bot.ask(question).answer.split("(")[0].split("（")[0]


def test_a_single_character_names_the_only_row_that_holds_it(bot: PolicyBot) -> None:
    assert "1,846,883" in bot.ask("2019年青岛规上工业消耗了多少电？").answer


def test_figures_of_a_city_are_not_given_for_the_nation(bot: PolicyBot) -> None:
    assert "52879952" not in bot.ask("2019年全国总共消费了多少能源？").answer


@pytest.mark.parametrize(
    ("question", "members"),
    [
        ("把五个计划单列市的PM2.5年均浓度平均一下，是多少？", "大连、青岛、宁波、厦门、深圳"),
        (
            "What is the average PM2.5 of the five cities with independent planning status?",
            "大连、青岛、宁波、厦门、深圳",
        ),
        ("四个直辖市2019年PM2.5平均是多少？", "北京、天津、上海、重庆"),
        ("2019年空气最干净的三个城市PM2.5平均多少", "海口、福州、厦门"),
        ("What is the mean 2019 PM2.5 of the three dirtiest cities?", "石家庄、郑州、西安"),
    ],
)
def test_the_mean_of_a_group_is_that_of_its_cells(bot: PolicyBot, question: str, members: str) -> None:
    values = cells(bot, "图表21")
    own = [values[name] for name in members.split("、")]
    assert computed(bot.ask(question), "mean") == float(f"{sum(own, Decimal(0)) / len(own):.2f}")


def test_the_highest_value_as_a_multiple_of_the_lowest(bot: PolicyBot) -> None:
    values = cells(bot, "图表21").values()
    wanted = round(max(values) / min(values), 2)
    for question in ("2019年PM2.5最脏的城市是最干净城市的几倍？",
                     "How many times dirtier was the air of the worst city than that of the cleanest, by PM2.5?"):  # fmt: skip
        assert computed(bot.ask(question), "ratio") == pytest.approx(float(f"{wanted}"))


def test_rows_together_as_a_share_of_their_column(bot: PolicyBot) -> None:
    values = cells(bot, "附件1 表")
    own = sum((values[n] for n in ("河北省", "山西省", "内蒙古自治区")), Decimal(0))
    wanted = f"{100 * own / sum(values.values(), Decimal(0)):.1f}"
    answer = bot.ask(
        "What share of the first batch of places go to Hebei, Shanxi and Inner Mongolia together?"
    )
    assert computed(answer, "share") == pytest.approx(float(wanted))


def test_a_table_of_cities_says_nothing_of_provinces(bot: PolicyBot) -> None:
    assert not any(r.operation for r in bot.ask("2019年PM2.5最差的三个省平均多少？").results)


def test_a_faulty_file_of_groups_is_named(tmp_path: Path) -> None:
    path = tmp_path / "groups.toml"
    path.write_text("[x]\nmembers = []\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"groups\.toml"):
        load_groups(path)
