"""Two or more values of sentences side by side, and what is computed from them: difference, sum, ratio, growth.

The sides are the years, the extremes or the things that the question names; each gets the quantity whose
label says so. Nothing is computed from quantities of different units.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from policybot.answer.ask import Ask
from policybot.answer.compare import period
from policybot.answer.compose import line
from policybot.answer.draft import Draft, Finding, Line
from policybot.answer.labelled import Labelled, evidence_of, labelled, quoted, shared_by
from policybot.answer.labels import Labels
from policybot.answer.match import Concept, Weigher, covers, norm
from policybot.answer.model import Step
from policybot.answer.operations import Operations, read_operations
from policybot.answer.pool import Pool, Scored
from policybot.answer.reckoned import Term, reckon
from policybot.facts.measure import Quantity
from policybot.facts.quantities import render_value
from policybot.patterns import lazy_pattern

_SENTENCES = 14  # sentences looked into
_LEAST = 0.55  # share of the question that the sentences must carry
_COVERED = 0.7  # share of a side's word that a label must carry
_GAIN = 0.5  # gained over makers of one value
_SHARE = lazy_pattern(r"[占比率](?:比|例|分别|各|是|对|$)|\bshares?\b|\brates?\b|percent")
_TELLING = 0.3  # weight from which a word may be one of the things set side by side
_PERIOD = 5  # years: a longer period is named by its two ends
_MOST = 4  # sides
_COMPARED = Operations((("difference", 0, 0),))  # what is computed from values that are only set side by side
# Roles of a value among many: words in a question for each, and how the documents print it.
_ROLES = (
    (
        "highest",
        lazy_pattern(
            r"最[高大好优强佳](?:得?分|值)?|评得最好|第一名|头名|冠军|榜首|状元|上限"
            r"|\b(?:highest|best|top|strongest|maximum|leading|winner|front-?runner)\b"
        ),
        lazy_pattern(r"最[高大]|highest|maximum"),
    ),
    (
        "lowest",
        lazy_pattern(
            r"最[低小差弱](?:得?分|值)?|(?:倒数)?(?:最后|末)一?[名位]|垫底|倒数第一|下限"
            r"|\b(?:lowest|worst|bottom|weakest|minimum|poorest|last)\b"
        ),
        lazy_pattern(r"最[低小]|lowest|minimum"),
    ),
    (
        "mean",
        lazy_pattern(r"平均[分值数水平]*|均[分值]|\b(?:average|mean)\b"),
        lazy_pattern(r"平均(?!得分率)|average|mean"),
    ),
)
_FROM_TO = lazy_pattern(
    r"(?:从|自)[^，。？]{0,3}(?:19|20)\d\d年?[^，。？]{0,3}(?:到|至)[^，。？]{0,3}(?:19|20)\d\d"
    r"|\b(?:from|between) (?:19|20)\d\d (?:to|until|and) (?:19|20)\d\d"
)
_THAN = r"(?:高|多|低|少|大|小|增|减|涨|降|升|长|提高|上升|下降)"
# Two things and how they are set against each other; `a` is measured by `b`.
_PHRASES = (
    lazy_pattern(
        r"(?P<a>[^，。？]+?)(?:大约|约|大概|差不多)?(?:是|为|相当于)(?P<b>[^，。？]+?)的?(?:几|多少)倍"
    ),
    lazy_pattern(rf"(?P<a>[^，。？]+?)(?:比起?|较)(?P<b>[^，。？]+?)(?:要|会|应|还|能|得)*{_THAN}"),
    lazy_pattern(r"(?P<a>[^，。？]+?)(?:和|与|跟|同)(?P<b>[^，。？]+?)(?:两者|二者|之间)?的?(?:相?差)"),
    lazy_pattern(r"\bmultiple of (?P<b>[^?]+?) (?:is|are|does|will|would|makes?) (?P<a>[^?]+)"),
    lazy_pattern(
        r"\bhow many times (?:\w+ )?(?:is|are|was|were|does|do|did|will|would) (?P<a>[^?]+?) "
        r"(?:than|the size of|of|exceed|as \w+ as) (?P<b>[^?]+)"
    ),
    lazy_pattern(
        r"\bhow many times (?:as )?\w+(?: as| than)? (?P<b>[^?]+?) (?:is|are|was|were|will|would) (?P<a>[^?]+)"
    ),
    lazy_pattern(
        r"\b(?:is|are|was|were|does|do|did|will|would) (?P<a>[^?]+?) "
        r"(?:exceed|outweigh|surpass|(?:more|larger|higher|bigger|greater|lower|smaller|less|fewer) than) (?P<b>[^?]+)"
    ),
)
_SEVERAL = lazy_pattern(
    r"最[\u4e00-\u9fff]{1,3}的?[二两三四五六七八九十\d]+个|[前后][二两三四五六七八九十\d]+"
    r"|\b(?:two|three|four|five|six|ten|\d+) (?:best|worst|top|highest|lowest|leading|weakest|strongest)\b"
    r"|\b(?:top|bottom|best|worst|highest|lowest) (?:two|three|four|five|six|ten|\d+)\b"
)
_HEAVY = 0.4  # weight of a word that says what a value is of
_LAST = lazy_pattern(r"[，,；;：:。]")
_CLOSE = 0.15  # gained by two values of one sentence
_CLAUSE = 0.05  # … of one clause
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
    role: re.Pattern[str] | None = None  # words that a value must stand behind (最高得分为…)
    span: tuple[int, int] | None = None  # where the question says the role
    tight: bool = False  # its word must stand in the last stretch before the value


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
        wanted = any(name in operations for name in ("difference", "total", "ratio", "growth"))
        if "class" in ask.asks and not wanted:
            return []
        each = _EACH.search(ask.text) is not None and (ask.amount or ask.ratio or bool(ask.expects))
        each = each and ask.wants("comparison", "value", "list", "other")
        sides = _sides(ask, operations)
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
    ) -> list[Draft]:
        if not any(side.role is not None or side.tight for side in sides):
            values = [v for v in values if self._is_own(ask, v, values)]
        fits = [[v for v in values if self._fits(side, sides, v, ask.years)] for side in sides]
        chosen = self._together(ask, operations, fits)
        if chosen is None:
            return []
        cover = self._cover(ask, operations, sides, chosen)
        if cover < _LEAST or not self._all_said(ask, operations, sides, chosen):
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

    def _is_own(self, ask: Ask, value: Labelled, values: Sequence[Labelled]) -> bool:
        """False for a value that stands beside one of the same sentence whose label says more of the question."""
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
            if c.known and c.weight >= _TELLING and c.kind in ("term", "place")
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
            if worth < 0.5 and (_JOIN.fullmatch(concept.surface) or _EACH.fullmatch(concept.surface)):
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


def _sides(ask: Ask, operations: Operations) -> list[Side]:
    """The places, years, extremes or things that the question sets side by side."""
    extremes = _roles(ask.text)
    if len(extremes) > 1:
        return extremes
    if any(name in operations for name in ("difference", "ratio", "growth")):
        phrased = _phrased(ask)
        if phrased:
            return phrased
    places = [c for c in ask.concepts if c.kind == "place" and c.weight >= _TELLING]
    if len(places) > 1:
        return [Side(c.surface, (c,)) for c in places]
    years = list(dict.fromkeys(ask.spans))
    if len(years) == 2:
        return [Side("", years=span) for span in years]
    told = _FROM_TO.search(ask.text) is not None and not {"total", "mean"} & {
        n for n, _, _ in operations.spans
    }
    if len(years) == 1 and years[0][1] - years[0][0] > (1 if told else _PERIOD):
        first, last = years[0]
        return [Side("", years=(first, first)), Side("", years=(last, last))]
    if ask.base_years and len(years) == 1:
        return [Side("", years=(ask.base_years[0], ask.base_years[0])), Side("", years=years[0])]
    quoted = [m.span(1) for m in _QUOTED.finditer(ask.text)]
    if len(quoted) > 1:
        return [Side(ask.text[a:b], _between(ask, a, b)) for a, b in quoted if _between(ask, a, b)]
    return _coordinated(ask, "total" in operations)


def _roles(text: str) -> list[Side]:
    """The highest, the lowest and the mean value, in the order the question names them."""
    found = []
    for _, asked, printed in _ROLES:
        match = asked.search(text)
        if match is not None:
            found.append(Side(match[0].strip("的 "), role=printed, span=match.span()))
    return sorted(found, key=lambda side: side.span or (0, 0))


def _phrased(ask: Ask) -> list[Side]:
    """The two things of "A是B的几倍", "A比B多多少", "how many times larger than B is A"."""
    for pattern in _PHRASES:
        match = pattern.search(ask.text)
        if match is None:
            continue
        sides = []
        for group, other in (("a", "b"), ("b", "a")):
            own = [c for c in _between(ask, *match.span(group)) if c.kind not in ("number", "document")]
            rivals = {c.surface for c in _between(ask, *match.span(other))}
            telling = tuple(c for c in own if c.weight >= _TELLING and c.surface not in rivals)
            printed = re.findall(r"(?:19|20)\d\d", match[group])
            year = int(printed[-1]) if len(printed) == 1 else None
            label = match[group].strip(" ,，的")
            sides.append(Side(label, telling, (year, year) if year is not None else None))
        if all(side.concepts for side in sides):
            return sides
    return []


def _coordinated(ask: Ask, added: bool) -> list[Side]:
    """Things joined by "and", "than", 和, 比 …, commas between further ones: A, B and C."""
    chain: list[Concept] = []
    joined = False
    for match in _JOIN.finditer(ask.text):
        left = [c for c in ask.concepts if 0 <= match.start() - c.end <= 4 and c.kind != "document"]
        right = [c for c in ask.concepts if 0 <= c.start - match.end() <= 5 and c.kind != "document"]
        if not left or not right or left[-1] is right[0]:
            continue
        pair = (left[-1], right[0])
        if any(c.weight < _TELLING or len(c.surface) < 2 for c in pair) or not (added or _alike(*pair)):
            continue
        if chain and chain[-1] is not pair[0]:
            break
        chain += [c for c in pair if c not in chain]
        joined = joined or match[0] not in ("、", ",")
    alike = all(_alike(a, b) for a, b in pairwise(chain))
    return [Side(c.surface, (c,), tight=not alike) for c in chain] if joined else []


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
