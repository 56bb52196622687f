"""What each stage of the search adds: words, words with the glossary, vectors, both, both reranked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from policybot.evaluation.gold import GoldFinder
from policybot.evaluation.metrics import CUTOFFS, RetrievalFigures, retrieval_figures
from policybot.evaluation.qaset import Question
from policybot.retrieve.analysis import Knowledge
from policybot.retrieve.lexical import query_tokens
from policybot.retrieve.search import Searcher
from policybot.retrieve.weights import Weights, load_weights

if TYPE_CHECKING:
    from policybot.index.open import Index

# Hits asked for: more than the last cutoff, because hits that repeat a place already found are dropped.
DEPTH = 3 * max(CUTOFFS)
Ranked = list[tuple[str, ...]]


def steps(index: Index, knowledge: Knowledge | None = None) -> Iterator[tuple[str, Stage]]:
    """(name, stage) of each rung, the simplest first; the last is the search that answers use."""
    knowledge = knowledge or Knowledge.of(index.corpus)
    full = load_weights()
    both = {"words": full.search.get("words", 1.0), "vectors": full.search.get("vectors", 0.0)}
    yield "BM25, the question's own words", WordStage(index)
    yield "BM25 with glossary and thesaurus", SearchStage(index, knowledge, alone(full, {"words": 1.0}))
    yield "vectors only", SearchStage(index, knowledge, alone(full, {"vectors": 1.0}))
    yield "hybrid", SearchStage(index, knowledge, alone(full, both))
    yield "hybrid and rerank", SearchStage(index, knowledge, full)


def alone(weights: Weights, signals: dict[str, float]) -> Weights:
    """Weights that choose and rank by the named signals only."""
    off = dict.fromkeys(("words", "vectors"), 0.0)
    return replace(weights, search={**weights.search, **off, **signals}, clause=signals)


class Stage:
    """A way of ranking clauses."""

    def rank(self, question: Question) -> Ranked:
        """Ranked hits: the ids of a clause and of its copies."""
        raise NotImplementedError


class WordStage(Stage):
    """BM25 of the question as typed, without glossary, thesaurus, analysis or grouping of copies."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def rank(self, question: Question) -> Ranked:
        scores = self.index.postings.scores(dict.fromkeys(query_tokens(question.question), 1.0))
        order = np.argsort(-scores, kind="stable")
        ids = (self.index.passages[n].clause for n in order.tolist() if scores[n] > 0)
        return [(identity,) for identity in list(dict.fromkeys(ids))[:DEPTH]]


class SearchStage(Stage):
    """The search with some of its signals."""

    def __init__(self, index: Index, knowledge: Knowledge, weights: Weights) -> None:
        self.searcher = Searcher(index, knowledge, weights)

    def rank(self, question: Question) -> Ranked:
        hits = self.searcher.search(question.question, k=DEPTH)
        return [(hit.clause_id, *hit.copies) for hit in hits]


def stage_figures(stage: Stage, questions: Sequence[Question], finder: GoldFinder) -> RetrievalFigures:
    """Figures of a stage over the questions that have gold and need no earlier turn to be understood."""
    asked = [q for q in questions if searchable(q)]
    return retrieval_figures({q.id: (stage.rank(q), finder.units(q)) for q in asked})


def searchable(question: Question) -> bool:
    """True when a search for the question can be judged: it has gold and stands alone."""
    return bool(question.gold) and not question.history
