"""Two values of sentences side by side, and what is computed from them: difference, sum, what is left.

The sides are the years, the extremes or the things that the question names; each gets the quantity whose
label says so. Nothing is computed from quantities of different units.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from policybot.answer.ask import Ask
from policybot.answer.cite import Evidence
from policybot.answer.compare import period
from policybot.answer.compose import fill, line
from policybot.answer.draft import Draft, Finding, Line
from policybot.answer.labelled import Labelled, labelled, shared_by
from policybot.answer.labels import Labels
from policybot.answer.match import Concept, Weigher, covers, norm
from policybot.answer.model import Step
from policybot.answer.operations import Operations, read_operations
from policybot.answer.planlines import computed
from policybot.answer.pool import Pool, Scored
from policybot.facts.measure import Quantity
from policybot.facts.quantities import render_value
from policybot.facts.render import amount_text
from policybot.patterns import lazy_pattern

_SENTENCES = 14  # sentences looked into
_LEAST = 0.55  # share of the question that the sentences must carry
_COVERED = 0.7  # share of a side's word that a label must carry
_GAIN = 0.5  # gained over makers of one value
_SHARE = lazy_pattern(r"[占比率](?:比|例|分别|各|是|对|$)|share|rate|percent")
_TELLING = 0.3  # weight from which a word may be one of the things set side by side
_PERIOD = 5  # years: a longer period is named by its two ends
_MOST = 4  # sides
_CLOSE = 0.15  # gained by two values of one sentence
_CLAUSE = 0.05  # … of one clause
_WHOLE = lazy_pattern(r"共计|总计|合计|总共|一共|共有|共|总数|选择|确定")
_DONE = lazy_pattern(r"已|实际|其中|完成|落实")
_JOIN = lazy_pattern(
    r"以及|和|与|跟|及|、|,|对比|相比|比|\b(?:and|versus|vs|than|against|compared (?:with|to)|or|from|to)\b"
)
_QUOTED = lazy_pattern(r"[“\"《]([^”\"》]{2,20})[”\"》]")
_EACH = lazy_pattern(
    r"各|分别|对比|比较|两[个者类块]|\b(?:respectively|each|both|compare|versus|vs|against)\b"
)


@dataclass(frozen=True)
class Side:
    """One of the things set side by side: its label, its words or its years."""

    label: str
    concepts: tuple[Concept, ...] = ()
    years: tuple[int, int] | None = None


class ArithmeticMaker:
    """Makes drafts from the values of the best sentences."""

    def __init__(self, pool: Pool, labels: Labels, weigh: Weigher) -> None:
        self.pool = pool
        self.labels = labels
        self.weigh = weigh

    def drafts(self, ask: Ask, ranked: Sequence[Scored]) -> list[Draft]:
        """At most one draft; none for a question about tables, which has makers of its own."""
        operations = read_operations(ask.text)
        values = [v for s in ranked[:_SENTENCES] if not s.sentence.heading for v in labelled(self.pool, s)]
        if "rest" in operations:
            return self._rest(ask, operations, values)
        wanted = any(name in operations for name in ("difference", "total", "ratio"))
        if "class" in ask.asks and not wanted:
            return []
        each = _EACH.search(ask.text) is not None and (ask.amount or ask.ratio or bool(ask.expects))
        if not wanted and not (each and ask.wants("comparison", "value", "list", "other")):
            return []
        sides = _sides(ask)
        if not 2 <= len(sides) <= _MOST:
            return []
        return self._paired(ask, operations, sides, values, wanted)

    def _paired(
        self,
        ask: Ask,
        operations: Operations,
        sides: Sequence[Side],
        values: Sequence[Labelled],
        wanted: bool,
    ) -> list[Draft]:
        fits = [[v for v in values if self._fits(side, sides, v)] for side in sides]
        chosen = self._together(ask, fits)
        if chosen is None:
            return []
        cover = self._cover(ask, operations, sides, chosen)
        if cover < _LEAST:
            return []
        lines: list[Line] = []
        findings: list[Finding] = []
        steps: list[Step] = []
        for side, value in zip(sides, chosen, strict=True):
            evidence = _evidence(value)
            shown = render_value(value.quantity, ask.language)
            shown = re.sub(r"\s", "", shown) if ask.language == "zh" else shown
            lines.append(line("compare_line", (evidence,), label=self._label(ask, side), value=shown))
            findings += [*period(ask, self._label(ask, side)), _quoted(value, evidence)]
            steps.append(Step("find_value", {"side": self._label(ask, side)}, value.quantity.text))
        made = self._computed(ask, operations, sides, [v.quantity for v in chosen])
        if made is None and wanted:
            return []
        if made is not None:
            said, finding, step = made
            lines.append(said)
            findings.append(finding)
            steps.append(step)
        features = {"cover": cover, "own": cover, "wide": cover, "found": 1.0, "year_fit": 1.0}
        return [
            Draft(
                "arithmetic",
                tuple(lines),
                cover + _GAIN,
                findings=tuple(findings),
                steps=tuple(steps),
                features=features,
            )
        ]

    def _together(self, ask: Ask, fits: Sequence[Sequence[Labelled]]) -> list[Labelled] | None:
        """One value for each side, all comparable, from sentences as good and as close as can be."""
        best: tuple[float, list[Labelled]] | None = None
        for first in fits[0]:
            chosen, score = [first], first.scored.score
            for others in fits[1:]:
                near = [(self._closeness(chosen, v), v) for v in others if self._goes_with(ask, chosen, v)]
                if not near:
                    break
                gain, value = max(near, key=lambda pair: pair[0])
                chosen.append(value)
                score += gain
            if len(chosen) == len(fits) and (best is None or score > best[0]):
                best = (score, chosen)
        return best[1] if best is not None else None

    def _goes_with(self, ask: Ask, chosen: Sequence[Labelled], value: Labelled) -> bool:
        if not all(_comparable(c.quantity, value.quantity) and self._asked(ask, c, value) for c in chosen):
            return False
        twice = any(
            c.quantity is value.quantity and c.scored.sentence is value.scored.sentence for c in chosen
        )
        return not twice or shared_by(value.scored.sentence.text, value.quantity) >= len(chosen) + 1

    @staticmethod
    def _closeness(chosen: Sequence[Labelled], value: Labelled) -> float:
        sentence, first = value.scored.sentence, chosen[0].scored.sentence
        if sentence is first:
            return value.scored.score + _CLOSE
        return value.scored.score + (_CLAUSE if sentence.clause is first.clause else 0.0)

    def _computed(
        self, ask: Ask, operations: Operations, sides: Sequence[Side], values: Sequence[Quantity]
    ) -> tuple[Line, Finding, Step] | None:
        """The line with the sum of the values, or the difference of two."""
        if any(q.upper_amount is not None for q in values):
            return None
        one, two = values[0], values[1]
        inputs = [q.text for q in values]
        if "total" in operations:
            total = sum((q.amount for q in values), Decimal(0))
            shown = amount_text(one, total, ask.language)
            if one.unit == "%":
                return None
            said = line("arithmetic_sum", (), value=shown)
            return (
                said,
                computed(total, "sum", [q.amount for q in values], shown, one.unit),
                Step("compute", {"operation": "sum", "inputs": inputs}, shown),
            )
        if len(values) > 2:
            return None
        gap = abs(one.amount - two.amount)
        if not gap:
            return (
                line("compare_same"),
                computed(gap, "difference", (one.amount, two.amount), "0", one.unit),
                Step("compute", {"operation": "difference", "inputs": inputs}, "0"),
            )
        shown = amount_text(one, gap, ask.language)
        high = sides[0] if one.amount > two.amount else sides[1]
        word = fill("word_higher", {}, ask.language)
        said = line("compare_difference", value=shown, label=self._label(ask, high), word=word)
        return (
            said,
            computed(gap, "difference", (one.amount, two.amount), shown, one.unit),
            Step("compute", {"operation": "difference", "inputs": inputs}, shown),
        )

    def _rest(self, ask: Ask, operations: Operations, values: Sequence[Labelled]) -> list[Draft]:
        """A whole and the part that is done, in one sentence: what is left."""
        best: tuple[float, Labelled, Labelled] | None = None
        for place, whole in enumerate(values):
            if not _WHOLE.search(whole.near) or whole.quantity.kind not in ("count", "quantity"):
                continue
            for part in values[place + 1 :]:
                if part.scored.sentence is not whole.scored.sentence:
                    break
                if not _DONE.search(part.near) or part.quantity.unit != whole.quantity.unit:
                    continue
                if part.quantity.amount >= whole.quantity.amount:
                    continue
                own = sum(c.weight * covers(c, part.far, self.weigh) for c in ask.concepts)
                if best is None or own > best[0]:
                    best = (own, whole, part)
                break
        if best is None:
            return []
        _, whole, part = best
        cover = self._cover(ask, operations, (), (whole, part))
        if cover < _LEAST:
            return []
        left = whole.quantity.amount - part.quantity.amount
        evidence = _evidence(part, whole.quantity)
        shown = amount_text(whole.quantity, left, ask.language)
        calculation = f"{whole.quantity.amount:f} - {part.quantity.amount:f} = {left:f}"
        sentence = norm_free(part.scored.sentence.text)
        said = line("arithmetic_rest", (evidence,), value=shown, calculation=calculation, sentence=sentence)
        findings = [
            computed(left, "rest", (whole.quantity.amount, part.quantity.amount), "", whole.quantity.unit),
            _quoted(whole, evidence),
            _quoted(part, evidence),
        ]
        step = Step(
            "compute", {"operation": "rest", "inputs": [whole.quantity.text, part.quantity.text]}, shown
        )
        features = {"cover": cover, "own": cover, "wide": cover, "found": 1.0, "year_fit": 1.0}
        return [
            Draft(
                "arithmetic",
                (said,),
                cover + _GAIN,
                findings=tuple(findings),
                steps=(step,),
                features=features,
            )
        ]

    def _fits(self, side: Side, sides: Sequence[Side], value: Labelled) -> bool:
        if side.years is not None:
            return value.years is not None and (
                value.years == side.years
                or (side.years[0] == side.years[1] and value.years[1] == side.years[1])
                or (
                    side.years[0] != side.years[1]
                    and shared_by(value.scored.sentence.text, value.quantity) > 1
                )
            )
        text = value.near
        own = all(covers(c, text, self.weigh) >= _COVERED for c in side.concepts)
        if own:
            return True
        # A side may be said once, at the sentence's start, when the other one is not said there.
        rival = any(
            covers(c, value.far, self.weigh) >= _COVERED
            for other in sides
            if other is not side
            for c in other.concepts
        )
        return not rival and all(covers(c, value.far, self.weigh) >= _COVERED for c in side.concepts)

    def _asked(self, ask: Ask, one: Labelled, two: Labelled) -> bool:
        """True when both values are of the kind asked for."""
        kinds = {one.quantity.kind, two.quantity.kind}
        share = ask.expects[:1] == ("percent",) or _SHARE.search(ask.text) is not None
        if share and ask.ratio and not kinds <= {"percent", "fraction", "points"}:
            return False
        return kinds != {"number"}

    def _cover(
        self, ask: Ask, operations: Operations, sides: Sequence[Side], values: Sequence[Labelled]
    ) -> float:
        texts = []
        for value in values:
            clause = value.scored.sentence.clause
            texts += [
                value.scored.sentence.norm,
                self.pool.head(clause),
                self.pool.title(clause),
                value.scored.sentence.before,
            ]
        around = norm(" ".join(texts))
        named = {c for side in sides for c in side.concepts}
        total = found = 0.0
        for concept in ask.concepts:
            said = concept in named or any(
                low < concept.end and concept.start < high for _, low, high in operations.spans
            )
            worth = 1.0 if said or concept.kind == "document" else covers(concept, around, self.weigh)
            if worth < 0.5:
                worth = max([worth, *(self.pool.voiced(concept, v.scored.sentence.clause) for v in values)])
            if worth < 0.5 and (_JOIN.fullmatch(concept.surface) or _EACH.fullmatch(concept.surface)):
                worth = 1.0
            total += concept.weight
            found += concept.weight * worth
        return found / total if total else 0.0

    def _label(self, ask: Ask, side: Side) -> str:
        if side.years is not None:
            first, last = side.years
            text = f"{last}" if first == last else f"{first}–{last}"
            return f"{text}年" if ask.language == "zh" else text
        return side.label


def norm_free(text: str) -> str:
    """A sentence without the blanks of typesetting, and without its full stop."""
    return re.sub(r"\s", "", text).rstrip("。；;，,")


def _sides(ask: Ask) -> list[Side]:
    """The places, years, extremes or things that the question sets side by side."""
    places = [c for c in ask.concepts if c.kind == "place" and c.weight >= _TELLING]
    if len(places) > 1:
        return [Side(c.surface, (c,)) for c in places]
    years = list(dict.fromkeys(ask.spans))
    if len(years) == 2:
        return [Side("", years=span) for span in years]
    if len(years) == 1 and years[0][1] - years[0][0] > _PERIOD:
        first, last = years[0]
        return [Side("", years=(first, first)), Side("", years=(last, last))]
    if ask.base_years and len(years) == 1:
        return [Side("", years=(ask.base_years[0], ask.base_years[0])), Side("", years=years[0])]
    extremes = [
        c for c in ask.concepts if re.search(r"最[高低大小多少]|highest|lowest|maximum|minimum", c.surface)
    ]
    if len(extremes) == 1:
        extremes += [c for c in ask.concepts if re.fullmatch(r"平均[分值数]?|average|mean", c.surface)]
    if len(extremes) == 2:
        return [Side(c.surface, (c,)) for c in extremes]
    quoted = [m.span(1) for m in _QUOTED.finditer(ask.text)]
    if len(quoted) > 1:
        return [Side(ask.text[a:b], _between(ask, a, b)) for a, b in quoted if _between(ask, a, b)]
    return _coordinated(ask)


def _coordinated(ask: Ask) -> list[Side]:
    """Things joined by "and", "than", 和, 比 …, commas between further ones: A, B and C."""
    chain: list[Concept] = []
    joined = False
    for match in _JOIN.finditer(ask.text):
        left = [c for c in ask.concepts if 0 <= match.start() - c.end <= 4 and c.kind != "document"]
        right = [c for c in ask.concepts if 0 <= c.start - match.end() <= 5 and c.kind != "document"]
        if not left or not right or left[-1] is right[0]:
            continue
        pair = (left[-1], right[0])
        if any(c.weight < _TELLING or len(c.surface) < 2 for c in pair) or not _alike(*pair):
            continue
        if chain and chain[-1] is not pair[0]:
            break
        chain += [c for c in pair if c not in chain]
        joined = joined or match[0] not in ("、", ",")
    return [Side(c.surface, (c,)) for c in chain] if joined else []


def _alike(one: Concept, two: Concept) -> bool:
    """True for two things of one kind: they share a word or, in Chinese, a character (第三批, 前两批)."""
    if one.surface.isascii() and two.surface.isascii():
        return bool(set(one.surface.split()) & set(two.surface.split())) or one.kind == two.kind == "place"
    return bool({c for c in one.surface if c > "\u2e80"} & {c for c in two.surface if c > "\u2e80"})


def _between(ask: Ask, low: int, high: int) -> tuple[Concept, ...]:
    return tuple(c for c in ask.concepts if low <= c.start and c.end <= high)


def _comparable(one: Quantity, two: Quantity) -> bool:
    if (one.direction, one.base_year) != (two.direction, two.base_year):
        return False
    if one.dimension in ("", "count") and one.unit != two.unit:
        return False
    return one.factor == two.factor and one.dimension == two.dimension and one.kind == two.kind


def _evidence(value: Labelled, other: Quantity | None = None) -> Evidence:
    sentence = value.scored.sentence
    shift = sentence.start
    q = value.quantity
    low = min(q.start, other.start) if other is not None else q.start
    return Evidence(sentence.clause.id, sentence.start, sentence.end, (shift + low, shift + q.end))


def _quoted(value: Labelled, evidence: Evidence) -> Finding:
    q = value.quantity
    year = value.years[1] if value.years is not None else None
    return Finding("quoted", float(q.amount), q.unit, year, q.qualifier, q.text, evidence)
