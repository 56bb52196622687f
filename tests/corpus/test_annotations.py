"""Annotations: complete for the built-in corpus, checked line by line, and left out when stale."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from policybot.corpus import load_corpus
from policybot.corpus.annotations import clause_hash, clause_sentences, load_annotations, wants_annotation
from policybot.corpus.loader import corpus_root
from policybot.corpus.model import Corpus
from policybot.errors import CorpusError
from policybot.facts.quantities import find_numbers
from policybot.text import is_han, squash


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(corpus_root() / "annotations", tmp_path / "annotations")
    return tmp_path


def test_every_clause_is_annotated_and_none_is_stale(corpus: Corpus) -> None:
    loaded = load_annotations(corpus_root(), corpus.clauses, corpus.documents)
    assert loaded.stale == () and loaded.unknown == ()
    wanted = {c.id for c in corpus.clauses.values() if wants_annotation(c)}
    assert set(loaded.annotations) == wanted
    assert all(len(a.questions_zh) >= 2 and len(a.questions_en) >= 2 for a in loaded.annotations.values())


def test_no_question_belongs_to_two_clauses_of_a_document(corpus: Corpus) -> None:
    seen: dict[tuple[str, str], str] = {}
    for annotation in corpus.annotations.values():
        document = corpus.clauses[annotation.clause].document
        for question in (*annotation.questions_zh, *annotation.questions_en):
            assert seen.setdefault((document, question), annotation.clause) == annotation.clause, question


def test_percentages_of_a_gist_stand_in_its_clause(corpus: Corpus) -> None:
    for annotation in corpus.annotations.values():
        clause = corpus.clauses[annotation.clause]
        text = clause.text.text
        if clause.table:
            text += " ".join(corpus.clauses[i].text.text for i in clause.children)
        printed = {q.amount for q in find_numbers(text) if q.kind == "percent"}
        claimed = {q.amount for q in find_numbers(annotation.gist_en) if q.kind == "percent"}
        assert claimed <= printed, annotation.clause


def test_a_changed_clause_leaves_its_annotation_out(corpus: Corpus, folder: Path) -> None:
    path = folder / "annotations" / "opinions-2021.jsonl"
    lines = path.read_text("utf-8").splitlines()
    entry = json.loads(lines[3])
    assert entry["hash"] == clause_hash(corpus.clauses[entry["clause"]])
    entry["hash"] = "0" * 16
    lines[3] = json.dumps(entry, ensure_ascii=False)
    path.write_text("\n".join(lines), "utf-8")
    loaded = load_annotations(folder, corpus.clauses, corpus.documents)
    assert loaded.stale == (entry["clause"],) and entry["clause"] not in loaded.annotations


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{", "Expecting"),
        ("[]", "not a JSON object"),
        ('{"clause": "x"}', "'hash' is missing"),
        ('{"clause": "x", "hash": "1", "title_zh": "a", "title_en": "b", "gist_en": "c", "tags": ["no"], '
         '"questions_zh": [], "questions_en": []}', "not in tags.txt"),
        ('{"clause": "x", "hash": "1", "title_zh": "a", "title_en": "b", "gist_en": "c", "tags": [], '
         '"questions_zh": ["q", "q"], "questions_en": []}', "twice"),
        ('{"clause": "x", "hash": "1", "title_zh": "a", "title_en": "b", "gist_en": "c", "tags": [], '
         '"questions_zh": [], "questions_en": [], "english": "d"}', "'english' must be a list"),
        ('{"clause": "x", "hash": "1", "title_zh": "a", "title_en": "b", "gist_en": "c", "tags": [], '
         '"questions_zh": [], "questions_en": [], "answers": [[0]]}', "lists of numbers"),
        ('{"clause": "x", "hash": "1", "title_zh": "a", "title_en": "b", "gist_en": "c", "tags": [], '
         '"questions_zh": [], "questions_en": [], "answers": [[1]]}', "a list for each of 'pairs'"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named(corpus: Corpus, folder: Path, line: str, named: str) -> None:
    path = folder / "annotations" / "magazine-2021.jsonl"
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    with pytest.raises(CorpusError, match=r"magazine-2021\.jsonl, line 13") as caught:
        load_annotations(folder, corpus.clauses, corpus.documents)
    assert named in caught.value.what


def test_every_sentence_of_the_annotated_clauses_is_translated(corpus: Corpus) -> None:
    for name, note in corpus.annotations.items():
        clause = corpus.clauses[name]
        if clause.kind != "table":
            assert len(note.english) == len(clause_sentences(clause)) > 0, name
            assert not any(map(is_han, "".join(note.english))), name


def test_a_translation_with_other_sentences_is_left_out(corpus: Corpus, folder: Path) -> None:
    path = folder / "annotations" / "opinions-2021.jsonl"
    lines = path.read_text("utf-8").splitlines()
    entry = json.loads(lines[3])
    entry["english"].append("One too many.")
    lines[3] = json.dumps(entry, ensure_ascii=False)
    path.write_text("\n".join(lines), "utf-8")
    loaded = load_annotations(folder, corpus.clauses, corpus.documents)
    assert loaded.uneven == (entry["clause"],)
    note = loaded.annotations[entry["clause"]]
    assert note.english == () == note.answers and note.gist_en == entry["gist_en"]


def test_an_answer_in_a_sentence_that_does_not_exist_is_named(corpus: Corpus, folder: Path) -> None:
    path = folder / "annotations" / "opinions-2021.jsonl"
    lines = path.read_text("utf-8").splitlines()
    entry = json.loads(lines[3])
    entry["answers"] = [[99], *entry["answers"][1:]]
    lines[3] = json.dumps(entry, ensure_ascii=False)
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(CorpusError, match=r"opinions-2021\.jsonl, line 4.*does not have"):
        load_annotations(folder, corpus.clauses, corpus.documents)


def test_a_name_has_one_english(corpus: Corpus, folder: Path) -> None:
    path = folder / "annotations" / "phrases.csv"
    assert load_annotations(folder, corpus.clauses, corpus.documents).phrases["其它部门"] == "other sectors"
    path.write_text(path.read_text("utf-8") + "其它部门,elsewhere\n", "utf-8")
    with pytest.raises(CorpusError, match=r"phrases\.csv, line \d+: it must hold something new"):
        load_annotations(folder, corpus.clauses, corpus.documents)


def test_the_sentences_of_a_clause_are_all_of_its_text(corpus: Corpus) -> None:
    for clause in corpus.clauses.values():
        pieces = [clause.text.text[start:end] for start, end in clause_sentences(clause)]
        assert all(piece == piece.strip() != "" for piece in pieces)
        assert squash("".join(pieces)) == squash(clause.text.text), clause.id


def test_no_annotations_at_all_is_fine(corpus: Corpus, tmp_path: Path) -> None:
    assert load_annotations(tmp_path, corpus.clauses, corpus.documents).annotations == {}
