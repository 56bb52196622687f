"""Opens an index for questions: everything a search needs, in well under a tenth of a second.

`open_index` opens what is there; `ensure_index` builds first when there is no index or it is out of
date, and falls back on the last good one when it cannot.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from policybot.corpus.model import Corpus
from policybot.corpus.serialize import loads
from policybot.errors import CorpusError, IndexingError, PolicybotError
from policybot.home import EmbedderConfig, Home
from policybot.index.build import (
    CORPUS,
    PASSAGES,
    VECTORS,
    build_index,
    open_chroma,
    stale_reason,
)
from policybot.index.chroma_store import ChromaStore
from policybot.index.embedder import Embedder, embedder_of
from policybot.index.encoder.meaning import FILE as MEANING
from policybot.index.encoder.meaning import Meaning
from policybot.index.encoder.model import SentenceEncoder
from policybot.index.generations import Manifest, Store, UnwritableIndex, check_files, damaged, no_index
from policybot.index.models import ModelSource, find_model
from policybot.index.passages import Passage
from policybot.index.postings import Postings, load_postings
from policybot.index.progress import Event, Progress, notice, silent
from policybot.index.twin import StaticModel, load_static

Vector = NDArray[np.float32]

EXACT_UP_TO = 20_000
"""Passages up to which "auto" searches vectors exactly in numpy (about 3 ms there); Chroma beyond."""


@dataclass
class Index:
    """An open generation.

    Attributes:
        corpus: documents, clauses and tables as they were when the index was built.
        passages: what is searched; row n of `vectors` and of `postings` is passage n.
        vectors: float32, shape (n, d), rows of length one, read from disk as they are used.
        postings: BM25 weights.
        source: the model that made the vectors.
        backend: where `nearest` looks: "exact" or "chroma".
        warnings: (English, Chinese) sentences a user should see, e.g. that this is not the newest index.
    """

    folder: Path
    manifest: Manifest
    corpus: Corpus
    passages: list[Passage]
    vectors: Vector
    postings: Postings
    source: ModelSource
    backend: Literal["exact", "chroma"] = "exact"
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def encode_query(self, text: str) -> Vector:
        """The vector of a question, float32, shape (d,).

        Raises:
            ModelError: a configured model cannot be loaded.
        """
        if self._twin is not None:
            return self._twin.encode(text)
        vector: Vector = self._embedder.encode_queries([text])[0]
        return vector

    @cached_property
    def encoder(self) -> SentenceEncoder:
        """What `meaning` was made with."""
        return SentenceEncoder()

    @cached_property
    def meaning(self) -> Meaning:
        """What the clauses mean, read when it is first asked for.

        Raises:
            IndexingError: its file is missing or damaged.
        """
        try:
            return Meaning.load(self.folder / MEANING)
        except (OSError, ValueError, KeyError) as error:
            raise damaged(self.folder, str(error)) from error

    def similarities(self, vector: Vector) -> Vector:
        """Cosine of every passage with `vector`, shape (n,); always exact."""
        cosines: Vector = self.vectors @ vector
        return cosines

    def nearest(self, vector: Vector, k: int) -> list[tuple[int, float]]:
        """The `k` passages nearest to `vector` as (row, cosine), best first, from the backend."""
        k = min(k, len(self.passages))
        if k < 1:
            return []
        if self.backend == "chroma":
            hits = self._chroma.query(vector[None], k)[0]
            return [(self._rows[identifier], cosine) for identifier, cosine in hits]
        cosines = self.similarities(vector)
        best = np.argpartition(-cosines, k - 1)[:k]
        best = best[np.lexsort((best, -cosines[best]))]
        return [(int(row), float(cosines[row])) for row in best]

    def close(self) -> None:
        """Release the Chroma client, if one was opened."""
        chroma = self.__dict__.pop("_chroma", None)
        if chroma is not None:
            chroma.close()

    @cached_property
    def _twin(self) -> StaticModel | None:
        return load_static(self.source.folder) if self.source.kind == "static" else None

    @cached_property
    def _embedder(self) -> Embedder:
        return embedder_of(self.source)

    @cached_property
    def _chroma(self) -> ChromaStore:
        return open_chroma(self.folder, self.manifest)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {passage.id: row for row, passage in enumerate(self.passages)}


def open_index(home: Home, store: Store | None = None) -> Index:
    """Open the generation in use, out of date or not; builds nothing.

    Raises:
        IndexingError: there is none, it is damaged, or its vectors come from another model than
            the one that is configured and available.
        ModelError: the configured model is not on this machine.
    """
    store = store or Store(home.index_store)
    name = store.current()
    if name is None:
        raise no_index(store.root)
    return _open(home, store, name, find_model(home.config.embedder, home.root))


def ensure_index(home: Home, progress: Progress = silent, *, asking: bool = False) -> Index:
    """Open an up-to-date index, building it first when needed.

    Args:
        asking: questions will be asked of it, so that the encoder is loaded beside the rest.

    When it cannot be built (folder read-only or full, a source changed or missing), the last good
    index is opened instead and says so in `warnings`. Without one, an unwritable folder leads to an
    index in the user's cache folder or, failing that, in a temporary one.

    Raises:
        PolicybotError: there is no usable index and none can be built; says why.
    """
    if asking:
        encoder = SentenceEncoder()
        encoder.prepare()
        index = ensure_index(home, progress)
        index.encoder = encoder
        return index
    source = find_model(home.config.embedder, home.root)
    store = Store(home.index_store)
    try:
        return _fresh(home, store, source, progress)
    except (IndexingError, CorpusError) as error:
        last = _last_good(home, store, source)
        if last is not None:
            last.warnings.append(
                (
                    f"{error.sentence('en')} The last good index is used ({last.manifest.created}).",
                    f"{error.sentence('zh')}现使用上一个完好的索引（{last.manifest.created}）。",
                )
            )
            return last
        if not isinstance(error, UnwritableIndex):
            raise
        return _elsewhere(home, source, progress, error)


def _fresh(home: Home, store: Store, source: ModelSource, progress: Progress) -> Index:
    name = store.current()
    why = notice("Building the index (first use).", "正在构建索引（首次使用）。")
    if name is not None:
        try:
            reason = stale_reason(store.manifest(name), home, source)
            if reason is None:
                return _open(home, store, name, source)
        except IndexingError as error:
            reason = (error.what.rstrip("."), error.what_zh.rstrip("。"))
        why = notice(f"{reason[0]}; building it again.", f"{reason[1]}，正在重新构建索引。")
    # Not forced: the build compares checksums too, and may reuse vectors of an intact generation.
    build_index(home, _announced(why, progress), store=store)
    current = store.current()
    if current is None:
        raise damaged(store.root, "CURRENT")
    return _open(home, store, current, source)


def _announced(why: Event, progress: Progress) -> Progress:
    """`progress` with `why` said first, once a build really starts (it may fail to get the lock)."""
    said = False

    def report(event: Event) -> None:
        nonlocal said
        if not said:
            progress(why)
            said = True
        progress(event)

    return report


def _open(home: Home, store: Store, name: str, source: ModelSource) -> Index:
    """Open one generation, every file checked against the manifest.

    Raises:
        IndexingError: it is damaged, or its vectors come from another model than `source`.
    """
    folder = store.folder(name)
    manifest = store.manifest(name)
    wrong = check_files(folder, manifest)
    if wrong:
        raise damaged(folder, wrong[0])
    if manifest.embedder.get("fingerprint") != source.fingerprint:
        raise IndexingError(
            f"The index {folder} was built with another embedding model.",
            "Run `policybot index build`.",
            what_zh=f"索引 {folder} 由另一个嵌入模型构建。",
            hint_zh="请运行 `policybot index build`。",
        )
    try:
        corpus = loads((folder / CORPUS).read_bytes())
        passages = [Passage(*row) for row in json.loads((folder / PASSAGES).read_bytes())]
        vectors = np.asarray(np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False))
        if vectors.ndim != 2 or len(vectors) != len(passages):
            raise ValueError("vectors do not fit the passages")
        postings = load_postings(folder, len(passages))
    except (OSError, ValueError, TypeError, EOFError) as error:
        raise damaged(folder, str(error)) from error
    return Index(folder, manifest, corpus, passages, vectors, postings, source, _backend(home, len(passages)))


def _backend(home: Home, count: int) -> Literal["exact", "chroma"]:
    wanted = home.config.search.backend
    if wanted == "chroma" or (wanted == "auto" and count > EXACT_UP_TO):
        return "chroma"
    return "exact"


def _last_good(home: Home, store: Store, source: ModelSource) -> Index | None:
    """The newest generation that still opens, with the model it was built with."""
    current = store.current()
    names = ([current] if current else []) + [n for n in store.generations() if n != current]
    for name in names:
        try:
            recorded = store.manifest(name).embedder
            if recorded.get("fingerprint") != source.fingerprint:
                fields = ("model", "query_prompt", "document_prompt")
                settings = EmbedderConfig(*(recorded.get(field, "") for field in fields))
                return _open(home, store, name, find_model(settings, home.root))
            return _open(home, store, name, source)
        except PolicybotError:
            continue
    return None


def _elsewhere(home: Home, source: ModelSource, progress: Progress, error: UnwritableIndex) -> Index:
    """An index outside an unwritable home: in the user's cache folder, else in a temporary one."""
    key = hashlib.sha256(str(home.index_store).encode()).hexdigest()[:16]
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    for cached in (True, False):
        try:
            place = Path(cache) / "policybot" / key if cached else Path(tempfile.mkdtemp(prefix="policybot-"))
            store = Store(place)
            index = _fresh(home, store, source, progress)
        except (UnwritableIndex, OSError):
            continue
        index.warnings.append(
            (
                f"{error.what} The index is kept in {store.root} instead.",
                f"{error.what_zh}索引改存于 {store.root}。",
            )
        )
        return index
    raise error
