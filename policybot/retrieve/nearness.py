"""How near a question is to the clauses of an index, and what is told of their sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from policybot.corpus.model import Clause
from policybot.retrieve.judging import Judging
from policybot.retrieve.meanings import Told

RIVALS = 6  # clauses from whose nearness is told whether one stands out
Vector = NDArray[np.float32]


class Nearness:
    """Cosines of a question with the clauses of an index, each by its nearest passage.

    Unlike what hits are ranked by, these are no shares of the best one: nothing is near to a question about
    something else. `unanswered` is the cosine with the nearest question that no document answers, 0 where
    it was not looked for; `shares` tells how the nearest texts are shared out among the clauses, and last
    the questions without an answer; `sentences` tells of a clause's sentences, each given with its
    translation or "", and `clause` of the clause as a whole, both None where that is not known; `judging`
    reads sentences together with the question, None where that cannot be done.
    """

    def __init__(
        self,
        numbers: Mapping[str, int],
        cosines: Vector,
        unanswered: float = 0.0,
        sentences: Callable[[Clause, Sequence[tuple[str, str]]], list[Told] | None] | None = None,
        shares: Vector | None = None,
        clause: Callable[[str], Told | None] | None = None,
        judging: Judging | None = None,
    ) -> None:
        self.unanswered = unanswered
        self._shares = shares
        self.sentences = sentences or (lambda clause, sentences: None)
        self.clause = clause or (lambda clause_id: None)
        self.judging = judging
        self._numbers = numbers
        self._cosines = cosines
        best = np.partition(cosines, -min(RIVALS, cosines.size))[-min(RIVALS, cosines.size) :]
        self.top = float(best.max(initial=0.0))
        self.gap = self.top - float(best.min(initial=self.top))  # to the clause that is RIVALS-th

    def of(self, clause_id: str) -> float:
        """The cosine of one clause; 0 for an unknown id."""
        number = self._numbers.get(clause_id)
        return float(self._cosines[number]) if number is not None else 0.0

    def share(self, clause_ids: Iterable[str]) -> float:
        """The share of the nearest texts that is of these clauses' best one."""
        numbers = [self._numbers[name] for name in clause_ids if name in self._numbers]
        if self._shares is None or not numbers:
            return 0.0
        return float(self._shares[numbers].max())

    @property
    def unanswered_share(self) -> float:
        """The share of the nearest texts that is of questions without an answer."""
        return 0.0 if self._shares is None else float(self._shares[-1])
