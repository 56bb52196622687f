"""`policybot train`: make the embedder or the sentence encoder that ships with the package anew."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policybot.cli.messages import say
from policybot.cli.options import JsonOption, LangOption, session_of
from policybot.cli.output import complain, line, show, show_json
from policybot.errors import PolicybotError
from policybot.home import checkout_root

if TYPE_CHECKING:
    from policybot.index.encoder.cross.train import CrossReport
    from policybot.index.encoder.reading import ReaderReport
    from policybot.index.encoder.train import EncoderReport
    from policybot.index.training import TrainingReport


class Part(StrEnum):
    """What is trained."""

    embedder = "embedder"
    encoder = "encoder"
    meaning = "meaning"  # the vectors of the annotations beside the encoder
    reader = "reader"  # what tells beside the encoder whether a sentence answers a question
    cross = "cross-encoder"  # what reads both together


def train(
    context: typer.Context,
    part: Annotated[
        Part,
        typer.Option(
            help="Word vectors, the sentence encoder (an hour), what annotations changed since, or what "
            "judges answers beside it: the reader (minutes), the cross-encoder (an hour). / "
            "词向量、句子编码器、其后注解的改动，或其旁判断回答的网络（阅读器、交叉编码器）。"
        ),
    ] = Part.embedder,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where the model goes (in a checkout: in place of the shipped one). / 模型输出文件夹。",
            show_default=False,
        ),
    ] = None,
    further: Annotated[
        bool,
        typer.Option(
            "--further",
            help="Go on from the shipped encoder, with the annotations of today (--part encoder). / "
            "从内置编码器出发，用当前注解继续训练。",
        ),
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Train the built-in embedding model, seeded and reproducible. / 训练内置向量模型（可复现）。"""
    from policybot.corpus import load_corpus
    from policybot.facts.glossary import Glossary

    if further and part is not Part.encoder:
        raise PolicybotError(
            "--further goes with --part encoder only.",
            "Add `--part encoder`, or leave --further out.",
            what_zh="--further 只能与 --part encoder 一起使用。",
            hint_zh="请加上 `--part encoder`，或去掉 --further。",
        )
    session = session_of(context, lang)
    shipped = shipped_folder(part)
    folder = (out or (shipped if checkout_root() else session.home.root / "models" / "trained")).expanduser()
    corpus = load_corpus(session.home.corpus_root)
    result: TrainingReport | EncoderReport | ReaderReport | CrossReport
    if part is Part.meaning:
        from policybot.index.encoder.train import refresh_meaning

        count = refresh_meaning(corpus, folder.absolute())
        if as_json:
            show_json({"folder": str(folder), "texts": count})
            return
        show([line(say("trained-meaning", session.language, folder=folder, count=count), "good")])
        return
    if part is Part.encoder:
        from policybot.index.encoder.train import train_encoder

        start = shipped if further else None
        result = train_encoder(folder.absolute(), corpus, Glossary.load(), report=complain, start=start)
    elif part is Part.reader:
        from policybot.index.encoder.reading import train_reader

        result = train_reader(folder.absolute(), corpus, Glossary.load(), report=complain)
    elif part is Part.cross:
        from policybot.index.encoder.cross.train import train_cross_encoder

        result = train_cross_encoder(folder.absolute(), corpus, report=complain)
    else:
        from policybot.index.training import train as run

        result = run(folder.absolute(), corpus, Glossary.load(), report=complain)
    if as_json:
        show_json({**asdict(result), "folder": str(result.folder)})
        return
    language = session.language
    size, seconds = f"{result.bytes / 1e6:.1f}", f"{result.seconds:.0f}"
    show([line(say("trained", language, folder=result.folder, megabytes=size, seconds=seconds), "good")])
    if result.folder == shipped:
        show([line(say("trained-shipped", language))])
    elif part is Part.embedder:
        show([line(say("trained-elsewhere", language, folder=result.folder, file=session.home.config_file))])


def shipped_folder(part: Part) -> Path:
    """Where the package keeps what is trained."""
    if part is not Part.embedder:
        from policybot.index.encoder.model import SHIPPED as place
    else:
        from policybot.index.twin import SHIPPED as place
    return place
