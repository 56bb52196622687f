"""How likely a text answers a question, judged by the vectors of both.

Two texts about one thing have like vectors, whether or not one answers the other: "who pays for the heat
meters?" stands near a clause that says they will be fitted. The reader is a small network that was trained to
tell such questions apart, and a clause's sentence that answers one from its neighbours; ``reader.npz`` lies
beside the encoder whose vectors it reads (`policybot train --part reader`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

FILE = "reader.npz"
WEIGHTS = ("of_question", "of_text", "of_both", "bias", "votes", "ends")
Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]


class Reader:
    """A network of one layer of h units over a question q and a text t, unit vectors of d directions.

    Its units are silu(of_question·q + of_text·t + of_both·(q∘t) + bias). What it says is the sum of their
    `votes`, and of `cosine` for every 1 by which q·t is above one half: a log-odds, 0 where it cannot tell.
    """

    def __init__(self, weights: Mapping[str, NDArray[np.generic]]) -> None:
        """Takes `of_question`, `of_text`, `of_both` (h, d), `bias`, `votes` (h,) and `ends` (2,): the sum's
        own bias and `cosine`.

        Raises:
            KeyError, ValueError: one is missing, or they do not fit each other.
        """
        made = {name: np.asarray(weights[name], np.float32) for name in WEIGHTS}
        shape = made["of_question"].shape
        if not made["of_text"].shape == made["of_both"].shape == shape or made["votes"].shape != shape[:1]:
            raise ValueError("the reader's weights do not fit each other")
        self._weights = made

    @classmethod
    def beside(cls, encoder: Path) -> Reader | None:
        """The reader in an encoder's folder; None where there is none that can be used."""
        try:
            with np.load(encoder / FILE, allow_pickle=False) as data:
                return cls({name: data[name] for name in WEIGHTS})
        except (OSError, ValueError, KeyError, BadZipFile):
            return None  # answers are chosen without it, if less well

    def asked(self, question: Vector) -> Reading:
        """What the reader makes of texts once a question, shape (d,), is put."""
        w = self._weights
        mixed = w["of_text"] + w["of_both"] * question
        begun = w["bias"] + np.einsum("ij,j->i", w["of_question"], question)
        return Reading(mixed, begun, w["votes"], question, w["ends"])


class Reading:
    """A reader with a question put to it."""

    def __init__(self, mixed: Matrix, begun: Vector, votes: Vector, question: Vector, ends: Vector) -> None:
        self._mixed, self._begun, self._votes = mixed, begun, votes
        self._question, self._ends = question, ends

    def of(self, texts: Matrix) -> Vector:
        """Log-odds that each text, unit vectors of shape (n, d), answers the question, shape (n,)."""
        # Not `@`: a threaded BLAS waits tens of milliseconds on a busy machine.
        units = np.einsum("nj,ij->ni", texts, self._mixed) + self._begun
        units /= 1 + np.exp(-np.clip(units, -60, 60))
        said = np.einsum("ni,i->n", units, self._votes) + self._ends[0]
        alike: Vector = np.einsum("nj,j->n", texts, self._question)
        made: Vector = said + self._ends[1] * (alike - np.float32(0.5))
        return made
