"""Readers of the word and sentence lists in ``data/``; nothing of the training is loaded for them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


def read_sentences(data: Path = DATA) -> list[tuple[str, str]]:
    """(Chinese, English) of the sentence list."""
    return list(read_pairs(data / "sentences.csv"))


def read_pairs(path: Path) -> Iterator[tuple[str, str]]:
    """(Chinese, English) of a list's rows."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["zh"], row["en"]
