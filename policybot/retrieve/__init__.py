"""Question → ranked clauses and sentences.

In: a question and an open index. Out: hits (clause, score and what it is made of, copies) and the
sentences in them that meet the question best. Open `search.py` first; `analysis.py` takes the question
apart, `features.py` and `sentences.py` say what the ranking looks at, `adapters.py` is for LangChain
programs; `unlisted.py` helps with questions about other subjects. Word lists, question types and weights
lie under `data/`.
"""
