"""A question made ready for comparing with text: concepts weighed by rarity, definition patterns, numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from policybot.corpus.wordlists import obligation_terms
from policybot.facts.quantities import same_measure
from policybot.facts.years import YearMention
from policybot.patterns import lazy_pattern
from policybot.retrieve.analysis import QuestionAnalysis
from policybot.retrieve.evidence import IN_HEADING, ClauseView, Option, Sentence, met, options_of
from policybot.retrieve.questions import Rules
from policybot.retrieve.terms import Concept

NAMING = 0.4  # weight of words that only name a document
RULINGS = frozenset({"prohibition", "restriction", "permission"})  # of corpus/data/obligation.csv
_HAN_RUN = lazy_pattern(r"[\u4e00-\u9fff]{2,}")


@dataclass(frozen=True)
class Scope:
    """A question for `policybot.retrieve.sentences` and `policybot.retrieve.features`.

    Attributes:
        analysis: the question taken apart.
        concepts: its concepts, as wordings to look up and importance; `total` is the sum of importances
            (at least 1e-9).
        runs: longer stretches of the question, for verbatim matches.
        defines: pattern of a definition of the thing asked about, None when no definition is asked for.
        counted: pattern of the amount asked for by its measure word, None when it is not.
        answers: what values of the kinds asked for look like.
        rules: the rules of question types.
        in_heads: how well each concept is met by headings, filled as they are met.
    """

    analysis: QuestionAnalysis
    concepts: tuple[tuple[tuple[Option, ...], float], ...]
    total: float
    runs: tuple[str, ...]
    defines: re.Pattern[str] | None
    counted: re.Pattern[str] | None
    answers: tuple[re.Pattern[str], ...]
    rules: Rules
    in_heads: dict[str, list[float]] = field(default_factory=dict, compare=False, repr=False)

    def shows_value(self, tight: str) -> float:
        """How well a text shows a value of the kind asked for; 0 when nothing is expected.

        1 for an amount in the measure word asked for or, where none was, of a kind asked for; half
        for a kind asked for in another measure.
        """
        if self.counted is not None and self.counted.search(tight):
            return 1.0
        for pattern in self.answers:
            if pattern.search(tight):
                return 1.0 if self.counted is None else 0.5
        return 0.0

    def in_column(self, row: str) -> float:
        """1 when a table row ("column：cell；…", without blanks) has a column of a kind asked for."""
        columns = [cell.partition("：")[0] for cell in row.split("；") if "：" in cell]
        kinds = self.analysis.expects
        return float(any(self.rules.heads(kind, column) for kind in kinds for column in columns))

    def rules_on(self, tight: str) -> float:
        """For a yes/no question, 1 when a text forbids, limits or permits something; else 0."""
        if self.analysis.type != "yes_no":
            return 0.0
        return float(any(kind in RULINGS for _, _, kind in obligation_terms().found(tight)))

    def same_amounts(self, sentence: Sentence) -> float:
        """Share of the question's amounts (1吨, 100万) that stand in a sentence, in any unit and script."""
        asked = self.analysis.quantities
        if not asked:
            return 0.0
        stated = sentence.quantities
        return sum(any(same_measure(q, other) for other in stated) for q in asked) / len(asked)


class Meeting(NamedTuple):
    """How well each concept is met in a clause's body and in its headings, 0–1, in the scope's order.

    `wide` is the weighted sum over body and headings together, `above` over the headings alone.
    """

    body: list[float]
    head: list[float]
    wide: float
    above: float


def meeting(scope: Scope, view: ClauseView) -> Meeting:
    """Compare the concepts of a question with a clause."""
    body, head = view.tight_body, view.tight_head
    inside = [met(options, view.body, body) for options, _ in scope.concepts]
    over = scope.in_heads.get(view.head)  # many clauses stand under one heading
    if over is None:
        over = scope.in_heads[view.head] = [met(options, view.head, head) for options, _ in scope.concepts]
    wide = above = 0.0
    for (_, weight), in_body, in_head in zip(scope.concepts, inside, over, strict=True):
        wide += weight * max(in_body, IN_HEADING * in_head)
        above += weight * in_head
    return Meeting(inside, over, wide, above)


def make_scope(analysis: QuestionAnalysis, importance: Callable[[Concept], float], rules: Rules) -> Scope:
    """Weigh the concepts of a question; `importance` comes from the index."""
    concepts = tuple(
        (options_of(c), importance(c) * (NAMING if c.kind == "document" else 1)) for c in analysis.concepts
    )
    total = sum(weight for _, weight in concepts)
    counted = re.compile(analysis.counted) if analysis.counted else None
    return Scope(
        analysis=analysis,
        concepts=concepts,
        total=max(total, 1e-9),
        runs=_runs(analysis),
        defines=_definition(analysis, rules),
        counted=counted,
        answers=rules.answers_of(analysis.expects),
        rules=rules,
    )


def agreement(asked: Sequence[YearMention], stated: Sequence[YearMention]) -> float:
    """How years asked about and years stated agree, -1 to 1; 0 when either side has none.

    1 for a year asked about, 0.6 when one lies in the other's span (2025 in 2021–2025).
    """
    if not asked or not stated:
        return 0.0
    best = -1.0
    for question in asked:
        for text in stated:
            if question.last == text.last and (question.first == text.first or text.first == text.last):
                return 1.0
            if text.first <= question.last <= text.last or question.first <= text.last <= question.last:
                best = max(best, 0.6)
    return best


def _runs(analysis: QuestionAnalysis) -> tuple[str, ...]:
    return tuple(m.group() for m in _HAN_RUN.finditer(analysis.text))


def _definition(analysis: QuestionAnalysis, rules: Rules) -> re.Pattern[str] | None:
    if "definition" not in analysis.types:
        return None
    wordings = (w.text.replace(" ", "") for concept in analysis.concepts for w in concept.wordings)
    return rules.definition_of(word for word in wordings if len(word) > 1)
