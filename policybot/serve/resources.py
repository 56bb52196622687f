"""Documents and clauses as MCP resources: `policy://document/ID` and `policy://clause/ID`, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from policybot.cli.reading import render_clause, render_documents
from policybot.cli.render import place
from policybot.cli.wrap import one_line
from policybot.errors import PolicybotError
from policybot.serve.library import Library
from policybot.serve.reply import spoken
from policybot.tools import clause as clause_of
from policybot.tools import documents as documents_of
from policybot.tools import resolve_document

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from policybot.corpus.model import Corpus

DOCUMENT = "policy://document/"
CLAUSE = "policy://clause/"
LONGEST = 300  # characters of a name


def add_resources(server: MCPServer, library: Library) -> None:
    """Registers the templates; a name may be any that `policybot doc` takes."""
    from mcp.server.mcpserver.exceptions import ResourceNotFoundError

    def refuse(name: str, error: PolicybotError) -> ResourceNotFoundError:
        return ResourceNotFoundError(error.sentence(spoken("auto", name)))

    @server.resource(
        DOCUMENT + "{name}",
        name="document",
        title="A document / 文献全文",
        description="The clauses of a document with their lines; ID, title or short name. / 文献全文及行号。",
        mime_type="text/plain",
    )
    def document(name: str) -> str:
        try:
            return document_text(library.corpus, name[:LONGEST])
        except PolicybotError as error:
            raise refuse(name, error) from error

    @server.resource(
        CLAUSE + "{+name}",
        name="clause",
        title="A clause / 条款",
        description="A clause in place: text, line, references, other copies; ID or any name. / 条款原文。",
        mime_type="text/plain",
    )
    def clause(name: str) -> str:
        try:
            view = clause_of(library.corpus, name[:LONGEST])
        except PolicybotError as error:
            raise refuse(name, error) from error
        return "\n".join(one.plain for one in render_clause(library.corpus, view, "zh"))


def list_documents(server: MCPServer, library: Library) -> None:
    """Registers each document by itself, so that clients can show them in a list."""
    from mcp.server.mcpserver.resources import FunctionResource

    for entry in documents_of(library.corpus):
        server.add_resource(
            FunctionResource.from_function(
                lambda name=entry.id: document_text(library.corpus, name),
                uri=DOCUMENT + quote(entry.id),
                name=entry.id,
                title=entry.title_zh,
                description=" · ".join(filter(None, (entry.title_en, entry.date, entry.status))),
                mime_type="text/plain",
            )
        )


def document_text(corpus: Corpus, name: str) -> str:
    """A document: what the catalogue says of it, then every clause with id, label and line.

    Raises:
        PolicybotError: an unknown document; names the nearest.
    """
    found = resolve_document(corpus, name)
    entries = [entry for entry in documents_of(corpus) if entry.id == found.id]
    lines = [one.plain for one in render_documents(entries, "zh")]
    for clause in corpus.of(found.id):
        where = place(clause.text.file, clause.line_start, clause.line_end)
        heading = "" if clause.heading in clause.label else f" {clause.heading}"
        lines += ["", f"[{clause.label}{heading}] {CLAUSE}{clause.id} · {where}", one_line(clause.text.text)]
    return "\n".join(lines)
