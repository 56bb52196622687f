"""`policybot city`: what the corpus says about a city, and cities beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from policybot.cli.anchors import cell_data, city_name, clause_place, number, place_of
from policybot.cli.options import JsonOption, LangOption, help_when_bare, session_of
from policybot.cli.output import show, show_json

if TYPE_CHECKING:
    from policybot.corpus.model import Corpus
    from policybot.facts.rankings import PublishedList
    from policybot.tools.city import CityProfile, CityValue, Mention

app = typer.Typer(
    help="Show and compare cities. / 查看和比较城市。", invoke_without_command=True, callback=help_when_bare
)


@app.command("show")
def show_city(
    context: typer.Context,
    city: Annotated[list[str], typer.Argument(help="A city in any spelling. / 城市，任何写法。")],
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Show everything the documents say about a city. / 汇总文献中关于一个城市的全部内容。"""
    from policybot.cli.city_render import render_profile
    from policybot.corpus import load_corpus
    from policybot.tools.city import city_profile

    session = session_of(context, lang)
    corpus = load_corpus(session.home.corpus_root)
    profile = city_profile(corpus, " ".join(city))
    if as_json:
        show_json(profile_data(corpus, profile))
    else:
        show(render_profile(corpus, profile, session.language))


@app.command()
def compare(
    context: typer.Context,
    cities: Annotated[list[str], typer.Argument(help="Two or more cities. / 两个或更多城市。")],
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Put cities beside each other. / 并列比较多个城市。"""
    from policybot.cli.city_render import render_comparison
    from policybot.corpus import load_corpus
    from policybot.tools.city import compare_cities

    session = session_of(context, lang)
    corpus = load_corpus(session.home.corpus_root)
    names = [
        n for words in cities for n in words.replace("，", ",").replace("、", ",").split(",") if n.strip()
    ]
    profiles = compare_cities(corpus, names)
    if as_json:
        show_json({"cities": [profile_data(corpus, profile) for profile in profiles]})
    else:
        show(render_comparison(corpus, profiles, session.language))


def profile_data(corpus: Corpus, profile: CityProfile) -> dict[str, Any]:
    """A profile as JSON: published and computed apart, each fact with source and line."""
    return {
        "city": profile.place.zh,
        "name_en": city_name(profile.place.zh, "en"),
        "covered": profile.covered,
        "exclusion": None if profile.exclusion is None else _mention(corpus, profile.exclusion),
        "published": {
            "class": _class(corpus, profile),
            "lists": [_list(corpus, profile, found) for found in profile.lists],
            "ranks": [
                {"metric": r.metric, "rank": r.rank, "clause": r.clause, "quote": r.quote.text}
                | place_of(corpus, r.quote)
                for r in profile.ranks
            ],
            "values": [_value(corpus, value) for value in profile.values],
            "evaluation": _evaluation(corpus, profile),
            "practices": [_mention(corpus, found) for found in profile.practices],
        },
        "computed": _computed(corpus, profile),
        "context": [
            {"year": t.year, "indicator": t.indicator, "indicator_en": t.indicator_en, "text": t.text,
             "clause": t.clause, "quote": t.quote.text} | place_of(corpus, t.quote)
            for t in profile.context
        ],
    }  # fmt: skip


def _mention(corpus: Corpus, found: Mention) -> dict[str, Any]:
    data = {"document": found.document, "clause": found.clause, "quote": found.quote.text}
    return data | place_of(corpus, found.quote)


def _class(corpus: Corpus, profile: CityProfile) -> dict[str, Any] | None:
    found = profile.city_class
    if found is None:
        return None
    data = {"name": found.name, "meaning": found.meaning, "members": found.members}
    return data | clause_place(corpus.clauses[found.row])


def _list(corpus: Corpus, profile: CityProfile, found: PublishedList) -> dict[str, Any]:
    return {
        "subject": found.subject,
        "predicate": found.predicate,
        "order_claimed": found.ordered,
        "place": found.place_of(profile.place.zh),
        "count": len(found.places),
        "places": list(found.places),
        "clause": found.clause,
        "quote": found.quote.text,
    } | place_of(corpus, found.quote)


def _value(corpus: Corpus, value: CityValue) -> dict[str, Any]:
    data = {"table": value.table, "caption": value.caption, "column": value.column, "row": value.row}
    places = {"place_from_highest": value.place, "count": value.count, "tied": value.tied}
    return data | cell_data(corpus, value.cell) | ({} if is_year(value) else places)


def is_year(value: CityValue) -> bool:
    """Whether a value stands in a column of years, where a place says nothing."""
    return value.cell.kind == "year" or value.column.endswith("年份")


def _evaluation(corpus: Corpus, profile: CityProfile) -> dict[str, Any]:
    from policybot.tools.city import graded_cities

    found = profile.graded or graded_cities(corpus)
    data: dict[str, Any] = {"result": "优良" if profile.graded else None, "cut_off": None}
    if found is not None:
        data |= {"listed": len(found.places), "clause": found.clause} | place_of(corpus, found.quote)
    return data


def _computed(corpus: Corpus, profile: CityProfile) -> dict[str, Any] | None:
    from policybot.scoring.robustness import RankInterval
    from policybot.tools.city import COMPUTED_DOMAIN, SYSTEM

    entry = profile.computed
    if entry is None:
        return None
    interval: RankInterval | None = profile.interval
    return {
        "kind": "computed",
        "note": "computed, not the published ranking",
        "system": SYSTEM,
        "domain": COMPUTED_DOMAIN,
        "complete": entry.complete,
        "score": [number(entry.low), number(entry.high)],
        "rank": [entry.best, entry.worst],
        "rank_over_all_weights": None if interval is None else [interval.best, interval.worst],
        "inputs": [_value(corpus, v) for v in profile.values if v.table.startswith("图表23")],
    }
