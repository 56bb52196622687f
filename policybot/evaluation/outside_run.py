"""Measures the search and the answers on a set over its own passages, beside plain BM25 in the same run.

The passages become a corpus and an index in a temporary home, with the built-in embedder and without
annotations; the questions are asked as a user would. What comes out is a run folder like any other, with
`outside.jsonl` beside it: per question the span answered, exact match, F1 and the baseline's figures.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from policybot import __version__
from policybot.answer.bot import PolicyBot
from policybot.corpus.blocks import Passage, write_corpus
from policybot.evaluation.figures import Figure, figures, mean_figure
from policybot.evaluation.grader import reader_of
from policybot.evaluation.outside import OutsideQuestion, OutsideSet
from policybot.evaluation.qaset import Question, read_question
from policybot.evaluation.retrieval import DEPTH, NAMES, scores
from policybot.evaluation.runner import KEPT, ask, hit_line, program_checksum, summary_of
from policybot.evaluation.runs import Result, RunInfo, RunWriter
from policybot.evaluation.spans import exact_match, f1, holds
from policybot.evaluation.verdict import Verdict, judge
from policybot.home import Home
from policybot.index.open import Index, ensure_index
from policybot.index.progress import Progress, silent
from policybot.retrieve.lexical import query_tokens
from policybot.retrieve.search import Hit

EXTRA = "outside.jsonl"
ENGINE, SEARCH = "planner", "search"  # the engine of a run, with answers and without
CORPUS = "passages"  # id of the one document that the passages make
SPANS = ("exact_match", "f1", "in_quote")
BASELINE = "bm25_"  # before the name of a figure: the baseline's
NOT_ASKED: dict[str, Any] = {
    "status": "not_found",
    "answer": "",
    "citations": [],
    "results": [],
    "confidence": 0.0,
}
Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Measured:
    """One question's figures beyond its verdict; those of spans are None where the set has no answers."""

    id: str
    prediction: str | None
    exact_match: float | None
    f1: float | None
    in_quote: float | None
    baseline: dict[str, float]


@contextmanager
def temporary_index(found: OutsideSet, progress: Progress = silent) -> Iterator[tuple[Index, dict[str, str]]]:
    """An index of the passages in a home of its own, and the clause id of each passage that has text.

    Raises:
        PolicybotError: the index cannot be built.
    """
    with tempfile.TemporaryDirectory(prefix="policybot-outside-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        ids = write_corpus(
            root / "corpus", CORPUS, found.name, [Passage(p.title, p.text) for p in found.passages]
        )
        (root / "policybot.toml").write_text('[corpus]\npath = "corpus"\n', "utf-8")
        index = ensure_index(Home(root), progress)
        try:
            yield index, {p.id: name for p, name in zip(found.passages, ids, strict=True) if name}
        finally:
            index.close()


def run_outside(
    found: OutsideSet, folder: Path, progress: Progress = silent, report: Report = lambda done, total: None
) -> dict[str, Any]:
    """Asks every question, writes a run folder (an older one is replaced) and returns its summary.

    Raises:
        PolicybotError: the index cannot be built, or another process writes this run.
    """
    answered = has_answers(found)
    with temporary_index(found, progress) as (index, clauses):
        bot = PolicyBot(index=index)
        info = replace(info_of(found), corpus=index.corpus.checksum, index=index.folder.name)
        texts = {p.id: p.text for p in found.passages}
        verdicts: list[Verdict] = []
        measured: list[Measured] = []
        with RunWriter(folder, info) as writer:
            for number, question in enumerate(found.questions, 1):
                record = record_of(question, texts, clauses)
                read = read_question(record)
                result, verdict, extra = _result(question, read, record, bot, clauses)
                writer.append(replace(result, set=found.name))
                verdicts.append(verdict)
                measured.append(extra)
                report(number, len(found.questions))
            lines = (json.dumps(asdict(m), ensure_ascii=False) for m in measured)
            (folder / EXTRA).write_text("".join(f"{line}\n" for line in lines), "utf-8")
            summary = _summary(info, verdicts, measured, spans=answered)
            writer.finish(summary)
    return summary


def has_answers(found: OutsideSet) -> bool:
    """Whether the set says what is a right answer, so that answers can be measured beside the search."""
    return any(q.answers is not None for q in found.questions)


def info_of(found: OutsideSet) -> RunInfo:
    """What is known of a run before its index is built."""
    return RunInfo(
        set=found.name,
        set_sha256=found.sha256,
        questions=len(found.questions),
        filters={},
        engine=ENGINE if has_answers(found) else SEARCH,
        corpus="",
        index="",
        policybot=__version__,
        program=program_checksum(),
    )


