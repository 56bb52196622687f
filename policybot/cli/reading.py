"""Documents, outlines and clauses as lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from policybot.cli.messages import say
from policybot.cli.output import Line, line
from policybot.cli.render import book_title, full_name, place, variant_line
from policybot.cli.wrap import one_line

if TYPE_CHECKING:
    from policybot.corpus.model import Clause, Corpus, Document
    from policybot.tools import ClauseView, DocumentEntry, OutlineEntry
    from policybot.tools.clauses import Neighbour

OPENING = 28  # characters that stand for a clause without a heading


def render_documents(entries: Iterable[DocumentEntry], language: str) -> list[Line]:
    """The catalogue: id, titles, issuer, number, date and status of each document."""
    lines: list[Line] = []
    zh = language == "zh"
    for entry in entries:
        title, other = entry.title_zh, entry.title_en
        if not zh:
            title, other = other or title, title
        facts = [
            entry.issuer_zh if zh else entry.issuer_en,
            entry.number,
            entry.date,
            say(f"status-{entry.status.replace(' ', '-')}", language),
            say("clauses", language, count=entry.clauses),
        ]
        if len(entry.copies) > 1:
            facts.append(say("copies", language, count=len(entry.copies)))
        lines.append(Line(((f"{entry.id}  ", "number"), (title, "strong")), hang=4))
        if other and other != title:
            lines.append(line(other, indent=4, hang=2))
        lines.append(line(" · ".join(filter(None, facts)), "dim", indent=4, hang=2))
    return lines


def render_outline(
    corpus: Corpus, document: Document, entries: Sequence[OutlineEntry], language: str
) -> list[Line]:
    """The clause tree: label, heading (or first words) and line; ≠ where another copy differs."""
    title = Line(((book_title(document.title_zh).rstrip(", "), "strong"), (f"  {document.title_en}", "dim")))
    counted = Counter(entry.file for entry in entries)
    main = counted.most_common(1)[0][0] if counted else ""
    lines = [title, line(main, "dim"), line()]
    for entry in entries:
        label = _label(entry.label, entry.label_en, language)
        heading = entry.heading or opening(corpus.clauses[entry.id])
        at = f"  {'' if entry.file == main else entry.file}:{entry.line_start}"
        parts = (
            (label, "strong"),
            ("" if one_line(label).endswith(one_line(heading)) else f"  {heading}", ""),
            (at, "dim"),
            ("  ≠" if entry.differs else "", "warning"),
        )
        lines.append(Line(parts, indent=2 * entry.depth, hang=4))
    if any(entry.differs for entry in entries):
        lines += [line(), line(say("outline-differs", language), "dim")]
    return lines


def opening(clause: Clause) -> str:
    """The first words of a clause."""
    text = one_line(clause.text.text)
    return text if len(text) <= OPENING else f"{text[:OPENING]}…"


def render_clause(corpus: Corpus, view: ClauseView, language: str) -> list[Line]:
    """One clause in place: where it stands, its text, what stands under it, references, other readings."""
    title = view.title_zh
    name = full_name(title, view.label, view.label_en, view.heading, language)
    where = place(view.file, view.line_start, view.line_end)
    lines = [Line((*name, (f" · {where}", "dim")), hang=4)]
    above = view.headings[:-1] if view.heading else view.headings
    if above:
        lines.append(line(" › ".join(above), "dim", hang=4))
    lines.append(line())
    lines += _paragraphs(view.text, 2)
    clause = corpus.clauses[view.id]
    for depth, child in _descendants(corpus, clause):
        lines += _paragraphs(child.text.text, 2 + 2 * depth)
    if view.variants:
        lines += [line(), line(say("variants", language), "dim")]
    for entry in view.variants:
        at = place(entry.file, entry.line_start, entry.line_end)
        lines.append(variant_line(entry.shown, entry.other, at, entry.meaning, language, indent=2))
    return lines + _links(corpus, view, language)


def _links(corpus: Corpus, view: ClauseView, language: str) -> list[Line]:
    """What the clause refers to, who refers to it, and its neighbours."""
    lines: list[Line] = []
    for reference in view.references:
        if reference.document:
            target = _label(reference.label, reference.label_en, language)
            heading = f" {reference.heading}" if reference.heading else ""
            title = (
                "" if reference.document == view.document else _short(corpus, reference.document, language)
            )
            lines.append(line(f"“{one_line(reference.text)}” → {title}{target}{heading}", indent=2, hang=2))
    if lines:
        lines = [line(), line(say("refers-to", language), "dim"), *lines]
    if view.referred_to_by:
        names = "、" if language == "zh" else ", "
        text = names.join(_label(n.label, n.label_en, language) for n in view.referred_to_by)
        lines += [line(), line(say("referred-to-by", language, clauses=text), "dim", hang=2)]
    around = [
        text
        for neighbour, text in ((view.previous, "← {}"), (view.next, "{} →"))
        for text in ([text.format(_titled(neighbour, language))] if neighbour else [])
    ]
    return [*lines, line(), line("   ".join(around), "dim", hang=2)] if around else lines


def _short(corpus: Corpus, document: str, language: str) -> str:
    found = corpus.documents[document]
    return found.short_zh if language == "zh" else f"{found.short_en} "


def _titled(neighbour: Neighbour, language: str) -> str:
    return f"{_label(neighbour.label, neighbour.label_en, language)} {neighbour.heading}".strip()


def _label(label: str, label_en: str, language: str) -> str:
    return label_en if language == "en" and label_en else label


def _paragraphs(text: str, indent: int) -> list[Line]:
    return [line(one_line(part), indent=indent) for part in text.split("\n") if part.strip()]


def _descendants(corpus: Corpus, clause: Clause, depth: int = 1) -> Iterator[tuple[int, Clause]]:
    for child in corpus.children(clause):
        yield depth, child
        yield from _descendants(corpus, child, depth + 1)
