"""What a question takes for granted (an amount, a count, a year), held against the clause it is about.

"Since the Protocol needed 75 Parties …, which was the 75th?" asks nothing about the number, but the clause
gives another one, and an answer that passes over it would agree to it. A claim is corrected only where the
clause carries what the question says around the claim, gives a value of the same kind, and nothing near
it agrees with the question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from policybot.answer.evidence.excerpt import tidy
from policybot.answer.evidence.pool import Scored
from policybot.answer.evidence.values import ValueHit
from policybot.answer.matching.match import Weigher, bare, covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.asks import Asks
from policybot.answer.question.claimed import Claim, claims_of, counts, superlative
from policybot.answer.question.kinds import TIMES
from policybot.answer.statements.value import ValueMaker
from policybot.answer.tables.cells import CellMaker
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Draft
from policybot.facts.quantities import Quantity, render_value, same_measure
from policybot.patterns import lazy_pattern
from policybot.text import is_han

_LEAST = 0.62  # share of what stands around the claim that the value's surroundings must carry
_LEAST_YEAR = 0.68  # … for a year, of which a text holds many
_LEAST_WHY = 0.8  # … for a year in the question proper
_NEAR = 0.2  # an agreeing value this far behind the best one still settles that the claim is right
_WORST = 0.5  # weight of a word about the claim that the sentence lacks, from which on nothing is corrected
_WORST_PLACED = 0.15  # … for a year said of a place, which does much in many years
_WHOLE = 0.9  # share of a claim without a place that a sentence about some place must carry
_CELL = 0.6  # least score of a table cell that a claim is held against
_EXACT = 0.1  # gained by a count of the very word that the claim counts
_DECIDED = 0.25  # gained by a correction
_NOUN_AFTER = 18  # characters after a count within which what is counted is named
_PLAIN_UNITS = ("", "个", "项", "种")  # units that anything is counted in
_VAGUE = 0.2  # weight of a word that says no more than how something is put
_GAP = 3  # characters between what is counted and a count behind it (举措共计98项)
_CALLED = 8  # characters before a value within which it is called the highest
_SUPERLATIVE = {"max": lazy_pattern(r"最[高大多强长]"), "min": lazy_pattern(r"最[低小少弱短]")}
_STOP = lazy_pattern(r"[，。；,;]")
_TELLING_UNIT = lazy_pattern(r"批|届|类|级|期|票|章|款|方面")  # says by itself what is counted
_CHOSEN = lazy_pattern(r"(?:最[高低大小多少早晚]的?|前|后|其中)\s*$")  # a count of a few picked out


class ClaimMaker:
    """Finds claims of a question that the documents contradict."""

    def __init__(self, values: ValueMaker, cells: CellMaker, weigh: Weigher | None = None) -> None:
        self.values = values
        self.cells = cells
        self.weigh = weigh

    def draft(
        self, ask: Ask, ranked: Sequence[Scored], search: Callable[[Ask], Sequence[Scored]] | None = None
    ) -> Draft | None:
        """The correction of what the question asserts, None when nothing is asserted or nothing is wrong.

        `search` finds sentences for a part of the question, where those of the whole hold no such value.
        """
        claims = claims_of(ask)
        hits: list[tuple[Claim, ValueHit]] = []
        for claim in claims:
            # A table's cell about the very place says more than a sentence that names it.
            placed = claim.quantity.kind != "percent" and any(c.kind == "place" for c in claim.concepts)
            if placed and (made := self._cell(ask, claim)) is not None:
                return made
            hit = self._wrong(ask, claim, ranked)
            if hit is None and claim.alone and search is not None and not self._alike(ask, claim, ranked):
                hit = self._wrong(
                    ask, claim, search(replace(ask, concepts=claim.concepts, spans=claim.spans))
                )
            if hit is not None:
                hits.append((claim, hit))
        if hits:
            return self._corrected(ask, hits)
        return next((made for claim in claims if (made := self._cell(ask, claim)) is not None), None)

    @staticmethod
    def part(ask: Ask) -> Ask:
        """The question as far as it asserts something: what a correction has to carry."""
        said = {c.start for claim in claims_of(ask) for c in claim.concepts}
        kept = tuple(c for c in ask.concepts if c.start in said)
        return replace(ask, concepts=kept, heads=frozenset(), years=(), spans=())

    def _cell(self, ask: Ask, claim: Claim) -> Draft | None:
        """The correction by the table cell that the claim is about."""
        if (ask.wants("yes_no") or "confirm" in ask.asks) and not claim.alone:
            return None  # premise.py decides those
        part = self._open(ask, claim, expects=())
        drafts = [d for d in self.cells.drafts(part, self.cells.book.matches(part)) if d.maker == "cell"]
        best = max((d for d in drafts if d.status == "answered"), key=lambda d: d.score, default=None)
        if best is None or best.score < _CELL or best.features.get("row", 0.0) < 1.0:
            return None
        found = best.findings[0]
        time = claim.quantity.kind in TIMES
        if not isinstance(found.value, (int, float)) or time != (found.year is not None):
            return None
        if abs(float(found.value) - claim.quantity.value) < 1e-9:
            return None
        slots = best.lines[0].slots
        made = line(
            "premise_wrong",
            best.lines[0].evidence,
            value=slots.get("value", found.text),
            claimed=_worded(claim.quantity, ask.language),
            sentence=fill("cell_said", slots, ask.language),
        )
        return replace(
            best,
            maker="claim",
            lines=(made,),
            score=best.score + 2 * _DECIDED,
            features={**best.features, "own": 1.0, "decided": 1.0},
        )

    @staticmethod
    def _open(ask: Ask, claim: Claim, expects: tuple[str, ...]) -> Ask:
        """The question without its claim: what the value at that place is."""
        time = claim.quantity.kind in TIMES
        named = {o for c in claim.concepts if c.kind == "place" for o, _ in c.options[:1]}
        return replace(
            ask,
            places=tuple(p for p in ask.places if bare(p) in named or p in named),
            concepts=claim.concepts,
            asked=frozenset(),
            after=frozenset(),
            heads=frozenset(),
            asks=Asks(frozenset({"confirm"})),
            types=("value",),
            quantities=(),
            years=() if time else tuple(last for _, last in claim.spans),
            spans=() if time else claim.spans,
            expects=expects,
            measures=(),
            amount=False,
        )

    def _alike(self, ask: Ask, claim: Claim, ranked: Sequence[Scored]) -> list[ValueHit]:
        """Values of the claim's kind, best first."""
        time = claim.quantity.kind in TIMES
        part = self._open(ask, claim, ("year", "date") if time else _expected(claim.quantity))
        others = [q for q in ask.quantities if q.start != claim.quantity.start]
        # A treaty is named as what is done as often as where to look.
        documents = self.values.pool.corpus.documents
        named = [d for d in ask.documents if documents[d].status != "treaty"]
        hits = [
            h
            for h in self.values.hits(part, ranked)
            if self._comparable(claim, h)
            and (not named or h.scored.sentence.clause.document in named)
            and _so_called(ask, claim, h)
            and not any(same_measure(q, h.quantity) for q in others)
        ]
        return sorted(hits, key=lambda h: -h.score - _EXACT * self._exact(claim, h))

    def _wrong(self, ask: Ask, claim: Claim, ranked: Sequence[Scored]) -> ValueHit | None:
        """The value that stands where the question claims another one."""
        time = claim.quantity.kind in TIMES
        hits = self._alike(ask, claim, ranked)
        if not hits:
            return None
        best = hits[0]
        if any(_agrees(claim.quantity, h.quantity) and h.score >= best.score - _NEAR for h in hits):
            return None
        least = (_LEAST_YEAR if claim.alone else _LEAST_WHY) if time else _LEAST
        placed = time and any(c.kind == "place" for c in claim.concepts)
        if (
            best.cover < least
            or best.worst >= (_WORST_PLACED if placed else _WORST)
            or best.fit < 0
            or self._elsewhere(claim, best)
        ):
            return None
        return best

    def _comparable(self, claim: Claim, hit: ValueHit) -> bool:
        said, found = claim.quantity, hit.quantity
        if said.kind in TIMES:
            # 每年3月31日前 says nothing against a day of one year.
            yearly = found.date.startswith("--") and not said.date.startswith("--")
            return found.kind in TIMES and not yearly
        if said.base_year and found.base_year and said.base_year != found.base_year:
            return False
        spelled = said.kind == "number" and found.kind == "count"  # "five batches", 三批
        if not spelled and (said.kind != found.kind or said.dimension != found.dimension):
            return False
        if found.kind != "count":
            return True
        text = hit.scored.sentence.text
        if not spelled and said.unit == found.unit and _TELLING_UNIT.fullmatch(said.unit):
            return True
        if not spelled and said.unit[:1] != found.unit[:1] and is_han(said.unit[:1] or "a"):
            return False
        if _CHOSEN.search(text[: found.start]):
            return False
        after = norm(_STOP.split(text[found.start : found.phrase_end + _NOUN_AFTER])[0])
        before = norm(_STOP.split(text[max(0, found.phrase_start - _NOUN_AFTER) : found.start])[-1])
        counted = [
            c
            for c in claim.concepts
            if counts(c, said) and (c.known or c.weight > _VAGUE or len(c.surface) == 1)
        ][:1]
        if counted:
            least = 0.8 if said.unit in _PLAIN_UNITS else 0.4  # 135台 says more of what it counts than 135个
            return all(
                covers(c, after, self.weigh) >= 0.5 or covers(c, before, self.weigh) >= least for c in counted
            )
        if spelled:
            return False
        ahead = [c for c in claim.concepts if 0 <= said.phrase_start - c.end <= _GAP]
        return bool(ahead) and all(covers(c, before, self.weigh) >= 0.5 for c in ahead)

    def _elsewhere(self, claim: Claim, hit: ValueHit) -> bool:
        """True for a sentence about a place that the claim does not name, unless it names the claim's too."""
        named = [c for c in claim.concepts if c.kind == "place"]
        inside = bool(named) and all(covers(c, hit.scored.sentence.norm, self.weigh) >= 0.8 for c in named)
        return hit.scored.elsewhere and not inside and (bool(named) or hit.cover < _WHOLE)

    def _exact(self, claim: Claim, hit: ValueHit) -> bool:
        """True for a count right before the very word that the claim counts (四个领域, not 二十个子领域)."""
        text = norm(hit.scored.sentence.text[hit.quantity.end :][:_NOUN_AFTER])
        return any(
            text.startswith(option)
            for c in claim.concepts
            if counts(c, claim.quantity)
            for option, value in c.options
            if value >= 0.8
        )

    def _corrected(self, ask: Ask, found: Sequence[tuple[Claim, ValueHit]]) -> Draft:
        lines, findings, steps = [], [], []
        shown: set[str] = set()
        for claim, hit in found:
            evidence = self.values.evidence(ask, hit)
            sentence = self.values.sentence(ask, hit)
            lines.append(
                line(
                    "premise_wrong",
                    (evidence,),
                    value=self.values.shown(ask, hit),
                    claimed=_worded(claim.quantity, ask.language),
                    sentence="" if sentence in shown else sentence,
                )
            )
            shown.add(sentence)
            findings.append(self.values.finding(ask, hit, evidence))
            steps.append(Step("check_claim", {"claimed": claim.quantity.text}, tidy(hit.quantity.phrase)))
        worst = min((hit for _, hit in found), key=lambda h: h.score)
        return Draft(
            "claim",
            tuple(lines),
            worst.score + _DECIDED,
            findings=tuple(findings),
            steps=tuple(steps),
            features={**self.values.features(worst, [h for _, h in found]), "decided": 1.0},
        )


def _so_called(ask: Ask, claim: Claim, hit: ValueHit) -> bool:
    """True where what the question calls the highest or lowest is called so in the sentence too."""
    kind = superlative(ask.text, claim.quantity)
    before = hit.scored.sentence.text[max(0, hit.quantity.start - _CALLED) : hit.quantity.start]
    return not kind or _SUPERLATIVE[kind].search(before) is not None


def _expected(quantity: Quantity) -> tuple[str, ...]:
    if quantity.kind in ("percent", "points", "fraction"):
        return ("percent",)
    if quantity.kind in ("money", "count"):
        return (quantity.kind,)
    if quantity.kind == "number":
        return ("count",)
    return (quantity.dimension.split("/")[0],)


def _agrees(claim: Quantity, value: Quantity) -> bool:
    if claim.kind in TIMES:
        if claim.first is None or value.first is None:
            return False
        return bool(claim.first <= (value.last or value.first) and value.first <= (claim.last or claim.first))
    if claim.kind == "number" and value.kind == "count":
        return claim.amount == value.amount
    return same_measure(claim, value)


def _worded(quantity: Quantity, language: str) -> str:
    if quantity.kind in TIMES:
        return tidy(quantity.text)
    return tidy(render_value(quantity, language))
