"""The ledger of policy targets: read from the clauses by rule, each with its quote and place.

A target is a quantity that a clause wants reached (value), a milestone for a year without a number
(到2030年…全部实施…), a count of things to be chosen or built, or a threshold from which a duty holds.
Summary tables and lists of other documents' targets are copies and are not read again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

from policybot.corpus.model import AnchoredText, Clause, Corpus
from policybot.errors import CorpusError
from policybot.facts.quantities import Quantity, find_quantities, find_years, target_year
from policybot.facts.years import is_base
from policybot.patterns import lazy_pattern
from policybot.text import fold, sentence_spans, squash

TargetKind = Literal["value", "milestone", "count", "threshold"]
TargetStatus = Literal["in force", "treaty", "reported", "history"]
DATA = Path(__file__).resolve().parent / "data"

_SPLIT = lazy_pattern(r"[，；。：:,;]")
_LEAD = lazy_pattern(
    r"^(?:[\u4e00-\u9fff]{0,4}于?\s*(?:19|20)\d{2}\s*年(?:进一步)?提出|(?:到|在|至)?\s*(?:19|20)\d{2}\s*年(?:前|底|末)?|“十[一二三四五]五”(?:、“十[一二三四五]五”)*(?:时期|期间)?"
    r"|以使其在.{4,16}期内|其中|同时|并|且|进一步|要|应|将|使)\s*(?=[^、])"
)
_ATTAIN = lazy_pattern(
    r"(?:基本|稳步|力争|努力|全面)?(?:达到|达|提升至|提高到|提升到|提高至|增加到|增至|降至|降到|下降到|控制在|不超过|保持在"
    r"|不低于|不少于|新增|具备|占比|增长|下降|减少|降低|提高|上升|目标)\s*(?:约|至少|了)?\s*$"
)
_ATTRIBUTIVE = lazy_pattern(r"^的(?P<noun>[\u4e00-\u9fff]{2,12})")
_CHOOSE = lazy_pattern(r"(?:选择|建设|建成|开展|培育|打造|支持|确定|创建|推广|形成|组织)\s*$")
_CHOOSE_IN = lazy_pattern(r"(?:在|从)\s*$")
_DUTY_AFTER = lazy_pattern(r"全部|纳入|应当|必须|严禁|不得|要")
_MILESTONE = lazy_pattern(
    r"达到峰值|峰值平台期|碳中和目标顺利实现|实现碳中和|全面执行|全面实现|全部实施|全部实现|全覆盖|大幅下降"
)
_MILESTONE_TAIL = lazy_pattern(
    r"(?:力争|努力争取|实现|进入|基本|“十[一二三四五]五”(?:时期|期间)?|(?:到|在|于)?\s*(?:19|20)\d{2}\s*年(?:前|底)?|\s)+$"
)
_PROJECTION = lazy_pattern(r"预计|预测|可能")
_VERB_LEAD = lazy_pattern(r"^(?:继续|进一步|不断|持续)?(?:提升|提高|控制|降低|减少|增加|扩大|推动)")
_ANNOUNCED = lazy_pattern(r"于?\s*(?P<year>(?:19|20)\d{2})\s*年(?:进一步|又|首次)?(?:提出|宣布|承诺)")
_BINDING = lazy_pattern(r"约束性")
_EXPECTANT = lazy_pattern(r"预期性")
_BODY = lazy_pattern(
    r"(?:由|责成)(?P<by>[\u4e00-\u9fff、（）]{3,24}?)(?:牵头|负责|会同|组织)"
    r"|(?P<subject>国务院[\u4e00-\u9fff]{0,8}部门|国家发展改革委|各[\u4e00-\u9fff]{1,6}人民政府|各地区各有关部门|各地区)要"
)


@dataclass(frozen=True, slots=True)
class Target:
    """One target.

    Attributes:
        id: clause id and number within it ("action-plan-2030/三/（四）/3#2").
        indicator, indicator_en: what is measured, as printed (elliptical names completed from the
            target before) and its English name ("" where the data file has none).
        year, first_year: the year it is for, and the first year of a period (None for none stated).
        base_year: the year a change is measured from.
        comparator, qualifier, direction: how the value binds ("=", ">=" …; 力争达到…; up or down).
        value, upper: exact value and upper end of a range, scale worked in (12亿 → 1200000000).
        number_text, unit: as printed.
        nature: "binding" or "expectant" where the clause says so, else "".
        obligation: strength in words of the clause: "strive", "in principle", "limit", "require" or "".
        body: responsible body where the clause names one.
        quote: the shortest stretch with indicator and value, `start`..`end` in the clause's text.
    """

    id: str
    document: str
    clause: str
    label: str
    kind: TargetKind
    indicator: str
    indicator_en: str
    year: int | None
    first_year: int | None
    base_year: int | None
    comparator: str
    qualifier: str
    direction: str
    value: Decimal | None
    upper: Decimal | None
    number_text: str
    unit: str
    text: str
    nature: str
    obligation: str
    body: str
    status: TargetStatus
    start: int
    end: int
    quote: AnchoredText


@dataclass(slots=True)
class _Found:
    kind: TargetKind
    indicator: str
    start: int
    end: int
    year: int | None
    first: int | None
    quantity: Quantity | None
    text: str
    qualifier: str = ""


def find_targets(corpus: Corpus) -> list[Target]:
    """Every target of the corpus in reading order; older pledges come marked as history."""
    return [target for clause in corpus.clauses.values() for target in clause_targets(corpus, clause)]


def clause_targets(corpus: Corpus, clause: Clause) -> list[Target]:
    """The targets one clause states."""
    document = corpus.documents[clause.document]
    if clause.table or clause.kind == "note" or document.status == "other":
        return []
    reported = document.status == "report"
    made = int(document.date[:4]) if document.date[:4].isdigit() else None
    targets: list[Target] = []
    for found in _find(clause.text.text):
        if reported and not _is_pledge(found, _sentence(clause.text.text, found.start), made):
            continue
        if document.status == "treaty" and (found.kind != "value" or found.year is None):
            continue  # majorities and time limits of procedure
        targets.append(_target(corpus, clause, found, len(targets) + 1))
    return targets


def _is_pledge(found: _Found, sentence: str, made: int | None) -> bool:
    """In a report, whether a value is a goal for the future (of its date, or when it was announced)."""
    if found.kind != "value" or found.year is None:
        return False
    announced = _ANNOUNCED.search(sentence)
    return bool(announced and int(announced["year"]) < found.year) or (made is not None and found.year > made)


def _find(text: str) -> Iterator[_Found]:
    previous: _Found | None = None
    for start, end in sentence_spans(text):
        for low, high in _segments(text, start, end):
            for found in _segment(text, low, high, previous):
                if found.kind == "value":
                    previous = found
                yield found


def _segments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    bounds, low = [], start
    for match in _SPLIT.finditer(text, start, end):
        bounds.append((low, match.start()))
        low = match.end()
    if low < end:
        bounds.append((low, end))
    return bounds


def _segment(text: str, low: int, high: int, previous: _Found | None) -> Iterator[_Found]:
    quantities = [q for q in find_quantities(text) if low <= q.start and q.end <= high]
    used = False
    for quantity in quantities:
        found = _quantified(text, low, high, quantity, previous)
        if found:
            used = True
            previous = found if found.kind == "value" else previous
            yield found
    if not used and (match := _MILESTONE.search(text, low, high)):
        year, first = _year(text, match.start(), low, high)
        if year is not None:
            begin = _indicator_start(text, low)
            yield _Found(
                "milestone",
                squash(_MILESTONE_TAIL.sub("", text[begin : match.start()])) or match.group(),
                begin,
                high,
                year,
                first,
                None,
                text[match.start() : high],
                _aim(text[low:high]),
            )


def _quantified(text: str, low: int, high: int, q: Quantity, previous: _Found | None) -> _Found | None:
    """A quantity read as value, count or threshold, or None where it is only mentioned."""
    before, after = text[low : q.phrase_start], text[q.phrase_end : high]
    year, first = _year(text, q.start, low, high)
    if q.kind == "count" and not q.qualifier and (_CHOOSE.search(before) or _CHOOSE_IN.search(before)):
        return _Found("count", squash(after), q.start, high, year, first, q, q.text)
    attributive = _ATTRIBUTIVE.match(after)
    if attributive and not before.rstrip().endswith(("具备", "形成", "建成")):
        if q.comparator in (">", ">=", "<", "<=") and _DUTY_AFTER.search(after):
            begin = _indicator_start(text, low)
            name = squash(re.sub(r"^[将对]", "", text[begin : q.phrase_start]))
            return _Found("threshold", name, begin, high, year, first, q, q.phrase)
        return None
    if (q.kind == "count" and not q.qualifier) or _PROJECTION.search(q.phrase):
        return None
    if not (
        _ATTAIN.search(before) or any(_ATTAIN.search(w) for w in q.qualifiers) or q.base_year or q.qualifier
    ):
        return None
    if year is None and "原则上" not in q.phrase and q.base_year is None and q.comparator == "=":
        return None
    begin = _indicator_start(text, low)
    name = squash(_ATTAIN.sub("", text[begin : q.phrase_start]).strip())
    if attributive:  # 具备5%以上的尖峰负荷响应能力
        name = squash(f"{re.sub('(?:基本)?具备$', '', name)}{attributive['noun']}")
    name = re.sub(r"^分别", "", name)
    finish = q.phrase_end + (len(attributive.group()) if attributive else 0)
    name = name or _named_before(text, low)
    if previous is not None and previous.indicator.endswith(name):  # elliptical, or left out altogether
        name = previous.indicator
    if not name:
        return None
    return _Found("value", name, begin, finish, year, first, q, q.phrase)


def _named_before(text: str, low: int) -> str:
    """The object of the part before: 提升终端能源消耗中电力的占比，到2030年达到30%."""
    start = max(text.rfind(mark, 0, max(low - 1, 0)) for mark in "，；。：\n") + 1
    part = text[start : low - 1].strip()
    name = _VERB_LEAD.sub("", part)
    return squash(re.split(r"并|且|以及", name)[0]) if name != part and not find_quantities(part) else ""


def _indicator_start(text: str, low: int) -> int:
    """Where the indicator's name starts in a segment: after its year and linking words."""
    position = low
    while position < len(text) and text[position].isspace():
        position += 1
    while match := _LEAD.match(text[position:]):
        if match.end() == 0:
            break
        position += match.end()
    return position


