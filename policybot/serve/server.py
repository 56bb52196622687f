"""The MCP server: policybot's tools, resources and prompts, and one sentence for whatever cannot be done.

A call that is wrong (unknown tool or argument, wrong type, too long) or that asks for what is not there
comes back as a tool error with a sentence; the session goes on. No tool changes anything.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.server.mcpserver.tools import Tool
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolResult,
    GetPromptResult,
    InputRequiredResult,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Resource as ListedResource
from pydantic import ValidationError

from policybot import __version__
from policybot.cli.messages import say
from policybot.errors import PolicybotError
from policybot.serve.data_tools import Facts
from policybot.serve.library import Library
from policybot.serve.prompts import prompts
from policybot.serve.reading import Reading
from policybot.serve.refusals import language_for, unknown, wrong_arguments
from policybot.serve.reply import Output, Reply
from policybot.serve.resources import add_resources, list_documents
from policybot.serve.score_tools import Scores

NAME = "policybot"
INSTRUCTIONS = (
    "China's carbon-peaking policy documents, in Chinese, with answers in Chinese or English. `ask` answers "
    "with verbatim citations and refuses what the documents do not say; the other tools read clauses, "
    "targets, tables, cities and computed scores. Cite document, clause and file:line; never give a number "
    "that no citation or computed result carries. "
    "/ 中国双碳政策文献：`ask` 作答并逐字引注，文献没有的内容会拒答；"
    "其余工具查阅条款、目标、表格、城市和计算得分。引用须注明文献、条款与行号。"
)


def build_server(library: Library) -> PolicyServer:
    """The server over a library; the index is opened at the first call that needs it."""
    reading, facts, scores = Reading(library), Facts(library), Scores(library)
    functions: list[Callable[..., Reply]] = [
        reading.ask,
        reading.search,
        reading.documents,
        reading.outline,
        reading.clause,
        reading.variants,
        facts.targets,
        facts.tables,
        facts.table,
        facts.city,
        facts.compare_cities,
        facts.kyoto,
        scores.score_systems,
        scores.score_ranking,
        scores.score_explanation,
        scores.score_what_if,
        scores.score_robustness,
    ]
    server = PolicyServer(library, [_tool(function) for function in functions])
    for prompt in prompts():
        server.add_prompt(prompt)
    add_resources(server, library)
    return server


class PolicyServer(MCPServer):
    """MCPServer whose refusals are sentences of ours and which lists documents once they are read."""

    def __init__(self, library: Library, tools: list[Tool]) -> None:
        super().__init__(
            NAME,
            title="policybot",
            version=__version__,
            instructions=INSTRUCTIONS,
            tools=tools,
            log_level="ERROR",
        )
        self.library = library
        self.known = {tool.name: tool for tool in tools}
        self._listed = False

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Calls a tool; what is wrong with the call becomes a `ToolError` with a sentence."""
        language = language_for(arguments)
        tool = self.known.get(name)
        if tool is None:
            raise ToolError(unknown("tool-unknown", name, self.known, language))
        takes = tool.parameters["properties"]
        strange = next((key for key in arguments if key not in takes), None)
        if strange is not None:
            raise ToolError(unknown("argument-unknown", strange, takes, language, tool=name))
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, ValidationError):
                raise ToolError(wrong_arguments(name, cause, language)) from cause
            if isinstance(cause, ToolError):
                raise cause from None
            raise

    async def list_resources(self) -> list[ListedResource]:
        """The documents; read when they are first asked for."""
        if not self._listed:
            import anyio

            await anyio.to_thread.run_sync(list_documents, self, self.library)
            self._listed = True
        return await super().list_resources()

    async def read_resource(self, uri: Any, context: Context[Any, Any] | None = None) -> Any:
        """Reads a resource; a URI of no kind gets a sentence too."""
        try:
            return await super().read_resource(uri, context)
        except ResourceNotFoundError as error:
            if str(error).startswith("Unknown resource"):
                shown = str(uri)[:200]
                raise ResourceNotFoundError(say("resource-unknown", "en", name=shown)) from None
            raise

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: Context[Any, Any] | None = None
    ) -> GetPromptResult | InputRequiredResult:
        """Fills in a prompt; what is wrong with the request becomes a sentence."""
        given = arguments or {}
        language = language_for(given)
        offered = {prompt.name: prompt for prompt in await self.list_prompts()}
        if name not in offered:
            raise _invalid(unknown("prompt-unknown", name, offered, language))
        takes = offered[name].arguments or []
        strange = next((key for key in given if key not in {a.name for a in takes}), None)
        if strange is not None:
            names = [a.name for a in takes]
            raise _invalid(unknown("argument-unknown", strange, names, language, tool=name))
        missing = next((a.name for a in takes if a.required and a.name not in given), None)
        if missing is not None:
            raise _invalid(say("argument-missing", language, tool=name, name=missing))
        try:
            return await super().get_prompt(name, arguments, context)
        except ValueError as error:
            cause: BaseException | None = error
            while cause is not None and not isinstance(cause, ValidationError):
                cause = cause.__cause__
            if cause is None:
                raise
            raise _invalid(wrong_arguments(name, cause, language)) from None


def _invalid(sentence: str) -> MCPError:
    return MCPError(code=INVALID_PARAMS, message=sentence)


def _tool(function: Callable[..., Reply]) -> Tool:
    """A tool of a function: same name, arguments and docstring; its reply as text and structured content."""

    @functools.wraps(function)
    def call(**arguments: Any) -> CallToolResult:
        try:
            reply = function(**arguments)
        except PolicybotError as error:
            raise ToolError(error.sentence(language_for(arguments))) from error
        return CallToolResult(
            content=[TextContent(type="text", text=reply.text)], structured_content=reply.structured
        )

    signature = inspect.signature(function, eval_str=True)
    call.__signature__ = signature.replace(  # type: ignore[attr-defined]
        return_annotation=Annotated[CallToolResult, Output]
    )
    tool = Tool.from_function(
        call,
        description=" ".join((function.__doc__ or "").split()),
        annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )
    tool.parameters["additionalProperties"] = False
    return tool
