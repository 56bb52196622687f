"""Printed numbers of clauses: what they look like, and how they read in labels of both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from policybot.patterns import lazy_pattern

NumberKind = Literal[
    "division",
    "chapter",
    "section-number",
    "article",
    "annex",
    "han-comma",
    "han-paren",
    "decimal",
    "arabic-dot",
    "arabic-paren",
    "circled",
    "alpha",
    "roman-paren",
    "dash",
    "shi",
    "bullet",
]
_HAN = "一二三四五六七八九十百"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}

_ROMAN = "[IVXLC]{1,7}"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
# What may follow an English division's number: nothing, a mark and a title, or a title.
_TITLED = r"(?:\s*[.:–—-]\s*|\s+|$)"

_PATTERNS: tuple[tuple[NumberKind, re.Pattern[str]], ...] = (
    ("division", lazy_pattern(rf"第\s*([{_HAN}\d]+)\s*编\s*")),
    ("division", lazy_pattern(rf"(?:PART|Part|TITLE|Title)\s+({_ROMAN}|[A-Z]|\d{{1,2}}){_TITLED}")),
    ("chapter", lazy_pattern(rf"第\s*([{_HAN}\d]+)\s*章(?![程法])\s*")),
    ("chapter", lazy_pattern(rf"(?:CHAPTER|Chapter)\s+({_ROMAN}|\d{{1,2}}){_TITLED}")),
    ("section-number", lazy_pattern(rf"第\s*([{_HAN}\d]+)\s*节(?![约能省余])\s*")),
    ("section-number", lazy_pattern(rf"(?:SECTION|Section)\s+({_ROMAN}|\d{{1,2}}){_TITLED}")),
    ("article", lazy_pattern(rf"第\s*([{_HAN}\d]+)\s*条(?![约例款第])\s*")),
    ("article", lazy_pattern(rf"(?:ARTICLE|Article)\s+({_ROMAN}|\d{{1,3}}){_TITLED}")),
    ("annex", lazy_pattern(rf"附[件录]\s*([A-Z]|\d+|[{_HAN}]+)?(?=\s|$|[：:、])[：:、]?\s*")),
    ("annex", lazy_pattern(rf"(?:ANNEX|Annex|APPENDIX|Appendix)\s+({_ROMAN}|[A-Z]|\d{{1,2}}){_TITLED}")),
    ("annex", lazy_pattern(r"(?:ANNEX|Annex|APPENDIX|Appendix)()$")),
    ("han-comma", lazy_pattern(rf"([{_HAN}]+)\s*、\s*")),
    ("han-paren", lazy_pattern(rf"[（(]?\s*([{_HAN}]+)\s*[）)]\s*")),
    ("han-comma", lazy_pattern(r"([IVX]{1,5})\.\s+(?=[A-Z])")),
    (
        "decimal",
        lazy_pattern(r"((?:\d{1,2}|[A-Z])(?:\.\d{1,2}){1,3})[.、]?\s+(?=[A-Za-z“\"《\u4e00-\u9fff])"),
    ),
    ("decimal", lazy_pattern(r"(\d{1,2}(?:\.\d{1,2}){1,3})(?=[\u4e00-\u9fff])")),
    ("arabic-dot", lazy_pattern(r"(\d{1,3})\s*[.．、](?!\d)\s*")),
    ("decimal", lazy_pattern(r"(\d{1,3})\s+(?=[A-Z][a-z])")),
    ("arabic-paren", lazy_pattern(r"[（(]?(\d{1,3})[）)]\s*")),
    ("circled", lazy_pattern(rf"([{_CIRCLED}])\s*")),
    ("alpha", lazy_pattern(r"[（(]([a-z]{1,2})[）)]\s*")),
    ("roman-paren", lazy_pattern(r"[（(]([ivx]{3,5})[）)]\s*")),
    ("dash", lazy_pattern(r"(——)\s*")),
    ("shi", lazy_pattern(r"([一二三四五六七八九十])是")),
)
DIVISIONS = frozenset({"division", "chapter", "section-number", "article", "annex"})
# "Article 5 of the Regulation shall …" is a sentence that begins with a reference; a title is short.
_ENGLISH_TITLE = lazy_pattern(r"[A-Z(“\"'‘][^.;]{0,110}$")
# After a page break a line may start with a cross-reference; these words continue a sentence.
_CONTINUES = lazy_pattern(r"[所规的、，。；和及或与至款项中下之第]")


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number at the start of a line: `length` characters of it; `value` as printed."""

    kind: NumberKind
    value: str
    length: int


