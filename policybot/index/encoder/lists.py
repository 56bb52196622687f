"""Readers of the word and sentence lists in ``data/``; nothing of the training is loaded for them."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
TOKENIZER = DATA.parent / "weights" / "tokenizer.json.gz"


@cache
def latin_words() -> frozenset[str]:
    """The words in Latin letters that the shipped encoder knows whole: the commonest of English."""
    try:
        units = json.loads(gzip.decompress(TOKENIZER.read_bytes()))["model"]["vocab"]
    except (OSError, EOFError, zlib.error, ValueError, KeyError):
        return frozenset()  # the encoder says so itself when it is used
    return frozenset(unit for unit in units if unit.isascii() and unit.isalpha())


def read_sentences(data: Path = DATA) -> list[tuple[str, str]]:
    """(Chinese, English) of the sentence list."""
    return list(read_pairs(data / "sentences.csv"))


def read_pairs(path: Path) -> Iterator[tuple[str, str]]:
    """(Chinese, English) of a list's rows."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["zh"], row["en"]
