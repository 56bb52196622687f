"""Enumerations in running text: the items of a sentence, and numbered or headed items under a clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from policybot.patterns import lazy_pattern

_STOP = "，；：。！？,;:!?\n"
_OPEN = "“（(《‘【["
_CLOSE = "”）)》’】]"
_LAST = lazy_pattern(
    r"(以及|(?<![碳中饱总缓共温调平])和(?![谐解平约])|(?<!参)与|(?<![普涉以危])及(?!时)|或)(?=[^、，；。]{1,40}$)"
)
_TAIL = lazy_pattern(r"(?:(?<![平同高中初上下])等(?!级|于|同|待|效)|分别)(?=[^、]*$)")
_NUMBERED = lazy_pattern(
    r"[（(](\d{1,2}|[一二三四五六七八九十])[）)]|(?<![\d一-龥])([一二三四五六七八九十])是|[①②③④⑤⑥⑦⑧⑨⑩]"
)
_BULLET = lazy_pattern(r"\s*●\s*")


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Items side by side in a text: offsets of the whole stretch and of each item.

    `lead` is what stands before the first item in its segment, `tail` what follows the last one.
    """

    start: int
    end: int
    items: tuple[str, ...]
    lead: str
    tail: str


@lru_cache(maxsize=8_192)
def enumerations(text: str) -> tuple[Enumeration, ...]:
    """Enumerations of a sentence, in order: A、B和C, numbered （1）…（2）…, and 一是…二是…."""
    return (*_numbered(text), *_commas(text))


def _numbered(text: str) -> list[Enumeration]:
    marks = list(_NUMBERED.finditer(text))
    if len(marks) < 2:
        return []
    values = [_value(m) for m in marks]
    run = [marks[0]]
    for mark, value, before in zip(marks[1:], values[1:], values, strict=False):
        if value != before + 1:
            break
        run.append(mark)
    if len(run) < 2 or values[0] != 1:
        return []
    bounds = [m.start() for m in run] + [len(text)]
    items = tuple(
        text[m.end() : stop].strip(" ；;。，,、\n") for m, stop in zip(run, bounds[1:], strict=True)
    )
    return [Enumeration(run[0].start(), bounds[-1], items, text[: run[0].start()], "")]


def runs_on(text: str, behind: Sequence[str]) -> int:
    """How many of the sentences behind a text go on with the numbering that it begins: 一是…；二是…."""
    marks = list(_NUMBERED.finditer(text))
    if not marks or _value(marks[0]) != 1:
        return 0
    kind, wanted, count = marks[0].group(0)[-1:], _value(marks[-1]) + 1, 0
    for sentence in behind:
        mark = _NUMBERED.match(sentence.lstrip())
        if mark is None or _value(mark) != wanted or mark.group(0)[-1:] != kind:
            break
        wanted, count = wanted + 1, count + 1
    return count


def _value(mark: re.Match[str]) -> int:
    text = mark.group(1) or mark.group(2) or mark.group(0)
    if text.isdecimal():
        return int(text)
    if text in "①②③④⑤⑥⑦⑧⑨⑩":
        return "①②③④⑤⑥⑦⑧⑨⑩".index(text) + 1
    return "一二三四五六七八九十".index(text) + 1


def _commas(text: str) -> list[Enumeration]:
    found = []
    for start, end in [*_flat_segments(text), *_quoted(text)]:
        cuts = _top_level(text, start, end, "、")
        if cuts:
            found.append(_split(text, start, end, cuts))
    return [e for e in found if len(e.items) >= 2]


def _quoted(text: str) -> list[tuple[int, int]]:
    """What stands in quotation marks or brackets, where it lists something."""
    return [m.span(1) for m in re.finditer(r"[“（(]([^“”（）()]*、[^“”（）()]*)[”）)]", text)]


def _flat_segments(text: str) -> list[tuple[int, int]]:
    """Stretches between stops outside brackets and quotation marks."""
    spans, start, depth = [], 0, 0
    for at, char in enumerate(text):
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in _STOP and depth == 0:
            spans.append((start, at))
            start = at + 1
    spans.append((start, len(text)))
    return [(a, b) for a, b in spans if text[a:b].strip()]


