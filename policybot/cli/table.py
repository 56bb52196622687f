"""`policybot table`: the published tables: list them, show one, ask one."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from policybot.cli.anchors import cell_data
from policybot.cli.layout import grid
from policybot.cli.messages import say
from policybot.cli.options import JsonOption, LangOption, help_when_bare, session_of
from policybot.cli.output import Line, line, show, show_json
from policybot.errors import PolicybotError

if TYPE_CHECKING:
    from policybot.corpus.model import Corpus, Table
    from policybot.facts.frames import Aggregate, TableResult

app = typer.Typer(
    help="Read and query the published tables. / 查看和查询公布的表格。",
    invoke_without_command=True,
    callback=help_when_bare,
)
TableArgument = Annotated[list[str], typer.Argument(help="Label or caption, e.g. 图表21. / 表号或表名。")]


@app.command("list")
def list_tables(context: typer.Context, as_json: JsonOption = False, lang: LangOption = "auto") -> None:
    """List the tables. / 列出全部表格。"""
    from policybot.corpus import load_corpus

    session = session_of(context, lang)
    corpus = load_corpus(session.home.corpus_root)
    show_json(tables_data(corpus)) if as_json else show(render_tables(corpus, session.language))


def tables_data(corpus: Corpus) -> list[dict[str, Any]]:
    """The tables as JSON, without their rows."""
    keys = ("id", "document", "label", "caption", "header")
    return [{k: getattr(t, k) for k in keys} | {"rows": len(t.rows)} for t in corpus.tables.values()]


def render_tables(corpus: Corpus, language: str) -> list[Line]:
    """The tables: label, caption, document, size, columns."""
    lines = []
    for table in corpus.tables.values():
        document = corpus.documents[table.document]
        title = document.short_zh if language == "zh" else document.short_en
        size = say("table-size", language, rows=len(table.rows), columns=len(table.header))
        lines.append(Line(((f"{table.label}  ", "number"), (table.caption, "strong")), hang=4))
        lines.append(line(f"{title} · {size} · {'、'.join(table.header)}", "dim", indent=4, hang=2))
    return lines


@app.command("show")
def show_table(
    context: typer.Context,
    table: TableArgument,
    plot: Annotated[
        Path | None,
        typer.Option(help="Save years as a timeline, PNG or SVG. / 保存年份时间线图。", show_default=False),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Show a table with the line of every row. / 显示一张表及每行出处。"""
    from policybot.corpus import load_corpus
    from policybot.facts.frames import find_table, query

    session = session_of(context, lang)
    corpus = load_corpus(session.home.corpus_root)
    found = find_table(corpus, " ".join(table))
    if plot is not None:
        from policybot.cli.plots import save_peak_years

        save_peak_years(plot, found, session.language)
    _print(corpus, query(found), session.language, as_json)


