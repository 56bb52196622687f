"""A question as the makers of answers see it: what retrieval found out about it, and what it wants done."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from policybot.answer.matching.match import Concept, bare
from policybot.answer.matching.names import place_stem
from policybot.answer.question.asks import Asks, to_int
from policybot.answer.question.leftout import exceptions
from policybot.facts.quantities import Quantity
from policybot.patterns import lazy_pattern

_COUNT = lazy_pattern(
    r"(?<![\d.])\d{1,3}(?=\s?[种项类个家座款]|\s[a-z])"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)


@dataclass(frozen=True)
class Ask:
    """One question, follow-ups resolved.

    `text` is the folded question in simplified characters; `types` and `expects` are retrieval's
    question types and kinds of value, the likeliest first; `years` are the last years of the years and
    periods asked about and `spans` their (first, last), `base_years` those a change is measured from;
    `quantities` are amounts in the question; `places` are Chinese names as the corpus
    prints them; `documents` are ids that the question names (at `named` in the text;
    `mentioned` are document and clause of each mention, of everyday words like 杂志 too),
    `only` those the caller restricts the answer to;
    `measures` are the measure words asked for (几批、多少个: 批, 个); `clauses` are ids of clauses
    that the question names; `asked` are the numbers of the concepts next to the question word
    ("多少吨二氧化碳"), which an answer must stand close to, and
    `after` those of them that follow it; `heads` those that name what is asked for ("the mayor of
    …"); `past` is true for a question on what has happened, `amount`
    for one that asks how much or how many, `ratio` for one that speaks of a share or a rate.
    """

    question: str
    text: str
    language: str
    types: tuple[str, ...]
    expects: tuple[str, ...]
    asks: Asks
    concepts: tuple[Concept, ...]
    years: tuple[int, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    base_years: tuple[int, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    places: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    asked: frozenset[int] = frozenset()
    named: tuple[tuple[int, int], ...] = ()
    mentioned: tuple[tuple[str, str], ...] = ()
    after: frozenset[int] = frozenset()
    heads: frozenset[int] = frozenset()
    past: bool = False
    amount: bool = False
    ratio: bool = False

    @property
    def place_names(self) -> tuple[tuple[str, ...], ...]:
        """Every name of each place, the corpus' own first."""
        return tuple(tuple(o for o, _ in c.options) for c in self.concepts if c.kind == "place")

    @cached_property
    def bare_text(self) -> str:
        """The text without white space and punctuation, as names are looked for in it."""
        return bare(self.text)

    @cached_property
    def stems(self) -> dict[str, int]:
        """Names of the places without their administrative endings, each with its concept's number."""
        return {
            place_stem(word): i
            for i, c in enumerate(self.concepts)
            if c.kind == "place"
            for word, _ in c.bares
        }

    @cached_property
    def left_out(self) -> frozenset[str]:
        """The places that the question leaves out ("apart from Haikou")."""
        spans = exceptions(self.text)
        return frozenset(
            c.options[0][0]
            for c in self.concepts
            if c.kind == "place" and any(low <= c.start < high for low, high in spans)
        )

    @cached_property
    def words(self) -> tuple[tuple[int, str], ...]:
        """The likelier wordings of the concepts, without punctuation, each with its concept's number."""
        return tuple(
            (i, word)
            for i, c in enumerate(self.concepts)
            for word, value in c.bares
            if value >= 0.5 and len(word) > 1
        )

    @cached_property
    def stated(self) -> frozenset[float]:
        """The counts that the question states ("the nine main resources": 9)."""
        found = (to_int(m.group()) for m in _COUNT.finditer(self.text))
        return frozenset(float(n) for n in found if n is not None)

    @property
    def strict(self) -> bool:
        """True when only a value of the kind asked for can answer."""
        return self.expects[:1] != ("percent",) or self.ratio

    @property
    def type(self) -> str:
        """The likeliest type."""
        return self.types[0] if self.types else "other"

    def measures_in(self, text: str) -> bool:
        """True when a normalised text gives an amount in a measure word that the question asks for."""
        return any(re.search(rf"[0-9一二三四五六七八九十百两]{m}", text) for m in self.measures)

    def wants(self, *types: str) -> bool:
        """True when one of these is among the question's types."""
        return any(t in self.types for t in types)

    @property
    def terms(self) -> tuple[Concept, ...]:
        """The concepts without places and numbers."""
        return tuple(c for c in self.concepts if c.kind not in ("place", "number"))
