"""Who does it: bodies named in a sentence with what they do there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policybot.patterns import lazy_pattern

_BODY = r"[^，。；：、！？\n“”（）()]{2,28}?(?:[、和与及][^，。；：！？\n“”（）()]{2,28}?){0,3}"
_ENDING = (
    r"(?:委员会|理事会|领导小组|审评组|专家组|办公室|人民政府|政府|秘书处|秘书长|管理机构|机构|部门|中心|单位|协会|学会|企业|"
    r"实验室|缔约方会议|缔约方|保存人|国务院|改革委|委|局|厅|部|会|组|院|方|人)"
)
_VERB = (
    r"(?:负责|承担|牵头|制定|制订|印发|组织|指导|审核|批准|审批|管理|监督|实施|开展|编制|发布|主管|召集|召开|作出|行使|提供|协调|"
    r"确定|处理|通过|决定|完成|举办|主办|出版|提名|遴选|予以|给予|支持|推动|提出|转送|通知|建立|落实|执行)"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("report_to", lazy_pattern(rf"向(?P<body>{_BODY})(?P<act>报告|汇报|提交|报送|交存|发出)")),
    (
        "submit_to",
        lazy_pattern(
            rf"(?:抄?报送?|提交|交存于|送交|转送)(?P<body>{_BODY}?(?:委|委员会|政府|国务院|中央|部|局|厅|办公室|保存人|秘书处|秘书长|缔约方|会议))(?P<act>审核|确认|批准|备案|审批|同意)?"
        ),
    ),
    ("in_name", lazy_pattern(rf"以(?P<body>{_BODY})(?:的)?名义(?P<act>[^，。；]*)")),
    (
        "through",
        lazy_pattern(
            rf"经(?P<body>{_BODY})(?P<act>(?:综合平衡|审核|审批|审查|批准|同意|核准|确认)[^，。；]*)"
        ),
    ),
    (
        "by",
        lazy_pattern(
            rf"(?<!自)由(?P<body>{_BODY}{_ENDING})(?P<act>(?:自行|共同|统一)?(?:予以|加以|进行)?{_VERB}[^，。；]*)"
        ),
    ),
    (
        "by",
        lazy_pattern(
            rf"(?<!自)由(?P<body>{_BODY})(?P<act>(?:自行|共同|统一)?(?:予以|加以|进行)?{_VERB}[^，。；]*)"
        ),
    ),
    (
        "role",
        lazy_pattern(
            rf"(?P<body>{_BODY})，?(?P<act>应?作?为(?:本议定书的?)?[^，。；]{{0,12}}(?:保存人|秘书处|机构|主体|单位|最高机构)[^，。；]*)"
        ),
    ),
    ("play", lazy_pattern(rf"(?:充分)?发挥(?P<body>{_BODY}?)(?:的)?作用，(?P<act>[^。；]*)")),
    (
        "subject",
        lazy_pattern(
            rf"^(?P<body>{_BODY}?)(?P<act>(?:要|应当|应该|应|须|必须|将|会同|负责|组织|指导|牵头|可以|可|坚决|对|有权|在[^，。；]{{2,20}}?(?:应|要))[^。；]*)"
        ),
    ),
)
_NO_BODY = lazy_pattern(
    r"(?:地|的|了|是|在|和|与|时|后|也|、|及时|同时|其中)$|^(?:该|此|这|其|自本|\d)"
    r"|^(?:以|通过|围绕|定期|积极|稳妥|有序|科学|全面|严格|进一步|不断|大力|切实|深入)"
    r"|^(?:推进|推动|加强|加快|开展|完善|探索|研究|支持|鼓励|建立|健全|强化|提升|优化)"
)
_LIKE_BODY = lazy_pattern(
    rf"(?:{_ENDING}|地区|城市|园区|国家|省区|学校|高校|银行|公众|社会|团体|组织|机关|负责人|领导干部|成员国|委)$"
)
_TRIM = lazy_pattern(r"^(?:有关落实情况|并|及时|其中|此外|同时|对于|关于|每|各项|按照|根据|为|当|若|如|其)")


@dataclass(frozen=True, slots=True)
class Actor:
    """A body and what it does: offsets of the body in the sentence, the act as text, how it was found."""

    start: int
    end: int
    body: str
    act: str
    how: str


def actors(text: str) -> list[Actor]:
    """Bodies of a sentence, in the order of the patterns, then of the text."""
    found: list[Actor] = []
    taken: set[tuple[int, int]] = set()
    for how, pattern in _PATTERNS:
        for offset, piece in _starts(text, how):
            for match in pattern.finditer(piece):
                body = match["body"]
                start = offset + match.start("body")
                if (how == "subject" and re.search("由|经|向|被", body)) or _NO_BODY.search(body):
                    continue
                trimmed = _TRIM.match(body)
                if trimmed and len(body) - trimmed.end() >= 2:
                    start += trimmed.end()
                    body = body[trimmed.end() :]
                span = (start, start + len(body))
                if any(a < span[1] and span[0] < b for a, b in taken) and how == "by":
                    continue
                if span in taken or len(body.strip()) < 2:
                    continue
                taken.add(span)
                found.append(Actor(*span, body.strip(), match["act"] or "", how))
    return found


def _starts(text: str, how: str) -> list[tuple[int, str]]:
    if how != "subject":
        return [(0, text)]
    pieces, start = [], 0
    for match in re.finditer(r"[；。，]", text):
        pieces.append((start, text[start:]))
        start = match.end()
    pieces.append((start, text[start:]))
    return [(a, p) for a, p in pieces if p.strip()]


def is_body(text: str) -> bool:
    """True for a name that reads like a body (…委员会, …政府, …单位)."""
    return _LIKE_BODY.search(text.strip()) is not None
