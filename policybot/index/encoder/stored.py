"""Reads a written encoder back for training: its int8 network as floating-point weights."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policybot.errors import ModelError
from policybot.index.encoder.model import NETWORK, read_config, read_tokenizer
from policybot.index.encoder.student import Student, bare_network

Weights = dict[str, NDArray[np.float32]]
# The operations that multiply with a stored matrix, and where each has the matrix, its scale and the bias.
_PRODUCTS = {"DynamicQuantizeMatMul": (1, 2, 4), "MatMulIntegerToFloat": (1, 3, 6)}
_OWN = "network."  # what the exported module calls the transformer, see `export`


def stored_student(folder: Path) -> Student:
    """The encoder in `folder` before its projection, up to the rounding of its weights.

    Raises:
        ModelError: there is none, it is damaged, or it has other layers than all-MiniLM-L6-v2.
    """
    import torch

    training = read_config(folder)["training"]
    try:
        weights = read_weights(folder / NETWORK)
        network = bare_network(len(weights["embeddings.word_embeddings.weight"]))
        state = {name: torch.from_numpy(value) for name, value in weights.items()}
        missing, unknown = network.load_state_dict(state, strict=False)
        if unknown or any(not name.startswith("pooler.") for name in missing):
            raise ValueError(f"other layers: {[*unknown, *missing][:3]}")
        return Student(network, read_tokenizer(folder), int(training["latin_units"]))
    except Exception as error:  # the libraries raise bare exceptions for a damaged file
        if isinstance(error, ModelError):
            raise
        reason = str(error).split("\n")[0][:200]
        raise ModelError(
            f"Training cannot go on from the encoder in {folder} ({reason}).",
            "Name a folder that `policybot train --part encoder` wrote.",
            what_zh=f"无法从 {folder} 中的句子编码器继续训练（{reason}）。",
            hint_zh="请指定由 `policybot train --part encoder` 生成的文件夹。",
        ) from error


def read_weights(path: Path) -> Weights:
    """The transformer's weights in an `encoder.ort`, by their names in torch, matrices as torch keeps them.

    Raises:
        ValueError: a matrix has no name.
    """
    import onnx
    from onnx.numpy_helper import to_array

    with tempfile.TemporaryDirectory() as place:
        graph = onnx.load(_as_onnx(path, Path(place) / "network.onnx")).graph
    stored = {one.name: to_array(one) for one in graph.initializer}
    weights: Weights = {}
    for name, value in stored.items():
        plain = name.removesuffix("_quantized")
        if not name.startswith(_OWN):
            continue
        if name == plain and value.dtype == np.float32 and not name.endswith("_scale"):
            weights[name.removeprefix(_OWN)] = value.copy()
        elif name != plain:
            zero = stored[f"{plain}_zero_point"].astype(np.float32)
            weights[plain.removeprefix(_OWN)] = (value - zero) * stored[f"{plain}_scale"]
    for node in graph.node:
        if node.op_type not in _PRODUCTS:
            continue
        matrix, scale, bias = (
            node.input[at] if at < len(node.input) else "" for at in _PRODUCTS[node.op_type]
        )
        if bias.startswith(_OWN):  # the projection has none, and is made anew after training
            # Zero points of matrices are 0: `export` rounds symmetrically.
            product = stored[matrix].astype(np.float32) * stored[scale]
            name = bias.removeprefix(_OWN).removesuffix("bias") + "weight"
            weights[name] = np.ascontiguousarray(product.T)
    return weights


def _as_onnx(path: Path, made: Path) -> Path:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.add_session_config_entry("session.save_model_format", "ONNX")
    options.optimized_model_filepath = str(made)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return made
