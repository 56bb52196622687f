"""The things that a question sets side by side: years, places, extremes, or two phrases.

Each side has a label and what tells its value: its words, its years, or its role among many values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from policybot.answer.matching.match import Concept
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import Operations
from policybot.patterns import lazy_pattern

TELLING = 0.3  # weight from which a word may be one of the things set side by side
_LIGHT = 0.2  # … where the side has no weightier one
_DOCUMENT = 0.2  # … and a document
_PERIOD = 5  # years: a longer period is named by its two ends
# Words in a question for the roles of a value among many.
HIGHEST = lazy_pattern(
    r"最[高大好优强佳](?:得?分|值)?|评得最好|第一名|(?<=[率分])第一|头名|冠军|榜首|状元|上限"
    r"|\b(?:highest|best|top|strongest|maximum|leading|winner|front-?runner|first(?= and last))\b"
)
LOWEST = lazy_pattern(
    r"最[低小差弱](?:得?分|值)?|(?:倒数)?(?:最后|末)一?[名位]|垫底|倒数第一|下限"
    r"|\b(?:lowest|worst|bottom|weakest|minimum|poorest|last)\b"
)
_ROLES = (  # … and how the documents print each
    ("highest", HIGHEST, lazy_pattern(r"最[高大]|highest|maximum")),
    ("lowest", LOWEST, lazy_pattern(r"最[低小]|lowest|minimum")),
    (
        "mean",
        lazy_pattern(r"平均[分值数水平]*|均[分值]|\b(?:average|mean)\b"),
        lazy_pattern(r"平均(?!得分率)|average|mean"),
    ),
)
_FROM_TO = lazy_pattern(
    r"(?:从|自)[^，。？]{0,3}(?:19|20)\d\d年?[^，。？]{0,3}(?:到|至)[^，。？]{0,3}(?:19|20)\d\d"
    r"|\b(?:from|between) (?:19|20)\d\d (?:to|until|and) (?:19|20)\d\d"
)
_THAN = r"(?:高|多|低|少|大|小|增|减|涨|降|升|长|快|慢|提高|上升|下降)"
_MANY = r"(?:出|了|过|得|上)?(?:多少|几|百分之|多(?!少|几))"
# Two things and how they are set against each other; `a` is measured by `b`.
_PHRASES = (
    lazy_pattern(
        r"(?P<a>[^，。？]+?)(?:大约|约|大概|差不多)?(?:是|为|相当于)(?P<b>[^，。？]+?)的?(?:几|多少)倍"
    ),
    lazy_pattern(rf"(?P<a>[^，。？]+?)(?:比起?|较)(?P<b>[^，。？]+?)(?:要|会|应|还|能|得)*{_THAN}{_MANY}"),
    lazy_pattern(rf"(?P<a>[^，。？]+?)(?:比起?|较)(?P<b>[^，。？]+?)(?:要|会|应|还|能|得)*{_THAN}"),
    lazy_pattern(
        r"(?P<a>[^，。？]+?)(?:和|与|跟|同)(?P<b>[^，。？]+?)(?:[，、][^，。？]{0,16}?)?(?:哪|谁)[^？]*?(?:差|多|高|大|快)"
    ),
    lazy_pattern(r"(?P<a>[^，。？]+?)(?:和|与|跟|同)(?P<b>[^，。？]+?)(?:两者|二者|之间)?的?(?:相?差)"),
    lazy_pattern(
        r"\bhow (?:many|much) (?:more|fewer|less|higher|lower|larger|smaller) (?P<a>[^?]+?)"
        r"(?: (?:are|is|were|was) there)? than (?P<b>[^?]+)"
    ),
    lazy_pattern(
        r"\bhow (?:many|much) (?:\w+ )?(?:more|fewer|less|higher|lower)\b(?: \w+){0,2}? "
        r"(?:does|do|did|has|have|is|are) (?P<a>[^?]+?) (?:have |has |had )?"
        r"(?:than|compared (?:with|to)|over) (?P<b>[^?]+)"
    ),
    lazy_pattern(r"(?P<a>[^?,]+?) (?:is|are|was|were|will be) how many times (?P<b>[^?]+)"),
    lazy_pattern(
        r"\bby how [^?]{0,40}?\b(?:did|do|does|is|are|was|were|has|have) (?P<a>[^?]+?) "
        r"(?:out\w+|exceed\w*|surpass\w*|beat\w*|lead|top|trail|lag(?: behind)?) (?P<b>[^?]+)"
    ),
    lazy_pattern(r"\b(?:which|whose?)\b[^,?]*, (?P<a>[^,?]+?) or (?P<b>[^,?]+)"),
    lazy_pattern(r"\b(?:difference|gap|margin) between (?P<a>[^?]+?) and (?P<b>[^?]+)"),
    lazy_pattern(
        r"\b(?:is|are|was|were|does|do|did) (?P<a>[^,?]+?) or (?P<b>[^,?]+?) "
        r"(?:worth|more|higher|larger|bigger|faster|grow)"
    ),
    lazy_pattern(r"\bmultiple of (?P<b>[^?]+?) (?:is|are|does|will|would|makes?) (?P<a>[^?]+)"),
    lazy_pattern(
        r"\bhow many times (?:\w+ )?(?:is|are|was|were|does|do|did|will|would) (?P<a>[^?]+?) "
        r"(?:than|the size of|of|exceed|as \w+ as) (?P<b>[^?]+)"
    ),
    lazy_pattern(
        r"\bhow many times (?:as )?\w+(?: as| than)? (?P<b>[^?]+?) (?:is|are|was|were|will"
        r"|would) (?P<a>[^?]+)"
    ),
    lazy_pattern(
        r"\b(?:is|are|was|were|does|do|did|will|would) (?P<a>[^?]+?) "
        r"(?:exceed|outweigh|surpass|(?:more|larger|higher|bigger|greater|lower|smaller|less"
        r"|fewer) than) (?P<b>[^?]+)"
    ),
)
JOIN = lazy_pattern(
    r"以及|和|与|跟|及|、|,|对比|相比|比|\b(?:and|versus|vs|than|against|compared (?:with|to)|or|from|to)\b"
)
_SEVERAL = lazy_pattern(r"\w{0,2}(?:[两二三四五六]|等|都|加|合|一共|总共)")
_QUOTED = lazy_pattern(r"[“\"《]([^”\"》]{2,20})[”\"》]")


@dataclass(frozen=True)
class Side:
    """One of the things set side by side: its label, its words or its years."""

    label: str
    concepts: tuple[Concept, ...] = ()
    years: tuple[int, int] | None = None
    role: re.Pattern[str] | None = None  # words that a value must stand behind (最高得分为…)
    span: tuple[int, int] | None = None  # where the question says the role
    tight: bool = False  # its word must stand in the last stretch before the value


def sides_of(ask: Ask, operations: Operations) -> list[Side]:
    """The places, years, extremes or things that the question sets side by side."""
    extremes = _roles(ask.text)
    if len(extremes) > 1:
        return extremes
    if any(name in operations for name in ("difference", "ratio", "growth")):
        named = phrased(ask)
        if named:
            return named
    places = [c for c in ask.concepts if c.kind == "place" and c.weight >= TELLING]
    if len(places) > 1:
        return [Side(c.surface, (c,)) for c in places]
    years = list(dict.fromkeys(ask.spans))
    if len(years) == 2:
        return [Side("", years=span) for span in years]
    told = _FROM_TO.search(ask.text) is not None and not {"total", "mean"} & {
        n for n, _, _ in operations.spans
    }
    if len(years) == 1 and years[0][1] - years[0][0] > (1 if told else _PERIOD):
        first, last = years[0]
        return [Side("", years=(first, first)), Side("", years=(last, last))]
    if ask.base_years and len(years) == 1:
        return [Side("", years=(ask.base_years[0], ask.base_years[0])), Side("", years=years[0])]
    quoted = [m.span(1) for m in _QUOTED.finditer(ask.text)]
    if len(quoted) > 1:
        return [Side(ask.text[a:b], _between(ask, a, b)) for a, b in quoted if _between(ask, a, b)]
    return coordinated(ask, "total" in operations)


def _roles(text: str) -> list[Side]:
    """The highest, the lowest and the mean value, in the order the question names them."""
    found = []
    for _, asked, printed in _ROLES:
        match = asked.search(text)
        if match is not None:
            found.append(Side(match[0].strip("的 "), role=printed, span=match.span()))
    return sorted(found, key=lambda side: side.span or (0, 0))


def phrased(ask: Ask) -> list[Side]:
    """The two things of "A是B的几倍", "A比B多多少", "how many times larger than B is A"."""
    for pattern in _PHRASES:
        match = pattern.search(ask.text)
        if match is None:
            continue
        sides = []
        for group, other in (("a", "b"), ("b", "a")):
            own = [c for c in _between(ask, *match.span(group)) if c.kind != "number"]
            content = [c for c in own if c.kind != "document"]
            own = content if any(c.weight >= TELLING for c in content) else own
            rivals = {c.surface for c in _between(ask, *match.span(other))}
            telling = tuple(
                c
                for c in own
                if c.weight >= (_DOCUMENT if c.kind == "document" else TELLING) and c.surface not in rivals
            )
            if not telling:  # the weightiest of light words: "their emissions"
                light = [c for c in own if c.weight >= _LIGHT and c.surface not in rivals]
                telling = tuple(sorted(light, key=lambda c: -c.weight)[:1])
            printed = re.findall(r"(?:19|20)\d\d", match[group])
            year = int(printed[-1]) if len(printed) == 1 else None
            label = match[group].strip(" ,，的")
            sides.append(Side(label, telling, (year, year) if year is not None else None))
        if all(side.concepts for side in sides):
            return sides
    return []


def coordinated(ask: Ask, added: bool) -> list[Side]:
    """Things joined by "and", "than", 和, 比 …, commas between further ones: A, B and C."""
    chain: list[Concept] = []
    joined = False
    for match in JOIN.finditer(ask.text):
        left = [c for c in ask.concepts if 0 <= match.start() - c.end <= 4 and c.kind != "document"]
        right = [c for c in ask.concepts if 0 <= c.start - match.end() <= 5 and c.kind != "document"]
        if not left or not right or left[-1] is right[0]:
            continue
        pair = (left[-1] if left[-1].weight >= TELLING else max(left, key=lambda c: c.weight), right[0])
        if any(c.weight < TELLING or len(c.surface) < 2 for c in pair) or not (added or _alike(*pair)):
            continue
        if chain and chain[-1] is not pair[0]:
            break
        chain += [c for c in pair if c not in chain]
        joined = (
            joined
            or match[0] not in ("、", ",")
            or (added and _SEVERAL.match(ask.text, pair[1].end) is not None)
        )
    alike = all(_alike(a, b) for a, b in pairwise(chain))
    return [Side(c.surface, (c,), tight=not alike) for c in chain] if joined else []


def _alike(one: Concept, two: Concept) -> bool:
    """True for two things of one kind: they share a word or, in Chinese, a character (第三批, 前两批)."""
    if one.surface.isascii() and two.surface.isascii():
        return bool(set(one.surface.split()) & set(two.surface.split())) or one.kind == two.kind == "place"
    return bool({c for c in one.surface if c > "\u2e80"} & {c for c in two.surface if c > "\u2e80"})


def _between(ask: Ask, low: int, high: int) -> tuple[Concept, ...]:
    return tuple(c for c in ask.concepts if low <= c.start and c.end <= high)
