"""Whether questions find their clause without the annotation that holds them.

For each clause of a sample the index is searched with that clause's own annotation left out and all others
in: what the search would do if these questions were asked and nobody had foreseen them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policybot.evaluation.leaveout import without_annotations
from policybot.retrieve.analysis import Knowledge
from policybot.retrieve.search import Searcher

if TYPE_CHECKING:
    from policybot.index.open import Index

TOP = 3
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Miss:
    """A question whose own clause is not among the first: `rank` it stands at, 0 beyond the depth looked
    at; `first` the clause found first. Copies of a clause share its rank."""

    clause: str
    question: str
    rank: int
    first: str


@dataclass
class SelfSearch:
    """Questions asked and found among the first `TOP`, by language."""

    clauses: int
    asked: dict[str, int] = field(default_factory=lambda: {"zh": 0, "en": 0})
    found: dict[str, int] = field(default_factory=lambda: {"zh": 0, "en": 0})
    misses: list[Miss] = field(default_factory=list)


def self_search(index: Index, clauses: int, seed: int = 0) -> SelfSearch:
    """Search for the questions of `clauses` annotated clauses, chosen with a seed."""
    names = sorted(index.corpus.annotations)
    chosen = sorted(random.Random(seed).sample(names, min(clauses, len(names))))
    knowledge = Knowledge.of(index.corpus)
    result = SelfSearch(len(chosen))
    for name in chosen:
        note = index.corpus.annotations[name]
        searcher = Searcher(without_annotations(index, [name]), knowledge)
        for language, questions in (("zh", note.asked_zh), ("en", note.asked_en)):
            for question in questions:
                hits = searcher.search(question, k=DEPTH)
                ranks = (n for n, hit in enumerate(hits, 1) if name in (hit.clause_id, *hit.copies))
                rank = next(ranks, 0)
                result.asked[language] += 1
                if 0 < rank <= TOP:
                    result.found[language] += 1
                else:
                    result.misses.append(Miss(name, question, rank, hits[0].clause_id if hits else ""))
    return result
