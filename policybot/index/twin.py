"""The static embedding in numpy: encodes a question without importing torch.

Reads the same files as `policybot.index.embedder` and gives the same vectors as
`SentenceTransformer.encode` up to the order of summation (below 1e-6, asserted in the tests).

A model folder holds ``config.json`` (settings, training record, checksums), ``vocabulary.txt`` (one
token a line), ``weights.npy`` (int8, units x dimension, memory-mapped) and ``scales.npy`` (float32,
units; row n of the embedding is ``weights[n] * scales[n]``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policybot.errors import ModelError
from policybot.index.vocabulary import Vocabulary

SHIPPED = Path(__file__).resolve().parent / "model"
KIND = "policybot-static"
FORMAT = 1


@dataclass(frozen=True)
class StaticModel:
    """A static embedding: `weights` int8 (units, d), `scales` float32 (units,)."""

    config: dict[str, Any]
    vocabulary: Vocabulary
    weights: NDArray[np.int8]
    scales: NDArray[np.float32]

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.weights.shape[1])

    @property
    def fingerprint(self) -> str:
        """Names the vectors this model gives; changes when any of its files changes."""
        return str(self.config["fingerprint"])

    def encode(self, text: str) -> NDArray[np.float32]:
        """The normalised vector of `text`, float32, shape (d,)."""
        rows = self.vocabulary.rows(text)
        mean = self.scales[rows] @ self.weights[rows].astype(np.float32)
        norm = float(np.sqrt(mean @ mean))
        unit: NDArray[np.float32] = mean / np.float32(max(norm, 1e-12))
        return unit

    def encode_many(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The normalised vectors of `texts`, float32, shape (n, d)."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for number, text in enumerate(texts):
            vectors[number] = self.encode(text)
        return vectors

    def dense(self) -> NDArray[np.float32]:
        """The embedding matrix as float32, shape (units, d)."""
        full: NDArray[np.float32] = self.weights.astype(np.float32) * self.scales[:, None]
        return full


def is_static_model(folder: Path) -> bool:
    """True when `folder` holds a model of this project (rather than a sentence-transformers one)."""
    return (folder / "vocabulary.txt").is_file() and (folder / "scales.npy").is_file()


def read_config(folder: Path) -> dict[str, Any]:
    """`config.json` of a static model.

    Raises:
        ModelError: missing, damaged or of another version.
    """
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        if config["kind"] != KIND or config["format"] != FORMAT or not config["fingerprint"]:
            raise ValueError("another kind or version of model")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(folder, error) from error
    return dict(config)


def load_static(folder: Path = SHIPPED) -> StaticModel:
    """Open a static model; the weights stay on disk until they are used.

    Raises:
        ModelError: a file is missing, damaged or does not fit the others.
    """
    config = read_config(folder)
    try:
        tokens = (folder / "vocabulary.txt").read_text("utf-8").split("\n")[:-1]
        vocabulary = Vocabulary(tokens, int(config["buckets"]))
        weights = np.asarray(np.load(folder / "weights.npy", mmap_mode="r", allow_pickle=False))
        scales = np.load(folder / "scales.npy", allow_pickle=False)
        if weights.dtype != np.int8 or weights.shape != (len(vocabulary), int(config["dimension"])):
            raise ValueError("weights do not fit the vocabulary")
        if scales.dtype != np.float32 or scales.shape != (len(vocabulary),):
            raise ValueError("scales do not fit the vocabulary")
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise _unusable(folder, error) from error
    return StaticModel(config, vocabulary, weights, scales)


def _unusable(folder: Path, error: Exception) -> ModelError:
    return ModelError(
        f"The embedding model in {folder} cannot be used ({error}).",
        "Reinstall policybot, or train a model with `policybot train --out DIR`.",
        what_zh=f"无法使用 {folder} 中的嵌入模型（{error}）。",
        hint_zh="请重新安装 policybot，或用 `policybot train --out DIR` 训练模型。",
    )
