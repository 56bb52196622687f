"""Questions taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.retrieve.analysis import Knowledge, QuestionAnalysis, analyse

KNOWLEDGE = Knowledge.of(load_corpus())


def of(question: str) -> QuestionAnalysis:
    return analyse(question, KNOWLEDGE)


def wordings(analysis: QuestionAnalysis) -> set[str]:
    return {w.text for c in analysis.concepts for w in c.wordings}


def test_years_base_years_and_periods() -> None:
    found = of("到2030年单位GDP能耗比2020年下降多少？")
    assert [y.last for y in found.years] == [2030]
    assert [y.last for y in found.base_years] == [2020]
    assert [(y.first, y.last) for y in of("“十四五”期间新增多少水电？").years] == [(2021, 2025)]


def test_a_year_in_the_name_of_a_document_is_not_asked_about() -> None:
    found = of("哪个部门负责落实《2030年前碳达峰行动方案》？")
    assert found.years == ()
    assert found.documents == ("action-plan-2030",)


def test_documents_and_clauses_are_recognised() -> None:
    found = of("What does Article 3.7 of the Kyoto Protocol say?")
    assert found.documents == ("kyoto-protocol",)
    assert found.clauses == ("kyoto-protocol/第三条/7",)
    assert found.type == "clause_text"
    vague = of("does the plan mention hydrogen?")
    assert (vague.documents, vague.hinted) == ((), ("action-plan-2030",))


def test_places_keep_all_their_names() -> None:
    names = {w.text for w in of("How many pilots does Inner Mongolia get?").places[0].wordings}
    assert {"内蒙古", "内蒙古自治区", "inner mongolia"} <= names


def test_english_terms_get_chinese_wordings() -> None:
    found = of("What is the 2025 target for rooftop photovoltaic coverage?")
    assert found.language == "en"
    assert any("屋顶" in w for w in wordings(found)) and any("光伏" in w for w in wordings(found))
    assert "what" not in found.focus and "the" not in found.focus


def test_a_phrase_of_the_glossary_may_hold_a_number() -> None:
    numbers = [c.asked for c in of("List the ten carbon peaking actions.").concepts]
    assert "carbon" not in numbers  # the phrase was not torn apart at its number


def test_traditional_and_full_width_questions_read_like_simplified_ones() -> None:
    plain = of("2025年森林覆盖率要达到多少?")
    other = of("２０２５年森林覆蓋率要達到多少？")
    assert (other.type, other.expects) == (plain.type, plain.expects)
    assert other.focus == plain.focus
    assert [y.last for y in other.years] == [2025]


def test_function_words_do_not_cut_content_words() -> None:
    assert "碳中和" in of("什么是碳中和？").focus
    focus = of("清洁发展机制的目的是什么？").focus
    assert "目的" in focus and "的" not in focus
    assert "有色金属" in " ".join(of("有色金属行业要怎么做？").focus)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2030年森林覆盖率目标是多少？", "value"),
        ("谁负责审核实施方案？", "who"),
        ("哪一年碳达峰？", "timeline"),
        ("什么是温室效应？", "definition"),
        ("有哪些重点任务？", "list"),
        ("首批有几个试点名额？", "count"),
        ("旧房子能不能想拆就拆？", "yes_no"),
        ("为什么要发展新能源？", "explanation"),
        ("石家庄和太原哪个城市的PM2.5更高？", "comparison"),
        ("PM2.5浓度最高的城市是哪个？", "rank"),
        ("你能做什么？", "meta"),
        ("How much hydropower capacity will be added?", "value"),
        ("Which ministry is responsible?", "who"),
        ("When does the protocol enter into force?", "timeline"),
        ("What is carbon neutrality?", "definition"),
        ("What are the main tasks?", "list"),
        ("How many cities are pilots?", "count"),
        ("Must listed companies disclose emissions?", "yes_no"),
        ("Can you tell me when the plan was issued?", "timeline"),
        ("Why is methane included?", "explanation"),
        ("Which city has higher PM2.5, Taiyuan or Shijiazhuang?", "comparison"),
        ("What documents do you have?", "meta"),
    ],
)
def test_question_types(question: str, expected: str) -> None:
    assert of(question).type == expected


def test_what_kind_of_value_is_asked_for() -> None:
    assert of("森林覆盖率是多少？").expects == ("percent",)
    assert "unit" in of("土地资源产出率用什么单位？").expects
    assert "organisation" in of("由哪个部门牵头？").expects
    assert of("试点共分几批？").counted.endswith("批")


def test_a_slip_of_the_keyboard_is_read_as_the_term() -> None:
    found = of("2025年森林覆改率目标")
    assert found.respelled == (("森林覆改率", "森林覆盖率"),)
    assert "森林覆盖率" in found.focus
    assert of("What is the forrest cover target?").respelled == (("forrest", "forest"),)


def test_common_english_words_are_spelt_as_annotations_spell_them() -> None:
    found = of("Kyto protocl frist reveiw at the sesion of which yaer?")
    assert found.text == "kyto protocol first review at the session of which year?"


@pytest.mark.parametrize(
    ("question", "changes"),
    [
        ("煤碳消费怎么控制？", [("煤碳消费", "煤炭消费")]),
        ("谁来审河试点名单？", [("审河", "审核")]),
        ("武汗2019年PM2.5", [("武汗", "武汉")]),
        ("推进新型电力系桶建设", [("新型电力系桶", "新型电力系统")]),
        ("How many citiesand parks?", [("citiesand", "cities and")]),
        ("Who supervizes it, and where is Wuhen?", [("supervizes", "supervises"), ("wuhen", "wuhan")]),
    ],
)
def test_slips_of_every_kind_are_read(question: str, changes: list[tuple[str, str]]) -> None:
    assert list(of(question).respelled) == changes


@pytest.mark.parametrize(
    "question",
    [
        "How do I bake bread?",
        "青岛规上工业用了多少焦炭？",
        "Who was the emitter?",
        "Is it one of the gases in Annex A?",
        "Do coral reefs, a hall of flats or a tuna rebate count?",
        "师范大学什么时候招生？",
        "买新车时油车会越来越少吗？",
        "手机屏幕碎了谁来修？",
        "一个国家最快第几年能退出？",
        "Which nurses drive a Tesla past the forges?",
    ],
)
def test_rare_words_are_not_taken_for_slips(question: str) -> None:
    assert of(question).respelled == ()


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("碳达峰的2030年％%是多少？abc PM.5《》“”附件B第三条，和與ａ１\n"),
        max_size=60,
    )
)
def test_any_text_can_be_taken_apart(text: str) -> None:
    found = of(text)
    assert len(found.plain) == len(found.text)
    for concept in (*found.concepts, *found.places):
        assert concept.asked == found.text[concept.start : concept.end]
        assert concept.wordings
