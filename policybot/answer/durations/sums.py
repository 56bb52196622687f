"""Periods added up: those that a sentence numbers, and waiting times of one article one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from policybot.answer.durations.dates import Dated, numbered_of, ranges_of
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Weigher, covers, norm
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import plain
from policybot.answer.tables.planlines import computed
from policybot.answer.wording.draft import Finding
from policybot.patterns import lazy_pattern

_CHAIN = lazy_pattern(
    r"最早|最快|最短|最少|至少|起码|前后|加上?|加起来|合起来|一共|总共"
    r"|\b(?:earliest|soonest|shortest|minimum|at least|adding|plus|added|altogether|counting|in total"
    r"|together)\b"
)
_TOTAL = lazy_pattern(
    r"加上?|加起来|加在?一起|合起来|合计|一共|总共|总计|共|\b(?:adding|plus|added|altogether|in total"
    r"|total|together|combined|sum)\b"
)
_BOTH = lazy_pattern(r"[两二]个|[两二]期|\b(?:both|two)\b")
_APART = lazy_pattern(r"[长短](?:了|出)?(?:几|多少|多久)|\b(?:longer|shorter|differ\w*)\b")
# What is asked for is only the first of them: when one may give notice, and not when it takes effect.
_FIRST_STEP = lazy_pattern(
    r"(?:发出?|提出|递交|提交|送交|交存?)[^，。？]{0,8}(?:通知|申请|报告|文书)"
    r"|\b(?:notify|(?:give|giving|send|submit|file|deposit)(?: (?:its|the|a|written))* "
    r"(?:notice|notification|application|instrument)(?! (?:at once|immediately|right away))|apply|hand in)\b"
)
_YEARS = lazy_pattern(r"年$|^years?$")
_FROM_DAY = lazy_pattern(
    r"之日起|(?i:\b(?:from|after|of|following) (?:the )?(?:date|day)\b"
    r"|\b(?:year|month|day)s? (?:after|from)\b)"
)
_PAIR = (1, 2)
_NEAR = 4  # sentences looked at for waiting times
_TOLD = 0.6  # share of what a numbered period is called that its stretch must carry


@dataclass(frozen=True)
class Total:
    """Years added up, with the printed dates or times that they come from."""

    parts: tuple[Decimal, ...]
    dates: tuple[Dated, ...]
    derived: bool = False  # the parts are not printed but counted from dates
    apart: bool = False  # how much longer the longer one is

    @property
    def years(self) -> Decimal:
        return abs(self.parts[0] - self.parts[1]) if self.apart else sum(self.parts, Decimal(0))

    @property
    def calculation(self) -> str:
        parts = sorted(self.parts, reverse=True) if self.apart else self.parts
        return (" − " if self.apart else " + ").join(plain(n) for n in parts) + f" = {plain(self.years)}"

    @property
    def sentences(self) -> list[Sentence]:
        return [d.sentence for d in self.dates if d.sentence is not None]

    def findings(self, shown: str) -> list[Finding]:
        """The sum, and its parts where they are counted."""
        parts = [computed(n) for n in self.parts] if self.derived else []
        return [computed(self.years, "difference" if self.apart else "sum", self.parts, shown), *parts]


def numbered(ask: Ask, ranked: Sequence[Scored], pool: Pool, weigh: Weigher) -> Iterator[Total]:
    """The periods of a sentence that a question numbers (第一、第二承诺期), both ends of each included."""
    wanted = numbered_of(ask.text) or ({1, 2} if _BOTH.search(ask.text) else set())
    apart = _APART.search(ask.text) is not None and len(wanted) == len(_PAIR)
    if len(wanted) < len(_PAIR) or not (apart or _TOTAL.search(ask.text)):
        return
    names = [c for c in ask.concepts if c.kind == "term" and c.weight >= 0.3]
    sentences = [s.sentence for s in ranked]
    sentences += [s for s in _of_documents(ask, pool) if s not in sentences]
    for sentence in sentences:
        found: dict[int, tuple[Dated, Dated]] = {}
        for first, last, stretch in ranges_of(pool, sentence):
            told = numbered_of(norm(stretch)) & wanted
            named = any(covers(c, norm(stretch), weigh) >= _TOLD for c in names)
            if len(told) == 1 and named:
                found.setdefault(told.pop(), (first, last))
        if set(found) == wanted:
            pairs = [found[n] for n in sorted(found)]
            years = tuple(Decimal(last.year - first.year + 1) for first, last in pairs)
            yield Total(years, tuple(d for pair in pairs for d in pair), derived=True, apart=apart)


def _of_documents(ask: Ask, pool: Pool) -> Iterator[Sentence]:
    """Sentences anywhere that name a period with its ends: which document tells of them is not asked."""
    for clause in pool.corpus.clauses.values():
        if clause.table or (ask.only and clause.document not in ask.only):
            continue
        if len(numbered_of(norm(clause.text.text))) > 1:
            yield from pool.sentences(clause)


def chained(ask: Ask, ranked: Sequence[Scored], pool: Pool) -> Iterator[Total]:
    """Waiting times of one article that run one after the other."""
    if _CHAIN.search(ask.text) is None or _FIRST_STEP.search(ask.text) is not None:
        return
    for scored in ranked[:_NEAR]:
        clause = scored.sentence.clause
        article = clause.id.rsplit("/", 1)[0]
        terms = []
        for other in pool.corpus.of(clause.document):
            if other.id.rsplit("/", 1)[0] != article or other.table:
                continue
            for sentence in pool.sentences(other):
                terms += [
                    (sentence, q)
                    for q in pool.numbers(sentence)
                    if q.dimension == "duration"
                    and _YEARS.search(q.unit)
                    and not q.qualifier
                    and _FROM_DAY.search(sentence.text)
                ]
        if len(terms) == 2:
            dates = tuple(Dated(0, None, None, s, q, q.text) for s, q in terms)
            yield Total(tuple(q.amount for _, q in terms), dates)
