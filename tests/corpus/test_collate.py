"""Copies of one document: aligned, differences found where they are, and called what they are."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.corpus.collate import Collation, collate, reading_of
from policybot.corpus.difference import Folded
from policybot.corpus.model import Corpus, Variant
from policybot.corpus.variation import code_of
from tests.corpus.build import copy

FACTS = Path(__file__).parent / "data" / "action_plan_variants.csv"
COLUMN = {"white-paper": "000", "single": "002", "magazine": "003"}
# What a difference noted by hand may be called. Wording that loses or gains names or list members
# counts as meaning; that is the safe side.
SENSIBLE = {
    "meaning": {"word"},
    "synonym": {"wording"},
    "name": {"name"},
    "MEANING REVERSED": {"duty", "restriction", "opposite"},
    "37 chars lost": {"content"},
    "wording": {"wording", "name", "content"},
    'OCR "and"': {"ocr"},
    "SENTENCE OVERWRITTEN by item 4 text": {"replaced"},
    "MEANING CHANGED": {"word"},
    "UNIT CONFLICT (率 with 亿吨)": {"unit"},
    "002 alone; majority rule may be wrong": {"wording", "name"},
}
with FACTS.open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(stream))


built_in = cache(load_corpus)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return built_in()


@pytest.fixture(scope="module")
def action_plan(corpus: Corpus) -> Collation:
    copies = corpus.witnesses["action-plan-2030"]
    return collate({w: list(c.values()) for w, c in copies.items()}, list(copies), corpus.sources)


def folded(text: str) -> str:
    return Folded.of(text).whole


def two(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> Collation:
    a, source_a = copy("a", one)
    b, source_b = copy("b", other)
    return collate({"a": a, "b": b}, ["a", "b"], {source_a.name: source_a, source_b.name: source_b})


def only(one: str, other: str) -> list[Variant]:
    return list(two([("d/1", one)], [("d/1", other)]).variants.get("d/1", ()))


def codes(one: str, other: str) -> list[str]:
    return [code_of(v.reason) for v in only(one, other)]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['section']}-{row['kind']}" for row in ROWS])
def test_every_known_difference_of_the_action_plan_is_found(
    row: dict[str, str], action_plan: Collation
) -> None:
    odd = next(w for w, column in COLUMN.items() if column == row["odd one"])
    found = []
    for clause in action_plan.clauses:
        text = folded(clause.text.text)
        shown = folded(row[COLUMN[clause.witness]])
        if shown not in text:
            continue
        for variant in action_plan.variants.get(clause.id, ()):
            touched = folded(clause.text.text[: variant.start])
            begin, end = text.index(shown), text.index(shown) + len(shown)
            reading = folded(variant.other)
            if (
                begin <= len(touched) <= end
                and reading in folded(row[COLUMN[variant.witness]])
                and (folded(variant.shown) != reading)
            ):
                found.append(variant)
    assert found, f"not found: {row}"
    assert odd in {v.witness for v in found} or all(
        c.witness == odd for c in action_plan.clauses if c.id == found[0].clause
    )
    assert {code_of(v.reason) for v in found} <= SENSIBLE[row["kind"]]


def test_nothing_but_the_known_differences_touches_the_meaning(action_plan: Collation) -> None:
    meaning = [v for found in action_plan.variants.values() for v in found if v.meaning]
    assert len({(v.clause, v.shown) for v in meaning}) == 9


def test_the_majority_reading_is_shown_with_its_witness(action_plan: Collation) -> None:
    clause = next(c for c in action_plan.clauses if c.id == "action-plan-2030/三/（一）/1")
    assert "严格控制新增煤电项目" in clause.text.text
    assert clause.witness != "single"
    (variant,) = [v for v in action_plan.variants[clause.id] if v.meaning]
    assert (variant.shown, variant.other, variant.witness) == ("严格控制", "严格执行", "single")
    assert clause.text.text[variant.start : variant.end] == "严格控制"


def test_the_lines_of_a_variant_hold_its_reading(action_plan: Collation, corpus: Corpus) -> None:
    for found in action_plan.variants.values():
        for variant in found:
            lines = corpus.sources[variant.file].lines(variant.line_start, variant.line_end)
            assert folded(variant.other) in folded(lines), variant


def test_every_copy_can_be_put_together_again(action_plan: Collation) -> None:
    for clause in action_plan.clauses:
        for witness, readings in action_plan.readings[clause.id].items():
            if witness != clause.witness:
                text = "\n".join(r.text.text for r in readings)
                assert reading_of(clause, action_plan.variants.get(clause.id, ()), witness) == text


def test_every_clause_of_every_copy_stands_in_one_place(action_plan: Collation, corpus: Corpus) -> None:
    for witness, clauses in corpus.witnesses["action-plan-2030"].items():
        placed = [r.id for readings in action_plan.readings.values() for r in readings[witness]]
        assert sorted(placed) == sorted(clauses)


def test_the_tree_shown_is_whole(action_plan: Collation) -> None:
    clauses = {c.id: c for c in action_plan.clauses}
    assert len(clauses) == len(action_plan.clauses)
    for clause in action_plan.clauses:
        assert all(step in clauses for step in clause.path)
        assert all(clauses[child].parent == clause.id for child in clause.children)


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("新增煤电项目比2020年下降13.5%。", "新增煤电项目比2020年下降18%。", "number"),
        ("利用量达到4.5亿吨以上。", "利用量达到4.5万吨以上。", "unit"),
        ("装机容量达到12亿千瓦。", "装机容量达到十二亿千瓦。", "numerals"),
        ("数据中心全部纳入监测系统。", "数据中心不纳入监测系统。", "negation"),
        ("各地区应当制定方案。", "各地区可以制定方案。", "duty"),
        ("严禁新增水泥产能。", "鼓励新增水泥产能。", "prohibition"),
        ("替代率力争达到8%。", "替代率达到8%。", "ambition"),
        ("比例不低于50%。", "比例原则上不低于50%。", "qualifier"),
        ("到2025年达到20%左右。", "到2025年达到20%以上。", "bound"),
        ("积极扩大进口规模。", "积极扩大出口规模。", "opposite"),
        ("按照《行动方案》执行本条。", "按照《意见》执行本条。", "name"),
        ("推动煤炭、石油、天然气替代。", "推动煤炭、天然气替代。", "content"),
        ("推动氢能产业发展。", "推动核能产业发展。", "word"),
        ("确定核电站布局和开发时序。", "确定核电站布局and开发时序。", "ocr"),
        ("完善充电网络、虚拟电厂。", "完善充电网、虚拟电厂。", "wording"),
        ("推动风电，加快建设。", "推动风电、加快建设。", "punctuation"),
        ("推动风电，加快建设。", "推动风电,加快建设。", "width"),
        ("（一）推动“两高”项目。", "(一)推动「两高」项目。", "width"),
        ("到2030年，达到25%。", "到 2030 年，达到 25%。", "space"),
        ("二氧化碳CO2排放。", "二氧化碳CO<sub>2</sub>排放。", "markup"),
        ("3.推动建材行业碳达峰，加强产能置换监管。", "4.推动建材行业碳达峰，加强产能置换监管。", "numbering"),
    ],
)  # fmt: skip
def test_differences_are_called_what_they_are(one: str, other: str, code: str) -> None:
    assert set(codes(one, other)) == {code}
    assert set(codes(other, one)) <= {code, "permission", "encouragement"}


def test_a_difference_reads_as_words_and_whole_numbers() -> None:
    (number,) = only("比2020年下降13.5%，奠定基础。", "比2020年下降18.5%，奠定基础。")
    assert (number.shown, number.other) == ("13.5%", "18.5%")
    (words,) = only("严格控制新增煤电项目。", "严格执行新增煤电项目。")
    assert (words.shown, words.other) == ("严格控制", "严格执行")


A1 = "1. 推进煤炭消费替代和转型升级。加快煤炭减量步伐，严控新增煤电项目，推动煤电转型。"
A2 = "2. 大力发展新能源。全面推进风电、太阳能发电大规模开发和高质量发展，建设发电基地。"
A3 = "3. 因地制宜开发水电。积极推进水电基地建设，统筹水电开发和生态保护，推动小水电发展。"


def test_a_missing_clause_is_missing_and_its_neighbours_keep_their_partners() -> None:
    found = two(
        [("d/1", A1), ("d/2", A2), ("d/3", A3)],
        [("d/1", A1), ("d/2", A3.replace("3.", "2."))],
    )
    assert [c.id for c in found.clauses] == ["d/1", "d/2", "d/3"]
    (missing,) = found.variants["d/2"]
    assert (
        code_of(missing.reason) == "clause" and missing.meaning and missing.shown == A2 and not missing.other
    )
    assert missing.line_start == 1
    assert [code_of(v.reason) for v in found.variants["d/3"]] == ["numbering"]
    assert found.readings["d/3"]["b"][0].id == "d/2"


def test_a_clause_only_the_second_copy_has_is_shown_in_its_place() -> None:
    found = two([("d/1", A1), ("d/2", A3)], [("d/1", A1), ("d/2", A2), ("d/3", A3)])
    assert [c.text.text for c in found.clauses] == [A1, A2, A3]
    assert len({c.id for c in found.clauses}) == 3
    assert [v.witness for v in found.variants[found.clauses[1].id]] == ["a"]


def test_a_moved_clause_is_recognised() -> None:
    one = [("d/一", "一、能源"), ("d/一/1", A1), ("d/一/2", A2), ("d/二", "二、工业"), ("d/二/3", A3)]
    other = [("d/一", "一、能源"), ("d/一/2", A2), ("d/二", "二、工业"), ("d/二/3", A3), ("d/二/1", A1)]
    found = two(one, other)
    assert [code_of(v.reason) for v in found.variants["d/一/1"]] == ["moved"]
    assert set(found.variants) == {"d/一/1"}


def test_clauses_run_together_in_one_copy_are_not_missing() -> None:
    found = two([("d/1", A1), ("d/2", A2), ("d/3", A3)], [("d/1", A1 + A2), ("d/3", A3)])
    assert all(code_of(v.reason) == "space" for vs in found.variants.values() for v in vs)
    again = two([("d/1", A1 + A2), ("d/3", A3)], [("d/1", A1), ("d/2", A2), ("d/3", A3)])
    assert [c.id for c in again.clauses] == ["d/1", "d/3"]
    assert len(again.readings["d/1"]["b"]) == 2


def test_like_clauses_with_other_numbers_are_not_confused() -> None:
    rows = [
        (f"d/表/{city}", f"{city} 年均浓度 {value}")
        for city, value in (("海口", 16.9), ("福州", 24.0), ("厦门", 24.0))
    ]
    changed = [rows[0], ("d/表/福州", "福州 年均浓度 24.1"), rows[2]]
    found = two(rows, changed)
    assert {k: [(v.shown, v.other) for v in vs] for k, vs in found.variants.items()} == {
        "d/表/福州": [("24.0", "24.1")]
    }


def test_order_decides_between_two_and_the_majority_between_three() -> None:
    texts = {"a": A1.replace("严控", "鼓励"), "b": A1, "c": A1}
    copies = {w: copy(w, [("d/1", t)])[0] for w, t in texts.items()}
    assert collate(copies, ["a", "b", "c"]).clauses[0].witness == "b"
    assert collate({w: copies[w] for w in "ab"}, ["a", "b"]).clauses[0].witness == "a"
    with pytest.raises(ValueError, match="order"):
        collate(copies, ["a", "b"])


CHARS = "，。、（）()“”,. \t　<>*#年月25%％2０不应和or的能源电力碳达峰增减量率"
TEXT = st.text(st.sampled_from(CHARS), max_size=60)
POLICY = st.sampled_from([A1, A2, A3, A1 + A2 + A3])


@given(texts=st.lists(TEXT, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_identical_copies_have_no_variants(texts: list[str]) -> None:
    clauses = [(f"d/{i}", text) for i, text in enumerate(texts)]
    assert not two(clauses, clauses).variants


@given(text=POLICY, data=st.data(), new=TEXT)
@settings(max_examples=300, deadline=None)
def test_an_edit_is_reported_where_it_is(text: str, data: st.DataObject, new: str) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    other = (text[:start] + new + text[end:]).replace("\n", " ")
    found = two([("d/1", text)], [("d/1", other)])
    clause = found.clauses[0]
    if len(found.clauses) > 1:  # so much else that it is no longer the same clause
        assert end - start + len(new) > 20
        return
    variants = found.variants.get("d/1", ())
    assert bool(variants) == (other != text)
    assert all(clause.text.text[v.start : v.end] == v.shown for v in variants)
    assert reading_of(clause, variants, "b") == other
    # no more than the edit and the words around it
    assert sum(len(v.shown) + len(v.other) for v in variants) <= 2 * (end - start + len(new)) + 60


@given(one=TEXT, other=TEXT)
@settings(max_examples=300, deadline=None)
def test_any_two_texts_are_told_apart_exactly_and_both_ways_alike(one: str, other: str) -> None:
    there, back = (
        two([("d/1", A1 + one)], [("d/1", A1 + other)]),
        two([("d/1", A1 + other)], [("d/1", A1 + one)]),
    )
    if len(there.clauses) > 1:
        assert len(back.clauses) == len(there.clauses)
        return
    forth = there.variants.get("d/1", ())
    assert reading_of(there.clauses[0], forth, "b") == A1 + other
    assert [(v.shown, v.other, v.meaning) for v in forth] == [
        (v.other, v.shown, v.meaning) for v in back.variants.get("d/1", ())
    ]


@given(dropped=st.sets(st.integers(0, 78), min_size=1, max_size=6))
@settings(max_examples=15, deadline=None)
def test_clauses_left_out_of_a_copy_are_exactly_those_reported(dropped: set[int]) -> None:
    whole = list(built_in().witnesses["action-plan-2030"]["single"].values())
    kept = [clause for index, clause in enumerate(whole) if index not in dropped]
    found = collate({"a": whole, "b": kept}, ["a", "b"])
    assert set(found.variants) == {whole[index].id for index in dropped}
    assert [c.id for c in collate({"b": kept, "a": whole}, ["b", "a"]).clauses] == [c.id for c in whole]
