"""What the wording of a question gives away: what is counted, what stands next to the question word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policybot.answer.matching.match import Concept
from policybot.facts.quantities import find_numbers
from policybot.patterns import lazy_pattern

WHICH = lazy_pattern(r"哪|有什么|列出|\b(?:which|what are|list|name)\b")
SEVERAL = lazy_pattern(r"哪些|哪几|有什么|包括|列出|清单|\b(?:what|which) (?:\w+ ){0,4}are\b|\blist\b")
LISTING = lazy_pattern(
    r"都(?:有|是)(?:哪|谁|什么)|有谁|哪几|分别(?:是|叫|为)(?:哪|什么)|逐[一个]列|(?:一一|全部?|都|分别)列(?:出|一下|举)|列(?:一下|出|举)|名单|清单|点名"
    r"|哪(?:[二两三四五六七八九十]|十[一二三])(?:点|步|块|方|处|家|座|门|本|次|批|项|个|条|类|种|大)"
    r"|\b(?:what|which) (?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) [a-z]"
    r"|\b(?:(?:tell|give|show|read) (?:me|us) (?:all|every|each|the names?)|(?:list|name"
    r"|enumerate) (?:all|every|each|the|them)|(?:complete|full|entire|whole) (?:set|list)"
    r"|all of them|which ones|(?:what|which) (?:\w+[ -]){0,3}?(?:are|were) (?:the|these|those|they|to)\b)"
)
ASPECTS = lazy_pattern(r"(?:哪些|什么|哪几个?)方面(?!负责)")
MEASURE = lazy_pattern(
    r"(?:几|多少)(?:百|千|万|亿)?"
    r"(个|家|项|座|种|类|批|名|人|位|条|款|部|份|辆|台|艘|次|届|张|票|篇|所|处|户|吨|元|度|倍|公顷|亩|年|月|天|分|米|千瓦)"
)
AMOUNT = lazy_pattern(
    r"多少(?!钱都)|有多[大高长重宽]|百分之几|权重(?:各?是|为)?(?:多少|几)|(?<!哪)几(?:个|家|项|座|名|位|成|倍|吨|元)"
    r"|\bhow (?:much|many|large|big|high|long|heavy)\b"
    r"|\bwhat (?:percentage|proportion|share|fraction|amount|weight|number)\b"
)
RATIO = lazy_pattern(
    r"权重|百分|比例|比重|占比|份额|[率度幅]|％|%"
    r"|\bweight\b|percent|share|proportion|fraction|rate|ratio|intensity"
)
PAST = lazy_pattern(
    r"了多少|了几|已(经)?(达到?|下降|增长|完成|建成|有)|过多少|\b(did|has|have|had|was|were)\b"
)
_QUESTION_WORD = lazy_pattern(
    r"百分之(?:几|多少)|多少|几|多大|多高|多久|多长|哪一?[年天月日个些家类]?|什么时候|何时|谁|什么"
    r"|\b(?:how (?:much|many|high|large|fast|long)|what|which|when|who)\b"
)
_WHO = lazy_pattern(r"谁来?|(?:哪个|哪些|什么|哪家)(?:部门|机构|单位|组织|主体)|\bwho\b")
_ENGLISH_HEAD = lazy_pattern(
    r"\b(?:what|which|who)\s+(?:is|are|was|were)\s+(?:the\s+)?(.+?)"
    r"(?=\s(?:of|in|for|by|under|at|on|to|per|that|after)\b|[?？]|$)"
)
_CHINESE_HEAD = lazy_pattern(
    r"谁是(.+?)(?=[?？]|$)|^(.+?)(?=是(?:什么|谁|几|哪)|[是为有]?多少\w{0,3}(?:[?？]|$))"
)
_HEAD_WEIGHT = 0.4  # weight from which a word may be what is asked for
_MONEY = lazy_pattern(
    r"多少(?:钱|元|资金|费用)|\b(?:price|cost) of\b|\bhow much (?:does|did) .{1,60} cost\b"
    r"|\bhow much (?:in )?(?:[\w-]+ )?(?:loans?|funds?|funding|investment|finance|money)\b"
)
_WEIGHT = lazy_pattern(r"权重|\bweight\b")
_COUNTED = lazy_pattern(r"多少[\u4e00-\u9fff]{0,3}[箱辆台艘棵株套件家座户人](?:[?？]|$)")
_WHICH_PLACE = lazy_pattern(
    r"哪[一二两三四五六七八九十几\d]*(?:个|座|些)?(?:城市|省份?|省区|地区|国家|市)"
    r"|\bwhich (?:\w+ )?(?:city|cities|provinces?|countr(?:y|ies))\b"
)
_KIND_OF = {
    "mass": "mass",
    "power": "power",
    "energy": "power",
    "volume": "volume",
    "area": "area",
    "temperature": "temperature",
    "ratio": "percent",
    "duration": "duration",
    "days": "duration",
    "hours": "duration",
}


def acts(text: str, concepts: Sequence[Concept]) -> frozenset[int]:
    """Numbers of the concepts right after "who", which say what was done."""
    return frozenset(
        i
        for word in _WHO.finditer(text)
        for i, c in enumerate(concepts)
        if 0 <= c.start - word.end() <= 3 and c.weight >= 0.25
    )


def heads(text: str, concepts: Sequence[Concept]) -> frozenset[int]:
    """The number of the concept that names what is asked for ("the mayor of …", "…的价格是多少")."""
    found = _ENGLISH_HEAD.search(text) or _CHINESE_HEAD.search(text)
    if found is None:
        return frozenset()
    group = 1 if found[1] is not None else 2
    low, high = found.span(group)
    inside = [
        i
        for i, c in enumerate(concepts)
        if low <= c.start and c.end <= high and c.kind in ("term", "latin") and c.weight >= _HEAD_WEIGHT
    ]
    return frozenset(inside[-1:])


def asked_near(text: str, concepts: Sequence[Concept]) -> frozenset[int]:
    """Numbers of the concepts right after the question word, in Chinese also right before it."""
    found: set[int] = set()
    for word in _QUESTION_WORD.finditer(text):
        latin = word.group()[0].isascii()
        for i, concept in enumerate(concepts):
            after = concept.start - word.end()
            ahead = word.start() - concept.end
            if 0 <= after <= (3 if not latin else 2) or (not latin and 0 <= ahead <= 2):
                found.add(i)
    return frozenset(found)


def expected(text: str, expects: tuple[str, ...]) -> tuple[str, ...]:
    """Kinds of value asked for, corrected by what the question says outright."""
    if _MONEY.search(text):
        return ("money",)
    if _WEIGHT.search(text) and AMOUNT.search(text):
        return "percent", "score"
    for word in re.finditer(r"多少(?=[\u4e00-\u9fff])", text):
        named = [q for q in find_numbers(f"5{text[word.end() : word.end() + 5]}") if q.start == 0 and q.unit]
        if named and (expects[:1] in ((), ("percent",)) or named[0].dimension in _KIND_OF):
            dimension = named[0].dimension.split("/")[0]
            kind = "money" if named[0].kind == "money" else _KIND_OF.get(dimension, "count")
            return (kind, *(e for e in expects if e not in (kind, "percent")))
    if _COUNTED.search(text) and expects[:1] in ((), ("percent",)):
        return ("count",)
    if not expects and _WHICH_PLACE.search(text):
        return ("place",)
    return expects
