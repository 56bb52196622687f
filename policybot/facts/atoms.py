"""Number and unit as one piece of text: 12亿千瓦, 20多万亩, 百分之五十, "three-quarters", 40%—45%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Literal

from policybot.facts.labels import is_code, name_before, names_something, starts_cell
from policybot.facts.numerals import (
    CHINESE,
    DIGITS,
    ENGLISH,
    FRACTION_EN,
    POWER_OF_TEN,
    SCALE_EN,
    SCALE_ZH,
    read_chinese,
    read_digits,
    read_english,
    read_fraction_en,
    read_power,
    read_scale,
)
from policybot.facts.units import Unit, find_unit, match_unit
from policybot.patterns import lazy_pattern
from policybot.text import is_han

# bare: a Chinese numeral or a lone "one" without a unit, of use only as one end of a range.
Role = Literal["quantity", "fraction", "ordinal", "label", "date", "bare"]

_SP = r"[ \u00a0\u3000\u202f]{0,2}"
_CHINESE_PATTERN = (
    r"(?P<url>(?:https?://|www\.|doi\.org/)[^\s，。；）》<>]+)"
    rf"|百分之{_SP}(?:(?P<percent_digits>{DIGITS})|(?P<percent_chinese>{CHINESE}))"
    rf"|(?P<parts>{CHINESE}|[0-9]{{1,3}}){_SP}分之{_SP}(?P<taken>{CHINESE}|[0-9]{{1,3}})"
    r"|(?P<half>一半|半数|半(?=年|个月|个世纪))"
    r"|(?<![0-9/.A-Za-z])(?P<over>[1-9][0-9]?)/(?P<under>[1-9][0-9]?)(?![0-9/A-Za-z.])"
    rf"|(?P<digits>{DIGITS})(?:{POWER_OF_TEN})?(?:{_SP}(?P<scale>{SCALE_ZH}|(?i:{SCALE_EN})))?"
    rf"|(?P<chinese>{CHINESE})"
)
_ENGLISH_PATTERN = rf"{_CHINESE_PATTERN}|(?i:{FRACTION_EN})|(?P<english>(?i:{ENGLISH}))"
_INSIDE = lazy_pattern(rf"{_SP}(?P<word>多|余)(?P<scale>{SCALE_ZH})?")
_RANGE = lazy_pattern(rf"{_SP}(?:[-–—―~〜]{{1,2}}|至|到|to|and){_SP}")
_SAME_NAME = lazy_pattern(rf"{_SP}(?:[、,，和及与至或~–—-]|and|or|to){_SP}")
_MONTH = lazy_pattern(r"[ ]?月(?!亮)(?:[ ]?(?P<day>[0-9]{1,2})[ ]?日)?")
_ORDINAL_UNIT = lazy_pattern(
    r"[ ]?(?:缔约方|届|条|款|项|目|个|名|位|号|次|批|期|年度|年|阶段|类|级|季度|章|节|编|部分|天|日|轮"
    r"|梯队|产业|大|代|方|页|卷)"
)
_FRONT = lazy_pattern(
    r"前(?P<n>[一二三四五六七八九十两]{1,3}|[0-9]{1,3})(?P<unit>名|位|大)?(?=的|者|[，。、；,;]|名|位|$)"
)
_UNIT_CELL = lazy_pattern(r"(?:^|\t|\|)[ ]*(?P<unit>[^\t|\n]{1,12}?)[ ]*[\t|][ ]*$")  # 原煤 ⇥ 吨 ⇥ 10,965,708
_CURRENCY = {"$": "US dollars", "€": "euros", "£": "英镑", "¥": "yuan", "￥": "yuan"}
_CURRENCY_WORD = lazy_pattern(r"(?:RMB|CNY|USD|EUR)[ ]?$")
_CONGRESS = frozenset({16, 17, 18, 19, 20})


@dataclass(frozen=True, slots=True)
class Atom:
    """A number with what it counts: text[start:end]; the number alone is text[start:number_end].

    `amount` (and `upper` in a range) carry the scale: 12亿 is 1.2e9. `inside` is 多 or 余; `date` an
    ISO date without year for role "date".
    """

    start: int
    end: int
    number_end: int
    amount: Decimal
    role: Role
    unit: Unit | None = None
    unit_text: str = ""
    upper: Decimal | None = None
    scale: Decimal = Decimal(1)
    inside: str = ""
    date: str = ""


def atoms(plain: str, taken: Sequence[tuple[int, int]]) -> list[Atom]:
    """All numbers of `plain` (half-width digits) outside the spans `taken` (years), ranges joined."""
    found: list[Atom] = []
    spans = sorted([*taken, *(match.span() for match in _FRONT.finditer(plain))])
    for match in _FRONT.finditer(plain):
        value = _value(match["n"])
        if value is not None and not _overlaps(match.span(), taken):
            found.append(Atom(match.start(), match.end(), match.end("n"), value, "ordinal"))
    last: Atom | None = None
    for atom in _read(plain, spans):
        if last is not None and last.role == "label" and atom.unit is None and atom.role == "quantity":
            gap = plain[last.end : atom.start]
            if _SAME_NAME.fullmatch(gap) and name_before(plain, last.start) == "label":
                atom = replace(atom, role="label")
        found.append(atom)
        last = atom
    found.sort(key=lambda atom: atom.start)
    return [atom for atom in _join(plain, found) if atom.role != "bare"]


def _read(plain: str, taken: Sequence[tuple[int, int]]) -> Iterator[Atom]:
    pattern = _pattern(any("a" <= c <= "z" or "A" <= c <= "Z" for c in plain))
    blocked = list(taken)
    done = 0
    for match in pattern.finditer(plain):
        if match.start() < done:
            continue
        while blocked and blocked[0][1] <= match.start():
            blocked.pop(0)
        if blocked and blocked[0][0] < match.end():
            continue
        atom = _atom(plain, match)
        if atom is not None:
            done = atom.end
            yield atom


@cache
def _pattern(english: bool) -> re.Pattern[str]:
    return lazy_pattern(_ENGLISH_PATTERN if english else _CHINESE_PATTERN)


def _atom(plain: str, match: re.Match[str]) -> Atom | None:
    start, end = match.span()
    if match["url"]:
        return None
    if match["percent_digits"] or match["percent_chinese"]:
        printed = match["percent_digits"] or match["percent_chinese"]
        value = read_digits(printed) if match["percent_digits"] else read_chinese(printed)
        return Atom(start, end, end, value, "quantity", find_unit("%"), "%") if value is not None else None
    if match["parts"]:
        below, above = _value(match["parts"]), _value(match["taken"])
        if not below or above is None:
            return None
        return Atom(start, end, end, above / below, "fraction")
    if match["half"]:
        if match["half"] == "半":
            return _with_unit(plain, start, end, Decimal("0.5"), Decimal(1))
        return Atom(start, end, end, Decimal("0.5"), "fraction")
    if match["over"]:
        above, below = Decimal(match["over"]), Decimal(match["under"])
        fraction = above < below <= 12
        return Atom(start, end, end, above / below, "fraction" if fraction else "label")
    if match["digits"]:
        return _digits(plain, match)
    if match["chinese"]:
        return _chinese(plain, start, end)
    groups = match.groupdict()
    if groups.get("english"):
        return _english(plain, start, end)
    before = plain[max(0, start - 8) : start].lower()
    if (groups["top"] or "").lower() == "a" and re.search(r"(?:first|second|third|fourth|each) $", before):
        return None
    return Atom(start, end, end, read_fraction_en(groups["top"], groups["bottom"]), "fraction")


def _digits(plain: str, match: re.Match[str]) -> Atom | None:
    start, end = match.start(), match.end()
    digits = match["digits"]
    number_end = match.end("digits")
    if is_code(plain, start, number_end, digits):
        return Atom(start, number_end, number_end, Decimal(0), "label")
    named = name_before(plain, start)
    if named == "ordinal":
        counted = _ORDINAL_UNIT.match(plain, number_end)
        end = counted.end() if counted else number_end
        return Atom(plain.rindex("第", 0, start), end, number_end, read_digits(digits), "ordinal")
    scale = read_scale(match["scale"] or "") * read_power(match["power"], match["raised"])
    amount = read_digits(digits) * scale
    atom = _with_unit(plain, start, _trimmed(plain, start, end), amount, scale)
    if plain[start - 1 : start] == "-" and re.fullmatch(
        r"(?:^|[\s|(（:：])-", plain[max(0, start - 2) : start]
    ):
        atom = replace(atom, start=start - 1, amount=-atom.amount)
    if atom.unit is not None:
        if atom.unit_text == "日" and plain[max(0, start - 4) : start].rstrip().endswith("每月"):
            return replace(atom, role="date", date=f"---{int(amount):02d}", unit=None)
        return replace(atom, role="label") if atom.unit.dimension == "label" else atom
    symbol = _CURRENCY.get(plain[start - 1 : start]) if start else None
    word = _CURRENCY_WORD.search(plain[max(0, start - 4) : start])
    if symbol or word:
        form = symbol or (word.group().strip() if word else "")
        begin = start - (1 if symbol else len(word.group()) if word else 0)
        return replace(atom, start=begin, unit=find_unit(form), unit_text=plain[begin:start].strip())
    if scale != 1 or atom.inside:
        return atom
    column = _UNIT_CELL.search(plain, max(0, start - 24), start)
    unit = find_unit(column["unit"]) if column is not None else None
    if column is not None and unit is not None:
        return replace(atom, unit=unit, unit_text=column["unit"])
    month = _MONTH.match(plain, number_end)
    if month is not None and digits.isdigit() and 1 <= int(digits) <= 12 and named != "label":
        day = f"-{int(month['day']):02d}" if month["day"] else ""
        return replace(atom, end=month.end(), role="date", date=f"--{int(digits):02d}{day}")
    role = "label" if named == "label" else names_something(plain, start, number_end, digits)
    return replace(atom, role=role) if role else atom


def _chinese(plain: str, start: int, end: int) -> Atom | None:
    text = plain[start:end]
    if name_before(plain, start) == "ordinal":
        value = read_chinese(text)
        unit = _ORDINAL_UNIT.match(plain, end)
        if value is None:
            return None
        return Atom(plain.rindex("第", 0, start), unit.end() if unit else end, end, value, "ordinal")
    if name_before(plain, start) == "label":
        return Atom(start, end, end, Decimal(0), "label")
    if text[0] in "十百千万亿" and plain[start - 1 : start] in tuple("几数上成"):
        return None
    # 五千瓦 is five kilowatts: a scale that begins the unit belongs to the unit.
    if len(text) > 1 and text[-1] in "千百":
        inner = match_unit(plain, end - 1)
        if inner is not None:
            end -= 1
            text = text[:-1]
    value = read_chinese(text)
    if value is None:
        return None
    atom = _with_unit(plain, start, end, value, Decimal(1))
    if atom.unit is None:
        return replace(atom, role="bare")
    if atom.unit.dimension == "label":
        return replace(atom, role="label")
    # 三类城市：郑州、…, third class city (三类城市)
    class_name = atom.unit_text == "类" and (starts_cell(plain, start) or plain[start - 1 : start] == "(")
    if class_name or (atom.unit_text == "大" and value in _CONGRESS):
        return replace(atom, role="label")
    return atom if _may_stand(plain, start, text, atom) else replace(atom, role="bare", unit=None, end=end)


def _may_stand(plain: str, start: int, text: str, atom: Atom) -> bool:
    """Whether a Chinese numeral before this unit is a number and not part of a word (一个, 百姓, 千家)."""
    assert atom.unit is not None
    numerals = atom.unit.numerals
    if numerals == "digits" and not atom.inside:
        return False
    bare_scale = text[0] in "百千万亿"
    if numerals == "measure":
        following = plain[atom.end : atom.end + 1]
        return not bare_scale or (
            text not in ("千", "万", "亿", "万亿") and bool(following) and is_han(following)
        )
    if bare_scale:
        return False
    if numerals == "time":
        return not (text == "一" and plain[start - 1 : start] in tuple("每上这同某那下新各另"))
    return text not in ("一", "二", "零", "〇")


def _english(plain: str, start: int, end: int) -> Atom | None:
    text = plain[start:end]
    value = read_english(text)
    if value is None:
        return None
    if name_before(plain, start) == "label":
        return Atom(start, end, end, value, "label")
    atom = _with_unit(plain, start, end, value, Decimal(1))
    lone = value <= 1 and (atom.unit is None or atom.unit.dimension == "count")
    return replace(atom, role="bare", unit=None, unit_text="", end=end) if lone else atom


def _with_unit(plain: str, start: int, number_end: int, amount: Decimal, scale: Decimal) -> Atom:
    """The number with the unit after it, 多 or 余 between them taken in."""
    for inside in (_INSIDE.match(plain, number_end), None):
        at = inside.end() if inside else number_end
        unit_at = at
        while unit_at < len(plain) and unit_at < at + 2 and plain[unit_at] in " \u00a0\u3000\u202f":
            unit_at += 1
        if (
            plain[unit_at : unit_at + 1] == "-"
            and plain[unit_at + 1 : unit_at + 2].isalpha()
            and plain[start].isalpha()
        ):
            unit_at += 1  # twelve-month
        found = match_unit(plain, unit_at)
        if inside is not None and found is None and not inside["scale"]:
            continue
        more = read_scale(inside["scale"] or "") if inside else Decimal(1)
        unit, finish = found if found else (None, at)
        return Atom(
            start=start,
            end=finish,
            number_end=at if inside and inside["scale"] else number_end,
            amount=amount * more,
            role="quantity",
            unit=unit,
            unit_text=plain[unit_at:finish] if unit else "",
            scale=scale * more,
            inside=inside["word"] if inside else "",
        )
    raise AssertionError("the loop always returns")


def _join(plain: str, found: list[Atom]) -> Iterator[Atom]:
    """Ranges made one: 24-30 厘米, 40%—45%, 三至五年, "between 5 and 10 per cent"."""
    at = 0
    while at < len(found):
        atom = found[at]
        merged = _range(plain, atom, found[at + 1]) if at + 1 < len(found) else None
        yield merged or atom
        at += 2 if merged else 1


def _range(plain: str, low: Atom, high: Atom) -> Atom | None:
    gap = plain[low.end : high.start]
    between = _RANGE.fullmatch(gap)
    if between is None or low.inside or high.inside:
        return None
    if "and" in gap and not re.search(
        r"\bbetween[ ]$", plain[max(0, low.start - 8) : low.start], re.IGNORECASE
    ):
        return None
    fractions = low.role == high.role == "fraction"
    if not fractions and not (low.role in ("quantity", "bare") and high.role == "quantity"):
        return None
    amount = low.amount
    if low.unit is None:
        if low.scale == 1 and high.scale != 1 and low.amount * high.scale < high.amount:
            amount = low.amount * high.scale
    elif high.unit is None or low.unit.dimension != high.unit.dimension:
        return None
    elif low.unit.factor != high.unit.factor:
        amount = low.amount * low.unit.factor / high.unit.factor
    if amount >= high.amount:
        return None
    return replace(high, start=low.start, amount=amount, upper=high.amount)


def _value(text: str) -> Decimal | None:
    return Decimal(text) if text.isascii() else read_chinese(text)


def _trimmed(plain: str, start: int, end: int) -> int:
    while end > start and plain[end - 1] in " \t\u00a0\u3000\u202f-":
        end -= 1
    return end


def _overlaps(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in spans)
