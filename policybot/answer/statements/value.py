"""The number, date or period that answers a question, worded with its qualifier, condition and sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policybot.answer.evidence.excerpt import evidence_of, excerpt, tidy, time_before
from policybot.answer.evidence.pool import Pool, Scored, segments
from policybot.answer.evidence.quoting import Quoter
from policybot.answer.evidence.values import ValueFinder, ValueHit
from policybot.answer.matching.match import Weigher
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.kinds import TIMES
from policybot.answer.wording.cite import Evidence, quote_span
from policybot.answer.wording.compose import end_sentence, line
from policybot.answer.wording.draft import Draft, Finding, Line
from policybot.facts.quantities import render_value
from policybot.facts.years import find_years
from policybot.patterns import lazy_pattern

_YEAR_TAIL = lazy_pattern(r"\s*(?:年底前|年前|底前|之前|以前|前|年底|底|末|起|左右|以后|之后|后)")
_CLOSE = 0.07  # readings within this of the best one are told as well
_SAME = 0.4  # … in the same clause, of the same subject


class ValueMaker:
    """Finds values in sentences and words them."""

    def __init__(self, pool: Pool, quoter: Quoter, weigh: Weigher | None = None) -> None:
        self.pool = pool
        self.quoter = quoter
        self.weigh = weigh
        self.finder = ValueFinder(pool, weigh)

    def hits(self, ask: Ask, ranked: Sequence[Scored]) -> list[ValueHit]:
        """Values of the best sentences, best first."""
        return self.finder.hits(ask, ranked)

    def draft(self, ask: Ask, hit: ValueHit, hits: Sequence[ValueHit]) -> Draft:
        """The answer a value gives; `hits` are all values, for other readings."""
        others = self.readings(ask, hit, hits)
        features = self.features(hit, hits)
        steps = (
            Step(
                "find_value",
                {
                    "sentences": len({h.scored.sentence for h in hits}),
                    "expects": list(ask.expects),
                    "years": list(ask.years),
                },
                tidy(hit.quantity.phrase),
            ),
        )
        if others:
            picked = sorted([hit, *others], key=lambda h: h.year or 0)
            lines = [line("clarify")]
            lines += [self._reading(ask, h) for h in picked]
            return Draft(
                "value",
                tuple(lines),
                hit.score,
                "clarify",
                findings=tuple(self.finding(ask, h, self.evidence(ask, h)) for h in picked),
                steps=steps,
                features=features,
            )
        evidence = self.evidence(ask, hit)
        return Draft(
            "value",
            (
                self.value_line(ask, hit, evidence),
                *self.quoter.beneath(ask, hit.scored.sentence, self._span(ask, hit)),
            ),
            hit.score,
            findings=(self.finding(ask, hit, evidence),),
            steps=steps,
            features=features,
        )

    def features(self, hit: ValueHit, hits: Sequence[ValueHit]) -> dict[str, float]:
        """What the calibrated confidence looks at."""
        rival = next(
            (h.score for h in hits if h is not hit and h.quantity.measures() != hit.quantity.measures()), 0.0
        )
        return {
            "cover": hit.cover,
            "own": hit.scored.own,
            "wide": hit.scored.wide,
            "found": hit.scored.found,
            "year_fit": hit.fit,
            "kind_fit": hit.kind,
            "kind_miss": float(hit.kind < 0),
            "margin": max(0.0, hit.score - rival),
            "worst": hit.worst,
            "precision": hit.precision,
            "stray": hit.stray,
            "value": 1.0,
        }

    def readings(self, ask: Ask, hit: ValueHit, hits: Sequence[ValueHit]) -> list[ValueHit]:
        """Values of the same thing for other years, when the question names no year."""
        if ask.years or hit.year is None or hit.quantity.kind in TIMES or "confirm" in ask.asks:
            return []
        subject = self._subject(hit)
        found: dict[int, ValueHit] = {}
        for other in hits:
            year = other.year
            if (
                year is None
                or year == hit.year
                or year in found
                or other.quantity.dimension != hit.quantity.dimension
            ):
                continue
            alike = _alike(subject, self._subject(other))
            same = other.scored.sentence.clause.id == hit.scored.sentence.clause.id
            less = hit.scored.straying - other.scored.straying  # of another year is not something else
            if (
                other.score - less < hit.score - (_SAME if same and alike >= 0.8 else _CLOSE)
                or other.scored.authority > 1
            ):
                continue
            if alike >= 0.5:
                found[year] = other
        return list(found.values())

    def value_line(self, ask: Ask, hit: ValueHit, evidence: Evidence) -> Line:
        """The value, its condition, and the sentence that gives it."""
        return line(
            "value",
            (evidence,),
            value=self.shown(ask, hit),
            note=self._note(ask, hit),
            sentence=self.sentence(ask, hit),
        )

    def shown(self, ask: Ask, hit: ValueHit) -> str:
        """The value in the answer's language, qualifier kept."""
        quantity = hit.quantity
        if quantity.kind in TIMES:
            start, end = self._time_span(hit)
            text = tidy(hit.scored.sentence.text[start:end])
            if ask.language == "zh":
                return text
            plain = render_value(quantity, "en")
            return f"{plain} ({text})" if text != plain and not text.isascii() else plain
        if ask.language == "zh":
            return tidy(render_value(quantity, "zh"))
        return render_value(quantity, "en")

    def sentence(self, ask: Ask, hit: ValueHit) -> str:
        """The stretch of the source around the value, as the answer shows it."""
        start, end = self._span(ask, hit)
        text = tidy(hit.scored.sentence.clause.text.text[start:end])
        text = text.rstrip("，；、：,;:。")
        if ask.language == "zh":
            return end_sentence(text, "zh")
        return f"“{text}”"

    def evidence(self, ask: Ask, hit: ValueHit) -> Evidence:
        """The stretch that is quoted, the time it holds for included."""
        start, end = self._span(ask, hit)
        time = time_before(hit.scored.sentence, hit.at[0])
        if time is not None and time[0] < start and end - time[0] <= 260:
            wider = Evidence(hit.scored.sentence.clause.id, time[0], end, hit.at)
            start = min(start, quote_span(self.pool.corpus, wider)[0])
        return evidence_of(hit.scored.sentence, (start, end), hit.at)

    def finding(self, ask: Ask, hit: ValueHit, evidence: Evidence) -> Finding:
        """The value as a result."""
        quantity = hit.quantity
        value: float | str = quantity.value
        if quantity.kind == "date":
            value = quantity.date or quantity.text
        elif quantity.kind == "fraction":
            value = quantity.text
        return Finding(
            "derived" if quantity.number_text == "一" else "quoted",
            value,
            "" if quantity.kind in TIMES else tidy(quantity.unit),
            year=hit.year if quantity.kind not in TIMES else quantity.last,
            qualifier=quantity.qualifier,
            text=tidy(quantity.phrase),
            evidence=evidence,
        )

    def _reading(self, ask: Ask, hit: ValueHit) -> Line:
        space = "，" if ask.language == "zh" else ": "
        return line(
            "clarify_line",
            (self.evidence(ask, hit),),
            label=f"{hit.year}年" if ask.language == "zh" else str(hit.year),
            value=self.shown(ask, hit),
            sentence=space + self.sentence(ask, hit),
        )

    def _note(self, ask: Ask, hit: ValueHit) -> str:
        """The time the value holds for, when the shown stretch does not say it."""
        if hit.quantity.kind in TIMES:
            return ""
        start, _ = self._span(ask, hit)
        time = time_before(hit.scored.sentence, hit.at[0])
        if time is None or time[0] >= start:
            return ""
        text = tidy(hit.scored.sentence.clause.text.text[time[0] : time[1]])
        if ask.language == "zh":
            return text
        return f"by {hit.year}" if hit.year is not None and text.startswith(("到", "至")) else text

    def _span(self, ask: Ask, hit: ValueHit) -> tuple[int, int]:
        span = excerpt(hit.scored.sentence, ask.concepts, hit.at, self.weigh, longest=96)
        return quote_span(self.pool.corpus, Evidence(hit.scored.sentence.clause.id, *span, hit.at))

    def _time_span(self, hit: ValueHit) -> tuple[int, int]:
        text, quantity = hit.scored.sentence.text, hit.quantity
        start, end = quantity.start, quantity.end
        tail = _YEAR_TAIL.match(text, end)
        if tail:
            end = tail.end()
        following = re.match(r"\s*(?:至|到|-|—|—|~)\s*", text[end:])
        if following:
            after = next((y for y in find_years(text) if y.start == end + following.end()), None)
            end = after.end if after else end
        return start, end

    def _subject(self, hit: ValueHit) -> str:
        text = hit.scored.sentence.text
        own = next(((a, b) for a, b in segments(text) if a <= hit.quantity.start < b), (0, len(text)))
        return re.sub(r"[\d.%\s]+", "", text[own[0] : hit.quantity.phrase_start])


def _alike(one: str, other: str) -> float:
    pairs_one = {one[i : i + 2] for i in range(len(one) - 1)}
    pairs_two = {other[i : i + 2] for i in range(len(other) - 1)}
    if not pairs_one or not pairs_two:
        return 0.0
    return len(pairs_one & pairs_two) / min(len(pairs_one), len(pairs_two))
