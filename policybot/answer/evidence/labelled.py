"""Quantities of a sentence with the words that say what each of them is.

"A和B分别为x和y" gives x the label A and y the label B; elsewhere a quantity is labelled by what stands
between the quantity before it and itself, with the year that governs it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Concept, Weigher, covers, norm
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.draft import Finding
from policybot.facts.measure import VALUE_KINDS
from policybot.facts.quantities import Quantity
from policybot.patterns import lazy_pattern

_EACH = lazy_pattern(r"分别(?:新增|达到?|为|是|有|占|约为|提高|下降|增长|减少|安排|获得)?|各为|依次为?")
_SPLIT = lazy_pattern(r"[、,，]|(?<=[”》\u4e00-\u9fff])(?:和|与|及|以及)(?=[“《\u4e00-\u9fff])")
_SUBJECT = lazy_pattern(
    r"^\s*([^、，,；;。]{2,14}(?:、[^、，,；;。]{2,14}?)*(?:、|和|与|及)[^、，,；;。]{2,14}?)(?:等|两|均|都|各)"
)
_NAME = lazy_pattern(r"“[^”]{2,24}”")
_AND = lazy_pattern(r"[、和与及]|以及")
_BREAK = lazy_pattern(r"[，,；;。：:]")
_OF_WHAT = lazy_pattern(r"\s*的[\u4e00-\u9fffA-Za-z]{2}")  # 年均1.3%的碳排放增速
_STAGE = lazy_pattern(r"[^\u4e00-\u9fff]{0,3}(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)、.])?到(20\d\d)年")
_TELLING = 0.3  # weight of a word that may be one of several names
_TOLD = 0.7  # share of it that the name must carry
_BEHIND = 12  # characters behind a quantity that may say what it is
_PERIODS = {"十三五": (2016, 2020), "十四五": (2021, 2025), "十五五": (2026, 2030), "十六五": (2031, 2035)}
PERIOD_NAMES = {years: name for name, years in _PERIODS.items()}


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
    shared = shared_labels(pool, sentence, values)
    found = []
    before = 0
    stage = _stage(pool, scored)
    for place, q in enumerate(values):
        stop = _BREAK.search(text, q.end)
        end = min(stop.start() if stop else len(text), q.end + _BEHIND)
        label = shared.get(place)
        if label is None and _OF_WHAT.match(text, q.end):
            following = values[place + 1].start if place + 1 < len(values) else len(text)
            behind = norm(text[q.start : min(end, following)])
            found.append(Labelled(scored, q, behind, behind, _governing(text, numbers, q, None) or stage))
            before = q.end
            continue
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


def shared_labels(pool: Pool, sentence: Sentence, values: Sequence[Quantity]) -> dict[int, str]:
    """Labels by position of the quantities that a list of names before 分别 is shared out to.

    The names stand right before 分别, or are the places that the sentence is about: "安康、琼中等推进…,
    吸收量分别增加94.3%和73.5%".
    """
    text = sentence.text
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
        places = joined_places(pool, text[: match.start()]) if len(items) < 2 else []
        if len(places) == len(after) > 1:
            common = text[head : match.start()]
            found.update((index, f"{name}|{common}") for name, index in zip(places, after, strict=True))
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
    items = [p for p in _SPLIT.split(before[head:]) if p.strip("，, ")]
    subject = _SUBJECT.match(before) if len(items) < 2 else None
    if subject is not None:  # "A、B等推进…，增幅分别为x和y": the names open the sentence
        names = [p for p in _SPLIT.split(subject[1]) if p.strip()]
        return [*names[:-1], f"{names[-1]}|{before[head:]}"], 0
    return items, head


def of_others(
    pool: Pool, sentence: Sentence, concepts: Sequence[Concept], weigh: Weigher | None
) -> list[Quantity]:
    """The quantities that a sentence gives for others of its names than the concepts ("A和B分别为x和y")."""
    if "分别" not in sentence.text:
        return []
    values = [q for q in pool.numbers(sentence) if q.kind in VALUE_KINDS]
    labels = {i: norm(text) for i, text in shared_labels(pool, sentence, values).items()}
    carried = [
        {i for i, text in labels.items() if covers(c, text, weigh) >= _TOLD}
        for c in concepts
        if c.weight >= _TELLING
    ]
    named: set[int] = set().union(*(own for own in carried if len(own) < len(labels)))
    return [values[i] for i in labels if named and i not in named]


def joined_places(pool: Pool, text: str) -> list[str]:
    """The places of the first list of places in a text; empty where it has none."""
    run: list[tuple[int, str]] = []
    for start, end, _ in pool.places(text):
        if run and not _AND.fullmatch(text, run[-1][0], start):
            if len(run) > 1:
                break
            run = []
        run.append((end, text[start:end]))
    return [name for _, name in run] if len(run) > 1 else []


def _common(item: str) -> str:
    """What the last of several names says for all of them, behind its own quotation marks."""
    if "|" in item:
        return item.split("|", 1)[1]
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
