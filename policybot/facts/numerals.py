"""Numerals as they are written: digits, Chinese numerals, English number words.

The patterns here recognise a number alone; what it counts is read in `policybot.facts.quantities`.
"""

from __future__ import annotations

import re
from decimal import Decimal

LONGEST = 32  # characters; a longer run of digits is no number that anyone wrote
# Digits with thousands separators first, so that 10,965,708 is one number. A full-width comma
# separates thousands only in two groups or more: 8，800 may be two numbers.
DIGITS = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,3}(?:，[0-9]{3}){2,}(?![0-9])|[0-9]+)"
    r"(?:\.[0-9]+)?"
)
POWER_OF_TEN = r"\s?[×xX*]\s?10(?:\^?(?P<power>[-−]?[0-9]{1,2})|(?P<raised>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))(?![0-9])"
# A scale after digits. 千 and 百 are left alone where they begin a unit (3千瓦) or 百分之.
SCALE_ZH = (
    r"(?:[十百千]?万亿|[十百千]亿|[十百千]万|亿|万|千(?![瓦米克焦卡伏帕赫升])|百(?![分帕])"
    r"|十(?![一二三四五六七八九]))"
)
SCALE_EN = r"(?:(?:hundred|thousand|million|billion|trillion|mn|bn|tn)\b[ \t\u00a0-]*){1,4}"

_ZH_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
}
_ZH_SMALL = {"十": 10, "百": 100, "千": 1000}
_ZH_LARGE = {"万": 10**4, "亿": 10**8}
ZH_CHARS = "〇零一二两三四五六七八九十百千万亿"
CHINESE = f"[{ZH_CHARS}]{{1,32}}(?:点[〇零一二三四五六七八九]{{1,12}}[十百千万亿]{{0,3}})?"

_ONES_EN = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS_EN = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES_EN = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT_EN = {"mn": 10**6, "bn": 10**9, "tn": 10**12}
_VALUES_EN = {w: i for i, w in enumerate(_ONES_EN)} | {w: 20 + 10 * i for i, w in enumerate(_TENS_EN)}
_WORD_EN = "|".join(sorted(_VALUES_EN, key=len, reverse=True))
_SCALE_WORD_EN = "|".join(_SCALES_EN)
ENGLISH = (
    rf"\b(?:(?:{_WORD_EN})|an?(?=[ -](?:{_SCALE_WORD_EN})\b))"
    rf"(?:(?:[ -]|[ ]and[ ])(?:{_WORD_EN}|{_SCALE_WORD_EN}))*\b"
)
_PARTS_EN = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8,
    "ninth": 9, "ninths": 9, "tenth": 10, "tenths": 10,
}  # fmt: skip
FRACTION_EN = (
    r"\b(?:(?P<top>one|two|three|four|five|six|seven|eight|nine|a)[ -]"
    r"(?P<bottom>half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?)\b"
    r"|half(?=[ ](?:of|the|a)\b))"
)
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def read_digits(text: str) -> Decimal:
    """Value of a match of `DIGITS`, separators dropped."""
    return Decimal(text.replace(",", "").replace("，", ""))


def read_power(power: str | None, raised: str | None) -> Decimal:
    """10 to the exponent of a match of `POWER_OF_TEN`; 1 where there is none."""
    exponent = (power or "").replace("−", "-") or (raised or "").translate(_RAISED)
    try:
        return Decimal(10) ** int(exponent) if exponent else Decimal(1)
    except ValueError:
        return Decimal(1)


def read_scale(text: str) -> Decimal:
    """Value of scale words: 亿 → 10⁸, 万亿 → 10¹², "hundred million" → 10⁸; 1 for none."""
    value = Decimal(1)
    for char in text:
        value *= _ZH_SMALL.get(char) or _ZH_LARGE.get(char) or 1
    for word in re.findall(r"[a-z]+", text.lower()):
        value *= _SCALES_EN.get(word) or _SHORT_EN.get(word) or 1
    return value


def read_chinese(text: str) -> Decimal | None:
    """Value of a Chinese numeral: 二十五, 一亿两千万, 五千零三, 一九九七, 一点五, 百万 (a leading 1 implied).

    None for what is no single number: 三四 (three or four), 一二三, 十十.
    """
    if len(text) > LONGEST:
        return None
    whole, point, rest = text.partition("点")
    if point:
        decimals = rest.rstrip("十百千万亿")
        head = read_chinese(whole)
        if head is None or not decimals or any(c not in _ZH_DIGITS for c in decimals):
            return None
        digits = "".join(str(_ZH_DIGITS[c]) for c in decimals)
        return (head + Decimal(f"0.{digits}")) * read_scale(rest[len(decimals) :])
    if len(text) >= 2 and all(c in _ZH_DIGITS for c in text):
        # Digit by digit: a year, or digits with a zero among them; 三四个 is "three or four".
        if len(text) < 4 and not ("〇" in text or "零" in text):
            return None
        return Decimal("".join(str(_ZH_DIGITS[c]) for c in text))
    total = section = 0
    digit: int | None = None
    lowest = 10**9
    for char in text:
        if char in _ZH_DIGITS:
            value = _ZH_DIGITS[char]
            if value == 0:
                continue
            if digit is not None:
                return None
            digit = value
        elif char in _ZH_SMALL:
            step = _ZH_SMALL[char]
            if step >= lowest:
                return None
            section += (1 if digit is None else digit) * step
            digit, lowest = None, step
        else:
            section += digit or 0
            if section == 0 and total == 0:
                section = 1
            step = _ZH_LARGE[char]
            total = (total + section) * step if step > 10**4 else total + section * step
            section, digit, lowest = 0, None, 10**9
    return Decimal(total + section + (digit or 0))


def read_english(text: str) -> Decimal | None:
    """Value of English number words: "twenty-five", "one hundred and fifty", "a million"."""
    total = current = 0
    seen = False
    words = re.findall(r"[a-z]+", text.lower())
    if len(words) > LONGEST:
        return None
    for word in words:
        if word == "and":
            continue
        if word in ("a", "an"):
            current, seen = 1, True
        elif word in _VALUES_EN:
            value = _VALUES_EN[word]
            tens_then_unit = 20 <= current % 100 < 100 and current % 10 == 0 and 0 < value < 10
            if seen and current % 100 and not tens_then_unit:
                return None  # "two three": a list, not a number
            current, seen = current + value, True
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES_EN:
            total, current = total + (current or 1) * _SCALES_EN[word], 0
        else:
            return None
    return Decimal(total + current) if seen or total else None


def read_fraction_en(top: str | None, bottom: str | None) -> Decimal:
    """Value of a match of `FRACTION_EN`: ("three", "quarters") → 0.75; (None, None) is "half"."""
    if top is None or bottom is None:
        return Decimal("0.5")
    above = 1 if top.lower() == "a" else _VALUES_EN[top.lower()]
    return Decimal(above) / Decimal(_PARTS_EN[bottom.lower()])
