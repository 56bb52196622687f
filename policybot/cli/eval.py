"""`policybot eval`: runs over question sets, compared, looked into and held against limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policybot.cli import eval_report
from policybot.cli.messages import say
from policybot.cli.options import JsonOption, LangOption, help_when_bare, session_of
from policybot.cli.output import complain, show, show_json
from policybot.errors import ExitCode, PolicybotError

if TYPE_CHECKING:
    from policybot.cli.session import Session
    from policybot.evaluation.begin import Mode
    from policybot.evaluation.runs import Run

app = typer.Typer(
    help="Measure answers on question sets. / 用问题集评测答案。",
    invoke_without_command=True,
    callback=help_when_bare,
)
SetsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SET]...", help="JSONL files, or dev, dev2, dev3, test. / 问题集文件或名称。"),
]
EngineOption = Annotated[str, typer.Option("--engine", help="planner or llm:MODEL. / 引擎。")]
ThresholdsOption = Annotated[
    Path | None,
    typer.Option("--thresholds", help="File of limits. / 限值文件。", show_default=False, dir_okay=False),
]
WorkersOption = Annotated[
    int, typer.Option(min=1, max=64, help="Questions asked at the same time. / 同时提问数。")
]
DEFAULT_SET = "dev"
GATED_SET = "test"


@app.command()
def run(
    context: typer.Context,
    sets: SetsArgument = None,
    engine: EngineOption = "planner",
    split: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this part (field set). / 只用此部分。", show_default=False),
    ] = None,
    filters: Annotated[
        list[str] | None,
        typer.Option(
            "--filter",
            metavar="FIELD=VALUE",
            help="Only such questions, e.g. type=list (repeatable). / 筛选问题。",
            show_default=False,
        ),
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option(
            "--corpus",
            metavar="PATH",
            help="Ask SET over its own passages (file or folder). / 在数据集自带段落上提问。",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="squad|beir", help="Of PATH. / 其格式。", show_default=False),
    ] = None,
    workers: WorkersOption = 1,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Run folder (else HOME/runs/NAME). / 运行文件夹。", show_default=False
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name of the run. / 运行名称。", show_default=False)
    ] = None,
    resume: Annotated[
        bool | None,
        typer.Option(
            "--resume/--fresh",
            help="Go on with an interrupted run, or begin anew. / 继续中断的运行，或重新开始。",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Ask every question of a set and measure the answers. / 对问题集逐题提问并评测。"""
    from policybot.cli.eval_outside import outside, start_outside
    from policybot.cli.eval_render import run_lines
    from policybot.cli.eval_run import Wanted, start
    from policybot.evaluation.sets import parse_filters

    session = session_of(context, lang)
    mode: Mode = "auto" if resume is None else "resume" if resume else "fresh"
    if corpus is not None or form is not None:
        others = {"engine": engine != "planner", "filter": filters, "split": split, "resume": resume}
        done = start_outside(session, outside(corpus, form, sets, **others), out, name, mode)
    else:
        chosen = parse_filters([*(filters or ()), *(f"set={part}" for part in split or ())])
        wanted = Wanted(tuple(sets or (DEFAULT_SET,)), engine, chosen, workers)
        done = start(session, wanted, out, name, mode)
    if as_json:
        show_json(_run_object(done))
    else:
        show(run_lines(done, session.language))


