"""The shipped sentence encoder: its vectors, what it knows, and damaged files."""

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

from policybot.errors import ModelError
from policybot.index.encoder.model import CONFIG, NETWORK, SHIPPED, TOKENIZER, SentenceEncoder

# Of no document here, and of no training sentence.
PAIRS = [
    ("邻居家的狗整夜叫，我能投诉吗？", "Can I complain about the neighbour's dog barking all night?"),
    ("游泳池几点关门？", "When does the swimming pool close?"),
    ("孩子发烧了要不要去医院？", "Should I take my feverish child to hospital?"),
    ("买二手车要交哪些税？", "Which taxes are due when buying a used car?"),
    ("这座桥是谁修的？", "Who built this bridge?"),
    ("冬天水管冻住了怎么办？", "What should I do if the water pipes freeze in winter?"),
    ("图书馆的书逾期一天罚多少钱？", "How much is the fine for returning a library book a day late?"),
    ("工厂把废水排进河里会受什么处罚？", "What penalty is there for a factory that discharges waste water into a river?"),
    ("老师需要什么资格证书？", "What certificate does a teacher need?"),
    ("地铁里可以吃东西吗？", "Is eating allowed on the underground?"),
]  # fmt: skip


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


def test_vectors_have_length_one_and_do_not_depend_on_company(encoder: SentenceEncoder) -> None:
    texts = [text for pair in PAIRS for text in pair]
    together = encoder.encode_many(texts)
    assert together.shape == (len(texts), encoder.dimension) and together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, vector in zip(texts, together, strict=True):
        assert np.array_equal(encoder.encode(text), vector)
    assert encoder.encode_many([]).shape == (0, encoder.dimension)


def test_a_question_is_nearest_to_its_translation(encoder: SentenceEncoder) -> None:
    chinese = encoder.encode_many([zh for zh, _ in PAIRS])
    english = encoder.encode_many([en for _, en in PAIRS])
    cosines = chinese @ english.T
    assert (cosines.argmax(axis=1) == np.arange(len(PAIRS))).mean() >= 0.7
    assert (cosines.argmax(axis=0) == np.arange(len(PAIRS))).mean() >= 0.7


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_has_a_finite_vector(text: str) -> None:
    encoder = SHARED
    vector = encoder.encode(text)
    assert vector.shape == (encoder.dimension,) and np.isfinite(vector).all()


SHARED = SentenceEncoder()


def test_the_files_are_those_of_the_record(encoder: SentenceEncoder) -> None:
    for name, digest in encoder.config["sha256"].items():
        assert hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest() == digest
    assert sum((SHIPPED / name).stat().st_size for name in (TOKENIZER, NETWORK)) < 30e6
    card = (SHIPPED / "MODEL.md").read_text("utf-8")
    assert encoder.fingerprint in card and "Apache-2.0" in card


def test_encoding_imports_neither_torch_nor_transformers() -> None:
    code = (
        "import sys; from policybot.index.encoder.model import SentenceEncoder; "
        "assert 'onnxruntime' not in sys.modules; SentenceEncoder().encode('测试'); "
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_damaged_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be used"):
        SentenceEncoder(tmp_path)
    folder = tmp_path / "copy"
    shutil.copytree(SHIPPED, folder)
    (folder / NETWORK).write_bytes(b"not a network")
    with pytest.raises(ModelError, match="cannot be used"):
        SentenceEncoder(folder).encode("text")
    config = json.loads((folder / CONFIG).read_text("utf-8"))
    (folder / CONFIG).write_text(json.dumps({**config, "format": 99}), "utf-8")
    with pytest.raises(ModelError) as caught:
        SentenceEncoder(folder)
    assert "policybot train --part encoder" in caught.value.hint
