"""Numbers that name a thing instead of measuring it: 第三条, 附件1, 图表 21, PM2.5, 1+N, a heading's "3."."""

from __future__ import annotations

import re
from typing import Literal

from policybot.facts.numerals import LONGEST
from policybot.patterns import lazy_pattern

Role = Literal["ordinal", "label", ""]

_ORDINAL_BEFORE = lazy_pattern(r"第[ \u3000]?$")
_NAMED_BEFORE = lazy_pattern(
    r"(?:图表|附图|图|附表|表|附件|附录|专栏|领域|公式|编号|序号|邮编|电话)[ \u3000]?$"
    r"|(?<![A-Za-z])(?:[Nn]os?\.|Arts?\.|Figs?\.|[Pp]aras?\.|[Pp]p?\.|(?:[Aa]rticle|[Aa]nnex|[Ff]igure|[Tt]able|"
    r"[Ss]ection|[Cc]hapter|[Pp]art|[Aa]ppendix|[Pp]aragraph|[Cc]lause|[Ii]tem|[Pp]oint|[Pp]age|[Ff]ield|[Dd]omain|"
    r"[Pp]hase|[Tt]ier|[Ll]evel|[Ss]cope|[Ll]ine|ISO|ISSN|ISBN|GB/T|GB|COP|Tel|RFC)s?)[ ]?$"
)
_AFTER_LETTER = lazy_pattern(r"(?:[A-Za-z_<>²³]|[A-Za-z]\.|[A-Z]{2,}-)$")
_AFTER_BRACKETS = lazy_pattern(r"[(（][0-9A-Za-z一二三四五六七八九十]{1,4}[)）]$")  # 三（四）3
_CURRENCY = lazy_pattern(r"(?:RMB|CNY|US\$|HK\$|USD|EUR)$")
_LIST_END = lazy_pattern(r"[ ]?[.．、)）](?![0-9])")
_LIST_START = lazy_pattern(r"(?:^|[\n\t。；：:>|●•\-*—(（])[ \t\u3000*#]*$")
_SECTION_START = lazy_pattern(r"(?:^|[\n\t|])[ \u3000*#●•-]*$")
_OPEN = ("(", "（", "[", "【", "〔", "［")
_CLOSE = (")", "）", "]", "】", "〕", "］")
_ORDINAL_SUFFIX = lazy_pattern(r"(?:st|nd|rd|th)\b", re.IGNORECASE)


def name_before(plain: str, at: int) -> Role:
    """What the text before `at` makes of a number there: 第 → ordinal, 图表 or "Article" → label."""
    before = plain[max(0, at - 16) : at]
    if _ORDINAL_BEFORE.search(before):
        return "ordinal"
    return "label" if _NAMED_BEFORE.search(before) else ""


def names_something(plain: str, start: int, end: int, digits: str) -> Role:
    """Why the digits start:end of `plain`, which no unit follows, are no quantity; "" when they may be one.

    Args:
        plain: the text with half-width digits.
        digits: the number as printed.
    """
    before, after = plain[max(0, start - 16) : start], plain[end : end + 4]
    if _ORDINAL_SUFFIX.match(after):
        return "ordinal"
    if after[:1].isascii() and after[:1].isalpha():
        return "label"
    if _AFTER_BRACKETS.search(before):
        return "label"
    if before[-1:] == "+" or re.match(r"\+[A-Za-z0-9]", after):
        return "label"
    if before[-1:] in ("“", '"', "「") and after[:1] in ("”", '"', "」"):
        return "label"
    if before.rstrip()[-1:] in _OPEN and after.lstrip()[:1] in _CLOSE:
        return "label"
    if _is_heading(plain, start, end, digits):
        return "label"
    return ""


def is_code(plain: str, start: int, end: int, digits: str) -> bool:
    """True for digits in a name or a code, whatever follows: CO2, CP.1, 010-68599082, 1.2.3, 12:30."""
    before, after = plain[max(0, start - 16) : start], plain[end : end + 2]
    if _AFTER_LETTER.search(before) and not _CURRENCY.search(before):
        return True
    if before[-1:] in (".", ":", "/", "_") and before[-2:-1].isdigit():
        return True
    if re.match(r"[.:/][0-9]", after):
        return True
    if len(digits) > LONGEST:
        return True
    whole = digits.split(".")[0]
    if len(whole) > 1 and whole.startswith("0"):
        return True
    return (digits.isdigit() and len(digits) >= 10) or (
        bool(re.search(r"[0-9]-$", before)) and len(digits) >= 6
    )


def starts_cell(plain: str, at: int) -> bool:
    """True when nothing but list marks stands before `at` on its line or in its table cell."""
    return bool(_SECTION_START.search(plain[max(0, at - 12) : at]))


def _is_heading(plain: str, start: int, end: int, digits: str) -> bool:
    """ "3." or "3)" where a line or a sentence begins, and "1.4" before a heading at the start of a cell."""
    if digits.isdigit() and len(digits) <= 2 and _LIST_END.match(plain, end):
        return bool(_LIST_START.search(plain[max(0, start - 12) : start]))
    if re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}", digits) and re.match(
        r"[ ]+[A-Za-z\u4e00-\u9fff]", plain[end : end + 3]
    ):
        return starts_cell(plain, start)
    return False
