"""Whatever a chat model or its server does, the planner answers and one line says why."""

from __future__ import annotations

import socket
import threading

import pytest

from policybot.answer.agent.failures import notices
from policybot.answer.bot import PolicyBot
from tests.answer.agent.conftest import BotAt
from tests.answer.agent.server import ChatServer, Entry, Reply, call, say
from tests.answer.agent.test_agent import EN, GOOD, QUESTIONS, SEARCH, ZH, reply

SECRET = "sk-very-secret-0123456789"
FOREVER = 60.0
LOOK = call(("search", {"question": ZH}))

FAILURES: dict[str, tuple[str, list[Entry]]] = {
    "wrong key": ("key", [Reply(f"Incorrect API key: {SECRET}", status=401)]),
    "key without rights": ("key", [Reply("no", status=403)]),
    "unknown model": ("model", [Reply("The model does not exist", status=404)]),
    "too many requests": ("rate", [Reply("slow down", status=429)]),
    "server error": ("server", [Reply("oops", status=500)]),
    "error page": ("server", [Reply(status=502, raw=b"<html>Bad gateway</html>")]),
    "refused request": ("request", [Reply("no tools here", status=400)]),
    "error after a tool call": ("server", [SEARCH, Reply("oops", status=503)]),
    "stream cut in a word": ("broken", [SEARCH, say("森林覆", cut=True)]),
    "stream cut in a tool call": ("broken", [call(("search", {"question": ZH}), cut=True)]),
    "stream cut after what could be shown": ("broken", [SEARCH, reply(GOOD["zh"] + "森林覆", cut=True)]),
    "no event at all": ("empty", [Reply(raw=b"")]),
    "not a stream": ("empty", [Reply(raw=b"<html>hello</html>")]),
    "not JSON": ("broken", [Reply(raw=b"data: {not json}\n\ndata: [DONE]\n\n")]),
    "not UTF-8": ("broken", [Reply(raw=b'data: {"id": "\xff\xfe"\n\n')]),
    "empty reply": ("empty", [SEARCH, say("")]),
    "blank reply": ("empty", [SEARCH, say(" \n ")]),
    "endless reply": ("long", [SEARCH, say("一直写下去。" * 4000)]),
    "endless sentence": ("long", [SEARCH, say("一直写下去" * 600)]),
    "endless loop": ("loop", [LOOK]),
    "malformed arguments": ("arguments", [Reply(calls=(("search", '}{"question" 森]'),))]),
    "arguments that are no object": ("arguments", [Reply(calls=(("search", "[1, 2"),))]),
    "chatter": ("unsupported", [say("Hello! How can I help you today?")]),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("what", FAILURES)
def test_the_planner_answers_and_one_line_says_why(
    bot_at: BotAt, bot: PolicyBot, what: str, language: str
) -> None:
    kind, script = FAILURES[what]
    question = QUESTIONS[language]
    with ChatServer(script) as server:
        agent = bot_at(server.url, max_calls=3)
        events = list(agent.stream(question))
    answer = events[-1].answer
    plan = bot.ask(question)
    assert answer is not None and answer.engine == "planner"
    assert (answer.answer, answer.citations, answer.results) == (plan.answer, plan.citations, plan.results)
    expected = notices()[language][kind].format_map({"model": "scripted"})
    assert answer.warnings == [*plan.warnings, expected]
    assert [e.text for e in events if e.kind == "notice"] == [expected]
    after = events[[e.kind for e in events].index("notice") :]
    assert "".join(e.text for e in after if e.kind == "text") == answer.answer
    assert SECRET not in repr(events) and SECRET not in repr(vars(agent))
    assert agent.last_usage == events[-1].usage


@pytest.mark.parametrize(
    "script",
    [
        [say("x", wait=FOREVER)],
        [SEARCH, say("x" * 70, drip=FOREVER)],
        [SEARCH, Reply("busy", status=429, wait=FOREVER)],
    ],
    ids=["silent", "dripping", "slow to refuse"],
)
def test_a_slow_server_is_not_waited_for(bot_at: BotAt, script: list[Entry]) -> None:
    with ChatServer(script) as server:
        answer = bot_at(server.url, timeout=0.5).ask(EN)
        server.closing.set()
    assert answer.engine == "planner" and "within 0.5 seconds" in answer.warnings[-1]


def test_a_server_that_is_not_there(bot_at: BotAt) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = bot_at(f"http://127.0.0.1:{port}/v1").ask(EN)
    assert answer.engine == "planner" and "cannot be reached" in answer.warnings[-1]


def test_a_passing_error_is_tried_again(bot_at: BotAt) -> None:
    script: list[Entry] = [
        Reply("busy", status=429, headers=(("Retry-After-Ms", "1"),)),
        SEARCH,
        reply(GOOD["zh"]),
    ]
    with ChatServer(script) as server:
        answer = bot_at(server.url, retries=1).ask(ZH)
    assert answer.engine == "llm:openai:scripted" and len(server.requests) == 3


def test_a_caller_that_leaves_ends_the_run(bot_at: BotAt) -> None:
    with ChatServer([SEARCH]) as server:
        events = bot_at(server.url).stream(ZH)
        assert next(events).kind == "step"
        close = getattr(events, "close")  # noqa: B009 - an Iterator has none, the generator does
        close()
        for thread in threading.enumerate():
            if thread.name == "agent":
                thread.join(30)
                assert not thread.is_alive()
