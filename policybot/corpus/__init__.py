"""Files as given → clauses and tables whose every character has its place.

In: `corpus/catalog.toml` and `corpus/sources/`. Out: a `Corpus` of documents, clauses, tables and the
variants between copies. Open `loader.py` first, then `structure.py` (clause tree) and `model.py`;
`blocks.py` makes a corpus of any passages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policybot.corpus.loader import load_corpus

__all__ = ["load_corpus"]


def __getattr__(name: str) -> Any:
    """Imports the loader on first use: a question answered from an index needs only the model."""
    if name == "load_corpus":
        from policybot.corpus.loader import load_corpus

        return load_corpus
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
