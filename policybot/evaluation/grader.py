"""Judges answers over one corpus: gold clauses by quote, lines of the sources, documents, annotations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from policybot.corpus.model import Corpus
from policybot.evaluation.gold import GoldFinder
from policybot.evaluation.likeness import NEAR, alike_between, questions_of, unanswered_of
from policybot.evaluation.matching import fold_quote
from policybot.evaluation.qaset import Question
from policybot.evaluation.retrieval import scores
from policybot.evaluation.verdict import Verdict, judge

Ranked = Sequence[Sequence[str]]


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


def searchable(question: Question) -> bool:
    """True when a search for the question can be judged: it has gold and stands alone."""
    return bool(question.gold) and not question.history


class Grader:
    """Gives verdicts. What it knows of each question is found once, when it is made."""

    def __init__(self, corpus: Corpus, questions: Sequence[Question]) -> None:
        self.corpus = corpus
        self.finder = finder_of(corpus)
        self._lines = reader_of(corpus)
        self.units = {q.id: self.finder.units(q) for q in questions}
        self.documents = {q.id: self._documents(self.units[q.id]) for q in questions}
        asked = [text for _, text in (*questions_of(corpus.annotations), *unanswered_of(corpus))]
        near = alike_between([q.question for q in questions], asked, NEAR)
        self.near_annotation = frozenset(questions[pair.first].id for pair in near)

    def missing(self, questions: Sequence[Question]) -> dict[str, list[str]]:
        """Question id → its gold quotes that no clause of this corpus holds; only those with any."""
        found = {q.id: self.finder.missing(q) for q in questions}
        return {identity: quotes for identity, quotes in found.items() if quotes}

    def verdict(
        self,
        question: Question,
        answer: Mapping[str, Any],
        hits: Ranked = (),
        usage: Mapping[str, int] | None = None,
    ) -> Verdict:
        """The verdict on one answer and the search behind it.

        Args:
            answer: the object of `ask --json`.
            hits: the search's hits, each the ids of a clause and of its copies.
            usage: tokens, when a language model was asked.
        """
        units = self.units[question.id]
        ids = frozenset().union(*units)
        gold = "\n".join(fold_quote(self.corpus.clauses[i].text.text) for i in sorted(ids))
        measured = scores({question.id: (hits, units)})[question.id] if searchable(question) else {}
        return replace(
            judge(question, answer, units, self._lines, gold),
            retrieval={name: round(value, 6) for name, value in measured.items()},
            documents=self.documents[question.id],
            near_annotation=question.id in self.near_annotation,
            input_tokens=usage["input_tokens"] if usage else None,
            output_tokens=usage["output_tokens"] if usage else None,
        )

    def _documents(self, units: Sequence[frozenset[str]]) -> tuple[str, ...]:
        """For each unit the document that says it with most authority: a copy elsewhere does not count."""
        clauses, documents = self.corpus.clauses, self.corpus.documents
        found = []
        for unit in units:
            names = {clauses[i].document for i in unit}
            if names:
                found.append(min(names, key=lambda d: (documents[d].authority, d)))
        return tuple(dict.fromkeys(sorted(found)))
