"""An index as it would be without some annotations, made in memory from the one that is open."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from policybot.index.encoder.meaning import Meaning, make_meaning
from policybot.index.passages import NOTE
from policybot.index.postings import Postings, make_postings

if TYPE_CHECKING:
    from policybot.index.open import Index

# By encoder: what clauses mean without any annotation, encoded once a process (it takes ten seconds).
_made: dict[str, list[Meaning]] = {}
KEPT = 12
FEW = 0.1  # share of the passages from which on word weights are made anew


def without_annotations(index: Index, clauses: Collection[str]) -> Index:
    """The index without the annotations of `clauses`; searched in numpy whatever its size.

    Vectors depend on a passage's own text only and are taken over. Word weights follow the new counts of
    passages. Where few passages go, the mean length that weights are measured against stays that of the
    full index, which is much quicker; without a tenth of the passages or more they are made anew.
    """
    gone = frozenset(clauses)
    keep = np.array([not (p.clause in gone and NOTE in p.id[len(p.clause) :]) for p in index.passages])
    kept = {name: note for name, note in index.corpus.annotations.items() if name not in gone}
    passages = [p for p, stays in zip(index.passages, keep, strict=True) if stays]
    few = len(index.passages) - len(passages) < FEW * len(index.passages)
    corpus = replace(index.corpus, annotations=kept)
    left = replace(
        index,
        corpus=corpus,
        passages=passages,
        vectors=np.asarray(index.vectors)[keep],
        postings=thinned(index.postings, keep) if few else make_postings(passages),
        backend="exact",  # a Chroma store still holds them
        warnings=[],
    )
    # What the clauses mean is then told from their own text.
    left.encoder = index.encoder  # loaded once
    made = _made.setdefault(index.encoder.fingerprint, [])
    left.meaning = make_meaning(corpus, index.encoder, [index.meaning, *made])
    if not few and len(made) < KEPT:
        made.append(left.meaning)
    return left


def thinned(postings: Postings, keep: NDArray[np.bool_]) -> Postings:
    """The postings of the passages that stay; `keep` is one truth value a passage."""
    counts = np.diff(postings.starts)
    token_of = np.repeat(np.arange(len(counts)), counts)
    stays = keep[postings.rows]
    spread = np.bincount(token_of[stays], minlength=len(counts))
    used = spread > 0
    total = int(keep.sum())
    scale = _idf(total, spread) / _idf(postings.count, counts)
    weights = (postings.weights[stays] * scale[token_of[stays]]).astype(np.float32)
    tokens = [token for token, there in zip(postings.numbers, used, strict=True) if there]
    return Postings(
        {token: number for number, token in enumerate(tokens)},
        np.concatenate(([0], np.cumsum(spread[used]))).astype(np.int64),
        (np.cumsum(keep) - 1)[postings.rows[stays]].astype(np.int32),
        weights,
        total,
    )


def _idf(count: int, spread: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(np.log(1 + (count - spread + 0.5) / (spread + 0.5)))
