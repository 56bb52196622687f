"""From text to the units of a static embedding: known tokens, and hash buckets for the others.

A token outside the vocabulary becomes two of `buckets` hash units, so that text of any field gets a
vector of its own: two unknown tokens rarely share both, and the buckets' vectors are random, thus
nearly at right angles to everything trained. An unknown English word is first tried in its base
forms. Text without any token becomes the one unit `EMPTY`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from policybot.facts.glossary import base_forms
from policybot.index.tokens import tokenise

EMPTY = "[EMPTY]"


class Vocabulary:
    """Unit names and their row numbers: tokens first, then `EMPTY`, then the buckets."""

    def __init__(self, tokens: Iterable[str], buckets: int) -> None:
        names = list(tokens)
        self.tokens = names
        self.buckets = buckets
        self._row = dict(zip(names, range(len(names)), strict=True))
        self._empty = len(names)

    def __len__(self) -> int:
        return len(self.tokens) + 1 + self.buckets

    @property
    def names(self) -> list[str]:
        """The name of every row; none contains white space."""
        return [*self.tokens, EMPTY, *(f"[#{n}]" for n in range(self.buckets))]

    def rows(self, text: str) -> list[int]:
        """Row numbers of the units of `text`, repeats kept; never empty."""
        return self.token_rows(tokenise(text))

    def token_rows(self, tokens: Iterable[str]) -> list[int]:
        """Row numbers of the units of `tokens`; never empty."""
        known = self._row
        rows: list[int] = []
        for token in tokens:
            row = known.get(token)
            if row is not None:
                rows.append(row)
            else:
                rows += self._unknown(token)
        return rows or [self._empty]

    def split(self, text: str) -> str:
        """The unit names of `text` with blanks between: what a white-space tokenizer can take."""
        names, tokens, size = [], self.tokens, self._empty
        for row in self.rows(text):
            if row < size:
                names.append(tokens[row])
            else:
                names.append(EMPTY if row == size else f"[#{row - size - 1}]")
        return " ".join(names)

    def _unknown(self, token: str) -> list[int]:
        if token.isascii() and token.isalpha():
            for form in base_forms(token):
                row = self._row.get(form)
                if row is not None:
                    return [row]
        data = token.encode("utf-8", "surrogatepass")
        first = zlib.crc32(data) % self.buckets
        second = zlib.crc32(data, 0x5EED) % self.buckets
        return [self._empty + 1 + first, self._empty + 1 + second]
