"""Cross-references in running text: found where they stand, and pointing where they should."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.corpus.references import ReferenceFinder, find_references
from tests.corpus.build import copy, document

built_in = cache(load_corpus)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return built_in()


def targets(corpus: Corpus, clause: str) -> list[tuple[str, str]]:
    return [(r.text, r.target.removeprefix("kyoto-protocol/")) for r in corpus.clauses[clause].references]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("第三条/12", [("第十二条", "第十二条")]),
        ("第四条/3", [("第三条第7款", "第三条/7")]),
        ("第二条/4", [("第1款(a)项", "第二条/1/(a)")]),
        ("第三条/14", [("附件一", ""), ("第一款", "第三条/1"), ("《公约》第四条第8款", ""), ("第9款", "")]),
        (
            "第三条/9",
            [
                ("附件一", ""), ("本议定书附件 B", "附件B"), ("第二十一条第 7 款", "第二十一条/7"),
                ("第 1 款", "第三条/1"),
            ],
        ),
        (
            "第三条/7",
            [("附件一", ""), ("附件 B", "附件B"), ("附件 A", "附件A"), ("第 5 款", "第三条/5"), ("附件一", "")],
        ),
        ("第六条/2", [("本条", "第六条")]),
        ("第九条/1", [("《公约》第四条第 2 款(d)项", ""), ("第七条第 2 款(a)项", "")]),
        ("第十一条/2/(a)", [("第十条(a)项", "第十条/(a)"), ("《公约》第四条第 1 款(a)项", "")]),
        ("第十二条/9", [("第3款(a)项", "第十二条/3/(a)")]),
        ("第十五条/3", [("《公约》第九条", ""), ("第十条", "")]),
        ("第十六条", [("《公约》第十三条", ""), ("第十八条", "第十八条")]),
        ("第十七条", [("第三条", "第三条"), ("附件 B", "附件B"), ("该条", "第三条")]),
        ("第二十一条/5", [("附件 A", "附件A"), ("附件 B", "附件B"), ("第 3 款", "第二十一条/3"), ("第 4 款", "第二十一条/4")]),
        ("第二十二条/1", [("第 2 款", "第二十二条/2")]),
    ],
)  # fmt: skip
def test_references_of_the_protocol(corpus: Corpus, clause: str, expected: list[tuple[str, str]]) -> None:
    assert targets(corpus, f"kyoto-protocol/{clause}") == expected


@pytest.mark.parametrize(
    ("clause", "text", "target"),
    [
        ("pilot-scheme-2023/四/（一）", "附件 1", "pilot-scheme-2023/附件1"),
        ("pilot-scheme-2023/四/（二）", "附件 2", "pilot-scheme-2023/附件2"),
        ("pilot-scheme-2023/附件2/二", "表 2", "pilot-scheme-2023/附件2/二/表2"),
        ("pilot-scheme-2023/导语", "《2030年前碳达峰行动方案》", "action-plan-2030"),
        ("index-white-paper-2022/二/（二）/¶1", "《意见》", "opinions-2021"),
        (
            "index-white-paper-2022/四/（四）/碳达峰目标年份/¶2",
            "图表 25",
            "index-white-paper-2022/四/（四）/碳达峰目标年份/图表25",
        ),
    ],
)
def test_annexes_tables_and_titles(corpus: Corpus, clause: str, text: str, target: str) -> None:
    assert (text, target) in [(r.text, r.target) for r in corpus.clauses[clause].references]


def test_every_reference_stands_at_its_offsets_and_points_somewhere(corpus: Corpus) -> None:
    count = 0
    for clause in corpus.clauses.values():
        end = 0
        for reference in clause.references:
            assert clause.text.text[reference.start : reference.end] == reference.text
            assert reference.start >= end
            assert (
                not reference.target
                or reference.target in corpus.clauses
                or reference.target in corpus.documents
            )
            end, count = reference.end, count + 1
    assert count > 200


def test_a_heading_is_no_reference(corpus: Corpus) -> None:
    for clause in corpus.clauses.values():
        for reference in clause.references:
            assert reference.target != clause.id or reference.text.startswith(("本", "该")), clause.id
    assert not corpus.clauses["kyoto-protocol/第四条"].references
    assert not corpus.clauses["pilot-scheme-2023/附件1"].references


def test_a_document_without_the_article_points_outside() -> None:
    clauses, _ = copy(
        "d",
        [("d/第一条", "第一条 依照第二条和《其他法》第二条办理。"), ("d/第二条", "第二条 依照第九条办理。")],
    )
    by_id = {c.id: c for c in clauses}
    found = find_references(clauses[0], [document("d", "某某条例")], by_id)
    assert [(r.text, r.target) for r in found] == [("第二条", "d/第二条"), ("《其他法》第二条", "")]
    assert [r.target for r in find_references(clauses[1], [document("d", "某某条例")], by_id)] == [""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Subject to Article 2, paragraph 1, Parties shall report.",
            [("Article 2, paragraph 1", "d/第二条/1")],
        ),
        ("as set out in Articles 1 and 2", [("Articles 1", "d/第一条"), ("2", "d/第二条")]),
        ("参见图1和报表 1，共 3 条", []),
        ("本条第1款", []),
    ],
)
def test_other_ways_of_writing(text: str, expected: list[tuple[str, str]]) -> None:
    clauses, _ = copy(
        "d", [("d/导语", text), ("d/第一条", "第一条"), ("d/第二条", "第二条"), ("d/第二条/1", "1. 款")]
    )
    finder = ReferenceFinder([document("d", "某某条例")], clauses)
    assert [(r.text, r.target) for r in finder.find(clauses[0])] == expected


@given(
    st.text(st.characters() | st.sampled_from("《》第一二条款项附件图表上述本该（）()ab、和"), max_size=80)
)
@settings(max_examples=200, deadline=None)
def test_any_text_gives_references_that_stand_in_it(text: str) -> None:
    clauses, _ = copy("d", [("d/第一条", text), ("d/第一条/1", "1. 款"), ("d/第二条", "第二条")])
    for reference in ReferenceFinder([document("d", "某某条例")], clauses).find(clauses[0]):
        assert clauses[0].text.text[reference.start : reference.end] == reference.text
