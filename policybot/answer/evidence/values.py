"""Values in sentences: every number, date or period, weighed by what stands near it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from policybot.answer.evidence.labelled import of_others
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Weigher, covers, norm, pairs
from policybot.answer.question.ask import Ask
from policybot.answer.question.kinds import TIMES, kind_fits
from policybot.facts.quantities import Quantity, find_numbers, target_year
from policybot.facts.years import YearMention, find_years, is_base
from policybot.patterns import lazy_pattern

_SENTENCES = 24  # how many of the best sentences are searched for values
_BEFORE = 0.86  # worth of a concept in the segments before the value's own, in the same sentence
_AFTER = 0.66  # … in those after it
_YEAR_HEAD = lazy_pattern(r"(?:截至|截止|到|自|于|不迟于|力争|至)\s*$")
_STRAY = 0.3  # lost by a value of another subject
_BARE = lazy_pattern(r"[\d.%％～~—\-]+|年|到|至|比重|达到|期间|左右|以上|分别|力争|累计|约|将")
_FAR = 0.16  # lost by a value whose own segment lacks what stands next to the question word
_COUNTED = 0.08  # gained by an amount in the measure word asked for
_PLANNED = 0.2  # lost by a target when the question asks what has happened
_PERIODS = ("duration", "days", "hours", "working days")
_LATER = lazy_pattern(r"\s*(?:之?后|以后|内|之内|以内|期满)")
_NOUN_END = lazy_pattern(
    r"[的，。；、,;(（]|(?<=..)(?:开展|实施|进行|印发|制定)"
)  # what follows is no longer counted
_NOUN = 0.16  # gained by a count that is followed by what the question counts
_OTHER_NOUN = 0.2  # lost by a count of something else
_MODIFIES = lazy_pattern(r"\s*[\u4e00-\u9fff](?<![，。、；：前底末起中])(?!月)")
_MODIFIER = 0.16  # lost by a year that belongs to a noun (1990年排放总量) and does not say when
_DATED = 0.05  # gained by a full date
_ONE = lazy_pattern(r"一(?=[票席届])")
_PRECISE = 0.1  # gained by a value of which the question accounts for all that is said before it
_WANTED = lazy_pattern(r"提出|目标|力争|承诺|计划|到\s*\d{4}\s*年|将|预计|预期")
_ELSEWHERE = 0.12  # lost by a value of one place that the question does not name
_OTHERS = 0.3  # lost by the value that a list gives for another of its names


@dataclass(frozen=True, slots=True)
class ValueHit:
    """A value in a sentence: what it is, how well it fits, and the features behind that.

    `fit` is how its year agrees with the question's (1 the same, 0 none stated, -1 another one);
    `kind` whether it is of a kind asked for; `stray` is high for a value whose sentence names
    another subject than the question's.
    """

    scored: Scored
    quantity: Quantity
    cover: float
    fit: float
    kind: float
    score: float
    year: int | None
    worst: float = 0.0
    precision: float = 1.0
    stray: float = 0.0

    @property
    def at(self) -> tuple[int, int]:
        """Where the phrase stands in the clause."""
        start = self.scored.sentence.start
        return start + self.quantity.phrase_start, start + self.quantity.phrase_end


class ValueFinder:
    """Weighs the values of sentences."""

    def __init__(self, pool: Pool, weigh: Weigher | None = None) -> None:
        self.pool = pool
        self.weigh = weigh

    def hits(self, ask: Ask, ranked: Sequence[Scored]) -> list[ValueHit]:
        """Values of the best sentences, best first."""
        found = [
            hit
            for scored in ranked[:_SENTENCES]
            if not scored.sentence.heading
            for hit in self._in_sentence(ask, scored)
        ]
        found.sort(key=lambda h: (-h.score, h.scored.authority, h.quantity.start))
        return found

    def _in_sentence(self, ask: Ask, scored: Scored) -> list[ValueHit]:
        sentence = scored.sentence
        numbers = list(self.pool.numbers(sentence))
        if "count" in ask.expects:
            numbers = [*numbers, *_single(sentence.text)]
        if not numbers:
            return []
        wants_time = any(e in ("year", "date") for e in ask.expects)
        if not any(
            kind_fits(q, ask.expects) > 0 if q.kind == "ordinal" else q.kind not in TIMES or wants_time
            for q in numbers
        ):
            return []
        stretches = self.pool.stretches(sentence)
        spans = [(a, b) for a, b, _ in stretches]
        # What the sentence carries nothing of, none of its stretches does.
        inside = [covers(c, sentence.norm, self.weigh) > 0.0 for c in ask.concepts]
        worth = [
            [
                covers(c, text, self.weigh) if within else 0.0
                for c, within in zip(ask.concepts, inside, strict=True)
            ]
            for _, _, text in stretches
        ]
        outer = self.pool.around(ask.concepts, sentence)
        total = sum(c.weight for c in ask.concepts) or 1.0
        lacking = self._lacking(ask, sentence)
        found = []
        times = [q for q in numbers if q.kind in TIMES]
        other_places = bool(ask.places)
        elsewhere = of_others(self.pool, sentence, ask.concepts, self.weigh)
        places = [i for i, c in enumerate(ask.concepts) if c.kind == "place" and c.weight >= 0.3]
        for quantity in numbers:
            kind = kind_fits(quantity, ask.expects)
            if quantity.kind in TIMES and not (wants_time and kind > 0):
                continue
            if quantity.kind == "ordinal" and kind <= 0:
                continue
            own = next((i for i, (a, b) in enumerate(spans) if a <= quantity.start < b), 0)
            zones = self._zones(quantity, own, spans, times, sentence.text)
            reached = [
                max([outer[i]] + [w * worth[s][i] for s, w in zones]) for i in range(len(ask.concepts))
            ]
            cover = sum(c.weight * r for c, r in zip(ask.concepts, reached, strict=True)) / total
            worst = max((c.weight * (1 - r) for c, r in zip(ask.concepts, reached, strict=True)), default=0.0)
            year, fit = (None, 0.0)
            if quantity.kind not in TIMES:
                year, fit = self._year(ask, scored, quantity)
            base = self._base(ask, quantity)
            bonus = 0.14 * kind if kind > 0 else 0.3 * kind
            bonus += 0.14 * fit if fit > 0 else 0.42 * fit
            if ask.years and quantity.kind not in TIMES and fit == 0:
                bonus -= 0.1
            bonus += 0.06 * base if base > 0 else 0.25 * base
            if self._asked(ask, quantity):
                bonus -= 0.25
            for i in ask.asked:
                concept = ask.concepts[i]
                if concept.weight >= 0.2 and worth[own][i] < 0.4 and quantity.kind not in TIMES:
                    bonus -= _FAR * concept.weight
            if ask.measures and any(quantity.unit.startswith(m) for m in ask.measures):
                bonus += _COUNTED
            if len(ask.measures) > 1 and len({q.unit[:1] for q in numbers} & set(ask.measures)) > 1:
                bonus += _COUNTED
            if (
                other_places
                and quantity.kind not in TIMES
                and self._elsewhere(ask, sentence.text, spans[own])
            ):
                bonus -= _ELSEWHERE
            if quantity in elsewhere:
                bonus -= _OTHERS
            if scored.elsewhere:
                bonus -= _ELSEWHERE
            if places and quantity.kind not in TIMES and self._before_place(places, worth, own):
                bonus -= _ELSEWHERE
            if ask.past and quantity.kind not in TIMES:
                a, b = spans[own]
                if _WANTED.search(sentence.text[max(0, a - 30) : b]):
                    bonus -= _PLANNED
            if quantity.kind == "count":
                behind = sentence.text[quantity.phrase_end : quantity.phrase_end + 16]
                noun = norm(_NOUN_END.split(behind)[0])
                bonus += _NOUN * max(
                    (c.weight * covers(c, noun, self.weigh) for c in ask.concepts), default=0.0
                )
                if not self._counts(ask, sentence.text, quantity, noun):
                    bonus -= _OTHER_NOUN
            exact = 1.0
            if quantity.kind in TIMES:
                if quantity.kind == "date":
                    bonus += _DATED
                elif _MODIFIES.match(sentence.text, quantity.end) and not _YEAR_HEAD.search(
                    sentence.text[: quantity.start]
                ):
                    bonus -= _MODIFIER
            elif quantity.kind != "count":
                a, _ = spans[own]
                subject = _BARE.sub("", norm(sentence.text[a : quantity.phrase_start]))
                exact = precision(ask, subject, self.weigh)
                bonus += _PRECISE * (exact - 0.5)
            stray = lacking * (1.0 - exact)
            bonus -= _STRAY * stray
            bonus += scored.held
            score = 0.8 * cover + 0.14 * scored.found + bonus - 0.015 * scored.authority - 0.003 * scored.rank
            found.append(ValueHit(scored, quantity, cover, fit, kind, score, year, worst, exact, stray))
        return found

    def _lacking(self, ask: Ask, sentence: Sentence) -> float:
        """Weight of the weightiest word that neither the sentence nor a heading or title carries."""
        zones = sentence.norm, self.pool.head(sentence.clause), self.pool.title(sentence.clause)
        near = "|".join(zones)
        return max(
            (
                c.weight * (1.0 - covers(c, near, self.weigh))
                for c in ask.terms
                if c.known and c.weight >= 0.3 and not any(covers(c, z, self.weigh) >= 1.0 for z in zones)
            ),
            default=0.0,
        )

    def _counts(self, ask: Ask, text: str, quantity: Quantity, noun: str) -> bool:
        """False for a count of something else than the question counts."""
        counted = [
            c
            for i in (ask.heads or ask.asked)
            if ask.amount and (c := ask.concepts[i]).kind == "term" and c.weight >= 0.3
        ]
        near = norm(text[max(0, quantity.phrase_start - 12) : quantity.phrase_start]) + "|" + noun
        return all(any(o in near for o, v in c.options if v >= 0.8) for c in counted)

    @staticmethod
    def _before_place(places: Sequence[int], worth: Sequence[Sequence[float]], own: int) -> bool:
        """True when the sentence names the question's place only after the value's own segment."""
        named = [s for s, carried in enumerate(worth) if any(carried[i] >= 0.9 for i in places)]
        return bool(named) and min(named) > own

    def _elsewhere(self, ask: Ask, text: str, span: tuple[int, int]) -> bool:
        """True when a segment names places and none that the question names."""
        named = {name for _, _, name in self.pool.places(text[span[0] : span[1]])}
        return bool(named) and not named & set(ask.places)

    @staticmethod
    def _zones(
        quantity: Quantity,
        own: int,
        spans: Sequence[tuple[int, int]],
        times: Sequence[Quantity],
        text: str,
    ) -> list[tuple[int, float]]:
        if quantity.kind in TIMES:
            stop = next((t.start for t in times if t.start > quantity.start), 10**9)
            return [(i, 1.0 if i == own or (i > own and a < stop) else 0.7) for i, (a, _) in enumerate(spans)]
        after = _BEFORE if quantity.dimension in _PERIODS and _LATER.match(text, quantity.end) else _AFTER
        return [(i, 1.0 if i == own else _BEFORE if i < own else after) for i in range(len(spans))]

    def _year(self, ask: Ask, scored: Scored, quantity: Quantity) -> tuple[int | None, float]:
        """The year a value holds for, and how it agrees with the question's."""
        sentence = scored.sentence
        year = target_year(sentence.text, quantity.start)
        mentions = _plain_years(sentence.text)
        if year is None and not mentions:
            year = self._inherited(scored)
        if not ask.spans:
            return year, 0.0
        best = -1.0 if year is not None or mentions else 0.0
        for first, last in ask.spans:
            if year is not None:
                if year == last or (first == last == year):
                    best = max(best, 1.0)
                elif first <= year <= last:
                    best = max(best, 0.6)
                for m in mentions:
                    if m.last == year and (m.first, m.last) == (first, last):
                        best = max(best, 1.0)
                    elif m.first <= first and last <= m.last and m.last == year:
                        best = max(best, 0.5)
            elif any((m.first, m.last) == (first, last) for m in mentions):
                best = max(best, 1.0)
            elif any(m.first <= last and first <= m.last for m in mentions):
                best = max(best, 0.4)
        if year is None and best < 0:
            best = -0.6
        return year, best

    def _inherited(self, scored: Scored) -> int | None:
        """The year that an earlier sentence of the clause, or a heading, sets."""
        year = None
        for sentence in self.pool.sentences(scored.sentence.clause):
            if sentence.start >= scored.sentence.start:
                break
            own = [m for m in _plain_years(sentence.text) if m.start <= 16]
            if own:
                year = own[-1].last
        return year

    @staticmethod
    def _base(ask: Ask, quantity: Quantity) -> float:
        if not ask.base_years or quantity.kind in TIMES:
            return 0.0
        if quantity.base_year is None:
            return -0.4
        return 1.0 if quantity.base_year in ask.base_years else -1.0

    @staticmethod
    def _asked(ask: Ask, quantity: Quantity) -> bool:
        """True for an amount that the question itself names ("超过一百万的城市", "the nine main …")."""
        if quantity.kind == "count" and quantity.value in ask.stated and "confirm" not in ask.asks:
            return True
        return (
            any(
                quantity.measures() == q.measures()
                and quantity.dimension.split("/")[0] in (q.dimension.split("/")[0], "")
                for q in ask.quantities
            )
            and "confirm" not in ask.asks
        )