def plain_bm25(index: Index, question: str, k: int = DEPTH) -> list[str]:
    """The best `k` clauses by BM25 of the question's words and character pairs, and nothing else."""
    found = index.postings.scores(dict.fromkeys(query_tokens(question), 1.0))
    order = (n for n in np.argsort(-found, kind="stable").tolist() if found[n] > 0)
    return list(dict.fromkeys(index.passages[n].clause for n in order))[:k]


def prediction(answer: Mapping[str, Any]) -> str:
    """The shortest thing an answer states: the value as printed, else what it quotes, "" for a refusal."""
    if answer.get("status") != "answered":
        return ""
    for result in answer.get("results") or ():
        text = result.get("text") or result.get("value")
        if isinstance(text, str) and text:
            return text
    quotes = [str(c.get("quote", "")) for c in answer.get("citations") or ()]
    return quotes[0] if quotes else str(answer.get("answer", ""))


def record_of(
    question: OutsideQuestion, texts: Mapping[str, str], clauses: Mapping[str, str]
) -> dict[str, Any]:
    """The question as a line of a question set: every relevant passage is gold."""
    gold = [
        [{"quote": texts[p], "clauses": [clauses[p]]}] for p in question.relevant if p in clauses
    ]  # a passage without text cannot be found, and is counted as missed below
    record: dict[str, Any] = {
        "id": question.id,
        "language": question.language,
        "type": "fact",
        "question": question.question,
        "answerable": question.answerable,
        "gold": gold,
        "gold_need": "all",
        "must_contain": [list(question.answers)] if question.answers else [],
        "must_not_contain": [],
    }
    if question.answers is None:  # nothing says what a right answer is: only the search is measured
        record["accept_status"] = ["not_found"]
    return record


def _result(
    question: OutsideQuestion,
    read: Question,
    record: dict[str, Any],
    bot: PolicyBot,
    clauses: Mapping[str, str],
) -> tuple[Result, Verdict, Measured]:
    index = bot.index
    answer: dict[str, Any] = dict(NOT_ASKED)
    if question.answers is not None:
        answer, _ = ask(bot, read)
    hits: list[Hit] = bot.planner.searcher.search(question.question, k=DEPTH)
    units = [frozenset({clauses.get(p, p)}) for p in question.relevant]
    grades = list(question.relevant.values())
    ranked = [(hit.clause_id, *hit.copies) for hit in hits]
    plain = [(name,) for name in plain_bm25(index, question.question)]
    verdict = replace(
        judge(read, answer, units, reader_of(index.corpus)), retrieval=_scores(ranked, units, grades)
    )
    spans = question.answers or ()
    said = prediction(answer)
    quoted = " ".join(str(c.get("quote", "")) for c in answer.get("citations") or ())
    extra = Measured(
        question.id,
        said if question.answers is not None else None,
        float(exact_match(said, spans)) if spans else None,
        f1(said, spans) if spans else None,
        float(answer.get("status") == "answered" and holds(quoted, spans)) if spans else None,
        _scores(plain, units, grades),
    )
    listed = [hit_line(hit, index.corpus) for hit in hits[:KEPT]]
    return Result(question.id, record, answer, listed, verdict.to_dict()), verdict, extra


def _scores(
    ranked: Sequence[Sequence[str]], units: Sequence[frozenset[str]], grades: Sequence[int]
) -> dict[str, float]:
    if not units:
        return {}
    found = scores({"q": (ranked, units)}, {"q": grades})["q"]
    return {name: round(value, 6) for name, value in found.items()}


def _summary(
    info: RunInfo, verdicts: Sequence[Verdict], measured: Sequence[Measured], *, spans: bool
) -> dict[str, Any]:
    """As `runner.summarise`, with spans and the baseline beside; without answers only the search."""
    pairs = sorted(zip(verdicts, measured, strict=True), key=lambda pair: pair[1].id)
    members = {"all": pairs}
    for code in ("zh", "en"):
        members[f"language/{code}"] = [p for p in pairs if p[0].question.language == code]
    return summary_of(
        info,
        {name: (len(chosen), _figures(chosen, spans)) for name, chosen in members.items() if chosen},
    )


def _figures(pairs: Sequence[tuple[Verdict, Measured]], spans: bool) -> dict[str, Figure]:
    found = figures([verdict for verdict, _ in pairs])
    if not spans:
        found = {name: found[name] for name in NAMES}
    for name in SPANS if spans else ():
        found[name] = mean_figure([getattr(extra, name) for _, extra in pairs])
    for name in NAMES:
        found[BASELINE + name] = mean_figure([extra.baseline.get(name) for _, extra in pairs])
    return found
