"""Claims in a question ("2030年达到30%，对吗？"): confirmed, or corrected with the clause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from policybot.answer.evidence.excerpt import tidy
from policybot.answer.evidence.pool import Scored
from policybot.answer.evidence.values import ValueHit
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.claimed import ASKED_FOR
from policybot.answer.question.kinds import TIMES
from policybot.answer.statements.value import ValueMaker
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Draft
from policybot.facts.quantities import Quantity, find_numbers, render_value, same_measure
from policybot.patterns import lazy_pattern

_CLEAR = 0.5  # share of the question that the value's surroundings must carry
_CELL = 0.6  # least score of a table cell that a claim is held against
_CLOSE = 0.08  # a value that agrees may be this far behind the best one
_DECIDED = 0.25  # gained by a verdict on a claim


class PremiseMaker:
    """Compares an amount or a year that the question states with what the documents give."""

    def __init__(self, values: ValueMaker) -> None:
        self.values = values

    def draft(self, ask: Ask, ranked: Sequence[Scored], hits: Sequence[ValueHit]) -> Draft | None:
        """A verdict on the amount or year claimed, None when the question claims none."""
        if not (ask.wants("yes_no") or "confirm" in ask.asks):
            return None
        kinds = ("percent", "quantity", "money", "count", "fraction", "points")
        claim = next(
            (
                q
                for q in ask.quantities
                if q.kind in kinds and not (q.kind == "count" and ASKED_FOR.search(ask.text[: q.start]))
            ),
            None,
        )
        if claim is not None:
            same = [h for h in hits if _comparable(claim, h.quantity)]
            return self._judge(
                ask,
                same,
                hits,
                lambda h: _agrees(claim, h.quantity),
                claim.text,
                render_value(claim, ask.language),
            )
        if len(ask.spans) == 1:
            return self._year(ask, ranked)
        return None

    def cell(self, ask: Ask, cells: Sequence[Draft]) -> Draft | None:
        """A verdict on a number claimed for a table cell, None when no cell or no number is meant."""
        if not (ask.wants("yes_no") or "confirm" in ask.asks):
            return None
        claims = [q for q in ask.quantities if q.kind in ("number", "percent", "count", "quantity", "points")]
        claims = claims or [q for q in find_numbers(ask.text) if q.kind in ("number", "percent", "year")]
        best = max((d for d in cells if d.status == "answered"), key=lambda d: d.score, default=None)
        if best is None or not claims or not best.findings or best.score < _CELL:
            return None
        found = best.findings[0]
        if not isinstance(found.value, (int, float)):
            return None
        claim = claims[-1]
        agrees = abs(claim.value - float(found.value)) < 1e-9
        slots = best.lines[0].slots
        made = line(
            "premise_right" if agrees else "premise_wrong",
            best.lines[0].evidence,
            value=slots.get("value", found.text),
            claimed=tidy(claim.text),
            sentence=fill("cell_said", slots, ask.language),
        )
        return replace(
            best,
            maker="premise",
            lines=(made,),
            score=best.score + _DECIDED,
            features={**best.features, "decided": 1.0},
        )

    def _year(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        """A verdict on the year claimed for something that happens or is to happen."""
        open_ask = replace(ask, years=(), spans=(), expects=("year", "date"))
        hits = [h for h in self.values.hits(open_ask, ranked) if h.quantity.kind in TIMES]
        if not hits or ask.wants("value", "count"):
            return None
        claimed = ask.spans[0]
        text = str(claimed[1]) + ("年" if ask.language == "zh" else "")
        return self._judge(
            ask,
            hits,
            hits,
            lambda h: (h.quantity.first, h.quantity.last) == claimed or h.quantity.last == claimed[1],
            text,
            text,
        )

    def _judge(
        self,
        ask: Ask,
        same: Sequence[ValueHit],
        hits: Sequence[ValueHit],
        agrees: Callable[[ValueHit], bool],
        claimed: str,
        stated: str,
    ) -> Draft | None:
        if not same:
            return None
        best = same[0]
        if best.cover < _CLEAR or best.fit < 0:
            return None
        agreeing = next((h for h in same if agrees(h) and h.score >= best.score - _CLOSE), None)
        hit = agreeing or best
        evidence = self.values.evidence(ask, hit)
        if agreeing is not None and _opposed(ask, claimed, hit):
            made = line("verdict_no", (evidence,), sentence=self.values.sentence(ask, hit))
            return Draft(
                "premise",
                (made,),
                hit.score + 3 * _DECIDED,
                findings=(self.values.finding(ask, hit, evidence),),
                steps=(Step("check_claim", {"claimed": claimed}, tidy(hit.quantity.phrase)),),
                features={**self.values.features(hit, hits), "decided": 1.0},
            )
        made = line(
            "premise_right" if agreeing else "premise_wrong",
            (evidence,),
            value=self.values.shown(ask, hit),
            claimed=tidy(stated),
            sentence=self.values.sentence(ask, hit),
        )
        return Draft(
            "premise",
            (made,),
            hit.score + _DECIDED,
            findings=(self.values.finding(ask, hit, evidence),),
            steps=(Step("check_claim", {"claimed": claimed}, tidy(hit.quantity.phrase)),),
            features={**self.values.features(hit, hits), "decided": 1.0},
        )


def _opposed(ask: Ask, claimed: str, hit: ValueHit) -> bool:
    """True where the question says "within" an amount of time and the clause "after" it, or the other way."""
    at = ask.text.find(claimed)
    if at < 0 or hit.quantity.kind in TIMES:
        return False
    said = ask.text[max(0, at - 16) : at + len(claimed) + 4]
    text = hit.scored.sentence.text
    found = text[max(0, hit.quantity.start - 8) : hit.quantity.end + 6]
    inside = _WITHIN.search(said) is not None and _LATER.search(said) is None
    later = _LATER.search(said) is not None and _WITHIN.search(said) is None
    return (inside and _LATER.search(found) is not None) or (later and _WITHIN.search(found) is not None)


_WITHIN = lazy_pattern(r"以?之?内(?!容)|不到|不满|未满|\b(?:within|in less than|in under|inside)\b")
_LATER = lazy_pattern(r"[年月日天]之?以?后|期满|\bafter\b")


def _comparable(claim: Quantity, value: Quantity) -> bool:
    return claim.dimension == value.dimension and claim.kind == value.kind


def _agrees(claim: Quantity, value: Quantity) -> bool:
    return same_measure(claim, value)
