"""`policybot chat`: a conversation in the terminal whose answers show the clause.

In: lines from a terminal (prompt_toolkit), a plain terminal or a pipe. Out: answers as they become ready,
their sources, and a session file a line at a time. Start with `command.py` (options), then `talk.py`, which
does what a line says; `commands.py` holds the /commands, `store.py` the session files, `screen.py` what is
printed, `prompt.py` where lines come from, `export*.py` Markdown and Word.
"""
