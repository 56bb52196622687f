"""A model's text before it is checked: cut into sentences as it arrives, and brought into a plain form."""

from __future__ import annotations

import re
import unicodedata

from policybot.answer.checks.text import find_marks, sentences
from policybot.patterns import lazy_pattern
from policybot.text import is_han

LONGEST = 700  # characters of one sentence

# What could follow a sentence's stop and still belong to it.
_MORE = lazy_pattern(r"[\s\[［【\]］】0-9,，、–”’\"'」』)）*_-]*\Z")
_DOUBLE = str.maketrans(
    {"「": "“", "」": "”", "『": "“", "』": "”", "﹁": "“", "﹂": "”", "﹃": "“", "﹄": "”",
     "〝": "“", "〞": "”", "〟": "”", "„": "“", "‟": "“", "«": "“", "»": "”", "＂": '"', "″": '"'}
)  # fmt: skip
_SINGLE = lazy_pattern(r"[‘'‚‛`](?P<inside>[^‘’'‚‛`\n]{2,}?)[’'`]")
_EMPHASIS = lazy_pattern(r"\*\*|__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|~~|`")
_LEAD = lazy_pattern(r"^\s*(?:#{1,6}\s+|>\s*)+")
_ITEM = lazy_pattern(r"^\s*(?:[-*•·+]|(?P<number>[0-9]{1,2})[.．、)）])\s+")
_REFUSED = lazy_pattern(
    r"://|\bwww\.|\]\(|!\[|<[a-zA-Z/!?]|&#?\w+;|\b(?:javascript|data|mailto):", re.IGNORECASE
)


class Splitter:
    """Cuts text that arrives in pieces into sentences; one is given out when it cannot grow any more."""

    def __init__(self) -> None:
        self._buffer = ""

    @property
    def endless(self) -> bool:
        """True when what waits for its end is longer than any sentence could be."""
        return len(self._buffer) > 4 * LONGEST

    def feed(self, text: str) -> list[str]:
        """The sentences that `text` completes, each with the line break before it, if any."""
        self._buffer += text
        spans = sentences(self._buffer)
        done: list[str] = []
        at = 0
        for _, end in spans[:-1]:
            grows = _MORE.match(self._buffer, end) is not None
            inside = _open(self._buffer[at:end]) and "\n" not in self._buffer[end:]
            if grows or inside:
                break
            done.append(self._buffer[at:end])
            at = end
        self._buffer = self._buffer[at:]
        return done

    def rest(self) -> list[str]:
        """What is left when the text has ended."""
        text, self._buffer = self._buffer, ""
        at = 0
        done = []
        for _, end in sentences(text):
            done.append(text[at:end])
            at = end
        return done


def plain(raw: str) -> str | None:
    """A sentence without mark-up and invisible characters, its quotation marks as “…”.

    None when it may not be shown whatever its evidence: a link, markup that a page would obey, a quotation
    that does not end, or more than a sentence may hold. A list item keeps "- " or its number in front.
    """
    text = "".join(c for c in raw.strip() if c.isspace() or unicodedata.category(c)[0] != "C")
    text = _LEAD.sub("", re.sub(r"\s+", " ", text))
    item = _ITEM.match(text)
    bullet = "" if item is None else f"{item['number']}. " if item["number"] else "- "
    text = _EMPHASIS.sub("", text[item.end() :] if item is not None else text)
    text = _SINGLE.sub(_as_double, text.translate(_DOUBLE))
    text = _paired(text)
    if not text or len(text) > LONGEST or "\ufffd" in text or _REFUSED.search(text) or not _balanced(text):
        return None
    return bullet + text.strip()


def without_marks(text: str) -> str:
    """A sentence without its citation marks and the blanks before them."""
    for mark in reversed(find_marks(text)):
        text = text[: mark.start].rstrip() + text[mark.end :]
    return text.strip()


def with_marks(text: str, marks: str, language: str) -> str:
    """`marks` put before the final stop of a sentence."""
    space = "" if language == "zh" else " "
    if text[-1:] in "。.！!？?" and text[-1:]:
        return f"{text[:-1]}{space}{marks}{text[-1]}"
    return f"{text}{space}{marks}"


def _as_double(match: re.Match[str]) -> str:
    """A string in single quotation marks with Chinese in it is a quotation like any other."""
    return f"“{match['inside']}”" if any(is_han(c) for c in match["inside"]) else match.group()


def _paired(text: str) -> str:
    """Straight quotation marks as pairs; an odd one stays and the sentence is then unbalanced."""
    parts = text.split('"')
    if len(parts) % 2 == 0:
        return text
    return "".join(part if at == 0 else f"{'“' if at % 2 else '”'}{part}" for at, part in enumerate(parts))


def _open(text: str) -> bool:
    """True when a quotation begins and does not end."""
    line = text.rsplit("\n", 1)[-1]
    pairs = (("“", "”"), ("「", "」"), ("『", "』"))
    return line.count('"') % 2 == 1 or any(line.count(a) > line.count(b) for a, b in pairs)


def _balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "“") - (char == "”")
        if depth not in (0, 1):
            return False
    return depth == 0 and '"' not in text
