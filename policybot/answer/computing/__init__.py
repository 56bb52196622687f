"""Values of sentences computed with: sums, differences, ratios, growth, shares of a whole, rules.

In: a question that names what to compute and of what. Out: a draft with the result, its formula and a
citation for every operand. Here belong the operations and what proves that nothing asked was left out;
tables are computed with in `policybot.answer.tables`, lengths of time in `policybot.answer.durations`.
"""
