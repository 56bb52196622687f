"""`policybot city`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policybot.errors import ExitCode
from tests.cli.here import call_here as call

ROOT = Path(__file__).resolve().parents[2]


def city(name: str) -> Any:
    done = call("city", "show", name, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def facts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a result that has a quote or a printed text."""
    if isinstance(value, dict):
        if "quote" in value or "text" in value:
            yield value
        for inner in value.values():
            yield from facts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from facts(inner)


def test_every_fact_has_its_source_and_line() -> None:
    found = list(facts(city("深圳")))
    assert len(found) > 25
    for fact in found:
        lines = (ROOT / fact["source"]).read_text(encoding="utf-8").split("\n")
        opening = "".join((fact.get("quote") or fact["text"]).split())[:6]
        assert opening in "".join("".join(lines[fact["line"] - 1 : fact["line"] + 3]).split())


def test_published_and_computed_are_apart() -> None:
    found = city("Shenzhen")
    assert found["published"]["class"]["name"] == "一类城市"
    overall = next(x for x in found["published"]["lists"] if "综合排名" in x["subject"])
    assert (overall["order_claimed"], overall["place"]) == (True, 1)
    assert {"metric": "碳排放", "rank": 25}.items() <= found["published"]["ranks"][0].items()
    assert found["published"]["evaluation"]["result"] == "优良"
    assert found["published"]["evaluation"]["cut_off"] is None
    assert found["computed"]["note"] == "computed, not the published ranking"
    assert found["computed"]["rank"] == [25, 25]
    text = call("city", "show", "深圳市", "--lang", "en").stdout
    assert "place 1 of 5" in text and "COMPUTED, not the published ranking" in text
    assert "深圳的碳排放排在第 25 名" in text


def test_an_order_that_is_not_claimed_is_not_given() -> None:
    progress = next(x for x in city("贵阳")["published"]["lists"] if "领域 2" in x["subject"])
    assert progress["order_claimed"] is False
    assert progress["place"] is None
    text = call("city", "show", "guiyang").stdout
    assert "one of 5, order not claimed" in text
    assert "no year stated" in text


def test_missing_values_give_intervals() -> None:
    found = city("dalian")
    assert found["computed"]["score"] == pytest.approx([4.0, 37.333333], abs=1e-4)
    assert found["computed"]["rank"] == [23, 34]
    missing = [v for v in found["published"]["values"] if v["kind"] == "missing"]
    assert [(v["text"], v["value"], v["place_from_highest"]) for v in missing] == [("-", None, None)]
    text = call("city", "show", "大连", "--lang", "en").stdout
    assert "no value (printed “-”)" in text and "4.00–37.33" in text
    assert "not among the 40 cities" in text


@pytest.mark.parametrize(("name", "reason"), [("拉萨", "缺失部分数据"), ("Hong Kong", "未含港澳台")])
def test_a_city_left_out_is_refused_with_the_sentence_that_says_why(name: str, reason: str) -> None:
    found = city(name)
    assert not found["covered"]
    assert found["computed"] is None
    assert reason in found["exclusion"]["quote"]
    text = call("city", "show", name, "--lang", "en").stdout
    assert "is not assessed by the index" in text and reason in text and ".txt:562" in text


def test_a_city_nobody_mentions_is_refused() -> None:
    assert "The documents do not say why" in call("city", "show", "三亚", "--lang", "en").stdout


def test_cities_stand_beside_each_other() -> None:
    text = call("city", "compare", "深圳、贵阳", "dalian", "--lang", "en").stdout
    assert text.splitlines()[0].split() == ["Shenzhen", "Guiyang", "Dalian"]
    assert "14.47% (3/33)" in text and "4.00–37.33" in text and "no year stated" in text
    compared = json.loads(call("city", "compare", "深圳", "贵阳", "--json").stdout)
    assert [c["city"] for c in compared["cities"]] == ["深圳", "贵阳"]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["show", "Shijazhuang"], "Did you mean Shijiazhuang"),
        (["compare", "深圳", "--lang", "en"], "at least two"),
        (["compare", "深圳", "Shenzhen", "--lang", "en"], "at least two"),
        (["show"], "CITY is missing"),
    ],
)
def test_wrong_cities_are_one_sentence(arguments: list[str], part: str) -> None:
    done = call("city", *arguments)
    assert done.returncode == ExitCode.USAGE
    assert part in done.stderr
    assert len(done.stderr.splitlines()) == 1
