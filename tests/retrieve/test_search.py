"""The ranking: what a question names must stand in the evidence; copies share a place; ties are stable."""

from __future__ import annotations

from pathlib import Path

import pytest

from policybot.retrieve.search import Hit, Searcher
from tests.retrieve.small import searcher_of

WATER = "加强节水灌溉。到2027年，全市节水灌溉面积达到30万亩，农田灌溉水有效利用系数提高到0.6。"
WATER_LATER = "发展旱作农业。到2032年，全市节水灌溉面积达到55万亩，旱作技术推广率达到40%以上。"
LIBRARY = "完善图书馆网络。临江市新建社区图书馆12座，石桥市新建社区图书馆5座，实行免费借阅。"
PARKS = "建设口袋公园。临江市建成口袋公园40个，每个公园设置饮水点和无障碍通道。"


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_of(
        tmp_path_factory.mktemp("made-up"),
        {
            "digest": ("情况汇编", "report", 2, [WATER, "汇编其他地方的做法。" + LIBRARY]),
            "decision": ("农业决定", "in force", 0, [WATER, WATER_LATER, PARKS, LIBRARY]),
        },
    )


def first(searcher: Searcher, question: str) -> Hit:
    return searcher.search(question, 5)[0]


@pytest.mark.parametrize(
    ("year", "expected"), [("2027年", "decision/一/（一）/1"), ("2032年", "decision/一/（一）/2")]
)
def test_the_year_asked_about_decides_between_like_clauses(
    made_up: Searcher, year: str, expected: str
) -> None:
    hit = first(made_up, f"到{year}节水灌溉面积要达到多少？")
    assert hit.clause_id == expected


def test_another_year_counts_against_a_clause(made_up: Searcher) -> None:
    scores = {
        year: made_up.search(f"{year}节水灌溉面积目标是多少？")[0].score for year in ("2027年", "2045年")
    }
    assert scores["2045年"] < scores["2027年"] - 0.1


def test_copies_share_a_place_and_the_original_is_cited(made_up: Searcher) -> None:
    hits = made_up.search("2027年节水灌溉面积是多少", 5)
    assert hits[0].clause_id == "decision/一/（一）/1"
    assert hits[0].copies == ("digest/一/（一）/1",)
    assert all(hit.clause_id != "digest/一/（一）/1" for hit in hits)


def test_a_document_that_is_named_is_cited_although_it_is_a_copy(made_up: Searcher) -> None:
    hit = first(made_up, "《情况汇编》里2027年节水灌溉面积是多少")
    assert hit.clause_id == "digest/一/（一）/1"
    assert hit.copies == ("decision/一/（一）/1",)


def test_only_the_documents_given_are_searched(made_up: Searcher) -> None:
    hits = made_up.search("2027年节水灌溉面积是多少", 5, documents=["digest"])
    assert hits and all(hit.clause_id.startswith("digest/") for hit in hits)
    assert made_up.search("节水灌溉", 5, documents=["no-such-document"]) == []


def test_passages_of_a_hit_are_its_own_the_best_first(searcher: Searcher) -> None:
    hit = first(searcher, "2030年国家铁路单位换算周转量综合能耗下降多少？")
    assert hit.clause_id == "action-plan-2030/三/（五）/1"
    texts = {p.id: p.text for p in searcher.index.passages if p.clause == hit.clause_id}
    assert set(hit.passages) == set(texts) and len(texts) > 1
    assert "国家铁路单位换算周转量" in texts[hit.passages[0]]


def test_a_place_that_is_named_must_be_there(searcher: Searcher) -> None:
    for question in ("太原2019年PM2.5浓度", "What was PM2.5 in Taiyuan in 2019?"):
        assert first(searcher, question).clause_id.endswith("图表21/太原")
    absent = first(searcher, "拉萨2019年PM2.5浓度")
    assert (
        absent.features["place"] <= 0 or "拉萨" in searcher.index.corpus.clauses[absent.clause_id].text.text
    )
    assert absent.score < first(searcher, "太原2019年PM2.5浓度").score - 0.2


def test_a_party_is_found_under_the_annex_that_is_named(searcher: Searcher) -> None:
    for question in ("What is Japan's commitment in Annex B?", "附件B中日本的承诺是多少？"):
        assert first(searcher, question).clause_id == "kyoto-protocol/附件B/表1/日本"


def test_a_clause_that_is_named_comes_first(searcher: Searcher) -> None:
    assert first(searcher, "京都议定书第三条第8款怎么说？").clause_id == "kyoto-protocol/第三条/8"
    assert (
        first(searcher, "What does Article 3.8 of the Kyoto Protocol say?").clause_id
        == "kyoto-protocol/第三条/8"
    )


def test_twin_clauses_of_a_treaty_are_not_taken_for_copies(searcher: Searcher) -> None:
    hits = searcher.search("对本议定书的修正如何通过？", 10)
    together = [{hit.clause_id, *hit.copies} for hit in hits]
    assert not any({"kyoto-protocol/第二十条/3", "kyoto-protocol/第二十一条/4"} <= ids for ids in together)


def test_summaries_are_copies_of_the_act(searcher: Searcher) -> None:
    hit = first(searcher, "2025年新建厂房屋顶光伏覆盖率目标是多少？")
    assert hit.clause_id == "action-plan-2030/三/（四）/3"
    assert any(copy.startswith("index-white-paper-2022/二/") for copy in hit.copies)


def test_current_targets_rank_before_old_pledges(searcher: Searcher) -> None:
    hit = first(searcher, "到2030年单位GDP二氧化碳排放比2005年要下降多少？")
    assert searcher.index.corpus.documents[hit.clause_id.split("/")[0]].authority == 0
    assert "65%" in searcher.index.corpus.clauses[hit.clause_id].text.text


def test_the_same_question_gives_the_same_answer_whatever_was_asked_before(searcher: Searcher) -> None:
    questions = ["2030年森林覆盖率目标", "How many votes does each Party have?", "什么是碳中和？"]
    fresh = Searcher(searcher.index)
    forward = [fresh.search(q) for q in questions]
    backward = [searcher.search(q) for q in reversed(questions)][::-1]
    assert forward == backward


@pytest.mark.parametrize("question", ["?", "。", "12", "🙂", "Ωμέγα", "x" * 500, "碳" * 500])
def test_odd_questions_are_answered_with_hits_or_none(searcher: Searcher, question: str) -> None:
    assert all(hit.score == hit.score for hit in searcher.search(question))


def test_no_hits_are_asked_for(searcher: Searcher) -> None:
    assert searcher.search("森林覆盖率", 0) == []


def test_more_hits_than_usual_can_be_asked_for(searcher: Searcher) -> None:
    assert len(searcher.search("碳达峰", 60)) > 30 > len(searcher.search("碳达峰", 10))


def test_a_corpus_in_another_language_is_searched_by_its_own_words(tmp_path: Path) -> None:
    searcher = searcher_of(
        tmp_path,
        {
            "bylaw": (
                "章程",
                "in force",
                0,
                ["Noise. Lawn mowers must not run after 8 pm.", "Dogs. Dogs stay leashed."],
            )
        },
    )
    assert searcher.search("When may lawn mowers run?")[0].clause_id == "bylaw/一/（一）/1"
    assert searcher.search("Müssen Hunde, dogs, leashed sein?")[0].clause_id == "bylaw/一/（一）/2"
