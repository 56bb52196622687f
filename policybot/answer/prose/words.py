"""Word classes of ``answer/data/prose.toml``: what is to be computed from the amounts of a sentence."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from policybot.answer.datafiles import DATA, pattern_fault
from policybot.patterns import lazy_pattern, scripts_of
from policybot.retrieve.datafile import bad_data, read_toml

CLASSES = (
    "share",
    "without",
    "each",
    "persons",
    "pace",
    "change",
    "than",
    "periods",
    "end",
    "lower",
    "base",
    "filler",
)
Span = tuple[int, int]


def found(name: str, text: str) -> list[Span]:
    """Where a folded question has words of a class."""
    patterns, scripts = load_words()[name], scripts_of(text)
    return [m.span() for s, pattern in patterns if s in scripts for m in pattern.finditer(text)]


def says(name: str, text: str) -> bool:
    """True for a folded question with a word of a class."""
    scripts = scripts_of(text)
    return any(s in scripts and pattern.search(text) is not None for s, pattern in load_words()[name])


@cache
def load_words(path: Path = DATA / "prose.toml") -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    """One pattern for each class and script.

    Raises:
        CorpusError: the file is missing, not TOML, or lacks a class or a language.
    """
    data = read_toml(path)
    if set(data) != set(CLASSES):
        raise bad_data(path, f"its sections must be {', '.join(CLASSES)}")
    words = {}
    for name in CLASSES:
        if set(data[name]) != {"zh", "en"}:
            raise bad_data(path, f"[{name}] must hold zh and en")
        fault = pattern_fault(path, f"[{name}]")
        words[name] = tuple((s, lazy_pattern("|".join(data[name][s]), fault=fault)) for s in ("zh", "en"))
    return words
