"""The figures: retrieval (recall, reciprocal rank) and answers (right, refused, verbatim, cited, calibrated).

Answers come as the dictionaries of `ask --json`, so that the same figures can be made of any run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policybot.errors import PolicybotError
from policybot.evaluation.matching import contains, fold_quote, keeps_qualifier
from policybot.evaluation.qaset import Question

CUTOFFS = (1, 5, 10)
# Shorter stretches occur anywhere (2025, 3个) and prove no citation right.
MIN_OVERLAP = 8


@dataclass(frozen=True, slots=True)
class RetrievalFigures:
    """Means over `n` questions, each in 0…1. `recall[k]`: share of what is needed among the first k."""

    n: int
    recall: Mapping[int, float]
    mrr: float


def ranking(hits: Iterable[Sequence[str]], units: Sequence[frozenset[str]]) -> list[str]:
    """Document names for ir-measures from a ranked list of groups of copies.

    Each hit is the ids of one clause and of its copies. A hit that holds a unit not found before is
    named after it ("gold-0"); any other hit after its first id; a hit that repeats a unit is dropped,
    so that copies and other places saying the same do not push what follows down the list.
    """
    names: list[str] = []
    found: set[int] = set()
    for ids in hits:
        held = [u for u, unit in enumerate(units) if unit.intersection(ids)]
        fresh = [u for u in held if u not in found]
        if held and not fresh:
            continue
        found.update(fresh)
        names.extend([f"gold-{u}" for u in fresh] or [ids[0]])
    return names


def retrieval_figures(
    runs: Mapping[str, tuple[Sequence[Sequence[str]], Sequence[frozenset[str]]]],
) -> RetrievalFigures:
    """Recall at 1, 5 and 10 and mean reciprocal rank, computed by ir-measures.

    Args:
        runs: question id → (ranked hits, units of gold), as `ranking` takes them. Questions without
            gold must be left out.

    Raises:
        PolicybotError: ir-measures is not installed.
    """
    if not runs:
        return RetrievalFigures(0, dict.fromkeys(CUTOFFS, 0.0), 0.0)
    try:
        import ir_measures
    except ImportError as error:
        raise PolicybotError(
            "The retrieval figures need the package ir-measures.",
            "Install it with: pip install 'policybot[test]'",
            what_zh="检索指标需要 ir-measures 软件包。",
            hint_zh="请运行：pip install 'policybot[test]'",
        ) from error
    qrels, run = [], []
    for identity, (hits, units) in runs.items():
        qrels += [ir_measures.Qrel(identity, f"gold-{u}", 1) for u in range(len(units))]
        names = dict.fromkeys(ranking(hits, units))
        run += [ir_measures.ScoredDoc(identity, name, -float(rank)) for rank, name in enumerate(names)]
    wanted = {k: ir_measures.R @ k for k in CUTOFFS}
    figures = ir_measures.calc_aggregate([*wanted.values(), ir_measures.RR], qrels, run)
    return RetrievalFigures(
        len(runs),
        {k: float(figures[measure]) for k, measure in wanted.items()},
        float(figures[ir_measures.RR]),
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known about one answer.

    `right`: the status is accepted and, when the status is "answered" or the question is ambiguous,
    the answer contains what it must and nothing it must not. `kept` is None when the question asks for
    no qualifier or the answer is not right; `cited` is None without gold or citations.
    """

    question: Question
    status: str
    right: bool
    refused: bool
    kept: bool | None
    cited: bool | None
    quotes: int
    verbatim: int
    confidence: float
    length: int
    elapsed_ms: float


def judge(
    question: Question,
    answer: Mapping[str, Any],
    units: Sequence[frozenset[str]] = (),
    line_text: Callable[[str, int, int], str] | None = None,
) -> Verdict:
    """Judges one answer.

    Args:
        answer: the object `ask --json` prints.
        units: gold clauses (`GoldFinder.units`); without them a citation counts by its quote alone.
        line_text: (source, first line, last line) → the lines, to check that quotes are verbatim.
    """
    status = str(answer.get("status", "error"))
    text = str(answer.get("answer", ""))
    citations: Sequence[Mapping[str, Any]] = answer.get("citations") or ()
    right = status in question.accepted and (status == "not_found" or says(question, text))
    verbatim = sum(is_verbatim(c, line_text) for c in citations) if line_text else 0
    return Verdict(
        question=question,
        status=status,
        right=right,
        refused=status == "not_found",
        kept=keeps_qualifier(text, question.qualifier) if right and question.qualifier else None,
        cited=cites_gold(question, citations, units) if question.gold and citations else None,
        quotes=len(citations) if line_text else 0,
        verbatim=verbatim,
        confidence=float(answer.get("confidence") or 0.0),
        length=len(text),
        elapsed_ms=float(answer.get("elapsed_ms") or 0.0),
    )