def _year(text: str, offset: int, low: int, high: int) -> tuple[int | None, int | None]:
    """(last, first) year the statement is for; the first is set for periods."""
    year = target_year(text, offset)
    spans = [m for m in find_years(text) if m.kind == "period" and m.end <= offset]
    inside = [m for m in find_years(text) if low <= m.start < offset and not is_base(text, m)]
    if year is None and len(inside) > 1 and all(m.kind == "period" for m in inside[-2:]):
        return max(m.last for m in inside[-2:]), min(m.first for m in inside[-2:])
    if year is None:
        later = [m for m in find_years(text) if offset <= m.start and m.end <= high and not is_base(text, m)]
        if later and re.match(r"\s*年?前", text[later[0].end :]):
            return later[0].last, None
        return None, None
    period = next((m for m in reversed(spans) if m.last == year), None)
    stop = max(text.rfind("。", 0, offset), text.rfind("\n", 0, offset))
    named = any(m.last == year and m.kind == "year" and stop < m.start < offset for m in find_years(text))
    return year, period.first if period and not named else None


def _sentence(text: str, offset: int) -> str:
    return next((text[a:b] for a, b in sentence_spans(text) if a <= offset < b), text)


def _aim(text: str) -> str:
    return next((w for w in ("力争", "努力争取", "原则上", "基本") if w in text), "")


