"""White space and line breaks of mixed Chinese and English text."""

from __future__ import annotations

import unicodedata

from policybot.patterns import lazy_pattern

_BLANKS = lazy_pattern(r"\s+")
_WIDE = "[\u3000-\u9fff\uff00-\uffef]"
_BETWEEN_WIDE = lazy_pattern(f"(?<={_WIDE}) (?={_WIDE})")
# Chinese typesetting: these never begin a line, these never end one.
NEVER_FIRST = frozenset("，。、；：？！）》」』”’】〕…—·％%,.;:?!)]}")
NEVER_LAST = frozenset("（《「『“‘【〔([{")


def one_line(text: str) -> str:
    """White space as single spaces; none between two Chinese characters, where only layout put it."""
    return _BETWEEN_WIDE.sub("", _BLANKS.sub(" ", text)).strip()


def cells(text: str) -> int:
    """Columns that a text takes on a terminal: wide characters two, combining ones none."""
    return sum(map(_width, text))


def line_starts(text: str, width: int, first: int | None = None) -> list[int]:
    """Offsets at which lines 2, 3 … begin so that none is wider than `width` columns.

    `first` is the width of the first line where it differs. Lines break at spaces (which stay at
    the end of a line and do not count) and beside wide characters; a longer word is cut.
    """
    starts: list[int] = []
    begin, room = 0, max(2, width if first is None else first)
    while True:
        end = _fit(text, begin, room)
        if end >= len(text):
            return starts
        starts.append(end)
        begin, room = end, max(2, width)


def _fit(text: str, begin: int, room: int) -> int:
    """End of the longest piece from `begin` that fits, at a place where a line may end."""
    used = 0
    best = begin
    for at in range(begin, len(text)):
        char = text[at]
        if char == "\n":
            return at + 1
        if char == " ":
            best = at + 1
            used += 1
            continue
        if used + _width(char) > room:
            return best if best > begin else max(at, begin + 1)
        used += _width(char)
        if at + 1 < len(text) and _may_break(char, text[at + 1]):
            best = at + 1
    return len(text)


def _may_break(left: str, right: str) -> bool:
    if right in NEVER_FIRST or left in NEVER_LAST or right == " ":
        return False
    return _width(left) == 2 or _width(right) == 2


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
