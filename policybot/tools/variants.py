"""Where copies of a document differ."""

from __future__ import annotations

from dataclasses import dataclass

from policybot.corpus.aliases import Aliases
from policybot.corpus.model import Clause, Corpus, Variant
from policybot.corpus.variation import code_of, is_layout
from policybot.corpus.wordlists import reasons
from policybot.tools.names import resolve_clause

_CONTEXT = 12  # characters shown on each side


@dataclass(frozen=True, slots=True)
class VariantEntry:
    """Another copy's reading, with the words around it in the clause shown.

    `code` and its wordings say what kind of difference it is; `file` and lines are the other copy's.
    """

    clause: str
    document: str
    label: str
    label_en: str
    before: str
    shown: str
    other: str
    after: str
    witness: str
    meaning: bool
    code: str
    reason_zh: str
    reason_en: str
    start: int
    end: int
    file: str
    line_start: int
    line_end: int


def variants(corpus: Corpus, name: str, *, meaning_only: bool = False) -> list[VariantEntry]:
    """Other copies' readings of a document or clause, in reading order; layout is left out.

    Args:
        name: any name of a document or of a clause (a clause brings those below it).
        meaning_only: leave out differences of mere wording and spelling.

    Raises:
        PolicybotError: unknown or ambiguous name.
    """
    return [
        entry(corpus.clauses[variant.clause], variant)
        for clause in _scope(corpus, name)
        for variant in corpus.variants.get(clause.id, ())
        if (variant.meaning or not meaning_only) and not is_layout(variant)
    ]


def entry(clause: Clause, variant: Variant) -> VariantEntry:
    """A variant with its context and wording."""
    text, code = clause.text.text, code_of(variant.reason)
    known = reasons()[code]
    return VariantEntry(
        clause.id, clause.document, clause.label, clause.label_en,
        text[max(0, variant.start - _CONTEXT) : variant.start], variant.shown, variant.other,
        text[variant.end : variant.end + _CONTEXT], variant.witness, variant.meaning, code, known.zh,
        known.en, variant.start, variant.end, variant.file, variant.line_start, variant.line_end,
    )  # fmt: skip


def _scope(corpus: Corpus, name: str) -> list[Clause]:
    ids = Aliases(corpus.documents.values()).lookup(name)
    if len(ids) == 1:
        return list(corpus.of(ids[0]))
    top = resolve_clause(corpus, name)
    return [c for c in corpus.of(top.document) if c.id == top.id or top.id in c.path]
