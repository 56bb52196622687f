"""Follow-up questions: what they leave out is taken from the question before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from policybot.answer.asks import Asks, read_asks
from policybot.answer.match import norm
from policybot.answer.rarity import Rarity
from policybot.retrieve.analysis import QuestionAnalysis
from policybot.retrieve.terms import Concept as Term
from policybot.retrieve.terms import Wording

_SHORT_FOLLOW_UP = 24  # characters; a longer question stands on its own


def is_follow_up(text: str, asks: Asks, analysis: QuestionAnalysis) -> bool:
    """True for a question that leans on the one before it ("那2030年呢？", "and in 2060?")."""
    if "follow_up" not in asks:
        return False
    bare = re.sub(r"[\s，。？！,?!]", "", text)
    content = [c for c in analysis.concepts if c.known]
    return len(content) <= 2 or (len(bare) <= _SHORT_FOLLOW_UP and len(content) <= 3)


def resolve(
    text: str,
    analysis: QuestionAnalysis,
    earlier: Sequence[str],
    analyse: Callable[[str], QuestionAnalysis],
    rarity: Rarity,
) -> QuestionAnalysis:
    """A follow-up with what it leaves out taken from the last question that stands on its own.

    A year, place, document or clause of the follow-up takes the place of the earlier one's; its
    content words are added; the earlier question's type and kinds of value stay unless it has its own.
    """
    for before in reversed(earlier):
        old = analyse(before)
        if not old.concepts and not old.places:
            continue
        if is_follow_up(before, read_asks(old.text), old) and before is not earlier[0]:
            old = resolve(before, old, earlier[: list(earlier).index(before)], analyse, rarity)
        own = any(t not in ("other", "yes_no", "explanation", "definition") for t in analysis.types)
        kept = [c for c in old.concepts if not _replaced(c, analysis, rarity)]
        kept = _beside(kept, analysis, rarity)
        merged = replace(
            analysis,
            types=analysis.types if own else old.types,
            type=analysis.type if own else old.type,
            expects=analysis.expects if own and analysis.expects else old.expects,
            years=analysis.years or old.years,
            base_years=analysis.base_years or (() if analysis.years else old.base_years),
            quantities=analysis.quantities,
            places=analysis.places or old.places,
            mentions=analysis.mentions or old.mentions,
            concepts=tuple(dict.fromkeys([*kept, *analysis.concepts])),
        )
        return merged
    return analysis


_NEAR = 30  # characters within which words of one thing stand


def _beside(kept: Sequence[Term], analysis: QuestionAnalysis, rarity: Rarity) -> list[Term]:
    """The earlier words that go with the follow-up's own subject; all when none of them does.

    A subject that the follow-up names (抽水蓄能) takes the place of the earlier one (风电): earlier
    words that the corpus never prints in one stretch with it are left out.
    """
    new = [c for c in analysis.concepts if c.known and c.kind == "term"]
    if not new:
        return list(kept)
    beside = []
    for old in kept:
        if old.kind != "term" or all(_together(old, n, rarity) for n in new):
            beside.append(old)
        elif (ending := _ending(old, new, rarity)) is not None:
            beside.append(ending)
    return beside if any(c.kind == "term" for c in beside) else list(kept)


def _ending(old: Term, new: Sequence[Term], rarity: Rarity) -> Term | None:
    """The end of a compound that goes with the new subject too (太阳能发电总装机容量 → 装机容量)."""
    text = norm(old.asked)
    if text.isascii():
        return None
    for start in range(1, len(text) - 1):
        part = Term(text[start:], old.start, old.end, (Wording(text[start:], 1.0),))
        if all(_together(part, n, rarity) for n in new):
            return part
    return None


def _together(one: Term, other: Term, rarity: Rarity) -> bool:
    """True when the corpus prints a wording of each within one stretch between punctuation marks."""
    for a in one.wordings[:3]:
        for b in other.wordings[:3]:
            first, second = norm(a.text), norm(b.text)
            if not first or not second or a.weight < 0.5 or b.weight < 0.5:
                continue
            if first in second or second in first or rarity.beside(first, second, _NEAR):
                return True
    return False


def _replaced(old: Term, analysis: QuestionAnalysis, rarity: Rarity) -> bool:
    """True for an earlier content word that the follow-up says otherwise (城市 → 园区).

    Two words are taken for alternatives when the corpus sets them side by side (城市和园区).
    """
    return any(
        rarity.count(f"{a}{joiner}{b}")
        for new in analysis.concepts
        if new.asked != old.asked
        for joiner in "和、与及或"
        for one in old.wordings[:2]
        for other in new.wordings[:2]
        for a, b in ((norm(one.text), norm(other.text)), (norm(other.text), norm(one.text)))
        if len(norm(one.text)) > 1 and len(norm(other.text)) > 1
    )
