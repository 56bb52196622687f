"""What the annotations of a document are worth: figures with them and without.

A user's own documents come without annotations until `annotate run` writes some. So for each document the
questions of the development sets about it are asked twice: of the index as it is, and of the index without
that document's annotations (the other documents keep theirs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policybot.answer.bot import PolicyBot
from policybot.evaluation.grader import finder_of, reader_of, searchable
from policybot.evaluation.leaveout import without_annotations
from policybot.evaluation.qaset import Question
from policybot.evaluation.report import Grid, percent
from policybot.evaluation.retrieval import CUTOFFS, DEPTH, scores
from policybot.evaluation.runner import ask
from policybot.evaluation.verdict import judge

if TYPE_CHECKING:
    from policybot.evaluation.gold import GoldFinder
    from policybot.index.open import Index


@dataclass(frozen=True)
class Figures:
    """Shares in 0…1: `recall[k]` over the questions that stand alone, `right` over all."""

    recall: dict[int, float]
    right: float


@dataclass(frozen=True)
class Worth:
    """Figures of one document, or of all of them ("all"), over `questions` questions."""

    document: str
    questions: int
    full: Figures
    without: Figures


def questions_about(questions: Sequence[Question], document: str, finder: GoldFinder) -> list[Question]:
    """The questions all of whose needed clauses are in the document, among others or alone."""
    prefix = f"{document}/"
    chosen = []
    for question in questions:
        units = finder.units(question)
        if units and all(any(name.startswith(prefix) for name in unit) for unit in units):
            chosen.append(question)
    return chosen


def worth(index: Index, questions: Sequence[Question]) -> list[Worth]:
    """The worth of every document's annotations, and of all together at the end.

    Raises:
        PolicybotError: ir-measures is not installed.
    """
    corpus = index.corpus
    finder = finder_of(corpus)
    asked = [q for q in dict.fromkeys(questions) if finder.units(q)]
    plans = [(name, questions_about(asked, name, finder), {name}) for name in corpus.documents]
    plans.append(("all", asked, set(corpus.documents)))
    full = _ask(index, asked, finder)
    rows = []
    for name, chosen, documents in plans:
        if chosen:
            gone = [clause for clause in corpus.annotations if corpus.clauses[clause].document in documents]
            bare = _ask(without_annotations(index, gone), chosen, finder)
            figures = (_figures(asking, chosen, finder) for asking in (full, bare))
            rows.append(Worth(name, len(chosen), *figures))
    return rows


def table(rows: Sequence[Worth]) -> Grid:
    """The figures in percent, each with and without the annotations."""
    header = ["document", "questions", *(f"R@{k}" for k in CUTOFFS), "answers right"]
    grid = Grid("Figures with the document's annotations → without them (percent)", header)
    for row in rows:
        pairs = [(row.full.recall[k], row.without.recall[k]) for k in CUTOFFS]
        pairs.append((row.full.right, row.without.right))
        cells = [f"{percent(full)} → {percent(bare)}" for full, bare in pairs]
        grid.rows.append([row.document, str(row.questions), *cells])
    return grid


def markdown(grid: Grid) -> str:
    """A grid as a Markdown table."""
    lines = [grid.header, ["---", *("---:" for _ in grid.header[1:])], *grid.rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


# Hits (the ids of a clause and of its copies) and whether the answer is right, by question; a question whose
# search cannot be judged has no hits.
_Asked = tuple[dict[Question, list[tuple[str, ...]]], dict[Question, bool]]


def _ask(index: Index, questions: Sequence[Question], finder: GoldFinder) -> _Asked:
    bot = PolicyBot(index=index)
    search = bot.planner.searcher.search
    lines = reader_of(index.corpus)
    ranked = {
        q: [(hit.clause_id, *hit.copies) for hit in search(q.question, k=DEPTH)]
        for q in questions
        if searchable(q)
    }
    right = {q: judge(q, ask(bot, q)[0], finder.units(q), lines).right for q in questions}
    return ranked, right


def _figures(asked: _Asked, questions: Sequence[Question], finder: GoldFinder) -> Figures:
    ranked, right = asked
    # Numbers for ids: two sets may give the same id to different questions.
    runs = {str(n): (ranked[q], finder.units(q)) for n, q in enumerate(questions) if q in ranked}
    found = list(scores(runs).values())
    recall = {k: _mean([one[f"recall@{k}"] for one in found]) for k in CUTOFFS}
    return Figures(recall, _mean([right[q] for q in questions if q.answerable]))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
