"""Chroma beside exact search, locally and through a server."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from policybot.errors import IndexingError
from policybot.home import Home
from policybot.index.build import build_index
from policybot.index.chroma_store import ChromaStore
from policybot.index.maintain import verify_index
from policybot.index.open import EXACT_UP_TO, ensure_index, open_index
from tests.index.small import ITEMS, small_home, write_corpus

QUESTIONS = (
    "到2030年非化石能源消费比重达到多少",
    "新建公共机构建筑屋顶光伏覆盖率",
    "What is the target for wind and solar capacity?",
    "京都议定书何时生效",
    "海口的PM2.5浓度",
    "carbon sinks and forests",
)


@pytest.fixture(scope="module")
def real(indexed: Path) -> Home:
    """A home with the built-in corpus, embedded by sentence-transformers."""
    return Home(indexed)


def test_chroma_and_exact_search_give_the_same_ten(real: Home) -> None:
    exact = open_index(real)
    chroma = open_index(real)
    chroma.backend = "chroma"
    assert exact.backend == "exact"
    assert len(exact.passages) > 1000
    for question in QUESTIONS:
        vector = exact.encode_query(question)
        wanted, got = exact.nearest(vector, 10), chroma.nearest(vector, 10)
        assert np.allclose([c for _, c in wanted], [c for _, c in got], atol=1e-5)
        assert {r for r, c in wanted if c > wanted[-1][1] + 1e-5} <= {r for r, _ in got}
    chroma.close()


def test_the_whole_index_verifies(real: Home) -> None:
    report = verify_index(real)
    assert report.problems == ()
    assert report.ids > 1000


def test_the_backend_is_chosen_by_the_settings(tmp_path: Path) -> None:
    home = small_home(tmp_path, settings='[search]\nbackend = "chroma"\n')
    index = ensure_index(home)
    assert index.backend == "chroma"
    assert EXACT_UP_TO == 20_000
    rows = [row for row, _ in index.nearest(index.encode_query("屋顶光伏覆盖率"), 99)]
    assert sorted(rows) == list(range(len(index.passages)))
    assert index.passages[rows[0]].clause == "plan/一/（一）/4"
    index.close()


def test_more_vectors_than_one_batch_takes(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    vectors = random.normal(size=(6_000, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = [f"文件/第{n}条" for n in range(len(vectors))]
    with ChromaStore(tmp_path / "chroma") as store:
        steps: list[tuple[int, int]] = []
        store.write(ids, vectors, ids, lambda done, total: steps.append((done, total)))
        assert steps[-1] == (6_000, 6_000)
        assert store.count() == 6_000
        assert store.verify(ids[:500], vectors[:500]) == []
        assert store.verify(["nowhere"], vectors[:1]) == ["nowhere"]
        assert store.verify(ids[:1], -vectors[:1]) == ids[:1]


def test_a_store_without_its_collection_is_one_sentence(tmp_path: Path) -> None:
    with ChromaStore(tmp_path / "empty") as store, pytest.raises(IndexingError, match="cannot be used"):
        store.count()


def test_an_unreachable_server_is_one_sentence(tmp_path: Path) -> None:
    home = small_home(tmp_path, settings='[search]\nchroma_url = "http://127.0.0.1:9"\n')
    with pytest.raises(IndexingError, match=r"http://127\.0\.0\.1:9"):
        build_index(home)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = shutil.which("chroma", path=str(Path(sys.executable).parent)) or shutil.which("chroma")
    if command is None:
        pytest.skip("chromadb was installed without its command")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    process = subprocess.Popen(
        [command, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


def test_vectors_on_a_server(tmp_path: Path, server: str) -> None:
    home = small_home(tmp_path, settings=f'[search]\nbackend = "chroma"\nchroma_url = "{server}"\n')
    report = build_index(home)
    assert not (report.folder / "chroma").exists()
    assert verify_index(home).ok
    for number in range(3):
        write_corpus(home.corpus_root, [*ITEMS, f"第{number}版。增加内容。"])
        build_index(home)
    index = open_index(home)
    row, _ = index.nearest(index.encode_query("屋顶光伏覆盖率"), 1)[0]
    assert index.passages[row].clause == "plan/一/（一）/4"
    index.close()
    with ChromaStore(url=server) as store:
        assert len(store.collections()) == 2
