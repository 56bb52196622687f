"""`AgentBot`: the same method as `PolicyBot`, answered by a chat model that calls the toolbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from policybot.answer.bot import PolicyBot
from policybot.answer.events import Event, Usage
from policybot.answer.model import Answer
from policybot.answer.planner import Planner
from policybot.home import Home
from policybot.index.open import Index

Language = Literal["zh", "en", "auto"]


class AgentBot:
    """Answers with a chat model over an opened index."""

    def __init__(self, home: Home, spec: str, *, index: Index | None = None) -> None:
        self._fallback = PolicyBot(home, index=index)
        self.index = self._fallback.index
        self.engine = f"llm:{spec}"
        self.last_usage: Usage | None = None

    @property
    def planner(self) -> Planner:
        return self._fallback.planner

    def ask(
        self,
        question: str,
        history: Sequence[Mapping[str, object]] | None = None,
        *,
        id: str | int | None = None,
        documents: Sequence[str] = (),
        language: Language = "auto",
    ) -> Answer:
        return self._fallback.ask(question, history, id=id, documents=documents, language=language)

    def stream(
        self,
        question: str,
        history: Sequence[Mapping[str, object]] | None = None,
        *,
        id: str | int | None = None,
        documents: Sequence[str] = (),
        language: Language = "auto",
    ) -> Iterator[Event]:
        yield from self._fallback.stream(question, history, id=id, documents=documents, language=language)
