"""Values of sentences side by side, and what is computed from them: difference, sum, ratio, growth.

The sides are the years, the extremes or the things that the question names; each gets the quantity whose
label says so. Nothing is computed from quantities of different units.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from policybot.answer.comparing.compare import period
from policybot.answer.comparing.pairs import Pair
from policybot.answer.computing.reckoned import Term, reckon
from policybot.answer.computing.sides import JOIN, TELLING, Side, sides_of
from policybot.answer.evidence.labelled import Labelled, evidence_of, labelled, quoted, shared_by
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.matching.match import Weigher, covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import Operations, read_operations
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding, Line, accounting
from policybot.answer.wording.labels import Labels
from policybot.facts.measure import Quantity
from policybot.facts.quantities import render_value
from policybot.patterns import lazy_pattern

_SENTENCES = 14  # sentences looked into
_LEAST = 0.55  # share of the question that the sentences must carry
_SURE = 0.68  # … where nothing is to be computed: with less confidence it would only be in the way of others
_COVERED = 0.7  # share of a side's word that a label must carry
_GAIN = 0.5  # gained over makers of one value
_SHARE = lazy_pattern(r"[占比率](?:比|例|分别|各|是|对|$)|\bshares?\b|\brates?\b|percent")
_MOST = 4  # sides
_COMPARED = Operations((("difference", 0, 0),))  # what is computed from values that are only set side by side
_SEVERAL = lazy_pattern(
    r"最[\u4e00-\u9fff]{1,3}的?[二两三四五六七八九十\d]+个|[前后][二两三四五六七八九十\d]+"
    r"|\b(?:two|three|four|five|six|ten|\d+) (?:best|worst|top|highest|lowest|leading|weakest|strongest)\b"
    r"|\b(?:top|bottom|best|worst|highest|lowest) (?:two|three|four|five|six|ten|\d+)\b"
)
_HEAVY = 0.4  # weight of a word that says what a value is of
_LAST = lazy_pattern(r"[，,；;：:。]")
_CLOSE = 0.15  # gained by two values of one sentence
_CLAUSE = 0.05  # … of one clause
_EACH = lazy_pattern(
    r"各|分别|对比|比较|两[个者类块]|\b(?:respectively|each|both|compare|versus|vs|against)\b"
)


_TWO = 2
_POINTS = lazy_pattern(r"百分点|个点")  # differences of shares, and not things that are counted
_YEAR = lazy_pattern(r"(?:19|20)\d\d")
_MORE = lazy_pattern(  # which of two is more
    r"更|[哪谁][^，。？]{0,14}[高低大小多少快慢]|比[^，。？]{1,20}[高低大小多少快慢]|[高低大小多少快慢]还是"
    r"|一样|相同"
    r"|\b(?:more|less|fewer|\w+er|same|equal\w*) than\b"
    r"|\b(?:which|who|whose)\b.{0,60}\b(?:more|less|fewer|\w+er)\b"
    r"|\b\w+er\b.{0,60}\bor\b|\bor\b.{0,60}\b(?:more|less|\w+er)\b|\b(?:more|less|\w+er)\b.{0,60}\bthan\b"
)
_PLAIN = lazy_pattern(
    r"目标|指标|情况|水平|占比|比例|比重|份额|\b(?:targets?|goals?|shares?|figures?|values?|levels?|rates?)\b"
)


class ArithmeticMaker:
    """Makes drafts from the values of the best sentences."""

    def __init__(self, pool: Pool, labels: Labels, weigh: Weigher) -> None:
        self.pool = pool
        self.labels = labels
        self.weigh = weigh

    def drafts(self, ask: Ask, ranked: Sequence[Scored], pair: Pair | None = None) -> list[Draft]:
        """At most one draft; none for a question about tables, which has makers of its own.

        `pair` are two things that the question sets side by side in its own words.
        """
        operations = read_operations(ask.text)
        values = [
            v
            for s in ranked[:_SENTENCES]
            if not s.sentence.heading
            for v in labelled(self.pool, s)
            if not (v.quantity.amount == 1 and v.quantity.kind == "quantity")  # "1吨原煤可以折算为…"
        ]
        wanted = any(name in operations for name in ("difference", "total", "ratio", "growth"))
        if ("class" in ask.asks and not wanted) or ask.expects[:1] in (("year",), ("date",)):
            return []
        each = _EACH.search(ask.text) is not None or _MORE.search(ask.text) is not None
        each = each and (ask.amount or ask.ratio or bool(ask.expects))
        each = each and ask.wants("comparison", "value", "list", "other")
        sides = sides_of(ask, operations)
        apart = pair is not None and not any(_YEAR.search(label) for label in pair.labels)
        years_only = all(side.years is not None and not side.concepts for side in sides)
        if (
            apart
            and pair is not None
            and (len(sides) < _TWO or years_only)
            and (wanted or _EACH.search(ask.text) or _MORE.search(ask.text))
        ):
            sides = [Side(label, words) for label, words in zip(pair.labels, pair.words, strict=True)]
            return self._paired(ask, operations, sides, values, wanted, told=pair)
        each = each or any(side.role is not None for side in sides)
        if not wanted and not each:
            return []
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
        told: Pair | None = None,
    ) -> list[Draft]:
        if not any(side.role is not None or side.tight for side in sides):
            values = [v for v in values if self._is_own(ask, v, values)]
        fits = [
            [v for v in values if self._fits(side, sides, v, ask.years) and self._best_named(side, v, values)]
            for side in sides
        ]
        chosen = self._together(ask, operations, fits)
        if chosen is None:
            return []
        amounts = {v.quantity.amount for v in chosen}
        if len(amounts) == 1 and chosen[0].scored.sentence is not chosen[1].scored.sentence:
            return []  # one number, printed twice
        cover = self._cover(ask, operations, sides, chosen)
        if cover < (_LEAST if wanted else _SURE) or not self._all_said(ask, operations, sides, chosen):
            return []
        if told is not None and not all(self._of_asked(ask, operations, told, value) for value in chosen):
            return []
        lines: list[Line] = []
        findings: list[Finding] = []
        steps: list[Step] = []
        for side, value in zip(sides, chosen, strict=True):
            evidence = evidence_of(value)
            shown = render_value(value.quantity, ask.language)
            shown = re.sub(r"\s", "", shown) if ask.language == "zh" else shown
            lines.append(line("compare_line", (evidence,), label=self._label(ask, side), value=shown))
            findings += [*period(ask, self._label(ask, side)), quoted(value, evidence)]
            steps.append(Step("find_value", {"side": self._label(ask, side)}, value.quantity.text))
        terms = [
            Term(self._label(ask, side), value.quantity, side.years[1] if side.years is not None else None)
            for side, value in zip(sides, chosen, strict=True)
        ]
        roles = any(side.role is not None for side in sides)
        made = reckon(terms, operations if wanted else _COMPARED, ask.language, roles)
        if not made and wanted:
            return []
        for said, finding, step in made:
            lines.append(said)
            findings.append(finding)
            steps.append(step)
        features = accounting(cover)
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

    def _is_own(self, ask: Ask, value: Labelled, values: Sequence[Labelled]) -> bool:
        """False for a value beside one of the same sentence whose label says more of the question."""
        weighty = [c for c in ask.concepts if c.weight >= _HEAVY and c.kind == "term"]
        own = [c for c in weighty if covers(c, value.near, self.weigh) >= _COVERED]
        for other in values:
            beside = other.scored.sentence is value.scored.sentence and other is not value
            if not beside or other.quantity.kind == "count" or other.years != value.years:
                continue
            said = [c for c in weighty if covers(c, other.near, self.weigh) >= _COVERED]
            if len(said) > len(own) and all(c in said for c in own):
                return False
        return True

    def _best_named(self, side: Side, value: Labelled, values: Sequence[Labelled]) -> bool:
        """False for a value beside one of the same sentence that stands next to more of its side's words."""
        own = self._named(side, value)
        return not any(
            other.scored.sentence is value.scored.sentence and self._named(side, other) > own
            for other in values
        )

    def _named(self, side: Side, value: Labelled) -> float:
        return sum(c.weight for c in side.concepts if covers(c, value.near, self.weigh) >= _COVERED)

    def _of_asked(self, ask: Ask, operations: Operations, pair: Pair, value: Labelled) -> bool:
        """True when all that is asked of both sides is said where a value stands."""
        sentence = value.scored.sentence
        near = (
            f"{value.far}|{value.near}|{self.pool.head(sentence.clause)}|{self.pool.title(sentence.clause)}"
        )
        spans = [*pair.spans, *((low, high) for _, low, high in operations.spans)]
        spans += [m.span() for pattern in (_EACH, _MORE, _PLAIN) for m in pattern.finditer(ask.text)]
        return all(
            covers(c, near, self.weigh) >= _COVERED
            for c in ask.concepts
            if c.kind in ("term", "place", "latin") and c.weight >= TELLING
            if not any(low < c.end and c.start < high for low, high in spans)
        )

    def _all_said(
        self, ask: Ask, operations: Operations, sides: Sequence[Side], values: Sequence[Labelled]
    ) -> bool:
        """False when values with a role (the highest, the mean) are of other things than the question's."""
        if not any(side.role is not None for side in sides):
            return True
        if _SEVERAL.search(ask.text):
            return False  # the mean of the three best is not printed
        spans = [side.span for side in sides if side.span is not None]
        spans += [(low, high) for _, low, high in operations.spans]
        texts = [
            f"{v.scored.sentence.norm}|{self.pool.head(v.scored.sentence.clause)}"
            f"|{self.pool.title(v.scored.sentence.clause)}"
            for v in values
        ]
        return all(
            covers(c, text, self.weigh) >= _COVERED
            for c in ask.concepts
            if c.known and c.weight >= TELLING and c.kind in ("term", "place")
            if not any(low < c.end and c.start < high for low, high in spans)
            for text in texts
            if not (c.surface.isascii() and self.pool.voiced(c, values[0].scored.sentence.clause))
        )

    def _together(
        self, ask: Ask, operations: Operations, fits: Sequence[Sequence[Labelled]]
    ) -> list[Labelled] | None:
        """One value for each side, all comparable, from sentences as good and as close as can be."""
        best: tuple[float, list[Labelled]] | None = None
        for first in fits[0]:
            chosen, score = [first], first.scored.score
            for others in fits[1:]:
                near = [
                    (self._closeness(chosen, v), v)
                    for v in others
                    if self._goes_with(ask, operations, chosen, v)
                ]
                if not near:
                    break
                gain, value = max(near, key=lambda pair: pair[0])
                chosen.append(value)
                score += gain
            if len(chosen) == len(fits) and (best is None or score > best[0]):
                best = (score, chosen)
        return best[1] if best is not None else None

    def _goes_with(
        self, ask: Ask, operations: Operations, chosen: Sequence[Labelled], value: Labelled
    ) -> bool:
        if not all(
            _comparable(c.quantity, value.quantity) and self._asked(ask, operations, c, value) for c in chosen
        ):
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

    def _fits(
        self, side: Side, sides: Sequence[Side], value: Labelled, ask_years: Sequence[int] = ()
    ) -> bool:
        if side.years is not None and side.concepts:
            plain = replace(side, years=None)
            held = value.years is not None and value.years[1] == side.years[1]
            return held and self._fits(plain, [plain if s is side else s for s in sides], value)
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
        if side.tight:
            one_year = len(ask_years) == 1 and value.years is not None and value.years[1] not in ask_years
            stretch = _LAST.split(text[: text.find(norm(value.quantity.text))])[-1]
            return not one_year and all(covers(c, stretch, self.weigh) >= _COVERED for c in side.concepts)
        if side.role is not None:
            return side.role.search(text[: text.find(norm(value.quantity.text))]) is not None
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

    def _asked(self, ask: Ask, operations: Operations, one: Labelled, two: Labelled) -> bool:
        """True when both values are of the kind asked for."""
        kinds = {one.quantity.kind, two.quantity.kind}
        if any(name in operations for name in ("growth", "ratio")):
            return kinds != {"number"}
        if ask.expects[:1] == ("duration",) and {"duration", "days"}.isdisjoint(
            (one.quantity.dimension, two.quantity.dimension)
        ):
            return False
        if ask.measures and ask.expects[:1] == ("count",) and _POINTS.search(ask.text) is None:
            return all(q.unit[:1] in ask.measures for q in (one.quantity, two.quantity))
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
        spans = [(low, high) for _, low, high in operations.spans]
        spans += [side.span for side in sides if side.span is not None]
        total = found = 0.0
        for concept in ask.concepts:
            said = concept in named or any(low < concept.end and concept.start < high for low, high in spans)
            worth = 1.0 if said or concept.kind == "document" else covers(concept, around, self.weigh)
            if worth < 0.5:
                worth = max([worth, *(self.pool.voiced(concept, v.scored.sentence.clause) for v in values)])
            if worth < 0.5 and (JOIN.fullmatch(concept.surface) or _EACH.fullmatch(concept.surface)):
                worth = 1.0
            total += concept.weight
            found += concept.weight * worth
        return found / total if total else 0.0

    def _label(self, ask: Ask, side: Side) -> str:
        if side.years is not None and not side.concepts:
            first, last = side.years
            text = f"{last}" if first == last else f"{first}–{last}"
            return f"{text}年" if ask.language == "zh" else text
        return side.label


def _comparable(one: Quantity, two: Quantity) -> bool:
    if (one.direction, one.base_year) != (two.direction, two.base_year):
        return False
    if one.dimension in ("", "count") and one.unit != two.unit:
        return False
    return one.factor == two.factor and one.dimension == two.dimension and one.kind == two.kind
