"""Questions about a thing that is described and that no table names: a mechanism, a body, a document.

"Which body supervises the mechanism that …?" asks which mechanism that is, and then who supervises it. As
in described.py, what is found here are only ways of reading; the answers tell whether one holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from policybot.answer.compound.described import ASKING, IT_ZH, MOST, ends, refer
from policybot.patterns import lazy_pattern
from policybot.text import is_han

_THING_EN = (
    r"mechanism|body|board|committee|organi[sz]ation|institution|document|paper|plan|scheme|programme|program|project"
    r"|article|provision|clause|treaty|agreement|fund|market|platform|system|technolog(?:y|ies)|method|indicator|standard"
    r"|rule|procedure|report|measure|principle|action|law|regulation|arrangement|instrument|gas|sector|industry"
)
_THING_ZH = (
    r"机制|机构|委员会|组织|条款|条文|文件|方案|公约|协定|协议|规划|项目|工程|指标|方法|制度|技术|市场|平台|行业|产业"
    r"|体系|基金|会议|报告|气体|原则|任务|行动|措施|办法|模式|做法|清单|条例|法规|标准|程序|规则|部门"
)
_ONE_THING_EN = lazy_pattern(
    rf"^(?P<lead>[^.?!;,]{{0,40}}?\b)(?:an?|one|some)\s+(?P<kind>{_THING_EN})\b"
    r"(?P<said>[^.;?]{12,}(?:\.\d[^.;?]*)*)[.;]\s+(?P<rest>\S.+)$",
    re.IGNORECASE,
)
_THE_THING_EN = lazy_pattern(
    rf"\b(?:the|that)\s+(?P<kind>{_THING_EN})\s+(?P<link>that|which|whose|meant|designed|intended|set up"
    r"|made|created|used|under which|by which|through which|where|for \w+ing|to)\b",
    re.IGNORECASE,
)
_ONE_THING_ZH = lazy_pattern(
    rf"^(?P<lead>[^，。？；]{{0,14}}?)有(?:这样|那么)?(?:一)?[个种项份条类](?P<said>[^，。？；]{{0,30}}?)(?P<kind>{_THING_ZH})"
    r"(?P<more>[^。？；]{0,40})[，。；](?P<rest>[^，]*?(?:哪|谁|几|多少|什么|吗|怎|何).*)$"
)
_THE_THING_ZH = lazy_pattern(
    rf"(?:那|这|该)(?:一)?[个种项份条类](?P<said>[^，。？；]{{5,}}?)的(?P<kind>{_THING_ZH})(?P<rest>.+)$"
    rf"|(?P<said2>[^，。？；]{{5,}}?)的(?:那|这)(?:一)?[个种项份条类](?P<kind2>{_THING_ZH})(?P<rest2>.+)$"
    rf"|(?P<said3>[^，。？；]{{6,}}?)的(?P<kind3>{_THING_ZH})[，,](?P<rest3>.+)$"
)


def things(text: str) -> list[tuple[str, str]]:
    """(question that asks which thing is described, question about "it") for things that no table names."""
    return list(islice((_things_zh if any(map(is_han, text)) else _things_en)(text), MOST))


def _things_zh(text: str) -> Iterator[tuple[str, str]]:
    one = _ONE_THING_ZH.match(text)
    if one is not None and len(one["said"] + one["more"]) >= 5:
        yield f"{one['lead']}哪个{one['said']}{one['kind']}{one['more']}？", _it_zh(one["rest"])
        return
    the = _THE_THING_ZH.search(text)
    if the is None:
        return
    number = next(n for n in ("", "2", "3") if the[f"kind{n}"])
    said, kind, rest = the[f"said{number}"], the[f"kind{number}"], the[f"rest{number}"].lstrip("，, ")
    if not ASKING.search(said) and ASKING.search(rest):
        yield f"{text[: the.start()]}{said}的{kind}是哪个？", _it_zh(rest)


def _it_zh(rest: str) -> str:
    return rest if IT_ZH.search(rest) else f"它{rest}"


def _things_en(text: str) -> Iterator[tuple[str, str]]:
    one = _ONE_THING_EN.match(text)
    if one is not None and refer(one["rest"], "") is not None:
        yield f"{one['lead']}which {one['kind']} {one['said'].strip()}?", one["rest"]
        return
    for head in _THE_THING_EN.finditer(text):
        before = text[: head.start()]
        for end in ends(text, head.end(), before):
            said, link = text[head.end("link") : end].strip(), head["link"].lower()
            if len(said.split()) < 3:
                continue
            joined = "" if link in ("that", "which") else f"{link} "
            rest = f"{before}it{text[end:]}" if before.strip() else text[end:].lstrip(" ,:;")
            if refer(rest, "") is not None:
                yield f"Which {head['kind'].lower()} {joined}{said}?", rest
