"""The numpy twin of the shipped model, and the model itself."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.errors import ModelError
from policybot.index.embedder import StaticEmbedder
from policybot.index.passages import make_passages
from policybot.index.twin import SHIPPED, StaticModel, load_static
from policybot.index.vocabulary import EMPTY

TOLERANCE = 1e-6


@pytest.fixture(scope="module")
def twin() -> StaticModel:
    return load_static()


@pytest.fixture(scope="module")
def embedder(twin: StaticModel) -> StaticEmbedder:
    return StaticEmbedder(twin)


def test_same_vectors_as_sentence_transformers_on_the_corpus(embedder: StaticEmbedder) -> None:
    texts = [p.text for p in make_passages(load_corpus())[::7]]
    assert len(texts) > 100
    assert np.abs(embedder.encode_documents(texts) - embedder.static.encode_many(texts)).max() <= TOLERANCE


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=80))
def test_same_vectors_as_sentence_transformers_on_any_text(embedder: StaticEmbedder, text: str) -> None:
    vectors = embedder.encode_queries([text, "碳达峰 " + text])
    assert np.isfinite(vectors).all()
    assert np.abs(vectors - embedder.static.encode_many([text, "碳达峰 " + text])).max() <= TOLERANCE
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_tokenizer_of_sentence_transformers_gives_our_rows(embedder: StaticEmbedder) -> None:
    text = "到2030年，zxqvw 龘龘 carbon peaks !!!"
    vocabulary = embedder.static.vocabulary
    assert embedder.model[0].tokenizer.encode(vocabulary.split(text)).ids == vocabulary.rows(text)


def test_unknown_words_get_vectors_of_their_own(twin: StaticModel) -> None:
    one, same, other = twin.encode_many(["zxqvwk blorptang", "blorptang zxqvwk", "frumiousq snarklet"])
    assert np.allclose(one, same, atol=1e-6)
    assert abs(float(one @ other)) < 0.5


def test_text_without_words_has_the_empty_unit(twin: StaticModel) -> None:
    assert twin.vocabulary.split("！！") == EMPTY
    assert np.isfinite(twin.encode("")).all()


def test_inflected_english_words_fall_back_on_their_base(twin: StaticModel) -> None:
    known = twin.vocabulary
    assert "emission" in known.tokens
    assert known.rows("emissions") == known.rows("emission")


def test_shipped_files_are_those_of_the_checksums_and_small() -> None:
    config = json.loads((SHIPPED / "config.json").read_text("utf-8"))
    for name, digest in config["sha256"].items():
        assert hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest() == digest
    assert sum(f.stat().st_size for f in SHIPPED.iterdir()) <= 12_000_000
    assert config["fingerprint"] in (SHIPPED / "MODEL.md").read_text("utf-8")


def test_encoding_a_question_imports_nothing_heavy() -> None:
    code = (
        "import sys; from policybot.index.twin import load_static; load_static().encode('碳达峰');"
        "print(sorted({'torch','transformers','sentence_transformers','chromadb','pandas','scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["config.json", "vocabulary.txt", "weights.npy", "scales.npy"])
def test_a_broken_model_is_one_sentence(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelError) as caught:
        load_static(folder)
    assert str(folder) in caught.value.what
    assert "policybot train" in caught.value.hint
