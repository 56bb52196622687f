"""How complete a list is, and how much of it belongs there: recall and precision of an answer's items."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policybot.evaluation.matching import contains, fold_quote
from policybot.evaluation.qaset import Question
from policybot.patterns import lazy_pattern

_MARK = lazy_pattern(r"\[\d+\]")
_NOTE = lazy_pattern(r"\n(?:In English \(unofficial\)|原文|Published is)[^\n]*")
_PARENTHESES = lazy_pattern(r"[（(]([^（）()]*)[）)]")
_ZH_CUT = lazy_pattern(r"[、；;\n]|，|,(?!\d{3})")
_EN_CUT = lazy_pattern(r"[;\n、；，]|,(?!\d{3})\s*(?:and\s|or\s)?|\sand\s")
_LEAD = lazy_pattern(r"^[^：:\n]*[：:](?=.)")
# The source's own list behind its English items: 3 items: energy stations, … (“综合能源站、…”)
_SOURCE_LIST = lazy_pattern(r"[（(]“([^”（）()]*、[^”（）()]*)”[)）]")
_NUMBERING = lazy_pattern(r"^\s*(?:\d{1,2}[.．、)）]\s*|[-•▪]\s*)")


def wanted(question: Question) -> Sequence[Sequence[str]]:
    """What a complete answer has: the alternatives of each group of `must_contain`."""
    return question.must_contain


def recall(question: Question, text: str, cited_units: tuple[int, int]) -> float | None:
    """Share of the wanted items that `text` has, None for a question of which only one thing is wanted.

    Args:
        cited_units: (gold clauses cited, gold clauses needed): what is counted where `must_contain` has
            fewer than two groups and every group of gold is needed.
    """
    groups = wanted(question)
    if len(groups) < 2 and question.gold_need == "all" and len(question.gold) > 1:
        cited, needed = cited_units
        return cited / needed if needed else None
    if not groups or (len(groups) < 2 and question.type != "list"):
        return None
    return sum(any(contains(text, word) for word in group) for group in groups) / len(groups)


def precision(question: Question, text: str, gold_text: str) -> float | None:
    """Share of the items listed in `text` that are gold, None for another type than "list" or nothing listed.

    An item is gold when it has an alternative of a wanted group, or when it, its words in parentheses or
    its Chinese words stand in a gold clause.

    Args:
        gold_text: the gold clauses, folded as `fold_quote` does.
    """
    listed = items(text, question.language)
    if question.type != "list" or not listed:
        return None
    return sum(_is_gold(question, item, gold_text) for item in listed) / len(listed)


def items(text: str, language: str) -> list[str]:
    """The items that an answer lists: what stands between separators, each line's introduction left out."""
    plain = _NOTE.sub("", _MARK.sub("", text))
    cut = _ZH_CUT if language == "zh" else _EN_CUT
    found: list[str] = []
    for line in plain.split("\n"):
        source = _SOURCE_LIST.search(line)
        body = source[1] if source else _LEAD.sub("", line, count=1)
        pieces = _split(body, _ZH_CUT if source else cut)
        found += [_NUMBERING.sub("", piece).strip(" 。.“”\"'") for piece in pieces]
    return [item for item in found if any(c.isalnum() for c in item)]


def _split(text: str, cut: re.Pattern[str]) -> list[str]:
    """`text` cut at separators outside parentheses."""
    pieces: list[str] = []
    start = 0
    inside = [m.span() for m in _PARENTHESES.finditer(text)]
    for match in cut.finditer(text):
        if not any(a < match.start() < b for a, b in inside):
            pieces.append(text[start : match.start()])
            start = match.end()
    return [*pieces, text[start:]]


def _is_gold(question: Question, item: str, gold_text: str) -> bool:
    if any(contains(item, word) for group in wanted(question) for word in group):
        return True
    forms = [item, _PARENTHESES.sub("", item), *_PARENTHESES.findall(item)]
    return any(folded and folded in gold_text for folded in map(fold_quote, forms))
