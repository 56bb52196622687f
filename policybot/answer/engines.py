"""One door to everything that answers: `open_bot(home, "planner")`, `open_bot(home, "llm:ollama:qwen3")`.

The planner needs no chat model and is what is used unless a model is asked for; LangChain's agents are
imported for the "llm:" engines only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from policybot.answer.bot import PolicyBot
from policybot.answer.events import Event, Usage
from policybot.answer.model import Answer
from policybot.answer.planner import Planner
from policybot.errors import PolicybotError
from policybot.home import Home
from policybot.index.open import Index

if TYPE_CHECKING:
    from policybot.answer.agent.models import ModelSpec

Language = Literal["zh", "en", "auto"]
PLANNER = "planner"
LLM = "llm:"


class Bot(Protocol):
    """What answers questions; `ask` and `stream` may be called from several threads."""

    index: Index

    @property
    def engine(self) -> str:
        """ "planner" or "llm:SPEC"."""

    @property
    def planner(self) -> Planner:
        """The deterministic driver over the same index."""

    @property
    def last_usage(self) -> Usage | None:
        """What this thread's last answer cost at a chat model, None when none was asked."""

    def ask(
        self,
        question: str,
        history: Sequence[Mapping[str, object]] | None = None,
        *,
        id: str | int | None = None,
        documents: Sequence[str] = (),
        language: Language = "auto",
    ) -> Answer:
        """The answer to a question; arguments and errors are those of `PolicyBot.ask`."""

    def stream(
        self,
        question: str,
        history: Sequence[Mapping[str, object]] | None = None,
        *,
        id: str | int | None = None,
        documents: Sequence[str] = (),
        language: Language = "auto",
    ) -> Iterator[Event]:
        """The same, told as it happens; the last event holds the answer. Errors come at the first event."""


def open_bot(
    home: Home | Path | str | None = None, engine: str = PLANNER, *, index: Index | None = None
) -> Bot:
    """A bot by the name of its engine.

    Args:
        home: home folder, or a `Home`; found as on the command line when left out.
        engine: "planner", or "llm:" and a chat model ("llm:openai:gpt-5-mini", "llm:ollama:qwen3"); a bare
            "llm" is the model of policybot.toml.
        index: an index that is open already.

    Raises:
        PolicybotError: an unknown engine or model, a model while connections are forbidden, a package
            that is missing, or a corpus or index that cannot be used.
    """
    place = home if isinstance(home, Home) else Home.resolve(Path(home) if home is not None else None)
    spec = require_engine(place, engine)
    if spec is None:
        return PolicyBot(place, index=index)
    from policybot.answer.agent.bot import AgentBot

    return AgentBot(place, spec, index=index)


def require_engine(home: Home, engine: str) -> ModelSpec | None:
    """The chat model behind an engine's name, None for the planner; opens nothing and sends nothing.

    Raises:
        PolicybotError: what `open_bot` raises, the corpus and the index aside.
    """
    name = engine.strip()
    if name in ("", PLANNER):
        return None
    if name == LLM.rstrip(":") or name.startswith(LLM):
        from policybot.answer.agent.models import require_model

        return require_model(home, name.partition(":")[2])
    raise PolicybotError(
        f'There is no engine "{engine[:80]}".',
        'Use "planner", or "llm:" with a chat model, such as llm:openai:gpt-5-mini.',
        what_zh=f"没有名为“{engine[:80]}”的引擎。",
        hint_zh="请用 planner，或 llm: 加对话模型，例如 llm:openai:gpt-5-mini。",
    )
