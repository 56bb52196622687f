"""Clauses that say the same are one finding: the original is cited, its copies and summaries are listed.

Two hits of different documents are copies when the sentence of the one that meets the question stands,
for the most part, in the other. That is judged for the question asked: a summary table that packs four
clauses into a cell is a copy of each of them, for the questions each of them answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from policybot.retrieve.evidence import ClauseView

PIECE = 6  # characters of the pieces that are looked up
SHARE = 0.6  # of the pieces that must stand in the other text
SHORTEST = 12  # characters of a sentence that can be told to be a copy


@dataclass(frozen=True)
class Found:
    """A clause with its score and the sentence that meets the question best (folded, without blanks)."""

    view: ClauseView
    score: float
    features: dict[str, float]
    sentence: str

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """The sentence in pieces of `PIECE` characters, () for one too short to tell."""
        return pieces_of(self.sentence)


def group(
    found: Sequence[Found], documents: Sequence[str] = (), most: int | None = None
) -> list[tuple[Found, ...]]:
    """Put copies together.

    Args:
        found: clauses by falling score.
        documents: ids of documents the question names; their clauses are cited before others'.
        most: how many groups are wanted, None for all.

    Returns:
        Groups in the order of their best scores. In each the original comes first: a clause of a
        document named, then the one with the most authority, then the best score.
    """
    groups: list[list[Found]] = []
    for item in found:
        for members in groups:
            # With both of the first two: a summary that holds two clauses does not make them copies.
            if same(members[0], item) and (len(members) < 2 or same(members[1], item)):
                members.append(item)
                break
        else:
            if most is None or len(groups) < most:  # a further one would only be thrown away
                groups.append([item])

    def rank(item: Found) -> tuple[bool, int, float, int]:
        return (item.view.clause.document not in documents, item.view.authority, -item.score, item.view.order)

    return [tuple(sorted(members, key=rank)) for members in groups]


def same(left: Found, right: Found) -> bool:
    """True when the best sentence of one clause stands in the other clause.

    Within one document only word for word: treaties have twin clauses that differ in one word.
    """
    one, other = left.view, right.view
    if one.clause.document == other.clause.document:
        return len(right.sentence) >= SHORTEST and (
            right.sentence in one.tight_body or left.sentence in other.tight_body
        )
    return contained(right.pieces, one.tight_body) or contained(left.pieces, other.tight_body)


def pieces_of(sentence: str) -> tuple[str, ...]:
    """A sentence in pieces of `PIECE` characters, the rest left out; () for one shorter than `SHORTEST`."""
    if len(sentence) < SHORTEST:
        return ()
    return tuple(sentence[at : at + PIECE] for at in range(0, len(sentence) - PIECE + 1, PIECE))


def contained(pieces: Sequence[str], text: str) -> bool:
    """True when most of a sentence, given in pieces (see `pieces_of`), stands in a text."""
    if not pieces:
        return False
    spare = (1 - SHARE) * len(pieces)
    for piece in pieces:
        if piece not in text:
            spare -= 1
            if spare < 0:
                return False
    return True
