"""What commands open before they answer or search: the index, and the bot of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policybot.cli.output import Progress, complain
from policybot.cli.session import Session

if TYPE_CHECKING:
    from policybot.answer.engines import Bot
    from policybot.index.open import Index


def engine_of(llm: str | None) -> str:
    """The engine that --llm names: "default" is the model of the settings, nothing the planner."""
    if llm is None:
        return "planner"
    return "llm" if llm.strip().lower() in ("", "default") else f"llm:{llm.strip()}"


def index_opened(session: Session, *, asking: bool = False) -> Index:
    """The index, built if need be; progress and what the user should know go to stderr.

    Args:
        asking: see `ensure_index`.

    Raises:
        PolicybotError: the corpus or the index cannot be used.
    """
    from policybot.index.open import ensure_index

    with Progress(session) as progress:
        index = ensure_index(session.home, progress, asking=asking)
    for english, chinese in index.warnings:
        complain(chinese if session.language == "zh" else english)
    return index


def engine_opened(session: Session, engine: str) -> Bot:
    """The bot of an engine, over an up-to-date index.

    Raises:
        PolicybotError: as `policybot.answer.engines.open_bot`; a bad engine before an index is built for it.
    """
    from policybot.answer.engines import open_bot, require_engine

    require_engine(session.home, engine)
    return open_bot(session.home, engine, index=index_opened(session, asking=True))
