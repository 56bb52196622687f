"""Runs over the real index: the same scores every time, and figures that move when answers are spoilt."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.model import Answer
from policybot.errors import ModelError, PolicybotError
from policybot.evaluation.engines import open_engine, usage_of
from policybot.evaluation.figures import figures
from policybot.evaluation.grader import Grader
from policybot.evaluation.runner import KEPT, ask, describe, results_of, summarise, write_run
from policybot.evaluation.runs import Result, RunWriter, read_run
from policybot.evaluation.sets import QASet, load_sets
from policybot.home import Home
from policybot.index.open import Index
from policybot.retrieve.search import Searcher

SAMPLE = 6
Answers = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def chosen() -> QASet:
    full = load_sets(["dev2"])
    return QASet(full.name, full.sha256, full.items[::SAMPLE])


@pytest.fixture(scope="module")
def grader(index: Index, chosen: QASet) -> Grader:
    return Grader(index.corpus, [item.question for item in chosen.items])


@pytest.fixture(scope="module")
def results(index: Index, chosen: QASet, grader: Grader) -> list[Result]:
    return list(results_of(chosen.items, PolicyBot(index=index), Searcher(index), grader))


@pytest.fixture(scope="module")
def hits(index: Index, chosen: QASet) -> dict[str, list[tuple[str, ...]]]:
    """Of each question: the ids of each clause found and of its copies."""
    search = Searcher(index).search
    return {
        i.question.id: [(h.clause_id, *h.copies) for h in search(i.question.question, k=30)]
        for i in chosen.items
    }


def scored(results: Sequence[Result], index: Index, chosen: QASet) -> dict[str, Any]:
    """The summary without times."""
    groups = summarise(results, describe(chosen, chosen.items, {}, "planner", index))["groups"]
    for group in groups.values():
        for name in ("latency_p50_ms", "latency_p95_ms"):
            del group["figures"][name]
    return dict(groups)


@pytest.mark.parametrize("workers", [1, 3])
def test_scores_are_the_same_again_and_with_more_workers(
    index: Index, chosen: QASet, grader: Grader, results: list[Result], workers: int
) -> None:
    again = list(results_of(chosen.items, PolicyBot(index=index), Searcher(index), grader, workers))
    assert scored(again, index, chosen) == scored(results, index, chosen)


def test_a_result_has_the_whole_trace(results: list[Result], chosen: QASet) -> None:
    for item, result in zip(chosen.items, results, strict=True):
        assert (result.id, result.question, result.set) == (item.question.id, item.record, "dev2")
        assert {"status", "answer", "citations", "results", "steps", "confidence"} <= result.answer.keys()
        assert 0 < len(result.retrieved) <= KEPT
        assert all(hit.keys() == {"clause_id", "label", "copies", "score"} for hit in result.retrieved)
        assert result.usage is None


# Spoilt answers -----------------------------------------------------------------------------------


def shifted(answers: Answers) -> None:
    """Every answer stands under the next question."""
    values = list(answers.values())
    for name, value in zip(list(answers), [*values[1:], values[0]], strict=True):
        answers[name] = value


def misquoted(answers: Answers) -> None:
    """One character of every quote is another one."""
    for answer in answers.values():
        for citation in answer["citations"]:
            quote = citation["quote"]
            middle = len(quote) // 2
            citation["quote"] = quote[:middle] + "囧" + quote[middle + 1 :]


def never_refusing(answers: Answers) -> None:
    """Refusals claim to be answers."""
    for answer in answers.values():
        if answer["status"] == "not_found":
            answer["status"] = "answered"


def always_refusing(answers: Answers) -> None:
    """Answers become refusals."""
    for answer in answers.values():
        answer["status"] = "not_found"


def miscounted(answers: Answers) -> None:
    """Every number in the text has a digit more; marks of citations stay."""
    for answer in answers.values():
        answer["answer"] = re.sub(r"(?<!\[)\b(\d+)(?!\d*\])", r"\g<1>7", answer["answer"])


def miscited(answers: Answers) -> None:
    """Every citation is of a clause that answers nothing here."""
    for answer in answers.values():
        for citation in answer["citations"]:
            citation |= {
                "clause_id": "kyoto-protocol/第二十八条",
                "quote": "本议定书正本应交存于联合国秘书长",
            }


def overconfident(answers: Answers) -> None:
    """Everything is certain, right or wrong."""
    for answer in answers.values():
        answer["confidence"] = 1.0 if answer["status"] != "answered" else 0.05


def half_listed(answers: Answers) -> None:
    """Answers end in the middle."""
    for answer in answers.values():
        answer["answer"] = answer["answer"][: len(answer["answer"]) // 2]


@pytest.mark.parametrize(
    ("spoil", "worse", "better", "same"),
    [
        (shifted, ("right", "cited", "citation_recall", "list_recall"), (), ("verbatim", "recall@1")),
        (misquoted, ("verbatim",), (), ("right", "refusal", "recall@1", "list_recall")),
        (never_refusing, ("refusal", "correct"), ("false_refusal",), ("verbatim", "recall@1")),
        (always_refusing, ("right", "list_recall", "false_refusal"), (), ("verbatim", "recall@1")),
        (miscounted, ("provenance", "right"), (), ("refusal", "verbatim", "cited")),
        (miscited, ("cited", "citation_precision", "citation_recall", "verbatim"), (), ("right", "refusal")),
        (overconfident, ("calibration_error",), (), ("right", "refusal", "cited")),
        (half_listed, ("list_recall", "right"), (), ("verbatim", "cited", "refusal")),
    ],
)
def test_spoilt_answers_move_the_figures_they_should(
    spoil: Callable[[Answers], None],
    worse: Sequence[str],
    better: Sequence[str],
    same: Sequence[str],
    results: list[Result],
    chosen: QASet,
    grader: Grader,
    hits: dict[str, list[tuple[str, ...]]],
) -> None:
    answers = {r.id: copy.deepcopy(r.answer) for r in results}

    def measured() -> dict[str, float]:
        questions = [item.question for item in chosen.items]
        found = figures([grader.verdict(q, answers[q.id], hits[q.id]) for q in questions])
        return {name: figure.value for name, figure in found.items() if figure.value is not None}

    before = measured()
    spoil(answers)
    after = measured()
    cost = {"calibration_error", "false_refusal"}  # more of these is worse
    for name in worse:
        assert (after[name] > before[name]) if name in cost else (after[name] < before[name]), name
    for name in better:
        assert (after[name] < before[name]) if name in cost else (after[name] > before[name]), name
    for name in same:
        assert after[name] == before[name], name


# Engines ------------------------------------------------------------------------------------------


class Breaks(PolicyBot):
    """Fails on every fifth question."""

    asked = 0

    def ask(self, question: str, history: Any = None, **options: Any) -> Answer:
        self.asked += 1
        if self.asked % 5 == 0:
            raise ZeroDivisionError("half way") if self.asked % 2 else ModelError("No.", what_zh="不。")
        return super().ask(question, history, **options)


def test_an_engine_that_fails_gives_errors_and_the_run_goes_on(
    index: Index, chosen: QASet, grader: Grader, tmp_path: Path
) -> None:
    items = chosen.items[:20]
    info = describe(chosen, items, {}, "planner", index)
    with RunWriter(tmp_path, info) as writer:
        summary = write_run(writer, items, Breaks(index=index), Searcher(index), grader)
    run = read_run(tmp_path)
    failed = [r for r in run.results.values() if r.answer["status"] == "error"]
    assert len(failed) == 4 and len(run.results) == 20
    assert summary["groups"]["all"]["figures"]["error"]["value"] == 0.2
    assert any("ZeroDivisionError" in r.answer["answer"] for r in failed)
    assert not any(r.verdict["right"] for r in failed)


class Metered(PolicyBot):
    """Says what it cost."""

    last_usage: Any = None

    def ask(self, question: str, history: Any = None, **options: Any) -> Answer:
        self.last_usage = {"input_tokens": 100, "output_tokens": 7, "calls": 1}
        return super().ask(question, history, **options)


def test_tokens_are_counted(index: Index, chosen: QASet, grader: Grader) -> None:
    found = list(results_of(chosen.items[:3], Metered(index=index), Searcher(index), grader))
    assert found[0].usage == {"input_tokens": 100, "output_tokens": 7}
    groups = scored(found, index, chosen)
    assert groups["all"]["figures"]["input_tokens"]["value"] == 100
    assert groups["all"]["figures"]["output_tokens"]["value"] == 7


def test_engines_by_name(index: Index, indexed: Path) -> None:
    bot = open_engine(Home(indexed), "planner", index)
    assert ask(bot, load_sets(["dev"]).items[0].question)[0]["status"] == "answered"
    assert usage_of(bot) is None
    with pytest.raises(PolicybotError, match="no engine"):
        open_engine(Home(indexed), "oracle", index)
    with pytest.raises(PolicybotError, match="not known"):
        open_engine(Home(indexed), "llm:x", index)
