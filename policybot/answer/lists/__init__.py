"""Lists: all items of one, the n-th of them, whether something is among them.

In: a question that wants things listed, counted off or looked up in a list. Out: a draft with the items as
printed, each cited. Here belong lists of running text, of headings and of numbered clauses, and what kind
of things a list holds; rows of tables are listed in `policybot.answer.tables`.
"""
