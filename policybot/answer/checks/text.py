"""The parts of an answer that the citation check looks at: sentences, marks, quoted strings, labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policybot.patterns import lazy_pattern
from policybot.text import fold_punctuation, is_han, squash

_MARK = lazy_pattern(r"[\[［【](?P<numbers>[0-9]{1,3}(?:[ ]?[,，、–-][ ]?[0-9]{1,3})*)[\]］】]")
_STOP = lazy_pattern(r"[。！？]|[!?](?=[\s”’\"')）\]]|$)|\.(?=[\s”’\"'\[]|$)|\n")
_AFTER_STOP = lazy_pattern(r"[”’\"』」)）]*(?:[ ]?[\[［【][0-9][0-9,，、 –-]*[\]］】])*")
_ABBREVIATION = lazy_pattern(
    r"(?:\b(?:[Nn]os?|[Aa]rts?|[Ff]igs?|[Pp]aras?|[Pp]p?|e\.g|i\.e|vs|cf|ca|approx|[A-Z]))$"
)
_OPENING = {"“": "”", "「": "」", "『": "』"}
_ELLIPSIS = lazy_pattern(r"…+|\.{3,}|⋯+")

# Ways of naming a clause or a figure whose numbers must exist in the corpus.
_HAN_NUMBER = "[〇零一二三四五六七八九十百]{1,4}|[0-9]{1,3}"
_LABEL = lazy_pattern(
    rf"第[ ]?(?:{_HAN_NUMBER})[ ]?条(?:[ ]?第?[ ]?(?:{_HAN_NUMBER})[ ]?款)?"
    r"|(?:图表?|附件|附录|附表)[ ]?[0-9]{1,3}|表[ ]?[0-9]{1,3}(?:[ ][0-9]{1,3}(?![0-9.％%]))?"
    r"|[一二三四五六七八九十]{1,3}[（(][一二三四五六七八九十]{1,4}[）)](?:[0-9]{1,2}(?![0-9.％%]))?"
    r"|第[0-9]{1,3}[段项]"
    r"|\b(?:Article|Annex|Appendix|Figure|Chart)s?[ ][0-9]{1,3}(?:\([0-9]{1,2}\)|\.[0-9]{1,2}(?![0-9%]))?"
    r"|\bTable[ ][0-9]{1,3}(?:[ ][0-9]{1,3}(?![0-9.%]))?|\b(?:para|item|dash)[ ][0-9]{1,3}"
    r"|\b[IVXL]{1,5}\([0-9]{1,2}\)(?:[0-9]{1,2}(?![0-9.%]))?",
    re.IGNORECASE,
)
_LIST_NUMBER = lazy_pattern(r"(?m)^[ \t*#>-]*[（(]?[0-9]{1,2}(?:[.．、]|[）)])(?![0-9])")
_DIGITS = lazy_pattern(r"[0-9０-９]+")
_TOKEN_CHARS = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789０１２３４５６７８９₀₁₂₃₄₅₆₇₈₉.+/_-"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark [1] or [1, 2] and the numbers it holds."""

    start: int
    end: int
    numbers: tuple[int, ...]


