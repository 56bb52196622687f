"""Answers and citations as lines for people; the one place that decides how a citation looks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from policybot.answer.model import Answer, Citation, ResultEntry
from policybot.cli.messages import say
from policybot.cli.output import Line, line
from policybot.cli.wrap import one_line
from policybot.text import is_han, squash

if TYPE_CHECKING:
    from policybot.corpus.model import Clause, Corpus

Parts = tuple[tuple[str, str], ...]


def render_answer(answer: Answer) -> list[Line]:
    """The answer, what to beware of, then its numbered sources with their quotes."""
    first, *rest = answer.answer.split("\n")
    style = "bad" if answer.status == "error" else "strong"
    return [line(first, style), *map(line, rest), *render_below(answer)]


def render_below(answer: Answer, *, brief: bool = False) -> list[Line]:
    """What stands under an answer: what to beware of, then its numbered sources with their quotes.

    `brief` leaves out the heading and the quotes that the answer itself gives in full.
    """
    language = answer.language
    lines: list[Line] = []
    if answer.warnings:
        lines.append(line())
        lines += [line(f"! {one_line(text)}", "warning", hang=2) for text in answer.warnings]
    if answer.citations:
        lines += [line()] if brief else [line(), line(say("sources", language), "dim")]
    said = squash(answer.answer)
    for citation in answer.citations:
        lines.append(render_citation(citation, language))
        if not (brief and squash(citation.quote).rstrip("。；，;.") in said):
            lines.append(_quote(citation, answer.results))
        lines += _variants(citation, language)
    return lines


def render_citation(citation: Citation, language: str = "zh") -> Line:
    """`[1] 《title》clause heading · file:line`, as it is shown everywhere."""
    name = full_name(citation.title, citation.clause, citation.label_en, citation.heading, language)
    parts: Parts = ((f"[{citation.n}] ", "number"), *name)
    return Line(
        (*parts, (f" · {place(citation.source, citation.line_start, citation.line_end)}", "dim")), hang=4
    )


def render_passages(corpus: Corpus, clauses: Iterable[Clause], language: str) -> list[Line]:
    """Clauses in full, lettered apart from the numbered citations."""
    lines: list[Line] = []
    for n, clause in enumerate(clauses, 1):
        where = place(clause.text.file, clause.line_start, clause.line_end)
        parts: Parts = ((f"({n}) ", "number"), *clause_name(corpus, clause, language))
        lines.append(Line((*parts, (f" · {where}", "dim")), hang=4))
        lines.append(line(one_line(clause.text.text), indent=4))
    return lines


def clause_name(corpus: Corpus, clause: Clause, language: str) -> Parts:
    """Document, clause and heading of a clause, as in a citation of it."""
    title = corpus.documents[clause.document].title_zh
    return full_name(title, clause.label, clause.label_en, clause.heading, language)


def full_name(title: str, label: str, label_en: str, heading: str, language: str) -> Parts:
    """`《title》label heading`; English readers get the English label too."""
    if language == "en" and label_en and label_en != label:
        label = f"{label} ({label_en})"
    return (
        (book_title(title), ""),
        (label, "strong"),
        (f" {heading}" if heading and heading not in label else "", ""),
    )


def variant_line(shown: str, other: str, where: str, meaning: bool, language: str, indent: int) -> Line:
    """Another copy's reading, with a warning when it changes the meaning."""
    none = say("nothing", language)
    text = say(
        "variant-meaning" if meaning else "variant-spelling",
        language,
        shown=one_line(shown) or none,
        other=one_line(other) or none,
        place=where,
    )
    return line(text, "warning" if meaning else "", indent=indent, hang=2)


def book_title(title: str) -> str:
    """A title in Chinese title marks, those inside it made single; an English one with a comma."""
    if not any(map(is_han, title)):
        return f"{title}, "
    return f"《{title.replace('《', '〈').replace('》', '〉')}》"


def place(file: str, first: int, last: int) -> str:
    """`file:line` or `file:first-last`."""
    return f"{file}:{first}" if first == last else f"{file}:{first}-{last}"


def value_spans(quote: str, results: Iterable[ResultEntry]) -> list[tuple[int, int]]:
    """Where the values of `results` stand in a quote, white space aside; overlaps are joined."""
    spans: list[tuple[int, int]] = []
    for entry in results:
        for needle in _needles(entry):
            found = _find(quote, needle)
            if found:
                spans += found
                break
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _quote(citation: Citation, results: Sequence[ResultEntry]) -> Line:
    quote = one_line(citation.quote)
    parts: list[tuple[str, str]] = [("“", "dim")]
    at = 0
    for start, end in value_spans(quote, [r for r in results if r.citation in (None, citation.n)]):
        parts += [(quote[at:start], ""), (quote[start:end], "value")]
        at = end
    parts += [(quote[at:], ""), ("”", "dim")]
    return Line(tuple(part for part in parts if part[0]), indent=4)


def _variants(citation: Citation, language: str) -> list[Line]:
    """The readings that change the meaning; the others are for `policybot doc show`."""
    return [
        variant_line(
            str(variant["shown"]),
            str(variant["other"]),
            place(str(variant["source"]), int(variant["line_start"]), int(variant["line_end"])),
            True,
            language,
            indent=4,
        )
        for variant in citation.variants
        if variant.get("meaning")
    ]


def _needles(entry: ResultEntry) -> list[str]:
    """Ways the value may be printed, the longest first."""
    if isinstance(entry.value, bool) or entry.value is None:
        return [entry.text] if entry.text else []
    value = f"{entry.value:g}" if isinstance(entry.value, float | int) else str(entry.value)
    plain = f"{entry.value:,}".removesuffix(".0") if isinstance(entry.value, float | int) else value
    forms = [
        entry.text,
        f"{entry.qualifier}{value}{entry.unit}",
        f"{value}{entry.unit}",
        f"{plain}{entry.unit}",
    ]
    return [form for form in dict.fromkeys([*forms, value, plain]) if form]


def _find(quote: str, needle: str) -> list[tuple[int, int]]:
    """Every place of a needle in a quote, white space aside; never inside a longer number."""
    wanted = [re.escape(c) for c in needle if not c.isspace()]
    if not wanted or len(wanted) > 0.8 * len(quote):
        return []
    pattern = r"\s*".join(wanted)
    if needle[:1].isdigit():
        pattern = r"(?<![\d.,])(?<!\d )" + pattern
    if needle[-1:].isdigit():
        pattern += r"(?![.,]?\d)"
    return [match.span() for match in re.finditer(pattern, quote)]