def _top_level(text: str, start: int, end: int, mark: str) -> list[int]:
    cuts, depth = [], 0
    for at in range(start, end):
        char = text[at]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char == mark and depth == 0:
            cuts.append(at)
    return cuts


def _shared(items: Sequence[str]) -> str:
    """What all items begin with."""
    return "".join(c for c, *_ in takewhile(lambda cs: len(set(cs)) == 1, zip(*items, strict=False)))


def _split(text: str, start: int, end: int, cuts: list[int]) -> Enumeration:
    pieces = [text[a + 1 : b] for a, b in zip(cuts, [*cuts[1:], end], strict=True)]
    # A、B和C has its second item joined to the last one.
    sizes = sorted(len(p.strip()) for p in pieces[:-1] or _LAST.split(pieces[0], maxsplit=1)[:1])
    usual = sizes[len(sizes) // 2]
    first = _first_item(text, start, cuts[0], usual)
    if len(pieces) > 1 and len(shared := _shared([p.strip() for p in pieces])) >= 2:
        # 从双碳发展水平、双碳发展进展、双碳发展导向…: all items begin alike.
        at = text.rfind(shared, start, cuts[0])
        first = at if at >= 0 and text[at + len(shared) : cuts[0]].strip() else first
    items = [text[first : cuts[0]], *pieces]
    last, tail = items[-1], ""
    stop = _TAIL.search(last)
    if stop:
        tail, last = last[stop.start() :], last[: stop.start()]
    joined = _LAST.split(last, maxsplit=1)
    items[-1:] = [joined[0], joined[2]] if len(joined) == 3 and joined[0].strip() else [last]
    if not stop:
        items[-1], tail = _last_item(items)
    cleaned = tuple(i.strip() for i in items if i.strip())
    return Enumeration(first, end - len(tail), cleaned, text[start:first], tail)


_CERTAIN = lazy_pattern(r"包括|分别为|分别是|包含|涵盖|如下|诸如|例如|具体为")  # no item begins before these
_LEADS = lazy_pattern(
    r"包括|分别为|分别是|包含|涵盖|覆盖了?|如下|诸如|例如|具体为|修订|制定|编制|即|有|为|是|实施|推进|开展|推动|加快|加强|发展|围绕|"
    r"聚焦|坚持|完善|在|对|将|从|以|与|由|向|促进|提升|建设|引导|利用|鼓励|支持|统筹|发布|使用|推广|制定|的|其|深入|"
    r"主要|重点|考察|邀请了"
)


def _first_item(text: str, start: int, first_cut: int, usual: int) -> int:
    """Where the first item starts: after an introducing word, so that it is about as long as the others."""
    piece = text[start:first_cut]
    starts = [0] + [m.end() for m in _LEADS.finditer(piece) if len(piece) - m.end() >= 2]
    certain = [m.end() for m in _CERTAIN.finditer(piece) if len(piece) - m.end() >= 2]
    starts = [at for at in starts if at >= max(certain, default=0)]
    best = min(starts, key=lambda at: (abs(len(piece) - at - usual), at))
    return start + best


def _last_item(items: list[str]) -> tuple[str, str]:
    """The last item without the predicate that follows it, when the others are short names."""
    last = items[-1]
    others = [len(i.strip()) for i in items[:-1]]
    if not others or len(last.strip()) <= max(max(others) + 6, 10):
        return last, ""
    usual = max(others)
    cut = re.search(
        r"(能够?|可以|覆盖|列入|分解|连续|出台|发布|构建|建立|实现|力争|达到|应|要|将|为|的|均|已|位|被|所)",
        last[2:],
    )
    if cut and cut.start() + 2 <= usual + 6:
        at = cut.start() + 2
        return last[:at], last[at:]
    return last, ""


def bullets(text: str) -> list[str]:
    """The ● items of a prose cell."""
    parts = [p.strip(" ；;。\n") for p in _BULLET.split(text)]
    return [p for p in parts if p]
