"""All annotations together, what they share with question sets, and the word lists."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from policybot.annotate.survey import Survey, overlap, survey
from policybot.annotate.wordlists import FEWEST, check_word_lists, questions_in
from policybot.corpus.annotations import FOLDER, TAGS
from policybot.corpus.loader import corpus_root
from policybot.corpus.model import Corpus
from policybot.evaluation.qaset import Question
from policybot.facts.glossary import Entry, Glossary

EVALS = Path(__file__).resolve().parents[2] / "evals"


@pytest.fixture(scope="module")
def found(corpus: Corpus) -> Survey:
    """All built-in annotations, beside all question sets."""
    return survey(corpus, corpus_root(), EVALS)


def test_the_built_in_annotations_have_no_fault(found: Survey) -> None:
    assert found.faults == []
    assert found.present == found.wanted > 600


def only(corpus: Corpus, document: str) -> Corpus:
    """The corpus as if it were one document."""
    return replace(
        corpus,
        documents={document: corpus.documents[document]},
        clauses={name: clause for name, clause in corpus.clauses.items() if clause.document == document},
        annotations={n: a for n, a in corpus.annotations.items() if corpus.clauses[n].document == document},
    )


def test_what_is_wrong_with_a_folder_is_found(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    path = tmp_path / FOLDER / "opinions-2021.jsonl"
    for name in (path.name, TAGS):
        shutil.copy(corpus_root() / FOLDER / name, tmp_path / FOLDER)
    assert survey(only(corpus, "opinions-2021"), tmp_path).good
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    gone = lines.pop(0)["clause"]
    lines[0]["hash"] = "0" * 16
    lines[1]["clause"] = "opinions-2021/nowhere"
    lines[3]["questions_zh"] = [*lines[3]["questions_zh"][:-1], lines[4]["questions_zh"][0]]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    found = {(f.kind, f.clause) for f in survey(only(corpus, "opinions-2021"), tmp_path).faults}
    assert ("missing", gone) in found
    assert ("stale", lines[0]["clause"]) in found and ("missing", lines[0]["clause"]) not in found
    assert ("unknown", "opinions-2021/nowhere") in found
    assert "shared" in {kind for kind, _ in found}


def write_set(path: Path, question: str) -> Path:
    line = {
        "id": "q1", "language": "zh", "type": "fact", "question": question, "answerable": False,
        "gold": [], "must_contain": [], "must_not_contain": [],
    }  # fmt: skip
    path.write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")
    return path


def test_a_held_out_set_shows_ids_only(corpus: Corpus, tmp_path: Path) -> None:
    question = corpus.annotations["action-plan-2030/三/（四）/3"].questions_zh[0]
    shown = overlap(write_set(tmp_path / "dev9.jsonl", question), corpus)
    hidden = overlap(write_set(tmp_path / "test9.jsonl", question), corpus)
    assert shown.alike == hidden.alike == ("q1",) and shown.same == hidden.same == 1
    assert shown.pairs[0][1] == "action-plan-2030/三/（四）/3" and shown.pairs[0][3] == (question, question)
    assert hidden.pairs == ()


def test_questions_of_every_set_are_compared(found: Survey) -> None:
    assert {made.name for made in found.sets} == {path.stem for path in EVALS.glob("*.jsonl")}
    for made in found.sets:
        assert len(made.alike) < 0.15 * made.questions, made.name
        assert made.same < 0.05 * made.questions, made.name
        assert made.terms == ()


def test_the_word_lists_are_large_and_without_conflict() -> None:
    glossary = Glossary.load()
    assert check_word_lists(glossary) == []
    assert len(glossary.entries) + len(glossary.groups) >= FEWEST


def test_conflicts_and_questions_in_word_lists_are_found() -> None:
    glossary = Glossary.load()
    double = Entry(("another word",), glossary.entries[0].zh, "climate")
    found = check_word_lists(replace(glossary, entries=(*glossary.entries, double)))
    assert [(f.kind, f.detail) for f in found] == [
        ("same-term", f"{glossary.entries[0].en[0]}, another word")
    ]
    assert [f.kind for f in check_word_lists(replace(glossary, entries=(), groups=()))] == ["few-terms"]
    asked = Question("q", "zh", "fact", "什么时候达峰？", False)
    assert questions_in([asked, replace(asked, id="r", question="什么时候开始减煤？")]) == ["q"]
