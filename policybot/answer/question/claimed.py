"""What a question takes for granted: the amounts, counts and years that it states without asking for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from policybot.answer.matching.match import Concept
from policybot.answer.question.ask import Ask
from policybot.answer.question.kinds import TIMES
from policybot.answer.question.understand import UNKNOWN
from policybot.facts.quantities import Quantity, find_numbers, same_measure
from policybot.facts.years import find_years, is_base
from policybot.patterns import lazy_pattern

_HYPOTHETICAL = lazy_pattern(
    r"假设|假如|假定|如果|若是|要是|倘若|设想|\b(?:if|suppose|supposing|assum(?:e|ing)|imagine|say|hypothetical(?:ly)?)\b"
)
_OURS = lazy_pattern(r"我[们]?(?:市|省|县|园区|公司|单位|厂|家|们|的)|\b(?:our|my|we)\b|(?<!annex )\bi\b")
_QUESTION = lazy_pattern(
    r"多少|第?几[个项类种家座年月天次名批]|哪|什么|谁|何时|何地|怎么|怎样|如何|是否|是不是|算不算|有没有|能不能|为何|吗|呢|吧"
    r"|\b(?:how|what|when|where|which|who|whose|whom|why)\b"
    r"|^\s*(?:(?:and|so|but|then) )?(?:does|do|did|is|are|was|were|can|could|should|will|would|has|have"
    r"|must|ca|wo)(?:n['’]t)?\b"
)
_WHY = lazy_pattern(
    r"为什么|为何|为啥|凭什么|怎么(?:会|能|就)|(?:是)?什么(?:原因|理由)?(?:让|使得?|促使|导致)|出于什么|\bwhy\b"
    r"|\bwhat (?:made|makes|led|drove|prompted|caused|lies behind|is behind|explains|moved"
    r"|brought)\b|\bon what grounds\b|\bhow (?:will|does|do|did|can|could|would|should|may|might|must|is"
    r"|are|was|were|has|have|come)\b"
)
_CUT = lazy_pattern(r"[,，。;；?？!！]\s*|\.\s+|\s[-–—]+\s|——")
_LITTLE = lazy_pattern(
    r"since|as|up to|as many as|as much as|only|already|about|below|above"
    r"|under|over|until|right|because|given|cover(?:s|ed|ing)?(?: all| every)?|span(?:s|ned)?|all"
    r"|every|each|the whole"
    r"|includ(?:es?|ed|ing)|involv(?:es?|ed|ing)|全?覆盖|涵盖|包括|涉及|遍及"
    r"|全国|我国|国内|national|nationwide|[按已经分搞了办有做到达成共只才就都还再给拿认高多为个第既然把定在听说]{1,4}|既然|说明|要求|规定|提出|明确|写明"
    r"|demands?|requires?|says?|puts?|sets?|agree[sd]?|came|comes?|exactly"
    r"|开始|起|因为|由于|大约|左右|以上|以下"
)
_BEHIND = (
    "后",
    "前",
    "内",
    "中",
    "起",
    "间",
    "之后",
    "以后",
    "以内",
)  # what an amount of time is followed by
_SAID = 0.3  # weight factor of an English word without translation
_SIDE = lazy_pattern(r"[、和与及]|\band\b")
ASKED_FOR = lazy_pattern(
    r"(?:哪|前|这|那|其他|另外?|后|末)\s*$|\b(?:what|which|the|these|those|all|top|first|other)\s+$"
)
_EXTREME = lazy_pattern(
    r"最[高低多少大小][^,，。]{0,4}$|\b(?:highest|lowest|top|best|worst|maximum|minimum|largest"
    r"|smallest)\b[\w ]{0,16}\b(?:of|at|with|was|is) $"
)
_LOWER = lazy_pattern(r"最[低少小]|lowest|worst|minimum|smallest")
_GOES_ON = lazy_pattern(r"的|[,，]| ?(?:and|points?,|points? and)")
_PICKED = lazy_pattern(r"(?:哪|前|其他|另外?|后|末)\s*$|\b(?:what|which|top|first|other|these|those)\s+$")
_FILTERS = ("below", "above", "at_least", "at_most")
_AMOUNTS = ("percent", "quantity", "money", "count", "points", "fraction")
_SAYS = 0.6  # weight of the words about a claim, from which on it can be looked for


@dataclass(frozen=True)
class Claim:
    """An amount or year that the question states, the concepts and years that are said with it.

    `alone` says that the stretch which states it asks nothing itself.
    """

    quantity: Quantity
    concepts: tuple[Concept, ...]
    spans: tuple[tuple[int, int], ...]
    alone: bool


def claims_of(ask: Ask) -> list[Claim]:
    """The amounts and years that a question asserts; empty for a hypothetical question."""
    text = ask.text
    if _HYPOTHETICAL.search(text) or _OURS.search(text):
        return []
    pieces = _pieces(text)
    said = [(a, b) for a, b in pieces if not _QUESTION.search(text[a:b])]
    if len(said) == len(pieces) and "confirm" not in ask.asks:
        return []  # key words
    bounded = any(name in ask.asks for name in _FILTERS)
    filtered = bounded and ask.wants("list", "count", "rank", "yes_no")
    confirmed = ask.wants("yes_no") or "confirm" in ask.asks
    found = []
    seen: list[Quantity] = []
    for number in find_numbers(text):
        # A unit may be told by its capitals only (kW).
        quantity = next((q for q in ask.quantities if q.start == number.start), number)
        if number.kind != "number":
            quantity = number
        piece = next(((a, b) for a, b in pieces if a <= quantity.start < b), (0, len(text)))
        aside = piece in said
        why = _WHY.search(text[slice(*piece)]) is not None
        whole = aside or confirmed or why or _extreme(text, quantity)
        if quantity.kind in TIMES:
            if (
                not whole
                or (confirmed and not aside)
                or any(y.start == quantity.start and is_base(text, y) for y in find_years(text))
            ):
                continue
        elif (
            not (
                quantity.kind in _AMOUNTS
                or ((aside or why or confirmed) and (_spelled(quantity) or _bare(ask, quantity)))
            )
            or not whole
            or (filtered and not aside)
        ):
            continue
        if quantity.kind == "count" and (_PICKED if aside else ASKED_FOR).search(text[: quantity.start]):
            continue
        if _names(ask, quantity):
            continue
        if any(same_measure(quantity, other) for other in seen if quantity.kind not in TIMES):
            continue
        seen.append(quantity)
        others = _others(text, piece, quantity)
        zones = said if aside else [piece]
        concepts = tuple(
            c
            for c in ask.concepts
            if any(a <= c.start < b for a, b in zones)
            and not any(a <= c.start < b for a, b in others)
            and (
                not quantity.start <= c.start < quantity.end
                or (quantity.kind == "count" and counts(c, quantity))
            )
        )
        spans = tuple(
            (y.first, y.last)
            for y in find_years(text)
            if any(a <= y.start < b for a, b in zones) and not is_base(text, y)
        )
        concepts = tuple(_weighed(ask, c, quantity) for c in concepts if not _LITTLE.fullmatch(c.surface))
        terms = [c for c in concepts if c.kind != "number"]
        said_of = sum(c.weight for c in terms) >= _SAYS and any(c.kind != "document" for c in terms)
        concepts = tuple(c for c in concepts if c.kind != "document" or not ask.documents)
        if said_of and len(terms) >= (2 if quantity.kind in TIMES else 1):
            found.append(Claim(quantity, concepts, spans, aside))
    return found


def asserted(text: str, span: tuple[int, int] | None) -> bool:
    """True for words that a folded question states, or asks the reason of, rather than asks about."""
    if span is None or _HYPOTHETICAL.search(text):
        return False
    pieces = _pieces(text)
    own = next(((a, b) for a, b in pieces if a <= span[0] < b), (0, len(text)))
    said = not _QUESTION.search(text[slice(*own)])
    return (said and len(pieces) > 1) or _WHY.search(text[slice(*own)]) is not None


def assertion(ask: Ask, concept: Concept) -> Callable[[Concept], bool] | None:
    """Which concepts belong to the assertion that a concept is part of; None for one that is asked about."""
    text = ask.text
    if _HYPOTHETICAL.search(text) or _OURS.search(text):
        return None
    pieces = _pieces(text)
    own = next(((a, b) for a, b in pieces if a <= concept.start < b), (0, len(text)))
    stretch = text[slice(*own)]
    if "confirm" in ask.asks or ask.wants("yes_no"):
        return lambda c: True
    if len(pieces) > 1 and not _QUESTION.search(stretch):
        said = [p for p in pieces if not _QUESTION.search(text[slice(*p)])]
        return lambda c: any(a <= c.start < b for a, b in said)
    if _WHY.search(stretch) or (ask.type == "explanation" and not ask.amount):
        return lambda c: own[0] <= c.start < own[1]
    return None


def _pieces(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for cut in _CUT.finditer(text):
        found.append((start, cut.start()))
        start = cut.end()
    found.append((start, len(text)))
    return [(a, b) for a, b in found if text[a:b].strip()]


def _others(text: str, piece: tuple[int, int], quantity: Quantity) -> list[tuple[int, int]]:
    """The stretches of a piece that belong to other amounts of the kind (欧盟减排15%、日本减10%)."""
    low, high = piece
    cuts = [low, *(low + m.start() for m in _SIDE.finditer(text[low:high])), high]
    zones = list(pairwise(cuts))
    numbers = [q for q in find_numbers(text) if q.kind == quantity.kind and low <= q.start < high]
    return [
        (a, b) for a, b in zones if any(a <= q.start < b for q in numbers) and not a <= quantity.start < b
    ]


def _spelled(quantity: Quantity) -> bool:
    """True for a count in an English word ("got four pilots")."""
    return quantity.kind == "number" and quantity.number_text.isascii() and quantity.number_text.isalpha()


def _bare(ask: Ask, quantity: Quantity) -> bool:
    """True for a plain number said of a place, which a table's cell may give."""
    return bool(ask.places) and quantity.kind == "number"


