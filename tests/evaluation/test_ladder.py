"""The stages of the search and the judging of answers, over the real corpus without building an index."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from policybot.answer.model import Answer, Citation
from policybot.corpus import load_corpus
from policybot.evaluation.answers import ask_all, finder_of, judge_all, reader_of
from policybot.evaluation.ladder import searchable, stage_figures, steps
from policybot.evaluation.qaset import Question, load_questions
from policybot.index.generations import Manifest
from policybot.index.models import find_model
from policybot.index.open import Index
from policybot.index.passages import make_passages
from policybot.index.postings import make_postings
from policybot.index.twin import load_static

EVALS = Path(__file__).resolve().parents[2] / "evals"
SAMPLE = 7  # every seventh question: enough to tell stages apart in a second


@pytest.fixture(scope="module")
def index() -> Index:
    corpus = load_corpus()
    passages = make_passages(corpus)
    return Index(
        Path(), Manifest(0, "", "", "", {}, {}, {}, {}), corpus, passages,
        load_static().encode_many([p.text for p in passages]), make_postings(passages), find_model(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return [q for q in load_questions(EVALS / "dev.jsonl") if q.answerable][::SAMPLE]


def test_every_rung_is_measured_and_the_last_beats_the_first(index: Index, questions: list[Question]) -> None:
    finder = finder_of(index.corpus)
    figures = {name: stage_figures(stage, questions, finder) for name, stage in steps(index)}
    assert len(figures) == 5
    assert all(f.n == len(questions) for f in figures.values())
    assert all(f.recall[1] <= f.recall[5] <= f.recall[10] for f in figures.values())
    first, last = next(iter(figures.values())), list(figures.values())[-1]
    assert last.recall[10] >= 0.9
    assert last.mrr > first.mrr


def test_follow_ups_and_questions_without_gold_are_not_searched() -> None:
    questions = load_questions(EVALS / "dev2.jsonl")
    kept = [q for q in questions if searchable(q)]
    assert {q.type for q in questions} - {q.type for q in kept} == {"followup", "unanswerable"}


class Parrot:
    """Gives the same answer to everything, and fails on one question."""

    def ask(self, question: str, history: Any = None) -> Answer:
        if "fails" in question:
            raise ZeroDivisionError("half way")
        quote = "到2030年，全国森林覆盖率达到25%左右"
        place = (
            "action-plan-2030",
            "t",
            "三（八）2",
            "h",
            quote,
            "corpus/sources/002_a6e23000a4ae28df.txt",
            129,
            129,
        )
        return Answer(None, question, "zh", "answered", "25%左右 [1]", [Citation(1, *place)], confidence=1.0)


def test_answers_are_judged_and_a_defect_is_an_error() -> None:
    forest = next(
        q for q in load_questions(EVALS / "dev.jsonl") if "森林覆盖率" in q.question and "2030" in q.question
    )
    broken = Question("x", "en", "value", "it fails", True, (), forest.gold, must_contain=(("25%",),))
    corpus = load_corpus()
    answers = ask_all(Parrot(), [forest, broken])
    good, bad = judge_all([forest, broken], answers, corpus)
    assert (good.right, good.kept, good.cited, good.verbatim) == (True, True, True, 1)
    assert (bad.status, bad.right) == ("error", False)
    assert "ZeroDivisionError" in answers["x"]["answer"]
    assert judge_all([forest], {}, corpus)[0].status == "error"


def test_lines_of_a_source_are_read_and_others_refused() -> None:
    lines = reader_of(load_corpus())
    name = "corpus/sources/002_a6e23000a4ae28df.txt"
    assert lines(name, 7, 7).strip() == "一、总体要求"
    with pytest.raises(IndexError):
        lines(name, 1, 100_000)
    with pytest.raises(KeyError):
        lines("corpus/sources/none.txt", 1, 1)


def test_the_evaluation_never_imports_torch() -> None:
    code = (
        "import sys, policybot.evaluation.ladder, policybot.evaluation.answers, policybot.evaluation.report; "
        "print([m for m in ('torch', 'sentence_transformers', 'langchain_core', 'ir_measures') if m in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"
