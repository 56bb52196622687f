"""The table of committed figures in README.md: made of `evals/reports/*.json`, between two marks.

Each file is the `summary.json` of a run. `renew` writes the block; a test compares it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policybot.cli.messages import say
from policybot.cli.report_blocks import Table
from policybot.cli.report_content import group_name, value_of
from policybot.cli.report_markdown import table_lines
from policybot.errors import PolicybotError
from policybot.home import checkout_root

BEGIN, END = "<!-- quality: begin -->", "<!-- quality: end -->"
COLUMNS = ("right", "refusal", "false_refusal", "cited", "verbatim", "recall@1", "recall@5")
LANGUAGES = ("language/zh", "language/en")


def renew(root: Path | None = None) -> bool:
    """Writes the block into README.md of the checkout; whether anything changed.

    Raises:
        PolicybotError: there is no checkout, a mark is missing, or a committed file cannot be read.
    """
    place = root or checkout_root()
    if place is None:
        raise PolicybotError(
            "There is no checkout to write to.",
            "Run this in a clone of the repository.",
            what_zh="此处没有代码库可写。",
            hint_zh="请在代码库的克隆中执行。",
        )
    file = place / "README.md"
    text = file.read_text(encoding="utf-8")
    wanted = with_block(text, block(place / "evals" / "reports"))
    if wanted != text:
        file.write_text(wanted, encoding="utf-8")
    return wanted != text


def with_block(text: str, lines: list[str]) -> str:
    """`text` with `lines` between the marks.

    Raises:
        PolicybotError: the marks are not there once each, in order.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in after:
        raise PolicybotError(
            f"README.md lacks the marks {BEGIN} and {END}.",
            "Put them, once each, where the table shall stand.",
            what_zh=f"README.md 中缺少标记 {BEGIN} 和 {END}。",
            hint_zh="请在表格应在的位置各放一次。",
        )
    return "\n".join([f"{before}{BEGIN}", *lines, f"{END}{after}"])


def block(folder: Path) -> list[str]:
    """The table of all summaries in a folder, one row for each set and language."""
    rows = []
    for file in sorted(folder.glob("*.json")):
        summary = _read(file)
        for name in LANGUAGES:
            group = summary["groups"].get(name)
            if group is not None:
                cells = [value_of(group["figures"], column) for column in COLUMNS]
                rows.append([summary["set"], group_name(name, "en"), str(group["n"]), *cells])
    if not rows:
        return [say("report-block-none", "en")]
    names = [say(f"report-column-{c.replace('@', '-at-').replace('_', '-')}", "en") for c in COLUMNS]
    return table_lines(Table("", ["set", "questions", "n", *names], rows, text=2))


def _read(file: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(found["set"], str):
            raise ValueError("its set is no text")
        for group in found["groups"].values():
            for name in COLUMNS:
                value_of(group["figures"], name)
            str(group["n"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PolicybotError(
            f"{file.name} is no summary of a run ({error}).",
            "Copy the summary.json of a finished run there.",
            what_zh=f"{file.name} 不是运行的汇总（{error}）。",
            hint_zh="请把已完成运行的 summary.json 复制到该处。",
        ) from error
    return dict(found)
