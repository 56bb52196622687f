"""A question to an answer that cites the exact clause, or to a refusal.

In: an open index and a question, with the turns before it. Out: an `Answer` (`model.py`) of which every
sentence is quoted, computed or refused. Open `bot.py` first, then `planner.py`, which calls the makers of
answers (`makers.py`) and keeps the best draft. The rooms, in the order of the flow:

- `question`: what a question says; `conversation`: what a turn stands for; `compound`: questions that hold
  several
- `matching`, `evidence`: words compared, sentences and values found and weighed
- makers of drafts, by what an answer is: `statements`, `lists`, `tables`, `comparing`, `computing`, `prose`,
  `durations`, `records`, `claims`
- `confidence`: which draft, and how sure; `wording`: drafts to sentences with citations
- `checks`: what may be shown; `tracing`: how it came about; `agent`: a chat model in the planner's place

Words and patterns that people may correct lie in `data/`. What imports what is checked by import-linter
(pyproject.toml).
"""
