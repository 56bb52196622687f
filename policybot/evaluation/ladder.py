"""What each part is worth: BM25, vectors, both, both reranked, the planner; then without a part of the whole.

Each rung is measured as a search and as something that answers: the rungs below the planner answer with the
best sentence of their first hit, chosen by the same sentence ranking for all, and never refuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from policybot.answer.bot import PolicyBot
from policybot.evaluation.engines import Bot
from policybot.evaluation.figures import figures
from policybot.evaluation.grader import Grader
from policybot.evaluation.leaveout import without_annotations
from policybot.evaluation.qaset import Question
from policybot.evaluation.retrieval import DEPTH, NAMES
from policybot.evaluation.runner import ask
from policybot.evaluation.verdict import Verdict
from policybot.facts.glossary import Glossary
from policybot.retrieve.analysis import Knowledge
from policybot.retrieve.lexical import query_tokens
from policybot.retrieve.search import Hit, Searcher
from policybot.retrieve.weights import Weights, load_weights

if TYPE_CHECKING:
    from policybot.index.open import Index

FIGURES = (*NAMES, "right", "correct")


@dataclass(frozen=True)
class Rung:
    """A way of searching and of answering. `name` is a key of the report's wordings."""

    name: str
    searcher: Searcher | WordSearch
    bot: Bot | None = None

    def verdict(self, question: Question, grader: Grader) -> Verdict:
        """The search and the answer judged."""
        hits = self.searcher.search(question.question, k=DEPTH)
        bot = self.bot
        answer = ask(bot, question)[0] if bot is not None else self.sentence(question, hits, grader)
        return grader.verdict(question, answer, [(hit.clause_id, *hit.copies) for hit in hits])

    def sentence(self, question: Question, hits: Sequence[Hit], grader: Grader) -> dict[str, Any]:
        """The best sentence of the first hit as an answer."""
        found = self.searcher.sentences(question.question, hits[:1], 1)
        if not found:
            return {"status": "not_found", "answer": ""}
        clause = grader.corpus.clauses[found[0].clause_id]
        text = clause.text.text[found[0].start : found[0].end]
        return {
            "status": "answered",
            "answer": text,
            "citations": [
                {
                    "clause_id": clause.id,
                    "quote": text,
                    "source": clause.text.file,
                    "line_start": clause.line_start,
                    "line_end": clause.line_end,
                }
            ],
            "confidence": 1.0,
        }


class WordSearch:
    """BM25 of the question as typed, without glossary, thesaurus, analysis or grouping of copies."""

    def __init__(self, index: Index, full: Searcher) -> None:
        self.index = index
        self.full = full

    def search(self, question: str, k: int = 10) -> list[Hit]:
        """The best `k` clauses by their best passage."""
        scores = self.index.postings.scores(dict.fromkeys(query_tokens(question), 1.0))
        order = np.argsort(-scores, kind="stable")
        best: dict[str, float] = {}
        for n in order.tolist():
            if scores[n] > 0 and len(best) < k:
                best.setdefault(self.index.passages[n].clause, float(scores[n]))
        return [Hit(clause, score) for clause, score in best.items()]

    def sentences(self, question: str, hits: Sequence[Hit], n: int = 5) -> list[Any]:
        """As `Searcher.sentences`."""
        return list(self.full.sentences(question, hits, n))


def rungs(index: Index, knowledge: Knowledge | None = None) -> Iterator[Rung]:
    """The rungs, the simplest first, up to the planner; then the planner without a part."""
    knowledge = knowledge or Knowledge.of(index.corpus)
    weights = load_weights()
    both = {"words": weights.search.get("words", 1.0), "vectors": weights.search.get("vectors", 0.0)}
    full = Searcher(index, knowledge, weights)
    yield Rung("words", WordSearch(index, full))
    yield Rung("words-glossary", Searcher(index, knowledge, alone(weights, {"words": 1.0})))
    yield Rung("vectors", Searcher(index, knowledge, alone(weights, {"vectors": 1.0})))
    meant = replace(
        alone(weights, {}), search={**weights.search, "words": 0.0, "vectors": 0.0, "meant": DEPTH}
    )
    yield Rung("encoder", Searcher(index, knowledge, replace(meant, clause={"meant": 1.0})))
    yield Rung("hybrid", Searcher(index, knowledge, alone(weights, both)))
    yield Rung("rerank", full)
    yield Rung("planner", full, PolicyBot(index=index))
    bare = without_annotations(index, index.corpus.annotations)
    yield Rung("no-annotations", Searcher(bare, knowledge, weights), PolicyBot(index=bare))
    yield _without_glossary(index)
    clause = {name: weight for name, weight in weights.clause.items() if name != "meant"}
    yield _with(index, "no-encoder", Searcher(index, knowledge, replace(weights, clause=clause)))


def alone(weights: Weights, signals: dict[str, float]) -> Weights:
    """Weights that choose and rank by the named signals only."""
    off = dict.fromkeys(("words", "vectors"), 0.0)
    return replace(weights, search={**weights.search, **off, **signals}, clause=signals)


def climb(rung: Rung, questions: Sequence[Question], grader: Grader) -> dict[str, Mapping[str, float | None]]:
    """Language ("zh", "en", "all") → the rung's figures (`FIGURES`)."""
    verdicts = [rung.verdict(q, grader) for q in questions]
    chosen = {
        "all": verdicts,
        **{code: [v for v in verdicts if v.question.language == code] for code in ("zh", "en")},
    }
    measured = {code: figures(members) for code, members in chosen.items() if members}
    return {code: {n: found[n].value for n in FIGURES} for code, found in measured.items()}


def _without_glossary(index: Index) -> Rung:
    """The planner with an empty glossary and thesaurus in its reading of questions and in the search."""
    knowledge = Knowledge.of(index.corpus, Glossary((), (), {}))
    return _with(index, "no-glossary", Searcher(index, knowledge))


def _with(index: Index, name: str, searcher: Searcher) -> Rung:
    """The planner over another searcher, which reads the questions too."""
    bot = PolicyBot(index=index)
    bot.knowledge = searcher.knowledge
    bot.planner.searcher = searcher
    return Rung(name, searcher, bot)
