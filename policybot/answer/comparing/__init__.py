"""Things set side by side: places, years, documents, wordings, any two things.

In: a question about two or more things, and the sentences for each. Out: a draft with a cited line for each
side, and their computed difference where both are values. Here belongs answering each side for itself; sums
over the values of many sentences are made in `policybot.answer.computing`.
"""
