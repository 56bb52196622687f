"""`policybot doc`: the documents themselves: list, outline, any clause in place."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from policybot.cli.options import JsonOption, LangOption, help_when_bare, session_of
from policybot.cli.output import show, show_json
from policybot.cli.reading import render_clause, render_documents, render_outline

app = typer.Typer(
    help="Read the documents. / 阅读文献。",
    invoke_without_command=True,
    callback=help_when_bare,
)


@app.command("list")
def list_documents(context: typer.Context, as_json: JsonOption = False, lang: LangOption = "auto") -> None:
    """List the documents. / 列出全部文献。"""
    from policybot.corpus import load_corpus
    from policybot.tools import documents

    session = session_of(context, lang)
    entries = documents(load_corpus(session.home.corpus_root))
    if as_json:
        show_json([asdict(entry) for entry in entries])
    else:
        show(render_documents(entries, session.language))


@app.command()
def outline(
    context: typer.Context,
    document: Annotated[list[str], typer.Argument(help="Id, title or alias. / 文献编号、标题或简称。")],
    depth: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Only N levels. / 只显示 N 层。", show_default=False),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Show the clause tree of a document. / 显示文献的条款结构。"""
    from policybot.corpus import load_corpus
    from policybot.tools import outline as outline_of
    from policybot.tools import resolve_document

    session = session_of(context, lang)
    corpus = load_corpus(session.home.corpus_root)
    found = resolve_document(corpus, " ".join(document))
    entries = outline_of(corpus, found.id, depth)
    if as_json:
        show_json([asdict(entry) for entry in entries])
    else:
        show(render_outline(corpus, found, entries, session.language))


@app.command("show")
def show_clause(
    context: typer.Context,
    clause: Annotated[
        list[str],
        typer.Argument(help='Clause by any name, e.g. "行动方案 三（四）3". / 条款的任意称呼。'),
    ],
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Show a clause in place, with what other copies read. / 显示条款原文及各版本差异。"""
    from policybot.corpus import load_corpus
    from policybot.tools import clause as clause_of

    session = session_of(context, lang)
    corpus = load_corpus(session.home.corpus_root)
    view = clause_of(corpus, " ".join(clause))
    if as_json:
        show_json(asdict(view))
    else:
        show(render_clause(corpus, view, session.language))
