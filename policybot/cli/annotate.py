"""`policybot annotate`: check the annotations, write them with a chat model, measure what they are worth."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policybot.cli.annotate_render import estimated, found_lines, self_lines, set_lines, skipped_lines
from policybot.cli.messages import say
from policybot.cli.opening import index_opened
from policybot.cli.options import JsonOption, LangOption, help_when_bare, session_of
from policybot.cli.output import complain, line, show, show_json, write
from policybot.cli.session import Session
from policybot.errors import ExitCode, PolicybotError

if TYPE_CHECKING:
    from policybot.annotate.writer import Estimate

app = typer.Typer(
    help="Check and write annotations. / 检查与编写注解。",
    invoke_without_command=True,
    callback=help_when_bare,
)


@app.command()
def check(
    context: typer.Context,
    sample: Annotated[
        int,
        typer.Option(
            min=0, help="Clauses searched without their own annotation (0: none). / 抽查检索的条款数。"
        ),
    ] = 60,
    seed: Annotated[int, typer.Option(help="Chooses the sample. / 抽样种子。")] = 0,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Check every annotation and the word lists; search without them. / 检查注解与词表，并做去注解检索。"""
    from policybot.annotate.selfsearch import self_search
    from policybot.annotate.survey import survey
    from policybot.corpus import load_corpus
    from policybot.home import checkout_root

    session = session_of(context, lang)
    root = session.home.corpus_root
    checkout = checkout_root()
    result = survey(load_corpus(root), root, checkout / "evals" if checkout else None)
    found = None
    if sample and result.present:
        found = self_search(index_opened(session), sample, seed)
    if as_json:
        show_json({"good": result.good, **asdict(result), "search": asdict(found) if found else None})
    else:
        language = session.language
        counts = {"present": result.present, "wanted": result.wanted}
        languages = {"zh": result.questions["zh"], "english": result.questions["en"]}
        show([line(say("annotate-coverage", language, **counts, **languages), "strong")])
        show(found_lines("annotate-faults", result.faults, language))
        show(found_lines("annotate-notes", result.notes, language))
        show(set_lines(result.sets, language))
        if found is not None:
            show(self_lines(found, language))
        if result.good:
            show([line(say("annotate-good", language), "good")])
    if not result.good:
        raise typer.Exit(ExitCode.NOT_FOUND)


@app.command()
def run(
    context: typer.Context,
    llm: Annotated[
        str, typer.Option(metavar="SPEC", help="Chat model, provider:name. / 对话模型。", show_default=False)
    ] = "",
    doc: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this document; may be repeated. / 只处理该文献，可重复。", show_default=False
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many clauses. / 最多条数。", show_default=False)
    ] = None,
    price_in: Annotated[
        float | None,
        typer.Option(
            min=0, help="Price of a million tokens sent. / 每百万发送 token 价格。", show_default=False
        ),
    ] = None,
    price_out: Annotated[
        float | None,
        typer.Option(
            min=0, help="Price of a million tokens received. / 每百万接收 token 价。", show_default=False
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask. / 不再询问。", show_default=False)] = False,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Annotate the clauses that have no annotation, with a chat model. / 用对话模型补写注解。"""
    from policybot.annotate.store import writing
    from policybot.annotate.writer import estimate, open_model, unannotated
    from policybot.annotate.writer import write as write_notes
    from policybot.corpus import load_corpus
    from policybot.corpus.annotations import read_tags
    from policybot.corpus.naming import find_document

    session = session_of(context, lang)
    home, language = session.home, session.language
    name, model = open_model(home, llm)
    corpus = load_corpus(home.corpus_root)
    documents = [find_document(name, corpus).id for name in doc or ()]
    clauses = unannotated(corpus, documents, limit)
    if not clauses:
        if as_json:
            show_json({"done": [], "skipped": [], "usage": None})
        else:
            show([line(say("annotate-nothing", language), "good")])
        return
    with writing(home.corpus_root):
        tags = read_tags(home.corpus_root)
        expected = estimate(corpus, clauses, tags)
        _agree(session, expected, price_in, price_out, name, yes)
        count = 0

        def told(clause: str, good: bool) -> None:
            nonlocal count
            count += 1
            complain(say("annotate-progress", language, done=count, total=len(clauses), clause=clause))

        result = write_notes(
            model, corpus, home.corpus_root, clauses, tags, tracing=home.config.llm.tracing, told=told
        )
    if as_json:
        show_json(asdict(result))
    else:
        spent = {"sent": f"{result.usage.input_tokens:,}", "received": f"{result.usage.output_tokens:,}"}
        folder = Path(home.corpus_root) / "annotations"
        text = say("annotate-written", language, count=len(result.done), folder=folder, **spent)
        show([line(text, "good"), *skipped_lines(result.skipped, language)])
    if result.skipped:
        raise typer.Exit(ExitCode.NOT_FOUND)


@app.command()
def worth(
    context: typer.Context,
    questions: Annotated[
        list[Path] | None,
        typer.Option(
            "--questions",
            metavar="FILE",
            help="Question sets (in a checkout: evals/dev*.jsonl). / 问题集文件。",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Figures with and without each document's annotations. / 各文献有无注解时的检索与回答指标。"""
    from policybot.annotate.worth import markdown, table
    from policybot.annotate.worth import worth as measure
    from policybot.evaluation.qaset import load_questions
    from policybot.home import checkout_root

    session = session_of(context, lang)
    checkout = checkout_root()
    files = questions or (sorted((checkout / "evals").glob("dev*.jsonl")) if checkout else [])
    if not files:
        raise PolicybotError(
            "There is no question set to measure with.",
            "Name one with --questions; evals/README.md says what it holds.",
            what_zh="没有可用的问题集。",
            hint_zh="请用 --questions 指定；格式见 evals/README.md。",
        )
    asked = [question for file in files for question in load_questions(file)]
    rows = measure(index_opened(session), asked)
    if as_json:
        show_json([asdict(row) for row in rows])
    else:
        write(markdown(table(rows)) + "\n")


def _agree(
    session: Session,
    expected: Estimate,
    price_in: float | None,
    price_out: float | None,
    model: str,
    yes: bool,
) -> None:
    """Shows what a run will take and asks whether to go on.

    Raises:
        typer.Abort: the answer is no. PolicybotError: there is nobody to ask.
    """
    import sys

    show(estimated(expected, price_in, price_out, session.language), sys.stderr)
    if yes:
        return
    if not sys.stdin.isatty():
        raise PolicybotError(
            "A run with a chat model must be confirmed.",
            "Add --yes.",
            what_zh="使用对话模型前需要确认。",
            hint_zh="请加上 --yes。",
        )
    typer.confirm(say("annotate-ask", session.language, model=model), abort=True, err=True)
