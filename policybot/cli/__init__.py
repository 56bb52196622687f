"""The command line: presentation only, one module per command.

Comes in: the user's words. Goes out: answers and tables on standard output, progress and one-sentence
errors on standard error, a documented exit code. Start with `entry.py` (the application and `main`);
`render.py` turns answers and clauses into lines, `output.py` prints lines, `data/messages.toml` holds
every sentence in both languages. Nothing heavy is imported before a command needs it.
"""

from policybot.cli.entry import app, main, program

__all__ = ["app", "main", "program"]
