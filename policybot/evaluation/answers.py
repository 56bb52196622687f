"""Runs questions through the whole bot and judges the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from policybot.answer.model import Answer
from policybot.corpus.model import Corpus
from policybot.evaluation.gold import GoldFinder
from policybot.evaluation.metrics import Verdict, judge
from policybot.evaluation.qaset import Question


class Bot(Protocol):
    """What is needed of `policybot.answer.bot.PolicyBot`."""

    def ask(self, question: str, history: Any = None) -> Answer:
        """The answer to one question."""
        ...


def finder_of(corpus: Corpus) -> GoldFinder:
    """Gold finder over the clauses of a corpus."""
    return GoldFinder({clause.id: clause.text.text for clause in corpus.clauses.values()})


def reader_of(corpus: Corpus) -> Callable[[str, int, int], str]:
    """(source, first line, last line) → those lines of the source.

    Raises:
        KeyError: no such source. IndexError: no such lines.
    """

    def lines(source: str, first: int, last: int) -> str:
        file = corpus.sources[source]
        if not 1 <= first <= last <= len(file.line_starts):
            raise IndexError(f"{source} has no lines {first}-{last}")
        return file.lines(first, last)

    return lines


def ask_all(bot: Bot, questions: Iterable[Question]) -> dict[str, dict[str, Any]]:
    """Question id → the answer as `ask --json` prints it; a defect gives status "error", as in a batch."""
    return {q.id: _ask(bot, q) for q in questions}


def _ask(bot: Bot, question: Question) -> dict[str, Any]:
    try:
        return bot.ask(question.question, history=question.batch.get("history", [])).to_dict()
    except Exception as error:  # one question that fails must not hide the figures of the others
        return {"status": "error", "answer": f"{type(error).__name__}: {error}"}


def judge_all(
    questions: Sequence[Question], answers: dict[str, dict[str, Any]], corpus: Corpus
) -> list[Verdict]:
    """A verdict for each question, in order; a question without an answer counts as an error."""
    finder, lines = finder_of(corpus), reader_of(corpus)
    return [judge(q, answers.get(q.id, {"status": "error"}), finder.units(q), lines) for q in questions]
