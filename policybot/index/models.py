"""Which embedding model the settings name, and whether it is on this machine. Imports nothing heavy."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from policybot.errors import ModelError
from policybot.home import EmbedderConfig
from policybot.index.twin import SHIPPED, is_static_model, read_config

_EDGE = 1 << 16  # bytes hashed at both ends of a large file


@dataclass(frozen=True)
class ModelSource:
    """A model found on this machine.

    `kind` is "static" for a model of this project, "transformer" for any other sentence-transformers
    model. `fingerprint` names the vectors it gives: equal fingerprints, equal vectors.
    """

    kind: Literal["static", "transformer"]
    name: str
    folder: Path
    query_prompt: str
    document_prompt: str
    fingerprint: str


def find_model(config: EmbedderConfig | None = None, root: Path | None = None) -> ModelSource:
    """The model that `config` names: "" is the shipped one; a folder (relative ones are looked for
    under `root`, then in the working directory) or a name in the local Hugging Face cache otherwise.

    Raises:
        ModelError: it is not on this machine; nothing is downloaded.
    """
    config = config or EmbedderConfig()
    if not config.model:
        if config.query_prompt or config.document_prompt:
            raise ModelError(
                "embedder.query_prompt and embedder.document_prompt are set without embedder.model; "
                "the built-in model takes no prompts.",
                "Name a model in [embedder] of policybot.toml or remove the prompts.",
                what_zh="设置了 embedder.query_prompt 或 embedder.document_prompt，却没有设置 "
                "embedder.model；内置模型不使用提示语。",
                hint_zh="请在 policybot.toml 的 [embedder] 中指定模型，或删除提示语。",
            )
        return ModelSource("static", "policybot", SHIPPED, "", "", str(read_config(SHIPPED)["fingerprint"]))
    folder = _folder(config.model, root)
    if is_static_model(folder):
        fingerprint = str(read_config(folder)["fingerprint"])
        return ModelSource("static", config.model, folder, "", "", fingerprint)
    fingerprint = _fingerprint(folder, config)
    return ModelSource(
        "transformer", config.model, folder, config.query_prompt, config.document_prompt, fingerprint
    )


def _folder(name: str, root: Path | None) -> Path:
    path = Path(name).expanduser()
    candidates = [path] if path.is_absolute() or root is None else [root / path, path]
    for candidate in candidates:
        if candidate.is_dir():
            if any((candidate / f).is_file() for f in ("modules.json", "config.json")) or is_static_model(
                candidate
            ):
                return candidate
            raise ModelError(
                f"The folder {candidate} holds no embedding model (no modules.json or config.json).",
                "Correct embedder.model in policybot.toml.",
                what_zh=f"文件夹 {candidate} 中没有嵌入模型（缺少 modules.json 或 config.json）。",
                hint_zh="请更正 policybot.toml 中的 embedder.model。",
            )
    found = None if path.is_absolute() or name.startswith((".", "~")) else _cached(name)
    if found is None:
        raise ModelError(
            f'The embedding model "{name}" is not on this machine and policybot downloads nothing.',
            "Download it first (`hf download NAME`), give a folder as embedder.model in policybot.toml, "
            "or remove that line to use the built-in model.",
            what_zh=f"本机没有嵌入模型“{name}”，policybot 不会自行下载。",
            hint_zh="请先下载（`hf download 模型名`），或在 policybot.toml 中把 embedder.model "
            "改为本地文件夹，或删除该行以使用内置模型。",
        )
    return found


def _cached(name: str) -> Path | None:
    """Folder of a model in the local Hugging Face cache."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    names = [name] if "/" in name else [f"sentence-transformers/{name}", name]
    for repository in names:
        try:
            cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME") or None
            return Path(snapshot_download(repository, local_files_only=True, cache_dir=cache))
        except (OSError, HFValidationError):
            continue
    return None


def _fingerprint(folder: Path, config: EmbedderConfig) -> str:
    """Over prompts, settings files and the size and both ends of each weights file."""
    digest = hashlib.sha256(json.dumps([config.query_prompt, config.document_prompt]).encode())
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".json", ".txt", ".model", ".safetensors", ".bin") or not path.is_file():
            continue
        size = path.stat().st_size
        digest.update(f"\n{path.relative_to(folder).as_posix()} {size}\n".encode())
        with path.open("rb") as handle:
            digest.update(handle.read(_EDGE))
            if size > 2 * _EDGE:
                handle.seek(-_EDGE, os.SEEK_END)
                digest.update(handle.read(_EDGE))
    return "st-" + digest.hexdigest()[:32]
