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
from policybot.evaluation.answers import ask_all, finder_of, judge_all
from policybot.evaluation.ladder import SearchStage, searchable, stage_figures
from policybot.evaluation.metrics import CUTOFFS, share
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
    rows = []
    plans = [(name, questions_about(questions, name, finder), {name}) for name in corpus.documents]
    plans.append(("all", [q for q in questions if finder.units(q)], set(corpus.documents)))
    for name, chosen, documents in plans:
        if not chosen:
            continue
        gone = [clause for clause in corpus.annotations if corpus.clauses[clause].document in documents]
        full, bare = (_figures(i, chosen, finder) for i in (index, without_annotations(index, gone)))
        rows.append(Worth(name, len(chosen), full, bare))
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


def _figures(index: Index, questions: Sequence[Question], finder: GoldFinder) -> Figures:
    bot = PolicyBot(index=index)
    stage = SearchStage(index, bot.knowledge, load_weights())
    found = stage_figures(stage, [q for q in questions if searchable(q)], finder)
    verdicts = judge_all(questions, ask_all(bot, questions), index.corpus)
    answerable = [v.right for v in verdicts if v.question.answerable]
    return Figures(dict(found.recall), share(answerable) or 0.0)
