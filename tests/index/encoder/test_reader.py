"""The reader: what it computes, what it is worth on questions left out of training, and none at all."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.index.encoder.material import HOLDING, held_unanswered
from policybot.index.encoder.meaning import gist_of, sentence_text, sentences_of
from policybot.index.encoder.model import SHIPPED, SentenceEncoder
from policybot.index.encoder.reader import FILE, WEIGHTS, Reader

NUMBERS = st.floats(-2, 2, width=32)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(scope="module")
def reader() -> Reader:
    found = Reader.beside(SHIPPED)
    assert found is not None
    return found


@given(st.data(), st.integers(1, 5), st.integers(1, 7), st.integers(0, 4))
def test_it_is_the_network_it_says_it_is(data: st.DataObject, d: int, h: int, n: int) -> None:
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(("of_question", "of_text", "of_both"), (h, d))
    shapes |= {"bias": (h,), "votes": (h,), "ends": (2,)}
    w = {k: data.draw(arrays.arrays(np.float32, shape, elements=NUMBERS)) for k, shape in shapes.items()}
    question = data.draw(arrays.arrays(np.float32, d, elements=NUMBERS))
    texts = data.draw(arrays.arrays(np.float32, (n, d), elements=NUMBERS))
    said = Reader(w).asked(question).of(texts)
    assert said.shape == (n,)
    for text, made in zip(texts, said, strict=True):
        units = (
            w["of_question"] @ question + w["of_text"] @ text + w["of_both"] @ (question * text) + w["bias"]
        )
        expected = units / (1 + np.exp(-units)) @ w["votes"] + w["ends"][0]
        assert made == pytest.approx(expected + w["ends"][1] * (question @ text - 0.5), abs=1e-2)


def test_of_a_clause_it_finds_the_sentence_that_answers(
    corpus: Corpus, encoder: SentenceEncoder, reader: Reader
) -> None:
    read = asked = 0
    for name, note in list(corpus.annotations.items())[::4]:
        sentences = sentences_of(corpus.clauses[name])
        if len(sentences) < 3 or len(note.pairs) < HOLDING or not note.answers or not note.answers[-1]:
            continue
        texts = encoder.encode_many([sentence_text(corpus, corpus.clauses[name], text) for text in sentences])
        for vector in encoder.encode_many(note.pairs[-1]):
            asked += 1
            read += int(np.argmax(reader.asked(vector).of(texts))) + 1 in note.answers[-1]
    assert asked > 60
    assert read > 0.7 * asked


def test_what_no_document_answers_is_read_as_less_likely(
    corpus: Corpus, encoder: SentenceEncoder, reader: Reader
) -> None:
    notes = list(corpus.annotations.values())
    gists = encoder.encode_many([gist_of(note) for note in notes[::3]])
    own = [
        float(reader.asked(vector).of(gist[None])[0])
        for note, gist in zip(notes[::3], gists, strict=True)
        if len(note.pairs) >= HOLDING
        for vector in encoder.encode_many(note.pairs[-1])
    ]
    none = [
        float(reader.asked(vector).of(gists[np.argsort(-(gists @ vector))[:10]]).max())
        for vector in encoder.encode_many([text for pair in held_unanswered(corpus)[::4] for text in pair])
    ]
    assert np.mean(np.array(own)[:, None] > np.array(none)[None]) > 0.75


def test_a_folder_without_one_that_can_be_used_has_none(tmp_path: Path) -> None:
    assert Reader.beside(tmp_path) is None
    shutil.copy(SHIPPED / FILE, tmp_path / FILE)
    assert Reader.beside(tmp_path) is not None
    (tmp_path / FILE).write_bytes((SHIPPED / FILE).read_bytes()[:500])
    assert Reader.beside(tmp_path) is None
    too_few: dict[str, Any] = {name: np.zeros((2, 2)) for name in WEIGHTS[1:]}
    np.savez(tmp_path / FILE, **too_few)
    assert Reader.beside(tmp_path) is None
