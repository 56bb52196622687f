"""Questions that read nearly the same: share of common three-character pieces (Jaccard).

White space, width, case and punctuation aside. Used on the questions of a set, between sets, and between
a set and the questions of the annotations, which are searched: a question that an annotation repeats is
found too easily.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policybot.corpus.model import Corpus
from policybot.evaluation.matching import fold_quote

NEAR = 0.6  # from here on two questions read nearly the same
_PUNCTUATION = re.compile(r"[^\w%.+-]+|[.](?!\d)")
_CHUNK = 256  # rows compared at a time, so that memory stays small


@dataclass(frozen=True)
class Pair:
    """Two texts, by their places in the lists, and how similar they are (0…1)."""

    first: int
    second: int
    similarity: float


def fold_question(text: str) -> str:
    """`text` as it is compared."""
    return _PUNCTUATION.sub("", fold_quote(text))


def near_pairs(texts: Sequence[str], least: float = NEAR) -> list[Pair]:
    """Pairs within a list, first < second, that are at least so similar; the most similar first."""
    found = [p for p in _compare(texts, texts, least) if p.first < p.second]
    return sorted(found, key=lambda p: (-p.similarity, p.first, p.second))


def near_others(texts: Sequence[str], others: Sequence[str], least: float = NEAR) -> set[int]:
    """Places of the texts that some other text nearly repeats."""
    return {p.first for p in _compare(texts, others, least)}


def annotation_questions(corpus: Corpus) -> list[str]:
    """Every question of the corpus' annotations."""
    return [q for a in corpus.annotations.values() for q in (*a.questions_zh, *a.questions_en)]


def _compare(texts: Sequence[str], others: Sequence[str], least: float) -> list[Pair]:
    if not texts or not others:
        return []
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(
        analyzer="char", ngram_range=(3, 3), binary=True, lowercase=False, dtype=np.float32
    )
    # Texts shorter than three characters are padded, else they have no piece at all.
    left = counter.fit_transform([f" {fold_question(t)} " for t in texts])
    right = counter.transform([f" {fold_question(t)} " for t in others])
    sizes = _sizes([f" {fold_question(t)} " for t in others])
    own = _sizes([f" {fold_question(t)} " for t in texts])
    found: list[Pair] = []
    for start in range(0, len(texts), _CHUNK):
        common: Any = (left[start : start + _CHUNK] @ right.T).toarray()
        union = own[start : start + _CHUNK, None] + sizes[None, :] - common
        ratio = common / np.maximum(union, 1)
        rows, columns = np.nonzero(ratio >= least)
        found += [
            Pair(start + int(r), int(c), float(ratio[r, c])) for r, c in zip(rows, columns, strict=True)
        ]
    return found


def _sizes(texts: Sequence[str]) -> NDArray[np.float32]:
    """Distinct pieces of each text, those unknown to the other list included."""
    return np.array([len({t[i : i + 3] for i in range(len(t) - 2)}) for t in texts], dtype=np.float32)
