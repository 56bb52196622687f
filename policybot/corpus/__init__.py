"""Files as given → clauses and tables whose every character has its place.

In: `corpus/catalog.toml` and `corpus/sources/`. Out: a `Corpus` of documents, clauses, tables and the
variants between copies. Open `loader.py` first, then `structure.py` (clause tree) and `model.py`.
"""

from policybot.corpus.loader import load_corpus

__all__ = ["load_corpus"]
