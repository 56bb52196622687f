"""Writes a trained encoder as the package reads it: ONNX with int8 weights, tokenizer, record, model card."""

from __future__ import annotations

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
from policybot.index.encoder.model import CONFIG, FORMAT, KIND, LONGEST, NETWORK, TOKENIZER, SentenceEncoder
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
        student.tokenizer.save(str(temporary / TOKENIZER), pretty=False)
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
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Whole(torch.nn.Module):  # type: ignore[misc]  # torch is not type-checked here
        """Units of one text → its vector."""

        def __init__(self) -> None:
            super().__init__()
            self.network = student.network.eval()
            self.directions = torch.nn.Parameter(torch.tensor(directions), requires_grad=False)

        def forward(self, ids: Any) -> Any:
            states = self.network(input_ids=ids).last_hidden_state
            vector = torch.nn.functional.normalize(states.mean(1), dim=1) @ self.directions
            return torch.nn.functional.normalize(vector, dim=1)[0]

    whole, small = path.with_name("whole.onnx"), path.with_name("small.onnx")
    ids = torch.ones((1, 9), dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Whole(), (ids,), str(whole), input_names=["ids"], output_names=["vector"],
            dynamic_axes={"ids": {1: "units"}}, dynamo=False, opset_version=OPSET,
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
