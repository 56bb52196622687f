"""A clause as the ranking looks at it: folded texts, and how well a concept of the question is met there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from policybot.corpus.model import Clause
from policybot.facts.quantities import Quantity, find_quantities
from policybot.facts.years import YearMention, find_years, is_base
from policybot.retrieve.terms import Concept
from policybot.text import fold, is_han, sentence_spans, squash

# How much a concept counts that stands only in the headings above, or only in part.
IN_HEADING = 0.7
IN_PART = 0.6
_LEADING = 16  # characters within which a year opens a sentence and so governs the following ones


@dataclass(frozen=True)
class Sentence:
    """A sentence of a clause: offsets into the clause's text, folded text, and the years it holds for."""

    start: int
    end: int
    body: str
    years: tuple[YearMention, ...]
    base_years: tuple[YearMention, ...]

    @cached_property
    def tight(self) -> str:
        """The folded text without blanks."""
        return squash(self.body)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The amounts that stand there."""
        return tuple(find_quantities(self.body))


@dataclass(frozen=True)
class ClauseView:
    """One clause: `order` is its place in reading order, `head`, `body` and `notes` are folded texts.

    `head` is the heading path with the document's short title, `body` the clause under it (a table
    row reads "column：cell"), `notes` what its annotation says of it (gist, likely questions). `annotated`
    is whether its document has annotations at all.
    """

    clause: Clause
    order: int
    authority: int
    head: str
    body: str
    notes: str = ""
    annotated: bool = True

    @staticmethod
    def of(
        clause: Clause,
        order: int,
        authority: int,
        head: str,
        body: str,
        notes: str = "",
        *,
        annotated: bool = True,
    ) -> ClauseView:
        """Fold the texts that go with `clause`."""
        return ClauseView(clause, order, authority, fold(head), fold(body), fold(notes), annotated)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences with the years that govern them; a table row is one sentence."""
        return sentences_of(self)

    @cached_property
    def bare(self) -> bool:
        """True for a heading without text of its own."""
        text, heading = squash(self.clause.text.text), squash(self.clause.heading)
        return bool(self.clause.children) and bool(heading) and len(text) <= len(heading) + 12

    @cached_property
    def tight_notes(self) -> str:
        """`notes` without blanks."""
        return squash(self.notes)

    @cached_property
    def tight_head(self) -> str:
        """`head` without blanks."""
        return squash(self.head)

    @cached_property
    def tight_body(self) -> str:
        """`body` without blanks."""
        return squash(self.body)


class Option(NamedTuple):
    """A wording ready for looking up: `pairs` are its neighbouring characters, () for Latin words."""

    text: str
    weight: float
    han: bool
    pairs: tuple[str, ...]


def options_of(concept: Concept) -> tuple[Option, ...]:
    """The wordings of a concept ready for `met`, the weightiest first."""
    options = []
    for wording in concept.wordings:
        text = squash(wording.text)
        han = is_han(text[0]) or is_han(text[-1])
        pairs = tuple(text[i : i + 2] for i in range(len(text) - 1)) if han and len(text) > 2 else ()
        options.append(Option(text if han else wording.text, wording.weight, han, pairs))
    return tuple(sorted(options, key=lambda option: -option.weight))


def met(options: Sequence[Option], text: str, tight: str) -> float:
    """How well a text meets a concept, 0–1: the best of its wordings, whole or in part.

    Args:
        options: from `options_of`.
        text, tight: the folded text with and without blanks.
    """
    best = 0.0
    for wording, weight, han, pairs in options:  # unpacked: this runs thousands of times a question
        if weight <= best:
            break
        if han:
            if wording in tight:
                return weight
            if pairs and weight * IN_PART > best:
                share = sum(map(tight.__contains__, pairs)) / len(pairs)
                if share >= 0.5:
                    best = max(best, weight * IN_PART * share)
        elif wording in text and _whole(wording).search(text):
            return weight
    return best


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _whole(word: str) -> re.Pattern[str]:
    """Pattern of a Latin word or a number that is not part of another one; a plural counts."""
    pattern = _PATTERNS.get(word)
    if pattern is None:
        if len(_PATTERNS) > 4096:
            _PATTERNS.clear()
        pattern = re.compile(rf"(?<![a-z0-9.]){re.escape(word)}s?(?![a-z0-9])(?!\.\d)")
        _PATTERNS[word] = pattern
    return pattern


def sentences_of(view: ClauseView) -> tuple[Sentence, ...]:
    """The sentences of a clause with the years that govern them; a table row is one sentence."""
    text = view.clause.text.text
    if view.clause.kind in ("row", "table"):
        years, base = _years(view.body)
        return (Sentence(0, len(text), view.body, years or _years(view.head)[0], base),)
    found: list[Sentence] = []
    heading_years = _years(view.head)[0]
    governing: tuple[YearMention, ...] = ()
    for start, end in sentence_spans(text):
        raw = text[start:end]
        years, base = _years(raw)
        own = years
        if own and own[0].start <= _LEADING:
            governing = (own[-1],) if len(own) == 1 else own
        found.append(Sentence(start, end, fold(raw), own or governing or heading_years, base))
    return tuple(found)


def _years(text: str) -> tuple[tuple[YearMention, ...], tuple[YearMention, ...]]:
    mentions = find_years(text)
    if not mentions:
        return (), ()
    base = tuple(m for m in mentions if is_base(text, m))
    return tuple(m for m in mentions if m not in base), base
