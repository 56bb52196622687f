"""What is left: of a share, of a year that a fall is measured from, of a count of which a part is done.

Every way is given in which the corpus offers such operands; which of them a question means is decided by the
words that it shares with their sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from policybot.answer.matching.match import Concept, Weigher, covers, norm
from policybot.answer.prose.amounts import AmountBook, Stated
from policybot.answer.prose.computed import (
    SIDE,
    Reckoned,
    next_to,
    worth_of,
)
from policybot.answer.prose.words import found
from policybot.answer.question.ask import Ask
from policybot.facts.measure import Quantity
from policybot.facts.render import amount_text, plain_number
from policybot.patterns import lazy_pattern

_SHARE = lazy_pattern(r"比[重例]|占|率|份额|^的")
_NOT_SHARE = lazy_pattern(r"下降|增长|增加|减少|提高(?!至|到)|得分|增速|幅")
_NEGATED = lazy_pattern(r"没有|尚未|未(?!来)|不(?!低于|少于|超过|足|同)|无")
_DONE = lazy_pattern(r"已|实际|完成|落实|兑现|做到|实现")
_TELLING = 0.3
_HEAVY = 0.4


# What a share leaves.


def remainders(ask: Ask, book: AmountBook, weigh: Weigher) -> Iterator[Reckoned]:
    """100% less a printed share, where the question is about all that the share does not take in.

    Or less a printed fall, where it is about what is left of the year that the fall is measured from.
    """
    negations = found("without", ask.text)
    for values in book.sentences():
        for value in values:
            q = value.quantity
            if q.kind != "percent" or q.upper_amount is not None or not Decimal(0) < q.amount < 100:
                continue
            if q.base_year is not None:
                spans = _left_of_base(ask, value)
            else:
                spans = _left_of_share(ask, value, negations, weigh)
                rivals = [v for v in values if v.quantity.kind == "percent" and v is not value]
                own = worth_of(ask, value, weigh)
                if any(worth_of(ask, v, weigh) >= own for v in rivals):
                    continue
            if spans is None:
                continue
            left = 100 - q.amount
            yield Reckoned(
                left,
                "rest",
                (Decimal(100), q.amount),
                _bounded(f"{plain_number(left)}%", q, ask.language),
                f"100% − {plain_number(q.amount)}% = {plain_number(left)}%",
                (value,),
                "%",
                given=((Decimal(100), "100%"),),
                spans=spans,
                base=q.base_year,
                named=not negations,
            )


def _left_of_share(
    ask: Ask, value: Stated, negations: Sequence[tuple[int, int]], weigh: Weigher
) -> tuple[tuple[int, int], ...] | None:
    """Where the question says that it is about the rest; None when it is not, or the amount is no share."""
    if value.quantity.direction or not _SHARE.search(value.own):
        return None
    if _NOT_SHARE.search(value.own) or _NEGATED.search(value.own):
        return None
    if value.behind.startswith("的") and not value.own.startswith(norm(value.quantity.text)):
        return None  # a share that tells which ones are meant: 占总量55%的缔约方
    opposite = _opposite(ask, value)
    if bool(negations) == (opposite is not None):
        return None
    denied = [c for c in _negated_of(ask) if c.weight >= _HEAVY]
    if opposite is None and denied and not any(covers(c, value.sentence.norm, weigh) >= SIDE for c in denied):
        return None  # what is denied is not what the share is of
    return tuple(negations) if opposite is None else ((opposite.start, opposite.end),)


def _left_of_base(ask: Ask, value: Stated) -> tuple[tuple[int, int], ...] | None:
    """Where the question asks what is left of the year that a fall is measured from."""
    q = value.quantity
    if q.direction != "down" or f"{q.base_year}" not in ask.text:
        return None
    spots = found("without", ask.text)
    of = re.search(
        rf"{q.base_year}年?(?:水平|时|当年)?的(?:百分之|几成|多少)|\bof (?:the |its )?{q.base_year}\b",
        ask.text,
    )
    return (*spots, *([of.span()] if of is not None else [])) or None


def _opposite(ask: Ask, value: Stated) -> Concept | None:
    """The word of the question that the amount's own words negate (化石能源, 非化石能源消费比重)."""
    for concept in ask.terms:
        if f"non-{concept.word}" in ask.text or "非" + concept.surface in ask.text:
            continue
        for option, worth in concept.ordered:
            if worth >= 0.7 and not option.startswith("非") and f"非{option}" in value.own:
                return concept
    return None


