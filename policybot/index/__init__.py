"""Clauses made searchable: vectors in Chroma, postings beside them, one verified generation at a time.

In: a `Corpus` and an embedding model. Out: an `Index` (corpus, passages, vectors, postings). Open
`open.py` first (`open_index`, `ensure_index`), then `build.py` (how a generation is made) and
`generations.py` (how it is kept); `tokens.py` is the one tokeniser, `training.py` makes the model in
`model/`, which `twin.py` runs in numpy for questions and `embedder.py` with sentence-transformers. The
folder `encoder/` has the sentence encoder, which tells what a question means whatever its words are.
"""