def _target(corpus: Corpus, clause: Clause, found: _Found, number: int) -> Target:
    text = clause.text.text
    q = found.quantity
    sentence = _sentence(text, found.start)
    document = corpus.documents[clause.document]
    announced = _ANNOUNCED.search(sentence)
    status: TargetStatus = "in force"
    if document.status == "treaty":
        status = "treaty"
    elif document.status == "report":
        # A pledge that a later act has overtaken: announced before the acts in force were made.
        acts = [int(d.date[:4]) for d in corpus.documents.values() if d.status == "in force" and d.date]
        status = "history" if announced and int(announced["year"]) < min(acts, default=9999) else "reported"
    body = _BODY.search(sentence)
    qualifier = q.qualifier if q is not None else found.qualifier
    aim = _aim(text[found.start : found.end])
    if aim and aim not in qualifier:
        qualifier = f"{aim}…{qualifier}" if qualifier else aim
    return Target(
        id=f"{clause.id}#{number}",
        document=clause.document,
        clause=clause.id,
        label=clause.label,
        kind=found.kind,
        indicator=found.indicator,
        indicator_en=english_indicator(found.indicator),
        year=found.year,
        first_year=found.first,
        base_year=q.base_year if q else None,
        comparator=q.comparator if q else "",
        qualifier=qualifier,
        direction=q.direction if q else "",
        value=q.amount if q else None,
        upper=q.upper_amount if q else None,
        number_text=q.number_text if q else "",
        unit=q.unit if q else "",
        text=found.text,
        nature="binding" if _BINDING.search(sentence) else "expectant" if _EXPECTANT.search(sentence) else "",
        obligation=_obligation(qualifier, text[found.start : found.end]),
        body=(body["by"] or body["subject"]) if body else "",
        status=status,
        start=found.start,
        end=found.end,
        quote=clause.text.slice(found.start, found.end),
    )


def _obligation(qualifier: str, phrase: str) -> str:
    if "力争" in qualifier or "努力争取" in qualifier:
        return "strive"
    if "原则上" in qualifier:
        return "in principle"
    if re.search(r"控制在|不超过|以内|严控|严格", phrase):
        return "limit"
    if re.search(r"不低于|不少于|必须|应当|全部|全面", phrase):
        return "require"
    return ""


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[str, str], ...]:
    path = DATA / "indicators.csv"
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            if not row.get("zh") or not row.get("en"):
                raise CorpusError(
                    f"{path.name}, line {line}: zh and en must both be given.",
                    "Complete that line.",
                    what_zh=f"{path.name} 第 {line} 行：zh 和 en 均不能为空。",
                    hint_zh="请补全该行。",
                )
            rows.append((fold(row["zh"]), row["en"]))
    return tuple(sorted(rows, key=lambda r: -len(r[0])))


def english_indicator(name: str) -> str:
    """The English name of an indicator from `data/indicators.csv`: of it or of its longest known ending."""
    key = fold(squash(name))
    return next((en for zh, en in _names() if key == zh or key.endswith(zh)), "")
