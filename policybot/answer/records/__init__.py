"""Answers from what `policybot.facts` and the catalogue keep as records.

In: a question on targets, ranks, scores, missing values or the documents themselves. Out: drafts from the
targets ledger, published ranks, the scoring engine, the gaps of tables, the catalogue. Here belongs an answer
whose source is a record and not a sentence found by search.
"""
