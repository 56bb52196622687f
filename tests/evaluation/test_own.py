"""The invented documents of others: whole, verbatim, in both languages, and nobody else's questions."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from policybot.corpus import load_corpus
from policybot.evaluation.likeness import bare
from policybot.evaluation.qaset import load_questions

EVALS = Path(__file__).resolve().parents[2] / "evals"
OWN = EVALS / "own"


def test_every_document_has_its_questions_and_every_stretch_stands_in_it() -> None:
    corpus = load_corpus(OWN)
    files = {file.stem: file for file in (OWN / "questions").glob("*.jsonl")}
    assert set(files) == set(corpus.documents) and len(files) >= 16 and not corpus.annotations
    for name, file in files.items():
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        source = corpus.sources[corpus.documents[name].witnesses[0].file].text
        assert Counter(row["language"] for row in rows) == {"zh": 30, "en": 30}
        assert len({row["id"] for row in rows}) == 60
        assert 8 <= sum(not row["quotes"] for row in rows) <= 12
        missing = [(row["id"], q) for row in rows for q in row["quotes"] if q not in source]
        assert not missing


def test_no_question_stands_in_another_set() -> None:
    others = {bare(q.question) for file in EVALS.glob("*.jsonl") for q in load_questions(file)}
    for file in (OWN / "questions").glob("*.jsonl"):
        asked = {bare(json.loads(line)["question"]) for line in file.read_text("utf-8").splitlines()}
        assert asked and asked.isdisjoint(others), file.name
