"""Superlatives and places in an order: "the highest", "最低的三个", "second from the bottom", "季军".

Each is read with the column that it is about. Where it stands with words that no column of the question is
about ("the winner of the management domain, how did its air change?"), the order is of something else, and
no table tells it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from policybot.answer.matching.match import covers
from policybot.answer.question.ask import Ask
from policybot.answer.question.asks import to_int
from policybot.answer.tables.reading.columns import ColumnUse, Span, overlaps, stretch_at
from policybot.answer.tables.reading.parsed import Order
from policybot.patterns import lazy_pattern

SUPERLATIVE = lazy_pattern(
    r"最|est\b|worst|best|\bmost\b|\bleast\b|\bfirst\b|\blast\b|冠军|第一|垫底|首位|top"
)
SEVERAL = lazy_pattern(
    r"(?:哪|最[高低大多少小早晚好差]的?|最[\u4e00-\u9fff]{1,3}的)([二两三四五六七八九十]|\d+)(?:个|座|家|项)"
    r"|\bwhich (two|three|four|five|six|ten|\d+)\b"
    r"|\b(two|three|four|five|six|ten|\d+) (?:\w+est|most \w+|least \w+)\b"
)
_LAST = lazy_pattern(r"后|倒数|末|bottom|lowest|smallest")
_EN = "second|third|fourth|fifth|sixth|seventh|eighth|ninth|\\d+(?:st|nd|rd|th)"
_CARDINAL = "two|three|four|five|six|seven|eight|nine|ten"
_HAN = "十[一二三四五]?|[一二三四五六七八九]|\\d{1,2}"
_NTH = lazy_pattern(
    rf"(?P<back>倒数)?第(?P<zh>{_HAN})(?:名|位)?(?P<how>[高低大小多少早晚好差脏]|干净)?"
    r"(?![一二三四五六七八九十\d类批条款章届轮期节步组季天项年月、，]|梯队|阶段|产业|承诺|部分|领域|五年|个承诺)"
    r"|(?P<two>亚军|榜眼|次席|次[高低大少多差好](?!的?[一二三四五六七八九十])|第二把交椅)|(?P<three>季军|探花)"
    r"|倒数(?P<back_zh>[一二三四五])(?![个座名])"
    rf"|\b(?P<en>{_EN})[- ](?:(?P<enhow>highest|lowest|most|least|best|worst|largest|smallest|biggest"
    r"|cleanest|dirtiest|earliest|latest|fastest|slowest|greatest|poorest)\b"
    r"|(?P<enback>(?:from|to|at) (?:the )?(?:bottom|last|end))|place\b"
    r"|in (?:the )?(?:table|chart|ranking|list|order)\b)"
    rf"|\b(?:rank(?:s|ed)?|com(?:es?|ing)|came|plac(?:es?|ed)|finish(?:es|ed)?)(?: in)? (?P<ranked>{_EN})\b"
    r"|\b(?:is|at|for|as|who|comes?|came|city|country|province|party) (?:number|no\.) ?"
    rf"(?P<number>{_CARDINAL}|\d+)\b"
    r"|\b(?P<runner>runner[- ]up)\b|\b(?P<penult>next[- ]to[- ]last|last but one|penultimate)\b"
)
_HIGH = frozenset(
    ("高", "大", "多", "晚", "highest", "most", "largest", "biggest", "latest", "fastest", "greatest")
)
_LOW = frozenset(("低", "小", "少", "早", "lowest", "least", "smallest", "earliest", "slowest"))
_WORDS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9}
_LIMIT = lazy_pattern(r"最[多高大](?:[只还]?[能可会]|允许|不)")
_STRAY = 0.2  # weight of a word that makes an order one of something else


def read_orders(
    ask: Ask, uses: Sequence[ColumnUse], used: list[Span], *, named: bool = False
) -> list[Order] | None:
    """The orders that a question names; None when one is over something that no column is about.

    With a row `named`, words beside the superlative say something of that row.

    Where they stand is added to `used`.
    """
    tokens: dict[Span, bool] = {}
    own: list[Span] = []  # of them those that only a column's own words tell
    least = [(low, high) for name, low, high in ask.asks.spans if name in ("at_least", "at_most")]
    for name, low, high in ask.asks.spans:
        if _LIMIT.match(ask.text, low):
            continue  # "may emit at most": what is allowed, of one row
        if name in ("max", "latest", "min", "earliest") and not overlaps((low, high), least):
            tokens[(low, high)] = name in ("max", "latest")
    for use in uses:
        if use.naming is None:
            continue
        for pattern, high_sign in ((use.naming.high, True), (use.naming.low, False)):
            for match in pattern.finditer(ask.text) if pattern is not None else ():
                around = ask.text[max(0, match.start() - 1) : match.end()]
                if SUPERLATIVE.search(around) and min(uses, key=lambda u: u.distance(match.span())) is use:
                    for span in [t for t in tokens if overlaps(t, [match.span()])]:
                        del tokens[span]
                    before = ask.text[match.start() - 1 : match.start()] == "最"
                    tokens[(match.start() - before, match.end())] = high_sign
                    own.append((match.start() - before, match.end()))
    placed = _nth(ask, uses, tokens)
    several = SEVERAL.search(ask.text)
    top = ask.asks.n if "top_n" in ask.asks and ask.asks.n else 1
    if several is not None and top == 1:
        top = to_int(several[1] or several[2] or several[3]) or 1
        used.append(several.span())
    found: dict[tuple[tuple[str, int], bool, int], Order] = {}
    for span, high in sorted(tokens.items()):
        near = near_use(ask, uses, span)
        if near is None:
            continue
        if not named and span not in own and _elsewhere(ask, uses, span, used):
            return None
        used.append(span)
        flipped = high and fell(ask, near, span)
        nth = placed.get(span, 0)
        order = Order(near, high and not flipped, 1 if nth else top, nth)
        found.setdefault((near.key, order.high, nth), order)
    for key, high, nth in list(found):
        if nth:
            found.pop((key, high, 0), None)  # "third for cleanest air" orders once
    if not found and "top_n" in ask.asks and uses:
        low = _LAST.search(ask.text) is not None
        near = near_use(ask, uses, ask.asks.at("top_n") or (0, 0)) or uses[0]
        found[near.key, not low, 0] = Order(near, not low, top)
    return list(found.values())


def ordering(ask: Ask) -> bool:
    """True when a question asks for a place in an order, or for the first or last ones."""
    names = ("max", "min", "earliest", "latest", "top_n", "rank_of")
    return any(name in ask.asks for name in names) or _NTH.search(ask.text) is not None


def _nth(ask: Ask, uses: Sequence[ColumnUse], tokens: dict[Span, bool]) -> dict[Span, int]:
    """The places in an order that are asked for; they take the place of superlatives in `tokens`."""
    found: dict[Span, int] = {}
    for match in _NTH.finditer(ask.text):
        near = near_use(ask, uses, match.span())
        if near is None:
            continue
        said = match["zh"] or match["back_zh"] or match["en"] or match["ranked"] or match["number"] or ""
        n = to_int(said) or _WORDS.get(said) or to_int(re.sub(r"\D", "", said)) or 0
        n = n or (3 if match["three"] else 2)
        if n == 1 and any(overlaps(t, [match.span()]) for t in tokens):
            continue
        how = match["how"] or match["enhow"] or (match["two"] or "")[-1:]
        high = _direction(near, how, ask)
        back = match["back"] or match["back_zh"] or match["enback"] or match["penult"]
        if back:
            high = not high if how == "" else high
        for span in [t for t in tokens if overlaps(t, [match.span()])]:
            del tokens[span]
        tokens[match.span()] = high
        if n > 1:
            found[match.span()] = n
    return found


def _direction(use: ColumnUse, how: str, ask: Ask) -> bool:
    """True when an order goes from the highest value down: as said, else as the column's best comes first."""
    if how in _HIGH or how in _LOW:
        return how in _HIGH
    naming = use.naming
    if naming is not None:
        for pattern, high in ((naming.high, True), (naming.low, False)):
            if how and pattern is not None and pattern.search(how if how.isascii() else f"更{how}"):
                return high
        return naming.best != "low"
    return not use.yearly


