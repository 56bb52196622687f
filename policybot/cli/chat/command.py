"""`policybot chat`: options, and how a conversation begins and ends."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policybot.cli.messages import say
from policybot.cli.opening import engine_of, engine_opened
from policybot.cli.options import DocOption, LangOption, LlmOption, NoTraceOption, session_of
from policybot.cli.output import complain, show, write
from policybot.errors import PolicybotError

if TYPE_CHECKING:
    from policybot.answer.engines import Bot
    from policybot.cli.chat.complete import Names
    from policybot.cli.chat.screen import Mode
    from policybot.cli.chat.talk import Chat
    from policybot.cli.session import Session


def chat(
    context: typer.Context,
    identity: Annotated[
        str,
        typer.Argument(
            metavar="[ID]", help="Session for --resume; the newest. / 要恢复的会话，默认最近一次。"
        ),
    ] = "",
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with a saved session. / 继续已保存的会话。", show_default=False),
    ] = False,
    sessions: Annotated[
        bool, typer.Option("--sessions", help="List saved sessions. / 列出已保存的会话。", show_default=False)
    ] = False,
    export: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="ID FILE",
            help="Write a session to FILE.md or FILE.docx. / 导出会话。",
            show_default=False,
        ),
    ] = None,
    doc: DocOption = None,
    llm: LlmOption = None,
    plain: Annotated[
        bool,
        typer.Option(
            "--plain",
            help="No colours, no cursor movement (screen readers). / 无颜色、不移动光标（适合读屏软件）。",
            show_default=False,
        ),
    ] = False,
    no_save: Annotated[
        bool,
        typer.Option(
            "--no-save", help="Save no session, leave no trace. / 不保存会话，不留轨迹。", show_default=False
        ),
    ] = False,
    no_trace: NoTraceOption = False,
    lang: LangOption = "auto",
) -> None:
    """Talk about the documents; answers show the clause. / 对话式提问，答案附条款出处。"""
    from policybot.answer.tracing.log import TraceLog
    from policybot.cli.chat import store
    from policybot.cli.chat.commands import render_sessions
    from policybot.cli.chat.commands import resume as go_on
    from policybot.cli.chat.screen import Screen, mode_of
    from policybot.cli.chat.talk import Chat
    from policybot.corpus.naming import find_document

    session = session_of(context, lang)
    folder = store.folder_of(session.home)
    if identity and not resume:
        raise PolicybotError(
            f'"{identity[:40]}" is no option of policybot chat.',
            f'To go on with a session: policybot chat --resume ID; to ask: policybot ask "{identity[:40]}".',
            what_zh=f"policybot chat 没有“{identity[:40]}”这个选项。",
            hint_zh="继续会话请用 policybot chat --resume ID；提问请用 policybot ask。",
        )
    if sessions:
        show(render_sessions(folder, session.language))
        return
    if export is not None:
        _export(session, folder, *export)
        return
    saved = store.load(folder, identity) if resume else None
    screen = Screen(mode_of(plain, os.environ.get("TERM", "dumb")))
    bot = engine_opened(session, engine_of(llm))
    log = TraceLog.of(session.home, wanted=not (no_save or no_trace))
    talk = Chat(session, screen, bot, None if no_save else folder, log, chosen=lang)
    if saved is not None:
        if saved.language != "auto" and lang == "auto":
            talk.chosen = "zh" if saved.language == "zh" else "en"
            session.language = saved.language
        go_on(talk, saved)
    elif screen.mode != "pipe":
        screen.note(say("chat-welcome", session.language, count=len(bot.index.corpus.documents)))
    if doc:
        talk.documents = tuple(find_document(name, bot.index.corpus).id for name in doc)
    if screen.mode != "pipe":
        screen.gap()
    _talk(talk, screen.mode)


def _talk(talk: Chat, mode: Mode) -> None:
    from policybot.cli.chat.prompt import Lines, PipeLines, PlainLines, TerminalLines

    lines: Lines
    if mode == "terminal":
        names: list[Names] = []
        threading.Thread(target=_warm, args=(talk.bot, names), daemon=True).start()
        lines = TerminalLines(talk.session.home, lambda: names[0] if names else None)
    elif mode == "plain":
        lines = PlainLines(lambda language: say("chat-prompt-plain", language))
    else:
        lines = PipeLines()
    talk.run(lines)
    if mode != "pipe":
        saved = talk.recorder is not None and bool(talk.recorder.id)
        key = "chat-goodbye-saved" if saved else "chat-goodbye"
        values = {"id": talk.recorder.id} if talk.recorder is not None and saved else {}
        talk.screen.note(say(key, talk.language, **values))


def _warm(bot: Bot, names: list[Names]) -> None:
    """Load what the first answer and completion need while the user types; a failure shows up there."""
    from policybot.cli.chat.complete import Names

    with suppress(Exception):
        names.append(Names(bot.index.corpus))
        bot.planner.searcher.search("2030", k=1)


def _export(session: Session, folder: Path, identity: str, file: str) -> None:
    from policybot.cli.chat import store
    from policybot.cli.chat.export import export

    saved = store.load(folder, identity)
    if saved.damaged:
        complain(say("chat-damaged", session.language, count=saved.damaged, file=saved.file))
    export(saved.turns, saved.id, Path(file), session.language)
    write(f"{Path(file).expanduser()}\n")
