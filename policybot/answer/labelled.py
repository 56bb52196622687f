"""Quantities of a sentence with the words that say what each of them is.

"A和B分别为x和y" gives x the label A and y the label B; elsewhere a quantity is labelled by what stands
between the quantity before it and itself, with the year that governs it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from policybot.answer.cite import Evidence
from policybot.answer.draft import Finding
from policybot.answer.match import norm
from policybot.answer.pool import Pool, Scored
from policybot.facts.measure import VALUE_KINDS
from policybot.facts.quantities import Quantity
from policybot.patterns import lazy_pattern

_EACH = lazy_pattern(r"分别(?:新增|达到?|为|是|有|占|约为|提高|下降|增长|减少|安排|获得)?|各为|依次为?")
_SPLIT = lazy_pattern(r"[、,，]|(?<=[”》\u4e00-\u9fff])(?:和|与|及|以及)(?=[“《\u4e00-\u9fff])")
_NAME = lazy_pattern(r"“[^”]{2,24}”")
_BREAK = lazy_pattern(r"[，,；;。：:]")
_STAGE = lazy_pattern(r"[^\u4e00-\u9fff]{0,3}(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)、.])?到(20\d\d)年")
_BEHIND = 12  # characters behind a quantity that may say what it is
_PERIODS = {"十三五": (2016, 2020), "十四五": (2021, 2025), "十五五": (2026, 2030), "十六五": (2031, 2035)}


@dataclass(frozen=True)
class Labelled:
    """A quantity, where it was found, its label and the years that govern it.

    `near` is normalised text right before and after it, `far` the sentence up to it.
    """

    scored: Scored
    quantity: Quantity
    near: str
    far: str
    years: tuple[int, int] | None


def labelled(pool: Pool, scored: Scored) -> list[Labelled]:
    """The values of a sentence with their labels, in order."""
    sentence = scored.sentence
    text = sentence.text
    numbers = pool.numbers(sentence)
    values = [q for q in numbers if q.kind in VALUE_KINDS]
    shared = _distributed(text, values)
    found = []
    before = 0
    stage = _stage(pool, scored)
    for place, q in enumerate(values):
        stop = _BREAK.search(text, q.end)
        end = min(stop.start() if stop else len(text), q.end + _BEHIND)
        label = shared.get(place)
        near = (label if label is not None else text[before : q.start]) + text[q.start : end]
        years = _governing(text, numbers, q, label) or stage
        far = near if label is not None else text[: q.end]
        found.append(Labelled(scored, q, norm(near), norm(far), years))
        before = q.end
    return found


def _stage(pool: Pool, scored: Scored) -> tuple[int, int] | None:
    """The year of the stage that a sentence describes, printed at the head of an earlier one:"
    " 到2030年，…；…。"""
    found = None
    for other in pool.sentences(scored.sentence.clause):
        if other.start >= scored.sentence.start:
            break
        match = _STAGE.match(other.norm)
        if match is not None:
            found = (int(match[1]), int(match[1]))
    return found


def _distributed(text: str, values: Sequence[Quantity]) -> dict[int, str]:
    """Labels by position of the quantities that a list of names before 分别 is shared out to."""
    found: dict[int, str] = {}
    for match in _EACH.finditer(text):
        after = [i for i, q in enumerate(values) if q.start >= match.end()]
        stop = re.search(r"[；;。]", text[match.end() :])
        end = match.end() + stop.start() if stop else len(text)
        after = [i for i in after if values[i].end <= end]
        items, head = _items(text[: match.start()])
        if len(items) > 1 and len(after) == 1:
            # One quantity for each of the items: "“十四五”、“十五五”期间分别新增…4000万千瓦"
            found[after[0]] = text[head : match.start()]
            continue
        items = items[-len(after) :] if len(after) > 1 else items
        run = after[: len(items)]
        if len(items) < 2 or len(run) < len(items):
            continue
        tail = items[-1]
        for item, index in zip(items, run, strict=True):
            found[index] = item if item is tail else f"{item}|{_common(tail)}"
    return found


def _items(before: str) -> tuple[list[str], int]:
    """The names that stand before 分别, quoted ones or those since the last comma, and where they begin."""
    stretch = max((m.end() for m in re.finditer(r"[；;。]", before)), default=0)
    quoted = list(_NAME.finditer(before, stretch))
    if len(quoted) > 1:
        last = quoted[-1]
        return [m[0] for m in quoted[:-1]] + [before[last.start() :]], quoted[0].start()
    head = max((m.end() for m in re.finditer(r"[；;。，,]", before.rstrip("，,"))), default=0)
    return [p for p in _SPLIT.split(before[head:]) if p.strip("，, ")], head


def _common(item: str) -> str:
    """What the last of several names says for all of them, behind its own quotation marks."""
    return item.rsplit("”", 1)[-1] if "”" in item else ""


def _governing(
    text: str, numbers: Sequence[Quantity], q: Quantity, label: str | None
) -> tuple[int, int] | None:
    """First and last year of the year or period that a quantity is about."""
    stretch = label if label is not None else text[: q.start]
    periods = [(stretch.rfind(word), years) for word, years in _PERIODS.items() if word in stretch]
    years = [(n.start, (n.first, n.last)) for n in numbers if n.first is not None and n.last is not None]
    printed = [
        (at, span) for at, span in years if (at < q.start if label is None else text[at : at + 4] in stretch)
    ]
    all_found = [*printed, *periods]
    best = max(all_found, key=lambda pair: pair[0], default=None)
    return (int(best[1][0]), int(best[1][1])) if best is not None else None


def shared_by(text: str, q: Quantity) -> int:
    """How many things a single quantity behind 分别 is given for ("A、B分别新增 x"); 1 otherwise."""
    for match in _EACH.finditer(text, 0, q.start):
        items, _ = _items(text[: match.start()])
        others = _BREAK.search(text, match.end())
        if len(items) > 1 and (others is None or q.end <= others.start()):
            return len(items)
    return 1


def evidence_of(value: Labelled) -> Evidence:
    """The sentence of a value, which must stay in the quote."""
    sentence, q = value.scored.sentence, value.quantity
    focus = (sentence.start + q.start, sentence.start + q.end)
    return Evidence(sentence.clause.id, sentence.start, sentence.end, focus)


def quoted(value: Labelled, evidence: Evidence) -> Finding:
    """A value as a result of an answer."""
    q = value.quantity
    year = value.years[1] if value.years is not None else None
    return Finding("quoted", float(q.amount), q.unit, year, q.qualifier, q.text, evidence)
