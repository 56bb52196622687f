"""Turns that speak about the answer before: "show me the clause", "the second one?", "no, I meant 2060".

The patterns are kept in ``answer/data/dialogue.toml``, which is checked when it is read.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from policybot.answer.datafiles import DATA, pattern_fault
from policybot.answer.question.asks import to_int
from policybot.patterns import lazy_pattern
from policybot.retrieve.datafile import bad_data
from policybot.retrieve.traditional import simplify
from policybot.text import fold, fold_punctuation

MoveKind = Literal["clause", "source", "why", "item", "next", "previous"]
MOVES: tuple[MoveKind, ...] = ("clause", "source", "why", "item", "next", "previous")
_SECTIONS = (*MOVES, "correction", "polite")
_LONGEST = 80  # characters of a turn that is about the answer before and asks nothing itself
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
LAST = -1


@dataclass(frozen=True, slots=True)
class Move:
    """What a turn wants of the answer before; `n` counts items from 1, `LAST` is the last one."""

    kind: MoveKind
    n: int = 0


@dataclass(frozen=True, slots=True)
class Correction:
    """What was meant, and what was not ("" where the turn does not say), both folded."""

    meant: str
    rejected: str = ""


def read_move(text: str) -> Move | None:
    """The move that a whole turn makes; None for a turn that asks something itself."""
    if len(text) > _LONGEST:
        return None
    bare = _bare(text)
    for kind in MOVES:
        for pattern in _patterns()[kind]:
            match = pattern.fullmatch(bare)
            if match is None:
                continue
            groups = match.groupdict()
            if kind != "item":
                return Move(kind)
            n = LAST if groups.get("last") else ordinal(groups.get("n") or "")
            if n:
                return Move(kind, n)
    return None


def read_correction(text: str) -> Correction | None:
    """What a turn says was meant, for one that takes the question before back; None for another."""
    if len(text) > 2 * _LONGEST:
        return None
    bare = _bare(text, start=False)
    for pattern in _patterns()["correction"]:
        match = pattern.fullmatch(bare)
        if match is not None:
            return Correction(match["rest"].strip(), (match.groupdict().get("not") or "").strip())
    return None


def _bare(text: str, *, start: bool = True) -> str:
    """A turn without politeness and closing punctuation, folded, in simplified characters."""
    bare = re.sub(
        "[，。！？、]", lambda m: {"，": ",", "。": ".", "！": "!", "？": "?"}.get(m[0], m[0]), simplify(text)
    )
    bare = fold_punctuation(fold(bare))
    for pattern in _patterns()["polite"]:
        if start or not pattern.pattern.startswith("^"):
            shorter = pattern.sub("", bare).strip()
            bare = shorter or bare
    return bare


def ordinal(word: str) -> int:
    """The number that an ordinal says, 0 for no ordinal."""
    if word in _ORDINALS:
        return _ORDINALS.index(word) + 1
    return to_int(re.sub(r"(?:st|nd|rd|th)$", "", word)) or 0


@cache
def _patterns(path: Path = DATA / "dialogue.toml") -> dict[str, tuple[re.Pattern[str], ...]]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise bad_data(path, str(error)) from error
    if set(data) != set(_SECTIONS):
        raise bad_data(path, f"sections must be exactly {', '.join(_SECTIONS)}")
    found: dict[str, tuple[re.Pattern[str], ...]] = {}
    for name, entry in data.items():
        if not isinstance(entry, dict) or set(entry) != {"zh", "en"}:
            raise bad_data(path, f"[{name}] must hold zh and en")
        fault = pattern_fault(path, f"[{name}]")
        found[name] = tuple(lazy_pattern(p, fault=fault) for p in (*entry["zh"], *entry["en"]))
        if name == "correction" and not all("(?P<rest>" in p.pattern for p in found[name]):
            raise bad_data(path, f"every pattern of [{name}] must hold (?P<rest>…)")
    return found
