"""What kind of things a question wants listed ("which laws", "哪些设施"), and whether items are of that kind.

Items are of the kind asked for when they end in its word (节约能源法、电力法), when its word stands right
behind them ("…等低碳前沿技术攻关"), or, of places, when they are places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from policybot.answer.datafiles import DATA, pattern_fault
from policybot.answer.lists.enumerations import Enumeration
from policybot.answer.matching.match import norm
from policybot.answer.question.ask import Ask
from policybot.patterns import lazy_pattern
from policybot.retrieve.datafile import bad_data, read_toml
from policybot.text import is_han

_NUMBER = r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|some|\d{1,2}"
_NOUN = r"(?:[\w-]+\s+){0,5}?[\w-]*(?:s|people|media|criteria)"
_HEAD_EN = lazy_pattern(
    rf"\b(?:which|what|name|list|give|identify|state)\s+(?:are\s+|were\s+)?(?:all\s+)?(?:the\s+|those\s+)?"
    rf"(?:(?:{_NUMBER})\s+)?(?P<np>{_NOUN})(?!\w)"
    r"(?=\s+(?:do|does|did|should|must|can|could|may|might|will|would|shall|are|were|is|was|have|has|had|need\w*"
    r"|to|that|which|whose|who|of|in|under|for|on|from|at|by|with|named|listed|mentioned|the|a|an|and|or|\w+ed|\w+ing"
    r"|take|count|form|make|fall|belong|get|join|go|come)\b|\s*[?.,:;]|$)"
    rf"|^(?:the\s+)?(?:{_NUMBER})\s+(?P<np2>{_NOUN})\s+(?:are|were|is|was|have|has)\b"
)
_HEAD_ZH = lazy_pattern(
    r"哪(?:些|几|[一二两三四五六七八九十\d]+)(?:个|种|类|项|部|座|样|大|条|家|门|处|方面的?)?(?P<np>[^，。？的有是要被把让能可]{2,10})"
    r"|(?P<np2>[^，。？的]{2,10}?)(?:主要|分别|都|一共)?(?:有|是|包括|包含|为|指)(?:了|的是)?哪(?!一|年|个|里)"
)
_PLACE = "place"
_ITEMS = 0.6  # share of items that must be of the kind
_NEAR = 14  # characters behind the items
_MODIFIED = 4  # characters that may stand before the word for the kind ("哪些环保设施")
_ALONE = lazy_pattern(r"$|[的里把被在前有是，？的由]")  # behind a word of one character ("哪三个省的")
_BESIDE = 0.8  # worth of a word that stands beside the items, against one that they end in


@dataclass(frozen=True)
class Kind:
    """A kind of things: words for it, and what items of it end in."""

    name: str
    words: tuple[str, ...]
    ends: tuple[str, ...]
    foreign: bool = False  # asked for in English


def head(ask: Ask) -> Kind | None:
    """The kind of things to be listed; None where a question wants none listed."""
    latin = not any(map(is_han, ask.text))
    match = (_HEAD_EN if latin else _HEAD_ZH).search(ask.text)
    if match is None:
        return None
    low, high = match.span("np" if match["np"] else "np2")
    said = ask.text[low:high]
    known = _known(said, latin, match["np"] is None)
    inside = [c for c in ask.concepts if c.start < high and c.end > low and c.kind in ("term", "latin")]
    last = max(inside, key=lambda c: c.end, default=None)
    words = [o for o, v in last.options if v >= 0.5 and any(map(is_han, o))] if last is not None else []
    if known is not None:
        return replace(known, words=(*words, *known.words), foreign=latin)
    ends = tuple(w for w in words if len(w) <= 3)
    return Kind("", tuple(words), ends) if words else None


def _known(said: str, latin: bool, ends: bool) -> Kind | None:
    """The kind that a noun phrase ends in the word for; a Chinese one after 哪些 runs on behind it."""
    best: tuple[int, int, Kind] | None = None
    for kind, pattern in load_kinds():
        if latin:
            if pattern.search(said):
                return kind
            continue
        for word in kind.words:
            at = said.find(word)
            if at < 0 or (ends and not said.endswith(word)):
                continue
            if not ends and (at > _MODIFIED or (len(word) == 1 and not _ALONE.match(said, at + 1))):
                continue
            if best is None or (at, -len(word)) < best[:2]:
                best = (at, -len(word), kind)
    return best[2] if best is not None else None


def of_kind(
    listed: Enumeration, kind: Kind, places: Callable[[str], Sequence[tuple[int, int, str]]]
) -> float | None:
    """How surely items are of a kind (0–1); None where that cannot be told."""
    if kind.name == _PLACE:
        named = sum(1 for item in listed.items if len(places(item)) > 0)
        return float(named >= _ITEMS * len(listed.items))
    ending = sum(1 for item in listed.items if item.endswith(kind.ends) and item not in kind.ends)
    if kind.ends and ending >= _ITEMS * len(listed.items):
        return 1.0
    if not kind.name or not kind.foreign:
        return None  # a Chinese word beside the items was found as one of the question's words
    behind = norm(listed.tail[:_NEAR])
    return _BESIDE if any(len(word) > 1 and word in behind for word in kind.words) else None


@cache
def load_kinds(path: Path = DATA / "kinds.toml") -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """The kinds of answer/data/kinds.toml, each with the pattern for its word ending an English noun phrase.

    Raises:
        CorpusError: the file is missing, not TOML, or a kind is not as its head says.
    """
    found = []
    for name, entry in read_toml(path).items():
        if not isinstance(entry, dict) or not {"en", "zh"} <= set(entry) <= {"en", "zh", "ends"}:
            raise bad_data(path, f"[{name}] must hold en, zh and, if anything, ends")
        pattern = lazy_pattern(rf"\b(?:{entry['en']})$", fault=pattern_fault(path, f"[{name}]"))
        found.append((Kind(name, tuple(entry["zh"]), tuple(entry.get("ends", ()))), pattern))
    return tuple(found)
