"""A scripted chat server on the loopback interface that speaks OpenAI's protocol, streamed or whole.

    with ChatServer([call("search", question="…"), say("… [1]")]) as server:
        bot = bot_at(server.url)

Each request takes the next entry of the script; the last one is repeated. An entry is a reply, or a function
from the request's body to one, for replies that depend on what the tools returned.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Body = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What the server sends.

    Args:
        text: of the assistant.
        calls: tool calls as (name, arguments as a JSON text).
        status: of the response; with one above 200 `text` is the error's message.
        cut: the connection ends after the text, without a finish.
        raw: bytes sent as the body instead of everything else.
        wait: seconds before the first byte; `drip` seconds before each piece of text.
        headers: more headers.
    """

    text: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    status: int = 200
    cut: bool = False
    raw: bytes | None = None
    wait: float = 0.0
    drip: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()


Entry = Reply | Callable[[Body], Reply]


def say(text: str, **options: Any) -> Reply:
    """A reply in words."""
    return Reply(text, **options)


def call(*calls: tuple[str, dict[str, Any]], text: str = "", **options: Any) -> Reply:
    """A reply that calls tools, side by side when there are several."""
    made = tuple((name, json.dumps(arguments, ensure_ascii=False)) for name, arguments in calls)
    return Reply(text, made, **options)


def evidence_in(body: Body) -> dict[int, str]:
    """The numbered evidence and results that a request holds, number → text."""
    said = "\n".join(str(m.get("content")) for m in body["messages"] if m["role"] == "tool")
    found = re.findall(r'<(evidence|result) n="(\d+)"[^>]*>\n(.*?)\n</\1>', said, re.DOTALL)
    return {int(n): text for _, n, text in found}


def number_of(body: Body, words: str) -> int:
    """The number of the evidence that holds some words, blanks aside."""
    bare = re.sub(r"\s", "", words)
    return next(n for n, text in evidence_in(body).items() if bare in re.sub(r"\s", "", text))


@dataclass
class ChatServer:
    """The server; `requests` are the bodies received, `keys` the Authorization headers."""

    script: Sequence[Entry]
    requests: list[Body] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Base URL for a client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                return

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                raw = self.rfile.read(length)
                outer.paths.append(self.path)
                if not self.path.endswith("/chat/completions"):
                    self.send_error(404)
                    return
                body = json.loads(raw)
                outer.keys.append(self.headers.get("Authorization", ""))
                entry = outer.script[min(len(outer.requests), len(outer.script) - 1)]
                outer.requests.append(body)
                try:
                    reply = entry(body) if callable(entry) else entry
                except Exception as error:  # a mistake in the script must not look like a broken stream
                    outer.mistakes.append(repr(error))
                    reply = Reply("the script is wrong", status=500)
                self.close_connection = True
                try:
                    outer._send(self, body, reply)
                except (BrokenPipeError, ConnectionResetError):
                    return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        assert not self.mistakes, self.mistakes

    def _send(self, handler: BaseHTTPRequestHandler, body: Body, reply: Reply) -> None:
        self.closing.wait(reply.wait)
        stream = bool(body.get("stream")) and reply.status == 200
        handler.send_response(reply.status)
        handler.send_header("Content-Type", "text/event-stream" if stream else "application/json")
        for name, value in reply.headers:
            handler.send_header(name, value)
        handler.send_header("Connection", "close")
        handler.end_headers()
        if reply.raw is not None:
            handler.wfile.write(reply.raw)
        elif reply.status != 200:
            error = {"error": {"message": reply.text, "type": "scripted", "code": None}}
            handler.wfile.write(json.dumps(error).encode())
        elif stream:
            for event in _stream(reply):
                if event.get("drip"):
                    self.closing.wait(reply.drip)
                    event.pop("drip")
                handler.wfile.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
                handler.wfile.flush()
            if not reply.cut:
                handler.wfile.write(b"data: [DONE]\n\n")
        else:
            handler.wfile.write(json.dumps(_whole(reply)).encode())


_HEAD: Body = {"id": "chat-1", "created": 1, "model": "scripted"}
_USAGE = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}


def _calls(reply: Reply) -> list[Body]:
    return [
        {"index": at, "id": f"call-{at}", "type": "function", "function": {"name": n, "arguments": a}}
        for at, (n, a) in enumerate(reply.calls)
    ]


def _stream(reply: Reply) -> list[Body]:
    def chunk(delta: Body, finish: str | None = None) -> Body:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {**_HEAD, "object": "chat.completion.chunk", "choices": [choice]}

    events = [chunk({"role": "assistant", "content": ""})]
    pieces = [reply.text[at : at + 7] for at in range(0, len(reply.text), 7)]
    events += [{**chunk({"content": piece}), "drip": bool(reply.drip)} for piece in pieces]
    for made in _calls(reply):
        # The arguments arrive in two pieces, as they do from real servers.
        name, text = made["function"]["name"], made["function"]["arguments"]
        half = len(text) // 2
        first = {**made, "function": {"name": name, "arguments": text[:half]}}
        events.append(chunk({"tool_calls": [first]}))
        rest = {"index": made["index"], "function": {"arguments": text[half:]}}
        events.append(chunk({"tool_calls": [rest]}))
    if reply.cut:
        return events
    events.append(chunk({}, "tool_calls" if reply.calls else "stop"))
    events.append({**_HEAD, "object": "chat.completion.chunk", "choices": [], "usage": _USAGE})
    return events


def _whole(reply: Reply) -> Body:
    message: Body = {"role": "assistant", "content": reply.text}
    if reply.calls:
        message["tool_calls"] = [{k: v for k, v in c.items() if k != "index"} for c in _calls(reply)]
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if reply.calls else "stop"}
    return {**_HEAD, "object": "chat.completion", "choices": [choice], "usage": _USAGE}
