"""One run of the agent: the model and the tools in a thread of their own, what happens as it happens.

The thread ends with the run's time whatever a server does, since the caller waits for a queue and not for
a socket.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from policybot.answer.agent.evidence import Evidence
from policybot.answer.agent.failures import AgentFailure, classify
from policybot.answer.agent.sentence import Splitter
from policybot.answer.events import Usage
from policybot.answer.model import Step
from policybot.home import LlmConfig

if TYPE_CHECKING:
    from langchain.agents.middleware import AgentMiddleware
    from langchain_core.language_models import BaseChatModel
    from langchain_core.tools import BaseTool

LONGEST_REPLY = 20_000  # characters of all that the model writes in one run
_LONGEST_ARGUMENT = 300  # characters of a tool's argument that a step shows


@dataclass
class Run:
    """One question put to the model.

    `finishes` says that the server marks the end of a reply, so that one without the mark was cut off.
    After the events have been read, `reply` is the text of the last message and `usage` what it cost.
    """

    model: BaseChatModel
    tools: Sequence[BaseTool]
    evidence: Evidence
    config: LlmConfig
    system: str
    prompt: str
    finishes: bool = False
    reply: str = ""
    usage: Usage = field(default_factory=Usage)

    def events(self) -> Iterator[Step | str]:
        """Tool calls, and the model's sentences, unchecked, as they come.

        Raises:
            AgentFailure: no reply came; what was told before stands for nothing.
        """
        told: queue.Queue[tuple[str, Any]] = queue.Queue()
        stop = threading.Event()
        deadline = time.monotonic() + self.config.timeout
        threading.Thread(target=self._work, args=(told.put, stop), daemon=True, name="agent").start()
        try:
            yield from self._read(told, deadline)
        finally:
            stop.set()

    def _read(self, told: queue.Queue[tuple[str, Any]], deadline: float) -> Iterator[Step | str]:
        splitter = Splitter()
        speaking: object = None
        written = 0
        answered = False
        while True:
            try:
                kind, value = told.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AgentFailure("timeout") from None
            if kind == "failed":
                raise classify(value)
            if kind == "done":
                break
            if kind == "step":
                yield value
            elif kind == "chunk":
                identity, text = value
                if identity != speaking:
                    yield from splitter.rest()
                    speaking = identity
                written += len(text)
                yield from splitter.feed(text)
                if written > LONGEST_REPLY or splitter.endless:
                    raise AgentFailure("long")
            elif kind == "message":
                self._count(value)
                answered = not value.tool_calls
                if self.finishes and not value.response_metadata.get("finish_reason"):
                    raise AgentFailure("broken")
                if answered and value.invalid_tool_calls:
                    raise AgentFailure("arguments")
                self.reply = str(value.text)
        yield from splitter.rest()
        if not answered:
            raise AgentFailure("loop")
        if not self.reply.strip():
            raise AgentFailure("empty")

    def _count(self, message: Any) -> None:
        cost = message.usage_metadata or {}
        self.usage = Usage(
            self.usage.calls + 1,
            self.usage.input_tokens + int(cost.get("input_tokens") or 0),
            self.usage.output_tokens + int(cost.get("output_tokens") or 0),
        )

    def _work(self, tell: Callable[[tuple[str, Any]], None], stop: threading.Event) -> None:
        try:
            for event in self._agent(tell, stop):
                if stop.is_set():
                    return
                tell(event)
            tell(("done", None))
        except BaseException as error:  # whatever it is, the caller must hear of it
            tell(("failed", error))

    def _agent(
        self, tell: Callable[[tuple[str, Any]], None], stop: threading.Event
    ) -> Iterator[tuple[str, Any]]:
        from langchain.agents import create_agent
        from langchain.agents.middleware import ModelCallLimitMiddleware
        from langchain_core.messages import AIMessage, AIMessageChunk
        from langsmith import tracing_context

        limit = max(1, self.config.max_calls)
        agent = create_agent(
            self.model,
            list(self.tools),
            system_prompt=self.system,
            middleware=[
                ModelCallLimitMiddleware(run_limit=limit, exit_behavior="end"),
                recorder(self.evidence, lambda step: tell(("step", step)), stop),
            ],
        )
        # Tracing variables of the environment send questions and documents away: only when asked for.
        with tracing_context(enabled=None if self.config.tracing else False):
            stream: Iterator[Any] = agent.stream(
                {"messages": [{"role": "user", "content": self.prompt}]},
                config={"recursion_limit": 6 * limit + 20},
                stream_mode=["messages", "updates"],
            )
            for mode, payload in stream:
                if mode == "messages":
                    chunk, about = payload
                    said = isinstance(chunk, AIMessageChunk | AIMessage)
                    if said and about.get("langgraph_node") == "model":
                        yield "chunk", (chunk.id, str(chunk.text))
                    continue
                for node, update in payload.items():
                    if node == "model":
                        for message in (update or {}).get("messages", []):
                            if isinstance(message, AIMessage):
                                yield "message", message


def recorder(
    evidence: Evidence, tell: Callable[[Step], None], stop: threading.Event
) -> AgentMiddleware[Any, Any]:
    """The layer around tool calls: results become numbered evidence, errors a sentence for the model."""
    from langchain.agents.middleware import AgentMiddleware
    from langchain_core.messages import ToolMessage

    class Recorder(AgentMiddleware[Any, Any]):
        def wrap_tool_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
            call = request.tool_call
            if stop.is_set():
                raise AgentFailure("timeout")
            try:
                message = handler(request)
            except Exception as error:  # a tool's defect is the model's to work around
                content = f"The tool failed ({type(error).__name__})."
                return ToolMessage(content, tool_call_id=call["id"], name=call["name"], status="error")
            if not isinstance(message, ToolMessage):
                return message
            before = len(evidence)
            if message.status != "error":
                content = evidence.take(call["name"], call["args"], str(message.text), message.artifact)
                message = message.model_copy(update={"content": content})
            tell(Step(call["name"], shown(call["args"]), f"+{len(evidence) - before}"))
            return message

    return Recorder()


def shown(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A tool's arguments as a step shows them: plain values, long texts cut."""
    return {str(key)[:60]: _plain(value) for key, value in list(arguments.items())[:20]}


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | None) else str(value)[:_LONGEST_ARGUMENT]
