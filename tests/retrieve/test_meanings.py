"""What a question means joins the search, and is told beside the rest by a thread of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from policybot.evaluation.leaveout import without_annotations
from policybot.index.encoder.meaning import sentences_of
from policybot.retrieve.meanings import KEPT, SHARED, UNTOLD, Meanings
from policybot.retrieve.search import Known, Searcher
from tests.retrieve.small import searcher_of

HORSES = "入园骑马者须年满十二岁，并佩戴头盔；马匹不得进入草坪和儿童游乐区。"
FLOWERS = "游客不得采摘花草。违者由管理人员劝阻，拒不改正的，责令离开。"
LAMPS = "路灯于日落后半小时开启，日出前半小时关闭；节庆期间可延长照明时间。"
FISHING = "湖面每年三月至六月禁止垂钓，其余时间凭证垂钓，每人限用一根鱼竿。"


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_of(
        tmp_path_factory.mktemp("park"),
        {"rules": ("公园规定", "in force", 0, [HORSES, FLOWERS, LAMPS, FISHING])},
    )


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How old must a rider be, and is a helmet needed?", HORSES),
        ("Can I pick a few blossoms for my wife?", FLOWERS),
        ("When do they switch on the lights in the evening?", LAMPS),
        ("In which months is angling forbidden?", FISHING),
    ],
)
def test_an_english_question_is_near_what_a_chinese_clause_means(
    park: Searcher, question: str, expected: str
) -> None:
    near = park.meant(park.analyse(question), Known())
    assert near is not None
    clauses = park.index.corpus.clauses.values()
    best = max(clauses, key=lambda clause: near.of(clause.id))
    assert expected[:12] in best.text.text


def test_sentences_of_a_clause_are_told_apart(searcher: Searcher) -> None:
    corpus = searcher.index.corpus
    clause = next(c for c in corpus.clauses.values() if c.kind != "row" and len(sentences_of(c)) > 4)
    sentences = sentences_of(clause)
    given = [(text, "") for text in sentences]
    for number, text in enumerate(sentences):
        meant = searcher.meant(searcher.analyse(text), Known())
        assert meant is not None
        near = meant.sentences(clause, given)
        assert near is not None and len(near) == len(sentences)
        assert max(t.near for t in near) - near[number].near < 0.05
    other = next(c for c in corpus.clauses.values() if c.kind == "row")
    meant = searcher.meant(searcher.analyse("谁负责？"), Known())
    assert meant is not None and meant.sentences(other, [("甲", ""), ("乙", "")]) is None


def test_a_question_known_to_have_no_answer_is_near_itself(searcher: Searcher) -> None:
    note = next(n for n in searcher.index.corpus.annotations.values() if n.unanswered)
    for question in note.unanswered[0]:
        meant = searcher.meant(searcher.analyse(question), Known())
        assert meant is not None and meant.unanswered > 0.99


def test_the_nearest_texts_are_shared_out(searcher: Searcher) -> None:
    corpus = searcher.index.corpus
    name, note = next((i, n) for i, n in corpus.annotations.items() if n.pairs and n.unanswered)
    for asked, other in zip(note.pairs[0], note.unanswered[0], strict=True):
        answered = searcher.meant(searcher.analyse(asked), Known())
        beside = searcher.meant(searcher.analyse(other), Known())
        assert answered is not None and beside is not None
        assert answered.share([name]) == max(answered.share([i]) for i in corpus.annotations) > 0.3
        assert answered.unanswered_share < beside.unanswered_share < 1
        assert answered.share([]) == answered.share(["no such clause"]) == 0
    own = [i for i in searcher.index.meaning.clauses if i in corpus.clauses]
    shares = Meanings(searcher.index, own).shares("谁来检查？")
    assert shares.sum() == pytest.approx(1.0, abs=1e-3) and shares.min() >= 0


def test_meaning_is_not_asked_of_a_text_that_does_not_say_it(park: Searcher) -> None:
    question = park.analyse("小孩能不能上马？")
    asked, words_only = Known(), Known(words_only=True)
    park.search(question, 5, known=asked)
    park.search(question, 5, known=words_only)
    assert asked.signals is not None and asked.signals.meant.any()
    assert words_only.signals is not None and not words_only.signals.meant.any()
    assert park.meant(question, asked) is not None and park.meant(question, words_only) is None


def test_without_its_weight_nothing_is_looked_at(park: Searcher) -> None:
    clause = {name: weight for name, weight in park.weights.clause.items() if name != "meant"}
    blind = Searcher(park.index, park.knowledge, replace(park.weights, clause=clause))
    known = Known()
    blind.search("小孩能不能上马？", 5, known=known)
    assert known.signals is not None and not known.signals.meant.any()
    assert blind.meant(blind.analyse("小孩能不能上马？"), known) is None


def test_a_row_means_what_its_table_means(searcher: Searcher) -> None:
    index = searcher.index
    ids = [p.clause for p in index.passages]
    ids = list(dict.fromkeys(ids))
    cosines = Meanings(index, ids).cosines("Which cities plan to peak when?")
    assert cosines.shape == (len(ids) + 1,) and np.isfinite(cosines).all()
    own = set(index.meaning.clauses)
    number = {name: n for n, name in enumerate(ids)}
    rows = [i for i in ids if index.corpus.clauses[i].kind == "row" and i not in own]
    assert len(rows) > 100
    for name in rows[::37]:
        above = next(i for i in reversed(index.corpus.clauses[name].path) if i in own)
        steps = list(reversed(index.corpus.clauses[name].path)).index(above) + 1
        assert cosines[number[name]] == pytest.approx(cosines[number[above]] * SHARED**steps, abs=1e-6)


def test_a_document_without_annotations_stands_up_to_those_with_them(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, corpus = searcher.index, searcher.index.corpus
    own = [name for name in corpus.annotations if corpus.clauses[name].document == "magazine-2021"]
    left = without_annotations(index, own)
    ids = list(dict.fromkeys(p.clause for p in index.passages))
    question = "世界上最早是谁发现大气里的二氧化碳一年比一年多？"
    with_gain = Meanings(left, ids).cosines(question)[:-1]
    monkeypatch.setattr("policybot.retrieve.meanings.UNTOLD", 0.0)
    without = Meanings(left, ids).cosines(question)[:-1]
    there = np.array([corpus.clauses[name].document == "magazine-2021" for name in ids]) & (without > 0)
    assert there.any()
    assert np.allclose(with_gain, without + UNTOLD * there, atol=1e-6)


def test_answering_loads_no_torch() -> None:
    code = (
        "import sys; from policybot.answer.bot import PolicyBot; bot = PolicyBot(); "
        "bot.ask('what is the 2025 target for new-building PV coverage?'); "
        "print('onnxruntime' in sys.modules, 'torch' in sys.modules, 'transformers' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.split() == ["True", "False", "False"]


def test_many_threads_get_what_one_gets(park: Searcher) -> None:
    questions = [
        f"{text[: 4 + n]}？" for text in (HORSES, FLOWERS, LAMPS, FISHING) for n in range(2 * KEPT // 4)
    ]
    alone = [Meanings(park.index, list(park.index.corpus.clauses)).cosines(q) for q in questions]
    shared = Meanings(park.index, list(park.index.corpus.clauses))
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            together = list(pool.map(shared.cosines, questions))
            assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_a_failure_is_not_remembered(park: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    meanings = Meanings(park.index, list(park.index.corpus.clauses))
    with monkeypatch.context() as broken:
        broken.setattr(park.index, "encoder", None)
        with pytest.raises(AttributeError):
            meanings.cosines("灯什么时候亮？")
    assert meanings.cosines("灯什么时候亮？").max() > 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")
def test_a_fork_asks_as_well(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from policybot.retrieve.judging import Cut\n"
        "from policybot.retrieve.search import Known\n"
        "from tests.retrieve.small import searcher_of\n"
        f"searcher = searcher_of(Path({str(tmp_path)!r}), {{'r': ('规定', 'in force', 0, [{HORSES!r}, {LAMPS!r}])}})\n"
        "def top(text):\n"
        "    near = searcher.meant(searcher.analyse(text), Known())\n"
        "    clauses = searcher.index.corpus.clauses.values()\n"
        "    return near.top, near.judging.of([Cut(c, c.text.text, '') for c in clauses])\n"
        "first = top('骑马有年龄限制吗？')\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    os._exit(0 if top('骑马有年龄限制吗？') == first and top('路灯几点亮？')[0] > 0 else 1)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, timeout=120, capture_output=True, text=True, check=False, cwd=root)
    assert done.returncode == 0, done.stderr


def test_without_a_reader_sentences_are_told_apart_by_nearness_alone(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    clause = next(
        c for c in searcher.index.corpus.clauses.values() if len(sentences_of(c)) > 2 and c.kind != "row"
    )
    given = [(text, "") for text in sentences_of(clause)]
    read = Meanings(searcher.index, [clause.id]).sentences("谁来检查？", clause, given)
    monkeypatch.setattr("policybot.retrieve.meanings.Reader.beside", lambda folder: None)
    unread = Meanings(searcher.index, [clause.id])
    told = unread.sentences("谁来检查？", clause, given)
    assert read is not None and told is not None
    assert [t.near for t in told] == [t.near for t in read]
    assert all(t.read is None for t in told) and None not in [t.read for t in read]
    whole = unread.clause("谁来检查？", clause.id)
    assert whole is not None and whole.read is None
