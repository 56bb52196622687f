"""Quality in one run: recall by language and type, a ladder of search stages, and full answers.

    python evals/bench_quality.py                  # dev, next to the prototype's figures
    python evals/bench_quality.py --split dev2 --failures
    python evals/bench_quality.py --split test     # held out: figures only

Builds an index in a temporary home unless --home names one. Exit code 0 when every minimum of
thresholds.toml that this run measured is kept, else 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policybot.answer.bot import PolicyBot
from policybot.errors import PolicybotError
from policybot.evaluation.answers import ask_all, finder_of, judge_all
from policybot.evaluation.ladder import searchable, stage_figures, steps
from policybot.evaluation.metrics import Verdict
from policybot.evaluation.qaset import Question, load_questions
from policybot.evaluation.report import (
    RETRIEVAL_NAMES,
    Figures,
    Grid,
    answer_groups,
    failures,
    groups,
    load_thresholds,
    named_retrieval,
    percent,
    plain,
)
from policybot.home import Home
from policybot.index.open import Index, ensure_index

EVALS = Path(__file__).resolve().parent
SPLITS = ("dev", "dev2", "dev3", "test")
HELD_OUT = "test"


def retrieval_tables(
    index: Index, questions: Sequence[Question], split: str, figures: dict[str, Figures]
) -> list[Grid]:
    """The ladder, and the last rung by group next to the prototype; fills `figures`."""
    finder = finder_of(index.corpus)
    prototype = tomllib.loads((EVALS / "prototype.toml").read_text(encoding="utf-8"))
    climb = Grid("Ladder (percent)", ["stage"])
    for language in ("zh", "en"):
        climb.header += [f"{language} R@1", "R@5", "R@10", "MRR"]
    stages = list(steps(index))
    for name, stage in stages:
        row = [name]
        for language in ("zh", "en"):
            chosen = [q for q in questions if q.language == language]
            measured = named_retrieval(stage_figures(stage, chosen, finder))
            figures.setdefault(f"{name}/{split}/{language}", {}).update(measured)
            row += [percent(measured[n]) for n in RETRIEVAL_NAMES]
        climb.rows.append(row)
    table = Grid(
        "Search by group (percent; questions that stand alone and have gold)",
        ["group", "n", "R@1", "R@5", "R@10", "MRR", "prototype R@1/5/10"],
    )
    for group, members in groups(questions, split, types=split != HELD_OUT):
        chosen = [q for q in members if searchable(q)]
        if not chosen:
            continue
        measured = named_retrieval(stage_figures(stages[-1][1], chosen, finder))
        figures.setdefault(group, {}).update(measured)
        before = prototype.get(group, {}).get("recall")
        row = [group, str(len(chosen)), *(percent(measured[n]) for n in RETRIEVAL_NAMES)]
        table.rows.append([*row, "/".join(map(str, before)) if before else ""])
    return [climb, table]


def answer_table(verdicts: Sequence[Verdict], split: str, figures: dict[str, Figures]) -> Grid:
    """Answers by group; fills `figures`."""
    table = Grid(
        "Answers by group (percent; answer length in characters, median)",
        [
            "group", "n", "right", "false refusal", "refusal", "qualifier kept", "gold cited", "verbatim",
            "calibration error", "length",
        ],
    )  # fmt: skip
    shown = ("right", "false_refusal", "refusal", "kept", "cited", "verbatim", "calibration_error")
    for group, (count, measured) in answer_groups(verdicts, split, types=split != HELD_OUT).items():
        figures.setdefault(group, {}).update(measured)
        length = measured["length"]
        cells = [percent(measured[name]) for name in shown]
        table.rows.append([group, str(count), *cells, "–" if length is None else f"{length:.0f}"])
    return table


def list_failures(verdicts: Sequence[Verdict], answers: dict[str, dict[str, Any]]) -> None:
    """Each question that was not answered right, with what was said instead."""
    for verdict in verdicts:
        if not verdict.right:
            question = verdict.question
            said = " ".join(str(answers[question.id]["answer"]).split())[:160]
            cited = {True: "cited", False: "cited other", None: "no citation"}[verdict.cited]
            print(
                f"{question.id} {question.type} {verdict.status} ({cited}): {question.question}\n    → {said}"
            )


def run(split: str, home: Home, show: bool, quiet: bool) -> tuple[dict[str, Figures], dict[str, Any]]:
    """Measures one split; prints tables unless `quiet`. Returns figures by group and facts of the run."""
    questions = load_questions(EVALS / f"{split}.jsonl")
    index = ensure_index(home)
    bot = PolicyBot(index=index)
    figures: dict[str, Figures] = {}
    grids = retrieval_tables(index, questions, split, figures)
    started = time.perf_counter()
    answers = ask_all(bot, questions)
    elapsed = time.perf_counter() - started
    verdicts = judge_all(questions, answers, index.corpus)
    grids.append(answer_table(verdicts, split, figures))
    if not quiet:
        print(f"# {split}: {len(questions)} questions, {1000 * elapsed / len(questions):.1f} ms an answer\n")
        for grid in grids:
            print(grid.render(), end="\n\n")
        if show and split != HELD_OUT:
            list_failures(verdicts, answers)
    return figures, {"questions": len(questions), "seconds": elapsed}


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Recall and answers on the question sets.")
    parser.add_argument("--split", choices=[*SPLITS, "all"], default="dev")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument(
        "--failures", action="store_true", help="list wrong answers (not of the held-out set)"
    )
    parser.add_argument("--home", type=Path, help="home with an index (default: a temporary one)")
    options = parser.parse_args()
    figures: dict[str, Figures] = {}
    runs = {}
    with tempfile.TemporaryDirectory(prefix="policybot-bench-") as temporary:
        home = Home.resolve(options.home or Path(temporary))
        for split in SPLITS if options.split == "all" else (options.split,):
            measured, runs[split] = run(split, home, options.failures, options.json)
            figures.update(measured)
    broken = failures(load_thresholds(EVALS / "thresholds.toml", "quality"), figures)
    if options.json:
        print(json.dumps(plain({"runs": runs, "figures": figures, "below": broken}), ensure_ascii=False))
    else:
        print("\n".join(f"BELOW: {words}" for words in broken) or "All minimums of thresholds.toml are kept.")
    return 1 if broken else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except PolicybotError as error:
        sys.exit(error.sentence())
