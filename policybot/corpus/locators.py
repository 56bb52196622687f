"""Ways of writing where something stands (第三条第7款, 三（四）3, Article 3.7, Annex B) as steps.

`Plain` is the form in which names are compared, with its offsets; `locators` finds places written out
in running text, `steps_of` reads a name that is nothing but a place. All numerals (Chinese, Arabic,
Roman) become integers here. Which clause the steps mean, `policybot.corpus.steps` says.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from policybot.corpus.numbering import han_to_int
from policybot.patterns import lazy_pattern
from policybot.text import is_han

StepKind = Literal[
    "article", "para", "item", "sub", "part", "chapter", "section", "point", "annex", "chart", "figure",
    "table", "annex-table", "paragraph", "han", "paren", "arabic", "roman", "alpha", "shi", "bullet", "name",
]  # fmt: skip

HAN_DIGITS = "一二三四五六七八九十百零〇"
_NUM = rf"(?:[{HAN_DIGITS}]+|\d{{1,3}})"
ROMAN = lazy_pattern(r"(?=[ivxlc])(?:c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_STYLE = str.maketrans(
    {"（": "(", "）": ")", "［": "(", "］": ")", "〔": "[", "〕": "]", "，": ",", "：": ":", "．": "."}
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a place: how it is written, and its number or letter."""

    kind: StepKind
    value: int | str


@dataclass(frozen=True, slots=True)
class Locator:
    """A place written at start..end of a text; `relative` for 上述第 1 款, 本条 and the like."""

    start: int
    end: int
    steps: tuple[Step, ...]
    relative: bool = False


