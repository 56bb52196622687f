"""What of a question an answer in several steps accounts for, and what it leaves out.

A maker that computes must take up all that was asked: a word that neither its evidence nor its reading of
the question carries means that something else is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policybot.answer.evidence.pool import Pool
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Concept, Weigher, covers, norm
from policybot.answer.question.ask import Ask

Span = tuple[int, int]
_HALF = 0.5
_ABOUT = 0.85  # worth of a word that only stands around the evidence
_WITHIN = tuple("里中内上")  # may stand behind a noun (城市里)
_HEAVY = 0.45  # weight of a known word that may not be left out


@dataclass(frozen=True)
class Account:
    """Share (0–1) of the question accounted for, and the weighty words that are not."""

    cover: float
    lacking: tuple[Concept, ...]


def within(concept: Concept, spans: Iterable[Span]) -> bool:
    """True for a word of which the spans take up half or more."""
    size = max(1, concept.end - concept.start)
    taken = {at for low, high in spans for at in range(max(low, concept.start), min(high, concept.end))}
    return len(taken) >= _HALF * size


class Accountant:
    """Accounts for questions over one corpus' sentences."""

    def __init__(self, pool: Pool, weigh: Weigher) -> None:
        self.pool = pool
        self.weigh = weigh

    def of(
        self, ask: Ask, sentences: Sequence[Sentence], spans: Sequence[Span] = (), texts: Sequence[str] = ()
    ) -> Account:
        """What is accounted for by evidence and by a reading.

        Args:
            ask: the question.
            sentences: the evidence; what stands around it counts somewhat less.
            spans: of the question's text, taken up by the reading (operations, amounts, roles).
            texts: further evidence, normalised (a table's caption, the names of a row).
        """
        direct = norm(" ".join([s.text for s in sentences])) + "|".join(texts)
        around = norm(
            " ".join(
                f"{self.pool.head(s.clause)} {self.pool.title(s.clause)} {s.before}"
                f" {self.pool.body(s.clause)}"
                for s in sentences
            )
        )
        total = found = 0.0
        lacking = []
        for concept in ask.concepts:
            if concept.kind in ("document", "number") or within(concept, spans):
                worth = 1.0
            else:
                worth = max(
                    covers(concept, direct, self.weigh),
                    _ABOUT * covers(concept, around, self.weigh),
                    max((self.pool.voiced(concept, s.clause) for s in sentences), default=0.0),
                )
            if (
                worth < _HALF
                and concept.surface[-1:] in _WITHIN
                and norm(concept.surface[:-1]) in direct + around
            ):
                worth = _ABOUT
            if worth < _HALF and concept.weight >= _HEAVY and concept.known:
                lacking.append(concept)
            total += concept.weight
            found += concept.weight * worth
        return Account(found / total if total else 0.0, tuple(lacking))
