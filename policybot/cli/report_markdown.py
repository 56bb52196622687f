"""A report as Markdown (GitHub's): tables, and failed questions as lists."""

from __future__ import annotations

import unicodedata

from policybot.cli.report_blocks import Block, Case, Cases, Chart, Page, Section, Table
from policybot.patterns import lazy_pattern

_SPECIAL = lazy_pattern(r"([\\`*_{}\[\]#~|!$@])")


def markdown(page: Page) -> str:
    """The page. Every text is escaped, so that nothing in a question becomes markup or a link."""
    return "\n".join([f"# {text(page.title)}", "", *(line for s in page.sections for line in _section(s))])


def text(value: str) -> str:
    """A text on one line, Markdown's and HTML's signs escaped."""
    shown = "".join(
        " " if c in "\n\r\t" else c if unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") else "\ufffd"
        for c in value
    )
    entities = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _SPECIAL.sub(r"\\\1", " ".join(entities.split()))
    # Nor an address, which GitHub would turn into a link by itself.
    return escaped.replace("://", ":&#8203;//").replace("www.", "www&#8203;.")


def table_lines(table: Table) -> list[str]:
    """The table without its caption."""
    rule = [":--" if n < table.text else "--:" for n in range(len(table.header))]
    rows = [table.header, *table.rows]
    cells = [[text(_one_line(cell) if n >= table.text else cell) for n, cell in enumerate(r)] for r in rows]
    return [_row(cells[0]), _row(rule), *map(_row, cells[1:])]


def _one_line(number: str) -> str:
    value, _, span = number.partition("\n")
    return f"{value} ({span})" if span else value


def _section(section: Section) -> list[str]:
    return [f"## {text(section.title)}", "", *(line for block in section.blocks for line in _block(block))]


def _block(block: Block) -> list[str]:
    if isinstance(block, Table):
        return [text(block.caption), "", *table_lines(block), ""]
    if isinstance(block, Chart):
        return [text(block.description), ""]
    if isinstance(block, Cases):
        return [line for case in block.cases for line in _case(case)]
    return [text(block), ""]


def _case(case: Case) -> list[str]:
    lines = [f"### {text(case.id)} {text(case.question)}", ""]
    for label, values in case.fields:
        if len(values) == 1:
            lines.append(f"- {text(label)}: {text(values[0])}")
        elif values:
            lines += [f"- {text(label)}:", *(f"  - {text(value)}" for value in values)]
    return [*lines, ""]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
