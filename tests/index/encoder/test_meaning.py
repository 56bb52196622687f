"""What is encoded of a corpus, and how its vectors are kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.errors import ModelError
from policybot.index.encoder.meaning import (
    SENTENCES,
    UNANSWERED,
    Meaning,
    as_int8,
    gist_of,
    make_meaning,
    meaning_texts,
    shipped_meaning,
    text_key,
)
from policybot.index.encoder.model import CONFIG, SHIPPED, SentenceEncoder
from tests.index.small import ITEMS, write_corpus


def test_annotated_clauses_are_their_gist_and_questions_others_their_text(tmp_path: Path) -> None:
    corpus = load_corpus()
    texts: dict[str, list[str]] = {}
    for clause, text in meaning_texts(corpus):
        texts.setdefault(clause, []).append(text)
    for name, note in corpus.annotations.items():
        assert texts[name] == [gist_of(note), *note.asked_zh, *note.asked_en]
    unanswered, sentences = texts.pop(UNANSWERED), texts.pop(SENTENCES)
    assert not any(corpus.clauses[name].kind == "row" for name in texts)
    known = [
        question for note in corpus.annotations.values() for pair in note.unanswered for question in pair
    ]
    assert unanswered == known + [question for pair in corpus.unanswered for question in pair]
    joint = "".join("".join(clause.text.text.split()) for clause in corpus.clauses.values())
    english = {text for note in corpus.annotations.values() for text in note.english}
    assert sum(text.split()[-1] in joint for text in sentences) > 1000
    assert sum(text in english for text in sentences) > 1000
    assert all(text in english or text.split()[-1] in joint for text in sentences)
    write_corpus(tmp_path)
    bare = load_corpus(tmp_path)
    said = "".join(text for _, text in meaning_texts(bare))
    assert all(item[-20:] in said for item in ITEMS)


def test_the_shipped_vectors_are_those_of_the_built_in_annotations() -> None:
    encoder = SentenceEncoder()
    (shipped,) = shipped_meaning(encoder)
    texts = list(meaning_texts(load_corpus()))
    known = shipped.known()
    missing = [text for _, text in texts if text_key(text) not in known]
    assert not missing, f"run `policybot train --part meaning`: {missing[:3]}"
    sample = list(dict.fromkeys(text for _, text in texts))[::401]
    for text in sample:
        kept = known[text_key(text)].astype(np.float32)
        assert kept @ encoder.encode(text) / np.linalg.norm(kept) > 0.995  # kernels differ a little


def test_known_vectors_are_taken_over(tmp_path: Path) -> None:
    write_corpus(tmp_path / "texts")
    corpus = load_corpus(tmp_path / "texts")
    first = make_meaning(corpus, SentenceEncoder())
    # An encoder without a network fails as soon as it is asked.
    (tmp_path / "hollow").mkdir()
    (tmp_path / "hollow" / CONFIG).write_bytes((SHIPPED / CONFIG).read_bytes())
    hollow = SentenceEncoder(tmp_path / "hollow")
    again = make_meaning(corpus, hollow, [first])
    assert again.clauses == first.clauses and np.array_equal(again.vectors, first.vectors)
    with pytest.raises(ModelError):
        make_meaning(corpus, hollow)
    # What is given last counts, so that vectors of an older index do not outlive those shipped since.
    older = replace(first, vectors=first.vectors // 2)
    assert np.array_equal(make_meaning(corpus, hollow, [older, first]).vectors, first.vectors)


def test_a_file_gives_back_what_was_saved(tmp_path: Path) -> None:
    write_corpus(tmp_path / "texts")
    made = make_meaning(load_corpus(tmp_path / "texts"), SentenceEncoder())
    for save in (made.save_packed, made.save):
        save(tmp_path / "meaning.npz")
        read = Meaning.load(tmp_path / "meaning.npz")
        assert read.clauses == made.clauses and read.vectors.flags.c_contiguous
        for name in ("starts", "keys", "vectors", "lengths"):
            assert np.array_equal(getattr(read, name), getattr(made, name))
    whole = (tmp_path / "meaning.npz").read_bytes()
    made.save_packed(tmp_path / "meaning.npz")
    packed = (tmp_path / "meaning.npz").read_bytes()
    assert len(packed) < len(whole)
    # One byte of the compressed numbers changed: found by the file's own checksum.
    (tmp_path / "meaning.npz").write_bytes(packed[: len(packed) // 2] + b"?" + packed[len(packed) // 2 + 1 :])
    with pytest.raises((OSError, ValueError, KeyError)):
        Meaning.load(tmp_path / "meaning.npz")
    (tmp_path / "meaning.npz").write_bytes(b"PK damaged")
    with pytest.raises((OSError, ValueError, KeyError)):
        Meaning.load(tmp_path / "meaning.npz")


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(2, 64))
@settings(max_examples=60, deadline=None)
def test_int8_keeps_directions(seed: int, count: int, dimension: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    kept = as_int8(vectors).astype(np.float32)
    cosines = np.einsum("ij,ij->i", vectors, kept)
    cosines /= np.linalg.norm(vectors, axis=1) * np.linalg.norm(kept, axis=1)
    assert (cosines > 0.998).all()