def _single(text: str) -> list[Quantity]:
    """A lone 一 before a measure word, which elsewhere is an article (一票, not 一个)."""
    found = []
    for match in _ONE.finditer(text):
        digits = f"{text[: match.start()]}1{text[match.start() + 1 :]}"
        for quantity in find_numbers(digits):
            if quantity.start == match.start():
                start, end = quantity.phrase_start, quantity.phrase_end
                found.append(
                    replace(
                        quantity,
                        text=text[quantity.start : quantity.end],
                        number_text="一",
                        phrase=text[start:end],
                    )
                )
    return found


def precision(ask: Ask, text: str, weigh: Weigher | None) -> float:
    """Share of a text's wording, rare pairs counting more, that the question's concepts account for."""
    if len(text) < 2:
        return 1.0
    marked = [False] * len(text)
    for concept in ask.concepts:
        for option, value in concept.options:
            at = text.find(option) if value >= 0.3 else -1
            while at >= 0:
                marked[at : at + len(option)] = [True] * len(option)
                at = text.find(option, at + 1)
    worths, total = _worths(text, weigh)
    found = 0.0
    for i, worth in enumerate(worths):
        if marked[i] or marked[i + 1]:
            found += worth * (marked[i] + marked[i + 1]) / 2
    return found / total if total else 1.0


@lru_cache(maxsize=8_192)
def _worths(text: str, weigh: Weigher | None) -> tuple[tuple[float, ...], float]:
    """The weight of each pair of neighbouring characters, and their sum."""
    worths = tuple(weigh(pair) if weigh else 1.0 for pair in pairs(text))
    return worths, sum(worths)


@lru_cache(maxsize=8_192)
def _plain_years(text: str) -> tuple[YearMention, ...]:
    return tuple(m for m in find_years(text) if not is_base(text, m))
