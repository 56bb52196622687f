"""Amounts of one sentence, or of one clause, that can be computed with: what stands for what.

Each finder gives every way in which the corpus offers the operands of an operation; which of them the
question means is decided by the words it shares with their sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, permutations

from policybot.answer.amountbook import AmountBook, Stated, between
from policybot.answer.ask import Ask
from policybot.answer.match import Concept, Weigher, covers
from policybot.answer.prosewords import found, says
from policybot.answer.valuefind import kind_fits
from policybot.facts.measure import Quantity
from policybot.facts.quantities import find_quantities
from policybot.facts.render import amount_text, plain_number
from policybot.patterns import lazy_pattern

_SHARE = lazy_pattern(r"比[重例]|占|率|份额|^的")
_NOT_SHARE = lazy_pattern(r"下降|增长|增加|减少|提高(?!至|到)|得分|增速|幅")
_NEGATED = lazy_pattern(r"没有|尚未|未(?!来)|不(?!低于|少于|超过|足|同)|无")
_EVERY = lazy_pattern(r"每\s*(?P<n>[一二三四五六七八九十百\d]*)\s*(?P<unit>个?世纪|年|个?月|天|日)")
_STRETCH = lazy_pattern(
    r"(?P<n>[一二三四五六七八九十百半两\d]+)\s*个?(?P<unit>世纪|年|月|天)"
    r"|\b(?P<word>half a|quarter of a|an?|one|two|three|four|five|six|ten|\d+)"
    r" (?P<what>century|centuries|decades?)\b"
    r"|\b(?P<years>[a-z]+(?:-[a-z]+)?|\d+)[ -](?P<of>years?|months?)\b"
)
_TO = lazy_pattern(
    r"(?:[^，,；;。\d]{0,6}?)(?:提升|提高|上升|增长|增加|扩大|改善|攀升|增|升|降低|降|下降|减少|减|回落|缩小)(?:至|到)(?:了|约)?"
)
_PERSON = lazy_pattern(r"用户|人员|人口|居民|名|人")
_APART = lazy_pattern(r"[，,；;。：:、]|相比|发生|则")
_MARK = lazy_pattern(r"[，,；;。：:]")
_DONE = lazy_pattern(r"已|实际|完成|落实|兑现|做到|实现")
_NEAR = 16
_START = 14  # characters at the start of a sentence that may name the place it is about
_TELLING = 0.3
_CLOSE, _FAR = 10, 36  # characters from the word for each to what there is an amount for
_SIDE = 0.7  # share of a word that must stand next to an amount
_EXACT = Decimal("0.000001")
_HELD = 0.55  # … and of all words of a side that stand next to any
_SENTENCES_APART = 99
_CLEAR = 0.5  # by how much the amounts must fit their sides better than the other way round
_WORDS = {"half a": Decimal("0.5"), "quarter of a": Decimal("0.25"), "a": Decimal(1), "an": Decimal(1)}
_WORDS |= {word: Decimal(n) for n, word in enumerate(("one", "two", "three", "four", "five", "six"), 1)}
_WORDS |= {"ten": Decimal(10)}
_YEARS = {"世纪": 100, "century": 100, "centuries": 100, "decade": 10, "decades": 10}


@dataclass(frozen=True)
class Reckoned:
    """A computed amount: how it was reached, how it is shown, what it was computed from."""

    value: Decimal
    operation: str
    inputs: tuple[Decimal, ...]
    shown: str
    calculation: str
    used: tuple[Stated, ...]
    unit: str = ""
    given: tuple[tuple[Decimal, str], ...] = ()  # numbers that are neither quoted nor asked: 100%
    terms: tuple[str, ...] = ()  # the sides' names, in the order of `used`
    spans: tuple[tuple[int, int], ...] = ()


# What a share leaves.


def remainders(ask: Ask, book: AmountBook) -> Iterator[Reckoned]:
    """100% less a printed share, where the question is about all that the share does not take in."""
    negations = found("without", ask.text)
    for values in book.sentences():
        for value in values:
            q = value.quantity
            if q.kind != "percent" or q.upper_amount is not None or q.direction or q.base_year is not None:
                continue
            if not Decimal(0) < q.amount < 100 or not _SHARE.search(value.own if q.unit else ""):
                continue
            if _NOT_SHARE.search(value.own) or _NEGATED.search(value.own):
                continue
            opposite = _opposite(ask, value)
            if bool(negations) == (opposite is not None):
                continue
            spans = tuple(negations) if opposite is None else ((opposite.start, opposite.end),)
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
            )


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
                said = [c for c in predicate if _next_to(c, part, weigh) >= _SIDE]
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
    return sum(c.weight for c in said) >= _SIDE * total


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


# An amount for each of many.


def ratios(ask: Ask, book: AmountBook, weigh: Weigher) -> Iterator[Reckoned]:
    """An amount divided by the number of those that a sentence gives it for."""
    cues = found("each", ask.text)
    persons = says("persons", ask.text)
    for values in book.sentences():
        for count, total in pairwise(values):
            q = count.quantity
            whole = q.kind == "count" or (q.kind == "number" and q.amount > 10)
            if not whole or q.upper_amount is not None or q.amount <= 1:
                continue
            noun = _counted(ask, count, cues, persons)
            if noun is None or not _may_be_shared(ask, total, q):
                continue
            like = [v for v in values if v.quantity.unit == total.quantity.unit and v is not count]
            if max(like, key=lambda v: _worth_of(ask, v, weigh)) is not total:
                continue
            value = (total.quantity.amount / q.amount).quantize(_EXACT)
            shown = _scaled(total.quantity, _three_digits(value), ask.language)
            if q.comparator != "=" or total.quantity.comparator != "=":
                shown = f"约{shown}" if ask.language == "zh" else f"about {shown}"
            yield Reckoned(
                value,
                "ratio",
                (total.quantity.amount, q.amount),
                shown,
                f"{_as_printed(total)} ÷ {_as_printed(count)}",
                (total, count),
                total.quantity.unit,
                spans=noun,
            )


def _counted(
    ask: Ask, count: Stated, cues: list[tuple[int, int]], persons: bool
) -> tuple[tuple[int, int], ...] | None:
    """Where the question says what a number counts, right behind its cue; None when it counts others."""
    reach = _FAR if ask.text.isascii() else _CLOSE
    near = [
        c
        for c in ask.concepts
        if any(-2 <= c.start - high <= reach or low <= c.start < high for low, high in cues)
    ]
    told = [c for c in near if any(v >= 0.7 and o in count.behind for o, v in c.ordered)]
    if told:
        return tuple((c.start, c.end) for c in told)
    if persons and _PERSON.search(f"{count.quantity.unit}|{count.behind}"):
        return tuple(found("persons", ask.text))
    return None


def _worth_of(ask: Ask, value: Stated, weigh: Weigher) -> float:
    """What of the question stands next to an amount."""
    return sum(c.weight * covers(c, value.own, weigh) for c in ask.concepts)


def _may_be_shared(ask: Ask, value: Stated, count: Quantity) -> bool:
    q = value.quantity
    if (
        q.kind not in ("quantity", "money", "count")
        or q.upper_amount is not None
        or q.dimension == "duration"
    ):
        return False
    if kind_fits(q, ask.expects) < 0:
        return False
    return q.kind != "count" or (q.unit != count.unit and q.amount > count.amount)


def _three_digits(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(value.adjusted() - 2)) if value else value


def _scaled(like: Quantity, value: Decimal, language: str) -> str:
    """An amount in a scale that suits it."""
    sign = "亿" if value >= 10**8 else "万" if value >= 10**4 else ""
    return amount_text(replace(like, number_text=sign), value, language)


def _as_printed(value: Stated) -> str:
    return re.sub(r"\s", "", value.quantity.text)


# A printed pace, over a stretch of time.


def extrapolated(ask: Ask, book: AmountBook) -> Iterator[Reckoned]:
    """What a printed amount for every so many years comes to in the time that the question gives."""
    asked = _stretch_of(ask.text)
    if asked is None:
        return
    months, spot = asked
    for values in book.sentences():
        text = values[0].sentence.text
        for match in _EVERY.finditer(text):
            every = _months(match["n"] or "1", match["unit"].removeprefix("个"))
            rate = next((v for v in values if match.end() <= v.quantity.start <= match.end() + _NEAR), None)
            if rate is not None and _APART.search(text, match.end(), rate.quantity.start):
                continue
            if every is None or rate is None or every >= months or rate.quantity.dimension == "duration":
                continue
            q = rate.quantity
            if q.kind not in ("quantity", "money", "count") or q.upper_amount is not None:
                continue
            times = Decimal(months) / every
            if times != times.to_integral():
                continue
            value = q.amount * times
            shown = _scaled(q, value, ask.language)
            if q.comparator == "≈":
                shown = f"约{shown}" if ask.language == "zh" else f"about {shown}"
            yield Reckoned(
                value,
                "product",
                (q.amount, times),
                shown,
                f"{_as_printed(rate)} × {plain_number(times)}",
                (rate,),
                q.unit,
                given=((times, plain_number(times)),),
                spans=(spot,),
            )


def _stretch_of(text: str) -> tuple[int, tuple[int, int]] | None:
    """The longest stretch of time that a question gives, in months, and where; not a pace (每十年)."""
    best: tuple[int, tuple[int, int]] | None = None
    for match in _STRETCH.finditer(text):
        if text[: match.start()].endswith(("每", "per ", "第")) or re.fullmatch(
            r"(?:19|20)\d\d", match["n"] or ""
        ):
            continue
        if match["n"]:
            months = _months(match["n"], match["unit"])
        elif match["what"]:
            n = _WORDS.get(match["word"]) or Decimal(match["word"])
            months = int(12 * _YEARS[match["what"]] * n)
        else:
            read = find_quantities(f"{match['years']} {match['of']}")
            months = int(read[0].amount) * (12 if match["of"].startswith("year") else 1) if read else None
        if months is not None and (best is None or months > best[0]):
            best = months, match.span()
    return best


def _months(number: str, unit: str) -> int | None:
    if unit in ("天", "日"):
        return None
    read = find_quantities(f"{number}年")
    if number == "半":
        return 6 * (100 if unit == "世纪" else 1) if unit != "月" else None
    if len(read) != 1:
        return None
    return int(read[0].amount) * {"世纪": 1200, "年": 12, "月": 1}[unit]


# One amount for each of several periods.


def shared_out(ask: Ask, book: AmountBook) -> Iterator[Reckoned]:
    """The sum of an amount that a sentence gives for each of several things (分别新增4000万千瓦)."""
    for values in book.sentences():
        for value in values:
            q = value.quantity
            if value.shared < 2 or q.upper_amount is not None or q.kind == "percent":
                continue
            times = [v for v in values if v is not value and v.shared > 1]
            if times:
                continue
            total = q.amount * value.shared
            shown = amount_text(q, total, ask.language)
            if q.comparator == "≈":
                shown = f"约{shown}" if ask.language == "zh" else f"about {shown}"
            yield Reckoned(
                total,
                "sum",
                (q.amount,) * value.shared,
                shown,
                " + ".join([_as_printed(value)] * value.shared),
                (value,),
                q.unit,
            )


# From one amount to another.


def changes(ask: Ask, book: AmountBook) -> Iterator[tuple[Stated, Stated]]:
    """Pairs of amounts of one thing at two times: 较2021年的83.5%提升至88.2%; 到2025年…，到2030年…."""
    for clause in book.clauses():
        for values in clause:
            for one, two in pairwise(values):
                if _comparable(one, two) and _TO.fullmatch(between(one, two)):
                    yield one, two
        dated = [v for values in clause for v in values if v.year is not None]
        for one in dated:
            for two in dated:
                assert one.year is not None and two.year is not None
                if one.year >= two.year or not _comparable(one, two):
                    continue
                alike = [v for v in dated if _comparable(one, v)]
                years = [v.year for v in alike]
                if len(set(years)) < len(years):
                    continue  # several things of one unit
                ends = {y for span in ask.spans for y in span} | set(ask.base_years)
                if {one.year, two.year} <= ends or (not ends and len(alike) == 2):
                    yield one, two


def _comparable(one: Stated, two: Stated) -> bool:
    a, b = one.quantity, two.quantity
    if a.upper_amount is not None or b.upper_amount is not None or a.direction or b.direction:
        return False
    if a.dimension in ("", "count") and (a.unit != b.unit or a.kind == "number"):
        return False
    return a.kind == b.kind and a.dimension == b.dimension and a.factor == b.factor


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
            fits = [v for v in values if all(_next_to(c, v, weigh) >= _SIDE for c in side)]
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
        carried = [(c, [_next_to(c, v, weigh) for v in values]) for c in side]
        telling = [(c.weight, row) for c, row in carried if max(row) >= _SIDE]
        around = f"{book.pool.body(clause)}|{book.pool.head(clause)}|{book.pool.title(clause)}"
        absent = [c for c, row in carried if max(row) < _SIDE and covers(c, around, weigh) < _SIDE]
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


def _next_to(concept: Concept, value: Stated, weigh: Weigher) -> float:
    """How much of a word stands next to an amount; of one with Latin letters (城市gdp) they are enough."""
    letters = re.findall("[a-z]{2,}", concept.surface) if not concept.surface.isascii() else []
    if letters and all(w in value.own for w in letters):
        return 1.0
    if (
        concept.kind == "place"
        and not value.named
        and covers(concept, value.sentence.norm[:_START], weigh) >= _SIDE
    ):
        return 1.0  # what a sentence says of a place, it says with all its amounts
    return covers(concept, value.own, weigh)
