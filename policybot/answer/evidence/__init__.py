"""The sentences and values that an answer may rest on.

In: a question and the clauses that retrieval found. Out: their sentences weighed anew, the values in them
with what they say, and stretches cut out and worded as quotations. Here belongs finding and weighing; what
answers make of it is in the rooms above.
"""
