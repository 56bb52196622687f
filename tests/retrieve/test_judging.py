"""Sentences judged by reading them together with the question."""

from __future__ import annotations

import pytest

from policybot.answer.evidence.judging import JUDGED, MOST, NEAR, judged
from policybot.answer.evidence.pool import Pool
from policybot.retrieve.judging import Cut
from policybot.retrieve.search import Known, Searcher
from tests.retrieve.small import searcher_of

HORSES = (
    "骑马须知。入园骑马者须年满十二岁，并佩戴头盔。马匹不得进入草坪和儿童游乐区。骑马收费标准由园方公示。"
)
LAMPS = "路灯开关时间。路灯于日落后半小时开启，日出前半小时关闭。节庆期间可延长照明时间。"


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
        ("路灯晚上几点亮？", "半小时开启"),
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


def test_those_nearly_as_good_are_told_apart_and_the_others_stay_behind(park: Searcher) -> None:
    near = park.meant(park.analyse("几岁可以骑马？"), Known())
    assert near is not None and near.judging is not None
    clauses = [c for c in park.index.corpus.clauses.values() if HORSES[:6] in c.text.text]
    ranked = Pool(park.index.corpus).rank([], clauses, {})
    told = [s for s in ranked if not s.sentence.heading]
    assert len(told) == 3
    close = [s._replace(found=0.5 - 0.01 * n) for n, s in enumerate(told[::-1])]
    made = judged(close, near.judging)
    odds = near.judging.of([Cut(s.sentence.clause, s.sentence.text, "") for s in close])
    assert odds is not None
    likeliest = max(zip(odds, close, strict=True), key=lambda pair: pair[0])[1]
    assert made[0].sentence == likeliest.sentence and made[0].behind == 0.0
    assert all(0.0 < s.behind <= MOST for s in made[1:])
    apart = [s._replace(found=0.9 if s is close[-1] else s.found) for s in close]
    apart.sort(key=lambda s: -s.score)
    assert apart[0].score - apart[1].score > NEAR and judged(apart, near.judging) == apart
    many = [s._replace(found=s.found - 0.001 * n) for n in range(3) for s in close]
    many.sort(key=lambda s: -s.score)
    behind = [s.behind for s in judged(many, near.judging)]
    assert len(many) > JUDGED and len([b for b in behind if b == max(behind)]) >= len(many) - JUDGED


def test_without_a_cross_encoder_nothing_is_judged(park: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policybot.retrieve.judging.CrossEncoder.beside", lambda folder: None)
    other = Searcher(park.index)
    near = other.meant(other.analyse("谁给马戴头盔？"), Known())
    assert near is not None and near.judging is not None and near.judging.of(cuts_of(park)) is None
    ranked = Pool(park.index.corpus).rank([], list(park.index.corpus.clauses.values()), {})
    assert judged(ranked, near.judging) == ranked