@app.command()
def compare(
    context: typer.Context,
    before: Annotated[str, typer.Argument(help="Run, by name or folder. / 运行。")],
    after: Annotated[str, typer.Argument(help="Run to compare with it. / 与之比较的运行。")],
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Show which questions got better or worse between two runs. / 比较两次运行。"""
    from policybot.cli.eval_render import comparison_lines, comparison_object
    from policybot.evaluation.compare import compare_runs

    session = session_of(context, lang)
    first, second = (_read(session, one) for one in (before, after))
    found = compare_runs(first, second)
    held_out = first.info.held_out or second.info.held_out
    if as_json:
        show_json(comparison_object(first, second, found, held_out))
        return
    if found.left_out:
        complain(say("eval-left-out", session.language, count=found.left_out, common=found.common))
    show(comparison_lines(first, second, found, held_out, session.language))


@app.command("show")
def show_question(
    context: typer.Context,
    identity: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="Id of the question (else all wrong ones). / 问题标识。"),
    ] = None,
    run_name: Annotated[
        str | None,
        typer.Option("--run", help="Run (else the latest that has it). / 运行。", show_default=False),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Show everything about one question of a run, or which were wrong. / 显示一题的全部过程。"""
    from dataclasses import asdict

    from policybot.cli.eval_show import trace_lines
    from policybot.corpus import load_corpus
    from policybot.evaluation.grader import finder_of
    from policybot.evaluation.qaset import read_question

    session = session_of(context, lang)
    if identity is None:
        _show_failures(session, run_name, as_json)
        return
    found = _run_with(session, identity, run_name)
    result = found.results[identity]
    if found.info.held_out:
        complain(say("eval-spent", session.language))
    if as_json:
        show_json(asdict(result))
        return
    corpus = load_corpus(session.home.corpus_root)
    units = finder_of(corpus).units(read_question(result.question))
    show(trace_lines(found, result, units, session.language))


@app.command()
def check(
    context: typer.Context,
    sets: SetsArgument = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Check question sets: duplicates, missing gold, answers given away. / 检查问题集质量。"""
    from policybot.cli.eval_render import check_lines, check_object
    from policybot.corpus import load_corpus
    from policybot.evaluation.setcheck import check_sets
    from policybot.evaluation.sets import shipped_names

    session = session_of(context, lang)
    names = sets or shipped_names()
    if not names:
        raise _no_set()
    report = check_sets(names, load_corpus(session.home.corpus_root))
    if as_json:
        show_json(check_object(report))
    else:
        show(check_lines(report, session.language))
    if report.wrong:
        raise typer.Exit(ExitCode.NOT_FOUND)


@app.command()
def gate(
    context: typer.Context,
    runs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RUN]...", help="Runs to read, or sets to run (else test). / 运行或问题集。"),
    ] = None,
    engine: EngineOption = "planner",
    workers: WorkersOption = 1,
    thresholds: ThresholdsOption = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Fail when figures break the committed limits. / 指标低于限值时以退出码 1 结束。"""
    from policybot.cli.eval_render import gate_lines, gate_object
    from policybot.cli.eval_run import Wanted, measured
    from policybot.evaluation.report import held, load_thresholds
    from policybot.evaluation.sets import shipped_folder

    session = session_of(context, lang)
    folder = shipped_folder()
    file = thresholds or (folder / "thresholds.toml" if folder else None)
    if file is None:
        raise PolicybotError(
            "There is no file of limits.",
            "Name one with --thresholds FILE.",
            what_zh="没有限值文件。",
            hint_zh="请用 --thresholds 指定。",
        )
    limits = load_thresholds(file, "quality")
    found = [
        measured(session, one, Wanted((one,), engine, {}, workers))
        for one in dict.fromkeys(runs or [GATED_SET])
    ]
    checked = [entry for summary in found for entry in held(limits, summary)]
    if not checked:
        raise PolicybotError(
            f"No limit of {file.name} applies to what was run.",
            "Add limits for its groups, or run a set that has some.",
            what_zh=f"{file.name} 中没有适用于此运行的限值。",
            hint_zh="请为其分组添加限值，或运行已有限值的问题集。",
        )
    if as_json:
        show_json(gate_object(checked))
    else:
        show(gate_lines(checked, session.language))
    if any(entry.failure for entry in checked):
        raise typer.Exit(ExitCode.NOT_FOUND)


@app.command()
def ladder(
    context: typer.Context,
    sets: SetsArgument = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Measure what each part of search and answering adds. / 逐级测量各部分的作用。"""
    from policybot.cli.eval_render import ladder_lines
    from policybot.cli.eval_run import climb_all

    session = session_of(context, lang)
    found = climb_all(session, tuple(sets or (DEFAULT_SET,)))
    if as_json:
        show_json({rung: dict(figures) for rung, figures in found.items()})
    else:
        show(ladder_lines(found, session.language))


def _show_failures(session: Session, name: str | None, as_json: bool) -> None:
    from policybot.cli.eval_render import failure_lines
    from policybot.evaluation.runs import FOLDER, run_names

    names = [name] if name is not None else run_names(session.home.root / FOLDER)[:1]
    if not names:
        raise PolicybotError(
            "There is no run yet.",
            "Make one with `policybot eval run`.",
            what_zh="还没有任何运行。",
            hint_zh="请先执行 `policybot eval run`。",
        )
    found = _read(session, names[0])
    if as_json:
        wrong = sorted(i for i, r in found.results.items() if not r.verdict.get("right"))
        shown = len(wrong) if found.info.held_out else wrong
        show_json({"name": found.name, "questions": len(found.results), "wrong": shown})
    else:
        show(failure_lines(found, session.language))


app.command("report")(eval_report.report)


def _read(session: Session, name: str) -> Run:
    from policybot.evaluation.runs import FOLDER, find_run, read_run

    return read_run(find_run(name, session.home.root / FOLDER))


def _run_with(session: Session, identity: str, name: str | None) -> Run:
    """The run named, or the latest one, that has an answer to the question.

    Raises:
        PolicybotError: there is none.
    """
    from policybot.evaluation.runs import FOLDER, RunError, read_run, run_names

    root = session.home.root / FOLDER
    if name is not None:
        candidates = [_read(session, name)]
    else:
        candidates = []
        for one in run_names(root):
            try:
                candidates.append(read_run(root / one))
            except RunError:
                continue  # another run may have the question
    found = next((one for one in candidates if identity in one.results), None)
    if found is not None:
        return found
    where, where_zh = (f"the run {name}", f"运行 {name} ") if name else ("any run", "任何运行")
    raise PolicybotError(
        f"The question “{identity}” is not in {where}.",
        "Ids stand in the question set; `policybot eval run` makes a run.",
        what_zh=f"{where_zh}中没有问题“{identity}”。",
        hint_zh="标识见问题集；`policybot eval run` 可生成运行。",
    )


def _run_object(done: Run) -> dict[str, object]:
    from dataclasses import asdict

    return {"name": done.name, "folder": str(done.folder), **asdict(done.info), "summary": done.summary}


def _no_set() -> PolicybotError:
    return PolicybotError(
        "No question set was named and none is shipped here.",
        "Name a JSONL file.",
        what_zh="没有指定问题集，此处也没有自带的问题集。",
        hint_zh="请指定 JSONL 文件。",
    )
