"""`policybot doctor`: what works on this machine and what to do about the rest."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

import typer

from policybot import __version__
from policybot.cli.messages import say
from policybot.cli.options import JsonOption, LangOption, session_of
from policybot.cli.output import Line, show, show_json
from policybot.errors import ExitCode, PolicybotError
from policybot.home import Home

Verdict = Literal["ok", "warning", "failed"]
MARKS = {"ok": ("✓", "good"), "warning": ("!", "warning"), "failed": ("✗", "bad")}
OLDEST_PYTHON = (3, 11)
ROOM = 200_000_000  # bytes that an index and its successor need, with something to spare


@dataclass(frozen=True)
class Check:
    """One thing looked at: what, how it is, and what to do when it is not well."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""


def doctor(context: typer.Context, as_json: JsonOption = False, lang: LangOption = "auto") -> None:
    """Say what works on this machine and what to do about the rest. / 检查本机环境并给出建议。"""
    session = session_of(context, lang)
    checks = list(examine(session.home, session.language))
    if as_json:
        show_json([asdict(check) for check in checks])
    else:
        show(line for check in checks for line in _lines(check))
    if any(check.verdict == "failed" for check in checks):
        raise typer.Exit(ExitCode.NOT_FOUND)


def examine(home: Home, language: str) -> Iterator[Check]:
    """All checks in order; a check that breaks down is itself a finding."""
    checks: tuple[Callable[[Home, str], Iterator[Check]], ...] = (
        _python,
        _packages,
        _settings,
        _home,
        _corpus,
        _embedder,
        _index,
        _llm,
    )
    for check in checks:
        name = check.__name__.removeprefix("_")
        try:
            yield from check(home, language)
        except PolicybotError as error:
            zh = language == "zh"
            yield Check(
                name,
                "failed",
                error.what_zh if zh else error.what,
                error.hint_zh if zh else error.hint,
            )
        except Exception as error:  # the doctor must always finish its round
            detail = f"{type(error).__name__}: {error}"[:300]
            yield Check(name, "failed", say("internal", language, error=detail))


def _python(home: Home, language: str) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        yield Check("python", "ok", version)
    else:
        yield Check("python", "failed", version, say("advice-python", language))
    yield Check("policybot", "ok", f"{__version__} ({Path(__file__).resolve().parent.parent})")


def _packages(home: Home, language: str) -> Iterator[Check]:
    """Versions from the packages' own records: importing some of them would take seconds."""
    for requirement in metadata.requires("policybot") or []:
        if ";" in requirement:  # an extra
            continue
        name = "".join(iter_name(requirement))
        wanted = requirement[len(name) :].strip()
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Check(name, "failed", say("check-absent", language), say("advice-install", language))
            continue
        exact = wanted.removeprefix("==") if wanted.startswith("==") else ""
        if exact and version.partition("+")[0] != exact:
            advice = say("advice-exact", language, package=f"{name}{wanted}")
            yield Check(name, "warning", version, advice)
        else:
            yield Check(name, "ok", version)


def iter_name(requirement: str) -> Iterator[str]:
    """The characters of a requirement's package name."""
    for char in requirement:
        if not (char.isalnum() or char in "-_."):
            return
        yield char


def _settings(home: Home, language: str) -> Iterator[Check]:
    present = home.config_file.exists()
    config = home.config
    if not present:
        yield Check("settings", "ok", say("check-defaults", language, file=home.config_file))
        return
    parts = [
        f"embedder.model={config.embedder.model or 'policybot'}",
        f"search.backend={config.search.backend}",
    ]
    yield Check("settings", "ok", f"{home.config_file}: {', '.join(parts)}")


def _home(home: Home, language: str) -> Iterator[Check]:
    folder = next(path for path in (home.index_store, *home.index_store.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        reason = error.strerror or str(error)
        yield Check("home", "failed", f"{home.root} ({reason})", say("advice-home", language))
        return
    room = say("check-room", language, folder=home.root, megabytes=f"{free // 1_000_000:,}")
    enough = free >= ROOM
    yield Check("home", "ok" if enough else "warning", room, "" if enough else say("advice-room", language))


def _corpus(home: Home, language: str) -> Iterator[Check]:
    from policybot.corpus import load_corpus

    corpus = load_corpus(home.corpus_root)
    found = say(
        "check-corpus",
        language,
        documents=len(corpus.documents),
        files=len(corpus.sources),
        clauses=f"{len(corpus.clauses):,}",
    )
    yield Check("corpus", "ok", found)


def _embedder(home: Home, language: str) -> Iterator[Check]:
    from policybot.index.models import find_model

    model = find_model(home.config.embedder, home.root)
    size = sum(path.stat().st_size for path in model.folder.rglob("*") if path.is_file())
    yield Check("embedder", "ok", f"{model.name} ({size / 1e6:.1f} MB, {model.folder})")


def _index(home: Home, language: str) -> Iterator[Check]:
    from policybot.index.maintain import index_status

    state = index_status(home)
    if state.manifest is not None and state.stale is None:
        count = f"{state.manifest.counts['passages']:,}"
        yield Check("index", "ok", say("check-index", language, folder=state.root, passages=count))
        return
    why = (state.stale[1 if language == "zh" else 0] if state.stale else "").rstrip(".。")
    yield Check("index", "warning", why, say("advice-index", language))


def _llm(home: Home, language: str) -> Iterator[Check]:
    """Whether a chat model can be asked; it is not."""
    from policybot.answer.agent.models import find_key, require_model

    if home.offline:
        yield Check("llm", "ok", say("check-llm-offline", language))
        return
    if not home.config.llm.model:
        yield Check("llm", "ok", say("check-llm-none", language))
        return
    spec = require_model(home, "")
    found = f"{spec} ({spec.base_url or spec.package})"
    if spec.key_variable and find_key(spec.key_variable) is None:
        advice = say("advice-llm-key", language, variable=spec.key_variable)
        yield Check("llm", "warning", say("check-llm-no-key", language, model=found), advice)
        return
    yield Check("llm", "ok", say("check-llm-not-called", language, model=found))


def _lines(check: Check) -> list[Line]:
    mark, style = MARKS[check.verdict]
    lines = [Line(((f"{mark} ", style), (f"{check.name:<28}", "strong"), (check.found, "")), hang=4)]
    if check.advice:
        lines.append(Line(((f"→ {check.advice}", "warning"),), indent=4, hang=2))
    return lines
