"""One clause as a reader wants it: text and lines, where it stands, what it refers to, other readings."""

from __future__ import annotations

from dataclasses import dataclass

from policybot.corpus.model import Clause, ClauseKind, Corpus, Reference
from policybot.corpus.variation import is_layout
from policybot.tools.names import resolve_clause
from policybot.tools.variants import VariantEntry, entry

__all__ = ["ClauseView", "Neighbour", "ReferenceView", "clause", "resolve_clause"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A clause named in passing."""

    id: str
    label: str
    label_en: str
    heading: str


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """A cross-reference at start..end of the text, resolved.

    `clause` is the id it points to, "" for a whole document; both are "" when it points outside the
    corpus.
    """

    start: int
    end: int
    text: str
    document: str
    clause: str
    label: str
    label_en: str
    heading: str


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause in place; `headings` run from the top down to its own, lines are 1-based, inclusive."""

    id: str
    document: str
    title_zh: str
    title_en: str
    label: str
    label_en: str
    kind: ClauseKind
    heading: str
    headings: tuple[str, ...]
    text: str
    file: str
    line_start: int
    line_end: int
    witness: str
    references: tuple[ReferenceView, ...]
    referred_to_by: tuple[Neighbour, ...]
    variants: tuple[VariantEntry, ...]
    children: tuple[Neighbour, ...]
    parent: Neighbour | None
    previous: Neighbour | None
    next: Neighbour | None


def clause(corpus: Corpus, name: str) -> ClauseView:
    """The clause that goes by any name, with its surroundings.

    Raises:
        PolicybotError: unknown or ambiguous name, with the nearest names.
    """
    found = resolve_clause(corpus, name)
    document = corpus.documents[found.document]
    order = [c.id for c in corpus.of(found.document)]
    at = order.index(found.id)
    pointing = [c for c in corpus.clauses.values() if any(r.target == found.id for r in c.references)]
    return ClauseView(
        found.id, document.id, document.title_zh, document.title_en, found.label, found.label_en,
        found.kind, found.heading, tuple(corpus.headings(found)), found.text.text, found.text.file,
        found.line_start, found.line_end, found.witness,
        tuple(_reference(corpus, reference) for reference in found.references),
        tuple(_neighbour(c) for c in pointing),
        tuple(entry(found, v) for v in corpus.variants.get(found.id, ()) if not is_layout(v)),
        tuple(_neighbour(c) for c in corpus.children(found)),
        _neighbour(corpus.clauses[found.parent]) if found.parent else None,
        _neighbour(corpus.clauses[order[at - 1]]) if at else None,
        _neighbour(corpus.clauses[order[at + 1]]) if at + 1 < len(order) else None,
    )  # fmt: skip


def _neighbour(found: Clause) -> Neighbour:
    return Neighbour(found.id, found.label, found.label_en, found.heading)


def _reference(corpus: Corpus, reference: Reference) -> ReferenceView:
    place = reference.start, reference.end, reference.text
    if target := corpus.clauses.get(reference.target):
        return ReferenceView(
            *place, target.document, target.id, target.label, target.label_en, target.heading
        )
    if document := corpus.documents.get(reference.target):
        return ReferenceView(*place, document.id, "", document.short_zh, document.short_en, "")
    return ReferenceView(*place, "", "", "", "", "")
