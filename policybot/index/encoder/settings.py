"""How the encoder is trained: numbers of steps, sizes of batches, shares and rates."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DistilSettings:
    """How the encoder is trained. Everything was chosen by questions left out of training.

    Attributes:
        words, sentences, clauses, passages: pairs of each kind in a batch. Many clauses at once make a
            large difference: the right one has to be told from all of them.
        holding: pairs of each kind in a batch that holds the vectors in place.
        own_words, texts: share of the texts drawn for a clause, and for an invented passage, that are
            stretches of it; clauses have annotations and are mostly found by these.
        sentences_alone: share of the texts drawn for a clause that are the single sentence which answers
            the question; with each comes another question of the clause and its sentence, so that the
            sentences of a clause are told from one another.
        unanswered: questions that no document answers, beside those of the clauses in a batch.
        near: clauses of a batch that are drawn together from one neighbourhood, so that those which are
            easily confused meet.
        skipped: share of a question's units that is left out, other ones each time.
        alike: cosine of two gists from which on clauses are not held against each other.
        kept: share of the mean of the weights that a step leaves in place.
    """

    seed: int = 20301
    align_steps: int = 600
    tune_steps: int = 1000
    words: int = 128
    sentences: int = 64
    clauses: int = 256
    passages: int = 160
    holding: int = 48
    unanswered: int = 32
    near: int = 4
    own_words: float = 0.15
    sentences_alone: float = 0.25
    texts: float = 0.5
    skipped: float = 0.1
    alike: float = 0.9
    kept: float = 0.995
    align_rate: float = 1.5e-3
    unit_rate: float = 3e-4
    network_rate: float = 5e-5
    scale: float = 20.0


# What goes on from an encoder there is starts with weights that already fit.
FURTHER = DistilSettings(align_steps=0, tune_steps=600, unit_rate=2e-4, network_rate=4e-5)
