"""Years in running text: 2030年, 2017-2022年, “十四五”, 1997年12月11日, and what they govern."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from policybot.facts.numerals import SCALE_EN, SCALE_ZH, read_chinese
from policybot.facts.units import match_unit
from policybot.patterns import lazy_pattern

YearKind = Literal["year", "range", "period", "date", "decade", "century"]

# Full-width digits and signs become half-width ones of the same length, so offsets stay.
PLAIN = str.maketrans("０１２３４５６７８９％．－−～／＋", "0123456789%.--~/+")

YEAR = r"(?:1[5-9]|20|21)[0-9]{2}"
_NOT_INSIDE = r"(?<![0-9A-Za-z_])(?<![0-9][.,])"
_RANGE = r"[ \u3000]?(?:[-–—―~〜]{1,2}|至|到|to|and|through)[ \u3000]?"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS) + "|Sept"
_HAN_DIGITS = "〇零一二三四五六七八九"

_DATE_ZH = lazy_pattern(
    rf"{_NOT_INSIDE}(?P<y>{YEAR})[ ]?年[ ]?(?P<m>1[0-2]|0?[1-9])[ ]?月"
    r"(?:[ ]?(?P<d>3[01]|[12][0-9]|0?[1-9])[ ]?[日号])?"
)
_DATE_HAN = lazy_pattern(
    rf"(?P<y>[一二][{_HAN_DIGITS}]{{3}})年(?:(?P<m>十[一二]?|[一二三四五六七八九])月(?:(?P<d>[一二三]?十?[一二三四五六七八九十])日)?)?"
)
_DATE_ISO = lazy_pattern(
    rf"{_NOT_INSIDE}(?P<y>{YEAR})(?P<s>[-/])(?P<m>1[0-2]|0[1-9])(?P=s)(?P<d>3[01]|[12][0-9]|0[1-9])(?![0-9])"
)
_MONTH_ISO = lazy_pattern(rf"{_NOT_INSIDE}(?P<y>{YEAR})-(?P<m>0[1-9])(?![0-9-])")  # 2011-12 is two years
_DATE_EN = lazy_pattern(
    rf"(?:(?P<d1>3[01]|[12]?[0-9])(?:st|nd|rd|th)?[ ](?:of[ ])?)?\b(?P<m>{_MONTH})\b\.?"
    rf"(?:[ ](?P<d2>3[01]|[12]?[0-9])(?:st|nd|rd|th)?(?![0-9]))?,?[ ](?P<y>{YEAR})(?![0-9])"
)
_SPAN = lazy_pattern(
    rf"{_NOT_INSIDE}(?P<y>{YEAR})[ ]?年?{_RANGE}"
    rf"(?P<z>{YEAR}|[0-9]{{2}}(?=[ ]?年|\b(?![0-9.%月]|[ ]?月)))(?![0-9])(?:[ ]?年(?!代))?"
)
_YEAR_ZH = lazy_pattern(rf"{_NOT_INSIDE}(?P<y>{YEAR})[ \u3000]?年(?P<decade>代)?")
_DECADE_EN = lazy_pattern(rf"{_NOT_INSIDE}(?P<y>(?:1[5-9]|20|21)[0-9]0)['’]?s\b")
_BARE = lazy_pattern(
    r"(?<![0-9A-Za-z_$€£¥￥第+])(?<![0-9][-.,])(?P<y>19[0-9]{2}|20[0-9]{2}|2100)(?![0-9A-Za-z_+]|[.,:][0-9])"
)
_PLAN_ZH = lazy_pattern(
    r"(?<![一二三四五六七八九十百])(?:十(?P<n>[一二三四五六七八九])五(?![一二三四五六七八九十百千万亿])|第(?P<m>[一二三四五六七八九十]{1,3}|[0-9]{1,2})个五年(?:规划|计划))"
)
_PLAN_EN = lazy_pattern(
    r"\b(?:(?P<n>[0-9]{1,2})(?:st|nd|rd|th)|(?P<w>Eleventh|Twelfth|Thirteenth|Fourteenth|Fifteenth|Sixteenth))"
    r"[ ](?:Five[- ]Year[ ]Plan|FYP)(?:[ ]period)?\b",
    re.IGNORECASE,
)
_PLAN_WORDS = {
    "eleventh": 11,
    "twelfth": 12,
    "thirteenth": 13,
    "fourteenth": 14,
    "fifteenth": 15,
    "sixteenth": 16,
}
_CENTURY = lazy_pattern(
    r"(?:本世纪|(?:二十一|21)[ ]?世纪)(?P<zh>中叶|中期|末|下半叶|前叶)"
    r"|\b(?P<en>mid-century|(?:middle|end|second half) of (?:the|this|the 21st) century)\b",
    re.IGNORECASE,
)
_CENTURY_YEARS = {
    "中叶": (2050, 2050), "中期": (2050, 2050), "末": (2100, 2100), "下半叶": (2051, 2100),
    "前叶": (2001, 2030), "mid": (2050, 2050), "end": (2100, 2100), "sec": (2051, 2100),
}  # fmt: skip
_SCALE_AFTER = lazy_pattern(rf"[ ]?(?:{SCALE_ZH}|{SCALE_EN}|[多余](?:[十百千万亿个名项种家条次人年]))")

# A base year is what a change is measured from, not when the value holds.
_BASE_BEFORE = lazy_pattern(
    r"(?:比|较|相比于?|相较于?|对比|compared (?:with|to)|relative to|against|than in|from|since)[ ]?"
    r"(?:the )?(?:level (?:of|in) )?$"
)
_BASE_BELOW = lazy_pattern(r"(?:below|above|over|under|on)[ ](?:the )?(?:level (?:of|in) )?$")
_BASE_AFTER = lazy_pattern(
    r"[ ]?(?:年)?[ ]?(?:的水平|水平|的?标准|的?(?:水平)?的?基础上|(?:的水平|水平|同期)?相比"
    r"|作?为(?:参照|基准|基期|基年)|以来|起(?!草)|levels?\b|baseline\b)"
)
_SINCE_BEFORE = lazy_pattern(r"(?:自|自从)[ ]?$")
_STOP = lazy_pattern(r"[。！？!?\n]|\.(?=\s)")
_SETS_TIME = lazy_pattern(
    r"[ ]?[”\"』」]?(?:（[^）]{0,20}）|\([^)]{0,20}\))?[ ]?"
    r"(?:期间|时期|期末|末|初|阶段|[、，,；;：:]|和[“十]|及[“十]|period\b)"
)
# A paragraph that opens with 到2025年， is about 2025 until another year is named.
_LED_BY = lazy_pattern(
    rf"[ \u3000●•*#>-]*(?:[到至][ ]?{YEAR}[ ]?年底?"
    r"|[“\"]?十[一二三四五六七八九]五[”\"]?(?:期间|时期))[ ]?[，,：:]"
)
_BY = lazy_pattern(r"\b(?:by|in|before|until|of)[ ](?:the[ ](?:end|year)[ ]of[ ])?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year or a span of years: text[start:end], first and last year (equal for one year).

    `kind`: year, range (2017-2022年), period (a five-year plan), date, decade, century (mid-century
    counts as 2050). `month` and `day` are set for dates.
    """

    start: int
    end: int
    text: str
    first: int
    last: int
    kind: YearKind
    month: int | None = None
    day: int | None = None


