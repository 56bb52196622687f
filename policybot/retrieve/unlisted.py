"""Questions in words that no word list has: what can still be looked up in documents of any subject.

The word lists know climate policy. About anything else a run of Chinese is one unknown word
(石狮子原来), and the English words a question is asked with (take, home, down) may be its subject.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from policybot.index.tokens import tokenise
from policybot.retrieve.analysis import QuestionAnalysis
from policybot.retrieve.terms import Concept, Wording
from policybot.text import is_han

Knows = Callable[[str], bool]


def with_pieces(analysis: QuestionAnalysis, knows: Knows) -> QuestionAnalysis:
    """The analysis with its unknown runs of Chinese cut into words that the documents have.

    Args:
        knows: whether a word stands in the documents.
    """
    concepts = tuple(piece for concept in analysis.concepts for piece in pieces(concept, knows))
    return analysis if concepts == analysis.concepts else replace(analysis, concepts=concepts)


def pieces(concept: Concept, knows: Knows) -> list[Concept]:
    """The longest stretches of an unknown word that the documents have, and what lies between them.

    A word that a list or the documents know, or that they have no part of, stays whole.
    """
    text = concept.asked
    if concept.known or len(text) < 3 or not all(map(is_han, text)) or knows(text):
        return [concept]
    spans: list[tuple[int, int]] = []
    found = rest = at = 0
    while at < len(text) - 1:
        end = next((end for end in range(len(text), at + 1, -1) if knows(text[at:end])), 0)
        if not end:
            at += 1
            continue
        spans += [(rest, at), (at, end)]
        found, rest, at = found + 1, end, end
    if not found:
        return [concept]
    # A single character left between two words is mostly a particle.
    kept = [(start, end) for start, end in [*spans, (rest, len(text))] if end - start > 1]
    return [
        replace(
            concept,
            asked=text[start:end],
            start=concept.start + start,
            end=concept.start + end,
            wordings=(Wording(text[start:end], 1.0),),
        )
        for start, end in kept
    ]


def asking_words(analysis: QuestionAnalysis) -> list[str]:
    """Tokens in Latin letters that stand in no concept of a question, each once."""
    taken = {token for concept in analysis.searched for token in tokenise(concept.asked)}
    tokens = dict.fromkeys(tokenise(analysis.text))
    return [t for t in tokens if t not in taken and t[0].isalpha() and not is_han(t[0])]
