"""The one place where a run gets what it asks: `open_engine(home, "planner", index)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from policybot.answer.engines import open_bot
from policybot.answer.model import Answer
from policybot.home import Home
from policybot.index.open import Index


class Bot(Protocol):
    """What is needed of an engine; safe to share between threads."""

    def ask(self, question: str, history: Any = None) -> Answer:
        """The answer to one question."""
        ...


def open_engine(home: Home, engine: str, index: Index) -> Bot:
    """The engine of that name over an opened index.

    Raises:
        PolicybotError: there is no such engine, or its model is not available.
    """
    bot: Bot = open_bot(home, engine, index=index)
    return bot


def usage_of(bot: Bot) -> dict[str, int] | None:
    """Tokens of this thread's last answer, None when no language model was asked."""
    usage = getattr(bot, "last_usage", None)
    if usage is None:
        return None
    names = ("input_tokens", "output_tokens")
    values = usage if isinstance(usage, Mapping) else {name: getattr(usage, name) for name in names}
    return {name: int(values[name]) for name in names}
