"""The vectors in Chroma: one collection per generation, written once, queried back, never changed.

Chroma is a cache of our own vector file here: two processes that write one local Chroma lose vectors
without an error, so it is only written into a new generation's folder, under the build lock.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from policybot.errors import IndexingError, PolicybotError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

Vectors = NDArray[np.float32]
Step = Callable[[int, int], None]

BATCH = 5_000  # the local client refuses more than 5,461 at once
NAME = "passages"
# Above chromadb's defaults (100, 100, 16): building stays well below a second per thousand passages, and
# the ten nearest are those of an exact search.
_HNSW = {"space": "cosine", "ef_construction": 128, "ef_search": 200, "max_neighbors": 24}


class ChromaStore:
    """A collection of passage vectors, local in a folder or on a Chroma server.

    Args:
        folder: where the local store lies; made when it does not exist.
        url: ``http://host:port`` of a Chroma server, used instead of the folder.
        name: collection name; on a server, one per generation.

    Raises:
        IndexingError: the store cannot be opened, or the server cannot be reached.
    """

    def __init__(self, folder: Path | None = None, *, url: str = "", name: str = NAME) -> None:
        self.name = name
        self._place = url or folder
        self._client = _connect(folder, url)

    def write(self, ids: Sequence[str], vectors: Vectors, clauses: Sequence[str], step: Step) -> None:
        """Put `vectors` (n, d) into a new collection, `step` called with (written, n)."""
        self.drop()  # left by a build that was killed
        configuration: Any = {"hnsw": _HNSW}
        with self._explained():
            collection = self._client.create_collection(
                self.name, configuration=configuration, embedding_function=None
            )
            for start in range(0, len(ids), BATCH):
                end = min(start + BATCH, len(ids))
                collection.add(
                    ids=list(ids[start:end]),
                    embeddings=vectors[start:end],
                    metadatas=[{"clause": clause} for clause in clauses[start:end]],
                )
                step(end, len(ids))

    def query(self, vectors: Vectors, k: int) -> list[list[tuple[str, float]]]:
        """For each of `vectors` (m, d) up to `k` (passage id, cosine similarity), best first."""
        if not len(vectors):
            return []
        with self._explained():
            found = self._collection().query(query_embeddings=vectors, n_results=k, include=["distances"])
        distances = found["distances"] or []
        return [
            [(i, 1.0 - d) for i, d in zip(row, far, strict=True)]
            for row, far in zip(found["ids"], distances, strict=True)
        ]

    def count(self) -> int:
        """How many vectors the collection holds."""
        with self._explained():
            return int(self._collection().count())

    def verify(
        self, ids: Sequence[str], vectors: Vectors, step: Step = lambda done, total: None
    ) -> list[str]:
        """Ids whose own vector does not find them: every id is queried back.

        An id counts as found when it, or a passage of the same vector, comes back at a cosine of 1
        (1e-3 allowed), and its stored vector equals ours.
        """
        lost: list[str] = []
        for start in range(0, len(ids), BATCH):
            end = min(start + BATCH, len(ids))
            wanted = list(ids[start:end])
            with self._explained():
                got = self._collection().get(ids=wanted, include=["embeddings"])
            same = _equal(wanted, vectors[start:end], got["ids"], got["embeddings"])
            hits = self.query(vectors[start:end], min(3, len(ids)))
            for identifier, near in zip(wanted, hits, strict=True):
                if identifier not in same or not near or near[0][1] < 1 - 1e-3:
                    lost.append(identifier)
            step(end, len(ids))
        return lost

    def drop(self) -> None:
        """Delete the collection (used on servers, where a generation is not a folder)."""
        with suppress(Exception):
            self._client.delete_collection(self.name)

    def collections(self) -> list[str]:
        """Names of all collections of the store."""
        with self._explained():
            return [collection.name for collection in self._client.list_collections()]

    def close(self) -> None:
        """Release the store's files, which chromadb otherwise keeps open for the next client."""
        with suppress(Exception):
            self._client.close()

    def __enter__(self) -> ChromaStore:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _collection(self) -> Any:
        return self._client.get_collection(self.name, embedding_function=None)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Errors of chromadb, which come from several layers, as one sentence."""
        try:
            yield
        except (PolicybotError, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # a panic in its Rust core is no Exception
            raise _unusable(self._place, error) from error


def _equal(wanted: Sequence[str], vectors: Vectors, got: Sequence[str], stored: Any) -> set[str]:
    """Ids of `wanted` whose vector in the store is the one of `vectors`."""
    place = {identifier: at for at, identifier in enumerate(got)}
    kept = [at for at, identifier in enumerate(wanted) if identifier in place]
    if stored is None or not kept:
        return set()
    theirs = np.asarray(stored, np.float32)[[place[wanted[at]] for at in kept]]
    equal = np.isclose(theirs, vectors[kept], atol=1e-5).all(axis=1)
    return {wanted[kept[at]] for at in np.flatnonzero(equal)}


def load_chromadb() -> Any:
    """The module, imported here first: that takes a second, which a caller may want to spend early."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    logging.getLogger("chromadb.telemetry").setLevel(logging.CRITICAL)
    import chromadb

    return chromadb


def _connect(folder: Path | None, url: str) -> ClientAPI:
    chromadb = load_chromadb()
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    try:
        if url:
            parts = urlsplit(url)
            remote: ClientAPI = chromadb.HttpClient(
                host=parts.hostname or "localhost",
                port=parts.port or (443 if parts.scheme == "https" else 8000),
                ssl=parts.scheme == "https",
                settings=settings,
            )
            return remote
        assert folder is not None
        local: ClientAPI = chromadb.PersistentClient(path=str(folder), settings=settings)
        return local
    except Exception as error:
        raise _unusable(url or folder, error) from error


def _unusable(place: Path | str | None, error: BaseException) -> IndexingError:
    reason = str(error).strip().split("\n")[0][:200]
    if any(word in reason.lower() for word in ("disk", "i/o", "space", "readonly", "read-only")):
        return IndexingError(
            f"Chroma cannot write to {place} ({reason}).",
            "Free some space on the disk or make the folder writable, and try again.",
            what_zh=f"Chroma 无法写入 {place}（{reason}）。",
            hint_zh="请释放磁盘空间或赋予文件夹写权限后重试。",
        )
    return IndexingError(
        f"The Chroma store {place} cannot be used ({reason}).",
        'Run `policybot index build`, or set search.backend to "exact" in policybot.toml.',
        what_zh=f"无法使用 Chroma 存储 {place}（{reason}）。",
        hint_zh='请运行 `policybot index build`，或在 policybot.toml 中把 search.backend 设为 "exact"。',
    )
