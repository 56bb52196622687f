"""`policybot targets`: the ledger of quantitative targets, as a table or as data."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from policybot.cli.messages import say
from policybot.cli.options import LangOption, session_of
from policybot.cli.output import Line, line, show, show_json, write

if TYPE_CHECKING:
    from policybot.corpus.model import Corpus
    from policybot.facts.targets import Target

Format = Literal["table", "json", "csv", "markdown"]
COLUMNS = (
    "id", "document", "label", "kind", "indicator", "indicator_en", "year", "first_year", "base_year",
    "comparator", "qualifier", "direction", "value", "upper", "unit", "text", "nature", "obligation", "body",
    "status", "quote", "source", "line",
)  # fmt: skip
# What is said beside a target that is no plain value of an act in force.
KINDS = {"milestone": "target-milestone", "count": "target-count", "threshold": "target-threshold"}
OBLIGATIONS = {
    "strive": "target-strive",
    "in principle": "target-in-principle",
    "limit": "target-limit",
    "require": "target-require",
}
STATUSES = {"history": "target-history", "reported": "target-reported", "treaty": "target-treaty"}


def targets(
    context: typer.Context,
    year: Annotated[int | None, typer.Option(help="For this year. / 目标年份。", show_default=False)] = None,
    topic: Annotated[
        str, typer.Option(help="Words of the indicator. / 指标关键词。", show_default=False)
    ] = "",
    doc: Annotated[str, typer.Option(help="Only this document. / 限定文献。", show_default=False)] = "",
    since: Annotated[
        int | None, typer.Option(help="From documents of that year on. / 起始年份。", show_default=False)
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print. / 输出格式。")] = "table",
    plot: Annotated[
        Path | None, typer.Option(help="Save a timeline as PNG or SVG. / 保存时间线图。", show_default=False)
    ] = None,
    lang: LangOption = "auto",
) -> None:
    """List the quantitative targets with their clauses. / 列出量化目标及其条款。"""
    from policybot.corpus import load_corpus
    from policybot.tools.targets import targets as find

    session = session_of(context, lang)
    corpus = load_corpus(session.home.corpus_root)
    found = find(corpus, year=year, topic=topic, document=doc, since=since)
    rows = [target_row(corpus, target) for target in found]
    if plot is not None:
        from policybot.cli.plots import save_targets

        save_targets(plot, found, session.language)
    if form == "json":
        show_json(rows)
    elif form == "csv":
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        write(out.getvalue())
    elif form == "markdown":
        write(_markdown(corpus, found, session.language))
    else:
        show(render_targets(corpus, found, session.language))


def target_row(corpus: Corpus, target: Target) -> dict[str, Any]:
    """A target as plain values; numbers as printed scale worked in (12亿 → 1200000000)."""
    start, _ = target.quote.source_range()
    row: dict[str, Any] = {name: getattr(target, name) for name in COLUMNS[:-3]}
    for name in ("value", "upper"):
        number = row[name]
        row[name] = None if number is None else int(number) if number == int(number) else float(number)
    row["quote"] = target.quote.text
    row["source"] = target.quote.file
    row["line"] = corpus.sources[target.quote.file].line_of(start)
    return row


def render_targets(corpus: Corpus, found: list[Target], language: str) -> list[Line]:
    """One target a paragraph: indicator, value with qualifier, year, then clause and line."""
    if not found:
        return [line(say("no-targets", language))]
    lines: list[Line] = []
    for target in found:
        name = target.indicator if language == "zh" or not target.indicator_en else target.indicator_en
        lines.append(
            Line(
                ((f"{_when(target, language)}  ", "number"), (f"{name}  ", ""), (target.text, "value")),
                hang=6,
            )
        )
        lines.append(line(_where(corpus, target, language), "dim", indent=6, hang=2))
    lines += [line(), line(say("targets-found", language, count=len(found)), "dim")]
    return lines


def _when(target: Target, language: str) -> str:
    if target.year is None:
        return "  – "
    if target.first_year is not None:
        return f"{target.first_year}–{target.year}"
    return str(target.year)


def _where(corpus: Corpus, target: Target, language: str) -> str:
    document = corpus.documents[target.document]
    start, _ = target.quote.source_range()
    title = document.short_zh if language == "zh" else document.short_en
    clause = corpus.clauses[target.clause]
    label = clause.label if language == "zh" else clause.label_en
    facts = [f"{title} {label}", f"{target.quote.file}:{corpus.sources[target.quote.file].line_of(start)}"]
    keys = (KINDS.get(target.kind), OBLIGATIONS.get(target.obligation), STATUSES.get(target.status))
    facts += [say(key, language) for key in keys if key]
    return " · ".join(facts)


def _markdown(corpus: Corpus, found: list[Target], language: str) -> str:
    english = ("Year", "Indicator", "Target", "Clause", "Source")
    head = ("年份", "指标", "目标", "条款", "出处") if language == "zh" else english
    rows = [head, tuple("---" for _ in head)]
    for target in found:
        row = target_row(corpus, target)
        name = target.indicator if language == "zh" or not target.indicator_en else target.indicator_en
        where = _where(corpus, target, language).split(" · ")[0]
        rows.append(
            (_when(target, language).strip(), name, target.text, where, f"{row['source']}:{row['line']}")
        )
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in rows)
