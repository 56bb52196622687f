"""Sums over numbered sets: "how many measures did all three batches announce" from 第三批 and 第一批和第二批.

Each set's value stands in a sentence of its own that names the set by its number; the values are added up
only where the sets told of are all there are, each once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from policybot.answer.computing.accounted import Accountant
from policybot.answer.evidence.labelled import Labelled, evidence_of, labelled, quoted
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.matching.match import Weigher, covers
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import plain, read_operations
from policybot.answer.tables.planlines import computed
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding, Line, accounting
from policybot.facts.quantities import render_value
from policybot.facts.render import amount_text
from policybot.patterns import lazy_pattern

_SETS = lazy_pattern(
    r"(?<!第)(?P<zh>[两二三四五]|各|每|所有|全部)(?:个)?(?P<noun>批|期|轮)"
    r"|\b(?:all |the )?(?P<en>two|three|four|five|all|every|each)(?: the)? (?P<nouns>batch|round"
    r"|phase|period)(?:e?s)?\b"
)
_SAYING = lazy_pattern(
    r"提出|宣布|承诺|许下|\b(?:announc\w*|propos\w*|promis\w*|pledg\w*|plan\w*|put forward|commit\w*)\b"
)
_NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "two": 2, "three": 3, "four": 4, "five": 5}
_NOUNS = {"batch": "批", "round": "轮", "phase": "期", "period": "期"}
_HAN = "一二三四五六七八九"
_SENTENCES = 10
_LEAST = 0.6
_GAIN = 0.6
_TIE = 0.001


class OrdinalMaker:
    """Makes drafts on what numbered sets come to together."""

    def __init__(self, pool: Pool, weigh: Weigher) -> None:
        self.pool = pool
        self.weigh = weigh
        self.accountant = Accountant(pool, weigh)

    def drafts(self, ask: Ask, ranked: Sequence[Scored]) -> list[Draft]:
        """At most one draft; none unless numbered sets are to be added up."""
        match = _SETS.search(ask.text)
        operations = read_operations(ask.text)
        if match is None or "total" not in operations:
            return []
        noun = match["noun"] or _NOUNS[match["nouns"]]
        wanted = _NUMBERS.get(match["zh"] or match["en"])
        found: dict[frozenset[int], tuple[float, Labelled]] = {}
        for scored in ranked[:_SENTENCES]:
            for sets, value, said in self._values(ask, scored, noun):
                if sets not in found or said > found[sets][0]:
                    found[sets] = (said, value)
        parts = sorted(found.items(), key=lambda pair: min(pair[0]))
        numbers = [n for sets, _ in parts for n in sets]
        complete = sorted(numbers) == list(range(1, (wanted or max(numbers, default=0)) + 1))
        values = [value for _, (_, value) in parts]
        if len(parts) < 2 or not complete or len({v.quantity.unit for v in values}) > 1:
            return []
        if len({v.scored.sentence.clause.id for v in values}) > 1:
            return []
        spans = [
            match.span(),
            *(m.span() for m in _SAYING.finditer(ask.text)),
            *((low, high) for _, low, high in operations.spans),
        ]
        account = self.accountant.of(ask, [v.scored.sentence for v in values], spans)
        if account.cover < _LEAST or account.lacking:
            return []
        return [self._draft(ask, parts, noun, account.cover)]

    def _values(
        self, ask: Ask, scored: Scored, noun: str
    ) -> Iterator[tuple[frozenset[int], Labelled, float]]:
        """The numbers of the sets that a sentence tells of, and its value that is asked for."""
        text = scored.sentence.norm
        sets = frozenset(_HAN.index(m[1]) + 1 for m in re.finditer(rf"第([{_HAN}]){noun}", text))
        values = [
            v
            for v in labelled(self.pool, scored)
            if v.quantity.kind in ("count", "quantity") and v.quantity.upper_amount is None
        ]
        if ask.measures:
            values = [v for v in values if v.quantity.unit in ask.measures] or values
        if not sets or not values:
            return
        # The words of a sentence add up; its value is the first one by which all of the question's are said.
        said = [self._said(ask, v) for v in values]
        first = next(v for v, worth in zip(values, said, strict=True) if worth >= max(said) - _TIE)
        yield sets, first, scored.cover

    def _said(self, ask: Ask, value: Labelled) -> float:
        total = sum(c.weight for c in ask.concepts) or 1.0
        return sum(c.weight * covers(c, value.far, self.weigh) for c in ask.concepts) / total

    def _draft(
        self,
        ask: Ask,
        parts: Sequence[tuple[frozenset[int], tuple[float, Labelled]]],
        noun: str,
        cover: float,
    ) -> Draft:
        lines: list[Line] = []
        findings: list[Finding] = []
        values = [value for _, (_, value) in parts]
        for sets, (_, value) in parts:
            evidence = evidence_of(value)
            label = "、".join(f"第{_HAN[n - 1]}{noun}" for n in sorted(sets))
            if ask.language == "en":
                word = next(w for w, sign in _NOUNS.items() if sign == noun)
                label = f"{word} " + " + ".join(str(n) for n in sorted(sets))
            shown = render_value(value.quantity, ask.language)
            lines.append(line("compare_line", (evidence,), label=label, value=shown))
            findings.append(quoted(value, evidence))
            findings += [Finding("derived", float(n), text=label, evidence=evidence) for n in sorted(sets)]
        amounts = [v.quantity.amount for v in values]
        total = sum(amounts, Decimal(0))
        shown = amount_text(values[0].quantity, total, ask.language)
        lines.append(line("arithmetic_sum", (), value=shown))
        findings.append(computed(total, "sum", amounts, shown, values[0].quantity.unit))
        step = Step("compute", {"operation": "sum", "inputs": [plain(a) for a in amounts]}, shown)
        features = accounting(cover)
        return Draft(
            "arithmetic",
            tuple(lines),
            cover + _GAIN,
            findings=tuple(findings),
            steps=(step,),
            features=features,
        )