@app.command("query")
def query_table(
    context: typer.Context,
    table: TableArgument,
    where: Annotated[
        list[str] | None, typer.Option(help='Condition, e.g. "名额=3". / 条件。', show_default=False)
    ] = None,
    columns: Annotated[
        str, typer.Option(help="Columns, by comma. / 列，逗号分隔。", show_default=False)
    ] = "",
    sort: Annotated[str, typer.Option(help="Sort by; -COLUMN descends. / 排序列。", show_default=False)] = "",
    top: Annotated[
        int | None, typer.Option(min=1, help="Only the first N. / 前 N 行。", show_default=False)
    ] = None,
    aggregate: Annotated[
        list[str] | None, typer.Option(help="E.g. mean:名额. / 汇总。", show_default=False)
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Filter, sort and aggregate a table. / 筛选、排序、汇总。"""
    from policybot.corpus import load_corpus
    from policybot.facts.frames import column_of, find_table, parse_condition, query

    session = session_of(context, lang)
    corpus = load_corpus(session.home.corpus_root)
    found = find_table(corpus, " ".join(table))
    descending = sort.startswith("-")
    result = query(
        found,
        where=[parse_condition(w, found) for w in where or ()],
        columns=[column_of(found, c) for c in columns.replace("，", ",").split(",") if c.strip()],
        sort=column_of(found, sort.removeprefix("-")) if sort else "",
        descending=descending,
        top=top,
        aggregates=[parse_aggregate(found, text) for text in aggregate or ()],
    )
    _print(corpus, result, session.language, as_json)


def parse_aggregate(table: Table, text: str) -> tuple[Aggregate, str]:
    """ "mean:名额" as an aggregate of a column.

    Raises:
        PolicybotError: not of that form, or an unknown column.
    """
    from policybot.facts.frames import AGGREGATES, column_of

    wanted, _, column = text.partition(":")
    name = next((known for known in AGGREGATES if known == wanted.strip()), None)
    if name is None or not column:
        raise PolicybotError(
            f"{text!r} is no aggregate.",
            f"Write NAME:COLUMN with one of {', '.join(AGGREGATES)}.",
            what_zh=f"“{text}”不是有效的汇总方式。",
            hint_zh=f"格式：名称:列名，名称为 {'、'.join(AGGREGATES)} 之一。",
        )
    return name, column_of(table, column)


def _print(corpus: Corpus, result: TableResult, language: str, as_json: bool) -> None:
    show_json(result_data(corpus, result)) if as_json else show(render_result(corpus, result, language))


def render_result(corpus: Corpus, result: TableResult, language: str) -> list[Line]:
    """The rows of a result with their lines, then aggregates, ties and missing cells."""
    zh = language == "zh"
    document = corpus.documents[result.table.document]
    title = document.short_zh if zh else document.short_en
    head = ((f"{result.table.label}  ", "number"), (result.table.caption, "strong"), (f"  {title}", "dim"))
    lines = [Line(head, hang=2)]
    if result.rows:
        lines.append(line(corpus.clauses[result.rows[0].row].text.file, "dim"))
    shown = [["", *result.columns, ""]]
    for row in result.rows:
        rank = f"{row.rank}." if row.rank is not None else ""
        cells = [cell.text or "·" for cell in row.cells]
        shown.append([rank, *cells, f":{corpus.clauses[row.row].line_start}"])
    drawn = grid(shown, right=(0,))
    lines.append(line(drawn[0], "strong", indent=2, hang=2))
    lines += [line(text, indent=2, hang=4) for text in drawn[1:]]
    for found in result.aggregates:
        value = "–" if math.isnan(found.value) else f"{found.value:g}"
        text = say(
            "aggregate", language, name=found.name, column=found.column, value=value, count=len(found.rows)
        )
        lines.append(line(text, "value"))
    if result.tied:
        lines.append(line(say("tied", language, rows=_names(result.tied, zh)), "warning"))
    if result.missing:
        lines.append(line(say("missing-cells", language, rows=_names(result.missing, zh)), "warning"))
    return lines


def _names(rows: tuple[str, ...], zh: bool) -> str:
    return ("、" if zh else ", ").join(row.rsplit("/", 1)[-1] for row in rows)


def result_data(corpus: Corpus, result: TableResult) -> dict[str, Any]:
    """A result as JSON, each cell with source and line."""
    return {
        "table": result.table.id,
        "label": result.table.label,
        "caption": result.table.caption,
        "columns": list(result.columns),
        "rows": [
            {
                "row": row.row,
                "rank": row.rank,
                "cells": {
                    column: cell_data(corpus, cell)
                    for column, cell in zip(result.columns, row.cells, strict=True)
                },
            }
            for row in result.rows
        ],
        "aggregates": [
            {
                "kind": "computed",
                "name": a.name,
                "column": a.column,
                "value": None if math.isnan(a.value) else a.value,
                "rows": list(a.rows),
            }
            for a in result.aggregates
        ],
        "missing": list(result.missing),
        "tied": list(result.tied),
        "total": result.total,
    }
