"""The sentences that are ranked first, judged anew by reading them together with the question."""

from __future__ import annotations

from collections.abc import Sequence

from policybot.answer.evidence.pool import Scored
from policybot.retrieve.judging import Cut, Judging

JUDGED = 10  # sentences that are judged: each takes two or three milliseconds
MOST = 8.0  # log-odds from which on a sentence is no further behind


def judged(ranked: Sequence[Scored], judging: Judging) -> tuple[list[Scored], float | None]:
    """Sentences, best first, ranked anew by how likely the first of them answer the question, and the
    log-odds of the likeliest one, None where none was judged.

    Those that were not judged count as the least likely one that was.
    """
    first = [scored for scored in ranked if not scored.sentence.heading][:JUDGED]
    said = judging.of([Cut(s.sentence.clause, s.sentence.text, s.sentence.english) for s in first])
    if not said:
        return list(ranked), None
    odds = {s.sentence: one for s, one in zip(first, said, strict=True)}
    best, worst = max(odds.values()), min(odds.values())
    made = [s._replace(behind=min(MOST, best - odds.get(s.sentence, worst))) for s in ranked]
    return sorted(made, key=lambda s: (-s.score, s.authority)), best
