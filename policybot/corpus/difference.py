"""The smallest stretches in which two texts differ, told apart from mere differences of layout.

Both texts are compared as folded characters (`Folded`); offsets always count characters of the texts
as given. Putting the other reading of every stretch in place of the shown one gives the other text.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from policybot.corpus.wordlists import obligation_terms, unit_terms
from policybot.patterns import lazy_pattern
from policybot.text import is_han

# One form for what differs only in style: width, direction of quotes, length of dashes.
_STYLE = str.maketrans(
    {
        "，": ",", "；": ";", "：": ":", "？": "?", "！": "!", "．": ".",
        "（": "(", "）": ")", "［": "[", "］": "]", "【": "[", "】": "]", "〔": "[", "〕": "]",
        "“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "『": '"', "』": '"', "＂": '"',
        "‘": "'", "’": "'", "＇": "'", "〈": "《", "〉": "》",
        "—": "-", "–": "-", "―": "-", "−": "-", "‐": "-", "‑": "-", "－": "-", "─": "-",
        "～": "~", "〜": "~", "•": "·", "・": "·", "‧": "·",
    }
)  # fmt: skip
_MARKUP = lazy_pattern(r"</?[A-Za-z][^<>]*>|\*\*|^#{1,6}\s|\\(?=[*_#\\])", re.MULTILINE)
_TOKEN = lazy_pattern(r"[+-]?\d+(?:[.,]\d+)*(?:%|‰)?|[a-z]+(?:[.-]?[a-z0-9]+)*")
_TWO_LEVELS = 1200  # characters; above this, sentences are compared first
_MOST_WIDENING = 6  # characters taken in on each side to make a difference read as words


@lru_cache(maxsize=8192)
def _unit(char: str) -> str:
    styled = char.translate(_STYLE)
    return styled if styled != char else unicodedata.normalize("NFKC", char).lower().strip()


@dataclass(frozen=True)
class Folded:
    """A text as it is compared: one unit per character that counts, white space and markup left out.

    `units[i]` is the folded form of the character at offset `at[i]` of `text`.
    """

    text: str
    units: tuple[str, ...]
    at: tuple[int, ...]

    @staticmethod
    def of(text: str) -> Folded:
        """The folded form of a text."""
        skip: set[int] = set()
        for match in _MARKUP.finditer(text):
            skip.update(range(match.start(), match.end()))
        units, at = [], []
        for offset, char in enumerate(text):
            if offset in skip or char.isspace():
                continue
            if unit := _unit(char):
                units.append(unit)
                at.append(offset)
        return Folded(text, tuple(units), tuple(at))

    @cached_property
    def key(self) -> str:
        """One character for each unit: equal texts have equal keys, and offsets are unit numbers."""
        return "".join(unit[0] for unit in self.units)

    @cached_property
    def whole(self) -> str:
        """All units joined: the text without layout, width and style."""
        return "".join(self.units)

    @cached_property
    def bigrams(self) -> frozenset[str]:
        """Pairs of neighbouring characters, for quick likeness."""
        key = self.key
        return frozenset(key[i : i + 2] for i in range(len(key) - 1)) or frozenset([key])

    def left(self, unit: int) -> int:
        """Offset just after the unit before `unit` (0 for the first)."""
        return self.at[unit - 1] + 1 if unit else 0

    def right(self, unit: int) -> int:
        """Offset of a unit (the length of the text for the one past the last)."""
        return self.at[unit] if unit < len(self.at) else len(self.text)


@dataclass(frozen=True, slots=True)
class Edit:
    """Units start..end of one text stand where units other_start..other_end stand in the other."""

    start: int
    end: int
    other_start: int
    other_end: int

    def mirrored(self) -> Edit:
        """The same edit seen from the other text."""
        return Edit(self.other_start, self.other_end, self.start, self.end)

    @property
    def size(self) -> int:
        """Units that the edit touches on its longer side."""
        return max(self.end - self.start, self.other_end - self.other_start)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters start..end of a text against other_start..other_end of the other one.

    `core` are the differing units without the words around them, `before`/`after` the common
    context; `layout` is true when only white space, width, style or markup differ.
    """

    start: int
    end: int
    other_start: int
    other_end: int
    layout: bool = False
    core: tuple[str, str] = ("", "")
    before: str = ""
    after: str = ""
    at_number: bool = False  # within the clause's own number