def read_number(text: str, *, bullet: bool = False, inside_sentence: bool = False) -> Number | None:
    """The number `text` starts with, or None.

    Args:
        text: a line without markup.
        bullet: the line carried a list mark.
        inside_sentence: the line before it ended in mid-sentence, so that "第三条所述" at its start
            is a cross-reference and not a heading.
    """
    for kind, pattern in _PATTERNS:
        match = pattern.match(text)
        if not match:
            continue
        rest = text[match.end() :]
        if text[0].isascii() and kind in DIVISIONS:
            if inside_sentence or (rest and not _ENGLISH_TITLE.match(rest)):
                continue
        elif kind in ("division", "chapter", "section-number", "article"):
            if rest and (inside_sentence or _CONTINUES.match(rest)):
                continue
        elif kind == "annex":
            if match.group(1) is None and text.strip() != "附件" and not re.match(r"附录", text):
                continue
            if inside_sentence or (rest and len(rest) > 60):
                continue
        elif inside_sentence and kind in ("han-paren", "arabic-paren", "shi", "decimal", "circled"):
            continue
        return Number(kind, _value(kind, match.group(1) or ""), match.end())
    return Number("bullet", "", 0) if bullet else None


def _value(kind: NumberKind, printed: str) -> str:
    """The value in the form that ids have: Roman numbers of divisions as Arabic or Chinese ones."""
    # Part C follows part B: hundreds and fifties of parts are not to be met.
    if re.fullmatch(_ROMAN, printed) and kind != "annex" and printed not in "CL":
        found = roman_to_int(printed)
        return int_to_han(found) if kind == "han-comma" else str(found)
    return str(_CIRCLED.index(printed) + 1) if kind == "circled" else printed


def han_to_int(text: str) -> int:
    """一 … 九百九十九 as an integer; digits are taken as they are.

    Raises:
        ValueError: for anything else.
    """
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif char == "百":
            total, digit = total + (digit or 1) * 100, 0
        else:
            raise ValueError(f"not a Chinese number: {text}")
    return total + digit


def int_to_han(value: int) -> str:
    """1 … 999 in Chinese numerals, as clause numbers are printed (十一, 二十, 一百零三)."""
    digits = "零一二三四五六七八九"
    if value < 10:
        return digits[value]
    if value < 20:
        return "十" + (digits[value - 10] if value > 10 else "")
    if value < 100:
        return digits[value // 10] + "十" + (digits[value % 10] if value % 10 else "")
    rest = value % 100
    middle = (
        "" if not rest else ("零" if rest < 10 else "") + ("一" if 10 <= rest < 20 else "") + int_to_han(rest)
    )
    return digits[value // 100] + "百" + middle


def roman(value: int) -> str:
    """A positive integer in Roman numerals."""
    signs = (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    )
    text = ""
    for size, sign in signs:
        text, value = text + sign * (value // size), value % size
    return text


def roman_to_int(text: str) -> int:
    """I … MM, in capitals, as an integer.

    Raises:
        ValueError: for anything else.
    """
    signs = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "M": 1000}
    if not text or not set(text) <= set(signs):
        raise ValueError(f"not a Roman number: {text}")
    values = [signs[sign] for sign in text]
    return sum(-v if v < max(values[n + 1 :], default=0) else v for n, v in enumerate(values))


def id_part(number: Number) -> str:
    """The number's component in a clause id, in one form however it was printed."""
    value = number.value
    match number.kind:
        case "division":
            return f"第{value}编"
        case "chapter":
            return f"第{value}章"
        case "section-number":
            return f"第{value}节"
        case "article":
            return f"第{value}条"
        case "annex":
            return f"附件{value}" if value else "附录"
        case "han-paren":
            return f"（{value}）"
        case "alpha" | "roman-paren":
            return f"({value})"
        case "shi":
            return f"{value}是"
        case _:
            return value


def _int_of(value: str) -> str:
    """A division's number in English; letters stay as they are."""
    return value if value.isascii() else str(han_to_int(value))


def label_parts(number: Number, parents: list[NumberKind]) -> tuple[str, str]:
    """The number's share of the label, in Chinese and in English.

    In a treaty (under an article) 1. is 第1款 / (1), (a) and (一) are items; elsewhere numbers stand
    as printed: 三（四）3 / III(4)3, but in brackets after another Arabic one: 1.2（3） / 1.2(3).
    """
    value, treaty = number.value, "article" in parents
    match number.kind:
        case "division":
            return f"第{value}编", f"Part {_int_of(value)}"
        case "chapter":
            return f"第{value}章", f"Chapter {_int_of(value)}"
        case "section-number":
            return f"第{value}节", f"Section {_int_of(value)}"
        case "article":
            return f"第{value}条", f"Article {han_to_int(value)}"
        case "annex":
            return (f"附件{value}", f"Annex {value}") if value else ("附录", "Annex")
        case "han-comma":
            return value, roman(han_to_int(value))
        case "han-paren":
            if treaty:
                return f"（{value}）", f"({roman(han_to_int(value)).lower()})"
            return f"（{value}）", f"({han_to_int(value)})"
        case "arabic-dot" | "arabic-paren":
            if not treaty and ("decimal" in parents or "arabic-dot" in parents):
                return f"（{value}）", f"({value})"
            return (f"第{value}款", f"({value})") if treaty else (value, value)
        case "circled":
            return _CIRCLED[int(value) - 1], f"({value})"
        case "decimal":
            return value, value
        case "alpha" | "roman-paren":
            return f"({value})", f"({value})"
        case "shi":
            return f"{value}是", f"({han_to_int(value)})"
        case _:
            return "", ""
