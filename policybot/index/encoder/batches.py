"""Draws what the encoder is shown at a time: clauses with a question and a text of each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from policybot.index.encoder.material import ClauseMaterial
from policybot.index.encoder.settings import DistilSettings
from policybot.index.encoder.student import Goal

CHINESE = 0.55  # share of questions drawn in Chinese


class Batches:
    """Draws clauses with a question and a text of each.

    Args:
        count: clauses in a batch.
        shares: of the texts that are stretches of the clause itself, and single sentences of it.
    """

    def __init__(
        self,
        clauses: Sequence[ClauseMaterial],
        count: int,
        shares: Sequence[float],
        goal: Goal,
        settings: DistilSettings,
        chance: random.Random,
    ) -> None:
        gists = goal.vectors([clause.gist for clause in clauses])
        likeness = gists @ gists.T
        self.clauses, self.count = clauses, min(count, len(clauses))
        self.own_words, self.alone = shares
        self.alike = likeness > settings.alike
        self.neighbours = likeness.topk(min(4 * settings.near, len(gists))).indices.tolist()
        self.settings, self.chance = settings, chance

    def draw(self) -> tuple[list[str], list[str], list[str], Any]:
        """Questions, a text for each, questions that none of them answers, and where a text suits another's
        question too, shape (n, n)."""
        import torch

        order = self.chance.sample(range(len(self.clauses)), len(self.clauses))
        rows: dict[int, None] = {}
        for first in order:
            others = self.chance.sample(self.neighbours[first], min(self.settings.near, len(self.clauses)))
            rows.update(dict.fromkeys([first, *others[1:]]))
            if len(rows) >= self.count:
                break
        drawn = [(n, *pair) for n in list(rows)[: self.count] for pair in self._asked(self.clauses[n])]
        drawn = drawn[: self.count]
        numbers = [n for n, *_ in drawn]
        beside = [self.chance.choice(own) for n in rows if (own := self.clauses[n].unanswered)]
        alike = self.alike[numbers][:, numbers]
        # What is drawn twice from a clause are different sentences of it.
        own = torch.tensor(numbers, device=alike.device)
        return (
            [question for _, question, _ in drawn],
            [text for *_, text in drawn],
            self.chance.sample(beside, min(self.settings.unanswered, len(beside))),
            alike & (own[:, None] != own),
        )

    def _asked(self, clause: ClauseMaterial) -> list[tuple[str, str]]:
        """A question and a text of the clause that it is to stand near; two of them if they are sentences."""
        chance = self.chance
        if clause.answered and chance.random() < self.alone:
            return _two_sentences(clause, chance)
        own = clause.questions("zh" if chance.random() < CHINESE else "en") or (clause.gist,)
        kind = chance.random()
        if kind < self.own_words:
            text = chance.choice(clause.texts)
        elif kind < self.own_words + 0.55 * (1 - self.own_words):
            text = clause.gist
        else:
            text = chance.choice(clause.questions("en" if chance.random() < 0.5 else "zh") or (clause.gist,))
        return [(chance.choice(own), text)]


def _two_sentences(clause: ClauseMaterial, chance: random.Random) -> list[tuple[str, str]]:
    """Two questions of different sentences, or one, each with the sentence in either language."""
    first = chance.choice(clause.answered)
    others = [one for one in clause.answered if set(one.sentences).isdisjoint(first.sentences)]
    return [
        (chance.choice(one.question), chance.choice(chance.choice(one.sentences)))
        for one in [first, *chance.sample(others, min(1, len(others)))]
    ]
