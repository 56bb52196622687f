"""`policybot train`: make the embedder that ships with the package anew."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from policybot.cli.messages import say
from policybot.cli.options import JsonOption, LangOption, session_of
from policybot.cli.output import complain, line, show, show_json
from policybot.home import Home, checkout_root


def train(
    context: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where the model goes (in a checkout: in place of the shipped one). / 模型输出文件夹。",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Train the built-in embedding model, seeded and reproducible. / 训练内置向量模型（可复现）。"""
    from policybot.corpus import load_corpus
    from policybot.facts.glossary import Glossary
    from policybot.index.training import train as run
    from policybot.index.twin import SHIPPED

    session = session_of(context, lang)
    folder = (out or default_folder(session.home)).expanduser()
    corpus = load_corpus(session.home.corpus_root)
    result = run(folder.absolute(), corpus, Glossary.load(), report=complain)
    if as_json:
        show_json({**asdict(result), "folder": str(result.folder)})
        return
    language = session.language
    size, seconds = f"{result.bytes / 1e6:.1f}", f"{result.seconds:.0f}"
    show([line(say("trained", language, folder=result.folder, megabytes=size, seconds=seconds), "good")])
    if result.folder == SHIPPED:
        show([line(say("trained-shipped", language))])
    else:
        show([line(say("trained-elsewhere", language, folder=result.folder, file=session.home.config_file))])


def default_folder(home: Home) -> Path:
    """The shipped model's place in a checkout, a folder under the home of an installed package."""
    from policybot.index.twin import SHIPPED

    return SHIPPED if checkout_root() else home.root / "models" / "trained"
