"""How long: from one printed date to another, the length of a printed period, an age, periods added up.

Dates are those of a period that a sentence prints ("自1998年3月16日至1999年3月15日"), or of two events that
the question names, each with the date of the stretch that tells of it. A date is used only where one
stretch tells of the event and prints it; two dates for one event mean that there is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from policybot.answer.computing.accounted import Accountant, Span, within
from policybot.answer.computing.partwhole import free
from policybot.answer.durations.dates import (
    Dated,
    dates_of,
    evidence_of,
    length_of,
    numbered_of,
    order_of,
    ranges_of,
    scope_of,
)
from policybot.answer.durations.deadlines import WHEN, Deadline, deadline, shown_day
from policybot.answer.durations.issued import ISSUED, issued_of
from policybot.answer.durations.sums import chained, numbered
from policybot.answer.durations.words import ACTS, ASKED, PAIRS, SOONEST, WORDS
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Concept, Weigher, covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import plain
from policybot.answer.tables.planlines import computed
from policybot.answer.wording.cite import quote_span
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Draft, Finding, Line, accounting
from policybot.facts.quantities import render_value
from policybot.patterns import lazy_pattern

_SENTENCES = 12
_LEAST = 0.6
_GAIN = 0.6
_EVENT = 0.6  # share of an event's words that the stretch with its date must carry
_TIE = 0.05
_UNNAMED = 0.25  # share of a question that a rule need not say: who it is that acts
_INCLUSIVE = lazy_pattern(r"[期段]|规划|\bperiods?\b|\bterm\b|开放|open")
_AGE = lazy_pattern(r"多大|几岁|年纪|年龄|岁数|\bhow old\b|\bage\b")
_BORN = lazy_pattern(r"(?:年仅|时年|当时|才)?(\d{1,3})\s*岁")
_SAID = lazy_pattern(
    r"提出|宣布|承诺|制定|出台|发布|\b(?:announc\w*|pledg\w*|propos\w*|set|issu\w*|publish\w*|promis\w*)\b"
)
_MUST = lazy_pattern(r"应(?![对用急付])")  # a rule, which tells of no event
_LATER = lazy_pattern(r"[一二两三四五六七八九十\d]年后")  # the year is another one than the one printed
_ORDINAL = lazy_pattern(r"第[一二三四五六七八九十]|first|second|third|fourth|fifth|sixth|last|最后")
_TELLING = 0.3
_SHARED = ("document", "latin", "place")


class DurationMaker:
    """Makes drafts on lengths of time."""

    def __init__(self, pool: Pool, weigh: Weigher) -> None:
        self.pool = pool
        self.weigh = weigh
        self.accountant = Accountant(pool, weigh)

    def drafts(self, ask: Ask, ranked: Sequence[Scored]) -> list[Draft]:
        """At most one draft; none unless a length of time or an age is asked for."""
        counted = deadline(ask, ranked, self.pool, self.weigh)
        if counted is not None and (made := self._day(ask, counted)) is not None:
            return [made]
        if ASKED.search(ask.text) is None:
            made = self._summed(ask, ranked) if SOONEST.search(ask.text) else None
            return [made] if made is not None else []
        near = [s for s in ranked[:_SENTENCES] if not s.sentence.heading]
        if _AGE.search(ask.text):
            made = self._age(ask, near)
        else:
            made = self._between(ask, ranked) or self._summed(ask, ranked)
            made = made or self._period(ask, near)
        return [made] if made is not None else []

    # Days that a rule makes from a given one.

    def _day(self, ask: Ask, counted: Deadline) -> Draft | None:
        sentence = counted.sentence
        asking = [m.span() for m in WHEN.finditer(ask.text)]
        account = self.accountant.of(ask, [sentence], [*self._spans(ask), counted.span, *asking])
        lacking = sum(c.weight for c in account.lacking) / (sum(c.weight for c in ask.concepts) or 1.0)
        if account.cover < _LEAST or lacking > _UNNAMED:
            return None
        shown = shown_day(counted.day, ask.language)
        given = shown_day(counted.given, ask.language)
        sign = "−" if counted.earlier else "+"
        calculation = f"{given} {sign} {render_value(counted.quantity, ask.language)}"
        dated = Dated(counted.day.year, counted.day, counted.day.month, sentence, counted.quantity, given)
        findings = [
            Finding("computed", float(counted.day.year), "", counted.day.year, text=shown),
            Finding("user input", float(counted.given.year), text=given),
        ]
        return self._draft(ask, shown, calculation, [dated], findings, account.cover)

    # Ages.

    def _age(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        """An age in one year from the one printed for another."""
        years = ask.years
        for scored in ranked:
            text = scored.sentence.text
            match = _BORN.search(text)
            dated = next(
                (
                    d
                    for d in dates_of(self.pool, scored.sentence)
                    if match and d.q and d.q.end <= match.start()
                ),
                None,
            )
            if match is None or dated is None or len(years) != 1 or years[0] == dated.year:
                continue
            age = int(match[1]) + years[0] - dated.year
            account = self.accountant.of(
                ask,
                [
                    s.sentence
                    for s in ranked[:4]
                    if s.sentence.clause.document == scored.sentence.clause.document
                ]
                + [scored.sentence],
                self._spans(ask),
            )
            if age <= 0 or account.cover < _LEAST or account.lacking:
                continue
            about = fill("word_about", {}, ask.language)
            shown = f"{about}{'' if ask.language == 'zh' else ' '}" + fill(
                "word_age", {"age": str(age)}, ask.language
            )
            calculation = f"{match[1]} + ({years[0]} − {dated.year}) = {age}"
            gap = years[0] - dated.year
            findings = [
                computed(Decimal(age), "sum", (Decimal(int(match[1])), Decimal(gap)), shown),
                computed(Decimal(gap), "difference", (Decimal(years[0]), Decimal(dated.year))),
            ]
            return self._draft(ask, shown, calculation, [dated], findings, account.cover)
        return None

    # The length of a printed period.

    def _period(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        found: list[tuple[float, Dated, Dated, Scored]] = []
        for scored in ranked:
            for first, last, stretch in ranges_of(self.pool, scored.sentence):
                plain_text = norm(stretch)
                spans = self._spans(ask)
                words = [
                    c for c in ask.concepts if not within(c, spans) and c.kind not in ("document", "number")
                ]
                total = sum(c.weight for c in words)
                said = sum(c.weight * covers(c, plain_text, self.weigh) for c in words)
                worth = said / total if total else 0.0
                ends = {first.year, last.year}
                if numbered_of(ask.text) and not numbered_of(ask.text) & numbered_of(plain_text):
                    continue
                if worth >= _EVENT and all(y in ends for span in ask.spans for y in span):
                    found.append((worth, first, last, scored))
        found.sort(key=lambda f: -f[0])
        if not found:
            return None
        best = found[0]
        if any(
            f[0] > best[0] - _TIE and (f[1].year, f[2].year) != (best[1].year, best[2].year)
            for f in found[1:]
        ):
            return None
        account = self.accountant.of(ask, [best[3].sentence], self._spans(ask))
        if account.cover < _LEAST or account.lacking:
            return None
        inclusive = _INCLUSIVE.search(ask.text) is not None or best[1].day is not None
        return self._told_as(ask, best[1], best[2], account.cover, inclusive)

    # Periods added up.

    def _summed(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        near = [s for s in ranked[:_SENTENCES] if not s.sentence.heading]
        for total in (*numbered(ask, near, self.pool, self.weigh), *chained(ask, near, self.pool)):
            account = self.accountant.of(ask, total.sentences, self._spans(ask))
            if account.cover < _LEAST or account.lacking:
                continue
            shown = fill("word_years", {"n": plain(total.years)}, ask.language)
            return self._draft(
                ask, shown, total.calculation, total.dates, total.findings(shown), account.cover
            )
        return None

    # Two events.

    def _between(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        for pattern in PAIRS:
            match = pattern.search(ask.text)
            if match is None:
                continue
            pair = self._pair(ask, match, ranked)
            if pair is None:
                return None
            first, last = sorted(pair, key=order_of)
            held = [d.sentence for d in (first, last) if d.sentence is not None]
            if not held:
                return None
            spans = [*self._spans(ask), *self._acts(ask), *(m.span() for m in ISSUED.finditer(ask.text))]
            account = self.accountant.of(ask, held, spans)
            if account.cover < _LEAST or account.lacking:
                return None
            return self._told_as(ask, first, last, account.cover, False)
        return None

    def _pair(self, ask: Ask, match: re.Match[str], ranked: Sequence[Scored]) -> tuple[Dated, Dated] | None:
        """The dates of both events: from one sentence that tells of both, else from any."""
        before = self._names(ask, match.span("s"))
        names = (before, before)
        if not before:
            names = (self._names(ask, match.span("b")), self._names(ask, match.span("a")))
        held = [s.sentence for s in ranked]
        for sentences in [*([s] for s in held), [*held, *self._told(ask, held)]]:
            one = self._event(ask, match.span("a"), names[0], sentences)
            two = self._event(ask, match.span("b"), names[1], sentences) if one is not None else None
            if one is None or two is None or order_of(one) == order_of(two):
                continue
            if _SAID.search(ask.text) and all(str(d.year) in ask.text for d in (one, two)):
                continue  # asks when two aims were set, not for which years they are
            if one.sentence is not None or two.sentence is not None:
                return one, two
        return None

    def _told(self, ask: Ask, held: Sequence[Sentence]) -> list[Sentence]:
        """Further sentences with dates in the documents that the search found."""
        documents = dict.fromkeys([*ask.documents, *(s.clause.document for s in held[:_SENTENCES])])
        acts = [printed for asked, printed in ACTS if re.search(asked, ask.text)]
        if not acts:
            return []
        return [
            sentence
            for document in documents
            for clause in self.pool.corpus.of(document)
            if not clause.table and any(re.search(act, clause.text.text) for act in acts)
            for sentence in self.pool.sentences(clause)
            if sentence not in held and dates_of(self.pool, sentence)
        ]

    def _names(self, ask: Ask, span: Span) -> list[Concept]:
        """What an event is about: its words without those for the act."""
        spots = [*self._acts(ask), *self._spans(ask)]
        inside = [c for c in ask.concepts if span[0] <= c.start and c.end <= span[1] and c.kind != "number"]
        inside = [c for c in inside if not _touches(c, spots) and (c.weight >= _TELLING or c.kind in _SHARED)]
        return [c for c in inside if c.kind in _SHARED] or inside[:1]

    def _event(
        self, ask: Ask, span: Span, shared: Sequence[Concept], sentences: Sequence[Sentence]
    ) -> Dated | None:
        """When an event was: the year that the question gives it, or the one date of what tells of it."""
        issued = issued_of(ask, span, self.pool)
        if issued is not None:
            return issued
        text = ask.text[span[0] : span[1]]
        given = re.findall(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)", text)
        act = next((printed for asked, printed in ACTS if re.search(asked, text)), None)
        own = [
            c
            for c in ask.concepts
            if span[0] <= c.start
            and c.end <= span[1]
            and c.kind != "number"
            and not within(c, [m.span() for m in WORDS.finditer(ask.text)])
        ]
        names = [c for c in own if c.kind in _SHARED]
        spots = [m.span() for asked, _ in ACTS for m in re.finditer(asked, ask.text)]
        rest = [c for c in own if c not in names and not (act is not None and _touches(c, spots))]
        if not any(c.weight >= _TELLING and not _ORDINAL.fullmatch(c.surface) for c in rest) and act is None:
            if len(given) == 1 and not own:
                return Dated(int(given[0]), None, None, None, None, given[0])
            if not (names and given):
                return None
        if act is not None and not rest:
            names += [c for c in shared if c not in names and c.kind != "place"]  # "its signing in New York"
        found: dict[tuple[int, int | None, date | None], tuple[float, Dated]] = {}
        for sentence in sentences:
            for dated in dates_of(self.pool, sentence):
                worth = self._tells(dated, rest, names, act)
                if worth < _EVENT or (given and str(dated.year) not in given):
                    continue
                key = (dated.year, dated.month, dated.day)
                if key not in found or found[key][0] < worth:
                    found[key] = (worth, dated)
        best = sorted(found.values(), key=lambda pair: (-round(pair[0], 1), pair[1].day is None))
        if not best:
            return None
        top = best[0]
        rivals = [d for w, d in best[1:] if w > top[0] - _TIE and d.year != top[1].year]
        return None if rivals else top[1]

    def _tells(
        self, dated: Dated, rest: Sequence[Concept], names: Sequence[Concept], act: str | None
    ) -> float:
        """How much of an event the stretch of a date tells; 0 when it lacks its act or its name."""
        assert dated.q is not None and dated.sentence is not None
        sentence = dated.sentence
        stretch = scope_of(
            sentence.text, dated.q, [d.q for d in dates_of(self.pool, sentence) if d.q is not None]
        )
        plain_text = norm(stretch)
        clause = sentence.clause
        wide = f"{sentence.norm}|{self.pool.head(clause)}|{self.pool.title(clause)}"
        for name in names:
            if max(covers(name, plain_text, self.weigh), covers(name, wide, self.weigh)) < 0.7:
                return 0.0
        titles = re.findall(r"《[^》]+》", stretch)
        if titles and names and not any(covers(n, norm(t), self.weigh) >= 0.7 for n in names for t in titles):
            return 0.0
        if act is not None and _MUST.search(sentence.norm):
            return 0.0
        near = sum(covers(n, plain_text, self.weigh) for n in names) / len(names) if names else 0.0
        if (act is not None and re.search(act, plain_text) is None) or _LATER.search(plain_text):
            return 0.0
        total = sum(c.weight for c in rest)
        said = sum(c.weight * covers(c, plain_text, self.weigh) for c in rest)
        if not rest:
            return 1.0 + 0.2 * near if act is not None else near
        return said / total + 0.2 * near

    # Wording.

    def _told_as(self, ask: Ask, first: Dated, last: Dated, cover: float, inclusive: bool) -> Draft | None:
        made = length_of(ask, first, last, inclusive)
        if made is None:
            return None
        shown, calculation, findings = made
        return self._draft(ask, shown, calculation, [first, last], findings, cover)

    def _draft(
        self,
        ask: Ask,
        shown: str,
        calculation: str,
        dates: Sequence[Dated],
        findings: list[Finding],
        cover: float,
    ) -> Draft:
        lines: list[Line] = [line("arithmetic_span", (), value=shown, calculation=calculation)]
        seen: dict[tuple[str, int], None] = {}
        for dated in dates:
            if dated.sentence is None or dated.q is None:
                continue
            key = (dated.sentence.clause.id, dated.sentence.start)
            if key in seen:
                continue
            seen[key] = None
            evidence = evidence_of(dated)
            low, high = quote_span(self.pool.corpus, evidence)
            text = self.pool.corpus.clauses[evidence.clause].text.text[low:high]
            lines.append(line("arithmetic_quote", (evidence,), sentence=free(text)))
        step = Step("compute", {"operation": "duration", "inputs": [d.text for d in dates]}, shown)
        features = accounting(cover)
        return Draft(
            "arithmetic",
            tuple(lines),
            cover + _GAIN,
            findings=tuple(findings),
            steps=(step,),
            features=features,
        )

    def _spans(self, ask: Ask) -> list[Span]:
        return [m.span() for pattern in (ASKED, SOONEST, WORDS) for m in pattern.finditer(ask.text)]

    def _acts(self, ask: Ask) -> list[Span]:
        return [m.span() for asked, _ in ACTS for m in re.finditer(asked, ask.text)]


def _touches(concept: Concept, spans: Sequence[Span]) -> bool:
    """True for a word that shares two characters or more with one of the spans."""
    return any(min(high, concept.end) - max(low, concept.start) > 1 for low, high in spans)
