"""The reports of `policybot annotate` as lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from policybot.cli.messages import say
from policybot.cli.output import Line, line

if TYPE_CHECKING:
    from policybot.annotate.rules import Finding
    from policybot.annotate.selfsearch import SelfSearch
    from policybot.annotate.survey import Overlap
    from policybot.annotate.writer import Estimate

MISSES = 20  # questions that do not find their clause, listed at most


def found_lines(key: str, findings: Sequence[Finding], language: str) -> list[Line]:
    """A heading with the number of findings, and each of them."""
    if not findings:
        return []
    style = "bad" if key == "annotate-faults" else "dim"
    return [line(say(key, language, count=len(findings)), style), *(_finding(f, language) for f in findings)]


def set_lines(sets: Sequence[Overlap], language: str) -> list[Line]:
    """What each question set shares with the annotations; of a held-out set only ids."""
    lines = []
    for made in sets:
        counts = {"alike": len(made.alike), "questions": made.questions, "same": made.same}
        lines.append(line(say("annotate-set", language, name=made.name, **counts)))
        for identity, clause, likeness, texts in made.pairs:
            parts = ((f"{identity}  {clause}  {likeness:.2f}  ", "dim"), (" = ".join(texts), ""))
            lines.append(Line(parts, 2, 4))
        if not made.pairs and made.alike:
            lines.append(line(", ".join(made.alike), "dim", indent=2, hang=2))
    return lines


def self_lines(found: SelfSearch, language: str) -> list[Line]:
    """How many questions find their clause without its annotation, and the first of those that do not."""
    from policybot.annotate.selfsearch import TOP

    shares = {n: f"{100 * found.found[n] / max(1, found.asked[n]):.1f}" for n in ("zh", "en")}
    text = say(
        "annotate-self", language, top=TOP, zh=shares["zh"], english=shares["en"], clauses=found.clauses
    )
    lines = [line(text, "strong")]
    for miss in found.misses[:MISSES]:
        rank = (
            say("annotate-rank", language, rank=miss.rank)
            if miss.rank
            else say("annotate-rank-none", language)
        )
        parts = ((f"{miss.clause}  {rank}  ", "dim"), (miss.question, ""))
        lines.append(Line(parts, 2, 4))
    more = len(found.misses) - MISSES
    return [*lines, line(f"… {more:,}", "dim", indent=2)] if more > 0 else lines


def skipped_lines(skipped: Sequence[tuple[str, list[Finding]]], language: str) -> list[Line]:
    """The clauses that a run left out, with the reasons."""
    if not skipped:
        return []
    lines = [line(say("annotate-skipped", language, count=len(skipped)), "warning")]
    return [*lines, *(_finding(problem, language) for _, problems in skipped for problem in problems)]


def estimated(
    expected: Estimate, price_in: float | None, price_out: float | None, language: str
) -> list[Line]:
    """What a run will take, with the cost where a price is known."""
    counts = {"sent": f"{expected.tokens_in:,}", "received": f"{expected.tokens_out:,}"}
    lines = [line(say("annotate-estimate", language, clauses=expected.clauses, **counts))]
    if price_in is not None or price_out is not None:
        cost = expected.cost(price_in or 0.0, price_out or 0.0)
        lines.append(line(say("annotate-cost", language, cost=f"{cost:.2f}")))
    return lines


def _finding(found: Finding, language: str) -> Line:
    parts = [(f"{found.clause}  ", "number"), (say(f"annotate-kind-{found.kind}", language), "")]
    if found.detail:
        parts.append((f"  {found.detail}", "dim"))
    if found.other:
        parts.append((f"  [{found.other}]", "dim"))
    return Line(tuple(parts), 2, 4)
