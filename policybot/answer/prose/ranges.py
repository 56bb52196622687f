"""How far an amount lies beyond one end of a printed range (下降48.4%，超额完成下降40%—45%的目标)."""

from __future__ import annotations

from collections.abc import Iterator

from policybot.answer.prose.amounts import AmountBook, Stated
from policybot.answer.prose.computed import Reckoned, as_printed
from policybot.answer.prose.words import found, says
from policybot.answer.question.ask import Ask
from policybot.facts.render import amount_text, plain_number
from policybot.facts.years import find_years, is_base
from policybot.patterns import lazy_pattern

_SHORT = lazy_pattern(r"差|不足|[没未]达|低于|少于|\b(?:short|below|under|miss\w*|away)\b")


def beyond(ask: Ask, book: AmountBook) -> Iterator[Reckoned]:
    """The difference between the end of a range that a question names and the amount next to the range: the
    last one before it in its sentence, or else the first one of its clause behind it."""
    spans = tuple(found("end", ask.text))
    if not spans:
        return
    lower = says("lower", ask.text)
    for clause in book.clauses():
        stated = [value for values in clause for value in values]
        for at, reach in enumerate(stated):
            if reach.quantity.upper_amount is None:
                continue
            other = _other(stated, at)
            if other is None or not _of_years(ask, reach, other):
                continue
            end = reach.quantity.amount if lower else reach.quantity.upper_amount
            value = other.quantity.amount - end
            if value < 0 and not _SHORT.search(ask.text):
                continue  # it does not get there
            shown = amount_text(other.quantity, abs(value), ask.language)
            share = reach.quantity.unit == "%"
            printed = f"{plain_number(end)}%" if share else amount_text(reach.quantity, end, ask.language)
            ends = (printed, as_printed(other))
            calculation = f"{ends[1]} − {ends[0]}" if value >= 0 else f"{ends[0]} − {ends[1]}"
            inputs = (other.quantity.amount, end)
            used = (other, reach) if other.quantity.start < reach.quantity.start else (reach, other)
            yield Reckoned(
                abs(value), "difference", inputs, shown, calculation, used, reach.quantity.unit,
                given=((end, printed),), spans=spans, timed=True, named=True,
            )  # fmt: skip


def _of_years(ask: Ask, reach: Stated, other: Stated) -> bool:
    """False for a range of other years than those asked about, and where one of these is not printed near."""
    text = reach.sentence.text[: reach.quantity.start]
    text = text[text.rfind("%") + 1 :]
    own = [y for y in find_years(text) if not is_base(text, y)]
    if ask.years and own and not any(y.first <= year <= y.last for y in own for year in ask.years):
        return False
    text = "|".join(f"{v.sentence.before}|{v.sentence.norm}|{v.years}" for v in (reach, other))
    return all(str(year) in text for year in ask.years)


def _other(stated: list[Stated], at: int) -> Stated | None:
    """The amount that belongs to the range at a place of a clause's amounts."""
    reach = stated[at]

    def fits(value: Stated) -> bool:
        q = value.quantity
        return q.upper_amount is None and q.unit == reach.quantity.unit and q.kind == reach.quantity.kind

    before = [v for v in stated[:at] if v.sentence == reach.sentence and fits(v)]
    return before[-1] if before else next((v for v in stated[at + 1 :] if fits(v)), None)
