"""How good the answers are: question sets, runs over them, what counts as right, the figures made of them.

In: `evals/*.jsonl`, or anyone's, and an engine. Out: a run folder with every answer and its verdict, and
figures by group. Open `qaset.py` (the questions) and `runner.py` (a run) first; `verdict.py` judges one
answer with `matching.py` (when two wordings say the same), `figures.py` makes the figures, `runs.py` keeps
them on the disk; `compare.py`, `setcheck.py`, `ladder.py` and `report.py` (limits) are the other commands.
`outside.py` reads public sets over passages of their own, `outside_run.py` measures them.
Nothing here imports torch. Reading numbers is deliberately done apart from `policybot.facts`: a grader that
shares the parser of what it grades cannot see the parser's errors.
"""