class Words:
    """Which neighbouring characters belong together, learnt from the texts compared."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._single: Counter[str] = Counter()
        self._pair: Counter[str] = Counter()
        for key in keys:
            self._single.update(key)
            self._pair.update(key[i : i + 2] for i in range(len(key) - 1))

    def bound(self, pair: str) -> bool:
        """True for two characters that are seldom seen apart (能源, 机制)."""
        count = self._pair[pair]
        if count < 2 or not (is_han(pair[0]) and is_han(pair[1])):
            return False
        return 3 * count >= min(self._single[pair[0]], self._single[pair[1]])

    def reach(self, key: str, at: int, step: int) -> int:
        """How far the word that runs across position `at` goes on in the direction of `step` (±1)."""
        start = at
        while 0 < at < len(key) and abs(at - start) < _MOST_WIDENING and self.bound(key[at - 1 : at + 1]):
            at += step
        return abs(at - start)


def likeness(one: Folded, other: Folded) -> float:
    """Share of common bigrams, 0 to 1 (Dice)."""
    shared = len(one.bigrams & other.bigrams)
    return 2 * shared / (len(one.bigrams) + len(other.bigrams))


def edits(one: Folded, other: Folded) -> list[Edit]:
    """Where the units differ, in order; the same edits mirrored when the texts are swapped."""
    if one.units == other.units:
        return []
    if other.units < one.units:
        return [edit.mirrored() for edit in edits(other, one)]
    a, b = one.units, other.units
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    middle = _opcodes(a[head : len(a) - tail], b[head : len(b) - tail])
    found = [Edit(i1 + head, i2 + head, j1 + head, j2 + head) for i1, i2, j1, j2 in middle]
    joined, result, floor = _joined(found), list[Edit](), 0
    for index, edit in enumerate(joined):
        roof = joined[index + 1].start if index + 1 < len(joined) else len(a)
        result.append(_slid(edit, a, b, edit.start - floor, roof - edit.end))
        floor = result[-1].end
    return result


def distance(one: Folded, other: Folded) -> int:
    """Characters to be changed, put in or taken out to make one text of the other."""
    return sum(edit.size for edit in edits(one, other))


def stretches(one: Folded, other: Folded, words: Words | None = None, number_units: int = 0) -> list[Stretch]:
    """All stretches in which two texts differ, widened to whole words and numbers, in order.

    Args:
        words: what the texts around say about word boundaries.
        number_units: units at the start that are the clause's own number.
    """
    content = _widened(edits(one, other), one, other, words)
    found: list[Stretch] = []
    at = other_at = 0
    for wide, cores in content:
        if at < wide.start:
            run = Edit(at, wide.start, other_at, wide.other_start)
            found += _layout(one, other, run, first=not found)
        found.append(_stretch(one, other, wide, cores, number_units))
        at, other_at = wide.end, wide.other_end
    if at < len(one.units) or not content:
        run = Edit(at, len(one.units), other_at, len(other.units))
        found += _layout(one, other, run, first=not found, last=True)
    return found


def _opcodes(a: tuple[str, ...], b: tuple[str, ...]) -> list[tuple[int, int, int, int]]:
    if not a or not b:
        return [(0, len(a), 0, len(b))] if a or b else []
    if len(a) + len(b) <= _TWO_LEVELS:
        matcher = SequenceMatcher(None, a, b, autojunk=False)
        return [(i1, i2, j1, j2) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]
    first, second = _sentences(a), _sentences(b)
    result = []
    one, other = [a[i:j] for i, j in first], [b[i:j] for i, j in second]
    by_sentence = SequenceMatcher[tuple[str, ...]](None, one, other, autojunk=False)
    for tag, i1, i2, j1, j2 in by_sentence.get_opcodes():
        if tag == "equal":
            continue
        left, right = _span(first, i1, i2), _span(second, j1, j2)
        for k1, k2, l1, l2 in _within(a[slice(*left)], b[slice(*right)]):
            result.append((left[0] + k1, left[0] + k2, right[0] + l1, right[0] + l2))
    return result


def _within(a: tuple[str, ...], b: tuple[str, ...]) -> list[tuple[int, int, int, int]]:
    # Two long passages without a sentence in common are one difference; looking closer costs
    # quadratic time and finds chance likenesses.
    if len(a) * len(b) > 4_000_000:
        return [(0, len(a), 0, len(b))]
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return [(i1, i2, j1, j2) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]


def _sentences(units: tuple[str, ...]) -> list[tuple[int, int]]:
    cuts = [i + 1 for i, unit in enumerate(units) if unit in "。;!?"]
    return [(i, j) for i, j in zip([0, *cuts], [*cuts, len(units)], strict=True) if i < j]


def _span(parts: list[tuple[int, int]], low: int, high: int) -> tuple[int, int]:
    if low < high:
        return parts[low][0], parts[high - 1][1]
    edge = parts[low][0] if low < len(parts) else (parts[-1][1] if parts else 0)
    return edge, edge


def _joined(found: list[Edit]) -> list[Edit]:
    """Neighbouring edits made one where the common text between them is no longer than they are."""
    result: list[Edit] = []
    for edit in found:
        while result:
            last = result[-1]
            gap = edit.start - last.end
            if gap > min(last.size, edit.size):
                break
            result.pop()
            edit = Edit(last.start, edit.end, last.other_start, edit.other_end)
        result.append(edit)
    return result


def _slid(edit: Edit, a: tuple[str, ...], b: tuple[str, ...], left: int, right: int) -> Edit:
    """A pure insertion moved along repeated text to the place where it starts or ends at punctuation.

    `left` and `right` are the common units beside it, along which it may move.
    """
    if edit.start == edit.end:
        return _slid(edit.mirrored(), b, a, left, right).mirrored()
    if edit.other_start != edit.other_end:
        return edit
    low = 0
    while low < left and a[edit.start - low - 1] == a[edit.end - low - 1]:
        low += 1
    high = 0
    while high < right and a[edit.start + high] == a[edit.end + high]:
        high += 1
    shift = max(
        range(-low, high + 1), key=lambda n: (_edge(a, edit.start + n) + _edge(a, edit.end + n), -abs(n))
    )
    return Edit(edit.start + shift, edit.end + shift, edit.other_start + shift, edit.other_end + shift)


def _edge(units: tuple[str, ...], at: int) -> float:
    if at in (0, len(units)):
        return 2.0
    if units[at - 1] in "。;!?,":
        return 1.5
    return 1.0 if not units[at - 1][0].isalnum() else (0.5 if not units[at][0].isalnum() else 0.0)


def _widened(
    found: list[Edit], one: Folded, other: Folded, words: Words | None
) -> list[tuple[Edit, list[Edit]]]:
    """Each edit with the whole words around it, and the edits that fell together in it."""
    needs = [_need(edit, one.key, other.key, words) for edit in found]
    result: list[tuple[Edit, list[Edit]]] = []
    for index, (edit, (left, right)) in enumerate(zip(found, needs, strict=True)):
        floor = found[index - 1].end if index else 0
        roof = found[index + 1].start if index + 1 < len(found) else len(one.units)
        left, right = min(left, edit.start - floor), min(right, roof - edit.end)
        wide = Edit(edit.start - left, edit.end + right, edit.other_start - left, edit.other_end + right)
        if (result and wide.start < result[-1][0].end) or (result and _touch(result[-1][0], wide)):
            last, cores = result.pop()
            result.append((Edit(last.start, wide.end, last.other_start, wide.other_end), [*cores, edit]))
        else:
            result.append((wide, [edit]))
    return result


def _touch(left: Edit, right: Edit) -> bool:
    return left.end == right.start and left.other_end == right.other_start


def _need(edit: Edit, a: str, b: str, words: Words | None) -> tuple[int, int]:
    """How many common characters to take in on each side so that the edit reads as words."""
    left = right = 0
    for key, start, end in ((a, edit.start, edit.end), (b, edit.other_start, edit.other_end)):
        low, high = max(0, start - 12), min(len(key), end + 12)
        window = key[low:high]
        spans = [match.span() for match in _TOKEN.finditer(window)]
        spans += [(i, j) for i, j, _ in (*obligation_terms().found(window), *unit_terms().found(window))]
        for i, j in spans:
            i, j = i + low, j + low
            # A term counts when the edit touches its inside; text beside it stays out.
            if (i < end and j > start) or (start == end and i < start < j):
                left, right = max(left, start - i), max(right, j - end)
        if words is not None:
            left = max(left, words.reach(key, start, -1))
            right = max(right, words.reach(key, end, 1))
    return min(left, 12), min(right, 12)


def _stretch(one: Folded, other: Folded, wide: Edit, cores: list[Edit], number_units: int) -> Stretch:
    start, end = one.left(wide.start), one.right(wide.end)
    other_start, other_end = other.left(wide.other_start), other.right(wide.other_end)
    # White space and markup at the edges belong to the stretch only where the two texts differ in it.
    a, b = one.text, other.text
    while start < one.right(wide.start) and other_start < other.right(wide.other_start):
        if start >= end or other_start >= other_end or a[start] != b[other_start]:
            break
        start, other_start = start + 1, other_start + 1
    while end > max(start, one.left(wide.end)) and other_end > max(other_start, other.left(wide.other_end)):
        if a[end - 1] != b[other_end - 1]:
            break
        end, other_end = end - 1, other_end - 1
    core = (
        "".join("".join(one.units[e.start : e.end]) for e in cores),
        "".join("".join(other.units[e.other_start : e.other_end]) for e in cores),
    )
    return Stretch(
        start, end, other_start, other_end, False, core,
        before="".join(one.units[max(0, wide.start - 24) : wide.start]),
        after="".join(one.units[wide.end : wide.end + 24]),
        at_number=wide.end <= number_units and wide.start < number_units,
    )  # fmt: skip


def _layout(one: Folded, other: Folded, run: Edit, first: bool = False, last: bool = False) -> list[Stretch]:
    """Differences of white space, width and style within a run of units that compare equal.

    The gaps at the edges of the run belong to the stretches beside it, those at the ends of the texts
    (`first`, `last`) to the run.
    """
    merged: list[Stretch] = []
    length = run.end - run.start
    low = one.left(run.start) if first else one.right(run.start)
    other_low = other.left(run.other_start) if first else other.right(run.other_start)
    end = one.right(run.end) if last else one.left(run.end)
    other_end = other.right(run.other_end) if last else other.left(run.other_end)
    if one.text[low:end] == other.text[other_low:other_end]:
        return []

    def add(start: int, end: int, other_start: int, other_end: int) -> None:
        if one.text[start:end] == other.text[other_start:other_end]:
            return
        if merged and merged[-1].end == start and merged[-1].other_end == other_start:
            before = merged.pop()
            start, other_start = before.start, before.other_start
        merged.append(Stretch(start, end, other_start, other_end, True))

    for step in range(length + 1):
        i, j = run.start + step, run.other_start + step
        if (step > 0 or first) and (step < length or last):
            add(one.left(i), one.right(i), other.left(j), other.right(j))
        if step < length:
            add(one.right(i), one.right(i) + 1, other.right(j), other.right(j) + 1)
    return merged
