"""`policybot table`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policybot.errors import ExitCode
from tests.cli.here import call_here as call

ROOT = Path(__file__).resolve().parents[2]
ENERGY = "图表23（单位GDP能耗年降幅）"


def query(*arguments: str) -> Any:
    done = call("table", "query", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_all_tables_are_listed() -> None:
    listed = json.loads(call("table", "list", "--json").stdout)
    assert {t["label"] for t in listed} >= {"图表8", "图表16", "图表21", ENERGY, "图表25"}
    assert "图表21" in call("table", "list").stdout


def test_a_table_is_shown_with_the_line_of_every_cell() -> None:
    shown = json.loads(call("table", "show", "chart 21", "--json").stdout)
    assert len(shown["rows"]) == 35
    for row in shown["rows"]:
        cell = row["cells"]["PM2.5年均浓度"]
        line = (ROOT / cell["source"]).read_text(encoding="utf-8").split("\n")[cell["line"] - 1]
        assert cell["text"] in line
    text = call("table", "show", "图表21", "--lang", "en").stdout
    assert "海口" in text and ":6" in text


def test_queries_filter_sort_cut_and_aggregate() -> None:
    three = query("附件1", "--where", "名额=3", "--aggregate", "count:名额")
    assert [r["cells"]["地区"]["text"] for r in three["rows"]] == [
        "河北省",
        "内蒙古自治区",
        "江苏省",
        "山东省",
        "广东省",
    ]
    assert three["aggregates"][0]["value"] == 5
    total = query("附件1", "--aggregate", "sum:名额")
    assert (total["aggregates"][0]["value"], total["aggregates"][0]["kind"]) == (35, "computed")
    best = query(ENERGY, "--sort", "-单位GDP能耗年降幅", "--top", "3")
    assert [r["rank"] for r in best["rows"]] == [1, 2, 3]


def test_missing_cells_and_ties_are_said() -> None:
    text = call("table", "query", ENERGY, "--aggregate", "mean:单位GDP能耗年降幅", "--lang", "en").stdout
    assert "computed from 33 cells" in text
    assert "No value, left out: 大连, 济南" in text or "No value, left out: 济南, 大连" in text
    text = call("table", "query", "图表25", "--sort", "碳达峰目标年份", "--top", "2", "--lang", "en").stdout
    assert "Tied with the last row shown" in text


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["show", "图表99"], "no table"),
        (["show", "图表23"], "fits several tables"),
        (["query", "图表21", "--where", "nonsense"], "not a condition"),
        (["query", "图表21", "--sort", "人口"], "no single column"),
        (["query", "图表21", "--aggregate", "median:PM2.5"], "no aggregate"),
        (["query", "图表21", "--where", "PM2.5>high"], "not a number"),
    ],
)
def test_wrong_queries_are_one_sentence(arguments: list[str], part: str) -> None:
    done = call("table", *arguments, "--lang", "en")
    assert done.returncode == ExitCode.USAGE
    assert part in done.stderr
    assert len(done.stderr.splitlines()) == 1
