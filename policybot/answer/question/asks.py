"""What a question wants done beyond its type: superlatives, comparisons with a number, confirmation …

The patterns are kept in ``answer/data/asks.toml``, which is checked when it is read.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policybot.answer.datafiles import DATA, pattern_fault
from policybot.patterns import lazy_pattern, scripts_of
from policybot.retrieve.datafile import bad_data

NAMES = (
    "max",
    "min",
    "latest",
    "earliest",
    "top_n",
    "below",
    "above",
    "at_least",
    "at_most",
    "equal",
    "missing",
    "count",
    "total",
    "mean",
    "rank_of",
    "difference",
    "which_more",
    "which_less",
    "confirm",
    "all",
    "items",
    "permission",
    "requirement",
    "future",
    "mention",
    "definition",
    "class",
    "compare",
    "issuer",
    "issued",
    "number_of",
    "follow_up",
)
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen"
_WORDS = {word: n for n, word in enumerate(_NUMBERS.split(), 1)}
_HAN = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}


@dataclass(frozen=True, slots=True)
class Asks:
    """What was found: names, the number of things asked for, and the numbers to compare with.

    `bounds` pairs below/above/at_least/at_most/equal with a number; `spans` says where each name was
    found in the folded question.
    """

    names: frozenset[str]
    n: int | None = None
    bounds: tuple[tuple[str, float], ...] = ()
    spans: tuple[tuple[str, int, int], ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def at(self, *names: str) -> tuple[int, int] | None:
        """Where the first of these names was found."""
        return next(((low, high) for name, low, high in self.spans if name in names), None)


def read_asks(folded: str) -> Asks:
    """What a folded question wants done."""
    names: set[str] = set()
    n: int | None = None
    bounds: list[tuple[str, float]] = []
    spans: list[tuple[str, int, int]] = []
    scripts = scripts_of(folded)
    found = [
        (name, match)
        for name, script, pattern in _patterns()
        if script in scripts
        for match in pattern.finditer(folded)
    ]
    # "不超过30" holds 超过30, and "no more than" holds "more than": the longer reading is meant.
    limits = [match.span() for name, match in found if name in ("at_least", "at_most")]
    for name, match in found:
        if name in ("below", "above") and any(a < match.end() and match.start() < b for a, b in limits):
            continue
        names.add(name)
        spans.append((name, *match.span()))
        groups = {k.rstrip("_"): v for k, v in match.groupdict().items() if v}
        if name in ("top_n", "items") and "n" in groups:
            n = n or to_int(groups["n"])
        elif "x" in groups:
            bound = (name, _number(groups["x"]))
            if bound not in bounds:
                bounds.append(bound)
    stronger = {x for kind, x in bounds if kind != "equal"}
    bounds = [(kind, x) for kind, x in bounds if kind != "equal" or x not in stronger]
    return Asks(frozenset(names), n, tuple(bounds), tuple(spans))


def _number(text: str) -> float:
    small = to_int(text)
    return float(small) if small is not None else float(text.rstrip(".,").replace(",", ""))


def to_int(text: str) -> int | None:
    """A small whole number in digits, English words or Chinese numerals (up to 99)."""
    if text.isdigit():
        return int(text)
    if text in _WORDS:
        return _WORDS[text]
    if text and all(c in _HAN or c == "十" for c in text):
        tens, _, ones = text.partition("十")
        if "十" not in text:
            return _HAN[text] if len(text) == 1 else None
        return _HAN.get(tens, 1) * 10 + _HAN.get(ones, 0)
    return None


@cache
def _patterns(path: Path = DATA / "asks.toml") -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """What is asked for, the script of the pattern (see `policybot.patterns.scripts_of`), the pattern."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise bad_data(path, str(error)) from error
    if set(data) != set(NAMES):
        raise bad_data(path, f"sections must be exactly {', '.join(NAMES)}")
    found = []
    for name in NAMES:
        entry = data[name]
        if not isinstance(entry, dict) or set(entry) - {"zh", "en"}:
            raise bad_data(path, f"[{name}] may hold only zh and en")
        for language, alternatives in entry.items():
            fault = pattern_fault(path, f"[{name}] {language}")
            found += [(name, language, lazy_pattern(p, fault=fault)) for p in alternatives]
    return tuple(found)
