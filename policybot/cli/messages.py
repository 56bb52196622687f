"""The sentences of the command line in both languages, read from `data/messages*.toml`."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from policybot.errors import PolicybotError

FOLDER = Path(__file__).parent / "data"
LANGUAGES = ("en", "zh")


def say(key: str, language: str, **values: object) -> str:
    """The sentence `key` in `language`, its {placeholders} filled in."""
    return catalogue()[key][language if language in LANGUAGES else "en"].format(**values)


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All sentences: key → language → text. A group of commands may have a file of its own."""
    return read(sorted(FOLDER.glob("messages*.toml")))


def read(files: Sequence[Path]) -> dict[str, dict[str, str]]:
    """The sentences of some files.

    Raises:
        PolicybotError: an entry lacks a language, its languages name different placeholders, or two
            files have the same key; names file and line.
    """
    entries: dict[str, dict[str, str]] = {}
    for file in files:
        for key, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if not isinstance(texts, dict) or set(texts) != set(LANGUAGES):
                raise _bad(file, key, "needs exactly en and zh")
            if placeholders(texts["en"]) != placeholders(texts["zh"]):
                raise _bad(file, key, "names different placeholders in its two languages")
            if key in entries:
                raise _bad(file, key, "stands in another file too")
            entries[key] = texts
    return entries


def placeholders(text: str) -> set[str]:
    """Names in braces in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _bad(file: Path, key: str, why: str) -> PolicybotError:
    lines = file.read_text(encoding="utf-8").splitlines()
    line = next((n for n, text in enumerate(lines, 1) if text.startswith(f"[{key}]")), 1)
    return PolicybotError(f"{file}:{line}: the message [{key}] {why}.", "Correct the file.")
