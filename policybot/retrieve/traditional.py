"""Traditional Chinese questions, made simplified; text in simplified Chinese never pays for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).resolve().parent / "data" / "traditional.txt"


@cache
def markers() -> frozenset[str]:
    """Characters that occur in traditional text only."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset("".join(line for line in lines if not line.startswith("#")))


@cache
def _converter() -> Any:
    import opencc  # only here: needed for the few questions in traditional characters

    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """`text` in simplified characters; returned as it is when it has no traditional-only character."""
    if text.isascii() or markers().isdisjoint(text):
        return text
    return str(_converter().convert(text))
