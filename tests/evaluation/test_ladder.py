"""The rungs of the ladder over the real corpus, and what the evaluation may import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from policybot.evaluation.grader import Grader, reader_of, searchable
from policybot.evaluation.ladder import FIGURES, climb, rungs
from policybot.evaluation.qaset import Question, load_questions
from policybot.index.open import Index

EVALS = Path(__file__).resolve().parents[2] / "evals"
SAMPLE = 24  # every twenty-fourth question: enough to tell stages apart in seconds


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return [q for q in load_questions(EVALS / "dev.jsonl") if q.answerable][::SAMPLE]


def test_every_rung_is_measured_and_the_planner_beats_the_first(
    index: Index, questions: list[Question]
) -> None:
    grader = Grader(index.corpus, questions)
    found = {rung.name: climb(rung, questions, grader)["all"] for rung in rungs(index)}
    assert list(found) == [
        "words", "words-glossary", "vectors", "encoder", "hybrid", "rerank", "planner", "no-annotations",
        "no-glossary", "no-encoder",
    ]  # fmt: skip
    for figures in found.values():
        assert set(figures) == set(FIGURES)
        values = [figures[f"recall@{k}"] or 0.0 for k in (1, 5, 10)]
        assert values == sorted(values)
    first, rerank, planner = (found[name] for name in ("words", "rerank", "planner"))
    assert {n: planner[n] for n in FIGURES if n.endswith("10")} == {
        n: rerank[n] for n in FIGURES if n.endswith("10")
    }
    for name in ("mrr", "right"):
        better, worse = planner[name], first[name]
        assert better is not None and worse is not None and better > worse


def test_follow_ups_and_questions_without_gold_are_not_searched() -> None:
    questions = load_questions(EVALS / "dev2.jsonl")
    kept = [q for q in questions if searchable(q)]
    assert {q.type for q in questions} - {q.type for q in kept} == {"followup", "unanswerable"}


def test_lines_of_a_source_are_read_and_others_refused(index: Index) -> None:
    lines = reader_of(index.corpus)
    name = "corpus/sources/002_a6e23000a4ae28df.txt"
    assert lines(name, 7, 7).strip() == "一、总体要求"
    with pytest.raises(IndexError):
        lines(name, 1, 100_000)
    with pytest.raises(KeyError):
        lines("corpus/sources/none.txt", 1, 1)


def test_the_evaluation_never_imports_torch() -> None:
    code = (
        "import sys, policybot.evaluation.ladder, policybot.evaluation.runner, policybot.evaluation.setcheck; "
        "print([m for m in ('torch', 'sentence_transformers', 'langchain_core', 'ir_measures', 'sklearn') "
        "if m in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"