def says(question: Question, text: str) -> bool:
    """True when `text` has one alternative of each `must_contain` group and no `must_not_contain`."""
    if any(contains(text, word) for word in question.must_not_contain):
        return False
    return all(any(contains(text, word) for word in group) for group in question.must_contain)


def is_verbatim(citation: Mapping[str, Any], line_text: Callable[[str, int, int], str]) -> bool:
    """True when, white space aside, the quote stands in the lines the citation names."""
    try:
        lines = line_text(str(citation["source"]), int(citation["line_start"]), int(citation["line_end"]))
    except (KeyError, ValueError, IndexError):
        return False
    quote = re.sub(r"\s+", "", str(citation.get("quote", "")))
    return bool(quote) and quote in re.sub(r"\s+", "", lines)


def cites_gold(
    question: Question, citations: Iterable[Mapping[str, Any]], units: Sequence[frozenset[str]]
) -> bool:
    """True when some citation names a gold clause, or its quote and a gold quote overlap."""
    gold_ids = frozenset().union(*units)
    gold = [fold_quote(item.quote) for group in question.gold for item in group]
    for citation in citations:
        if citation.get("clause_id") in gold_ids:
            return True
        quote = fold_quote(str(citation.get("quote", "")))
        for wanted in gold:
            if wanted in quote or (quote in wanted and len(quote) >= min(MIN_OVERLAP, len(wanted))):
                return True
    return False


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Shares in 0…1 over the answers given; None where nothing could be counted.

    `right`: answerable questions answered right. `false_refusal`: answerable questions refused.
    `refusal`: unanswerable questions refused. `correct`: all questions judged right, both kinds.
    `kept`: right answers that keep the qualifier. `cited`: answers with a citation of a gold clause.
    `verbatim`: quotes that stand in the named lines. `calibration_error`: expected calibration error
    of the confidence of answers given, ten bins. `length`: median characters of an answer given.
    """

    n: int
    answerable: int
    right: float | None
    false_refusal: float | None
    refusal: float | None
    correct: float | None
    kept: float | None
    cited: float | None
    verbatim: float | None
    quotes: int
    calibration_error: float | None
    length: float | None


def answer_figures(verdicts: Sequence[Verdict]) -> AnswerFigures:
    """The figures of a set of verdicts."""
    answerable = [v for v in verdicts if v.question.answerable]
    unanswerable = [v for v in verdicts if not v.question.answerable]
    given = [v for v in verdicts if v.status == "answered"]
    quotes = sum(v.quotes for v in verdicts)
    lengths = sorted(v.length for v in given)
    return AnswerFigures(
        n=len(verdicts),
        answerable=len(answerable),
        right=share([v.right for v in answerable]),
        false_refusal=share([v.refused and "not_found" not in v.question.accepted for v in answerable]),
        refusal=share([v.refused for v in unanswerable]),
        correct=share([v.right for v in verdicts]),
        kept=share([v.kept for v in verdicts if v.kept is not None]),
        cited=share([v.cited for v in given if v.cited is not None]),
        verbatim=sum(v.verbatim for v in verdicts) / quotes if quotes else None,
        quotes=quotes,
        calibration_error=calibration_error([(v.confidence, v.right) for v in given]),
        length=float(lengths[len(lengths) // 2]) if lengths else None,
    )


def share(flags: Sequence[bool | None]) -> float | None:
    """Share of true values, None for no values."""
    return sum(bool(f) for f in flags) / len(flags) if flags else None


def calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> float | None:
    """Expected calibration error: mean distance of stated confidence and share right, weighed by bin.

    Args:
        pairs: (confidence in 0…1, whether the answer was right).
    """
    if not pairs:
        return None
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in pairs:
        groups.setdefault(min(bins - 1, max(0, int(confidence * bins))), []).append((confidence, right))
    error = 0.0
    for group in groups.values():
        stated = sum(c for c, _ in group) / len(group)
        actual = sum(r for _, r in group) / len(group)
        error += abs(stated - actual) * len(group) / len(pairs)
    return error
