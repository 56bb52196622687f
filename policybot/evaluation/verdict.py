"""The verdict on one answer: right or not and why, citations, quotes, numbers, completeness.

Answers come as the dictionaries of `ask --json`, so that the same verdict can be given on any engine's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from policybot.evaluation import completeness
from policybot.evaluation.matching import contains, fold_quote, keeps_qualifier
from policybot.evaluation.provenance import unaccounted
from policybot.evaluation.qaset import Question

# Shorter stretches occur anywhere (2025, 3个) and prove no citation right.
MIN_OVERLAP = 8
LineText = Callable[[str, int, int], str]


@dataclass(frozen=True)
class Verdict:
    """What is known about one answer.

    Attributes:
        right: the status is accepted and, when it is not "not_found", the answer contains what it must
            and nothing it must not.
        missing: groups of `must_contain` of which the answer has no alternative; `forbidden`: words of
            `must_not_contain` that it has.
        kept: whether it keeps the qualifier; None when none is asked for or the answer is not right.
        cited: whether some citation is of a gold clause; None without gold or citations.
        citations, gold_citations: distinct clauses cited, and how many of them are gold;
            `units`, `cited_units`: gold clauses needed (copies count once), and how many are cited.
        quotes, verbatim: quotes checked, and how many stand in the lines they name.
        numbers, unaccounted: how many numbers the answer has, and those that come from nowhere.
        list_recall, list_precision: see `policybot.evaluation.completeness`.
        confidence: as stated, 0…1. length: characters. elapsed_ms: as stated.
        retrieval: the search's figures for this question, empty when they cannot be judged.
        documents: ids of the documents that hold its gold, the most authoritative copy of each.
        near_annotation: a question of an annotation reads nearly the same.
        input_tokens, output_tokens: what a language model was sent and sent back; None without one.
    """

    question: Question
    status: str
    right: bool
    refused: bool
    missing: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()
    kept: bool | None = None
    cited: bool | None = None
    citations: int = 0
    gold_citations: int = 0
    units: int = 0
    cited_units: int = 0
    quotes: int = 0
    verbatim: int = 0
    numbers: int = 0
    unaccounted: tuple[str, ...] = ()
    list_recall: float | None = None
    list_precision: float | None = None
    confidence: float = 0.0
    length: int = 0
    elapsed_ms: float = 0.0
    retrieval: Mapping[str, float] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    near_annotation: bool = False
    input_tokens: int | None = None
    output_tokens: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """As stored in a run: every field but the question."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "question"}

    @staticmethod
    def from_dict(question: Question, data: Mapping[str, Any]) -> Verdict:
        """Raises TypeError when a field is unknown or missing."""
        values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in data.items()}
        values["missing"] = tuple(tuple(group) for group in values.get("missing", ()))
        return Verdict(question=question, **values)


def judge(
    question: Question,
    answer: Mapping[str, Any],
    units: Sequence[frozenset[str]] = (),
    line_text: LineText | None = None,
    gold_text: str = "",
) -> Verdict:
    """Judges one answer.

    Args:
        answer: the object `ask --json` prints.
        units: gold clauses (`GoldFinder.units`); without them a citation counts by its quote alone.
        line_text: (source, first line, last line) → the lines, to check that quotes are verbatim.
        gold_text: the gold clauses' text, folded, to check the items of a list against.
    """
    status = str(answer.get("status", "error"))
    text = str(answer.get("answer", ""))
    given = status == "answered"
    citations: Sequence[Mapping[str, Any]] = answer.get("citations") or ()
    missing = tuple(g for g in question.must_contain if not any(contains(text, word) for word in g))
    forbidden = tuple(word for word in question.must_not_contain if contains(text, word))
    right = status in question.accepted and (status == "not_found" or not (missing or forbidden))
    count, strays = unaccounted(answer, _asked(question)) if given else (0, [])
    clauses, gold_clauses = _clauses(question, citations, units) if given and question.gold else (0, 0)
    cited_units = sum(_holds(question, citations, n, unit) for n, unit in enumerate(units)) if given else 0
    return Verdict(
        question=question,
        status=status,
        right=right,
        refused=status == "not_found",
        missing=missing,
        forbidden=forbidden,
        kept=keeps_qualifier(text, question.qualifier) if right and question.qualifier else None,
        cited=cites_gold(question, citations, units) if question.gold and citations else None,
        citations=clauses,
        gold_citations=gold_clauses,
        units=len(units),
        cited_units=cited_units,
        quotes=len(citations) if line_text else 0,
        verbatim=sum(is_verbatim(c, line_text) for c in citations) if line_text else 0,
        numbers=count,
        unaccounted=tuple(strays),
        list_recall=_list_recall(question, text, given, (cited_units, len(units))),
        list_precision=completeness.precision(question, text, gold_text) if given and gold_text else None,
        confidence=float(answer.get("confidence") or 0.0),
        length=len(text),
        elapsed_ms=float(answer.get("elapsed_ms") or 0.0),
    )


def is_verbatim(citation: Mapping[str, Any], line_text: LineText) -> bool:
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
    return any(_names(question, c, gold_ids, _gold_quotes(question)) for c in citations)


def _gold_quotes(question: Question) -> list[str]:
    return [fold_quote(item.quote) for group in question.gold for item in group]


def _names(
    question: Question, citation: Mapping[str, Any], gold_ids: frozenset[str], gold: Sequence[str]
) -> bool:
    if citation.get("clause_id") in gold_ids:
        return True
    quote = fold_quote(str(citation.get("quote", "")))
    return any(w in quote or (quote in w and len(quote) >= min(MIN_OVERLAP, len(w))) for w in gold)


def _clauses(
    question: Question, citations: Iterable[Mapping[str, Any]], units: Sequence[frozenset[str]]
) -> tuple[int, int]:
    """(distinct clauses cited, those of them that are gold).

    A table or heading above a gold clause that is cited too only says where it stands: it does not count.
    """
    gold_ids, gold = frozenset().union(*units), _gold_quotes(question)
    seen: dict[str, bool] = {}
    for citation in citations:
        name = str(citation.get("clause_id") or citation.get("clause"))
        seen[name] = seen.get(name, False) or _names(question, citation, gold_ids, gold)
    right = [name for name, is_gold in seen.items() if is_gold]
    above = [n for n in seen if n not in right and any(g.startswith(f"{n}/") for g in right)]
    return len(seen) - len(above), len(right)


def _holds(
    question: Question, citations: Iterable[Mapping[str, Any]], number: int, unit: frozenset[str]
) -> bool:
    """Whether some citation is of the `number`-th unit, or its quote holds one of the unit's quotes."""
    groups = question.gold if question.gold_need == "any" else question.gold[number : number + 1]
    quotes = [fold_quote(item.quote) for group in groups for item in group]
    return any(_names(question, c, unit, quotes) for c in citations)


def _list_recall(question: Question, text: str, given: bool, cited: tuple[int, int]) -> float | None:
    if not question.answerable or "answered" not in question.accepted:
        return None
    # A refusal may name what was asked for; it lists nothing.
    return completeness.recall(question, text if given else "", cited)


def _asked(question: Question) -> dict[str, Any]:
    turns = [{"question": t.question, "answer": t.answer} for t in question.history]
    return {"question": question.question, "history": turns}
