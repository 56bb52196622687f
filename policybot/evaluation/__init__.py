"""How good the answers are: question sets, what counts as right, the figures made of them.

In: `evals/*.jsonl` and answers as `ask --json` prints them. Out: figures by language and question type.
Open `qaset.py` (the questions) first, then `matching.py` (when two wordings say the same) and
`metrics.py` (the figures); `ladder.py` runs the search stages one by one, `answers.py` the whole bot.
Nothing here imports torch. Reading numbers is deliberately done apart from `policybot.facts`: a
grader that shares the parser of what it grades cannot see the parser's errors.
"""
