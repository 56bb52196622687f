"""`policybot index`: build, look at, verify and clean the index."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from policybot.cli.messages import say
from policybot.cli.options import JsonOption, LangOption, help_when_bare, session_of
from policybot.cli.output import Line, Progress, line, show, show_json
from policybot.cli.session import Session
from policybot.errors import ExitCode

if TYPE_CHECKING:
    from policybot.index.build import BuildReport
    from policybot.index.maintain import IndexStatus

app = typer.Typer(
    help="Build and check the index. / 建立与检查索引。",
    invoke_without_command=True,
    callback=help_when_bare,
)


@app.command()
def build(
    context: typer.Context,
    force: Annotated[
        bool, typer.Option("--force", help="Build everything anew. / 全部重建。", show_default=False)
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Build the index; nothing is done when nothing changed. / 建立索引；无变化则不重建。"""
    from policybot.index.build import build_index

    session = session_of(context, lang)
    with Progress(session) as progress:
        report = build_index(session.home, progress, force=force)
    if as_json:
        show_json({**asdict(report), "folder": str(report.folder)})
    else:
        show([_built(report, session.language)])


@app.command()
def status(context: typer.Context, as_json: JsonOption = False, lang: LangOption = "auto") -> None:
    """Show what the index holds and whether it is up to date. / 显示索引状态。"""
    from policybot.index.maintain import index_status

    session = session_of(context, lang)
    state = index_status(session.home)
    if as_json:
        show_json(_status_dict(state))
    else:
        show(_status_lines(state, session.language))


@app.command()
def verify(context: typer.Context, as_json: JsonOption = False, lang: LangOption = "auto") -> None:
    """Check every file and ask for every vector back. / 核验索引的每个文件与向量。"""
    from policybot.index.maintain import verify_index

    session = session_of(context, lang)
    with Progress(session) as progress:
        report = verify_index(session.home, progress)
    zh = session.language == "zh"
    if as_json:
        problems = [{"en": english, "zh": chinese} for english, chinese in report.problems]
        show_json({**asdict(report), "ok": report.ok, "problems": problems})
    elif report.ok:
        show(
            [
                line(
                    say(
                        "verified",
                        session.language,
                        generation=report.generation,
                        files=report.files,
                        ids=f"{report.ids:,}",
                    ),
                    "good",
                )
            ]
        )
    else:
        show(line(chinese if zh else english, "bad") for english, chinese in report.problems)
        show([line(say("verify-advice", session.language))])
    if not report.ok:
        raise typer.Exit(ExitCode.NOT_FOUND)


@app.command()
def clean(
    context: typer.Context,
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Remove the index in use too. / 连同现用索引一并删除。", show_default=False
        ),
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Remove old generations and what stopped builds left. / 清理旧索引与中断的残留。"""
    from policybot.index.maintain import clean_index

    session = session_of(context, lang)
    with Progress(session) as progress:
        freed = clean_index(session.home, progress, everything=everything)
    if as_json:
        show_json({"freed": freed})
    else:
        show([line(say("cleaned", session.language, megabytes=f"{freed / 1e6:.1f}"))])


def state_of(session: Session) -> str:
    """The index in one sentence, for other commands."""
    from policybot.index.maintain import index_status

    return _status_lines(index_status(session.home), session.language)[0].plain


def _built(report: BuildReport, language: str) -> Line:
    if not report.built:
        return line(say("unchanged", language, passages=f"{report.passages:,}"))
    text = say(
        "built",
        language,
        passages=f"{report.passages:,}",
        embedded=f"{report.embedded:,}",
        reused=f"{report.reused:,}",
        seconds=f"{report.seconds:.1f}",
    )
    return line(text, "good")


def _status_lines(state: IndexStatus, language: str) -> list[Line]:
    zh = language == "zh"
    if state.manifest is None:
        why = state.stale[1 if zh else 0] if state.stale else ""
        return [line(say("index-none", language, why=why.rstrip(".。")), "warning")]
    manifest = state.manifest
    if state.stale is None:
        lines = [line(say("index-current", language), "good")]
    else:
        lines = [line(say("index-stale", language, why=state.stale[1 if zh else 0].rstrip(".。")), "warning")]
    counts = manifest.counts
    facts = {
        "index-folder": f"{state.root} ({state.bytes / 1e6:.1f} MB)",
        "index-generation": f"{state.current} ({manifest.created}, policybot {manifest.version})",
        "index-counts": f"{counts['documents']} / {counts['clauses']:,} / {counts['passages']:,}",
        "index-model": f"{manifest.embedder['model'] or 'policybot'} "
        f"({counts['dimension']}-d, {manifest.embedder['fingerprint']})",
        "index-others": f"{len(state.generations) - 1} + {len(state.leftovers)}",
    }
    lines += [Line(((f"{say(key, language)}: ", "dim"), (value, "")), 2, 4) for key, value in facts.items()]
    return lines


def _status_dict(state: IndexStatus) -> dict[str, object]:
    manifest = state.manifest
    fields: dict[str, object] = {
        "folder": str(state.root),
        "bytes": state.bytes,
        "current": state.current,
        "up_to_date": state.stale is None,
        "stale": {"en": state.stale[0], "zh": state.stale[1]} if state.stale else None,
        "generations": list(state.generations),
        "leftovers": list(state.leftovers),
    }
    if manifest is not None:
        fields |= {
            "created": manifest.created,
            "version": manifest.version,
            "counts": manifest.counts,
            "embedder": manifest.embedder,
        }
    return fields
