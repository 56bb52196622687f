"""Printed numbers of clauses: what they look like, and how they read in labels of both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from policybot.patterns import lazy_pattern

NumberKind = Literal[
    "chapter",
    "article",
    "annex",
    "han-comma",
    "han-paren",
    "arabic-dot",
    "arabic-paren",
    "alpha",
    "dash",
    "shi",
    "bullet",
]
_HAN = "一二三四五六七八九十百"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}

_PATTERNS: tuple[tuple[NumberKind, re.Pattern[str]], ...] = (
    ("chapter", lazy_pattern(rf"第\s*([{_HAN}\d]+)\s*章(?![程法])\s*")),
    ("article", lazy_pattern(rf"第\s*([{_HAN}\d]+)\s*条(?![约例款第])\s*")),
    ("annex", lazy_pattern(rf"附[件录]\s*([A-Z]|\d+|[{_HAN}]+)?(?=\s|$|[：:、])[：:、]?\s*")),
    ("han-comma", lazy_pattern(rf"([{_HAN}]+)\s*、\s*")),
    ("han-paren", lazy_pattern(rf"[（(]?\s*([{_HAN}]+)\s*[）)]\s*")),
    ("arabic-dot", lazy_pattern(r"(\d{1,3})\s*[.．](?!\d)\s*")),
    ("arabic-paren", lazy_pattern(r"[（(]?(\d{1,3})[）)]\s*")),
    ("alpha", lazy_pattern(r"[（(]([a-z]{1,2})[）)]\s*")),
    ("dash", lazy_pattern(r"(——)\s*")),
    ("shi", lazy_pattern(r"([一二三四五六七八九十])是")),
)
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
        if kind in ("chapter", "article"):
            if rest and (inside_sentence or _CONTINUES.match(rest)):
                continue
        elif kind == "annex":
            if match.group(1) is None and not re.match(r"附录", text):
                continue
            if inside_sentence or (rest and len(rest) > 60):
                continue
        elif inside_sentence and kind in ("han-paren", "arabic-paren", "shi"):
            continue
        return Number(kind, match.group(1) or "", match.end())
    return Number("bullet", "", 0) if bullet else None


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


def id_part(number: Number) -> str:
    """The number's component in a clause id, in one form however it was printed."""
    value = number.value
    match number.kind:
        case "chapter":
            return f"第{value}章"
        case "article":
            return f"第{value}条"
        case "annex":
            return f"附件{value}" if value else "附录"
        case "han-paren":
            return f"（{value}）"
        case "alpha":
            return f"({value})"
        case "shi":
            return f"{value}是"
        case _:
            return value


def label_parts(number: Number, parents: list[NumberKind]) -> tuple[str, str]:
    """The number's share of the label, in Chinese and in English.

    In a treaty (under an article) 1. is 第1款 / (1), (a) and (一) are items; elsewhere numbers stand
    as printed: 三（四）3 / III(4)3.
    """
    value, treaty = number.value, "article" in parents
    match number.kind:
        case "chapter":
            return f"第{value}章", f"Chapter {han_to_int(value)}"
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
            return (f"第{value}款", f"({value})") if treaty else (value, value)
        case "alpha":
            return f"({value})", f"({value})"
        case "shi":
            return f"{value}是", f"({han_to_int(value)})"
        case _:
            return "", ""
