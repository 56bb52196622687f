"""Vectors of new and changed passages: by sentence-transformers in a second process, in this one, or by its
numpy twin, whichever is there and takes least time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from policybot.errors import IndexingError
from policybot.index.beside import BATCH, Beside
from policybot.index.models import ModelSource
from policybot.index.progress import Progress, notice, step
from policybot.index.twin import load_static

Vectors = NDArray[np.float32]

# A handful of changed passages is encoded by the numpy twin, which gives the same vectors as
# sentence-transformers without seconds of imports.
TWIN_UP_TO = 256
_SAMPLE = 64  # passages on which the twin is compared with sentence-transformers
_TOLERANCE = 1e-5


class Encoding:
    """The encoding of texts, begun on entering; in a second process where there are many of them."""

    def __init__(self, texts: Sequence[str], source: ModelSource) -> None:
        self.texts, self._source = list(texts), source
        self._beside: Beside | None = None

    def __enter__(self) -> Encoding:
        source = self._source
        if source.kind == "static" and len(self.texts) > TWIN_UP_TO and Beside.possible():
            self._beside = Beside(load_static(source.folder), source.folder, self.texts)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._beside is not None:
            self._beside.close()

    def vectors(self, progress: Progress) -> Vectors:
        """The vectors (n, d), waited for.

        Raises:
            IndexingError: the model gives vectors that cannot be used.
            ModelError: it cannot be loaded.
        """
        if self._source.kind == "static" and len(self.texts) <= TWIN_UP_TO:
            return load_static(self._source.folder).encode_many(self.texts)
        try:
            vectors = self._received(progress)
        except ChildProcessError:
            vectors = None
        if vectors is None:
            vectors = self._here(progress)
        self._check(vectors)
        return vectors

    def _received(self, progress: Progress) -> Vectors | None:
        """Vectors of the second process, None where none was started."""
        return None if self._beside is None else self._joined(self._beside.batches(), progress)

    def _here(self, progress: Progress) -> Vectors:
        try:
            import sentence_transformers  # noqa: F401
        except ImportError:
            if self._source.kind != "static":
                raise
            progress(
                notice(
                    "sentence-transformers is not installed; the built-in model runs in numpy instead.",
                    "未安装 sentence-transformers，内置模型改由 numpy 运行。",
                )
            )
            return load_static(self._source.folder).encode_many(self.texts)
        from policybot.index.embedder import embedder_of

        embedder = embedder_of(self._source)
        starts = range(0, len(self.texts), BATCH)
        parts = (embedder.encode_documents(self.texts[start : start + BATCH]) for start in starts)
        return self._joined(parts, progress)

    def _joined(self, parts: Iterator[Vectors], progress: Progress) -> Vectors:
        made, total = [], len(self.texts)
        for n, part in enumerate(parts, 1):
            made.append(part)
            progress(step("embed", min(n * BATCH, total), total))
        return np.concatenate(made)

    def _check(self, vectors: Vectors) -> None:
        if not np.isfinite(vectors).all():
            raise _wrong_vectors("some are not numbers", "含有非数值")
        if self._source.kind == "static":
            twin = load_static(self._source.folder).encode_many(self.texts[:_SAMPLE])
            if float(np.abs(twin - vectors[:_SAMPLE]).max()) > _TOLERANCE:
                raise _wrong_vectors(
                    "numpy and sentence-transformers disagree", "numpy 与 sentence-transformers 不一致"
                )


def _wrong_vectors(why: str, why_zh: str) -> IndexingError:
    return IndexingError(
        f"The embedding model gave unusable vectors: {why}.",
        "Reinstall policybot or choose another model in [embedder] of policybot.toml.",
        what_zh=f"嵌入模型给出的向量不可用：{why_zh}。",
        hint_zh="请重新安装 policybot，或在 policybot.toml 的 [embedder] 中更换模型。",
    )