def _elsewhere(ask: Ask, uses: Sequence[ColumnUse], span: Span, used: Sequence[Span]) -> bool:
    """True when a superlative stands apart from the columns, with words that they are not about."""
    around = stretch_at(ask.text, span)
    start = ask.text.find(around)
    end = start + len(around)
    if any(start <= low < end for use in uses for low, _ in use.spans):
        return False
    texts = [t for u in uses for t in (u.view.about, u.view.columns[u.view.key].norm, u.column.norm)]
    for concept in ask.concepts:
        if not start <= concept.start < end or concept.kind not in ("term", "latin"):
            continue
        own = (concept.start, concept.end)
        if concept.weight < _STRAY or overlaps(own, [span, *used]):
            continue
        if max((covers(concept, text) for text in texts), default=0.0) < 1.0:
            return True
    return False


def near_use(ask: Ask, uses: Sequence[ColumnUse], span: Span) -> ColumnUse | None:
    """The column that a word is about: the nearest one in its stretch, else the nearest one."""
    around = stretch_at(ask.text, span)
    at = ask.text.find(around)
    inside = [u for u in uses if any(at <= low < at + len(around) for low, _ in u.spans)]
    return min(inside or uses, key=lambda u: u.distance(span), default=None)


def fell(ask: Ask, use: ColumnUse, span: Span | None = None) -> bool:
    """True when the stretch speaks of a negative change in a column of changes."""
    naming = use.naming
    if naming is None or naming.falling is None:
        return False
    stretch = use.stretch(ask.text) + (" " + stretch_at(ask.text, span) if span is not None else "")
    text = naming.words.sub(" ", stretch) if naming.rising and naming.rising.search(stretch) else stretch
    return naming.falling.search(text) is not None
