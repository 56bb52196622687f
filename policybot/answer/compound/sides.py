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
_EACH_ZH = r"(?:分别|各自(?![治])|各(?![自个地类种级部省市国方项行区有界城试领族式样单环缔组]))"
# A name: what joins names is no part of it but in words like 碳中和, 参与, 普及.
_ITEM_ZH = r"(?:[^，,。？?；;：:、和与跟及]|(?<=[碳中饱总缓共温调平])和|(?<=参)与|(?<=[普涉以危])及){2,18}"
# "A、B和C（这三家）…分别/各…": the last name ends before a word that says where, or before what is asked.
_ZH = lazy_pattern(
    rf"(?P<items>{_ITEM_ZH}(?:、{_ITEM_ZH})*(?:、|和|与|跟|以及|及){_ITEM_ZH}?)"
    r"(?P<count>[，,]?这?[两二三四五2345](?:个|家|块|者|类|种|座|地|省|市|国|方|份)(?:地方|城市|方面|领域|文件|阶段|行业|部门|机制|指标|地区)?)?"
    rf"(?P<middle>(?:的|在|于|从|到|对|按|里)[^，,。？?；;]{{1,16}}?)?(?={_EACH_ZH})"
)
_BREAKS_ZH = re.compile(r"、|以及|(?<![碳中饱总缓共温调平])和|(?<!参)与|跟|(?<![普涉以危])及")
# What stands before the first name: a word that leads in, or where to look ("报告里A和B").
_BEFORE_ZH = re.compile(
    r"(?:.*的|.{2,}(?:里面?|当中|之中|之内)(?=.{2})|.*[》”])?(?:请问|说说|在|对于|关于|按照)?"
)
_DATE_ZH = re.compile(r"[到在至]?(?:19|20)\d\d年?")
_DATED_ZH = re.compile(r"(?P<head>.*?(?<![到在至]))(?P<date>[到在至]?(?:19|20)\d\d年?.*)")
_EACH = lazy_pattern(_EACH_ZH)
_JOINED_EN = lazy_pattern(r"\b(?:respectively|each)\b", re.IGNORECASE)
_ITEM_EN = r"[\w'’“”\" -]{2,60}?"
_AUXILIARY = r"do|does|did|is|are|was|were|have|has|had|will|would|must|should|can|they"
_EN = lazy_pattern(
    rf"(?P<items>{_ITEM_EN}(?:, {_ITEM_EN})*,? and {_ITEM_EN})"
    rf"(?P<rest>(?: (?:{_AUXILIARY})){{0,2}} (?:respectively|each)\b)",
    re.IGNORECASE,
)
_NO_NAME = lazy_pattern(
    r"^\W*(?:(?:what|which|who|whose|how|when|where|why|and|or)\b|(?:the|an?|in|of|for|by)\W*$)",
    re.IGNORECASE,
)
_VERB_AT_END = lazy_pattern(r"\b(?:do|does|did)\b.*\brespectively\W*$", re.IGNORECASE)
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
    found = _ZH.search(text) if _EACH.search(text) else None
    if found is None:
        return []
    names = [name for name in _BREAKS_ZH.split(found["items"]) if name.strip()]
    lead = _BEFORE_ZH.match(names[0])
    before = text[: found.start()]
    if lead is not None and lead.end() and len(names[0]) - lead.end() >= 2:
        before, names[0] = before + lead.group(), names[0][lead.end() :]
    dated = _DATED_ZH.match(names[0])
    if dated is not None and all(map(_DATE_ZH.match, names[1:])):  # 强度到2019年和到2020年
        before, names[0] = before + dated["head"], dated["date"]
    if not 2 <= len(names) <= MOST or not all(name.strip() for name in names):
        return []
    after = f"{found['middle'] or ''}{_EACH.sub('', text[found.end() :], count=1)}"
    return [(name.strip(), f"{before}{name}{after}") for name in names]


def _english(text: str) -> list[tuple[str, str]]:
    if not _JOINED_EN.search(text) or APIECE.search(text.lower()) or _VERB_AT_END.search(text):
        return []  # "what do A and B carry respectively?": where B ends is not told
    found = _EN.search(text)
    if found is None:
        return []
    names = [n.strip() for n in re.split(r",? and |, ", found["items"]) if n.strip()]
    head = _HEAD_EN.match(names[0])
    before = text[: found.start()]
    if head is not None:
        before, names[0] = before + head.group(), names[0][head.end() :]
    if not 2 <= len(names) <= MOST or any(not name or _NO_NAME.search(name) for name in names):
        return []
    after = _DROPPED_EN.sub("", text[found.start("rest") :], count=1)
    return [(name, f"{before}{name}{after}") for name in names]
