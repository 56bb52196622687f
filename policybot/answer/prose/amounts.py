"""The amounts that the sentences of a corpus print, each with the words that stand next to it.

An amount's own words reach to the next amount or the next mark on either side; where a list of names is
shared out (A和B分别为x和y) they are its name. Read once, when a question first needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from policybot.answer.evidence.labelled import Labelled, labelled, shared_by
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import norm
from policybot.answer.wording.cite import Evidence, pieces
from policybot.corpus.model import Corpus
from policybot.facts.measure import Quantity
from policybot.patterns import lazy_pattern

_MARK = lazy_pattern(r"[，,；;。：:]")
_LEAD = 4
_LISTED = lazy_pattern(r"、(?![^（(]{0,8}[)）])")  # between things of a list, not inside brackets
_REACH = 24  # characters before or behind an amount that may still be its own


@dataclass(frozen=True)
class Stated:
    """An amount of a sentence: `own` is what stands next to it, `behind` what follows it, both normalised;
    `shared` is how many things it is given for (分别各4000万), `years` first and last of its period; `named`
    says that its own words are a name shared out to it."""

    sentence: Sentence
    quantity: Quantity
    own: str
    behind: str
    shared: int
    years: tuple[int, int] | None
    named: bool = False

    @cached_property
    def stretch(self) -> str:
        """What stands before the amount in its stretch between marks, normalised."""
        return norm(_MARK.split(self.sentence.text[: self.quantity.start])[-1])

    @property
    def year(self) -> int | None:
        return self.years[1] if self.years is not None else None


class AmountBook:
    """All sentences with amounts, clause by clause."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._clauses: tuple[tuple[tuple[Stated, ...], ...], ...] | None = None

    def clauses(self) -> tuple[tuple[tuple[Stated, ...], ...], ...]:
        """The sentences with amounts of each clause that has such, in order."""
        if self._clauses is None:
            found = []
            for clause in self.pool.corpus.clauses.values():
                if clause.table or clause.kind == "row":
                    continue
                sentences = [s for s in self.pool.sentences(clause) if not s.heading]
                stated = [made for s in sentences if (made := self.of(s))]
                if stated:
                    found.append(tuple(stated))
            self._clauses = tuple(found)
        return self._clauses

    def sentences(self) -> Iterator[tuple[Stated, ...]]:
        """The amounts of every sentence that has such."""
        for clause in self.clauses():
            yield from clause

    def of(self, sentence: Sentence) -> tuple[Stated, ...]:
        """The amounts of one sentence."""
        return tuple(self._of(sentence))

    def _of(self, sentence: Sentence) -> Iterator[Stated]:
        values = labelled(self.pool, Scored(sentence, 0.0, 0.0, 0.0, 0.0, 0, 0))
        for place, value in enumerate(values):
            text, q = sentence.text, value.quantity
            low = values[place - 1].quantity.end if place else 0
            high = values[place + 1].quantity.start if place + 1 < len(values) else len(text)
            before = _MARK.split(text[max(low, q.start - _REACH) : q.start])[-1]
            if place:
                before = _LISTED.split(before)[-1]
                if text[low : q.start].lstrip().startswith("的") and not _MARK.search(text, low, q.start):
                    before = before[
                        -_LEAD:
                    ]  # 年均1.3%的碳排放增速支撑了年均5.8%的…: the noun is the first one's
            behind = _MARK.split(text[q.end : min(high, q.end + _REACH)])[0]
            behind = _LISTED.split(behind)[0]
            named = _is_shared_out(value)
            own = value.near if named else norm(f"{before}{q.text}{behind}")
            yield Stated(sentence, q, own, norm(behind), shared_by(text, q), value.years, named)


def _is_shared_out(value: Labelled) -> bool:
    """True for a value whose label is a name from a list before 分别."""
    return value.near == value.far


def evidence_of(corpus: Corpus, used: Sequence[Stated]) -> list[Evidence]:
    """The evidence of each amount: those that stand in one verbatim piece of a sentence share theirs."""
    groups: dict[tuple[str, int, int], list[Stated]] = {}
    keys = []
    for value in used:
        s, q = value.sentence, value.quantity
        at = s.start + q.start
        parts = pieces(corpus, s.clause.text, s.start, s.end)
        piece = next((n for n, (low, high) in enumerate(parts) if low <= at < high), 0)
        key = (s.clause.id, s.start, piece)
        groups.setdefault(key, []).append(value)
        keys.append(key)
    made = {}
    for key, values in groups.items():
        s = values[0].sentence
        low = s.start + min(v.quantity.start for v in values)
        high = s.start + max(v.quantity.end for v in values)
        made[key] = Evidence(s.clause.id, s.start, s.end, (low, high))
    return [made[key] for key in keys]


def between(one: Stated, two: Stated) -> str:
    """What stands between two amounts of a sentence."""
    return re.sub(r"\s", "", one.sentence.text[one.quantity.end : two.quantity.start])