def _bounded(shown: str, q: Quantity, language: str) -> str:
    """What is left of a lower bound is an upper one, and the other way round."""
    zh = language == "zh"
    if q.comparator in (">=", ">"):
        return f"至多{shown}" if zh else f"at most {shown}"
    if q.comparator in ("<=", "<"):
        return f"至少{shown}" if zh else f"at least {shown}"
    if q.comparator == "≈":
        return f"约{shown}" if zh else f"about {shown}"
    return shown


# What is left of a whole of which a part is done.


def undone(
    ask: Ask, book: AmountBook, spans: Sequence[tuple[int, int]], weigh: Weigher
) -> Iterator[Reckoned]:
    """A count less the smaller one of which a sentence says what the question says is not so of the rest."""
    predicate = [] if spans else _negated_of(ask)
    given = [q.amount for q in ask.quantities if q.kind in ("count", "number")]
    for clause in book.clauses():
        for at, values in enumerate(clause):
            for place, part in enumerate(values):
                q = part.quantity
                if q.kind != "count" or q.comparator != "=" or _NEGATED.search(part.own):
                    continue
                said = [c for c in predicate if next_to(c, part, weigh) >= SIDE]
                if not (_DONE.search(part.own) if not predicate else _all_of(said, predicate)):
                    continue
                whole = _whole_of(part, values[:place], clause[at - 1] if at else (), given)
                if whole is None:
                    continue
                total, done = whole.quantity.amount, q.amount
                left = total - done
                yield Reckoned(
                    left,
                    "rest",
                    (total, done),
                    amount_text(whole.quantity, left, ask.language),
                    f"{plain_number(total)} − {plain_number(done)} = {plain_number(left)}",
                    (whole, part),
                    whole.quantity.unit,
                    named=bool(said),
                    spans=(*spans, *((c.start, c.end) for c in said), *_counted_by(ask, total)),
                )


def _counted_by(ask: Ask, amount: Decimal) -> list[tuple[int, int]]:
    """Where the question says what a number of its own counts (91 screened projects)."""
    ends = [q.end for q in ask.quantities if q.amount == amount]
    return [(c.start, c.end) for c in ask.concepts if any(0 <= c.start - end <= 2 for end in ends)]


def _negated_of(ask: Ask) -> list[Concept]:
    """What the question denies of the rest: its words behind the negation, up to the next comma."""
    spots = found("without", ask.text)
    if not spots:
        return []
    low = spots[-1][1]
    stop = re.search(r"[，,。？?]", ask.text[low:])
    high = low + stop.start() if stop else len(ask.text)
    return [c for c in ask.concepts if low - 2 <= c.start and c.end <= high and c.weight >= _TELLING]


def _all_of(said: Sequence[Concept], wanted: Sequence[Concept]) -> bool:
    total = sum(c.weight for c in wanted)
    return sum(c.weight for c in said) >= SIDE * total


def _whole_of(
    part: Stated, before: Sequence[Stated], earlier: Sequence[Stated], given: Sequence[Decimal]
) -> Stated | None:
    """What a part is counted of: the one larger count before it, or that of the sentence before 其中."""
    inside = [v for v in before if _larger(v, part)]
    if not inside and part.sentence.norm.startswith("其中"):
        inside = [v for v in earlier if _larger(v, part)]
    named = [v for v in inside if v.quantity.amount in given]
    inside = named or inside
    if len({v.quantity.amount for v in inside}) != 1:
        return None
    if any(n > part.quantity.amount for n in given) and not named:
        return None
    return inside[0]


def _larger(whole: Stated, part: Stated) -> bool:
    q, r = whole.quantity, part.quantity
    return q.unit == r.unit and q.kind == "count" and q.comparator == "=" and q.amount > r.amount
