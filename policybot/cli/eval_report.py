"""`policybot eval report`: a run as a page to read, and the table of committed figures in the README."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from policybot.cli.messages import say
from policybot.cli.options import LangOption, session_of
from policybot.cli.output import complain, write
from policybot.errors import PolicybotError

if TYPE_CHECKING:
    from policybot.cli.report_blocks import Page
    from policybot.cli.session import Session
    from policybot.evaluation.runs import Run

LADDER = "ladder.json"  # in a run folder: what `eval ladder --json` printed
SUFFIXES = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown"}


def report(
    context: typer.Context,
    run: Annotated[str | None, typer.Argument(help="Run (else the latest). / 运行。")] = None,
    before: Annotated[str | None, typer.Argument(help="Run to compare with. / 对照运行。")] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html|FILE.md", help="Where to write. / 输出文件。", show_default=False),
    ] = None,
    failures: Annotated[
        bool,
        typer.Option("--failures/--no-failures", help="List failed questions. / 是否列出未通过的问题。"),
    ] = True,
    readme: Annotated[
        bool,
        typer.Option(
            "--readme",
            help="Renew README.md from evals/reports. / 更新自述文件。",
            show_default=False,
        ),
    ] = False,
    lang: LangOption = "auto",
) -> None:
    """Write the report of a run as HTML or Markdown. / 生成评测报告。"""
    session = session_of(context, lang)
    if readme:
        from policybot.cli.report_readme import renew

        changed = renew()
        complain(say("report-readme-renewed" if changed else "report-readme-current", session.language))
        return
    kind = _kind(out)
    made = _page(session, run, before, failures)
    if kind == "html":
        from policybot.cli.report_html import html as render
    else:
        from policybot.cli.report_markdown import markdown as render
    text = render(made)
    if out is None:
        write(text)
        return
    _save(out.expanduser(), text)
    complain(say("report-written", session.language, file=out))


def _page(session: Session, name: str | None, other: str | None, failures: bool) -> Page:
    from policybot.cli.report_content import page
    from policybot.evaluation.compare import compare_runs
    from policybot.evaluation.runner import verdicts_of

    run = _finished(session, name)
    before = _finished(session, other) if other is not None else None
    return page(
        run,
        verdicts_of(list(run.results.values())),
        session.language,
        before=(before, compare_runs(before, run)) if before is not None else None,
        ladder=_ladder(run),
        failures=failures and not (before is not None and before.info.held_out),
    )


def _finished(session: Session, name: str | None) -> Run:
    """The run of that name, or the latest.

    Raises:
        PolicybotError: there is none, or it is not finished.
    """
    from policybot.evaluation.runs import FOLDER, find_run, read_finished, run_names

    root = session.home.root / FOLDER
    if name is None:
        names = run_names(root)
        if not names:
            raise PolicybotError(
                f"There is no run in {root}.",
                "Make one with `policybot eval run`.",
                what_zh=f"{root} 中没有运行。",
                hint_zh="请先执行 `policybot eval run`。",
            )
        name = names[0]
    return read_finished(find_run(name, root))


def _ladder(run: Run) -> dict[str, Any] | None:
    """`ladder.json` of a run folder, None where there is none.

    Raises:
        PolicybotError: it is not what `eval ladder --json` prints.
    """
    file = run.folder / LADDER
    if not file.is_file():
        return None
    try:
        found = json.loads(file.read_text("utf-8"))
        for rung, languages in found.items():
            say(f"eval-rung-{rung}", "en")
            for figures in languages.values():
                if not all(v is None or isinstance(v, int | float) for v in figures.values()):
                    raise ValueError("a figure is not a number")
    except (OSError, ValueError, AttributeError, KeyError) as error:
        raise PolicybotError(
            f"{run.name}/{LADDER} cannot be used ({error}).",
            f"Write it anew: policybot eval ladder {run.info.set} --json > {LADDER}",
            what_zh=f"无法使用 {run.name}/{LADDER}（{error}）。",
            hint_zh=f"请重新生成：policybot eval ladder {run.info.set} --json > {LADDER}",
        ) from error
    return dict(found)


def _kind(out: Path | None) -> str:
    if out is None:
        return "markdown"
    kind = SUFFIXES.get(out.suffix.lower())
    if kind is None:
        raise PolicybotError(
            f"{out.name} is neither .html nor .md.",
            "Name the file so that its format is clear.",
            what_zh=f"{out.name} 的扩展名不是 .html 或 .md。",
            hint_zh="请用扩展名指明格式。",
        )
    return kind


def _save(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PolicybotError(
            f"{file} cannot be written ({error.strerror}).",
            "Name another file.",
            what_zh=f"无法写入 {file}（{error.strerror}）。",
            hint_zh="请另选文件。",
        ) from error
