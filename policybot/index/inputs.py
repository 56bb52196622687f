"""What an index depends on besides the model: the corpus folder and the code that reads it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent.parent
_CODE = (
    "text.py",
    "corpus",
    "facts/glossary.py",
    "index/encoder/meaning.py",
    "index/tokens.py",
    "index/passages.py",
    "index/postings.py",
    "index/vocabulary.py",
)

Inputs = dict[str, list[Any]]  # name → [size, mtime_ns, sha256]


def read_inputs(corpus_root: Path) -> Inputs:
    """Size, time of change and SHA-256 of every file the index depends on."""
    return {name: _record(path) for name, path in _files(corpus_root)}


def inputs_changed(recorded: Inputs, corpus_root: Path) -> bool:
    """True when a file came, went or has other contents than recorded.

    A file of the recorded size and time of change is taken as unchanged; others are read.
    """
    seen = 0
    for name, path in _files(corpus_root):
        known = recorded.get(name)
        if known is None:
            return True
        seen += 1
        try:
            state = path.stat()
            if [state.st_size, state.st_mtime_ns] == known[:2]:
                continue
            if state.st_size != known[0] or _digest(path) != known[2]:
                return True
        except OSError:
            return True
    return seen != len(recorded)


def _record(path: Path) -> list[Any]:
    try:
        state = path.stat()
        return [state.st_size, state.st_mtime_ns, _digest(path)]
    except OSError:
        return [-1, 0, ""]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files(corpus_root: Path) -> Iterator[tuple[str, Path]]:
    for path in _walk(corpus_root):
        yield f"corpus:{path.relative_to(corpus_root).as_posix()}", path
    for part in _CODE:
        path = _PACKAGE / part
        for file in _walk(path) if path.is_dir() else [path]:
            yield f"code:{file.relative_to(_PACKAGE).as_posix()}", file


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "__pycache__")))
        for name in sorted(names):
            if not name.startswith(".") and not name.endswith((".pyc", "~")):
                yield Path(folder) / name
