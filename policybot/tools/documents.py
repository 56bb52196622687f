"""Which documents there are, and how each is built."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from policybot.corpus.model import ClauseKind, Corpus, Document, Status
from policybot.corpus.naming import find_document
from policybot.errors import PolicybotError


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document as a list shows it; `names` are all ways to name it, `copies` its witnesses' ids."""

    id: str
    title_zh: str
    title_en: str
    short_zh: str
    short_en: str
    names: tuple[str, ...]
    issuer_zh: str
    issuer_en: str
    number: str
    date: str
    status: Status
    copies: tuple[str, ...]
    files: tuple[str, ...]
    clauses: int
    origin: str
    licence: str


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A clause as an outline shows it; `depth` is 0 at the top, lines are 1-based and inclusive.

    `differs` says that another copy's reading of the clause has another meaning.
    """

    id: str
    label: str
    label_en: str
    heading: str
    kind: ClauseKind
    depth: int
    file: str
    line_start: int
    line_end: int
    differs: bool


def resolve_document(corpus: Corpus, name: str) -> Document:
    """The document that goes by an id, title, short name, number or alias in any script."""
    return find_document(name, corpus)


def documents(corpus: Corpus) -> list[DocumentEntry]:
    """All documents, in the order of the catalogue."""
    counts = Counter(clause.document for clause in corpus.clauses.values())
    return [
        DocumentEntry(
            d.id, d.title_zh, d.title_en, d.short_zh, d.short_en, d.aliases, d.issuer_zh, d.issuer_en,
            d.number, d.date, d.status, tuple(w.id for w in d.witnesses),
            tuple(dict.fromkeys(w.file for w in d.witnesses)), counts[d.id], d.origin, d.licence,
        )
        for d in corpus.documents.values()
    ]  # fmt: skip


def outline(corpus: Corpus, document: str, depth: int | None = None) -> list[OutlineEntry]:
    """The clauses of a document in reading order, with their lines.

    Args:
        document: any name of the document.
        depth: how many levels to show (1 = the parts only); None for all.

    Raises:
        PolicybotError: unknown document, or a depth below 1.
    """
    if depth is not None and depth < 1:
        raise PolicybotError(
            f"An outline of {depth} levels has nothing in it.", "Ask for 1 level or more.",
            what_zh=f"{depth} 层的大纲没有内容。", hint_zh="层数须为 1 或以上。",
        )  # fmt: skip
    found = resolve_document(corpus, document)
    return [
        OutlineEntry(
            c.id, c.label, c.label_en, c.heading, c.kind, len(c.path), c.text.file, c.line_start,
            c.line_end, any(variant.meaning for variant in corpus.variants.get(c.id, ())),
        )
        for c in corpus.of(found.id)
        if depth is None or len(c.path) < depth
    ]  # fmt: skip
