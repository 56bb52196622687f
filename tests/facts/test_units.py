"""Units: what is recognised where, how it converts, and what a broken file says."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from policybot.errors import CorpusError
from policybot.facts.qualifiers import load_qualifiers
from policybot.facts.units import find_unit, load_units, match_unit
from policybot.patterns import check_patterns

HEADER = "form,canonical,dimension,factor,english,plural,numerals,not_before\n"


@pytest.mark.parametrize(
    ("text", "form", "canonical"),
    [
        ("千瓦左右", "千瓦", "kW"),
        ("千瓦时", "千瓦时", "kWh"),
        ("吨标准煤的", "吨标准煤", "tce"),
        ("吨标准煤/万元", "吨标准煤/万元", "tce/10,000 CNY"),
        ("个百分点以上", "个百分点", "percentage point"),
        ("µg/m³", "µg/m³", "µg/m³"),
        ("Tonnes of steel", "tonnes", "t"),
        ("tonnes per year", "tonnes per year", "t/year"),
        ("kWh", "kWh", "kWh"),
    ],
)
def test_the_longest_unit_is_taken(text: str, form: str, canonical: str) -> None:
    found = match_unit(text, 0)
    assert found is not None
    unit, end = found
    assert text[:end].lower() == form.lower()
    assert unit.canonical == canonical


@pytest.mark.parametrize("text", ["年均浓度", "分别为", "大于", "家庭", "kWp", "mW", "tonnesX", "", "国际"])
def test_the_start_of_another_word_is_no_unit(text: str) -> None:
    assert match_unit(text, 0) is None


@pytest.mark.parametrize(
    ("form", "factor"),
    [("亿千瓦", 10**8), ("万立方米", 10**4), ("百万千焦", 10**6), ("GW", 10**6), ("万千瓦时", 3600 * 10**4)],
)
def test_units_of_table_columns_carry_their_scale(form: str, factor: int) -> None:
    unit = find_unit(form)
    assert unit is not None
    assert unit.factor == factor


def test_ratios_convert() -> None:
    one, other = find_unit("吨/万元"), find_unit("kg/元")
    assert one is not None and other is not None
    assert one.dimension == other.dimension
    assert one.factor * 10 == other.factor


def test_every_unit_is_found_by_its_own_form() -> None:
    for units in load_units().values():
        for unit in units:
            found = find_unit(unit.form)
            assert found is not None
            assert found.canonical == unit.canonical


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("吨,t,mass,one,tonne,tonnes,measure,\n", "line 2"),
        ("吨,t,mass,1,tonne,tonnes,measure,\n吨,t,mass,1,tonne,tonnes,measure,\n", "line 3"),
        ("吨,t,mass,0,tonne,tonnes,measure,\n", "positive"),
        ("吨,t,mass,1,tonne,tonnes,sometimes,\n", "line 2"),
        ("吨,t,mass,1,tonne,tonnes,measure,[\n", "line 2"),
        ("吨,t,mass\n", "line 2"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, said: str) -> None:
    file = tmp_path / "units.csv"
    file.write_text(HEADER + row, encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        check_patterns(unit.not_before for units in load_units(file).values() for unit in units)
    assert str(file) in caught.value.what
    assert said in caught.value.what
    assert str(file) in caught.value.what_zh


def test_a_wrong_qualifier_is_named(tmp_path: Path) -> None:
    file = tmp_path / "qualifiers.csv"
    header = "form,position,role,comparator,direction,english,not_after,only\n"
    file.write_text(
        header + "左右,after,approx,≈,,about {},,\n以上,behind,bound,>=,,{} or more,,\n", encoding="utf-8"
    )
    with pytest.raises(CorpusError, match="line 3"):
        load_qualifiers(file)


def test_every_bound_has_a_comparator_and_a_place_for_the_value() -> None:
    table = load_qualifiers()
    for row in [*table.before.values(), *table.after.values(), *table.inside.values()]:
        assert (row.comparator != "") == (row.role in ("bound", "approx")), row.form
        if row.role in ("bound", "approx", "change", "rate"):
            assert row.english.count("{}") == 1, row.form
        if row.role == "change":
            assert row.direction, row.form


def test_factors_are_exact_decimals() -> None:
    assert find_unit("kWh") is not None
    assert all(isinstance(u.factor, Decimal) for units in load_units().values() for u in units)
