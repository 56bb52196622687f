"""The sentences that are nearly equally good, told apart by reading them together with the question."""

from __future__ import annotations

from collections.abc import Sequence

from policybot.answer.evidence.pool import Scored
from policybot.answer.question.ask import Ask
from policybot.retrieve.judging import Cut, Judging

# Which are read: each takes four milliseconds, and reading more of them, or such as are further behind,
# chooses no better (evals/README.md).
JUDGED = 4
NEAR = 0.08  # score within which of the first one sentences are nearly as good
MOST = 8.0  # log-odds from which on a sentence is no further behind


def numbered(ask: Ask) -> bool:
    """True for a question with numbers, which the cross-encoder hardly reads: the top three, or five?"""
    return bool(ask.years or ask.quantities or ask.asks.n)


def judged(ranked: Sequence[Scored], judging: Judging) -> list[Scored]:
    """Sentences, best first, of which those that are nearly as good as the first one are ranked anew by how
    likely they answer the question; the others count as the least likely of these."""
    first = [scored for scored in ranked if not scored.sentence.heading][:JUDGED]
    near = [scored for scored in first if scored.score >= first[0].score - NEAR]
    if len(near) < 2:
        return list(ranked)
    said = judging.of([Cut(s.sentence.clause, s.sentence.text, s.sentence.english) for s in near])
    if not said:
        return list(ranked)
    odds = {s.sentence: one for s, one in zip(near, said, strict=True)}
    best, worst = max(said), min(said)
    made = [s._replace(behind=min(MOST, best - odds.get(s.sentence, worst))) for s in ranked]
    return sorted(made, key=lambda s: (-s.score, s.authority))
