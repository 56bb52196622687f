"""Documents and clauses by any name people use for them."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.corpus.locators import number
from policybot.corpus.model import Corpus
from policybot.corpus.naming import find_document, mentions, resolve
from policybot.corpus.numbering import int_to_han, roman
from policybot.errors import PolicybotError

built_in = cache(load_corpus)
PLACES = {"japan": ["日本"], "haikou": ["海口"], "hebei": ["河北"]}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return built_in()


def in_chinese(words: str) -> list[str]:
    return PLACES.get(words, [])


NAMES = {
    "action-plan-2030/三/（四）/3": [
        "行动方案 三（四）3", "action plan III(4)3", "action-plan-2030/三/（四）/3", "action-plan-2030/三/(四)/3",
        "《2030年前碳达峰行动方案》三（四）3", "2030 年前碳达峰行动方案第三部分第（四）节第3项", "行動方案 三（四）3",
        "Action Plan, part III, section 4, item 3", "section III(4)3 of the action plan", "三（四）3",
        "行动方案 加快优化建筑用能结构", "行动方案 三（四）3 加快优化建筑用能结构", "国发〔2021〕23号 三（四）3",
        "Action Plan for Carbon Dioxide Peaking Before 2030 III(4)3", "ACTION PLAN iii (4) 3",
    ],
    "action-plan-2030/三": ["行动方案 三", "行动方案第三部分", "action plan III", "the action plan part 3"],
    "action-plan-2030/导语": ["《行动方案》导语", "action plan preamble"],
    "opinions-2021/七/（十九）": [
        "意见第（十九）条", "意见 十九", "意见十九", "《意见》（十九）", "Opinions point 19", "the Opinions, point 19",
        "意见第十九条", "意见 七（十九）", "opinions VII(19)", "意见第19点",
    ],
    "opinions-2021/三": ["意见 三", "opinions part III", "意见第三部分"],
    "opinions-2021/三/（三）": ["意见第三条", "意见三（三）", "opinions point 3"],
    "kyoto-protocol/第三条/7": [
        "Kyoto Article 3.7", "Kyoto Art. 3 para 7", "京都议定书第三条第七款", "京都議定書第三條第七款",
        "第3条第7款", "Article 3(7) of the Kyoto Protocol", "Kyoto Protocol Article 3, paragraph 7",
        "kyoto 3.7", "kyoto-protocol/第三条/7", "议定书第3条第7款", "《〈联合国气候变化框架公约〉京都议定书》第三条第7款",
    ],
    "kyoto-protocol/第二条/1/(a)/（二）": ["Kyoto Article 2(1)(a)(ii)", "京都议定书第二条第1款(a)项第（二）目"],
    "kyoto-protocol/附件B": ["附件B", "附件 B", "Annex B", "kyoto annex b", "京都议定书附件B"],
    "kyoto-protocol/附件B/表1/日本": ["Annex B Japan", "附件B 日本", "Japan in Annex B of the Kyoto Protocol"],
    "pilot-scheme-2023/附件1": ["pilot scheme annex 1", "试点方案附件1", "试点建设方案附件一"],
    "pilot-scheme-2023/附件1/表1/河北省": ["pilot scheme annex 1 Hebei", "试点方案附件1 河北"],
    "pilot-scheme-2023/附件2/二/表1": ["Table 1 of the pilot scheme", "试点方案表1", "表 1"],
    "pilot-scheme-2023/附件2/三/（一）/1": ["试点方案附件2三（一）1", "pilot scheme Annex 2 III(1)1"],
    "index-white-paper-2022/四/（二）/PM2.5年均浓度/图表21": ["图表21", "白皮书 图表 21", "Figure 21", "white paper chart 21"],
    "index-white-paper-2022/四/（二）/PM2.5年均浓度/图表21/海口": ["图表21 海口", "Chart 21 Haikou", "白皮书图表21海口"],
    "pilot-evaluation-2023/附录/附表/GDP年均增速目标完成情况": ["评估报告附表 A1"],
    "pilot-evaluation-2023/二/（一）/二是": ["评估报告二（一）二是", "evaluation report II(1)(2)"],
}  # fmt: skip


@pytest.mark.parametrize(("clause", "name"), [(c, n) for c, names in NAMES.items() for n in names])
def test_a_clause_by_any_name(corpus: Corpus, clause: str, name: str) -> None:
    assert resolve(name, corpus, in_chinese).id == clause


def test_every_clause_answers_to_its_id_and_to_its_labels_in_both_languages(corpus: Corpus) -> None:
    labels = [(c.document, label) for c in corpus.clauses.values() for label in (c.label, c.label_en)]
    for clause in corpus.clauses.values():
        assert resolve(clause.id, corpus).id == clause.id
        document = corpus.documents[clause.document]
        for title, label in ((document.short_zh, clause.label), (document.short_en, clause.label_en)):
            if labels.count((clause.document, label)) <= 1 + (clause.label == clause.label_en):
                assert resolve(f"{title} {label}", corpus).id == clause.id


def test_the_first_part_of_a_divided_table_stands_for_it(corpus: Corpus) -> None:
    assert "图表23" in resolve("白皮书 图表 23", corpus).id


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("opinions-2021", "opinions-2021"), ("《意见》", "opinions-2021"), ("the Opinions", "opinions-2021"),
        ("行动方案", "action-plan-2030"), ("2030 年前碳达峰行动方案", "action-plan-2030"),
        ("国发〔2021〕23号", "action-plan-2030"), ("ACTION PLAN", "action-plan-2030"),
        ("action-plan", "action-plan-2030"), ("京都議定書", "kyoto-protocol"), ("Kyoto", "kyoto-protocol"),
        ("《联合国气候变化框架公约》京都议定书", "kyoto-protocol"), ("白皮书", "index-white-paper-2022"),
    ],
)  # fmt: skip
def test_a_document_by_any_name(corpus: Corpus, name: str, document: str) -> None:
    assert find_document(name, corpus).id == document


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("Kyto Protocol", "the Kyoto Protocol"),
        ("京都协议书", "《京都议定书》"),
        ("actoin plan", "the Action Plan"),
    ],
)
def test_a_misspelt_document_gives_the_nearest_names_in_both_languages(
    corpus: Corpus, name: str, nearest: str
) -> None:
    with pytest.raises(PolicybotError) as caught:
        find_document(name, corpus)
    zh, en = caught.value.sentence("zh"), caught.value.sentence("en")
    assert name in zh and name in en
    assert nearest in (zh if nearest.startswith("《") else en)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("三（四）", "the Action Plan III(4)"),
        ("行动方案", "whole document"),
        ("foo plan 三（四）3", 'no document called "foo plan"'),
        ("Kyto Article 3.7", "the Kyoto Protocol"),
        ("Kyoto Article 33", "the Kyoto Protocol Article 28"),
        ("京都议定书第三条第二十款", "Article 3(14)"),
        ("行动方案 三（十二）", "the Action Plan III(10)"),
        ("意见第四十条", "the Opinions XIII(37)"),
        ("Annex B Narnia", 'no row called "narnia"'),
        ("京都议定书 清洁发展机制", "Article 12(1)"),
        ("asdfgh", "the Opinions"),
        ("", "empty"),
        ("  \n", "empty"),
        ("第" * 5000, "no clause"),
        ("\x00\x1b[31m", "no clause"),
    ],
)
def test_an_unknown_or_unclear_clause_gives_the_nearest_names(corpus: Corpus, name: str, says: str) -> None:
    with pytest.raises(PolicybotError) as caught:
        resolve(name, corpus)
    assert says in caught.value.sentence("en")
    assert caught.value.sentence("zh") != caught.value.sentence("en")
    assert len(caught.value.sentence("en")) < 600 and caught.value.sentence("en").isprintable()


@given(st.text(max_size=40))
@settings(max_examples=40, deadline=None)
def test_any_text_resolves_or_gives_one_sentence(name: str) -> None:
    try:
        resolve(name, built_in())
    except PolicybotError as error:
        assert error.what and "\n" not in error.sentence("zh")


@given(
    st.text(st.characters() | st.sampled_from("《》第三条款附件图表（）()IVXab意见方案京都 的"), max_size=60)
)
@settings(max_examples=200, deadline=None)
def test_mentions_of_any_text_lie_in_it_in_order(question: str) -> None:
    found = mentions(question, built_in())
    assert all(0 <= m.start < m.end <= len(question) for m in found)
    assert found == sorted(found, key=lambda m: (m.start, m.end))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("行动方案三（四）3讲了什么？", [("行动方案", "action-plan-2030"), ("三（四）3", "action-plan-2030/三/（四）/3")]),
        ("《意见》第（十九）条的主要内容是什么", [("《意见》", "opinions-2021"), ("第（十九）条", "opinions-2021/七/（十九）")]),
        ("意见第十九条规定了什么", [("意见", "opinions-2021"), ("第十九条", "opinions-2021/七/（十九）")]),
        ("《意见》和《方案》有什么不同", [("《意见》", "opinions-2021"), ("《方案》", "action-plan-2030")]),
        (
            "What does Article 3.7 of the Kyoto Protocol say?",
            [("Article 3.7", "kyoto-protocol/第三条/7"), ("Kyoto Protocol", "kyoto-protocol")],
        ),
        (
            "Articles 3 and 12 of the Kyoto Protocol",
            [("Articles 3", "kyoto-protocol/第三条"), ("12", "kyoto-protocol/第十二条"), ("Kyoto Protocol", "kyoto-protocol")],
        ),
        ("What is Japan's commitment in Annex B?", [("Annex B", "kyoto-protocol/附件B")]),
        ("根据附件1，河北省有几个名额", [("附件1", "pilot-scheme-2023/附件1")]),
        ("附件一所列缔约方应该做什么", []),
        ("Do Annex I Parties report every year?", []),
        ("第一部分讲什么", []),
        ("各方有什么意见", []),
        ("实施方案怎么编制", []),
        ("到2030年单位GDP二氧化碳排放比2005年下降多少", []),
        ("what is the 2025 target for new-building PV coverage?", []),
        ("行动方案三个部分是什么", [("行动方案", "action-plan-2030")]),
        ("1997年那份条约管什么", [("1997年那份条约", "kyoto-protocol")]),
        ("who signed the 1997 climate deal?", [("1997 climate deal", "kyoto-protocol")]),
        ("what does the 1992 treaty say?", []),
        ("试点建设方案附件2三（一）4", [("试点建设方案", "pilot-scheme-2023"), ("附件2三（一）4", "pilot-scheme-2023/附件2/三/（一）/4")]),
    ],
)  # fmt: skip
def test_names_inside_a_question(corpus: Corpus, question: str, expected: list[tuple[str, str]]) -> None:
    assert [
        (question[m.start : m.end], m.clause or m.document) for m in mentions(question, corpus)
    ] == expected


def test_an_everyday_word_is_not_surely_a_document(corpus: Corpus) -> None:
    assert [m.sure for m in mentions("does the plan mention nuclear power?", corpus)] == [False]
    assert [m.sure for m in mentions("does the Action Plan mention nuclear power?", corpus)] == [True]
    assert [m.sure for m in mentions("意见第十九条", corpus)] == [True, True]


def test_a_place_that_the_document_does_not_have_is_marked(corpus: Corpus) -> None:
    unknown = [m for m in mentions("京都议定书第三十条规定了什么", corpus) if m.unknown]
    assert [(m.document, m.clause) for m in unknown] == [("kyoto-protocol", "")]


@given(st.integers(1, 299))
def test_numerals_of_all_kinds_are_the_same_number(value: int) -> None:
    assert number(str(value)) == number(int_to_han(value)) == number(roman(value).lower()) == value
