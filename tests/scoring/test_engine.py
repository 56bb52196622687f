"""The engine: the reference figures, and what must hold for any table of values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from policybot.corpus import load_corpus
from policybot.errors import PolicybotError
from policybot.scoring.engine import Configuration, score
from policybot.scoring.explain import adds_up, explain, what_if, with_value
from policybot.scoring.observations import Observations, published_observations
from policybot.scoring.robustness import can_be_top, can_lead, ranks, robustness, simplex_lattice
from policybot.scoring.systems import Indicator, builtin_systems

LEADERS = ("乌鲁木齐", "贵阳", "兰州", "西宁", "石家庄")


@pytest.fixture(scope="module")
def domain2() -> Observations:
    return published_observations(builtin_systems()["dual-carbon-index-2022"], load_corpus(), "2")


def table(values: np.ndarray, directions: str = "") -> Observations:
    """A table of values as observations; units u0, u1 …, indicators i0, i1 …"""
    n, m = values.shape
    rising = directions or "+" * m
    indicators = tuple(
        Indicator(f"i{j}", f"指标{j}", f"indicator {j}", "max" if rising[j] == "+" else "min", "test")
        for j in range(m)
    )
    units = tuple(f"u{i}" for i in range(n))
    return Observations(units, indicators, values.astype(float), tuple((None,) * m for _ in units))


def tables(least: int = 2, missing: bool = False) -> st.SearchStrategy[Observations]:
    number = st.integers(-1000, 1000).map(lambda v: v / 8)
    values = st.one_of(number, st.just(float("nan"))) if missing else number
    shape = st.tuples(st.integers(least, 8), st.integers(1, 4))

    def known(a: np.ndarray) -> bool:
        return not np.isnan(a).all(axis=0).any()

    arrays = shape.flatmap(lambda s: npst.arrays(float, s, elements=values)).filter(known)
    return arrays.flatmap(
        lambda a: st.text("+-", min_size=a.shape[1], max_size=a.shape[1]).map(lambda d: table(a, d))
    )


def test_reference_configuration_gives_the_known_figures(domain2: Observations) -> None:
    ranking = score(domain2)
    top = [(e.unit, round(e.score, 2), e.best) for e in ranking.entries[:8]]
    assert top == [
        ("兰州", 67.68, 1),
        ("乌鲁木齐", 60.20, 2),
        ("天津", 59.82, 3),
        ("银川", 54.49, 4),
        ("贵阳", 51.47, 5),
        ("西宁", 50.82, 6),
        ("上海", 50.68, 7),
        ("石家庄", 49.65, 8),
    ]
    intervals = {
        e.unit: (round(e.low, 2), round(e.high, 2), e.best, e.worst)
        for e in ranking.entries
        if not e.complete
    }
    assert intervals == {"大连": (4.00, 37.33, 23, 34), "济南": (15.88, 49.21, 9, 34)}


def test_goalposts_without_the_incomplete_cities_change_the_top_seven(domain2: Observations) -> None:
    frozen = [e.unit for e in score(domain2).entries[:7]]
    complete = [e.unit for e in score(domain2, Configuration(goalposts="complete")).entries[:7]]
    assert frozen != complete


def test_explanation_of_shijiazhuang_adds_up(domain2: Observations) -> None:
    found = explain(domain2, "石家庄市")
    assert [round(p.contribution, 2) for p in found.parts] == [15.74, 21.68, 12.24]
    assert [round(p.deviation, 2) for p in found.parts] == [2.19, 3.88, 0.85]
    assert round(found.score, 2) == 49.65 and round(found.mean, 2) == 42.74
    assert adds_up(found)
    assert all(p.cell is not None and p.cell.anchor is not None for p in found.parts)


def test_what_if_of_shijiazhuang(domain2: Observations) -> None:
    found = what_if(domain2, "石家庄", 5)
    needed = [c.needed for c in found.changes]
    assert found.holder == "贵阳" and needed[1] is not None and round(needed[1], 3) == 8.781
    assert [round(n, 2) for n in needed if n is not None] == [2.85, 8.78, 1.18]


def test_a_capped_indicator_is_unreachable(domain2: Observations) -> None:
    found = what_if(domain2, "昆明", 1)
    assert any(c.needed is None and "unreachable" in c.reason for c in found.changes)


def test_rank_intervals_over_all_weights(domain2: Observations) -> None:
    found = robustness(domain2, 5)
    spans = {i.unit: (i.best, i.worst) for i in found.intervals}
    assert spans["兰州"] == (1, 23) and spans["乌鲁木齐"] == (2, 15) and spans["贵阳"] == (1, 29)
    assert spans["石家庄"] == (5, 11) and spans["郑州"] == (1, 33)
    assert (found.fixed_pairs, found.pairs) == (92, 528)
    assert found.weightings >= 20_000


def test_no_weighting_yields_the_published_leaders(domain2: Observations) -> None:
    certificates = {c.unit: c for c in can_be_top(domain2, LEADERS)}
    proof = certificates["石家庄"]
    assert not proof.possible
    assert sum(share for _, share in proof.mixture) == pytest.approx(1)
    assert all(m >= v - 1e-9 for m, v in zip(proof.mixed, proof.values, strict=True))
    assert not set(LEADERS) & {unit for unit, _ in proof.mixture}


@given(tables())
@settings(max_examples=60, deadline=None)
def test_scores_stay_within_bounds_and_contributions_add_up(observations: Observations) -> None:
    ranking = score(observations)
    for entry in ranking.entries:
        assert -1e-9 <= entry.low <= entry.high <= 100 + 1e-9
        assert adds_up(explain(observations, entry.unit), 1e-7)


@given(tables(missing=True))
@settings(max_examples=60, deadline=None)
def test_a_missing_value_only_widens_the_interval(observations: Observations) -> None:
    ranking = score(observations)
    for entry in ranking.entries:
        missing = sum(w for w, v in zip(ranking.weights, entry.normalised, strict=True) if np.isnan(v))
        assert entry.high - entry.low == pytest.approx(100 * missing, abs=1e-7)
        assert entry.best <= entry.worst


@given(tables(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_row_order_does_not_matter(observations: Observations, random: object) -> None:
    order = list(range(len(observations.units)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = Observations(
        tuple(observations.units[i] for i in order),
        observations.indicators,
        observations.values[order],
        tuple(observations.cells[i] for i in order),
    )
    one, two = score(observations), score(shuffled)
    assert {e.unit: (e.best, e.worst) for e in one.entries} == {
        e.unit: (e.best, e.worst) for e in two.entries
    }
    for entry in one.entries:
        assert two.entry(entry.unit).low == pytest.approx(entry.low, abs=1e-9)


@given(tables(least=3), st.data())
@settings(max_examples=60, deadline=None)
def test_scores_rise_with_merit(observations: Observations, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(observations.units) - 1))
    j = data.draw(st.integers(0, len(observations.indicators) - 1))
    indicator = observations.indicators[j]
    column = np.delete(observations.values[:, j], row)
    value = observations.values[row, j]
    best = column.max() if indicator.direction == "max" else column.min()
    worst = column.min() if indicator.direction == "max" else column.max()
    if not min(best, worst) <= value <= max(best, worst):
        return  # the goalposts would move
    better = value + (best - value) / 2
    changed = with_value(observations, observations.units[row], indicator.id, float(better))
    unit = observations.units[row]
    assert score(changed).entry(unit).low >= score(observations).entry(unit).low - 1e-9


@given(tables(least=3), st.data())
@settings(max_examples=60, deadline=None)
def test_what_if_inverts_the_score(observations: Observations, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(observations.units))
    top = data.draw(st.integers(1, len(observations.units) - 1))
    found = what_if(observations, unit, top)
    row = observations.index(unit)
    for j, change in enumerate(found.changes):
        if change.needed is None or change.reason:
            continue
        others = np.delete(observations.values[:, j], row)
        if (
            not others.min() <= change.needed <= others.max()
            or not others.min() <= change.current <= others.max()
        ):
            continue  # outside, the goalposts themselves would move
        changed = with_value(observations, unit, change.indicator.id, change.needed)
        assert score(changed).entry(unit).low == pytest.approx(found.threshold, abs=1e-6)


@given(tables())
@settings(max_examples=30, deadline=None)
def test_the_same_input_gives_the_same_bytes(observations: Observations) -> None:
    assert repr(score(observations)) == repr(score(observations))
    assert robustness(observations, 1, 500) == robustness(observations, 1, 500)


@given(npst.arrays(float, (20, 6), elements=st.integers(0, 5).map(float)))
@settings(max_examples=30, deadline=None)
def test_ranks_are_competition_ranks(scores: np.ndarray) -> None:
    found = ranks(scores)
    for row, placed in zip(scores, found, strict=True):
        assert [int((row > v).sum()) + 1 for v in row] == placed.tolist()


@given(tables(least=3), st.data())
@settings(max_examples=40, deadline=None)
def test_certificates_agree_with_trying_weights(observations: Observations, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(observations.units))
    rivals = [u for u in observations.units if u != unit]
    found = can_lead(observations, unit, rivals)
    sign = np.array([1 if i.direction == "max" else -1 for i in observations.indicators])
    merit = observations.values * sign
    span = merit.max(axis=0) - merit.min(axis=0)
    merit = merit / np.where(span > 0, span, 1)
    row = observations.index(unit)
    lead = (merit[row] - np.delete(merit, row, axis=0)) @ simplex_lattice(merit.shape[1], 300).T
    if not found.possible:
        assert (lead.min(axis=0) <= 1e-6).all()
        assert all(
            m >= v - 1e-6 for m, v in zip(_merit(found.mixed, sign), _merit(found.values, sign), strict=True)
        )
    else:
        own = (merit[row] - np.delete(merit, row, axis=0)) @ np.array(found.weights)
        assert own.min() > 0


def _merit(values: tuple[float, ...], sign: np.ndarray) -> list[float]:
    return [float(v) for v in np.array(values) * sign]


@pytest.mark.parametrize(
    "weights",
    [
        {"2.1": 0.5, "2.2": 0.2, "2.3": 0.2},
        {"2.1": -0.5, "2.2": 1.0, "2.3": 0.5},
        {"9.9": 1.0},
        {"2.1": float("nan")},
    ],
)
def test_bad_weights_are_refused(domain2: Observations, weights: dict[str, float]) -> None:
    with pytest.raises(PolicybotError) as caught:
        score(domain2, Configuration(weights=weights))
    assert "2.1" in caught.value.sentence("en") and "权重" in caught.value.sentence("zh")


def test_an_unknown_city_names_the_nearest(domain2: Observations) -> None:
    with pytest.raises(PolicybotError, match="not among the 35"):
        explain(domain2, "拉萨")


def test_weighted_sums_agree_with_scikit_criteria() -> None:
    skcriteria = pytest.importorskip("skcriteria")
    from skcriteria.agg.simple import WeightedSumModel
    from skcriteria.preprocessing.scalers import MinMaxScaler

    values = np.random.default_rng(7).uniform(1, 9, (12, 4))
    matrix = skcriteria.mkdm(values, objectives=[max] * 4, weights=[0.4, 0.3, 0.2, 0.1])
    result = WeightedSumModel().evaluate(MinMaxScaler(target="matrix").transform(matrix))
    ours = score(table(values), Configuration(weights={"i0": 0.4, "i1": 0.3, "i2": 0.2, "i3": 0.1}))
    assert {f"u{i}": int(r) for i, r in enumerate(result.rank_)} == {e.unit: e.best for e in ours.entries}
    for i, theirs in enumerate(np.asarray(result.e_.score)):
        assert ours.entry(f"u{i}").score == pytest.approx(100 * theirs)
