"""From a draft to the text of an answer.

In: drafts, which are lines of wordings with their slots and evidence. Out: sentences in Chinese or English
with numbered citations, verbatim from named lines. Here belong the forms of drafts and citations, English
labels, and how sentences are put together; the wordings are in ``answer/data/wording.toml``.
"""
