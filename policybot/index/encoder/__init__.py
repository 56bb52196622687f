"""Sentence encoder for Chinese and English: what a question means, where words alone do not tell.

In: questions; texts that stand for a clause (gist, likely questions, or its own sentences).
Out: unit vectors, near each other where two texts mean the same, in either language.

`model` runs the shipped encoder with onnxruntime, `meaning` holds the vectors of a corpus' clauses,
`lists` reads the word and sentence lists. The others are needed for training only (`policybot train
--part encoder`): `vocabulary` gives an English model Chinese words, `material` says what is trained on,
`batches` draws what is shown at a time, `distil` trains a `student`, `export` writes the result and `stored`
reads it back to go on from.
"""
