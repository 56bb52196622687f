"""Options and helpers that several commands share."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from policybot.cli.output import write
from policybot.cli.session import Session

Language = Literal["auto", "zh", "en"]

LangOption = Annotated[
    Language, typer.Option("--lang", help="Language of answer and messages. / 答案与提示的语言。")
]
DocOption = Annotated[
    list[str] | None,
    typer.Option("--doc", metavar="DOC", help="Only this document (repeatable). / 只查此文献（可重复）。"),
]
LlmOption = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="PROVIDER:MODEL",
        help="Let a chat model answer (default: that of the settings). / 由对话模型作答。",
    ),
]
NoTraceOption = Annotated[
    bool, typer.Option("--no-trace", help="Leave no trace. / 不留轨迹。", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON. / 输出 JSON。", show_default=False)]


def session_of(context: typer.Context, lang: Language) -> Session:
    """The session that `main` made, speaking the language that was chosen."""
    session = context.obj
    assert isinstance(session, Session)
    session.speak(lang)
    return session


def help_when_bare(context: typer.Context) -> None:
    """Callback of a group of commands: without a command, show what there is."""
    if context.invoked_subcommand is None:
        shown = context.get_help()  # empty when rich has already printed it
        write(f"{shown}\n" if shown else "")
