"""The encoder's training in a few steps: units, starting vectors, held questions, a complete folder."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from transformers import AutoModel

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.errors import ModelError
from policybot.evaluation.likeness import bare
from policybot.evaluation.qaset import load_questions
from policybot.facts.glossary import Glossary
from policybot.index.encoder.batches import Batches
from policybot.index.encoder.material import HOLDING, Material, held_unanswered, material
from policybot.index.encoder.meaning import FILE, Meaning, meaning_texts
from policybot.index.encoder.model import CONFIG, NETWORK, SHIPPED, TOKENIZER, SentenceEncoder
from policybot.index.encoder.settings import DistilSettings
from policybot.index.encoder.stored import stored_student
from policybot.index.encoder.student import Goal, Student, teacher_folder
from policybot.index.encoder.train import refresh_meaning, train_encoder
from policybot.index.encoder.vocabulary import common_characters, make_units
from policybot.text import is_han
from tests.index.small import write_corpus

# Every kind of batch comes once: words and sentences first, then passages and what holds them in place.
STEPS = DistilSettings(
    align_steps=2, tune_steps=4, words=8, sentences=8, clauses=4, passages=8, holding=8, unanswered=4
)
PASSAGES = 24  # of more than a thousand invented ones: the teacher reads each before the first step


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


@pytest.fixture(scope="module")
def given(corpus: Corpus) -> Material:
    return material(corpus, Glossary.load())


def test_held_questions_are_trained_on_nowhere(corpus: Corpus, given: Material) -> None:
    assert len(given.held) > 300
    assert all(len(corpus.annotations[name].pairs) >= HOLDING for name, *_ in given.held)
    trained = {text for pair in given.sentences for text in pair}
    trained |= {q for c in given.clauses for q in (*c.chinese, *c.english)}
    assert not [name for name, zh, en in given.held if zh in trained or en in trained]
    trained |= {q for c in given.clauses for q in c.unanswered}
    beside = held_unanswered(corpus)
    assert len(beside) > 500 and not [zh for zh, en in beside if zh in trained or en in trained]


def test_the_lists_hold_pairs_of_both_languages(given: Material) -> None:
    assert len(given.words) > 10_000 and len(given.sentences) > 5_000
    assert all(pair.chinese and pair.english and all(pair.english) for pair in given.words)
    assert all(any(map(is_han, zh)) and not any(map(is_han, en)) for zh, en in given.sentences)


def test_passages_stand_in_both_languages_and_hold_no_evaluation_question(given: Material) -> None:
    evals = Path(__file__).resolve().parents[3] / "evals"
    asked = {bare(q.question) for file in evals.glob("*.jsonl") for q in load_questions(file)}
    assert len(asked) > 4_000
    assert len({passage.clause for passage in given.passages}) == len(given.passages) > 1_000
    for passage in given.passages:
        assert passage.gist and len(passage.texts) >= 2, passage.clause  # one in each language at least
        assert len(passage.chinese) >= 5 and len(passage.english) >= 4 and passage.unanswered, passage.clause
        questions = (*passage.chinese[1:], *passage.english, *passage.unanswered)
        assert asked.isdisjoint(map(bare, questions)), passage.clause


def test_chinese_words_are_units_matched_longest_first() -> None:
    teacher = teacher_folder() / "tokenizer.json"
    units = make_units(teacher, ["风电", "风电场", "光伏发电站", "PV", "电"])
    tokens = units.tokenizer.encode("风电场和风电 solar power 2025年").tokens
    assert tokens[1:4] == ["风电场", "和", "风电"]
    assert tokens[-2:] == ["年", "[SEP]"]
    assert "光伏发电站" not in units.words  # longer than a unit may be
    plain = Tokenizer.from_file(str(teacher))
    plain.no_padding()
    english = "Who is responsible for the 2030 targets?"
    assert units.tokenizer.encode(english).tokens == plain.encode(english).tokens
    assert len(common_characters()) == 3755 == len(set(common_characters()))


def test_vectors_are_refreshed_beside_an_encoder(tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(SHIPPED, folder)
    write_corpus(tmp_path / "texts")
    small = load_corpus(tmp_path / "texts")
    count = refresh_meaning(small, folder)
    kept = Meaning.load(folder / FILE)
    assert count == len(kept.keys) == len(list(meaning_texts(small)))


def test_a_few_steps_give_a_working_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def less(corpus: Corpus, glossary: Glossary) -> Material:
        given = material(corpus, glossary)
        return replace(given, passages=given.passages[:PASSAGES])

    monkeypatch.setattr("policybot.index.encoder.train.material", less)
    write_corpus(tmp_path / "texts")
    small = load_corpus(tmp_path / "texts")
    lines: list[str] = []
    report = train_encoder(tmp_path / "encoder", small, Glossary.load(), STEPS, lines.append)
    assert sorted(p.name for p in report.folder.iterdir()) == sorted(
        ["MODEL.md", CONFIG, NETWORK, TOKENIZER, FILE]
    )
    assert any(line.startswith("tuned 4/4") for line in lines)
    encoder = SentenceEncoder(report.folder)
    vector = encoder.encode("新建厂房要装光伏吗？")
    assert vector.shape == (encoder.dimension,) and np.isfinite(vector).all()
    kept = Meaning.load(report.folder / FILE)
    assert len(kept.keys) == len(list(meaning_texts(small)))
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_batches_keep_like_clauses_apart_and_bring_questions_without_answer(given: Material) -> None:
    settings = DistilSettings(clauses=24, near=3, unanswered=6)
    tokenizer = Tokenizer.from_file(str(teacher_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    few = given.clauses[:60]
    goal = Goal(
        Student(AutoModel.from_pretrained(teacher_folder(), local_files_only=True).eval(), tokenizer, 0)
    )
    batches = Batches(few, 24, (0.2, 0.0), goal, settings, random.Random(3))
    questions, texts, beside, alike = batches.draw()
    assert len(questions) == len(texts) == 24 and alike.shape == (24, 24) and not alike.diagonal().any()
    assert len(beside) == 6 and set(beside) <= {q for c in few for q in c.unanswered}


def test_sentences_of_a_clause_are_told_from_one_another(given: Material) -> None:
    several = [c for c in given.clauses if len({s for one in c.answered for s in one.sentences}) > 3][:6]
    tokenizer = Tokenizer.from_file(str(teacher_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    goal = Goal(
        Student(AutoModel.from_pretrained(teacher_folder(), local_files_only=True).eval(), tokenizer, 0)
    )
    batches = Batches(several, 6, (0.0, 1.0), goal, DistilSettings(), random.Random(5))
    questions, texts, _, alike = batches.draw()
    assert len(questions) == 6 and len(set(texts)) == 6
    right = {q: {t for said in one.sentences for t in said} for c in several for one in c.answered
             for q in one.question}  # fmt: skip
    assert all(text in right[question] for question, text in zip(questions, texts, strict=True))
    assert not alike[0, 1], "two of one clause count against each other"


def test_training_goes_on_from_a_written_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: Material
) -> None:
    few = replace(given, clauses=given.clauses[:8], passages=given.passages[:8], held=[])
    monkeypatch.setattr("policybot.index.encoder.train.material", lambda corpus, glossary: few)
    write_corpus(tmp_path / "texts")
    small = load_corpus(tmp_path / "texts")
    settings = replace(STEPS, align_steps=0)
    report = train_encoder(tmp_path / "encoder", small, Glossary.load(), settings, start=SHIPPED)
    before, after = SentenceEncoder(SHIPPED), SentenceEncoder(report.folder)
    assert after.config["training"]["before"] == before.config["training"]
    texts = ["谁负责垃圾分类？", "Who sorts the waste?", "2030年森林覆盖率达到多少？"]
    old, new = (encoder.encode_many(texts) for encoder in (before, after))
    assert after.fingerprint != before.fingerprint
    assert np.abs(old @ old.T - new @ new.T).max() < 0.25, "a few steps change little"


def test_what_cannot_be_gone_on_from_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(SHIPPED, folder)
    (folder / NETWORK).write_bytes(b"nothing")
    with pytest.raises(ModelError, match="cannot go on") as caught:
        stored_student(folder)
    assert "\n" not in str(caught.value)


def test_weights_are_read_back_as_they_were_written() -> None:
    texts = ["谁负责垃圾分类？", "Who sorts the waste?", "新建厂房要装光伏吗？", "PV on new roofs"]
    student = stored_student(SHIPPED)
    student.network.eval()
    whole = student.vectors(texts).detach().numpy()
    written = SentenceEncoder(SHIPPED).encode_many(texts)
    assert np.abs(whole @ whole.T - written @ written.T).max() < 0.06
