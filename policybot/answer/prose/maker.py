"""What is computed from amounts of sentences: a remainder, an amount a head, what a pace comes to, a sum.

Also the difference, ratio or growth of two amounts of one sentence, and of one thing's amounts at two times.
An answer is made only where the sentences and the reading together account for the question, and where
no other sentence would give another result as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from policybot.answer.computing.accounted import Accountant, Span, within
from policybot.answer.computing.partwhole import free
from policybot.answer.computing.reckoned import Term, reckon
from policybot.answer.computing.sides import Side, coordinated, phrased
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Concept, Weigher, covers
from policybot.answer.model import Step
from policybot.answer.prose.amounts import AmountBook, Stated, evidence_of
from policybot.answer.prose.bases import based
from policybot.answer.prose.computed import Reckoned, next_to
from policybot.answer.prose.pairs import changes, sided, together, yearly
from policybot.answer.prose.ranges import beyond
from policybot.answer.prose.rates import extrapolated, ratios, shared_out
from policybot.answer.prose.rests import remainders, undone
from policybot.answer.prose.words import found, says
from policybot.answer.question.ask import Ask
from policybot.answer.question.kinds import kind_fits
from policybot.answer.question.operations import Operations, read_operations
from policybot.answer.tables.planlines import computed
from policybot.answer.wording.cite import quote_span
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Draft, Finding, Line, accounting
from policybot.facts.quantities import render_value
from policybot.patterns import lazy_pattern

_LEAST = 0.64  # share of the question that the sentences and its reading must account for
_GAIN = 0.62  # gained over makers of one value
_TIE = 0.06  # a sentence that accounts for so little less is a rival
_FOUND = 0.05  # gained by a sentence of a clause that retrieval puts first
_TOP = 4
_NEAR = 0.15  # share of what the reading leaves that must stand next to the amounts
_OR = lazy_pattern(r"还是|哪|谁|\bor\b")
_EACH = lazy_pattern(r"每个|各|分别|\beach\b")
_BEFORE = 0.8  # worth of a word that only the sentence before says
_OWN = 0.6  # share of what the reading leaves that must stand in the sentences themselves
_FEW = 0.25  # share of the question that is too little to tell
_HOME = "中国"
_WORD = 20  # characters
_YEARLY = lazy_pattern(
    r"平均每(?:十)?年|每年平均|年均[^，。？]{0,6}(?:多少|几)|每(?:十)?年(?:要|得|需|大约|约)?[^，。？]{0,6}(?:多少|几)"
    r"|\b(?:each|every) (?:year|decade)\b|\baverage\b.{0,60}\bper (?:year|decade)\b"
    r"|\bper (?:year|decade)\b.{0,40}\baverage\b"
    r"|\ba year\b.{0,20}\baverage\b"
    r"|\baverage\b.{0,40}\ba year\b|\bannually\b"
)
_POINTS = lazy_pattern(r"百分点|个点|\bpoints?\b")
_COMPUTED = ("difference", "growth", "ratio")
_WHICH = ("compare", "which_more", "which_less")
_ADDED = (*_COMPUTED, "total")


@dataclass(frozen=True)
class _Choice:
    """A way to compute what is asked: its result's text, the drafts' parts, how much it accounts for."""

    key: str
    used: tuple[Stated, ...]
    cover: float
    score: float
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    steps: tuple[Step, ...]


_STAGES = lazy_pattern(
    r"各(?:年|阶段|时间)|历年|三个?阶段|一步步|逐步|over time|by year|each (?:year|stage)|stage by stage"
    r"|timeline|milestone|evolve"
)
_PER_HEAD = lazy_pattern(r"人均|户均|\bper (?:capita|head|person)\b")


class ProseMaker:
    """Makes drafts from amounts that sentences print."""

    def __init__(self, pool: Pool, weigh: Weigher) -> None:
        self.pool = pool
        self.weigh = weigh
        self.book = AmountBook(pool)
        self.accountant = Accountant(pool, weigh)

    def drafts(self, ask: Ask, ranked: Sequence[Scored]) -> list[Draft]:
        """At most one draft; none unless the question asks for something to be computed."""
        operations = read_operations(ask.text)
        choices = list(self._choices(ask, ranked, operations))
        choices.sort(key=lambda c: -c.score)
        if not choices:
            return []
        best = choices[0]
        if any(c.key != best.key and c.score > best.score - _TIE for c in choices[1:]):
            return []
        features = accounting(best.cover)
        return [
            Draft(
                "arithmetic",
                best.lines,
                best.cover + _GAIN,
                findings=best.findings,
                steps=best.steps,
                features=features,
            )
        ]

    def _choices(self, ask: Ask, ranked: Sequence[Scored], operations: Operations) -> Iterator[_Choice]:
        text = ask.text
        if _STAGES.search(text):
            return  # every stage is asked for, and no difference
        asked = ask.amount or bool(ask.expects) or any(name in operations for name in _ADDED)
        amounts = ask.amount or bool(ask.expects)
        which = any(name in ask.asks for name in _WHICH)
        dated = bool(ask.years) and (amounts or ask.type == "value")
        asked = asked or which or dated
        if (not asked and not says("share", text)) or (ask.type == "yes_no" and not _OR.search(text)):
            return
        if says("share", text):
            yield from self._reckoned(
                ask, ranked, remainders(ask, self.book, self.weigh), found("share", text)
            )
        if ask.amount and ("rest" in operations or says("without", text)):
            spans = [(low, high) for name, low, high in operations.spans if name == "rest"]
            spans = [s for s in spans if s[1] - s[0] <= _WORD]
            yield from self._reckoned(
                ask, ranked, undone(ask, self.book, spans, self.weigh), found("without", text)
            )
        if says("end", text) and (amounts or any(name in operations for name in _COMPUTED)):
            made = list(
                self._reckoned(
                    ask, ranked, beyond(ask, self.book), [*found("than", text), *_short(operations)]
                )
            )
            yield from made
            if made:
                return
        if dated:
            spans = [*found("change", text), *found("than", text), *found("base", text)]
            yield from self._reckoned(ask, ranked, based(ask, ranked, self.book), spans)
        if says("each", text) and amounts:
            yield from self._reckoned(ask, ranked, ratios(ask, self.book, self.weigh), found("each", text))
        if says("pace", text) and amounts:
            made = list(self._reckoned(ask, ranked, extrapolated(ask, self.book), []))
            yield from made
            if made:
                return
        if _PER_HEAD.search(text):
            return  # what stands below takes amounts as they are printed
        relative = "ratio" in operations or "growth" in operations
        if _YEARLY.search(text) and amounts and not relative and not says("persons", text):
            spans = [*found("each", text), *found("change", text), *found("than", text)]
            spans += [m.span() for m in _YEARLY.finditer(text) if m.end() - m.start() <= _WORD]
            made = list(self._reckoned(ask, ranked, yearly(ask, self.book), spans))
            yield from made
            if made:
                return
        if says("periods", text) and (amounts or "total" in operations) and not _EACH.search(text):
            yield from self._reckoned(ask, ranked, shared_out(ask, self.book), found("periods", text))
        if "total" in operations:
            sides = coordinated(ask, True)
            if len(sides) > 1:
                taken = together([s.concepts for s in sides], self.book, self.weigh)
                spans = _short(operations)
                yield from self._sums(ask, ranked, taken, spans, sides)
        if not which and not any(name in operations for name in _COMPUTED) and not says("change", text):
            return
        spans = _short(operations)
        sides = phrased(ask)
        if len(sides) == 2:
            saying = [*spans, *found("filler", text), *found("change", text), *found("than", text)]
            words = [tuple(c for c in s.concepts if not within(c, saying)) or s.concepts for s in sides]
            pairs = sided((words[0], words[1]), self.book, self.weigh)
            spans += [*found("change", text), *found("than", text)]
            yield from self._pairs(ask, ranked, operations, pairs, spans, sides)
        elif amounts or len(ask.spans) > 1 or any(name in operations for name in _COMPUTED):
            spans += [*found("change", text), *found("than", text)]
            yield from self._pairs(ask, ranked, operations, changes(ask, self.book), spans, ())

    # Amounts computed by one operation.

    def _reckoned(
        self, ask: Ask, ranked: Sequence[Scored], results: Iterable[Reckoned], spans: Sequence[Span]
    ) -> Iterator[_Choice]:
        for made in results:
            fits = self._years_fit(ask, made.used[-1], made.base)
            if not (fits or made.timed) and (made.base is not None or not self._dated(ask, made.used)):
                continue
            named = made.named or made.base is not None
            fit = self._fit(ask, ranked, made.used, [*spans, *made.spans], named)
            if fit is None:
                continue
            lines = [line("arithmetic_rule", (), value=made.shown, calculation=made.calculation)]
            lines += self._quotes(made.used)
            findings = [
                computed(made.value, made.operation, made.inputs, made.shown, made.unit),
                *(Finding("derived", float(n), text=text) for n, text in made.given),
                *self._quoted(made.used),
            ]
            inputs = [v.quantity.text for v in made.used]
            step = Step("compute", {"operation": made.operation, "inputs": inputs}, made.shown)
            yield _Choice(made.shown, made.used, *fit, tuple(lines), tuple(findings), (step,))

    # Several amounts side by side.

    def _sums(
        self,
        ask: Ask,
        ranked: Sequence[Scored],
        taken: Iterable[tuple[Stated, ...]],
        spans: Sequence[Span],
        sides: Sequence[Side],
    ) -> Iterator[_Choice]:
        named = [(c.start, c.end) for side in sides for c in side.concepts]
        for values in taken:
            if not all(self._years_fit(ask, v) for v in values):
                continue
            fit = self._fit(ask, ranked, values, [*spans, *named], True)
            terms = [Term(s.label, v.quantity) for s, v in zip(sides, values, strict=True)]
            made = reckon(terms, Operations((("total", 0, 0),)), ask.language) if fit is not None else []
            if fit is None or not made:
                continue
            lines = [made[0][0], *self._quotes(values)]
            findings = [made[0][1], *self._quoted(values)]
            yield _Choice(made[0][1].text, values, *fit, tuple(lines), tuple(findings), (made[0][2],))

    def _pairs(
        self,
        ask: Ask,
        ranked: Sequence[Scored],
        operations: Operations,
        pairs: Iterable[tuple[Stated, Stated]],
        spans: Sequence[Span],
        sides: Sequence[Side],
    ) -> Iterator[_Choice]:
        named = [(c.start, c.end) for side in sides for c in side.concepts]
        wanted = (
            operations if any(n in operations for n in _COMPUTED) else Operations((("difference", 0, 0),))
        )
        for pair in pairs:
            if sides and not all(self._years_fit(ask, v) for v in pair):
                continue
            if sides and pair[0].quantity.kind == "count" and not (ask.amount or "count" in ask.expects):
                continue
            if not sides and not (_is_asked(ask, wanted, pair[0]) and self._dated(ask, pair)):
                continue
            fit = self._fit(ask, ranked, pair, [*spans, *named], bool(sides))
            if fit is None:
                continue
            labels = [s.label for s in sides] or self._when(ask, pair)
            order = (0, 1) if sides else (1, 0)
            dated = not sides and pair[0].year != pair[1].year
            terms = [Term(labels[n], pair[n].quantity, pair[n].year if dated else None) for n in order]
            made = reckon(terms, wanted, ask.language)
            if not made:
                continue
            evidence = evidence_of(self.pool.corpus, pair)
            lines = [said if sides else _told(said, finding, pair) for said, finding, _ in made]
            for n, value in enumerate(pair):
                shown = render_value(value.quantity, ask.language)
                shown = "".join(shown.split()) if ask.language == "zh" else shown
                lines.append(line("compare_line", (evidence[n],), label=labels[n], value=shown))
            findings = [*(finding for _, finding, _ in made), *self._quoted(pair)]
            key = "|".join(finding.text for _, finding, _ in made)
            yield _Choice(key, pair, *fit, tuple(lines), tuple(findings), tuple(step for _, _, step in made))

    def _dated(self, ask: Ask, used: Sequence[Stated]) -> bool:
        """False for amounts of one thing whose sentences lack a year that the question names."""
        if len(used) < len(ask.spans):
            return False
        text = "|".join(f"{v.sentence.norm}|{v.years}" for v in used)
        return all(str(year) in text for span in ask.spans for year in span)

    @staticmethod
    def _when(ask: Ask, pair: tuple[Stated, Stated]) -> list[str]:
        """What the amounts of one thing are called: their years, or which of them is the earlier."""
        if pair[0].year is not None and pair[1].year is not None and pair[0].year != pair[1].year:
            return [f"{v.year}年" if ask.language == "zh" else f"{v.year}" for v in pair]
        return [fill("word_before", {}, ask.language), fill("word_after", {}, ask.language)]

    # What a question and sentences share.

    def _fit(
        self,
        ask: Ask,
        ranked: Sequence[Scored],
        used: Sequence[Stated],
        spans: Sequence[Span],
        named: bool,
    ) -> tuple[float, float] | None:
        """(share of the question accounted for, worth among rivals); None for sentences on other things."""
        sentences = list(dict.fromkeys(v.sentence for v in used))
        clause = sentences[0].clause
        wanted = ask.only or ask.documents
        if wanted and clause.document not in wanted:
            return None
        spans = [*spans, *found("filler", ask.text)]
        account = self.accountant.of(ask, sentences, spans)
        if account.cover < _LEAST or account.lacking:
            return None
        if not all(self._of_place(c, sentences) for c in ask.concepts if c.kind == "place"):
            return None
        own, near = self._own(ask, used, spans, named)
        if own < _OWN or (not named and near < _NEAR):
            return None
        top = list(dict.fromkeys(s.sentence.clause.id for s in ranked))[:_TOP]
        found_first = _FOUND if clause.id in top else 0.0
        return account.cover, account.cover + (own + near) / 2 + found_first

    def _of_place(self, place: Concept, sentences: Sequence[Sentence]) -> bool:
        """False for sentences that are not about a place of the question: what they say holds elsewhere."""
        if _HOME in {option for option, _ in place.ordered}:
            return True
        pool = self.pool
        texts = [
            f"{s.norm}|{s.before}|{pool.head(s.clause)}|{pool.title(s.clause)}|{pool.subject(s)}"
            for s in sentences
        ]
        return any(covers(place, text, self.weigh) >= _OWN for text in texts)

    def _own(
        self, ask: Ask, used: Sequence[Stated], spans: Sequence[Span], named: bool
    ) -> tuple[float, float]:
        """Shares of what the reading leaves that the sentences say, and that stands next to their amounts."""
        left = [c for c in ask.concepts if c.kind not in ("document", "number") and not within(c, spans)]
        total = sum(c.weight for c in left)
        if not total or (named and total < _FEW * sum(c.weight for c in ask.concepts)):
            return float(named), 0.0
        told = near = 0.0
        for c in left:
            told += c.weight * max(
                max(
                    covers(c, v.sentence.norm, self.weigh),
                    _BEFORE * covers(c, v.sentence.before, self.weigh),
                    self.pool.voiced(c, v.sentence.clause),
                )
                for v in used
            )
            near += c.weight * max(
                max(next_to(c, v, self.weigh), covers(c, v.stretch, self.weigh)) for v in used
            )
        return told / total, near / total

    def _years_fit(self, ask: Ask, value: Stated, base: int | None = None) -> bool:
        """False for an amount of other years than those asked about; `base` is that of a change."""
        spans = [s for s in ask.spans if s[1] != base]
        if base is not None:
            text = value.sentence.text[: value.quantity.start]
            printed = set(re.findall(r"(?:19|20)\d\d", text)) - {str(base)}
            return all(str(last) in (printed or value.sentence.before) for _, last in spans)
        if not spans:
            return True
        return value.years is not None and all(last == value.years[1] for _, last in spans)

    def _quotes(self, used: tuple[Stated, ...]) -> list[Line]:
        lines = []
        for own in dict.fromkeys(evidence_of(self.pool.corpus, used)):
            low, high = quote_span(self.pool.corpus, own)
            text = self.pool.corpus.clauses[own.clause].text.text[low:high]
            lines.append(line("arithmetic_quote", (own,), sentence=free(text)))
        return lines

    def _quoted(self, used: tuple[Stated, ...]) -> list[Finding]:
        findings = []
        for v, evidence in zip(used, evidence_of(self.pool.corpus, used), strict=True):
            q = v.quantity
            findings.append(Finding("quoted", float(q.amount), q.unit, v.year, q.qualifier, q.text, evidence))
        return findings


def _short(operations: Operations) -> list[Span]:
    """Where the operations are named; a long stretch ("by how much did … rise") names other things too."""
    return [(low, high) for _, low, high in operations.spans if high - low <= _WORD]


def _is_asked(ask: Ask, wanted: Operations, value: Stated) -> bool:
    """False for an amount of a kind that the question does not ask for."""
    relative = "growth" in wanted or "ratio" in wanted
    if relative or not ask.strict or kind_fits(value.quantity, ask.expects) >= 0:
        return True
    return value.quantity.kind == "percent" and _POINTS.search(ask.text) is not None


def _told(said: Line, finding: Finding, pair: tuple[Stated, Stated]) -> Line:
    """A difference of one thing's amounts with its calculation: which of them is higher is plain to see."""
    if finding.operation != "difference" or not finding.value:
        return said
    first, last = (re.sub(r"\s", "", v.quantity.text) for v in pair)
    return line("arithmetic_rule", (), value=finding.text, calculation=f"{last} − {first}")
