"""Dates and periods that sentences print, and the time from one to another in words.

A date without a year has that of the one before it; a period has two ends (自…至…, 2008年至2012年).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from policybot.answer.evidence.pool import Pool
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.question.ask import Ask
from policybot.answer.tables.planlines import computed
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import fill
from policybot.answer.wording.draft import Finding
from policybot.facts.measure import Quantity
from policybot.facts.render import render_value
from policybot.patterns import lazy_pattern

_TO = lazy_pattern(r"\s*(?:年|起|开始)?\s*(?:到|至|—|–|-|~|～)\s*")
_NTH = lazy_pattern(
    r"第(?P<zh>[一二三四五六七八九])|\b(?P<en>first|second|third|fourth|fifth|[1-9](?:st|nd|rd|th))\b"
)
_IN_DAYS = lazy_pattern(r"(?:几|多少)个?[天日](?!期)|\bhow many days\b")
_HAN = "一二三四五六七八九"
_NTHS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}


@dataclass(frozen=True)
class Dated:
    """A date with the sentence that prints it; `day` is None where only a year is printed."""

    year: int
    day: date | None
    month: int | None
    sentence: Sentence | None
    q: Quantity | None
    text: str


def dates_of(pool: Pool, sentence: Sentence, periods: bool = False) -> list[Dated]:
    """The years and dates of a sentence; a date without a year has that of the one before it."""
    found: list[Dated] = []
    year: int | None = None
    for q in pool.numbers(sentence):
        if q.kind == "period" and not periods:
            continue
        if q.first is not None:
            year = q.first
        elif q.kind != "date" or year is None:
            continue
        month, day = _parts(q)
        printed = date(year, month, day) if month and day else None
        found.append(Dated(year, printed, month, sentence, q, q.text))
    return found


def ranges_of(pool: Pool, sentence: Sentence) -> Iterator[tuple[Dated, Dated, str]]:
    """(first, last, stretch) of each period that a sentence prints with its two ends."""
    dates = dates_of(pool, sentence, periods=True)
    text = sentence.text
    for place, first in enumerate(dates):
        assert first.q is not None
        stretch = stretch_of(text, first.q.start)
        if first.q.first is not None and first.q.last is not None and first.q.first != first.q.last:
            end = replace(first, year=first.q.last, text=first.q.text)
            yield replace(first, year=first.q.first), end, stretch
            continue
        last = dates[place + 1] if place + 1 < len(dates) else None
        if last is not None and last.q is not None and _TO.fullmatch(text, first.q.end, last.q.start):
            yield first, last, stretch


def length_of(ask: Ask, first: Dated, last: Dated, inclusive: bool) -> tuple[str, str, list[Finding]] | None:
    """The time from one date to another as exactly as both are printed: in words, its calculation,"
    " results."""
    zh = ask.language == "zh"
    findings: list[Finding] = []
    if first.day is not None and last.day is not None:
        end = last.day + timedelta(days=1) if inclusive else last.day
        days = (end - first.day).days
        months, odd = months_between(first.day, end)
        parts = []
        if months >= 12 or not months:
            years, rest = divmod(months, 12)
            if years:
                parts.append(fill("word_years", {"n": str(years)}, ask.language))
                findings.append(computed(Decimal(years)))
            if rest:
                parts.append(fill("word_months", {"n": str(rest)}, ask.language))
                findings.append(computed(Decimal(rest)))
        elif months:
            parts.append(fill("word_months", {"n": str(months)}, ask.language))
            findings.append(computed(Decimal(months)))
        if odd:
            parts.append(fill("word_days", {"n": str(odd)}, ask.language))
            findings.append(computed(Decimal(odd)))
        shown = ("" if zh else ", ").join(parts)
        notes = [fill("word_days", {"n": f"{days}"}, ask.language)]
        findings.append(computed(Decimal(days), text=notes[0]))
        if not odd and months >= 12:
            notes.insert(0, fill("word_months", {"n": str(months)}, ask.language))
            findings.append(computed(Decimal(months), text=notes[0]))
        if not zh:
            shown = re.sub(r"\b1 (year|month|day)s\b", r"1 \1", shown)
        joiner = "，" if zh else ", "
        if _IN_DAYS.search(ask.text):
            shown, notes[-1] = notes[-1], shown
        calculation = f"{_said(first, ask)} – {_said(last, ask)}: {joiner.join(notes)}"
        findings += [_quoted(first), _quoted(last)]
        return shown, calculation, findings
    if first.month and last.month and not inclusive:
        months = (last.year - first.year) * 12 + last.month - first.month
        if 0 < months < 24:  # one of the days is not printed
            about = fill("word_about", {}, ask.language)
            word = fill("word_months", {"n": str(months)}, ask.language)
            shown = f"{about}{word}" if zh else f"{about} {word}"
            findings += [computed(Decimal(months), text=word), _quoted(first), _quoted(last)]
            return shown, f"{_said(first, ask)} – {_said(last, ask)}", findings
    years = last.year - first.year + (1 if inclusive else 0)
    if years <= 0:
        return None
    shown = fill("word_years", {"n": str(years)}, ask.language)
    if not zh:
        shown = re.sub(r"\b1 years\b", "1 year", shown)
    calculation = f"{last.year} − {first.year} = {last.year - first.year}"
    gap = computed(Decimal(last.year - first.year), "difference", (Decimal(last.year), Decimal(first.year)))
    findings.append(gap)
    if inclusive:
        calculation = f"{first.year}–{last.year}" + ("，首尾两年均计入" if zh else ", both years included")
        findings.append(computed(Decimal(years), text=shown))
    findings += [_quoted(d) for d in (first, last) if d.sentence is not None]
    return shown, calculation, findings


