"""`policybot trace`: how the last answers came about, as kept on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from policybot.cli.messages import say
from policybot.cli.options import JsonOption, LangOption, session_of
from policybot.cli.output import Line, line, show, show_json
from policybot.cli.plan import render_check, render_steps, stage_text
from policybot.cli.render import place
from policybot.cli.wrap import one_line

if TYPE_CHECKING:
    from policybot.answer.tracing.log import Record

HEAD = 60  # characters of a question in the list


def trace(
    context: typer.Context,
    which: Annotated[
        str,
        typer.Argument(
            metavar="[N|ID|list|clear]",
            help="1 is the last answer, 2 the one before; an id; list; clear. / 序号、编号、list 或 clear。",
            show_default=False,
        ),
    ] = "1",
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Show how an answer came about. / 查看某次回答的查找与核对过程。"""
    from policybot.answer.tracing.log import TraceLog

    session = session_of(context, lang)
    home = session.home
    log = TraceLog(home.traces, max(1, home.config.trace.keep))
    if which == "clear":
        count = log.clear()
        show_json({"deleted": count}) if as_json else show(
            [line(say("traces-cleared", session.language, count=count))]
        )
    elif which == "list":
        records = log.read()
        show_json(records) if as_json else show(_list(records, session.language))
    else:
        record = log.find(which)
        show_json(record) if as_json else show(render_record(record, session.language))


def render_record(record: Record, language: str) -> list[Line]:
    """One answer: question, outcome, answer, plan, evidence, checks, times."""
    facts = [
        str(record["id"]),
        str(record.get("time", "")),
        str(record.get("channel", "")),
        _outcome(record, language),
        str(record.get("engine", "")),
        f"{record.get('confidence', 0):.2f}",
    ]
    lines = [
        line(f"▸ {one_line(str(record['question']))}", "number", hang=2),
        line(" · ".join(filter(None, facts)), "dim", hang=2),
        *(line(text, "strong") for text in str(record.get("answer", "")).split("\n")),
        *(line(f"! {one_line(str(text))}", "warning", hang=2) for text in record.get("warnings", ())),
        line(),
        line(say("plan", language), "dim"),
    ]
    steps = [(s["tool"], s["arguments"], s["summary"]) for s in record.get("steps", ())]
    lines += render_steps(steps, language)
    evidence = record.get("evidence", ())
    if evidence:
        lines += [line(), line(say("trace-evidence", language), "dim")]
        lines += [_evidence(e) for e in evidence]
    checks = record.get("checks", ())
    if checks:
        lines.append(line())
        lines += [made for check in checks for made in render_check(check, language)]
    lines += [line(), line(say("trace-times", language), "dim")]
    lines += [
        line(stage_text(t["stage"], t["ms"], language), indent=2 + 2 * t["depth"])
        for t in record.get("timings", ())
    ]
    return [*lines, line(say("trace-total", language, ms=f"{record.get('elapsed_ms', 0):.1f}"), indent=2)]


def _evidence(entry: dict[str, Any]) -> Line:
    where = place(entry["source"], entry["line_start"], entry["line_end"])
    parts = (
        (f"[{entry['n']}] ", "number"),
        (str(entry["clause"]), "strong"),
        (f" · {where} ", "dim"),
        (f"“{one_line(entry['quote'])}”", ""),
    )
    return Line(parts, indent=2, hang=4)


def _list(records: list[Record], language: str) -> list[Line]:
    if not records:
        return [line(say("traces-none", language))]
    lines = []
    for n, record in enumerate(records, 1):
        question = one_line(str(record["question"]))
        shown = question if len(question) <= HEAD else f"{question[:HEAD]}…"
        facts = f"  {record['id']} · {_outcome(record, language)} · {record.get('elapsed_ms', 0):.0f} ms"
        lines.append(Line(((f"{n}. ", "number"), (shown, ""), (facts, "dim")), hang=4))
    return lines


def _outcome(record: Record, language: str) -> str:
    status = str(record.get("status", ""))
    known = ("answered", "not_found", "clarify", "error")
    return say(f"outcome-{status}", language) if status in known else status
