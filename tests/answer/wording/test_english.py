"""Beneath a Chinese quotation stands the unofficial English of that very sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.evidence.pool import SPOKEN, Pool
from policybot.answer.evidence.sentences import spoken
from policybot.answer.matching.match import Concept

MARK = "In English (unofficial): "


@pytest.mark.parametrize(
    "question",
    [
        "Who is criticised when targets are missed?",
        "What should captive power plants and virtual power plants do?",
        "Where was the Paris Agreement signed by 175 leaders?",
        "How many moons does the pilot scheme want?",
    ],
)
def test_the_english_is_that_of_the_sentence_quoted(bot: PolicyBot, question: str) -> None:
    corpus = bot.index.corpus
    answer = bot.ask(question)
    told = [line.removeprefix(MARK) for line in answer.answer.splitlines() if line.startswith(MARK)]
    notes = [
        corpus.annotations[c.clause_id].english for c in answer.citations if c.clause_id in corpus.annotations
    ]
    sentences = [sentence for english in notes for sentence in english]
    for line in told:
        pieces = line.rstrip(".").split("; ")
        assert any(all(piece.rstrip(".") in sentence for piece in pieces) for sentence in sentences), line
    assert told or answer.status == "not_found"


def test_a_translation_with_another_number_reaches_nobody(
    bot: PolicyBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, name = "What is the 2025 target for new-building PV coverage?", "action-plan-2030/三/（四）/3"
    assert f"{MARK}By 2025" in bot.ask(question).answer
    note = bot.index.corpus.annotations[name]
    wrong = replace(note, english=tuple(text.replace("50%", "55%") for text in note.english))
    monkeypatch.setitem(bot.index.corpus.annotations, name, wrong)
    answer = PolicyBot(index=bot.index).ask(question)
    assert "55%" not in answer.answer and answer.answer.startswith("50%")
    assert "“55%” has no source" in answer.warnings[0]


def test_a_chinese_question_is_answered_without_english(bot: PolicyBot) -> None:
    assert MARK not in bot.ask("目标没完成，谁会被批评？").answer


def test_a_word_of_the_translation_counts_for_its_sentence(bot: PolicyBot) -> None:
    corpus = bot.index.corpus
    pool = Pool(corpus)
    clause = corpus.clauses["action-plan-2030/三/（一）/6"]
    word = Concept("captive", (("captive", 1.0),), 1.0, "latin")
    carried = [s for s in pool.sentences(clause) if spoken(word, s)]
    assert len(carried) == 1 and "自备电厂" in carried[0].text
    best = pool.rank([word], [clause], {clause.id: 1.0})[0]
    assert best.sentence is carried[0] and best.own == SPOKEN
