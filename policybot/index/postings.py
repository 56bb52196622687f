"""Lexical search: BM25 over the tokens of two fields, as arrays that are ready to be added up.

A passage's headings count HEADING times as much as its body: the weighted term frequency
``tf = HEADING * tf_heading + tf_body`` and the weighted length go into

    idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length / mean length))
    idf = ln(1 + (n - df + 0.5) / (df + 0.5))

(Robertson & Zaragoza 2009, BM25F with one B). K1 = 1.2 and B = 0.5: passages are short and of like
length, so a longer one is seldom just wordier. All of it is known when the index is built; a query
only adds up stored numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policybot.index.passages import Passage
from policybot.index.tokens import token_counts

K1 = 1.2
B = 0.5
HEADING = 1.5


@dataclass(frozen=True)
class Postings:
    """Weights of the tokens of n passages, by token (compressed sparse rows).

    Token number t has the passages ``rows[starts[t]:starts[t + 1]]`` with the BM25 weights ``weights``
    at the same places; `numbers` maps a token to its number; `count` is n.
    """

    numbers: dict[str, int]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]
    count: int

    def scores(self, tokens: Mapping[str, float]) -> NDArray[np.float32]:
        """BM25 score of every passage for weighted query tokens, float32, shape (n,).

        Tokens that no passage has are ignored; a token's weight multiplies its part of the score.
        """
        total = np.zeros(self.count, np.float32)
        for token, weight in tokens.items():
            number = self.numbers.get(token)
            if number is not None and weight:
                start, end = self.starts[number], self.starts[number + 1]
                total[self.rows[start:end]] += self.weights[start:end] * np.float32(weight)
        return total

    def idf(self, token: str) -> float:
        """Rarity of a token: ln(1 + (n - df + 0.5) / (df + 0.5)), df = 0 for an unknown one."""
        number = self.numbers.get(token)
        spread = 0 if number is None else int(self.starts[number + 1] - self.starts[number])
        return _idf(self.count, spread)

    def spread(self, token: str) -> int:
        """How many passages have the token."""
        number = self.numbers.get(token)
        return 0 if number is None else int(self.starts[number + 1] - self.starts[number])


def make_postings(passages: Sequence[Passage]) -> Postings:
    """The postings of `passages`; row n is passage n."""
    headings: dict[str, Counter[str]] = {}
    counts = [_weighted_counts(passage, headings) for passage in passages]
    lengths = np.array([sum(c.values()) for c in counts], np.float64)
    mean = float(lengths.mean()) if len(lengths) else 1.0
    tokens = sorted(set().union(*counts))
    numbers = {token: number for number, token in enumerate(tokens)}
    sizes = [len(found) for found in counts]
    total = sum(sizes)
    met = np.fromiter((numbers[token] for found in counts for token in found), np.int64, total)
    tf = np.fromiter((frequency for found in counts for frequency in found.values()), np.float64, total)
    rows = np.repeat(np.arange(len(counts), dtype=np.int32), sizes)
    order = np.argsort(met, kind="stable")  # by token; within one the passages stay in order
    met, tf, rows = met[order], tf[order], rows[order]
    spread = np.bincount(met, minlength=len(tokens))
    rarity = np.array([_idf(len(counts), n) for n in spread.tolist()], np.float64)
    norm = K1 * (1 - B + B * lengths[rows] / max(mean, 1e-9))
    weights = (rarity[met] * tf * (K1 + 1) / (tf + norm)).astype(np.float32)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(spread, dtype=np.int64)])
    return Postings(numbers, starts, rows, weights, len(counts))


def save_postings(postings: Postings, folder: Path) -> None:
    """Write ``terms.txt`` (one token a line) and ``postings-*.npy`` into `folder`."""
    (folder / "terms.txt").write_text("".join(f"{token}\n" for token in postings.numbers), "utf-8")
    np.save(folder / "postings-starts.npy", postings.starts)
    np.save(folder / "postings-rows.npy", postings.rows)
    np.save(folder / "postings-weights.npy", postings.weights)


def load_postings(folder: Path, count: int) -> Postings:
    """The postings that `save_postings` wrote for `count` passages; arrays stay on disk until used.

    Raises:
        OSError, ValueError: a file is missing or does not fit the others.
    """
    tokens = (folder / "terms.txt").read_text("utf-8").split("\n")[:-1]
    starts = np.load(folder / "postings-starts.npy", allow_pickle=False)
    # As plain arrays: np.memmap adds microseconds to every slice, and a question takes hundreds.
    rows = np.asarray(np.load(folder / "postings-rows.npy", mmap_mode="r", allow_pickle=False))
    weights = np.asarray(np.load(folder / "postings-weights.npy", mmap_mode="r", allow_pickle=False))
    if len(starts) != len(tokens) + 1 or len(rows) != starts[-1] or len(weights) != len(rows):
        raise ValueError("the postings files do not fit each other")
    return Postings(dict(zip(tokens, range(len(tokens)), strict=True)), starts, rows, weights, count)


def _weighted_counts(passage: Passage, headings: dict[str, Counter[str]]) -> dict[str, float]:
    """How often a passage has each token; `headings` keeps the tokens of those that many passages share."""
    total: dict[str, float] = dict(token_counts(passage.body))
    above = headings.get(passage.heading)
    if above is None:
        above = headings[passage.heading] = token_counts(passage.heading)
    for token, number in above.items():
        total[token] = total.get(token, 0.0) + HEADING * number
    return total


def _idf(count: int, spread: int) -> float:
    return float(np.log(1 + (count - spread + 0.5) / (spread + 0.5)))
