"""Reads the invented passages that encoder and readers are trained on (``data/passages.jsonl``)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policybot.errors import ModelError
from policybot.index.encoder.lists import DATA

PASSAGES = "passages.jsonl"
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Invented:
    """A passage in both languages. Pairs are (Chinese, English).

    Attributes:
        heads: what it stands under, in each language; the English one may be "".
        sentences: its sentences in each language, as many in both.
        pairs: questions that it answers; `answers` the numbers, from 1, of the sentences that answer each,
            or nothing at all where nobody said.
        unanswered: questions beside its subject that it does not answer.
    """

    id: str
    gist: str
    heads: tuple[str, str]
    sentences: tuple[list[str], list[str]]
    pairs: Pairs
    answers: list[tuple[int, ...]]
    unanswered: Pairs


def read_invented(data: Path = DATA) -> Iterator[Invented]:
    """The passages, in their order.

    Raises:
        ModelError: they are missing, as in an installed package.
    """
    if not (data / PASSAGES).is_file():
        raise ModelError(
            f"{PASSAGES}, which encoder, reader and cross-encoder are trained on, is not part of the "
            "installed package.",
            "Train in a checkout of the repository.",
            what_zh=f"已安装的软件包不含训练句子编码器、阅读器和交叉编码器所需的 {PASSAGES}。",
            hint_zh="请在代码仓库的检出目录中训练。",
        )
    with (data / PASSAGES).open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            english, titled, _ = row["gist"].partition(":")
            asked, beside = ([(zh, en) for zh, en in row[name]] for name in ("pairs", "unanswered"))
            answers = [tuple(numbers) for numbers in row.get("answers", [])]
            heads = (row["title"], english if titled else "")
            yield Invented(
                row["id"], row["gist"], heads, (row["zh"], row["en"]), asked, answers, beside
            )  # fmt: skip
