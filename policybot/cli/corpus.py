"""`policybot corpus`: proof that the documents are complete and unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from policybot.cli.messages import say
from policybot.cli.options import JsonOption, LangOption, help_when_bare, session_of
from policybot.cli.output import Line, line, show, show_json
from policybot.cli.render import place
from policybot.errors import ExitCode

if TYPE_CHECKING:
    from policybot.corpus.accounting import Accounting
    from policybot.corpus.model import Corpus

app = typer.Typer(
    help="Check the documents. / 检查文献。", invoke_without_command=True, callback=help_when_bare
)
LONGEST_SHOWN = 60  # characters of a stretch that is listed


@app.command()
def check(context: typer.Context, as_json: JsonOption = False, lang: LangOption = "auto") -> None:
    """Account for every character of every source; verify checksums. / 核对每个字符的归属与校验和。"""
    from policybot.corpus import load_corpus
    from policybot.corpus.accounting import account

    session = session_of(context, lang)
    corpus = load_corpus(session.home.corpus_root)
    result = account(corpus)
    if as_json:
        show_json(_as_dict(corpus, result))
    else:
        show(_lines(corpus, result, session.language))
    if not result.complete:
        raise typer.Exit(ExitCode.NOT_FOUND)


def share(result: Accounting) -> str:
    """Characters accounted for in percent, never rounded up to 100."""
    if result.accounted == result.total:
        return "100.0"
    return f"{int(1000 * result.accounted / result.total) / 10:.1f}"


def _lines(corpus: Corpus, result: Accounting, language: str) -> list[Line]:
    lines = [line(say("check-checksums", language, count=len(corpus.sources)))]
    style = "good" if result.complete else "bad"
    lines.append(
        line(
            say(
                "check-accounted",
                language,
                share=share(result),
                accounted=f"{result.accounted:,}",
                total=f"{result.total:,}",
            ),
            style,
        )
    )
    for where, count in result.by_place.most_common():
        lines.append(line(f"{count:>9,}  {say(f'place-{where}', language)}", indent=2))
    for key, stretches in (("check-missing", result.unaccounted), ("check-twice", result.twice)):
        if stretches:
            lines += [line(), line(say(key, language, count=len(stretches)), "bad")]
            lines += [_stretch("", *stretch) for stretch in stretches]
    if result.leftovers:
        lines += [line(), line(say("check-leftovers", language, count=len(result.leftovers)), "dim")]
        lines += [
            _stretch(say(f"place-{kind}", language), file, at, text)
            for kind, file, at, text in result.leftovers
        ]
    return lines


def _stretch(kind: str, file: str, at: int, text: str) -> Line:
    flat = " ".join(text.split())
    shown = flat if len(flat) <= LONGEST_SHOWN else f"{flat[:LONGEST_SHOWN]}…"
    return Line(
        ((f"{kind}  " if kind else "", "number"), (f"{place(file, at, at)}  ", "dim"), (shown, "")), 2, 4
    )


def _as_dict(corpus: Corpus, result: Accounting) -> dict[str, object]:
    return {
        "complete": result.complete,
        "share": float(share(result)),
        "total": result.total,
        "accounted": result.accounted,
        "places": dict(result.by_place.most_common()),
        "sources": {name: source.sha256 for name, source in corpus.sources.items()},
        "unaccounted": [{"file": f, "line": n, "text": t} for f, n, t in result.unaccounted],
        "twice": [{"file": f, "line": n, "text": t} for f, n, t in result.twice],
        "leftovers": [{"kind": k, "file": f, "line": n, "text": t} for k, f, n, t in result.leftovers],
    }