def numbered_of(text: str) -> set[int]:
    """The ordinals of a text: 第二, second, 2nd."""
    found = set()
    for match in _NTH.finditer(text):
        word = match["zh"] or match["en"]
        found.add(_HAN.index(word) + 1 if word in _HAN else _NTHS.get(word) or int(word[0]))
    return found


def scope_of(text: str, q: Quantity, dates: Sequence[Quantity]) -> str:
    """What a date is said of: its stretch between commas, up to the next date."""
    start = max((m.end() for m in re.finditer(r"[，,；;。]", text[: q.start])), default=0)
    later = min((d.start for d in dates if d.start >= q.end), default=len(text))
    stop = re.search(r"[，,；;。]", text[q.end :])
    end = min(later, q.end + stop.start() if stop else len(text))
    if end - q.end <= 4:  # "1931年，年仅28岁的哈钦森…": the date stands alone before its sentence
        after = re.search(r"[；;。]", text[q.end :])
        end = min(later, q.end + after.start() if after else len(text))
    return text[start:end]


def stretch_of(text: str, at: int) -> str:
    start = max((m.end() for m in re.finditer(r"[，,；;。]", text[:at])), default=0)
    stop = re.search(r"[，,；;。]", text[at:])
    return text[start : at + stop.start() if stop else len(text)]


def order_of(dated: Dated) -> tuple[int, int, int]:
    return dated.year, dated.month or 0, dated.day.day if dated.day else 0


def evidence_of(dated: Dated) -> Evidence:
    assert dated.sentence is not None and dated.q is not None
    sentence, q = dated.sentence, dated.q
    focus = (sentence.start + q.start, sentence.start + q.end)
    return Evidence(sentence.clause.id, sentence.start, sentence.end, focus)


def _parts(q: Quantity) -> tuple[int | None, int | None]:
    match = re.match(r"(?:\d{4}|-)-(\d\d)(?:-(\d\d))?", q.date)
    if match is None:
        return None, None
    return int(match[1]), int(match[2]) if match[2] else None


def months_between(first: date, end: date) -> tuple[int, int]:
    """Whole months from one day to another, and the days that are left over."""
    months = (end.year - first.year) * 12 + end.month - first.month
    if end.day >= first.day:
        return months, end.day - first.day
    months -= 1
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    anchor = date(year, month + 1, min(first.day, 28))
    return months, (end - anchor).days - (first.day - min(first.day, 28))


def _said(dated: Dated, ask: Ask) -> str:
    if ask.language == "zh" or dated.q is None:
        return re.sub(r"\s", "", dated.text)
    return render_value(dated.q, "en")


def _quoted(dated: Dated) -> Finding:
    return Finding(
        "quoted", float(dated.year), "年", dated.year, text=dated.text.strip(), evidence=evidence_of(dated)
    )
