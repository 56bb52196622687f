"""Writes a trained encoder as the package reads it: ONNX with int8 weights, tokenizer, record, model card."""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policybot.index.encoder.card import encoder_card
from policybot.index.encoder.model import (
    CONFIG,
    FORMAT,
    JOINED,
    KIND,
    LONGEST,
    NETWORK,
    TOKENIZER,
    SentenceEncoder,
)
from policybot.index.encoder.student import Student, pooled
from policybot.index.training import replace_folder

OPSET = 17


def projection(vectors: NDArray[np.float32], dimension: int) -> NDArray[np.float32]:
    """The `dimension` directions in which vectors differ most, shape (d, dimension).

    Vectors are not centred, so that products of what is left are nearly those of the whole.
    """
    _, directions = np.linalg.eigh(vectors.T @ vectors)  # by growing variance
    return np.ascontiguousarray(directions[:, ::-1][:, :dimension], dtype=np.float32)


def write_encoder(
    out: Path, student: Student, directions: NDArray[np.float32], record: dict[str, Any]
) -> SentenceEncoder:
    """Write an encoder beside `out`, open it as a check, and move it there.

    Args:
        directions: what the vectors are projected on, see `projection`.
        record: how it was trained, for `config.json`.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".train-", dir=out.parent))
    try:
        units = student.tokenizer.to_str(pretty=False).encode()
        (temporary / TOKENIZER).write_bytes(gzip.compress(units, mtime=0))  # a sixth as large
        _export(student, directions, temporary / NETWORK)
        sums = {
            name: hashlib.sha256((temporary / name).read_bytes()).hexdigest() for name in (TOKENIZER, NETWORK)
        }
        config = {
            "kind": KIND,
            "format": FORMAT,
            "dimension": int(directions.shape[1]),
            "fingerprint": "pe-" + hashlib.sha256("".join(sums.values()).encode()).hexdigest()[:32],
            "sha256": sums,
            "training": record,
        }
        (temporary / CONFIG).write_text(json.dumps(config, ensure_ascii=False, indent=2) + "\n", "utf-8")
        (temporary / "MODEL.md").write_text(encoder_card(config), "utf-8")
        os.chmod(temporary, 0o755)
        SentenceEncoder(temporary).encode("test 测试")
        replace_folder(temporary, out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return SentenceEncoder(out)


def _export(student: Student, directions: NDArray[np.float32], path: Path) -> None:
    import torch

    class Whole(torch.nn.Module):  # type: ignore[misc]  # torch is not type-checked here
        """Units of one text → its vector, and the states of its units after `JOINED` layers."""

        def __init__(self) -> None:
            super().__init__()
            self.network = student.network.eval()
            self.directions = torch.nn.Parameter(torch.tensor(directions), requires_grad=False)

        def forward(self, ids: Any) -> Any:
            states = self.network(input_ids=ids, output_hidden_states=True).hidden_states
            vector = torch.nn.functional.normalize(states[-1].mean(1), dim=1) @ self.directions
            return torch.nn.functional.normalize(vector, dim=1)[0], states[JOINED][0]

    ids = torch.ones((1, 9), dtype=torch.long)
    write_network(Whole(), (ids,), ["ids"], ["vector", "states"], {"ids": {1: "units"}}, path)


def write_network(
    network: Any,
    example: tuple[Any, ...],
    inputs: list[str],
    outputs: list[str],
    lengths: dict[str, dict[int, str]],
    path: Path,
) -> None:
    """Write a torch network with int8 weights as onnxruntime loads it quickest.

    Args:
        example: something to put in, by the order of `inputs`.
        lengths: names for the directions of inputs that may be of any length.
    """
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole, small = path.with_name("whole.onnx"), path.with_name("small.onnx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, example, str(whole), input_names=inputs, output_names=outputs,
            dynamic_axes=lengths, dynamo=False, opset_version=OPSET,
        )  # fmt: skip
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        # Seven bits: with eight, sums overflow on processors without VNNI and vectors differ there.
        quantize_dynamic(
            str(whole), str(small), weight_type=QuantType.QInt8, reduce_range=True, per_channel=True
        )
        as_ort(small, path)
    finally:
        logging.disable(before)
        for made in (whole, small):
            made.unlink(missing_ok=True)


def as_ort(network: Path, path: Path) -> None:
    """Write an ONNX network as onnxruntime loads it quickest: optimised, for every processor."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.add_session_config_entry("session.save_model_format", "ORT")
    options.optimized_model_filepath = str(path)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(network), options, providers=["CPUExecutionProvider"])


def student_vectors(student: Student, texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of many texts before projection, shape (n, d)."""
    import torch

    with torch.no_grad():
        rows = [student.tokenizer.encode(text).ids[:LONGEST] for text in texts]
        vectors: NDArray[np.float32] = pooled(student.network, rows).numpy()
    return vectors
