"""A report as one HTML page that needs nothing else: no script, no network, light and dark."""

from __future__ import annotations

import unicodedata
from html import escape
from pathlib import Path

from policybot.cli.report_blocks import Block, Case, Cases, Chart, Page, Section, Table
from policybot.cli.report_chart import svg

_STYLE = Path(__file__).parent / "data" / "report.css"
_CODES = {"zh": "zh-CN", "en": "en"}


def html(page: Page) -> str:
    """The page. Every text is escaped; a policy in its head forbids the browser to load anything."""
    links = "".join(f'<li><a href="#{text(s.id)}">{text(s.title)}</a></li>' for s in page.sections)
    return f"""<!DOCTYPE html>
<html lang="{_CODES[page.language]}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{text(page.title)}</title>
<style>
{_STYLE.read_text("utf-8").strip()}
</style>
</head>
<body>
<main>
<h1>{text(page.title)}</h1>
<nav aria-label="{text(page.contents)}"><ul>{links}</ul></nav>
{"".join(map(_section, page.sections))}</main>
</body>
</html>
"""


def text(value: str) -> str:
    """A text for HTML content and attributes; control characters become U+FFFD."""
    shown = (c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else "\ufffd" for c in value)
    return escape("".join(shown), quote=True)


def _section(section: Section) -> str:
    body = "".join(map(_block, section.blocks))
    name = text(section.id)
    return f'<section id="{name}">\n<h2>{text(section.title)}</h2>\n{body}</section>\n'


def _block(block: Block) -> str:
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Chart):
        return svg(block)
    if isinstance(block, Cases):
        return "".join(map(_case, block.cases))
    return f"<p>{text(block)}</p>\n"


def _table(table: Table) -> str:
    head = "".join(
        f'<th scope="col"{_kind(n, table)}>{text(cell)}</th>' for n, cell in enumerate(table.header)
    )
    rows = []
    for number, row in enumerate(table.rows):
        mark = f' class="{text(table.marks[number])}"' if number in table.marks else ""
        cells = [f'<th scope="row">{text(row[0])}</th>']
        cells += [f"<td{_kind(n, table)}>{_cell(n, cell, table)}</td>" for n, cell in enumerate(row) if n]
        rows.append(f"<tr{mark}>{''.join(cells)}</tr>\n")
    # A wide table scrolls by itself, also with the keyboard.
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{text(table.caption)}"><table>\n'
        f"<caption>{text(table.caption)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table></div>\n"
    )


def _cell(column: int, cell: str, table: Table) -> str:
    value, _, span = cell.partition("\n") if column >= table.text else (cell, "", "")
    return f"{text(value)}<br><small>{text(span)}</small>" if span else text(value)


def _kind(column: int, table: Table) -> str:
    return "" if column < table.text else ' class="number"'


def _case(case: Case) -> str:
    fields = "".join(
        f"<dt>{text(label)}</dt>" + "".join(f'<dd dir="auto">{text(line)}</dd>' for line in lines)
        for label, lines in case.fields
        if lines
    )
    language = _CODES.get(case.language, "")
    return (
        f'<details><summary><code>{text(case.id)}</code> <span lang="{language}" dir="auto">'
        f"{text(case.question)}</span></summary>\n<dl>{fields}</dl></details>\n"
    )
