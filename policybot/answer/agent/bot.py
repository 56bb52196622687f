"""`AgentBot`: the method of `PolicyBot`, answered by a chat model that calls the toolbox.

The model proposes, the check disposes: only sentences that their evidence carries are told or kept. When
none is left or the model fails, the planner answers and one line says why.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from policybot.answer.agent.evidence import Evidence
from policybot.answer.agent.failures import AgentFailure, notice
from policybot.answer.agent.models import MissingKey, ModelSpec, make_model
from policybot.answer.agent.prompts import NOT_FOUND, system_prompt, user_prompt
from policybot.answer.agent.run import Run
from policybot.answer.agent.verify import Verifier
from policybot.answer.bot import PolicyBot
from policybot.answer.checks.enforce import enforce
from policybot.answer.events import Event, Usage, replay
from policybot.answer.model import Answer, Step
from policybot.answer.planner import Planner
from policybot.answer.question.clean import clean_history, clean_question
from policybot.corpus.naming import find_document
from policybot.home import Home
from policybot.index.open import Index
from policybot.tools.langchain import policy_tools

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Language = Literal["zh", "en", "auto"]
_TRUST = 0.9  # confidence in a reply of which every sentence passed


class AgentBot:
    """Answers with a chat model over an opened index; safe to share between threads.

    Args:
        home: folder with settings and index.
        spec: the model, from `require_model`.
        index: an index that is open already.

    Raises:
        PolicybotError: the corpus or the index cannot be used.
    """

    def __init__(self, home: Home, spec: ModelSpec, *, index: Index | None = None) -> None:
        self.config = home.config.llm
        self.spec = spec
        self.engine = f"llm:{self.spec}"
        self._planner_bot = PolicyBot(home, index=index)
        self.index = self._planner_bot.index
        self._local = threading.local()

    @property
    def planner(self) -> Planner:
        """The deterministic driver over the same index."""
        return self._planner_bot.planner

    @property
    def last_usage(self) -> Usage | None:
        """What this thread's last answer cost at the model, also when the planner had to answer."""
        found: Usage | None = getattr(self._local, "usage", None)
        return found

    @cached_property
    def model(self) -> BaseChatModel:
        """The model's client, made at the first question."""
        return make_model(self.spec, self.config)

    def ask(
        self,
        question: str,
        history: Sequence[Mapping[str, object]] | None = None,
        *,
        id: str | int | None = None,
        documents: Sequence[str] = (),
        language: Language = "auto",
    ) -> Answer:
        """The answer to a question; see `PolicyBot.ask`."""
        *_, last = self.stream(question, history, id=id, documents=documents, language=language)
        assert last.answer is not None
        return last.answer

    def stream(
        self,
        question: str,
        history: Sequence[Mapping[str, object]] | None = None,
        *,
        id: str | int | None = None,
        documents: Sequence[str] = (),
        language: Language = "auto",
    ) -> Iterator[Event]:
        """`ask` as events: tool calls, checked sentences as they are ready, the answer."""
        started = time.perf_counter()
        text = clean_question(question)
        earlier = clean_history(history)
        chosen = [find_document(name, self.index.corpus).id for name in documents]
        spoken = self._planner_bot.language_of(text, earlier) if language == "auto" else language
        self._local.usage = Usage()
        talk = _Talk(self, question, text, earlier, chosen, spoken)
        try:
            yield from talk.events()
            answer = talk.answer()
        except AgentFailure as failure:
            self._local.usage = talk.usage
            why = self._notice(failure, spoken)
            yield Event("notice", why)
            plan = self._planner_bot.ask(question, history, id=id, documents=documents, language=language)
            plan.warnings.append(why)
            plan.elapsed_ms = round((time.perf_counter() - started) * 1000)
            yield from replay(plan, talk.usage)
            return
        self._local.usage = talk.usage
        if talk.refused:
            refusal = self._planner_bot.refuse(question, history, documents=documents, language=language)
            answer = replace(refusal, engine=self.engine, steps=[*talk.steps, *refusal.steps])
            answer.warnings += talk.warnings
            yield from (e for e in replay(answer) if e.kind == "text")
        answer.id = id
        answer.elapsed_ms = round((time.perf_counter() - started) * 1000)
        yield Event("answer", answer=answer, usage=talk.usage)

    def _notice(self, failure: AgentFailure, language: str) -> str:
        slots = {"name": failure.name, "variable": failure.name, "model": self.spec.name[:80]}
        return notice(failure.kind, language, seconds=f"{self.config.timeout:g}", **slots)