@dataclass(frozen=True)
class Plain:
    """A text in the form in which names are compared: half-width, lower case, no space beside Han.

    `at[i]` is the offset in the text of character i; `at` has one entry more, for the end.
    """

    text: str
    at: tuple[int, ...]

    @staticmethod
    def of(text: str) -> Plain:
        """The plain form of a text."""
        chars: list[str] = []
        at: list[int] = []
        for offset, char in enumerate(text):
            if char.isspace():
                if chars and chars[-1] != " ":
                    chars.append(" ")
                    at.append(offset)
                continue
            folded = _plain_char(char)
            if (
                folded
                and chars
                and chars[-1] == " "
                and (_tight(folded[0]) or (len(chars) > 1 and _tight(chars[-2])))
            ):
                chars.pop()
                at.pop()
            for part in folded:
                chars.append(part)
                at.append(offset)
        return Plain("".join(chars), (*at, len(text)))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text of the characters start..end of the plain form."""
        return self.at[start], (self.at[end - 1] + 1 if end > start else self.at[start])


@lru_cache(maxsize=4096)
def _plain_char(char: str) -> str:
    styled = char.translate(_STYLE)
    return styled if styled != char else unicodedata.normalize("NFKC", char).lower()


def _tight(char: str) -> bool:
    return is_han(char) or char in "《》“”、。？！；"


def plain(text: str) -> str:
    """The form in which names are compared, white space at the ends left out."""
    return Plain.of(text).text.strip()


def number(text: str) -> int:
    """十九, 19 or xix as an integer.

    Raises:
        ValueError: none of these.
    """
    if text and ROMAN.fullmatch(text):
        total = 0
        for char, following in zip(text, [*text[1:], ""], strict=True):
            value = _ROMAN_VALUES[char]
            total += -value if following and _ROMAN_VALUES[following] > value else value
        return total
    return han_to_int(text.replace("〇", "零"))


def value_of(text: str) -> int | str:
    """A number where the text is one in Han or Arabic numerals, else the letters."""
    return number(text) if text[0] in HAN_DIGITS or text.isdigit() else text


# Places written out in words, in both languages. Group names are step kinds ("_2" for a second form).
_WRITTEN = lazy_pattern(
    "|".join(
        (
            rf"第\(?(?P<article>{_NUM})\)?条(?![例约件])",
            rf"第\(?(?P<para>{_NUM})\)?款",
            rf"第?\((?P<item>[a-z]{{1,3}}|{_NUM})\)项|第(?P<item_2>{_NUM})项(?!目)",
            rf"第\(?(?P<sub>{_NUM})\)?目(?![标的录])",
            rf"第(?P<part>{_NUM})(?:部分|章|编)",
            rf"第(?P<section>{_NUM})节",
            rf"第\(?(?P<point>{_NUM})\)?点",
            rf"第(?P<paragraph>{_NUM})(?:自然)?段",
            rf"附[件录]\s?(?P<annex>[a-z](?![a-z])|{_NUM})",
            r"图表\s?(?P<chart>\d{1,3})",
            r"(?<![意版地企蓝试])图\s?(?P<figure>\d{1,3})(?![\d.])",
            r"(?<![报代列外年清])(?<!图)表\s?(?P<table>\d{1,3})(?![\d.])",
            r"(?P<annex_table>附表)(?!示)",
            r"(?<![a-z])art(?:icles?|\.)?\s?(?P<article_2>\d{1,3})(?:\.(?P<para_2>\d{1,3}))?(?![\da-z])",
            r"(?<![a-z-])para(?:graphs?|s)?\.?\s?\(?(?P<para_3>\d{1,3})\)?(?![\d.a-z])",
            r"(?<![a-z])(?:sub-?para(?:graph)?s?|items?|letters?)\s?\(?(?P<item_3>[a-z](?![a-z])|\d{1,3})\)?",
            r"(?<![a-z])points?\s?\(?(?P<point_2>\d{1,3})\)?(?![\d.%]|\s?percent)",
            r"(?<![a-z])(?:parts?|chapters?)\s(?P<part_2>[ivxlc]+|\d{1,3})(?![a-z0-9.])",
            r"(?<![a-z])(?:sections?|sec\.)\s?(?P<section_2>[ivxlc]+|\d{1,3})(?![a-z0-9.])",
            r"(?<![a-z])(?:annex|appendix)\s(?P<annex_2>[ivxlc]+|[a-z]|\d{1,3})(?![a-z0-9])",
            r"(?<![a-z])(?:charts?|exhibits?)\s?(?P<chart_2>\d{1,3})(?![\d.])",
            r"(?<![a-z])fig(?:ures?|\.)?\s?(?P<figure_2>\d{1,3})(?![\d.])",
            r"(?<![a-z])tables?\s?(?P<table_2>\d{1,3})(?![\d.])",
        )
    )
)
_BRACKETED = lazy_pattern(rf"\s?\((?P<paren>{_NUM}|[a-z]{{1,4}})\)(?!项)")
_ITEM_AFTER = lazy_pattern(r"\d{1,2}(?![\d.%a-z年月日个])")
# Articles 3 and 12: the numbers after the first.
_PLURAL = lazy_pattern(
    r"(?:articles|paragraphs|paras|points|items|parts|chapters|sections|charts|figures|tables)\b"
)
_NEXT = lazy_pattern(r"\s?(?:,\sand|,|and|or)\s(?P<number>\d{1,3})(?![\d.%a-z])")
_BETWEEN = lazy_pattern(r"\s*[,、]?\s*(?:的|之)?\s*")
# 三（四）3 and III(4)3: a part, a bracketed number, perhaps an item.
_LABEL = lazy_pattern(
    rf"(?<![第{HAN_DIGITS}])(?P<han>[{HAN_DIGITS}]{{1,3}})、?\((?P<paren>{_NUM})\)(?:(?P<arabic>\d{{1,2}})(?![\d.%年月日个]))?"
    r"|(?<![a-z0-9])(?P<roman>[ivxlc]{1,6})\s?\((?P<paren_2>\d{1,2})\)(?:(?P<arabic_2>\d{1,2})(?![\d.%a-z]))?"
)
_RELATIVE = lazy_pattern(r"[上下]述|前[述款条]|本[条款项]|该[条款项]|above|below")
# Pieces of a name that is nothing but a place.
_BARE = lazy_pattern(
    rf"(?P<shi>[{HAN_DIGITS}]+)是|\((?P<paren>{_NUM}|[a-z]{{1,4}})\)|(?P<han>[{HAN_DIGITS}]+)、?"
    r"|(?P<arabic>\d{1,3})(?!\d)|(?<![a-z])(?P<roman>[ivxlc]{1,7})(?![a-z])"
    r"|¶\s?(?P<paragraph>\d+)|·(?P<bullet>\d+)"
)
_SEPARATOR = lazy_pattern(r"[\s/、,.·:\-的之]+")


def locators(text: str) -> list[Locator]:
    """Places written out in a plain text, in order; neighbouring steps belong to one place."""
    found: list[Locator] = []
    for match in sorted([*_WRITTEN.finditer(text), *_LABEL.finditer(text)], key=lambda m: m.start()):
        steps, end = _steps(match), match.end()
        if found and match.start() < found[-1].end:
            continue
        while bracket := _BRACKETED.match(text, end):
            steps, end = (*steps, Step("paren", value_of(bracket["paren"]))), bracket.end()
            if item := _ITEM_AFTER.match(text, end):
                steps, end = (*steps, Step("arabic", int(item.group()))), item.end()
        last = found[-1] if found else None
        if (
            last
            and _goes_on(last.steps[-1].kind, steps[0].kind)
            and _BETWEEN.fullmatch(text, last.end, match.start())
        ):
            found[-1] = Locator(last.start, end, (*last.steps, *steps), last.relative)
            continue
        before = _RELATIVE.search(text, max(0, match.start() - 6), match.start())
        relative = bool(before and before.end() == match.start()) or text[
            match.start() - 6 : match.start()
        ].endswith(("above ", "below "))
        found.append(Locator(match.start(), end, steps, relative))
        if _PLURAL.match(text, match.start()):
            while following := _NEXT.match(text, found[-1].end):
                step = Step(steps[-1].kind, int(following["number"]))
                found.append(
                    Locator(following.start("number"), following.end(), (*steps[:-1], step), relative)
                )
    return found


_RANK: dict[str, int] = {
    "annex": 0, "part": 1, "chapter": 1, "han": 1, "roman": 1, "section": 2, "article": 2, "point": 3,
    "para": 3, "item": 4, "paren": 4, "sub": 5, "paragraph": 5, "arabic": 5,
}  # fmt: skip


def _goes_on(kind: str, following: str) -> bool:
    """第7款 goes on from 第三条, but 第七条 after 第五条 is another place."""
    return kind in _RANK and following in _RANK and _RANK[following] > _RANK[kind]


def _steps(match: re.Match[str]) -> tuple[Step, ...]:
    steps = []
    for name, text in match.groupdict().items():
        if text:
            kind = name.split("_")[0] if name != "annex_table" else "annex-table"
            steps.append(_step(kind, text))
    return tuple(steps)


def _step(kind: str, text: str) -> Step:
    if kind in ("roman", "part", "section"):
        return Step(kind, number(text))  # type: ignore[arg-type]
    if kind in ("annex", "annex-table"):
        return Step(kind, text if kind == "annex" else "")  # type: ignore[arg-type]
    return Step(kind, value_of(text))  # type: ignore[arg-type]


def steps_of(text: str) -> tuple[tuple[Step, ...], str]:
    """The steps of a plain text that names a place, and the words in it that are none.

    三/(四)/3 → three steps and ""; annex b japan → one step and "japan".
    """
    steps: list[Step] = []
    words: list[str] = []
    position = 0
    while position < len(text):
        if separator := _SEPARATOR.match(text, position):
            position = separator.end()
            words.append(" ")
            continue
        written = _WRITTEN.match(text, position) or _BARE.match(text, position)
        if (
            written
            and written.end() > position
            and not (words and words[-1] != " " and _in_word(written, text))
        ):
            steps.extend(_steps(written))
            position = written.end()
            words.append(" ")
            continue
        words.append(text[position])
        position += 1
    return tuple(steps), " ".join("".join(words).split())


def _in_word(match: re.Match[str], text: str) -> bool:
    """Whether a bare numeral stands inside a word (一 in 统一, 2 in co2)."""
    return match.re.pattern == _BARE.pattern and not match.group().startswith("(")
