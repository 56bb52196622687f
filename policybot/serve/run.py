"""How a server is reached: standard input and output, or HTTP on this machine."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from policybot.errors import PolicybotError

if TYPE_CHECKING:
    from mcp.server.transport_security import TransportSecuritySettings

    from policybot.serve.server import PolicyServer

PATH = "/mcp"
LOOPBACK = "127.0.0.1"
INTERRUPTED = 130
LONGEST_REQUEST = 1_000_000  # bytes of an HTTP request
_DRAIN = 2  # seconds that open requests have to end after Ctrl-C


def require_mcp() -> None:
    """Checks that the package is there.

    Raises:
        PolicybotError: it is not; names the extra.
    """
    try:
        import mcp.server  # noqa: F401
    except ImportError as error:
        raise PolicybotError(
            "The MCP server needs the package mcp.",
            'Install it: pip install "policybot[mcp]".',
            what_zh="MCP 服务需要 mcp 包。",
            hint_zh='请安装：pip install "policybot[mcp]"。',
        ) from error


def read_address(text: str, host: str | None = None) -> tuple[str, int]:
    """Where to listen: "PORT" or "HOST:PORT" on this machine; another address only by `host`.

    Raises:
        PolicybotError: no port between 0 and 65535, or an address that other machines reach.
    """
    named, _, digits = text.strip().rpartition(":")
    named = named.removeprefix("[").removesuffix("]")
    if not (digits.isascii() and digits.isdigit()) or int(digits[:9]) > 65535:
        raise PolicybotError(
            f"{text[:80]!r} is no address to listen on.",
            "Write PORT or HOST:PORT, such as 8765 or 127.0.0.1:8765.",
            what_zh=f"“{text[:80]}”不是可监听的地址。",
            hint_zh="请写端口或 主机:端口，例如 8765 或 127.0.0.1:8765。",
        )
    if host is None and named and not is_loopback(named):
        raise PolicybotError(
            f"{named[:80]} can be reached from other machines.",
            f"Say that this is meant with --host {named[:80]}.",
            what_zh=f"其他机器可以访问 {named[:80]}。",
            hint_zh=f"如确需如此，请加 --host {named[:80]}。",
        )
    return host or named or LOOPBACK, int(digits)


def is_loopback(host: str) -> bool:
    """True for an address that only this machine reaches."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve_stdio(server: PolicyServer) -> None:
    """Serves until standard input ends. Standard output carries the protocol and nothing else."""
    # A thread waits in a read that nothing wakes, so that Ctrl-C could not end the process in order.
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    server.run("stdio")


def serve_http(server: PolicyServer, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serves over HTTP until Ctrl-C; `ready` gets the URL once requests are taken (port 0: any free one).

    Raises:
        PolicybotError: the address cannot be listened on.
    """
    import anyio
    import uvicorn

    listener = _listen(host, port)
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        host=host,
        max_request_body_size=LONGEST_REQUEST,
        transport_security=_security(host),
    )
    shown = f"[{host}]" if ":" in host else host
    config = uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=_DRAIN)
    with listener:
        ready(f"http://{shown}:{listener.getsockname()[1]}{PATH}")
        anyio.run(lambda: uvicorn.Server(config).serve(sockets=[listener]))


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(128)
        except OSError:
            listener.close()
            raise
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PolicybotError(
            f"The address {host[:80]}:{port} cannot be listened on ({reason}).",
            "Choose another port.",
            what_zh=f"无法监听地址 {host[:80]}:{port}（{reason}）。",
            hint_zh="请换一个端口。",
        ) from error
    return listener


def _security(host: str) -> TransportSecuritySettings | None:
    """On this machine only requests that name this machine: web pages cannot reach the server by a trick
    with names (DNS rebinding)."""
    from mcp.server.transport_security import TransportSecuritySettings

    if not is_loopback(host):
        return None
    names = [LOOPBACK, "localhost", "[::1]", f"[{host}]" if ":" in host else host]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[f"{name}:*" for name in names],
        allowed_origins=[f"http://{name}:*" for name in names],
    )
