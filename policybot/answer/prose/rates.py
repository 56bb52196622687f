"""What an amount comes to for each of many, in a longer time, or over several periods."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, permutations

from policybot.answer.matching.match import Weigher, covers
from policybot.answer.prose.amounts import AmountBook, Stated
from policybot.answer.prose.computed import (
    EXACT,
    SIDE,
    Reckoned,
    as_printed,
    scaled,
    three_digits,
    worth_of,
)
from policybot.answer.prose.words import found, says
from policybot.answer.question.ask import Ask
from policybot.answer.question.kinds import kind_fits
from policybot.facts.measure import Quantity
from policybot.facts.quantities import find_quantities
from policybot.facts.render import amount_text, plain_number
from policybot.patterns import lazy_pattern

_EVERY = lazy_pattern(r"每\s*(?P<n>[一二三四五六七八九十百\d]*)\s*(?P<unit>个?世纪|年|个?月|天|日)")
_STRETCH = lazy_pattern(
    r"(?P<n>[一二三四五六七八九十百半两\d]+)\s*个?(?P<unit>世纪(?!以来|初|末|中|前)|年|月|天)"
    r"|\b(?P<word>half a|quarter of a|an?|one|two|three|four|five|six|ten|\d+)"
    r" (?P<what>century|centuries|decades?)\b"
    r"|\b(?P<years>[a-z]+(?:-[a-z]+)?|\d+)[ -](?P<of>years?|months?)\b"
)
_STOP = lazy_pattern(  # ends what there is an amount for each of
    r"\b(?:for|in|with|that|which|who|did|does|do|has|have|had|to|get|from|by|on|at|is|are|was|were)\b"
)
_PERSON = lazy_pattern(r"用户|人员|人口|居民|名|人")
_APART = lazy_pattern(r"[，,；;。：:、]|相比|发生|则")
_NEAR = 16
_CLOSE, _FAR = 10, 36  # characters from the word for each to what there is an amount for
_WORDS = {"half a": Decimal("0.5"), "quarter of a": Decimal("0.25"), "a": Decimal(1), "an": Decimal(1)}
_WORDS |= {word: Decimal(n) for n, word in enumerate(("one", "two", "three", "four", "five", "six"), 1)}
_WORDS |= {"ten": Decimal(10)}
_YEARS = {"世纪": 100, "century": 100, "centuries": 100, "decade": 10, "decades": 10}


# An amount for each of many.


def ratios(ask: Ask, book: AmountBook, weigh: Weigher) -> Iterator[Reckoned]:
    """An amount divided by the number of those that a sentence gives it for: of the two next to each other,
    or else of any two."""
    cues = found("each", ask.text)
    persons = says("persons", ask.text)
    for values in book.sentences():
        beside = [*pairwise(values), *pairwise(values[::-1])]
        apart = [pair for pair in permutations(values, 2) if pair not in beside]
        for pairs in (beside, apart):
            made = [r for pair in pairs if (r := _ratio(ask, pair, values, cues, persons, weigh)) is not None]
            yield from made
            if made:
                break


def _ratio(
    ask: Ask,
    pair: tuple[Stated, Stated],
    values: Sequence[Stated],
    cues: list[tuple[int, int]],
    persons: bool,
    weigh: Weigher,
) -> Reckoned | None:
    """The second of two amounts of a sentence for each of what the first one counts, where that is asked."""
    count, total = pair
    q = count.quantity
    whole = q.kind == "count" or (q.kind == "number" and q.amount > 10)
    if not whole or q.upper_amount is not None or q.amount <= 1:
        return None
    noun = _counted(ask, count, cues, persons)
    if noun is None or not _may_be_shared(ask, total, q) or not _names(ask, total, noun, weigh):
        return None
    like = [v for v in values if v.quantity.unit == total.quantity.unit and v is not count]
    if max(like, key=lambda v: worth_of(ask, v, weigh)) is not total:
        return None
    value = (total.quantity.amount / q.amount).quantize(EXACT)
    shown = scaled(total.quantity, three_digits(value), ask.language)
    if q.comparator != "=" or total.quantity.comparator != "=":
        shown = f"约{shown}" if ask.language == "zh" else f"about {shown}"
    return Reckoned(
        value, "ratio", (total.quantity.amount, q.amount), shown,
        f"{as_printed(total)} ÷ {as_printed(count)}", (total, count), total.quantity.unit,
        spans=noun, named=True,
    )  # fmt: skip


def _counted(
    ask: Ask, count: Stated, cues: list[tuple[int, int]], persons: bool
) -> tuple[tuple[int, int], ...] | None:
    """Where the question says what a number counts, right behind its cue; None when it counts others."""
    reach = _FAR if ask.text.isascii() else _CLOSE
    near = []
    for low, high in cues:
        stop = _STOP.search(ask.text, high)
        end = min(high + reach, stop.start() if stop else len(ask.text))
        near += [c for c in ask.concepts if low <= c.start and c.start <= end and c not in near]
    noun = count.behind or count.own
    told = [c for c in near if any(v >= 0.7 and o in noun for o, v in c.ordered)]
    if told:
        return tuple((c.start, c.end) for c in told)
    if persons and _PERSON.search(f"{count.quantity.unit}|{count.behind}"):
        return tuple(found("persons", ask.text))
    return None


def _names(ask: Ask, total: Stated, noun: Sequence[tuple[int, int]], weigh: Weigher) -> bool:
    """True when the question says what the total is of, by a word next to it or by its kind."""
    if total.quantity.kind != "count" and kind_fits(total.quantity, ask.expects) > 0:
        return True
    rest = [c for c in ask.concepts if (c.start, c.end) not in noun and c.kind != "place" and c.weight >= 0.2]
    return any(covers(c, total.own, weigh) >= SIDE for c in rest)


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
            shown = scaled(q, value, ask.language)
            if q.comparator == "≈":
                shown = f"约{shown}" if ask.language == "zh" else f"about {shown}"
            yield Reckoned(
                value,
                "product",
                (q.amount, times),
                shown,
                f"{as_printed(rate)} × {plain_number(times)}",
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
                " + ".join([as_printed(value)] * value.shared),
                (value,),
                q.unit,
            )