def find_years(text: str) -> list[YearMention]:
    """All years of `text` in order, without overlaps.

    A bare number counts as a year between 1900 and 2100 when no unit follows it (2030, not 2030万元).
    """
    return list(_find(text))


def meets(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """True where a text names a year of one of some spans: 1947 of the 1940s, 十五五 of 2026–2030."""
    several = [(first, last) for first, last in spans if first != last]
    return bool(several) and any(
        first <= year.first and year.last <= last for year in find_years(text) for first, last in several
    )


def target_year(sentence: str, offset: int) -> int | None:
    """The year for which what stands at `offset` holds: 到2030年，A；B；C are all for 2030.

    The nearest year before `offset` since the last full stop, base years (比2005年), since-years,
    titles in 《》 and periods that only qualify a noun (“十三五”约束性目标) left out; the last year of
    a span; else the year that opens the paragraph (到2025年，…。…). In English a "by 2025"
    after it counts when there is none before. None where none is found, or where two periods share
    one value (“十四五”、“十五五”期间分别 …).
    """
    text = sentence.translate(PLAIN)
    start = 0
    for stop in _STOP.finditer(text, 0, offset):
        start = stop.end()
    following = _STOP.search(text, offset)
    finish = following.start() if following else len(text)
    mentions = [m for m in _find(sentence) if start <= m.start and m.end <= finish]
    usable = [
        m for m in mentions if not is_base(text, m) and not _in_title(text, m.start) and _sets_time(text, m)
    ]
    before = [m for m in usable if m.end <= offset]
    if before:
        last = before[-1]
        if len(before) > 1 and "分别" in text[last.end : offset]:
            gap = text[before[-2].end : last.start].strip("”“\"' 年")
            if gap in ("、", "和", "及", "与", "，", ","):
                return None
        return last.last
    led = _LED_BY.match(text, max(text.rfind(stop, 0, offset) for stop in "\n\t") + 1)
    if led is not None and led.end() <= offset:
        return next((m.last for m in reversed(_find(sentence)) if m.end <= led.end()), None)
    for mention in usable:
        if _BY.search(text, start, mention.start):
            return mention.last
    return None


def is_base(text: str, mention: YearMention) -> bool:
    """True for a year that a change is measured from: 比2005年下降, from 1990 levels, 自2010年以来."""
    before = text[max(0, mention.start - 24) : mention.start]
    base_after = _BASE_AFTER.match(text, mention.end)
    if mention.kind == "range" and base_after is None:
        return False
    if _BASE_BEFORE.search(before) or (base_after is not None and base_after.group().strip() != ""):
        return True
    if _SINCE_BEFORE.search(before):
        return mention.kind != "range"
    return bool(_BASE_BELOW.search(before)) and text[mention.end : mention.end + 7].lstrip().startswith(
        "level"
    )


def _sets_time(text: str, mention: YearMention) -> bool:
    return mention.kind != "period" or _SETS_TIME.match(text, mention.end) is not None


def _in_title(text: str, at: int) -> bool:
    opened = text.rfind("《", 0, at)
    return opened >= 0 and text.find("》", opened, at) < 0


@lru_cache(maxsize=2_048)
def _find(text: str) -> tuple[YearMention, ...]:
    plain = text.translate(PLAIN)
    found: list[YearMention] = []
    taken = bytearray(len(text))

    def add(
        match: re.Match[str],
        first: int,
        last: int,
        kind: YearKind,
        month: int | None = None,
        day: int | None = None,
    ) -> None:
        start, end = match.span()
        if any(taken[start:end]):
            return
        if (
            kind == "period"
            and text[start - 1 : start] in '“"「'
            and text[end : end + 1] in ("”", '"', "」")
            and start
        ):
            start, end = start - 1, end + 1
        taken[start:end] = b"\x01" * (end - start)
        found.append(YearMention(start, end, text[start:end], first, last, kind, month, day))

    for pattern in (_DATE_ZH, _DATE_ISO, _MONTH_ISO, _DATE_EN):
        for match in pattern.finditer(plain):
            year, (month, day) = int(match["y"]), _month_day(match)
            add(match, year, year, "date", month, day)
    for match in _DATE_HAN.finditer(plain):
        value = read_chinese(match["y"])
        if value is not None and 1500 <= value < 2200:
            month, day = (int(read_chinese(match[g]) or 0) or None if match[g] else None for g in ("m", "d"))
            add(match, int(value), int(value), "date" if month else "year", month, day)
    for match in _SPAN.finditer(plain):
        first = int(match["y"])
        last = int(match["z"]) if len(match["z"]) == 4 else first // 100 * 100 + int(match["z"])
        if first < last and not _has_unit(plain, match.end()):
            add(match, first, last, "range")
    for match in _DECADE_EN.finditer(plain):
        add(match, int(match["y"]), int(match["y"]) + 9, "decade")
    for match in _YEAR_ZH.finditer(plain):
        year = int(match["y"])
        add(match, year, year + 9 if match["decade"] else year, "decade" if match["decade"] else "year")
    for match in _PLAN_ZH.finditer(plain):
        plan = 10 + int(read_chinese(match["n"]) or 0) if match["n"] else _number(match["m"])
        if plan is not None and 6 <= plan <= 30 and (match["m"] or match_unit(plain, match.end()) is None):
            add(match, 1951 + 5 * plan, 1955 + 5 * plan, "period")
    for match in _PLAN_EN.finditer(plain):
        plan = int(match["n"]) if match["n"] else _PLAN_WORDS[match["w"].lower()]
        if 6 <= plan <= 30:
            add(match, 1951 + 5 * plan, 1955 + 5 * plan, "period")
    for match in _CENTURY.finditer(plain):
        first, last = _CENTURY_YEARS[match["zh"] or match["en"][:3].lower()]
        add(match, first, last, "century")
    for match in _BARE.finditer(plain):
        if not _has_unit(plain, match.end()):
            add(match, int(match["y"]), int(match["y"]), "year")
    return tuple(sorted(found, key=lambda mention: mention.start))


def _month_day(match: re.Match[str]) -> tuple[int | None, int | None]:
    groups = match.groupdict()
    month = groups["m"]
    day = groups.get("d") or groups.get("d1") or groups.get("d2")
    number = int(month) if month.isdigit() else 1 + [name[:3] for name in MONTHS].index(month[:3])
    return number, int(day) if day else None


def _number(text: str) -> int | None:
    if text.isascii():
        return int(text)
    value = read_chinese(text)
    return int(value) if value is not None else None


def _has_unit(plain: str, at: int) -> bool:
    """True when what follows makes a number a quantity; an English noun does not (2020 projects)."""
    if _SCALE_AFTER.match(plain, at):
        return True
    while at < len(plain) and plain[at] == " ":
        at += 1
    found = match_unit(plain, at)
    if found is None:
        return False
    unit = found[0]
    return not (unit.word and unit.dimension in ("count", "score"))
