"""Which clauses answer a question: from the verbatim quotes of a question set to clause ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from policybot.evaluation.matching import fold_quote
from policybot.evaluation.qaset import Question, Quote


@dataclass
class GoldFinder:
    """Finds gold clauses among `texts` (clause id → its text, heading and number included).

    Where a quote is the whole text of some clauses (a table row), only those count: 西安 - is the row
    that prints no year, not the row that prints -0.41%.
    """

    texts: Mapping[str, str]
    _folded: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._folded = {identity: fold_quote(text) for identity, text in self.texts.items()}

    def group(self, quotes: Sequence[Quote]) -> frozenset[str]:
        """Ids of the clauses that hold every quote of one group."""
        wanted = [fold_quote(item.quote) for item in quotes]
        holding = {i for i, text in self._folded.items() if all(w in text for w in wanted)}
        whole = {i for i in holding if any(self._folded[i] == w for w in wanted)}
        return frozenset(whole or holding)

    def units(self, question: Question) -> list[frozenset[str]]:
        """What must be found: one set of clause ids for each thing needed, any member of a set will do.

        A question with `gold_need` "any" has one unit, the union of its groups; with "all" one for each.
        Empty for a question without gold.
        """
        groups = [self.group(group) for group in question.gold]
        if question.gold_need == "any":
            return [frozenset().union(*groups)] if groups else []
        return groups

    def missing(self, question: Question) -> list[str]:
        """The quotes of groups that no clause holds ("any": only when no group is held)."""
        held = [bool(self.group(group)) for group in question.gold]
        if question.gold_need == "any" and any(held):
            return []
        pairs = zip(question.gold, held, strict=True)
        return [item.quote for group, found in pairs if not found for item in group]
