"""Questions that ask two things at once: cut into parts, each answered for itself, put together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from policybot.answer.model import AnswerStatus
from policybot.answer.wording.draft import Draft, Line
from policybot.patterns import lazy_pattern
from policybot.retrieve.analysis import QuestionAnalysis
from policybot.text import is_han

_MOST = 4
_AUXILIARY = r"does|do|is|are|did|was|were|can|will|has|have|should|must"
_ASKS = lazy_pattern(
    r"多少|几|哪|什么|谁|何时|何地|怎么|怎样|如何|是否|为何|吗|多[久长大高远]|([有是能会要])[没不]\1"
    r"|\b(?:how|what|when|where|which|who|whose|whom|why)\b"
    r"|^\W*(?:and\s+)?(?:name|list|give|tell|identify|state)\b",
    re.IGNORECASE,
)
_CUT = lazy_pattern(
    r"[?？;；]\s*|、(?=哪|什么时候|何时|几时|谁|多少|几[个家项次])|[，,]\s*(?:and\s+|而且|并且|以及|还有|另外|那么?)?"
    rf"|\s+and\s+(?=(?:how|what|when|where|which|who|why|{_AUXILIARY})\b)",
    re.IGNORECASE,
)
# "…, and does it …?": by itself a verb at the start may as well end a question ("in yuan, do they give?").
_INVERTED = lazy_pattern(rf"(?:{_AUXILIARY})\b", re.IGNORECASE)
_JOINS = lazy_pattern(r"\band\b|[?？;；]", re.IGNORECASE)
_TOPIC = re.compile(r"[^:：,，?？]{4,60}[:：]\s*")  # "Climate laws in pilot cities: what did …, what did …?"
_STOP = lazy_pattern(r"[?？;；]")


def parts_of(text: str) -> list[str]:
    """The questions in a text; one when it asks one thing.

    A stretch that asks nothing by itself ("在行动方案里，…") stays with what follows it.
    """
    found: list[str] = []
    start = 0
    for cut in _CUT.finditer(text):
        piece, rest = text[start : cut.start()], text[cut.end() :]
        stop = _STOP.search(rest)
        following = rest[: stop.start()] if stop is not None and not _STOP.search(cut.group()) else rest
        begun = _JOINS.search(cut.group()) is not None and _INVERTED.match(following) is not None
        if _ASKS.search(piece) and (begun or _ASKS.search(following)):
            found.append(piece.strip())
            start = cut.end()
    found.append(text[start:].strip())
    found = [f for f in found if f.strip("?？。. ")]
    topic = _TOPIC.match(found[0]) if len(found) > 1 else None
    if topic is not None and not _ASKS.search(topic.group()):
        found[1:] = [f"{topic.group()}{piece}" for piece in found[1:]]
    return found if 1 < len(found) <= _MOST else [text]


_COUNT = lazy_pattern(
    r"(?:多少|几)(?:个|项|座|家|条|种|件|名|次|吨|亿|万)*(?=(?P<noun>[\u4e00-\u9fff]{0,8}))"
    r"|\bhow (?:many|much)\b(?: of (?:those|them|these|which))?(?P<thing>(?: [\w-]+){0,3}?)"
    r"(?= (?:had|has|have|did|does|do|was|were|is|are|at|\w+ly)\b|$|[?,])",
    re.IGNORECASE,
)
_ALL_OF = lazy_pattern(
    r"(?:一共|总共|合计|共计|总计|加起来|加在一起|合起来|合在一起)"
    r"|\b(?:all|both|adding|added|altogether|in total|together)\b",
    re.IGNORECASE,
)


_SCOPE = lazy_pattern(r"\b(?:in|over|across|of|from|for|by) (?:all|both)\b[^,?;]*", re.IGNORECASE)


def carried(first: str, later: str) -> str | None:
    """A later part that asks for another number of the same things, with what the first part says of them:
    "三批一共提了多少项举措，完成多少项" asks "三批一共完成多少项举措"; None for others."""
    whole, asked, own = _ALL_OF.search(first), _COUNT.search(first), _COUNT.search(later)
    if whole is None or asked is None or own is None or _ALL_OF.search(later) is not None:
        return None
    if not any(map(is_han, later)):
        said = later[own.end() :].lstrip()
        scope = _SCOPE.search(first, asked.end())
        ending = f" {scope.group()}?" if scope is not None else ""
        many = "much" if "much" in own.group().lower() else "many"
        begun = f"{first[: asked.start()]}how {many}{asked['thing'] or ''} {said}"
        return f"{begun.rstrip('? ')}{ending}" if ending else begun
    before = later[: own.start()].removeprefix("又").removeprefix("其中").lstrip("，, ")
    noun = own["noun"] or asked["noun"] or ""
    start = whole.end() if whole.start() < asked.start() else asked.start()
    return f"{first[:start]}{before}{own.group()}{noun}"


def inherit(part: QuestionAnalysis, first: QuestionAnalysis, *, topic: bool) -> QuestionAnalysis:
    """A later part with the place and document that it leaves out, with `topic` also what was asked about."""
    bare = not any(c.known and c.kind == "term" for c in part.concepts)
    topic = topic or bare
    other = bare and part.type == "other"
    return replace(
        part,
        places=part.places or first.places,
        mentions=part.mentions or first.mentions,
        years=part.years or (first.years if topic else ()),
        concepts=(*first.concepts, *part.concepts) if topic else part.concepts,
        types=first.types if other else part.types,
        type=first.type if other else part.type,
        expects=first.expects if other else part.expects,
    )


def near(one: Draft, other: Draft) -> bool:
    """True when two drafts are carried by one clause."""
    return bool({e.clause for e in one.evidence} & {e.clause for e in other.evidence})


def joined(drafts: Sequence[Draft]) -> Draft:
    """One draft of several: their lines one after another; answered when any part is."""
    statuses = [d.status for d in drafts]
    status: AnswerStatus = next(
        (s for s in ("answered", "clarify", "not_found") if s in statuses), statuses[0]
    )
    lines: list[Line] = []
    for draft in drafts:
        lines += [made for made in draft.lines if made not in lines]
    keys = set.intersection(*(set(d.features) for d in drafts))
    return Draft(
        "parts",
        tuple(lines),
        min(d.score for d in drafts),
        status,
        findings=tuple(f for d in drafts for f in d.findings),
        notices=tuple(n for d in drafts for n in d.notices),
        features={k: min(d.features[k] for d in drafts) for k in keys},
    )
