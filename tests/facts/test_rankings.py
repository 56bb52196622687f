"""Published lists: all found, and their order claimed only where the text claims it."""

from __future__ import annotations

from policybot.corpus import load_corpus
from policybot.facts.places import Places
from policybot.facts.rankings import image_figures, published_lists, published_ranks

CORPUS = load_corpus()
LISTS = published_lists(CORPUS, Places.load())


def test_lists_that_claim_an_order() -> None:
    ordered = {"、".join(found.places) for found in LISTS if found.ordered}
    assert ordered == {
        "深圳、北京、广州、厦门、上海",
        "深圳、海口、北京、厦门、广州",
        "上海、重庆、天津、石家庄、北京",
        "上海、北京、深圳、广州、重庆",
        "深圳、北京、广州、厦门、福州",
        "银川、乌鲁木齐、石家庄、呼和浩特、西宁",
    }


def test_leaders_are_listed_without_an_order() -> None:
    leaders = {"、".join(found.places): found for found in LISTS if "名列前茅" in found.predicate}
    assert set(leaders) == {"乌鲁木齐、贵阳、兰州、西宁、石家庄", "南京、宁波、上海、北京、天津"}
    assert all(found.place_of(found.places[0]) is None for found in leaders.values())


def test_both_tiers_and_the_good_cities_are_complete() -> None:
    sizes = {found.predicate: len(found.places) for found in LISTS}
    assert sizes["共27个城市为第一梯队"] == 27 and sizes["为第二梯队"] == 8
    assert sizes["评估结果为优良的城市"] == 40


def test_places_stand_in_the_quoted_sentence() -> None:
    for found in LISTS:
        assert all(place in found.quote.text for place in found.places)


def test_single_ranks() -> None:
    ranks = {(r.place, r.metric): r.rank for r in published_ranks(CORPUS, Places.load())}
    assert ranks == {("广州", "碳排放"): 10, ("深圳", "碳排放"): 25}


def test_rankings_that_exist_only_as_images() -> None:
    figures = image_figures(CORPUS)
    assert {f.label for f in figures if f.is_ranking} == {
        f"图表{i}" for i in (15, 17, 18, 19, 20, 22, 24, 26)
    }
