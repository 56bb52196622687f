"""What is computed from amounts that running text prints, whose operands the question does not name.

In: a question for a remainder, a rate, an amount a head or a change, and the amounts of all sentences. Out:
a draft with the computed amount and the cited sentences of its operands. Here belongs the choice of operands
by their words; word classes are in ``answer/data/prose.toml``.
"""
