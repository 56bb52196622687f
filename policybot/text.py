"""The one place where text is normalised: folding for search and for verbatim comparison."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")
MARKDOWN = (".md", ".markdown")
_EMPHASIS = str.maketrans("", "", "*_`")
_WIDE = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_BESIDE_HAN = re.compile(rf"(?<=[{_WIDE}]) | (?=[{_WIDE}])")
# NFKC would also turn ，into a comma, and a splitter on ， then finds nothing; these stay as they are.
_KEEP = set("，。；：！？（）《》“”‘’、—…【】〔〕·")
_PUNCTUATION = {"(": "（", ")": "）", "〈": "《", "〉": "》", "［": "[", "］": "]"}
_BRACKETS = str.maketrans(_PUNCTUATION)


def squash(text: str) -> str:
    """`text` without any white space: the form in which quotes are compared with a source."""
    return _SPACE.sub("", text)


def tidy(text: str) -> str:
    """`text` as a name: single spaces between Latin words, none where Chinese stands."""
    return _BESIDE_HAN.sub("", _SPACE.sub(" ", text).strip())


def printed(text: str, source: str) -> str:
    """`text` of a source without white space and, of a Markdown file, without what marks emphasis."""
    return squash(text.translate(_EMPHASIS) if source.endswith(MARKDOWN) else text)


def fold_char(char: str) -> str:
    """One character as search sees it: half-width, lower case, Chinese punctuation kept."""
    if char in _KEEP:
        return char
    return unicodedata.normalize("NFKC", char).lower()


class _Folding(dict[int, str]):
    """`fold_char` as a table for `str.translate`, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_char(chr(code))
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """`text` as search sees it: half-width letters and digits, lower case, single spaces."""
    return _SPACE.sub(" ", text.translate(_FOLDING)).strip()


def fold_punctuation(text: str) -> str:
    """Brackets in one form, so that （四）and (四) compare equal."""
    return text.translate(_BRACKETS)


def is_han(char: str) -> bool:
    """True for a CJK ideograph (unified, extension A, compatibility)."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or "\uf900" <= char <= "\ufaff"


def language_of(text: str) -> str:
    """ "zh" when the text is mainly Chinese, else "en".

    Chinese questions often carry Latin words (GDP, PM2.5) and English ones a quoted Chinese name,
    so Latin words and Han characters are weighed rather than looked for.
    """
    han = sum(is_han(c) for c in text)
    words = len(re.findall(r"[A-Za-z]{2,}", text))
    return "zh" if han and han >= 2 * words else ("zh" if han and not words else "en")


_SENTENCE_END = re.compile(
    r"(?<=[。！？；!?;])(?![”’）)」』])|(?<=[。！？][”’）])|\n+"
    # An English full stop: after a word or a number, before a capital, a figure or a quotation.
    r"|(?P<word>(?<![A-Za-z])[A-Za-z]{2,}|(?<![\d.–-])\d+)[)”’\"']?\.[)”’\"']?(?P<gap>\s+)(?=[“‘\"'(]?[A-Z0-9])"
)
# English words that a full stop shortens, with a blank on either side.
_SHORTENED = (
    " al bros ca cf co corp dept dr ed eds eg etc fig gen gov ie inc jr lt ltd mr mrs ms mt no nos op pp "
    "prof rev sgt sr st vol vs "
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence of `text`, in order, blank ones left out.

    A sentence ends at 。！？；(with a closing quote or bracket after it), at a line break, or at an English
    full stop that is not an abbreviation's or a list number's.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match["word"]:
            if f" {match['word'].lower()} " in _SHORTENED or not text[start : match.start()].strip():
                continue
            if text[start : match.start("gap")].strip():
                spans.append((start, match.start("gap")))
            start = match.end()
            continue
        if text[start : match.start()].strip():
            spans.append((start, match.start()))
        start = match.end()
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans
