"""The toolbox: plain typed functions over a corpus, which the command line, the planner and agents share.

In: a `Corpus` and names as people write them. Out: small frozen records ready to print or to turn into
JSON (`dataclasses.asdict`). Open `clauses.py` first.
"""

from policybot.tools.clauses import ClauseView, Neighbour, ReferenceView, clause, resolve_clause
from policybot.tools.documents import DocumentEntry, OutlineEntry, documents, outline, resolve_document
from policybot.tools.variants import VariantEntry, variants

__all__ = [
    "ClauseView",
    "DocumentEntry",
    "Neighbour",
    "OutlineEntry",
    "ReferenceView",
    "VariantEntry",
    "clause",
    "documents",
    "outline",
    "resolve_clause",
    "resolve_document",
    "variants",
]
