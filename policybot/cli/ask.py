"""`policybot ask`: one question, or a batch of them, to cited answers."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

import typer

from policybot.answer.model import Answer
from policybot.answer.question.clean import clean_question
from policybot.answer.tracing.log import TraceLog, checks_of, traced
from policybot.answer.tracing.stages import Stage, Trace, stage
from policybot.cli import batch as batches
from policybot.cli.messages import say
from policybot.cli.opening import engine_of, engine_opened
from policybot.cli.options import (
    DocOption,
    JsonOption,
    LangOption,
    Language,
    LlmOption,
    NoTraceOption,
    session_of,
)
from policybot.cli.output import Line, complain, line, show, show_json, write
from policybot.cli.plan import render_check, render_plan, render_steps, stage_text
from policybot.cli.render import render_answer, render_passages
from policybot.cli.session import Session
from policybot.collecting import opened_for_good
from policybot.errors import PolicybotError

if TYPE_CHECKING:
    from policybot.answer.engines import Bot
    from policybot.corpus.model import Clause

# Far more than any question: enough to see that standard input is no question, and no more than that.
STDIN_LIMIT = 1_000_000
HEAD = 200  # characters of a question above its answer


def ask(
    context: typer.Context,
    question: Annotated[
        list[str] | None,
        typer.Argument(
            help="The question; - or nothing reads standard input. / 问题；- 或省略时读标准输入。"
        ),
    ] = None,
    as_json: JsonOption = False,
    batch: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.jsonl",
            help="Answer the questions of a file (- is standard input). / 回答文件中的全部问题。",
        ),
    ] = None,
    doc: DocOption = None,
    lang: LangOption = "auto",
    llm: LlmOption = None,
    passages: Annotated[
        int,
        typer.Option(
            min=0, max=100, metavar="N", help="Also show the N nearest clauses. / 另列最相关的 N 条。"
        ),
    ] = 0,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Also show the plan. / 另示查找过程。", show_default=False),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", help="Steps and times on stderr. / 在标准错误显示步骤与用时。", show_default=False
        ),
    ] = False,
    no_trace: NoTraceOption = False,
) -> None:
    """Answer a question from the corpus, citing the exact clause. / 依据文献回答问题并注明条款。"""
    session = session_of(context, lang)
    words = " ".join(question or [])
    watch = Watch(explain, verbose, not no_trace, "ask" if batch is None else "batch")
    if batch is not None:
        if words:
            raise PolicybotError(
                "A question and --batch cannot be given together.",
                "Leave out one of them.",
                what_zh="不能同时给出问题和 --batch。",
                hint_zh="请去掉其中一个。",
            )
        _ask_batch(session, Asker(session, doc or [], lang, llm, watch), batch, passages, as_json)
        return
    text = words if words and words != "-" else read_stdin(given=words == "-")
    session.speak(lang, text)
    _ask_one(session, Asker(session, doc or [], lang, llm, watch), text, passages, as_json)


def read_stdin(*, given: bool) -> str:
    """The question on standard input.

    Raises:
        PolicybotError: standard input is a terminal and was not asked for, or is not UTF-8 text.
    """
    if sys.stdin is None or (sys.stdin.isatty() and not given):
        raise PolicybotError(
            "No question was given.",
            'Type one: policybot ask "what is the 2025 target for forest coverage?"',
            what_zh="没有给出问题。",
            hint_zh="请输入问题，例如：policybot ask “2025年森林覆盖率目标是多少？”",
        )
    try:
        return sys.stdin.buffer.read(STDIN_LIMIT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicybotError(
            "Standard input is not UTF-8 text.",
            "Send the question as text in UTF-8.",
            what_zh="标准输入不是 UTF-8 文本。",
            hint_zh="请以 UTF-8 文本发送问题。",
        ) from error


@dataclass(frozen=True)
class Watch:
    """What is told of an answer beside it: its plan, its steps as they are made, a trace for later."""

    explain: bool = False
    verbose: bool = False
    trace: bool = True
    channel: str = "ask"


class Asker:
    """Answers the questions of one run; the index is opened, and if need be built, for the first one."""

    def __init__(
        self,
        session: Session,
        documents: list[str],
        language: Language,
        llm: str | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.session, self.documents, self.language = session, documents, language
        self.engine = engine_of(llm)
        self.watch = watch or Watch()

    @cached_property
    def bot(self) -> Bot:
        """The bot, over an up-to-date index; progress and what the user should know go to stderr."""
        with opened_for_good():
            return engine_opened(self.session, self.engine)

    def ask(self, question: str, history: batches.History | None = None) -> Answer:
        """One answer. Bad questions are refused before an index is opened for them."""
        question = clean_question(question)
        with traced(self.log, self.watch.channel, self._tell if self.watch.verbose else None) as work:
            with stage("open"):
                bot = self.bot
            answer = bot.ask(question, history, documents=self.documents, language=self.language)
            work.answer = answer
        if self.watch.verbose:
            self._tell_plan(answer, work.trace)
        return answer

    @cached_property
    def log(self) -> TraceLog | None:
        """Where traces are kept, None when none are wanted."""
        return TraceLog.of(self.session.home, wanted=self.watch.trace)

    def _tell(self, done: Stage) -> None:
        text = stage_text(done.name, done.ms, self.session.language)
        write(f"{'  ' * done.depth}{text}\n", sys.stderr)

    def _tell_plan(self, answer: Answer, trace: Trace) -> None:
        language = self.session.language
        lines = render_steps([(s.tool, s.arguments, s.summary) for s in answer.steps], language)
        lines += [made for check in checks_of(trace) for made in render_check(check, language)]
        lines.append(line(say("trace-total", language, ms=f"{trace.elapsed_ms:.1f}")))
        write("".join(f"{one.plain}\n" for one in lines), sys.stderr)

    def passages(self, question: str, count: int) -> list[Clause]:
        """The clauses nearest to a question, best first."""
        from policybot.corpus.naming import find_document

        names = [find_document(name, self.bot.index.corpus).id for name in self.documents]
        hits = self.bot.planner.searcher.search(question, k=count, documents=names or None)
        return [self.bot.index.corpus.clauses[hit.clause_id] for hit in hits]


def _ask_one(session: Session, asker: Asker, text: str, passages: int, as_json: bool) -> None:
    try:
        answer = asker.ask(text)
    except PolicybotError as error:
        if as_json:
            sentence = error.sentence(session.language)
            show_json(batches.error_answer(None, text, session.language, sentence).to_dict())
        raise
    nearest = asker.passages(text, passages) if passages else []
    if as_json:
        show_json(_as_dict(answer, nearest, passages))
    else:
        show(_as_lines(asker, answer, nearest))


def _ask_batch(session: Session, asker: Asker, name: str, passages: int, as_json: bool) -> None:
    total = errors = 0
    with batches.open_lines(name) as lines:
        for answer in batches.answers(lines, asker.ask, session.language):
            total, errors = total + 1, errors + (answer.status == "error")
            usable = passages and answer.status != "error"
            nearest = asker.passages(answer.question, passages) if usable else []
            if as_json:
                show_json(_as_dict(answer, nearest, passages), indent=None)
            else:
                head = f"{answer.id}  {answer.question}" if answer.id is not None else answer.question
                separator = [line(), line()] if total > 1 else []
                show([*separator, line(f"▸ {head[:HEAD]}", "number"), *_as_lines(asker, answer, nearest)])
    if errors:
        complain(say("batch-errors", session.language, errors=errors, total=total))


def _as_lines(asker: Asker, answer: Answer, nearest: list[Clause]) -> list[Line]:
    lines = render_answer(answer)
    if asker.watch.explain:
        lines += render_plan(answer)
    if nearest:
        lines += [line(), line(say("passages", answer.language), "dim")]
        lines += render_passages(asker.bot.index.corpus, nearest, answer.language)
    return lines


def _as_dict(answer: Answer, nearest: list[Clause], wanted: int) -> dict[str, object]:
    """The answer's fields, and with --passages the nearest clauses after them."""
    fields: dict[str, object] = answer.to_dict()
    if wanted:
        fields["passages"] = [
            {
                "clause_id": clause.id,
                "document": clause.document,
                "clause": clause.label,
                "heading": clause.heading,
                "text": clause.text.text,
                "source": clause.text.file,
                "line_start": clause.line_start,
                "line_end": clause.line_end,
            }
            for clause in nearest
        ]
    return fields
