"""Two runs side by side: which questions got better or worse, and how far the figures differ for certain."""

from __future__ import annotations

from dataclasses import dataclass, field

from policybot.evaluation.figures import COMPARED, Figure, difference, figures
from policybot.evaluation.runner import verdicts_of
from policybot.evaluation.runs import Run, RunError
from policybot.evaluation.verdict import Verdict


@dataclass(frozen=True)
class Change:
    """A question judged differently by the two runs."""

    before: Verdict
    after: Verdict


@dataclass(frozen=True)
class Comparison:
    """What `compare_runs` found.

    Attributes:
        common: questions that stand, word for word, in both runs; `left_out` those of only one.
        better, worse: wrong before and right now, and the other way round.
        before, after, differences: figure name → value with its interval; the difference's is paired.
    """

    common: int
    left_out: int
    better: list[Change] = field(default_factory=list)
    worse: list[Change] = field(default_factory=list)
    before: dict[str, Figure] = field(default_factory=dict)
    after: dict[str, Figure] = field(default_factory=dict)
    differences: dict[str, Figure] = field(default_factory=dict)


def compare_runs(first: Run, second: Run) -> Comparison:
    """Compares the questions that both runs have answered.

    Raises:
        RunError: the runs have no question in common.
    """
    ids = sorted(
        i
        for i in first.results.keys() & second.results.keys()
        if first.results[i].question == second.results[i].question
    )
    if not ids:
        a, b = (f"{run.name} ({run.info.set})" for run in (first, second))
        raise RunError(
            f"The runs {a} and {b} have no question in common.",
            "Compare two runs over the same set.",
            what_zh=f"运行 {a} 与 {b} 没有共同的问题。",
            hint_zh="请比较同一问题集的两次运行。",
        )
    old = verdicts_of([first.results[i] for i in ids])
    new = verdicts_of([second.results[i] for i in ids])
    pairs = [Change(a, b) for a, b in zip(old, new, strict=True)]
    return Comparison(
        common=len(ids),
        left_out=len(first.results.keys() | second.results.keys()) - len(ids),
        better=[c for c in pairs if c.after.right and not c.before.right],
        worse=[c for c in pairs if c.before.right and not c.after.right],
        before=figures(old),
        after=figures(new),
        differences={name: difference(name, old, new) for name in COMPARED},
    )
