"""Questions that ask one thing of several named ones: the question asked of each of them alone.

"煤炭和石油在“十五五”时期分别是什么走势？" asks it of coal and asks it of oil. Only the reading is done here;
the answers are those of questions like any other (policybot/answer/compound/compound.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from policybot.answer.comparing.pairs import APIECE
from policybot.patterns import lazy_pattern
from policybot.text import is_han

MOST = 4
_EACH_ZH = r"(?:分别|各自?(?![个地类种级部省市国方项行区有界城试领族式样单环缔组]))"
_ITEM_ZH = r"[^，,。？?；;：:、和与跟及]{2,18}"
# "A、B和C（这三家）…分别/各…": the last name ends before a word that says where, or before what is asked.
_ZH = lazy_pattern(
    rf"(?P<items>{_ITEM_ZH}(?:、{_ITEM_ZH})*(?:、|和|与|跟|以及|及){_ITEM_ZH}?)"
    r"(?P<count>[，,]?这?[两二三四五2345](?:个|家|块|者|类|种|座|地|省|市|国|方|份)(?:地方|城市|方面|领域|文件|阶段|行业|部门|机制|指标|地区)?)?"
    rf"(?P<middle>(?:的|在|于|从|到|对|按|里)[^，,。？?；;]{{1,16}}?)?(?={_EACH_ZH})"
)
_BREAKS_ZH = re.compile(r"、|和|与|跟|以及|及")
_BEFORE_ZH = re.compile(
    r".*(?:里|中(?!国)|内|在|的|对|是|把|从|请问|说说)"
)  # what stands before the first name
_DATE_ZH = re.compile(r"[到在至]?(?:19|20)\d\d年?")
_DATED_ZH = re.compile(r"(?P<head>.+?)(?P<date>[到在至]?(?:19|20)\d\d年?.*)")
_DROPPED_ZH = lazy_pattern(_EACH_ZH)
_ITEM_EN = r"[\w'’“”\" -]{2,60}?"
_EN = lazy_pattern(
    rf"(?P<items>{_ITEM_EN}(?:, {_ITEM_EN})*,? and {_ITEM_EN})"
    r"(?P<rest>(?: \w+){0,4} (?:respectively|each)\b)",
    re.IGNORECASE,
)
_HEAD_EN = re.compile(
    r".*\b(?:do|does|did|is|are|was|were|will|would|must|should|can|of|for|in|by|to|between|with|on|has|have|had)\s+",
    re.IGNORECASE,
)
_THOSE = re.compile(r"^(?:those|the ones|ones)\b", re.IGNORECASE)  # cities with … and those with …
_DROPPED_EN = lazy_pattern(r"\s*\b(?:respectively|each)\b", re.IGNORECASE)


def sides_of(text: str, pair: Sequence[tuple[int, int]] = ()) -> list[tuple[str, str]]:
    """(name, question about it alone) of the things that a question asks of each; none for other questions.

    `pair` are the places in the text of two things that it sets side by side, where they are known.
    """
    if pair:
        (low, mid), (later, high) = sorted(pair)
        parts = [(low, mid), (later, high)]
        names = [text[a:b].strip(" ,，") for a, b in parts]
        names[1] = _THOSE.sub(lambda _: _headed(names[0]), names[1])
        return [(name, f"{text[:low]}{name}{text[high:]}") for name in names]
    return (_chinese if any(map(is_han, text)) else _english)(text)


def _headed(name: str) -> str:
    """What a name is about, without what tells it from others: "cities with much wind" → "cities"."""
    return re.split(r"\s+(?:with|that|which|whose|where|in|of|on|for|whom?)\b", name, maxsplit=1)[0]


def _chinese(text: str) -> list[tuple[str, str]]:
    found = _ZH.search(text)
    if found is None:
        return []
    names = [name for name in _BREAKS_ZH.split(found["items"]) if name.strip()]
    lead = _BEFORE_ZH.match(names[0])
    before = text[: found.start()]
    if lead is not None and len(names[0]) - lead.end() >= 2:
        before, names[0] = before + lead.group(), names[0][lead.end() :]
    dated = _DATED_ZH.match(names[0])
    if dated is not None and all(map(_DATE_ZH.match, names[1:])):  # 强度到2019年和到2020年
        before, names[0] = before + dated["head"], dated["date"]
    if not 2 <= len(names) <= MOST:
        return []
    after = f"{found['middle'] or ''}{_DROPPED_ZH.sub('', text[found.end() :], count=1)}"
    return [(name.strip(), f"{before}{name}{after}") for name in names]


def _english(text: str) -> list[tuple[str, str]]:
    found = _EN.search(text)
    if found is None or APIECE.search(text.lower()):
        return []
    names = [n.strip() for n in re.split(r",? and |, ", found["items"]) if n.strip()]
    head = _HEAD_EN.match(names[0])
    before = text[: found.start()]
    if head is not None:
        before, names[0] = before + head.group(), names[0][head.end() :]
    if not 2 <= len(names) <= MOST or not all(names):
        return []
    after = _DROPPED_EN.sub("", text[found.start("rest") :], count=1)
    return [(name, f"{before}{name}{after}") for name in names]
