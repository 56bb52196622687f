"""Citations: a stretch of a clause becomes a verbatim quote with file, lines and other copies' readings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from policybot.answer.model import Citation
from policybot.corpus.model import AnchoredText, Clause, Corpus, Variant
from policybot.text import printed

LONGEST_QUOTE = 600  # characters; a longer stretch is cut to the sentences around its focus


@dataclass(frozen=True, slots=True)
class Evidence:
    """Characters start..end of a clause's text; `focus` is the stretch that must stay in the quote."""

    clause: str
    start: int
    end: int
    focus: tuple[int, int] | None = None


def whole_clause(clause: Clause) -> Evidence:
    """All of a clause's text as evidence."""
    return Evidence(clause.id, 0, len(clause.text))


def pieces(corpus: Corpus, text: AnchoredText, start: int, end: int) -> list[tuple[int, int]]:
    """Maximal stretches of start..end whose characters stand next to each other in the source.

    White space between them does not part two characters, nor does what marks emphasis in Markdown; anything
    else that the text leaves out (page furniture, mark-up, another table cell) does, since a quote across it
    would not be verbatim.
    """
    source = corpus.sources[text.file].text
    found: list[tuple[int, int]] = []
    last_source: int | None = None
    for at, where, length in text.segments:
        low, high = max(start, at), min(end, at + length)
        if low >= high:
            continue
        begin = where + low - at
        adjoins = (
            last_source is not None
            and last_source <= begin
            and not printed(source[last_source:begin], text.file)
        )
        if found and adjoins:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
        last_source = begin + high - low
    return [trimmed for low, high in found if (trimmed := _trim(text.text, low, high)) is not None]


def quote_span(corpus: Corpus, evidence: Evidence) -> tuple[int, int]:
    """The stretch to quote: the verbatim piece that holds the focus, or else the longest one."""
    text = corpus.clauses[evidence.clause].text
    parts = pieces(corpus, text, evidence.start, evidence.end)
    if not parts:
        raise ValueError(f"nothing to quote in {evidence}")
    if evidence.focus is None:
        best = max(parts, key=lambda part: part[1] - part[0])
    else:
        low, high = evidence.focus
        best = max(parts, key=lambda part: (min(high, part[1]) - max(low, part[0]), part[1] - part[0]))
    return _shorten(text.text, best, evidence.focus)


def make_citation(corpus: Corpus, evidence: Evidence, n: int) -> Citation:
    """The citation numbered `n` for a stretch of a clause."""
    clause = corpus.clauses[evidence.clause]
    source = corpus.sources[clause.text.file]
    start, end = quote_span(corpus, evidence)
    quote = clause.text.text[start:end]
    first, last = clause.text.source_range(start, end)
    if clause.kind == "row":
        low, high = clause.text.source_range(evidence.start, evidence.end)
        printed = source.text[low:high]
        if "\n" not in printed and len(printed) <= LONGEST_QUOTE and _plain_row(clause.text, printed):
            quote, first, last = printed.strip(), low, high
    document = corpus.documents[clause.document]
    touching = [v for v in corpus.variants.get(clause.id, ()) if touches(v, start, end)]
    return Citation(
        n=n,
        document=clause.document,
        title=document.title_zh,
        clause=clause.label,
        heading=clause.heading or _heading_above(corpus, clause),
        quote=quote,
        source=clause.text.file,
        line_start=source.line_of(first),
        line_end=source.line_of(last - 1),
        clause_id=clause.id,
        label_en=clause.label_en,
        variants=tuple(_as_dict(v) for v in touching),
    )


def _plain_row(text: AnchoredText, printed: str) -> bool:
    """True when a printed row holds nothing but its cells, blanks and column marks."""
    return re.sub(r"[\s|]", "", printed) == re.sub(r"[\s|]", "", text.text)


def touches(variant: Variant, start: int, end: int) -> bool:
    """True when a variant's stretch shares a character with start..end, or stands between two of them."""
    if variant.start == variant.end:
        return start <= variant.start <= end
    return variant.start < end and start < variant.end


def meaning_variants(corpus: Corpus, used: Iterable[Evidence]) -> list[tuple[Clause, Variant]]:
    """Readings of other copies that change the meaning of a clause that is cited, nearest ones first.

    Those that touch the cited stretch come before those elsewhere in the clause; the same pair of
    readings is given once for each copy.
    """
    near: list[tuple[Clause, Variant]] = []
    far: list[tuple[Clause, Variant]] = []
    seen: set[tuple[str, str, str, str]] = set()
    for evidence in used:
        clause = corpus.clauses[evidence.clause]
        for variant in corpus.variants.get(clause.id, ()):
            key = (clause.id, variant.witness, variant.shown, variant.other)
            if not variant.meaning or key in seen:
                continue
            seen.add(key)
            hit = touches(variant, evidence.start, evidence.end)
            (near if hit else far).append((clause, variant))
    return near + far


def _heading_above(corpus: Corpus, clause: Clause) -> str:
    return next((corpus.clauses[i].heading for i in reversed(clause.path) if corpus.clauses[i].heading), "")


def _trim(text: str, low: int, high: int) -> tuple[int, int] | None:
    while low < high and text[low].isspace():
        low += 1
    while high > low and text[high - 1].isspace():
        high -= 1
    return (low, high) if low < high else None


def _shorten(text: str, span: tuple[int, int], focus: tuple[int, int] | None) -> tuple[int, int]:
    """A span of at most `LONGEST_QUOTE` characters around the focus, cut at sentence ends where possible."""
    low, high = span
    if high - low <= LONGEST_QUOTE:
        return span
    start, end = focus or (low, low)
    begin = max(low, min(start, end) - LONGEST_QUOTE // 3)
    if begin > low:
        stops = [text.rfind(mark, begin, max(begin, start)) for mark in "。；！？"]
        begin = max(stops) + 1 if max(stops) >= begin else begin
    finish = min(high, begin + LONGEST_QUOTE)
    stops = [text.rfind(mark, max(begin, end), finish) for mark in "。；！？"]
    if finish < high and max(stops) > begin:
        finish = max(stops) + 1
    return _trim(text, begin, finish) or span


def _as_dict(variant: Variant) -> dict[str, object]:
    return {
        "witness": variant.witness,
        "shown": variant.shown,
        "other": variant.other,
        "meaning": variant.meaning,
        "source": variant.file,
        "line_start": variant.line_start,
        "line_end": variant.line_end,
    }
