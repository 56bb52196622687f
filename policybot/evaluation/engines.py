"""The one place where a run gets what it asks: `open_engine(home, "planner", index)`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from policybot.answer.bot import PolicyBot
from policybot.answer.model import Answer
from policybot.errors import ModelError, PolicybotError
from policybot.home import Home
from policybot.index.open import Index

PLANNER = "planner"
_ENGINES = "policybot.answer.engines"


class Bot(Protocol):
    """What is needed of an engine; safe to share between threads."""

    def ask(self, question: str, history: Any = None) -> Answer:
        """The answer to one question."""
        ...


def open_engine(home: Home, engine: str, index: Index) -> Bot:
    """The engine of that name over an opened index.

    Raises:
        ModelError: the model is not available. PolicybotError: there is no such engine.
    """
    if engine != PLANNER and not engine.startswith("llm"):
        raise PolicybotError(
            f"There is no engine “{engine}”.",
            "Choose planner or llm:MODEL.",
            what_zh=f"没有名为“{engine}”的引擎。",
            hint_zh="请选择 planner 或 llm:模型名。",
        )
    if find_spec(_ENGINES) is not None:
        bot: Bot = import_module(_ENGINES).open_bot(home, engine, index=index)
        return bot
    if engine == PLANNER:
        return PolicyBot(index=index)
    raise ModelError(
        f"This version of policybot has no engine {engine}.",
        "Use --engine planner.",
        what_zh=f"此版本的 policybot 没有引擎 {engine}。",
        hint_zh="请使用 --engine planner。",
    )


def usage_of(bot: Bot) -> dict[str, int] | None:
    """Tokens of this thread's last answer, None when no language model was asked."""
    usage = getattr(bot, "last_usage", None)
    if usage is None:
        return None
    names = ("input_tokens", "output_tokens")
    values = usage if isinstance(usage, Mapping) else {name: getattr(usage, name) for name in names}
    return {name: int(values[name]) for name in names}
