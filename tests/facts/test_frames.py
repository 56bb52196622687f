"""Published tables as frames: every cell of the inventory, and queries that state ties and gaps."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from policybot.corpus import load_corpus
from policybot.corpus.model import Table
from policybot.errors import PolicybotError
from policybot.facts.frames import AGGREGATES, column_of, find_table, frame, parse_condition, query

CORPUS = load_corpus()
DATA = Path(__file__).parent / "data"


def named(name: str) -> Table:
    return find_table(CORPUS, name)


def test_every_cell_of_the_inventory_is_there() -> None:
    rows = list(csv.DictReader((DATA / "table_cells.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 319
    for row in rows:
        table = CORPUS.tables[named(row["table"]).id]
        position = table.header.index(row["column"])
        cells = [
            r.cells[position]
            for r in table.rows
            if row["row"] == r.cells[0].text.rstrip("*") or r.id.endswith("/" + row["row"])
        ]
        assert len(cells) == 1, row
        if row["value"] == "-":
            assert cells[0].kind == "missing", row
        elif cells[0].value is not None:
            assert cells[0].value == float(row["value"]), row
        else:
            assert cells[0].text == row["value"], row


def test_frames_are_typed_and_keep_missing_values() -> None:
    data = frame(named("图表23（单位GDP能耗年降幅）"))
    assert data.shape == (35, 2) and data.dtypes.iloc[1].kind == "f"
    assert int(data.iloc[:, 1].isna().sum()) == 2


def test_filter_sort_and_ties() -> None:
    quota = named("附件1 表")
    three = query(quota, where=[parse_condition("名额=3", quota)])
    assert len(three.rows) == 5 and three.total == 5
    pm = named("图表21")
    top = query(pm, sort=column_of(pm, "PM2.5"), descending=True, top=2)
    assert [r.cells[0].text for r in top.rows] == ["石家庄", "郑州"]
    assert [r.rank for r in top.rows] == [1, 2]
    assert [i.split("/")[-1] for i in top.tied] == ["西安"]


def test_aggregates_name_the_missing_cells() -> None:
    energy = named("图表23（单位GDP能耗年降幅）")
    column = energy.header[1]
    result = query(energy, aggregates=[(name, column) for name in AGGREGATES])
    values = {a.name: a.value for a in result.aggregates}
    assert values["count"] == 33 and values["max"] == 16.58 and values["min"] == -9.84
    assert math.isclose(values["mean"], values["sum"] / 33)
    assert sorted(i.split("/")[-1] for i in result.missing) == ["大连", "济南"]


def test_tables_by_any_name() -> None:
    assert named("Chart 21") is named("图表21") is named("2019年中国城市年均PM2.5浓度")
    with pytest.raises(PolicybotError, match="several tables"):
        named("图表23")
    with pytest.raises(PolicybotError, match="no table"):
        named("图表99")


@pytest.mark.parametrize("text", ["名额", "价格=3", "名额=三个", "地区>3"])
def test_bad_conditions_are_explained(text: str) -> None:
    quota = named("附件1 表")
    with pytest.raises(PolicybotError) as caught:
        query(quota, where=[parse_condition(text, quota)])
    assert caught.value.hint and caught.value.hint_zh


def test_numbers_of_a_text_column_are_refused() -> None:
    with pytest.raises(PolicybotError, match="holds text"):
        query(named("附件1 表"), aggregates=[("mean", "地区")])
