"""Amounts set side by side: of one thing at two times, of two things of a clause, of several of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, permutations

from policybot.answer.matching.match import Concept, Weigher, covers
from policybot.answer.prose.amounts import AmountBook, Stated, between
from policybot.answer.prose.computed import (
    EXACT,
    SIDE,
    Reckoned,
    as_printed,
    next_to,
    scaled,
    three_digits,
)
from policybot.answer.question.ask import Ask
from policybot.facts.measure import Quantity
from policybot.facts.render import plain_number
from policybot.patterns import lazy_pattern

_EVERY = lazy_pattern(r"每\s*(?P<n>[一二三四五六七八九十百\d]*)\s*(?P<unit>个?世纪|年|个?月|天|日)")
_TO = lazy_pattern(
    r"(?:[^，,；;。\d]{0,6}?)(?:提升|提高|上升|增长|增加|扩大|改善|攀升|增|升|降低|降|下降|减少|减|回落|缩小)(?:至|到)(?:了|约)?"
)
_MARK = lazy_pattern(r"[，,；;。：:]")
_AMOUNT = lazy_pattern(r"[\d.,%％]+|左右|以上|以下|以内|约|达到|至|力争|不低于|不超过|提升|提高")
_DECADE = lazy_pattern(r"每十年|\b(?:per|a|each|every) decade\b")
_CHANGED = lazy_pattern(r"上升|下降|增加|减少|新增|提高|降低|增长|缩小")
_HELD = 0.55  # … and of all words of a side that stand next to any
_SENTENCES_APART = 99
_CLEAR = 0.5  # by how much the amounts must fit their sides better than the other way round


# From one amount to another.


def changes(ask: Ask, book: AmountBook) -> Iterator[tuple[Stated, Stated]]:
    """Pairs of amounts of one thing at two times: 较2021年的83.5%提升至88.2%; 到2025年…，到2030年…."""
    for clause in book.clauses():
        for values in clause:
            for one, two in pairwise(values):
                if _comparable(one, two) and _TO.fullmatch(between(one, two)):
                    yield one, two
        yield from _series(ask, [v for values in clause for v in values])
    alike: dict[tuple[str, str], list[Stated]] = {}
    for values in book.sentences():
        for value in values:
            key = value.sentence.clause.document, _AMOUNT.sub("", value.own)
            if len(key[1]) > 1:
                alike.setdefault(key, []).append(value)
    for group in alike.values():
        if len({v.sentence.clause.id for v in group}) > 1:
            yield from _series(ask, group)


def _series(ask: Ask, values: Sequence[Stated]) -> Iterator[tuple[Stated, Stated]]:
    """Pairs of amounts at two years of the question, or at the only two there are."""
    dated = [v for v in values if v.year is not None]
    ends = {y for span in ask.spans for y in span} | set(ask.base_years)
    for one in dated:
        for two in dated:
            assert one.year is not None and two.year is not None
            if one.year >= two.year or not _comparable(one, two):
                continue
            alike = [v for v in dated if _comparable(one, v)]
            years = [v.year for v in alike]
            if len(set(years)) < len(years):
                continue  # several things of one unit
            if {one.year, two.year} <= ends or (not ends and len(alike) == 2):
                yield one, two


def _comparable(one: Stated, two: Stated) -> bool:
    a, b = one.quantity, two.quantity
    if a.upper_amount is not None or b.upper_amount is not None or a.direction or b.direction:
        return False
    if a.dimension in ("", "count") and (a.unit != b.unit or a.kind == "number"):
        return False
    return a.kind == b.kind and a.dimension == b.dimension and a.factor == b.factor


def yearly(ask: Ask, book: AmountBook) -> Iterator[Reckoned]:
    """What a change comes to in one year, or in ten: between two amounts of one thing, or over a period."""
    years = 10 if _DECADE.search(ask.text) else 1
    for one, two in changes(ask, book):
        if one.year is None or two.year is None or one.year == two.year:
            continue
        gap = Decimal(two.year - one.year) / years
        value = ((two.quantity.amount - one.quantity.amount) / gap).quantize(EXACT)
        calculation = f"({as_printed(two)} − {as_printed(one)}) ÷ {plain_number(gap)}"
        yield _each_year(ask, value, gap, calculation, (one, two))
    for values in book.sentences():
        for period in values:
            q = period.quantity
            if period.years is None or period.years[0] == period.years[1] or q.upper_amount is not None:
                continue
            if (
                q.kind not in ("quantity", "money")
                or not _CHANGED.search(period.own)
                or _EVERY.search(period.own)
            ):
                continue
            gap = Decimal(period.years[1] - period.years[0]) / years
            value = (q.amount / gap).quantize(EXACT)
            calculation = f"{as_printed(period)} ÷ {plain_number(gap)}"
            yield _each_year(ask, value, gap, calculation, (period,))


def _each_year(
    ask: Ask, value: Decimal, gap: Decimal, calculation: str, used: tuple[Stated, ...]
) -> Reckoned:
    like = used[-1]
    shown = scaled(like.quantity, three_digits(value), ask.language)
    if any(v.quantity.comparator != "=" for v in used):
        shown = f"约{shown}" if ask.language == "zh" else f"about {shown}"
    given = ((gap, plain_number(gap)),)
    return Reckoned(value, "", (), shown, calculation, used, like.quantity.unit, given)


# Two things of one sentence.


def sided(
    sides: tuple[tuple[Concept, ...], tuple[Concept, ...]], book: AmountBook, weigh: Weigher
) -> Iterator[tuple[Stated, Stated]]:
    """Two amounts of a clause, each with the words of its own side next to it and not the other way round.

    Of amounts that fit equally well those are meant that stand in one stretch, or else in one sentence.
    """
    for clause in book.clauses():
        values = tuple(v for sentence in clause for v in sentence)
        if len(values) < 2:
            continue
        worth = _worth(sides, values, book, weigh)
        if max(worth[0]) < _HELD or max(worth[1]) < _HELD:
            continue
        fits = []
        for i, j in permutations(range(len(values)), 2):
            if not _alike(values[i].quantity, values[j].quantity):
                continue
            if min(worth[0][i], worth[1][j]) < _HELD:
                continue
            gain = worth[0][i] + worth[1][j]
            if gain - worth[0][j] - worth[1][i] >= _CLEAR:
                fits.append((round(gain, 3), -_marks(values[i], values[j]), i, j))
        fits.sort(reverse=True)
        if fits and (len(fits) == 1 or fits[0][:2] > fits[1][:2]):
            yield values[fits[0][2]], values[fits[0][3]]


def _alike(q: Quantity, r: Quantity) -> bool:
    """True for amounts of one kind that can be set against each other."""
    kinds = q.kind == r.kind and (q.kind == "count" or q.dimension == r.dimension)
    changes_alike = q.direction == r.direction and q.base_year == r.base_year
    return kinds and changes_alike and q.upper_amount is None and r.upper_amount is None


def together(
    sides: Sequence[tuple[Concept, ...]], book: AmountBook, weigh: Weigher
) -> Iterator[tuple[Stated, ...]]:
    """One amount of a sentence for each of several things named side by side."""
    for values in book.sentences():
        if len(values) < len(sides):
            continue
        chosen = []
        for side in sides:
            fits = [v for v in values if all(next_to(c, v, weigh) >= SIDE for c in side)]
            if len(fits) != 1:
                break
            chosen.append(fits[0])
        distinct = len({id(v) for v in chosen}) == len(sides)
        if distinct and all(_alike(chosen[0].quantity, v.quantity) for v in chosen):
            yield tuple(chosen)


def _marks(one: Stated, two: Stated) -> int:
    """How many commas and the like stand between two amounts; many for those of two sentences."""
    if one.sentence is not two.sentence:
        return _SENTENCES_APART
    first, last = sorted((one, two), key=lambda v: v.quantity.start)
    return len(_MARK.findall(between(first, last)))


def _worth(
    sides: tuple[tuple[Concept, ...], tuple[Concept, ...]],
    values: tuple[Stated, ...],
    book: AmountBook,
    weigh: Weigher,
) -> list[list[float]]:
    """How much of each side's words stands next to each amount; words next to none do not tell them apart.

    A side in words without a translation, which the clause's annotation uses, is the amount that the other
    side is not.
    """
    clause = values[0].sentence.clause
    rows = []
    for side in sides:
        carried = [(c, [next_to(c, v, weigh) for v in values]) for c in side]
        telling = [(c.weight, row) for c, row in carried if max(row) >= SIDE]
        around = f"{book.pool.body(clause)}|{book.pool.head(clause)}|{book.pool.title(clause)}"
        absent = [c for c, row in carried if max(row) < SIDE and covers(c, around, weigh) < SIDE]
        if any(c.kind != "latin" or not book.pool.voiced(c, clause) for c in absent):
            telling = []
        total = sum(w for w, _ in telling)
        rows.append(
            [sum(w * row[i] for w, row in telling) / total if total else 0.0 for i in range(len(values))]
        )
    for n in (0, 1):
        untranslated = all(c.kind == "latin" for c in sides[n])
        if untranslated and len(values) == len(sides) and all(book.pool.voiced(c, clause) for c in sides[n]):
            rows[n] = [1.0 - w for w in rows[1 - n]]
    return rows
