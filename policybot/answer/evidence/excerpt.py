"""How a sentence is shown in an answer: the part that matters, verbatim, layout blanks closed."""

from __future__ import annotations

from collections.abc import Sequence

from policybot.answer.evidence.pool import segments
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Concept, Weigher, covers, norm
from policybot.answer.wording.cite import Evidence
from policybot.patterns import lazy_pattern
from policybot.text import language_of

_DATED = 0.6  # worth of a year asked about, beside the words of the question
LONGEST = 120  # characters of a sentence shown whole
LATIN = 3  # times as many letters say the same, and no stretch between commas is a sentence by itself
_GAP = lazy_pattern(r"(?<=[\u3000-\u9fff\uff00-\uffef“”])\s+|\s+(?=[\u3000-\u9fff\uff00-\uffef“”])")
_SPACES = lazy_pattern(r"\s+")
_LABEL = lazy_pattern(
    r"^\s*(?:——|[（(]\s*[一二三四五六七八九十]+\s*[）)]|[一二三四五六七八九十]+、|\d{1,2}[.．]\s*(?!\d)|\d{1,2}(?:\.\d{1,2}){1,3}\s+(?=[A-Z][a-z])(?![BM]illion)|第[一二三四五六七八九十百]+\s*条(?![第款例约])|[一二三四五六七八九十]是(?=[^，。]{4})|●|[（(][a-z][）)])\s*"
)
_TIME = lazy_pattern(
    r"^\s*(?:到|在|自|至|截至|截止)?\s*(?:“[十四五六三]+五”(?:、“[十四五六三]+五”)?(?:期间|时期|期末)?|\d{4}\s*年?(?:\s*[-—至~～]+\s*\d{4}\s*年)?\s*(?:前|底|末|以前|时|期间|左右)?)(?=[，,、：:]|$)"
)


def tidy(text: str) -> str:
    """Text without the blanks that layout put between Chinese characters, numbers and marks."""
    return _SPACES.sub(" ", _GAP.sub("", text)).strip()


def strip_label(text: str) -> int:
    """Length of the printed number or mark that a sentence starts with."""
    match = _LABEL.match(text)
    return match.end() if match and match.end() < len(text) else 0


def room(text: str, longest: int) -> int:
    """So many Chinese characters, or letters that say as much, by what a text is written in."""
    return longest * LATIN if language_of(text) == "en" else longest


def excerpt(
    sentence: Sentence,
    concepts: Sequence[Concept],
    focus: tuple[int, int] | None = None,
    weigh: Weigher | None = None,
    longest: int = LONGEST,
) -> tuple[int, int]:
    """The stretch of a sentence to show, in the clause's offsets.

    A short sentence is shown whole. Of a long one, the segments around the focus (or around those
    that carry the question) are shown, as many as fit; a leading "到2030年" comes along when it is near.
    """
    skip = strip_label(sentence.text)
    longest = room(sentence.text, longest)
    if len(sentence.text) - skip <= longest:
        return sentence.start + skip, sentence.end
    spans = [(a, b) for a, b in segments(sentence.text) if b > skip]
    if not spans:
        return sentence.start + skip, sentence.end
    spans[0] = (max(spans[0][0], skip), spans[0][1])
    worth = [sum(c.weight * covers(c, norm(sentence.text[a:b]), weigh) for c in concepts) for a, b in spans]
    if focus is not None:
        at = focus[0] - sentence.start
        core = next((i for i, (a, b) in enumerate(spans) if a <= at < b), 0)
        last = next((i for i, (a, b) in enumerate(spans) if b >= focus[1] - sentence.start), core)
    else:
        core = last = max(range(len(spans)), key=lambda i: (worth[i], -i))
    first, end = core, max(core, last)
    while True:
        before = worth[first - 1] if first > 0 else -1.0
        after = worth[end + 1] if end + 1 < len(spans) else -1.0
        grow_back = before >= after
        low, high = (first - 1, end) if grow_back else (first, end + 1)
        if max(before, after) < 0 or spans[high][1] - spans[low][0] > longest:
            break
        if max(before, after) <= 0 and spans[end][1] - spans[first][0] >= longest // 2:
            break
        first, end = low, high
    start = spans[first][0]
    if first > 0 and _TIME.match(sentence.text[spans[first - 1][0] : spans[first - 1][1]]):
        start = spans[first - 1][0]
    return sentence.start + start, sentence.start + spans[end][1]


def core_of(
    sentence: Sentence, concepts: Sequence[Concept], years: Sequence[int] = (), weigh: Weigher | None = None
) -> tuple[int, int]:
    """The segment of a sentence that carries most of the question, in the clause's offsets."""
    spans = segments(sentence.text) or [(0, len(sentence.text))]

    def worth(span: tuple[int, int]) -> float:
        text = norm(sentence.text[slice(*span)])
        dated = _DATED * any(f"{year}" in text for year in years)
        return dated + sum(c.weight * covers(c, text, weigh) for c in concepts)

    start, end = max(spans, key=worth)
    return sentence.start + start, sentence.start + end


def time_before(sentence: Sentence, at: int) -> tuple[int, int] | None:
    """The last "到2030年" / “十四五”期间 before an offset of the clause, as offsets in the clause."""
    found = None
    for a, b in segments(sentence.text):
        if sentence.start + a > at:
            break
        match = _TIME.match(sentence.text[a:b])
        if match:
            found = (
                sentence.start + a + len(match.group()) - len(match.group().lstrip()),
                sentence.start + a + match.end(),
            )
    return found


def evidence_of(
    sentence: Sentence, span: tuple[int, int] | None = None, focus: tuple[int, int] | None = None
) -> Evidence:
    """A sentence, or a stretch of it, as evidence."""
    start, end = span or (sentence.start + strip_label(sentence.text), sentence.end)
    return Evidence(sentence.clause.id, start, end, focus)