def find_marks(text: str) -> list[Mark]:
    """Citation marks of an answer, in order."""
    marks = []
    for match in _MARK.finditer(text):
        numbers: list[int] = []
        for part in re.split(r"[,，、]", match["numbers"]):
            ends = [int(piece) for piece in re.split(r"[–-]", part)]
            numbers.extend(range(ends[0], ends[-1] + 1) if ends[0] < ends[-1] <= ends[0] + 50 else ends)
        marks.append(Mark(match.start(), match.end(), tuple(numbers)))
    return marks


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of the sentences of an answer: every character but blanks between them is in one.

    A sentence takes the marks that follow its stop; a stop inside “…” does not end it.
    """
    spans: list[tuple[int, int]] = []
    quoted = [(start, end) for start, end in outer_quotes(text) if "\n" not in text[start:end]]
    start = at = 0
    while (match := _STOP.search(text, at)) is not None:
        at = match.end()
        inside = any(low < match.start() < high for low, high in quoted)
        if match.group() != "\n" and (inside and not _closes(quoted, match.end())):
            continue
        if match.group() == "." and _ABBREVIATION.search(text, max(0, match.start() - 8), match.start()):
            continue
        after = _AFTER_STOP.match(text, at) if match.group() != "\n" else None
        end = at = after.end() if after is not None else match.end()
        if text[start:end].strip():
            spans.append((start, end))
        start = end
    if text[start:].strip():
        spans.append((start, len(text)))
    return [_trim(text, low, high) for low, high in spans]


def outer_quotes(text: str) -> list[tuple[int, int]]:
    """(start, end) between outermost quotation marks “…”, 「…」 and "…", the marks left out."""
    spans: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    straight: int | None = None
    for at, char in enumerate(text):
        if char in _OPENING:
            stack.append((_OPENING[char], at + 1))
        elif stack and char == stack[-1][0]:
            _, start = stack.pop()
            if not stack:
                spans.append((start, at))
        elif char == '"' and not stack:
            if straight is None:
                straight = at + 1
            else:
                spans.append((straight, at))
                straight = None
        elif char == "\n":
            stack.clear()
            straight = None
    return sorted(spans)


def quoted_from_source(text: str) -> Iterator[tuple[int, int]]:
    """Quoted strings that claim to be source text: those with Chinese, the sources being Chinese."""
    for start, end in outer_quotes(text):
        if sum(is_han(char) for char in text[start:end]) >= 2:
            yield start, end


def pieces(quoted: str) -> list[str]:
    """What must stand in a quote: the parts between ellipses, comparable with `comparable` text."""
    return [part for piece in _ELLIPSIS.split(quoted) if (part := comparable(piece).strip("，。；、,.;:："))]


def comparable(text: str) -> str:
    """`text` without blanks, brackets in one form: how a quoted string is compared with a quote."""
    return fold_punctuation(squash(text))


def find_labels(text: str) -> list[tuple[int, int]]:
    """Spans that name an article, a numbered clause or a figure: 第三条第7款, 三（四）3, "Article 3(7)"."""
    return [match.span() for match in _LABEL.finditer(text)]


def list_numbers(text: str) -> list[tuple[int, int]]:
    """Spans of the ordinals that number the lines of a list: "1." and （2）."""
    return [match.span() for match in _LIST_NUMBER.finditer(text)]


def loose_digits(text: str, known: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of the words with digits that are in none of the spans `known`: PM2.5, 1+N, 附件7's 7."""
    covered = bytearray(len(text))
    for start, end in known:
        covered[start:end] = b"\x01" * (end - start)
    found: list[tuple[int, int]] = []
    for match in _DIGITS.finditer(text):
        if all(covered[match.start() : match.end()]):
            continue
        start, end = match.span()
        while start > 0 and not covered[start - 1] and text[start - 1] in _TOKEN_CHARS:
            start -= 1
        while end < len(text) and not covered[end] and text[end] in _TOKEN_CHARS:
            end += 1
        while end > match.end() and text[end - 1] in ".-/+_":
            end -= 1
        if 0 < start < match.start() and text[start] == "/" and covered[start - 1]:
            start += 1  # the rest of a name that begins with a number (1/CP.1)
        if not found or found[-1] != (start, end):
            found.append((start, end))
    return found


def label_forms(label: str) -> set[str]:
    """A label and the shorter ones it holds, comparable: 第三条第7款 → {第三条第7款, 第三条}."""
    forms: set[str] = set()
    for match in _LABEL.finditer(label):
        form = comparable_label(match.group())
        forms.add(form)
        while (
            shorter := re.sub(r"(?:第[^第]+款|\([^)]*\)|\.[0-9]+|（[^）]*）|(?<=[)）])[0-9]+)$", "", form)
        ) != form:
            form = shorter
            if _LABEL.fullmatch(form):
                forms.add(form)
    return forms


def comparable_label(label: str) -> str:
    """A label in one form: no blanks, half-width brackets, "Article 3.7" as article3(7)."""
    form = squash(label).lower().replace("（", "(").replace("）", ")")
    form = re.sub(r"^(article|annex|figure|chart)s", r"\1", form).replace("figure", "chart")
    form = re.sub(r"^(article[0-9]+)\.([0-9]+)$", r"\1(\2)", form)
    return form


def _closes(quoted: list[tuple[int, int]], at: int) -> bool:
    return any(high == at for _, high in quoted)


def _trim(text: str, low: int, high: int) -> tuple[int, int]:
    while low < high and text[low].isspace():
        low += 1
    while high > low and text[high - 1].isspace():
        high -= 1
    return low, high
