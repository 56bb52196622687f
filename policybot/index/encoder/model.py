"""The encoder that ships with the package, run by onnxruntime: no torch, no transformers.

A folder holds ``config.json`` (kind, dimension, checksums, training record), ``tokenizer.json.gz`` (of the
tokenizers library) and ``encoder.ort`` (the form of ONNX that onnxruntime loads quickest; int8 weights; input
``ids`` (1, n) int64, outputs ``vector`` (d,) and ``states`` (n, 384), see `SentenceEncoder.read`).
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policybot.errors import ModelError

Vectors = NDArray[np.float32]

SHIPPED = Path(__file__).resolve().parent / "weights"
KIND = "policybot-encoder"
FORMAT = 2
CONFIG, TOKENIZER, NETWORK = "config.json", "tokenizer.json.gz", "encoder.ort"
LONGEST = 96  # units of a text that are read
JOINED = 4  # layers after which a cross-encoder reads a question and a text together


class SentenceEncoder:
    """Turns texts into unit vectors, float32, shape (n, `dimension`). Safe to share between threads.

    The network and its library are loaded when the first text is encoded.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        """Opens a folder.

        Raises:
            ModelError: it holds no encoder of this version.
        """
        self.folder = folder
        self.config = read_config(folder)
        self._preparing: Thread | None = None

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.config["dimension"])

    @property
    def fingerprint(self) -> str:
        """Names the vectors this encoder gives; changes when any of its files changes."""
        return str(self.config["fingerprint"])

    def encode(self, text: str) -> Vectors:
        """The vector of one text, shape (d,).

        Raises:
            ModelError: a file is missing or damaged.
        """
        return self.read(text)[0]

    def read(self, text: str) -> tuple[Vectors, Vectors]:
        """The vector of one text, (d,), and the states of its n units after `JOINED` layers, (n, 384).

        Raises:
            ModelError: a file is missing or damaged.
        """
        tokenizer, session = self._loaded
        # One text at a time: int8 activations are scaled by call, so that a text's vector would depend on
        # those beside it.
        ids = np.array([tokenizer.encode(text).ids[:LONGEST]], dtype=np.int64)
        vector, states = session.run(None, {"ids": ids})
        return vector, states

    def encode_many(self, texts: Sequence[str]) -> Vectors:
        """The vectors of many texts, shape (n, d), on as many cores as there are."""
        from concurrent.futures import ThreadPoolExecutor

        if not texts:
            return np.empty((0, self.dimension), np.float32)
        self._loaded  # noqa: B018  (loaded once, before the threads)
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return np.stack(list(pool.map(self.encode, texts)))

    def prepare(self) -> None:
        """Begin to load network and library in the background; `encode` waits for it."""
        if self._preparing is None:
            # Not a daemon: a process that ends while native code is loading would crash.
            self._preparing = Thread(target=self._prepared)
            self._preparing.start()

    def _prepared(self) -> None:
        with suppress(ModelError):  # `encode` finds the same, and tells the user
            self.__dict__["_loaded"] = self._load()

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        if self._preparing is not None:
            self._preparing.join()
        return self.__dict__.get("_loaded") or self._load()

    def _load(self) -> tuple[Any, Any]:
        try:
            import onnxruntime

            tokenizer = read_tokenizer(self.folder)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.log_severity_level = 3
            session = onnxruntime.InferenceSession(
                str(self.folder / NETWORK), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both libraries raise bare exceptions for a damaged file
            raise _unusable(self.folder, str(error).split("\n")[0][:200]) from error
        return tokenizer, session


def read_tokenizer(folder: Path) -> Any:
    """The tokenizer in an encoder's folder. The library raises bare exceptions for a damaged one."""
    from tokenizers import Tokenizer

    return Tokenizer.from_str(gzip.decompress((folder / TOKENIZER).read_bytes()).decode())


def read_config(folder: Path) -> dict[str, Any]:
    """`config.json` of an encoder.

    Raises:
        ModelError: missing, damaged or of another version.
    """
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
        if config["kind"] != KIND or config["format"] != FORMAT or not config["fingerprint"]:
            raise ValueError("another kind or version of model")
        int(config["dimension"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(folder, error) from error
    return dict(config)


def _unusable(folder: Path, reason: object) -> ModelError:
    return ModelError(
        f"The sentence encoder in {folder} cannot be used ({reason}).",
        "Reinstall policybot, or train one with `policybot train --part encoder`.",
        what_zh=f"无法使用 {folder} 中的句子编码器（{reason}）。",
        hint_zh="请重新安装 policybot，或用 `policybot train --part encoder` 训练。",
    )
