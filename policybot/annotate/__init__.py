"""Annotations checked and made: what stands in `annotations/` beside the documents, kept honest.

In: a corpus with its annotations, an index of it, question sets, a chat model for `annotate run`. Out:
findings, figures, and new lines of `annotations/<document>.jsonl`. Open `rules.py` (what one annotation
must be) first, then `survey.py` (all of them), `selfsearch.py` and `worth.py` (what the search makes of
them) and `writer.py` (annotations by a chat model). `wordlists.py` checks glossary and thesaurus.
"""
