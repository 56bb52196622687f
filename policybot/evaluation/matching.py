"""When two wordings say the same: 12亿千瓦, 1.2 billion kW and 1,200 GW; 三年 and three years.

Two questions are answered here: does a clause hold a quote (`holds`), and does an answer contain what
it must (`contains`). Both compare normalised text; `contains` also compares quantities by value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from policybot.patterns import lazy_pattern

_TAG = lazy_pattern(r"<[^<>\n]{1,40}>")
_MARKUP = lazy_pattern(r"[\s*|#_●]+")
_APART = lazy_pattern(r"(\d\.?)\s+(?=\d)")
_DASHES = str.maketrans(
    dict.fromkeys("‐‑‒–—―−～~〜", "-") | {"’": "'", "‘": "'", "“": '"', "”": '"', "：": ":"}
)


def fold_quote(text: str) -> str:
    """`text` for comparison with a source: half-width, lower case, no white space, no markup."""
    return _MARKUP.sub("", unicodedata.normalize("NFKC", _TAG.sub("", text)).lower())


def holds(clause: str, quotes: Iterable[str]) -> bool:
    """True when `clause` contains every one of `quotes`, white space, width and markup aside."""
    folded = fold_quote(clause)
    return all(fold_quote(quote) in folded for quote in quotes)


# Numerals ----------------------------------------------------------------------------------------

_ZH_VALUE = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_ZH_STEP = {"十": 10, "百": 100, "千": 1000}
# 千 and 百 that begin a unit (千瓦, 百分之) are no part of the numeral before them; 二 in 二氧化碳 and 一 in
# 统一 are no numerals.
_ZH_RUN = lazy_pattern(r"(?:[〇零一二三四五六七八九两十万亿]|百(?!分)|千(?![瓦克米焦卡]))+(?![氧氟])")
_COUNTED = "个项家座台条份名种张届批年月日天次票倍期类级位大%"
_EN_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_EN_WORDS = {word: value for value, word in enumerate(_EN_SMALL.split())}
_EN_WORDS |= {word: 10 * value for value, word in enumerate(_EN_TENS.split(), 2)}
_EN_RUN = lazy_pattern(rf"\b({'|'.join(_EN_WORDS)})(?:-(one|two|three|four|five|six|seven|eight|nine))?\b")
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)}
_MONTH = "|".join(_MONTHS)


def read_chinese(run: str) -> int | None:
    """Value of a Chinese numeral (三十七, 一亿两千万, 二〇二三); None for 十四五, 三四, 千."""
    if len(run) > 1 and all(c in _ZH_VALUE for c in run):
        return int("".join(str(_ZH_VALUE[c]) for c in run)) if len(run) == 4 or "〇" in run else None
    total = section = 0
    digit: int | None = None
    last = 10**9
    if not any(c in _ZH_VALUE or c == "十" for c in run):
        return None
    for char in run:
        if char in _ZH_VALUE:
            if digit:
                return None
            digit = _ZH_VALUE[char]
        elif char in _ZH_STEP:
            if _ZH_STEP[char] >= last:
                return None
            section += (1 if digit is None else digit) * _ZH_STEP[char]
            last, digit = _ZH_STEP[char], None
        else:
            group = section + (digit or 0)
            total = (total + group) * 10**8 if char == "亿" else total + group * 10**4
            section, digit, last = 0, None, 10**9
    # 十四五 (the 14th Five-Year Plan) reads as 十四 and a stray 五, and is caught above.
    return total + section + (digit or 0)


def _chinese(match: re.Match[str]) -> str:
    if match[0] == "一" and match.string[match.end() : match.end() + 1] not in tuple(_COUNTED):
        return match[0]
    value = read_chinese(match[0])
    return match[0] if value is None else str(value)


def _english(match: re.Match[str]) -> str:
    return str(_EN_WORDS[match[1]] + (_EN_WORDS[match[2]] if match[2] else 0))


def _dates(text: str) -> str:
    text = re.sub(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日", _iso("ymd"), text)
    text = re.sub(rf"\b({_MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", _iso("mdy"), text)
    text = re.sub(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+({_MONTH}),?\s+(\d{{4}})", _iso("dmy"), text)
    text = re.sub(rf"\b({_MONTH})\s+(\d{{4}})", lambda m: f"{m[2]}-{_MONTHS[m[1]]:02}", text)
    return re.sub(r"(\d{4})\s*年\s*(\d{1,2})\s*月(?!\s*\d)", lambda m: f"{m[1]}-{int(m[2]):02}", text)


def _iso(order: str) -> Callable[[re.Match[str]], str]:
    def write(match: re.Match[str]) -> str:
        part = {name: match[i] for i, name in enumerate(order, 1)}
        month = _MONTHS.get(part["m"]) or int(part["m"])
        return f" {part['y']}-{month:02}-{int(part['d']):02} "

    return write


@lru_cache(maxsize=20_000)
def as_digits(text: str) -> str:
    """Half-width, lower case, numerals as digits, dates as ISO; spaces kept."""
    text = unicodedata.normalize("NFKC", _TAG.sub("", text)).lower().translate(_DASHES)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = re.sub(r"百分之([〇零一二三四五六七八九十百]+|\d+(?:\.\d+)?)", r"\1%", text)
    text = _ZH_RUN.sub(_chinese, text)
    text = _EN_RUN.sub(_english, text)
    text = _dates(text)
    return re.sub(r"(\d)\s*(?:per ?cent|percent)\b", r"\1%", text)


@lru_cache(maxsize=20_000)
def normalise(text: str) -> str:
    """The form in which answers are compared: `as_digits` without spaces and markup.

    Numbers with only white space between them stay apart: "1. 2018-10" is not 1.2018.
    """
    return _MARKUP.sub("", _APART.sub(r"\1¦", as_digits(text)))


_DAY = lazy_pattern(
    rf"(?P<month>\d{{1,2}})\s*月\s*(?P<day>\d{{1,2}})\s*日|(?P<name>{_MONTH})\s+(?P<of>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|(?P<at>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<named>{_MONTH})"
)


# Quantities --------------------------------------------------------------------------------------

SCALES = {
    "十": 10, "百": 100, "千": 1e3, "万": 1e4, "亿": 1e8,
    "hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
_UNITS: dict[str, tuple[str, float]] = {
    "%": ("%", 1), "个百分点": ("%", 1), "percentage points": ("%", 1), "percentage point": ("%", 1),
    "千瓦时": ("Wh", 1e3), "kwh": ("Wh", 1e3), "mwh": ("Wh", 1e6), "gwh": ("Wh", 1e9), "twh": ("Wh", 1e12),
    "千瓦": ("W", 1e3), "兆瓦": ("W", 1e6), "吉瓦": ("W", 1e9), "kilowatts": ("W", 1e3),
    "kilowatt": ("W", 1e3), "kw": ("W", 1e3), "mw": ("W", 1e6), "gw": ("W", 1e9), "gigawatts": ("W", 1e9),
    "megawatts": ("W", 1e6),
    "吨": ("t", 1), "tonnes": ("t", 1), "tonne": ("t", 1), "tons": ("t", 1), "ton": ("t", 1), "tce": ("t", 1),
    "metric tons": ("t", 1), "metric tonnes": ("t", 1), "t": ("t", 1), "gt": ("t", 1e9),
    "立方米": ("m3", 1), "cubic metres": ("m3", 1), "cubic meters": ("m3", 1), "m3": ("m3", 1),
    "公顷": ("ha", 1), "hectares": ("ha", 1), "ha": ("ha", 1), "亩": ("mu", 1), "mu": ("mu", 1),
    "元": ("yuan", 1), "yuan": ("yuan", 1), "rmb": ("yuan", 1), "厘米": ("cm", 1), "cm": ("cm", 1),
    "centimetres": ("cm", 1), "centimeters": ("cm", 1), "分": ("points", 1), "points": ("points", 1),
}  # fmt: skip
SCALE = "百|千(?![瓦克米焦卡])|万|亿|hundred|thousand|million|billion|trillion"
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_QUANTITY = lazy_pattern(rf"(?<![\d.])(-?\d+(?:\.\d+)?)\s*((?:(?:{SCALE})\s*)*)((?:{_UNIT})(?![a-z]))?")


@dataclass(frozen=True, slots=True)
class Amount:
    """A value in the base unit of its dimension ("" where no known unit follows the number)."""

    value: float
    dimension: str

    def equals(self, other: Amount) -> bool:
        """Same dimension and the same value to one part in a thousand million."""
        near = abs(self.value - other.value) <= 1e-9 * max(1.0, abs(self.value))
        return near and self.dimension == other.dimension


@lru_cache(maxsize=20_000)
def amounts(text: str) -> tuple[Amount, ...]:
    """The quantities in `text`, in order: 12亿千瓦 → 1.2e12 W, "1.2 billion kW" → the same."""
    found = []
    for number, scales, unit in _QUANTITY.findall(as_digits(text)):
        value = float(number)
        for scale in re.findall("|".join(SCALES), scales):
            value *= SCALES[scale]
        dimension, factor = _UNITS.get(unit, ("", 1.0))
        found.append(Amount(value * factor, dimension))
    return tuple(found)


# Answers -----------------------------------------------------------------------------------------

# Numbers that belong to a place in a document, not to what is said about it.
_LABELS = lazy_pattern(
    r"\[\d+\]|(?:附件|附录|图表|表|图)\s?[一二三四五六七八九十\d]+(?![\d张])|第\s?[一二三四五六七八九十\d]+\s?(?:条|款|项|段|部分)"
    r"|[一二三四五六七八九十]*（[一二三四五六七八九十]+）\d*"
    r"|\b(?:Annex|Table|Figure|Chart|Article|Paragraph|para|item)\s(?:\d+(?:\(\w+\))*|[IVX]+\b(?:\(\w+\))*\d*)"
    r"|\b[IVX]+\(\d+\)\d*",
    re.IGNORECASE,
)
_RANGE = lazy_pattern(r"(\d+(?:\.\d+)?)%?-(\d+(?:\.\d+)?)(?!-|\d)(.*)")


_ENGLISH = lazy_pattern(r"[A-Za-z][A-Za-z '&/.,-]*")
_SHORT = 3  # letters up to which an English word must match whole: "no" is not in "now"


@lru_cache(maxsize=20_000)
def _word_pattern(words: str) -> re.Pattern[str]:
    """English words as written, from the start of a word; a longer one may go on (prohibit → prohibited)."""
    body = r"\s+".join(re.escape(word) for word in as_digits(words).split())
    return re.compile(rf"(?<![a-z]){body}" + (r"(?![a-z])" if len(words) <= _SHORT else ""))


def contains(answer: str, wanted: str) -> bool:
    """True when `answer` says `wanted`: as text, or as a quantity of the same value and dimension.

    A number matches only whole (3 is not in 13, 3.5 or 2023), and for a bare number those of citations
    and clause labels do not count. English words match from the start of a word (ban is not in urban).
    """
    if _ENGLISH.fullmatch(wanted):
        return _word_pattern(wanted.lower()).search(as_digits(answer)) is not None
    if (day := _day(wanted)) and re.search(rf"-{day}(?!\d)", as_digits(answer)):
        return True  # 15 November, of a year that the answer gives as well
    target = normalise(wanted)
    bare = target.replace(".", "").isdigit()
    said = normalise(_LABELS.sub(" ", answer) if bare else answer)
    if _inside(said, target):
        return True
    span = _RANGE.fullmatch(target)
    if span and len(span[1]) < 4:
        return re.search(rf"(?<![\d.]){span[1]}%?(?:-|至|到|to|and){span[2]}(?!\d|\.\d)", said) is not None
    if not re.fullmatch(
        _QUANTITY.pattern + r"\s*(?:标准煤|[个项家座台条份名种张])?", as_digits(wanted).strip()
    ):
        return False
    amount = amounts(wanted)[0]
    return any(amount.equals(other) for other in amounts(_LABELS.sub(" ", answer)))


def _day(text: str) -> str:
    """A month and a day without a year, as they end an ISO date; "" for anything else."""
    found = _DAY.fullmatch(text.strip().lower())
    if found is None:
        return ""
    month = found["month"] or _MONTHS[found["name"] or found["named"]]
    return f"{int(month):02}-{int(found['day'] or found['of'] or found['at']):02}"


def _inside(text: str, part: str) -> bool:
    at = text.find(part)
    while at >= 0:
        before, after = text[:at], text[at + len(part) :]
        cut_left = part[:1].isdigit() and re.search(r"\d\.?$", before) is not None
        cut_right = part[-1:].isdigit() and re.match(r"\.?\d", after) is not None
        if not (cut_left or cut_right):
            return True
        at = text.find(part, at + 1)
    return False


# The qualifier of a value, and how it may be put in English.
_QUALIFIERS = {
    "以上": (
        "以上", "不低于", "at least", "or more", "no less than", "not less than", "above", "over",
        "more than",
    ),
    "左右": ("左右", "约", "about", "around", "approximately", "roughly"),
    "以内": ("以内", "within", "at most", "no more than", "not exceed", "below", "under", "up to"),
    "以下": ("以下", "below", "under", "at most", "no more than"),
    "力争": ("力争", "strive", "striving", "aim"),
    "原则上": ("原则上", "in principle"),
    "至少": ("至少", "at least", "no less than", "not less than"),
    "不低于": ("不低于", "at least", "no less than", "not less than", "not below"),
    "不超过": ("不超过", "at most", "no more than", "not exceed"),
    "超过": ("超过", "over", "more than", "exceed"),
    "约": ("约", "左右", "about", "around", "approximately", "roughly"),
}  # fmt: skip


def keeps_qualifier(answer: str, qualifier: str) -> bool:
    """True when `answer` keeps the qualifier of the value (以上, 左右, 力争 …) in either language."""
    lowered = answer.lower()
    return any(wording in lowered for wording in _QUALIFIERS[qualifier])
