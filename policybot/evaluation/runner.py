"""Asks every question of a set and writes the run: answers, what was retrieved, verdicts, summary."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from policybot import __version__
from policybot.corpus.model import Corpus
from policybot.errors import PolicybotError
from policybot.evaluation.engines import Bot, usage_of
from policybot.evaluation.figures import LEVEL, RESAMPLES, SEED, Figure, figures, groups
from policybot.evaluation.grader import Grader
from policybot.evaluation.qaset import Question, read_question
from policybot.evaluation.retrieval import CUTOFFS, DEPTH
from policybot.evaluation.runs import FORMAT, Result, Run, RunInfo, RunWriter
from policybot.evaluation.sets import Item, QASet
from policybot.evaluation.verdict import Verdict
from policybot.index.open import Index
from policybot.retrieve.search import Hit

KEPT = max(CUTOFFS)  # hits written to the run
_PACKAGE = Path(__file__).resolve().parents[1]


class Search(Protocol):
    """What is needed of `policybot.retrieve.search.Searcher`."""

    def search(self, question: str, k: int = 10) -> list[Hit]:
        """The best `k` hits."""
        ...


@cache
def program_checksum() -> str:
    """A checksum of the program's own code and data: results of two programs are not put together."""
    digest = hashlib.sha256()
    kinds = {".py", ".toml", ".csv", ".json", ".txt"}
    for file in sorted(f for f in _PACKAGE.rglob("*") if f.suffix in kinds and "_corpus" not in f.parts):
        digest.update(file.relative_to(_PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def describe(
    chosen: QASet, asked: Sequence[Item], filters: Mapping[str, list[str]], engine: str, index: Index
) -> RunInfo:
    """The `run.json` of a run that is about to begin."""
    return RunInfo(
        set=chosen.name,
        set_sha256=chosen.sha256,
        questions=len(asked),
        filters=dict(filters),
        engine=engine,
        corpus=index.corpus.checksum,
        index=index.folder.name,
        policybot=__version__,
        program=program_checksum(),
        held_out=chosen.held_out,
    )


def ask(bot: Bot, question: Question) -> tuple[dict[str, Any], dict[str, int] | None]:
    """(the answer as `ask --json` prints it, tokens); a defect gives status "error", as in a batch."""
    try:
        answer = bot.ask(question.question, history=question.batch.get("history", []))
        return answer.to_dict() | {"id": question.id}, usage_of(bot)
    except PolicybotError as error:
        said = error.sentence(question.language)
    except Exception as error:  # one question that fails must not hide the figures of the others
        said = f"{type(error).__name__}: {error}"[:300]
    blank = {"id": question.id, "question": question.question, "language": question.language}
    return blank | {"status": "error", "answer": said, "citations": [], "results": [], "steps": []}, None


def results_of(
    items: Sequence[Item], bot: Bot, searcher: Search, grader: Grader, workers: int = 1
) -> Iterator[Result]:
    """A result for each item, as soon as it is known (in order with one worker).

    The workers are threads: an engine that waits for a model gains by them, the planner hardly.
    """

    def work(item: Item) -> Result:
        return _result(item, bot, searcher, grader)

    if workers <= 1:
        yield from map(work, items)
        return
    pool = ThreadPoolExecutor(workers)
    try:
        for future in as_completed([pool.submit(work, item) for item in items]):
            yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def write_run(
    writer: RunWriter,
    items: Sequence[Item],
    bot: Bot,
    searcher: Search,
    grader: Grader,
    workers: int = 1,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Asks what the run has no result for, writes every result, then the summary, which it returns."""
    results = dict(writer.known)
    report(len(results), len(items))
    todo = [item for item in items if item.question.id not in results]
    for result in results_of(todo, bot, searcher, grader, workers):
        writer.append(result)
        results[result.id] = result
        report(len(results), len(items))
    summary = summarise([results[i.question.id] for i in items], writer.info)
    writer.finish(summary)
    return summary


def verdicts_of(results: Sequence[Result]) -> list[Verdict]:
    """The verdicts of results read from a run.

    Raises:
        PolicybotError: a result was written by another version of the program.
    """
    try:
        return [Verdict.from_dict(read_question(r.question), r.verdict) for r in results]
    except TypeError as error:
        raise PolicybotError(
            "The verdicts of this run were written by another version of policybot.",
            "Run it anew with `policybot eval run`.",
            what_zh="此运行的评判由其他版本的 policybot 写成。",
            hint_zh="请用 `policybot eval run` 重新运行。",
        ) from error


def ordered(run: Run, questions: Sequence[str] | None = None) -> list[Result]:
    """The results of a run by question id, or in the order of `questions`."""
    names = sorted(run.results) if questions is None else questions
    return [run.results[name] for name in names]


def summarise(results: Sequence[Result], info: RunInfo) -> dict[str, Any]:
    """`summary.json`: figures with intervals by group. Types are left out for a held-out set."""
    # In a fixed order, so that neither the workers nor a resumed run change an interval.
    chosen = sorted(results, key=lambda r: r.id)
    verdicts = verdicts_of(chosen)
    named = groups(verdicts, [r.set for r in chosen], types=not info.held_out)
    return summary_of(info, {name: (len(members), figures(members)) for name, members in named})


def summary_of(info: RunInfo, measured: Mapping[str, tuple[int, Mapping[str, Figure]]]) -> dict[str, Any]:
    """What `summary.json` holds; `measured` is group → questions and figures."""
    return {
        "format": FORMAT,
        "set": info.set,
        "engine": info.engine,
        "bootstrap": {"resamples": RESAMPLES, "seed": SEED, "level": LEVEL},
        "groups": {
            name: {"n": count, "figures": {figure: asdict(value) for figure, value in found.items()}}
            for name, (count, found) in measured.items()
        },
    }


def _result(item: Item, bot: Bot, searcher: Search, grader: Grader) -> Result:
    question = item.question
    answer, usage = ask(bot, question)
    hits = searcher.search(question.question, k=DEPTH)
    ranked = [(hit.clause_id, *hit.copies) for hit in hits]
    verdict = grader.verdict(question, answer, ranked, usage)
    listed = [hit_line(hit, grader.corpus) for hit in hits[:KEPT]]
    return Result(question.id, item.record, answer, listed, verdict.to_dict(), usage, item.set)


def hit_line(hit: Hit, corpus: Corpus) -> dict[str, Any]:
    """A hit as stored in a run."""
    clause = corpus.clauses[hit.clause_id]
    return {
        "clause_id": hit.clause_id,
        "label": clause.label,
        "copies": list(hit.copies),
        "score": round(hit.score, 6),
    }
