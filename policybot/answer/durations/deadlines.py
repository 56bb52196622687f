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
from policybot.patterns import lazy_pattern

_WHEN = lazy_pattern(
    r"哪一?[天日]|几月几[日号]|何时|什么时候|什么日子|截止(?:到|于|日)|最[早晚迟快][^，。？]{0,6}[天日]"
    r"|\b(?:when|(?:what|which) (?:date|day)|how soon|how late|deadline|latest|earliest)\b"
)
_AFTER = lazy_pattern(r"后|内|起|期满|届满|满|\b(?:after|from|of|following|within|since|later)\b")
_BEFORE = lazy_pattern(r"^\s*(?:之|以)?前|^\s*(?:before|prior|in advance|ahead|earlier)\b")
_MONTHS = lazy_pattern(rf"\b(?:{'|'.join(calendar.month_name[1:])})\b".lower())
_STOP = lazy_pattern(r"[，,；;。?？]|\.(?=\s)")
_SENTENCES = 8
_EVENT = 0.4  # share of the event that a rule must tell, and by how much more than another one
_CLEAR = 0.1
_LENGTH = {"年": 12, "年内": 12, "years": 12, "year": 12, "月": 1, "个月": 1, "months": 1, "month": 1}


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
    text = _MONTHS.sub(lambda m: m[0].capitalize(), ask.text)  # the question is in small letters
    dates = [q for q in find_numbers(text) if q.kind == "date" and len(q.date) == len("2010-03-01")]
    if len(dates) != 1 or _WHEN.search(ask.text) is None:
        return None
    given = date.fromisoformat(dates[0].date)
    found: list[tuple[float, Deadline]] = []
    for scored in ranked[:_SENTENCES]:
        sentence = scored.sentence
        for q in () if sentence.heading else pool.numbers(sentence):
            counted = _counted(given, sentence.text, q)
            if counted is not None:
                day, earlier = counted
                told = _told(ask, dates[0], sentence, q, weigh)
                made = Deadline(given, (dates[0].start, dates[0].end), sentence, q, day, earlier)
                found.append((told, made))
    found.sort(key=lambda pair: -pair[0])
    if not found or any(d.day != found[0][1].day and t > found[0][0] - _CLEAR for t, d in found[1:]):
        return None
    return found[0][1] if found[0][0] >= _EVENT else None


def _counted(given: date, text: str, q: Quantity) -> tuple[date, bool] | None:
    """The day that a length of time makes from another one, and whether it lies before that."""
    earlier = _BEFORE.search(text[q.end : q.end + 12]) is not None
    around = text[max(0, q.start - 12) : q.end + 12]
    if q.upper_amount is not None or (not earlier and _AFTER.search(around) is None):
        return None
    number = int(q.amount)
    if q.dimension == "days" or (q.kind == "ordinal" and q.text.endswith(("天", "日", "day"))):
        length = timedelta(days=number)
        return (given - length if earlier else given + length), earlier
    if q.dimension == "duration" and q.unit in _LENGTH:
        months = number * _LENGTH[q.unit] * (-1 if earlier else 1)
        return _months_on(given, months), earlier
    return None


def _months_on(day: date, months: int) -> date:
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
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
