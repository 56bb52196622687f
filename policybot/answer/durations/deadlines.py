"""What a waiting time or time limit of a rule comes to from a day that the question gives.

"The notice arrives on 1 March 2010, when does it take effect?" is answered with the sentence that says "one
year from the day of receipt" and the day that this makes. Working days are not counted: holidays are not
printed.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from policybot.answer.computing.accounted import Span
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Weigher, covers, norm
from policybot.answer.question.ask import Ask
from policybot.facts.measure import Quantity
from policybot.facts.quantities import find_numbers
from policybot.facts.years import MONTHS
from policybot.patterns import lazy_pattern

WHEN = lazy_pattern(
    r"哪一?[天日]|几月几[日号]|何时|什么时候|什么日子|截止日期?|最[早晚迟快][^，。？]{0,6}[天日]"
    r"|\b(?:when|(?:what|which) (?:date|day)|how soon|how late|deadline|latest|earliest)\b"
)
# What stands right before or behind a length of time that is counted on from a day, or back from it.
_ON_BEFORE = lazy_pattern(
    r"(?:之?日|当日|次日)(?:起|后)?(?:的|满)?\s*$|\bwithin(?: the)?(?: next)?\s*$|\b(?:the|on the)\s*$"
)
_ON_BEHIND = lazy_pattern(
    r"^\s*(?:[之以]?[后内]|期满|届满|满)|^(?:\s*\w+)?\s*(?:after|from|of|following|later)\b"
)
_BACK_BEFORE = lazy_pattern(r"(?:提前|前)\s*$")
_BACK_BEHIND = lazy_pattern(r"^\s*[之以]?前|^\s*(?:before|prior|in advance|ahead|earlier)\b")
# The day that is given is supposed, and not one of which the documents tell.
_SUPPOSED = lazy_pattern(
    r"某|一国|一个|如果|假如|假设|若|倘|\b(?:an?|one|if|suppose|assuming|say|the depositary|the applicant)\b"
)
_MONTHS = lazy_pattern("\\b(?:" + "|".join(MONTHS).lower() + ")\\b")
_STOP = lazy_pattern(r"[，,；;。?？]|\.(?=\s)")
_SENTENCES = 14
_LONGEST = 100_000  # days or months from which on no rule counts
_EVENT = 0.4  # share of the event that a rule must tell, and by how much more than another one
_CLEAR = 0.1


@dataclass(frozen=True)
class Deadline:
    """A day counted from a given one: `span` is where the question gives that."""

    given: date
    span: Span
    sentence: Sentence
    quantity: Quantity
    day: date
    earlier: bool


def deadline(ask: Ask, ranked: Sequence[Scored], pool: Pool, weigh: Weigher) -> Deadline | None:
    """The day that the rule about a question's event makes; None where no rule, or more than one, does."""
    if WHEN.search(ask.text) is None:
        return None
    text = _MONTHS.sub(lambda m: m[0].capitalize(), ask.text)  # the question is in small letters
    dates = [(q, day) for q in find_numbers(text) if (day := _day(q)) is not None]
    if len(dates) != 1:
        return None
    mention, given = dates[0]
    if not _SUPPOSED.search(ask.text) and any(
        _day(q) == given for s in ranked for q in pool.numbers(s.sentence)
    ):
        return None  # asks about something that happened on a printed day
    found: list[tuple[float, Deadline]] = []
    for scored in ranked[:_SENTENCES]:
        sentence = scored.sentence
        for q in () if sentence.heading else pool.numbers(sentence):
            counted = counted_day(given, sentence.text, q)
            if counted is not None:
                day, earlier = counted
                told = _told(ask, mention, sentence, q, weigh)
                made = Deadline(given, (mention.start, mention.end), sentence, q, day, earlier)
                found.append((told, made))
    found.sort(key=lambda pair: -pair[0])
    if not found or any(d.day != found[0][1].day and t > found[0][0] - _CLEAR for t, d in found[1:]):
        return None
    return found[0][1] if found[0][0] >= _EVENT else None


def _day(q: Quantity) -> date | None:
    """The day that a number names in full; None for another one, and for one that no calendar has."""
    if q.kind != "date" or len(q.date) != len("2010-03-01"):
        return None
    try:
        return date.fromisoformat(q.date)
    except ValueError:
        return None


def counted_day(given: date, text: str, q: Quantity) -> tuple[date, bool] | None:
    """The day that a length of time in a text makes from a given one, and whether it lies before that.

    None for what is not counted from a day, for at least so long, and for parts of a day or month.
    """
    before, behind = text[max(0, q.start - 12) : q.start], text[q.end : q.end + 16]
    earlier = _BACK_BEFORE.search(before) is not None or _BACK_BEHIND.search(behind) is not None
    onward = _ON_BEFORE.search(before) is not None or _ON_BEHIND.search(behind) is not None
    if q.upper_amount is not None or not (earlier or onward) or q.comparator not in ("=", "<="):
        return None
    ordinal = q.kind == "ordinal" and q.text.endswith(("天", "日", "day"))
    length = q.amount if ordinal else q.amount * q.factor
    if length != length.to_integral_value() or length > _LONGEST:
        return None
    number = -int(length) if earlier else int(length)
    try:
        if q.dimension == "days" or ordinal:
            return given + timedelta(days=number), earlier
        if q.dimension == "duration":
            return months_on(given, number), earlier
    except (OverflowError, ValueError):
        return None  # no calendar goes that far
    return None


def months_on(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month.

    Raises:
        ValueError: the calendar does not go that far.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _told(ask: Ask, given: Quantity, sentence: Sentence, q: Quantity, weigh: Weigher) -> float:
    """Share of what the question says happened on the day that the event of a rule tells: what stands before
    its length of time in a sentence without blanks, else the whole sentence."""
    first = max((m.end() for m in _STOP.finditer(ask.text, 0, given.start)), default=0)
    stop = _STOP.search(ask.text, given.end)
    last = stop.start() if stop else len(ask.text)
    near = [c for c in ask.concepts if first <= c.start < last and c.kind in ("term", "latin")]
    text = sentence.text
    event = norm(text if text.isascii() else _STOP.split(text[: q.start])[-1])
    total = sum(c.weight for c in near)
    return sum(c.weight * covers(c, event, weigh) for c in near) / total if total else 0.0


def shown_day(day: date, language: str) -> str:
    """A day as the answer's language writes it."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
