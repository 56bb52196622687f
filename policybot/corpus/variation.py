"""What a difference between two readings amounts to: meaning, or only spelling and layout.

`classify` looks at one stretch and returns a code of data/reasons.csv. In doubt it says meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from policybot.corpus.difference import Folded, Stretch
from policybot.corpus.model import Variant
from policybot.corpus.numbering import han_to_int
from policybot.corpus.wordlists import (
    name_ending,
    obligation_terms,
    opposites,
    reasons,
    spellings,
    unit_terms,
)
from policybot.patterns import lazy_pattern
from policybot.text import is_han

_NUMBER = lazy_pattern(r"\d+(?:[.,]\d+)*|[一二三四五六七八九十百]+")
_GROUPED = lazy_pattern(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NUMBER_BEFORE = lazy_pattern(r"[\d一二三四五六七八九十百千万亿]$")
_LATIN = lazy_pattern(r"[a-z]{2,}[a-z0-9.]*")
_LAYOUT_CODES = frozenset({"space", "width", "markup"})
_FEW = 3  # ideographs; a passage of that length carries content of its own
_PASSAGE = 12  # ideographs; from that length on a replacement is another passage, not another word
_ORDER = (
    "negation", "prohibition", "duty", "restriction", "permission", "encouragement", "ambition", "bound",
    "qualifier",
)  # fmt: skip


def classify(stretch: Stretch, shown: str, other: str) -> str:
    """The code of data/reasons.csv for a stretch; `shown` and `other` are its two readings as printed."""
    if stretch.layout:
        return _layout_code(shown, other)
    one, two = Folded.of(shown).whole, Folded.of(other).whole
    if one == two:
        return "width"
    if stretch.at_number:
        return "numbering"
    core_one, core_two = stretch.core
    han = [sum(map(is_han, core)) for core in stretch.core]
    if max(han) >= _PASSAGE:
        return "replaced" if min(han) >= _PASSAGE // 2 else "content"
    for kind in ("ocr", "spelling"):
        if _respelt(core_one, core_two, kind):
            return kind
    if _numbers(one) != _numbers(two):
        return "number"
    letters = _letters(one), _letters(two)
    if letters[0] == letters[1]:
        return "punctuation"
    if _without_numbers(one) == _without_numbers(two):
        return "numerals"
    if code := _terms(one, two):
        return code
    if _opposed(core_one, core_two) or _opposed(one, two):
        return "opposite"
    if _measures(one, two, stretch.before):
        return "unit"
    return _wording(stretch, one, two)


def reason(code: str) -> str:
    """`Variant.reason`: the code, a colon, and what it means in English."""
    return f"{code}: {reasons()[code].en}"


def code_of(text: str) -> str:
    """The code that a `Variant.reason` starts with."""
    return text.partition(":")[0]


def is_layout(variant: Variant) -> bool:
    """True when only white space, width, style of marks or markup differ: nothing a reader would see."""
    return code_of(variant.reason) in _LAYOUT_CODES


def _layout_code(shown: str, other: str) -> str:
    one, two = "".join(shown.split()), "".join(other.split())
    if one == two:
        return "space"
    if unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", two):
        return "width"
    return "markup" if Folded.of(one).text != one or "*" in one + two or "<" in one + two else "width"


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum() or c in "%‰")


def _numbers(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for match in _NUMBER.finditer(text):
        value = match.group()
        if value[0].isdigit():
            if _GROUPED.fullmatch(value):
                value = value.replace(",", "")
            found[value] += 1
        elif not _part_of_word(text, match.start(), match.end()):
            found[str(han_to_int(value))] += 1
    return found


def _part_of_word(text: str, start: int, end: int) -> bool:
    """一 in 统一, 一体化, 一批 is no figure: a single numeral counts only before a unit."""
    if end - start > 1:
        return False
    after = text[end : end + 4]
    return not any(after.startswith(unit) for unit, kind in unit_terms().kinds.items() if kind == "unit")


def _without_numbers(text: str) -> str:
    return _NUMBER.sub("#", text)


def _respelt(one: str, two: str, kind: str) -> bool:
    """Whether replacing known spellings makes one reading of the other."""
    if one == two or not (one or two):
        return False
    for a, b, pair_kind in spellings():
        if pair_kind != kind:
            continue
        for left, right in ((a, b), (b, a)):
            if left and left in one and one.replace(left, right) == two:
                return True
            if not left and right in two and two.replace(right, "") == one:
                return True
    return False


def _terms(one: str, two: str) -> str:
    """The kind of obligation, limit or negation word that only one reading has, "" for none."""
    found = []
    for text in (one, two):
        found.append(
            Counter((text[i:j], kind) for i, j, kind in obligation_terms().found(text) if kind != "plain")
        )
    kinds = {kind for _, kind in (found[0] - found[1]) + (found[1] - found[0])}
    return next((kind for kind in _ORDER if kind in kinds), "")


def _opposed(one: str, two: str) -> bool:
    return (one, two) in opposites() or any(
        len(a) > 1 and one.count(a) > two.count(a) and two.count(b) > one.count(b) for a, b in opposites()
    )


def _measures(one: str, two: str, before: str) -> bool:
    """Whether a unit, or the word for what is measured (量, 率), is another one."""
    found = []
    for text in (one, two):
        terms = []
        for i, j, kind in unit_terms().found(text):
            preceded = _NUMBER_BEFORE.search(text[:i] or before)
            if kind == "measure" or preceded:
                terms.append(text[i:j])
        found.append(Counter(terms))
    gone, come = found[0] - found[1], found[1] - found[0]
    return bool(gone and come)


def _wording(stretch: Stretch, one: str, two: str) -> str:
    core_one, core_two = stretch.core
    if _LATIN.findall(one) != _LATIN.findall(two):
        return "name"
    han = [sum(map(is_han, core)) for core in (core_one, core_two)]
    if _inside_quotes(stretch, one, two) or _names(stretch, one) != _names(stretch, two):
        return "name"
    if min(han) and not set(core_one) & set(core_two):
        return "word"
    if abs(han[0] - han[1]) >= _FEW or _list_item(core_one, core_two) or _list_item(core_two, core_one):
        return "content"
    return "wording"


def _list_item(longer: str, shorter: str) -> bool:
    """One member of an enumeration more on one side (煤炭、石油、天然气 / 煤炭、天然气)."""
    return "、" in longer and "、" not in shorter and sum(map(is_han, longer)) > sum(map(is_han, shorter))


def _inside_quotes(stretch: Stretch, one: str, two: str) -> bool:
    if any(mark in text for text in (one, two) for mark in "《》"):
        return True
    opened = stretch.before.rfind("《") > stretch.before.rfind("》")
    if opened and "》" in stretch.after:
        return True
    return stretch.before.count('"') % 2 == 1 and '"' in stretch.after and len(stretch.before) < 24


def _names(stretch: Stretch, text: str) -> tuple[str, ...]:
    """Names of bodies, places and instruments that reach into the stretch."""
    run = re.split(r"[^\u3400-\u9fff]", stretch.before)[-1][-6:]
    tail = re.split(r"[^\u3400-\u9fff]", stretch.after)[0][:8]
    line = run + text + tail + ("" if len(tail) == 8 else "。")
    found = []
    for match in name_ending().finditer(line):
        if match.end() > len(run):
            found.append(line[: match.end()][-10:])
    return tuple(found[:1])
