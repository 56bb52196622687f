"""`policybot mcp`: the toolbox for programs that speak the Model Context Protocol."""

from __future__ import annotations

from typing import Annotated

import typer

from policybot.cli.messages import say
from policybot.cli.options import LangOption, NoTraceOption, session_of
from policybot.cli.output import Progress, complain
from policybot.errors import PolicybotError


def mcp(
    context: typer.Context,
    http: Annotated[
        str | None,
        typer.Option(
            metavar="[HOST:]PORT",
            help="HTTP on this machine instead of stdio. / 改用本机 HTTP，而非标准输入输出。",
            show_default=False,
        ),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Listen where other machines reach it. / 监听其他机器可访问的地址。",
            show_default=False,
        ),
    ] = None,
    no_trace: NoTraceOption = False,
    lang: LangOption = "auto",
) -> None:
    """Serve the tools over MCP. / 通过 MCP 提供全部工具。"""
    from policybot.serve.run import is_loopback, read_address, require_mcp, serve_http, serve_stdio

    session = session_of(context, lang)
    if host is not None and http is None:
        raise PolicybotError(
            "--host needs --http.",
            "For example: policybot mcp --http 8765 --host 0.0.0.0.",
            what_zh="使用 --host 时须同时给出 --http。",
            hint_zh="例如：policybot mcp --http 8765 --host 0.0.0.0。",
        )
    address = read_address(http, host) if http is not None else None
    if address is not None and not is_loopback(address[0]) and session.home.offline:
        raise PolicybotError(
            f"Connections are forbidden, so {address[0]} is not listened on.",
            "Leave out --host, or allow connections.",
            what_zh=f"已禁止联网，因此不监听 {address[0]}。",
            hint_zh="请去掉 --host，或允许联网。",
        )
    require_mcp()
    from policybot.serve.library import Library
    from policybot.serve.server import build_server

    server = build_server(Library(session.home, trace=not no_trace, progress=Progress(session)))
    if address is None:
        serve_stdio(server)
        return
    if not is_loopback(address[0]):
        complain(say("mcp-open-to-others", session.language, host=address[0]))
    serve_http(server, *address, lambda url: complain(say("mcp-serving", session.language, url=url)))
