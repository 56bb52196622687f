"""What the annotations of a document are worth: figures with them and without.

A user's own documents come without annotations until `annotate run` writes some. So for each document the
questions of the development sets about it are asked twice: of the index as it is, and of the index without
that document's annotations (the other documents keep theirs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policybot.annotate.leaveout import without_annotations
from policybot.answer.bot import PolicyBot
from policybot.evaluation.answers import ask_all, finder_of, reader_of
from policybot.evaluation.ladder import Ranked, SearchStage, searchable
from policybot.evaluation.metrics import CUTOFFS, Verdict, judge, retrieval_figures, share
from policybot.evaluation.qaset import Question
from policybot.evaluation.report import Grid, percent
from policybot.retrieve.weights import load_weights

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


# What was ranked and what was judged, by question; one whose search cannot be judged has no rank.
_Asked = tuple[dict[Question, Ranked], dict[Question, Verdict]]


def _ask(index: Index, questions: Sequence[Question], finder: GoldFinder) -> _Asked:
    bot = PolicyBot(index=index)
    stage = SearchStage(index, bot.knowledge, load_weights())
    lines = reader_of(index.corpus)
    ranked = {q: stage.rank(q) for q in questions if searchable(q)}
    verdicts = {q: judge(q, ask_all(bot, [q])[q.id], finder.units(q), lines) for q in questions}
    return ranked, verdicts


def _figures(asked: _Asked, questions: Sequence[Question], finder: GoldFinder) -> Figures:
    ranked, verdicts = asked
    # Numbers for ids: two sets may give the same id to different questions.
    runs = {str(n): (ranked[q], finder.units(q)) for n, q in enumerate(questions) if q in ranked}
    right = [verdicts[q].right for q in questions if q.answerable]
    return Figures(dict(retrieval_figures(runs).recall), share(right) or 0.0)