class _Talk:
    """One question with its run: what was told so far."""

    def __init__(
        self,
        bot: AgentBot,
        question: str,
        text: str,
        earlier: tuple[str, ...],
        documents: Sequence[str],
        language: str,
    ) -> None:
        self.bot, self.question, self.text, self.earlier = bot, question, text, earlier
        self.documents, self.language = documents, language
        self.steps: list[Step] = []
        self.told: list[str] = []
        self.removed = 0
        self.refused = False
        self.usage = Usage()
        self.evidence = Evidence(bot.index.corpus, question, documents)
        self.verifier = Verifier(bot.index.corpus, bot.planner.composer, self.evidence, question, language)

    def events(self) -> Iterator[Event]:
        """Steps and checked sentences.

        Raises:
            AgentFailure: no reply, or none of which a sentence is left.
        """
        try:
            model = self.bot.model
        except MissingKey as error:
            raise AgentFailure("no_key", str(error)) from None
        run = Run(
            model,
            policy_tools(self.bot.planner.searcher, self.documents),
            self.evidence,
            self.bot.config,
            system_prompt(self.language),
            user_prompt(self.text, self.earlier),
            finishes=self.bot.spec.compatible,
        )
        seen: set[str] = set()
        try:
            for event in run.events():
                if isinstance(event, Step):
                    self.steps.append(event)
                    yield Event("step", step=event)
                    continue
                if event.strip().strip(".。`*\"' ") == NOT_FOUND:
                    self.refused = True
                    continue
                sentence = self.verifier.accept(event)
                if sentence is None:
                    self.removed += 1
                elif sentence not in seen:
                    seen.add(sentence)
                    yield Event("text", self._joined(event, sentence))
        finally:
            self.usage = run.usage
        if self.told:
            self.refused = False
        elif not (self.refused and self.steps):
            raise AgentFailure("unsupported")

    def _joined(self, raw: str, sentence: str) -> str:
        """The sentence with what parts it from the one before."""
        lead = raw[: len(raw) - len(raw.lstrip())]
        between = "" if not self.told else "\n" if "\n" in lead else "" if self.language == "zh" else " "
        self.told.append(between + sentence)
        return self.told[-1]

    @property
    def warnings(self) -> list[str]:
        """How many sentences were left out."""
        if not self.removed:
            return []
        kind = "removed_one" if self.removed == 1 else "removed"
        return [notice(kind, self.language, count=self.removed)]

    def answer(self) -> Answer:
        """What was told as an answer, through the project's check once more.

        Raises:
            AgentFailure: nothing passes it.
        """
        shown = self.verifier.shown
        variants = self.bot.planner.composer.variant_warnings(shown.used, self.language)
        total = len(self.told) + self.removed
        made = Answer(
            id=None,
            question=self.question,
            language=self.language,
            status="answered",
            answer="".join(self.told),
            citations=shown.citations,
            results=shown.results,
            steps=self.steps,
            confidence=round(_TRUST * len(self.told) / max(1, total), 4),
            engine=self.bot.engine,
            warnings=[*variants, *self.warnings],
        )
        if self.refused:
            return made
        made = enforce(made, self.bot.index.corpus)
        if made.status != "answered":
            raise AgentFailure("unsupported")
        return made
