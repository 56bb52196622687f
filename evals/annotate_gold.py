"""Writes beside every gold quote the ids of the clauses it stands in, for people who read the sets.

    python evals/annotate_gold.py            # after the clause tree or a set has changed

The quote stays what decides; the ids only say where it was found with its group.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from policybot.corpus import load_corpus
from policybot.evaluation.grader import finder_of
from policybot.evaluation.qaset import load_questions

EVALS = Path(__file__).resolve().parent


def annotated(line: str, ids: list[list[str]]) -> str:
    """The line with `ids[n]` beside each quote of its n-th group."""
    record = json.loads(line)
    for group, found in zip(record["gold"], ids, strict=True):
        for item in group:
            item["clauses"] = found
    return json.dumps(record, ensure_ascii=False)


def main() -> None:
    """Rewrites every set in place."""
    finder = finder_of(load_corpus())
    for file in sorted(EVALS.glob("*.jsonl")):
        lines = [line for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
        questions = load_questions(file)
        new = [
            annotated(line, [sorted(finder.group(group)) for group in question.gold])
            for line, question in zip(lines, questions, strict=True)
        ]
        temporary = file.with_suffix(".tmp")
        temporary.write_text("\n".join(new) + "\n", encoding="utf-8")
        os.replace(temporary, file)
        print(f"{file.name}: {len(new)} questions")


if __name__ == "__main__":
    main()
