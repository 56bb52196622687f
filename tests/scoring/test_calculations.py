"""Assigned amounts, emissions and self-assessment: what is computed, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.errors import PolicybotError
from policybot.scoring.assess import assess, rubric
from policybot.scoring.emissions import emission, printed_factors, total
from policybot.scoring.kyoto import annex_b, assigned_amount
from policybot.scoring.pilot import pilot_indicators, progress

CORPUS = load_corpus()


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return CORPUS


def test_annex_b_has_39_parties_13_of_them_in_transition(corpus: Corpus) -> None:
    commitments = annex_b(corpus)
    assert len(commitments) == 39
    assert sum(c.transition for c in commitments.values()) == 13
    assert {p for p, c in commitments.items() if c.percent > 100} == {"澳大利亚", "冰岛", "挪威"}


def test_assigned_amount_of_japan(corpus: Corpus) -> None:
    found = assigned_amount(corpus, "日本", Decimal(1000), "Mt")
    assert found.amount == 4700
    assert found.calculation == "1000 × 94% × 5 = 4700 Mt"


@given(st.decimals(0, 10**6, places=2), st.sampled_from(sorted(annex_b(CORPUS))))
def test_assigned_amounts_are_proportional(base: Decimal, party: str) -> None:
    one, two = assigned_amount(CORPUS, party, base), assigned_amount(CORPUS, party, 2 * base)
    assert two.amount == 2 * one.amount
    assert one.amount * 100 == base * one.commitment.percent * 5


@pytest.mark.parametrize("party", ["中国", "巴西", "Japan"])
def test_parties_outside_annex_b_are_refused(corpus: Corpus, party: str) -> None:
    with pytest.raises(PolicybotError, match="no commitment in Annex B"):
        assigned_amount(corpus, party, Decimal(1))


@pytest.mark.parametrize("base", ["-1", "NaN", "Infinity"])
def test_impossible_base_emissions_are_refused(corpus: Corpus, base: str) -> None:
    with pytest.raises(PolicybotError, match="at least 0"):
        assigned_amount(corpus, "日本", Decimal(base))


def test_only_two_fuels_have_a_printed_factor(corpus: Corpus) -> None:
    assert {f: str(x.value) for f, x in printed_factors(corpus).items()} == {"原煤": "2.492", "原油": "2.104"}
    assert emission(corpus, "原煤", Decimal(10_965_708)).tonnes == Decimal("27326544.336")


def test_a_total_with_a_missing_factor_is_refused_and_named(corpus: Corpus) -> None:
    assert total(corpus, {"原煤": Decimal(1), "原油": Decimal(1)}) == Decimal("4.596")
    with pytest.raises(PolicybotError, match="汽油, 柴油"):
        total(corpus, {"原煤": Decimal(1), "汽油": Decimal(1), "柴油": Decimal(1)})


def test_the_rubric_has_18_rows_and_100_points(corpus: Corpus) -> None:
    areas = rubric(corpus)
    assert [str(a.points) for a in areas] == ["15", "15", "35", "20", "15"]
    assert sum(len(a.items) for a in areas) == 18
    assert sum(i.points for a in areas for i in a.items) == 100
    assert {a.id: str(a.rate) for a in areas} == {
        "A": "86.1",
        "B": "68.4",
        "C": "79.6",
        "D": "86.8",
        "E": "72.1",
    }
    derived = next(a for a in areas if a.rate_source == "derived")
    assert derived.id == "C"
    assert (round(derived.rate_low, 1), round(derived.rate_high, 1)) == (Decimal("79.3"), Decimal("79.8"))


def test_self_assessment_by_area(corpus: Corpus) -> None:
    found = assess(corpus, {k: Decimal(v) for k, v in {"A": 13, "B": 9, "C": 28, "D": 18, "E": 10}.items()})
    assert (found.total, found.mean, found.highest, found.lowest) == tuple(
        map(Decimal, ("78", "79.2", "93.7", "68.9"))
    )
    assert {r.area.id: str(r.gap) for r in found.results}["B"] == "-8.4"


def test_items_and_areas_give_the_same_total(corpus: Corpus) -> None:
    items = {i.id: i.points for a in rubric(corpus) for i in a.items}
    assert assess(corpus, items).total == 100


@pytest.mark.parametrize(
    ("points", "named"),
    [
        ({"A": 16, "B": 9, "C": 28, "D": 18, "E": 10}, "A = 16"),
        ({"A": -1, "B": 9, "C": 28, "D": 18, "E": 10}, "A = -1"),
        ({"A": 13, "B": 9, "C": 28, "D": 18}, "E missing"),
        ({"A": 13, "A1": 3, "B": 9, "C": 28, "D": 18, "E": 10}, "twice"),
        ({"F": 1}, "neither"),
    ],
)
def test_bad_points_are_refused_and_named(corpus: Corpus, points: dict[str, int], named: str) -> None:
    with pytest.raises(PolicybotError, match=named):
        assess(corpus, {k: Decimal(v) for k, v in points.items()})


def test_pilot_indicators_are_read_as_printed(corpus: Corpus) -> None:
    cities, parks = pilot_indicators(corpus, "city"), pilot_indicators(corpus, "park")
    assert (len(cities), len(parks)) == (26, 14)
    assert all(i.kind == "share" for i in (*cities, *parks) if i.unit == "%")
    assert {i.category for i in parks} and all(i.direction_source for i in (*cities, *parks))
    clauses = {i.direction_source.split(" ")[0] for i in (*cities, *parks)} - {"inferred"}
    assert clauses <= set(corpus.clauses)


def test_shares_move_by_points_and_levels_by_a_rate(corpus: Corpus) -> None:
    indicators = {i.number: i for i in pilot_indicators(corpus, "city")}
    share = progress(indicators[7], {2022: 20.0, 2025: 23.0, 2030: 28.0})
    assert share.yearly == pytest.approx(1.0) and share.path_2025 == pytest.approx(23.0)
    assert share.track == "on track" and share.yearly_unit == "points a year"
    level = progress(indicators[2], {2022: 1.0, 2025: 0.95, 2030: 0.5})
    assert level.path_2025 == pytest.approx(0.5 ** (3 / 8)) and level.track == "behind"
    assert level.yearly == pytest.approx(((0.5 / 0.95) ** 0.2 - 1) * 100)


@given(st.floats(1, 99), st.floats(1, 99))
def test_an_even_path_is_always_on_track(base: float, end: float) -> None:
    for indicator in pilot_indicators(CORPUS, "city")[:8]:
        path = progress(indicator, {2022: base, 2030: end}).path_2025
        assert path is not None
        found = progress(indicator, {2022: base, 2025: path, 2030: end})
        assert found.track in ("on track", "reached")


@pytest.mark.parametrize("values", [{2022: 120.0}, {2025: -1.0}, {2021: 5.0}])
def test_impossible_pilot_values_are_refused(corpus: Corpus, values: dict[int, float]) -> None:
    with pytest.raises(PolicybotError, match="cannot be assessed"):
        progress(pilot_indicators(corpus, "city")[6], values)