def _extreme(text: str, quantity: Quantity) -> bool:
    """True for an amount that a question calls the highest or lowest and goes on from (最高98分的城市)."""
    return (
        _EXTREME.search(text[: quantity.start]) is not None and _GOES_ON.match(text, quantity.end) is not None
    )


def superlative(text: str, quantity: Quantity) -> str:
    """ "max" or "min" where a question calls an amount so ("最高98分"), else ""."""
    found = _EXTREME.search(text[: quantity.start])
    return "" if found is None else "min" if _LOWER.search(found.group()) else "max"


def _names(ask: Ask, quantity: Quantity) -> bool:
    """True for a number inside the name of a document."""
    return any(a <= quantity.start < b for a, b in ask.named)


def counts(concept: Concept, quantity: Quantity) -> bool:
    """True for the word that says what a count counts."""
    return (
        concept.kind in ("term", "latin")
        and concept.surface not in _BEHIND
        and quantity.start <= concept.start <= quantity.end + 3
    )


def _weighed(ask: Ask, concept: Concept, quantity: Quantity) -> Concept:
    """An English word without translation that is no name says how it is put, and not what it is about."""
    if concept.known or concept.kind not in ("latin", "term"):
        return concept
    if concept.kind == "term":  # a run that no word list knows and no document prints (既然分, 铺开)
        unprinted = concept.weight == UNKNOWN
        return replace(concept, weight=concept.weight * _SAID) if unprinted else concept
    if counts(concept, quantity):
        return concept
    found = re.search(rf"\b{re.escape(concept.surface)}", ask.question, re.IGNORECASE)
    if found is not None and found[0][0].isupper():
        return concept
    return replace(concept, weight=concept.weight * _SAID)
