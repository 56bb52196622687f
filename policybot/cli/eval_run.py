"""A run from the command line: index, engine, folder, progress; what was interrupted is kept and said."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policybot.cli.messages import say
from policybot.cli.opening import index_opened
from policybot.cli.output import complain
from policybot.cli.session import Session
from policybot.errors import PolicybotError

if TYPE_CHECKING:
    from policybot.evaluation.begin import Mode
    from policybot.evaluation.grader import Grader
    from policybot.evaluation.runs import Run, RunInfo
    from policybot.evaluation.sets import Item, QASet
    from policybot.index.open import Index


@dataclass(frozen=True)
class Wanted:
    """What to run: sets by name or path, engine, filters as `parse_filters` gives them, workers."""

    sets: tuple[str, ...]
    engine: str
    filters: Mapping[str, list[str]]
    workers: int = 1


@dataclass(frozen=True)
class Prepared:
    """A set that is ready to be asked."""

    index: Index
    chosen: QASet
    asked: list[Item]
    grader: Grader


def prepare(session: Session, sets: tuple[str, ...], filters: Mapping[str, list[str]]) -> Prepared:
    """Reads the sets, opens the index, finds the gold.

    Raises:
        PolicybotError: a set, the index or a package is missing, or nothing of the gold is in the corpus.
    """
    from policybot.evaluation.grader import Grader
    from policybot.evaluation.retrieval import need_measures
    from policybot.evaluation.sets import load_sets, select

    need_measures()
    chosen = load_sets(sets)
    index = index_opened(session)
    questions = [item.question for item in chosen.items]
    grader = Grader(index.corpus, questions)
    asked = select(chosen.items, filters, grader.documents)
    _check_gold(session, chosen, asked, grader)
    return Prepared(index, chosen, asked, grader)


def start(session: Session, wanted: Wanted, out: Path | None, name: str | None, mode: Mode) -> Run:
    """Runs, or goes on with, what is wanted, and returns the finished run."""
    from policybot.evaluation.begin import check_name, choose_folder, use_folder
    from policybot.evaluation.runner import describe
    from policybot.evaluation.runs import FOLDER

    if out is not None and name is not None:
        raise PolicybotError(
            "--out and --name cannot be given together.",
            "--out names the run's folder itself.",
            what_zh="不能同时给出 --out 和 --name。",
            hint_zh="--out 即运行文件夹本身。",
        )
    ready = prepare(session, wanted.sets, wanted.filters)
    info = describe(ready.chosen, ready.asked, wanted.filters, wanted.engine, ready.index)
    root = session.home.root / FOLDER
    if out is None and name is None:
        folder, done = choose_folder(root, info, mode)
    else:
        folder = out.expanduser().absolute() if out is not None else root / check_name(name or "")
        done = use_folder(folder, info, mode)
    if done is not None and done.info.finished is not None:
        complain(say("eval-finished", session.language, name=done.name))
        return done
    return _write(session, ready, wanted, folder, info, done)


def measured(session: Session, name: str, wanted: Wanted) -> dict[str, Any]:
    """The summary of a run by that name, else of the set by that name, run in a folder that is not kept."""
    from policybot.evaluation.runner import describe
    from policybot.evaluation.runs import FOLDER, find_run, is_run, read_finished
    from policybot.evaluation.sets import find_set

    root = session.home.root / FOLDER
    if is_run(root / name) or is_run(Path(name)):
        return read_finished(find_run(name, root)).summary or {}
    find_set(name)
    ready = prepare(session, wanted.sets, wanted.filters)
    info = describe(ready.chosen, ready.asked, wanted.filters, wanted.engine, ready.index)
    with tempfile.TemporaryDirectory(prefix="policybot-gate-") as folder:
        run = _write(session, ready, wanted, Path(folder) / "run", info, None)
    assert run.summary is not None
    return run.summary


def climb_all(session: Session, sets: tuple[str, ...]) -> dict[str, Mapping[str, Mapping[str, float | None]]]:
    """Rung → language → figures."""
    from policybot.evaluation.ladder import climb, rungs

    ready = prepare(session, sets, {})
    questions = [item.question for item in ready.asked]
    found: dict[str, Mapping[str, Mapping[str, float | None]]] = {}
    with bar(session, "eval-climbing") as report:
        for number, rung in enumerate(rungs(ready.index), 1):
            found[rung.name] = climb(rung, questions, ready.grader)
            report(number, RUNGS)
    return found


RUNGS = 8  # of `policybot.evaluation.ladder.rungs`


@contextmanager
def bar(session: Session, key: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error when it is a terminal; elsewhere nothing is drawn."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as drawn:
        task = drawn.add_task(say(key, session.language), total=None)

        def report(done: int, total: int) -> None:
            drawn.update(task, completed=done, total=total)

        yield report


def _write(
    session: Session, ready: Prepared, wanted: Wanted, folder: Path, info: RunInfo, done: Run | None
) -> Run:
    from policybot.evaluation.engines import open_engine
    from policybot.evaluation.runner import write_run
    from policybot.evaluation.runs import RunWriter, read_run
    from policybot.retrieve.search import Searcher

    bot = open_engine(session.home, wanted.engine, ready.index)
    searcher = Searcher(ready.index)
    with (
        RunWriter(folder, info, resume=done is not None) as writer,
        bar(session, "eval-asking") as report,
    ):
        if writer.known:
            counts = {"done": len(writer.known), "total": info.questions}
            complain(say("eval-resumed", session.language, name=folder.name, **counts))
        try:
            write_run(writer, ready.asked, bot, searcher, ready.grader, wanted.workers, report)
        except KeyboardInterrupt:
            complain(say("eval-kept", session.language, folder=folder))
            raise
    return read_run(folder)


def _check_gold(session: Session, chosen: QASet, asked: list[Item], grader: Grader) -> None:
    """Says how many questions have gold that is not in the corpus; refuses when all have.

    Raises:
        PolicybotError: no question's gold is in the corpus.
    """
    questions = [item.question for item in asked]
    lacking, all_gold = grader.missing(questions), sum(bool(q.gold) for q in questions)
    if lacking and len(lacking) == all_gold:
        raise PolicybotError(
            f"The set {chosen.name} is of another corpus: none of its gold quotes is in this one.",
            "Set [corpus] path in policybot.toml to the set's corpus, or choose another set.",
            what_zh=f"问题集 {chosen.name} 属于另一个语料库：其引文都不在当前语料中。",
            hint_zh="请在 policybot.toml 的 [corpus] path 中指定对应语料，或换用其他问题集。",
        )
    if lacking:
        complain(say("eval-gold-missing", session.language, count=len(lacking), name=chosen.name))
