"""Text to vectors with sentence-transformers: the model of this project or any other on the machine.

Importing sentence-transformers takes seconds and half a gigabyte, so it happens in `load_embedder`
only: when an index is built, or when a question needs a model that is not this project's own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from policybot.errors import ModelError
from policybot.home import EmbedderConfig
from policybot.index.models import ModelSource, find_model
from policybot.index.twin import StaticModel, load_static

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors: float32, shape (n, `dimension`)."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode_documents(self, texts: Sequence[str]) -> Vectors: ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors: ...


class StaticEmbedder:
    """A static embedding of this project, run by sentence-transformers."""

    def __init__(self, static: StaticModel) -> None:
        self.static = static
        self.model = sentence_transformer(static)

    @property
    def fingerprint(self) -> str:
        return self.static.fingerprint

    @property
    def dimension(self) -> int:
        return self.static.dimension

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return self.encode_split([self.static.vocabulary.split(text) for text in texts])

    def encode_split(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that went through `Vocabulary.split`."""
        return _encode(self.model.encode, texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self.encode_documents(texts)


class TransformerEmbedder:
    """Any other sentence-transformers model, with the prompts of the settings or else its own."""

    def __init__(self, source: ModelSource) -> None:
        self.source = source
        self.model = _open(source)
        self._dimension = int(_encode(self.model.encode, ["a"]).shape[1])

    @property
    def fingerprint(self) -> str:
        return self.source.fingerprint

    @property
    def dimension(self) -> int:
        return self._dimension

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self.model.encode_document, self.source.document_prompt)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self.model.encode_query, self.source.query_prompt)

    def _encode(self, texts: Sequence[str], own: Callable[..., Any], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return _encode(self.model.encode, texts, prompt) if prompt else _encode(own, texts)


def load_embedder(config: EmbedderConfig | None = None, root: Path | None = None) -> Embedder:
    """The embedder that the settings name (default: the model shipped with the package).

    Args:
        config: `[embedder]` of policybot.toml.
        root: folder that relative model paths start from.

    Raises:
        ModelError: the model is not on this machine (found out at once, nothing is downloaded) or
            cannot be loaded.
    """
    return embedder_of(find_model(config, root))


def embedder_of(source: ModelSource) -> Embedder:
    """The embedder for a model that was found.

    Raises:
        ModelError: it cannot be loaded.
    """
    if source.kind == "static":
        return StaticEmbedder(load_static(source.folder))
    return TransformerEmbedder(source)


def sentence_transformer(static: StaticModel) -> SentenceTransformer:
    """`static` as a SentenceTransformer of standard modules.

    Its tokenizer splits at white space: give it texts that went through `Vocabulary.split`.
    """
    _quiet()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit

    names = static.vocabulary.names
    tokenizer = Tokenizer(WordLevel({name: row for row, name in enumerate(names)}, unk_token="[EMPTY]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    modules = [StaticEmbedding(tokenizer, embedding_weights=static.dense()), Normalize()]
    return SentenceTransformer(modules=modules, device="cpu")


def _open(source: ModelSource) -> SentenceTransformer:
    _quiet()
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        return SentenceTransformer(str(source.folder), local_files_only=True)
    except Exception as error:  # whatever a third-party model's files raise, the user gets one sentence
        reason = str(error).strip().split("\n")[0][:200]
        raise ModelError(
            f'The embedding model "{source.name}" cannot be loaded ({reason}).',
            "Use a sentence-transformers model of standard modules; code inside a model is never run.",
            what_zh=f"无法加载嵌入模型“{source.name}”（{reason}）。",
            hint_zh="请使用由标准模块组成的 sentence-transformers 模型；模型自带的代码一律不执行。",
        ) from error


def _encode(encode: Callable[..., Any], texts: Sequence[str], prompt: str | None = None) -> Vectors:
    """`texts` through an encode function of a SentenceTransformer; `prompt` None keeps the model's own."""
    import torch

    threads = torch.get_num_threads()
    # More threads than free cores make a small batch many times slower.
    torch.set_num_threads(max(1, min(threads, (os.cpu_count() or 2) // 2)))
    settings: dict[str, Any] = {} if prompt is None else {"prompt": prompt}
    try:
        vectors = encode(
            list(texts), batch_size=64, normalize_embeddings=True, show_progress_bar=False, **settings
        )
    finally:
        torch.set_num_threads(threads)
    return np.ascontiguousarray(vectors, dtype=np.float32)


def _quiet() -> None:
    """No progress bars of other libraries: set before they are imported."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
