"""How rare a wording is in a corpus, and which wordings it prints side by side."""

from __future__ import annotations

import math
import re

from policybot.answer.matching.match import norm
from policybot.corpus.model import Corpus

_FLOOR = 0.06  # weight of the most frequent words


class Rarity:
    """How rare a wording is in a corpus: 1 for one that is never printed, near 0 for the commonest."""

    def __init__(self, corpus: Corpus) -> None:
        self._text = "\n".join(norm(c.text.text) for c in corpus.clauses.values())
        self.dates = {d.id: d.date for d in corpus.documents.values()}  # of issue
        self._top = math.log(4000.0)
        self._counts: dict[str, int] = {}

    def count(self, wording: str) -> int:
        """How often a normalised wording is printed."""
        found = self._counts.get(wording)
        if found is None:
            if len(self._counts) > 50_000:
                self._counts.clear()
            found = self._counts[wording] = self._text.count(wording)
        return found

    def beside(self, one: str, other: str, gap: int) -> bool:
        """True when both wordings are printed in one stretch without punctuation between them."""
        key = f"{one}\0{other}\0{gap}"
        found = self._counts.get(key)
        if found is None:
            a, b = re.escape(one), re.escape(other)
            stretch = rf"[^，。；：、,;:\n]{{0,{gap}}}"
            pattern = rf"{a}{stretch}{b}|{b}{stretch}{a}"
            found = self._counts[key] = int(re.search(pattern, self._text) is not None)
        return bool(found)

    def of(self, wording: str) -> float:
        """The rarity of a normalised wording."""
        return min(1.0, max(_FLOOR, 1.0 - math.log(1 + self.count(wording)) / self._top))
