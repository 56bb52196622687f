"""Sentences judged by reading them together with the question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policybot.answer.evidence.judging import JUDGED, MOST, judged
from policybot.answer.evidence.pool import Pool
from policybot.retrieve.judging import Cut
from policybot.retrieve.search import Known, Searcher
from tests.retrieve.small import searcher_of

HORSES = "入园骑马者须年满十二岁，并佩戴头盔。马匹不得进入草坪和儿童游乐区。骑马收费标准由园方公示。"
LAMPS = "路灯于日落后半小时开启，日出前半小时关闭。节庆期间可延长照明时间。"


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_of(
        tmp_path_factory.mktemp("park"), {"rules": ("公园规定", "in force", 0, [HORSES, LAMPS])}
    )


def cuts_of(park: Searcher) -> list[Cut]:
    pool = Pool(park.index.corpus)
    clauses = park.index.corpus.clauses.values()
    return [Cut(c, s.text, s.english) for c in clauses for s in pool.sentences(c) if not s.heading]


def test_the_sentence_that_answers_is_judged_likeliest(park: Searcher) -> None:
    cuts = cuts_of(park)
    for question, part in [
        ("多大年纪才能骑马？", "年满十二岁"),
        ("When are the lamps switched on?", "半小时开启"),
    ]:
        near = park.meant(park.analyse(question), Known())
        assert near is not None and near.judging is not None
        odds = near.judging.of(cuts)
        assert odds is not None
        assert part in max(zip(odds, cuts, strict=True), key=lambda pair: pair[0])[1].text


def test_a_sentence_is_judged_alike_each_time(park: Searcher) -> None:
    cuts = cuts_of(park)
    made = []
    for _ in range(2):
        near = park.meant(park.analyse("马能不能进草坪吃草？"), Known())
        assert near is not None and near.judging is not None
        made.append(near.judging.of(cuts))
    other = Searcher(park.index).meant(park.analyse("马能不能进草坪吃草？"), Known())
    assert other is not None and other.judging is not None
    assert made[0] == made[1] and other.judging.of(cuts[1:]) == (made[0] or [])[1:]


def test_the_first_ones_are_ranked_anew_and_the_others_stay_behind(park: Searcher) -> None:
    known = Known()
    question = park.analyse("几岁可以骑马？")
    near = park.meant(question, known)
    assert near is not None and near.judging is not None
    clause = next(c for c in park.index.corpus.clauses.values() if HORSES[:6] in c.text.text)
    first = Pool(park.index.corpus).rank([], [clause], {})
    ranked = [
        s._replace(sentence=replace(s.sentence, start=1000 * n + s.sentence.start))
        for n in range(5)
        for s in first
    ]
    assert len([s for s in ranked if not s.sentence.heading]) > JUDGED
    made, likeliest = judged(ranked, near.judging)
    assert sorted(s.sentence.start for s in made) == sorted(s.sentence.start for s in ranked)
    odds = near.judging.of([Cut(clause, s.sentence.text, "") for s in first])
    assert odds is not None and likeliest == max(odds)
    best = min(made, key=lambda s: s.behind)
    assert "年满十二岁" in best.sentence.text and best.behind == 0.0
    beyond = [s for s in made if s.sentence.start >= 1000 * 4]
    worst = max(s.behind for s in made)
    assert beyond and all(s.behind == worst for s in beyond) and worst <= MOST


def test_without_a_cross_encoder_nothing_is_judged(park: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policybot.retrieve.judging.CrossEncoder.beside", lambda folder: None)
    other = Searcher(park.index)
    near = other.meant(other.analyse("谁给马戴头盔？"), Known())
    assert near is not None and near.judging is not None and near.judging.of(cuts_of(park)) is None
    ranked = Pool(park.index.corpus).rank([], list(park.index.corpus.clauses.values()), {})
    assert judged(ranked, near.judging) == (ranked, None)
