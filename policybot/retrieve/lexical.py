"""Words: BM25 over the postings, a concept counting by the best of its wordings."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from policybot.index.tokens import is_han_token, tokenise
from policybot.retrieve.terms import Concept

if TYPE_CHECKING:
    from policybot.index.postings import Postings

Scores = NDArray[np.float32]
ABSENT = 0.3  # weight of a word that is nowhere in the corpus: it cannot rank, but it lowers the score

CHARACTERS = 0.4  # weight of the single characters of a word that is nowhere in the corpus


@lru_cache(maxsize=4_096)
def query_tokens(wording: str) -> tuple[str, ...]:
    """Tokens to look a wording up by: character pairs of longer Chinese, single characters only alone."""
    tokens = tokenise(wording)
    pairs = [t for t in tokens if len(t) > 1 or not is_han_token(t)]
    return tuple(pairs or tokens)


class Lexical:
    """BM25 scores of concepts over all passages."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings

    def scores(self, concepts: Iterable[Concept]) -> Scores:
        """Score of each passage, shape (passages,): the sum over concepts of the best wording's."""
        total = np.zeros(self._postings.count, np.float32)
        for concept in concepts:
            best: Scores | None = None
            for wording in concept.wordings:
                found = self._wording(wording.text)
                if found is None:
                    continue
                if wording.weight != 1.0:
                    found = found * np.float32(wording.weight)
                best = found if best is None else np.maximum(best, found)
            if best is not None:
                total += best
        return total

    def knows(self, word: str) -> bool:
        """True when every token of a word stands in some passage."""
        return all(token in self._postings.numbers for token in query_tokens(word))

    def importance(self, concept: Concept) -> float:
        """How much a concept tells apart: idf of the rarest token of its most telling wording.

        A wording with a token the corpus lacks tells nothing; a concept without any other counts
        `ABSENT` times the idf of a token that stands once.
        """
        best = 0.0
        for wording in concept.wordings:
            tokens = query_tokens(wording.text)
            if tokens and all(token in self._postings.numbers for token in tokens):
                best = max(best, wording.weight * max(map(self._postings.idf, tokens)))
        return best or ABSENT * self._postings.idf("")

    def _wording(self, text: str) -> Scores | None:
        found = self._tokens(query_tokens(text))
        if found is None and len(text) > 1:
            found = self._tokens([t for t in tokenise(text) if is_han_token(t)])  # at least its characters
            return None if found is None else found * np.float32(CHARACTERS)
        return found

    def _tokens(self, tokens: Iterable[str]) -> Scores | None:
        postings = self._postings
        found: Scores | None = None
        for token in tokens:
            number = postings.numbers.get(token)
            if number is None:
                continue
            if found is None:
                found = np.zeros(postings.count, np.float32)
            start, end = postings.starts[number], postings.starts[number + 1]
            found[postings.rows[start:end]] += postings.weights[start:end]
        return found
