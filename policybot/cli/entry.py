"""The application, its global options, and `main`: every error becomes one sentence and an exit code."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from policybot import __version__
from policybot.cli.commands import CommandGroup
from policybot.cli.messages import say
from policybot.cli.options import help_when_bare
from policybot.cli.output import PipeClosed, complain, prepare_streams, write
from policybot.cli.session import Session, hoist_home, starting_language
from policybot.errors import ExitCode, PolicybotError

INTERRUPTED = 130
AGENT_THREAD = "agent"  # as policybot.answer.agent.run names it

app = typer.Typer(
    cls=CommandGroup,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Ask China's carbon-peaking policy documents; answers cite the exact clause. "
    "/ 向碳达峰政策文献提问，答案注明条款出处。",
)


def _version(wanted: bool) -> None:
    if wanted:
        write(f"policybot {__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            help="Folder of settings and index (else POLICYBOT_HOME). / 设置与索引所在的文件夹。",
            show_default=False,
        ),
    ] = None,
    offline: Annotated[
        bool,
        typer.Option(
            "--offline",
            help="Forbid every connection, chat models included. / 禁止一切联网，包括对话模型。",
            show_default=False,
        ),
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version. / 显示版本。"),
    ] = False,
) -> None:
    context.obj.home_path = home
    context.obj.offline = offline
    help_when_bare(context)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; nothing but Ctrl-C at start-up raises."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    session = Session(starting_language(given))
    prepare_streams()
    try:
        result = app(args=hoist_home(given), prog_name="policybot", standalone_mode=False, obj=session)
        write("")  # flushes, so that a closed pipe shows here and not at exit
    except PolicybotError as error:
        return _fail(error.sentence(session.language), error.code)
    except typer.TyperException as error:
        return _fail(_usage(error, session.language), ExitCode.USAGE)
    except (KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except (PipeClosed, SystemExit):  # typer exits by itself when help meets a closed pipe
        _silence_stdout()
        return ExitCode.OK
    except OSError as error:
        return _unexpected(error, _os_sentence(error, session.language))
    except Exception as error:
        name = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return _unexpected(error, say("internal", session.language, error=name[:300]))
    if result == INTERRUPTED:
        return _fail(say("interrupted", session.language), INTERRUPTED)
    return result if isinstance(result, int) else ExitCode.OK


def program() -> NoReturn:
    """The command line as a process of its own.

    A question to a chat model that was stopped may still wait for its server, in threads that Python would
    join at exit: then the process ends without them, everything having been written.
    """
    code = main()
    if any(thread.name == AGENT_THREAD for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    raise SystemExit(code)


def _fail(sentence: str, code: int) -> int:
    complain(sentence)
    return int(code)


def _unexpected(error: Exception, sentence: str) -> int:
    if os.environ.get("POLICYBOT_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    return _fail(sentence, ExitCode.INTERNAL)


def _os_sentence(error: OSError, language: str) -> str:
    reason = error.strerror or str(error) or type(error).__name__
    if error.filename:
        return say("os-error-file", language, file=os.fsdecode(error.filename), reason=reason)
    return say("os-error", language, reason=reason)


def _usage(error: typer.TyperException, language: str) -> str:
    """A usage error in one sentence that ends with where help is to be found."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "policybot"
    detail = " ".join(error.format_message().split()).rstrip(".").replace("Value error, ", "")
    kind = type(error).__name__
    if kind == "NoSuchOption":
        near = ", ".join(sorted(getattr(error, "possibilities", None) or ()))
        name = getattr(error, "option_name", "")
        key = "usage-option-near" if near else "usage-option"
        return say(key, language, name=name, command=command, **({"near": near} if near else {}))
    if kind == "MissingParameter":
        name = str(getattr(getattr(error, "param", None), "name", ""))
        return say("usage-missing", language, name=name.upper(), command=command)
    if detail.startswith("No such command"):
        key = "usage-command" if command == "policybot" else "usage-subcommand"
        return say(key, language, name=detail.split("'")[1], command=command)
    return say("usage", language, detail=detail, command=command)


def _silence_stdout() -> None:
    """Point stdout nowhere, so that Python's own flush at exit does not complain of the closed pipe."""
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
