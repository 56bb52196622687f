"""Answers in two steps: a described thing is found by a question of its own, the rest is asked about it.

Both steps are answers like any other, with their own evidence and their own confidence; the surer one
never makes up for the other. Where the thing cannot be told, or the second answer is not about it, there
is no answer in two steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from policybot.answer.compound.described import Reading, among, readings, refer
from policybot.answer.compound.parts import joined
from policybot.answer.matching.match import bare, norm
from policybot.answer.matching.names import place_stem
from policybot.answer.model import Step
from policybot.answer.tables.reading.parsed import Group
from policybot.answer.tables.reading.views import RowView, View
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.draft import Draft
from policybot.patterns import lazy_pattern
from policybot.text import is_han

if TYPE_CHECKING:
    from policybot.answer.planner import Decision, Planner

LEAST = 0.45  # confidence of each step
# A description ends like this that lost its last word.
_BROKEN = lazy_pattern(r"\b(?:to|of|in|by|and|that|with|for)\W*$")
_COVER = 0.55  # share of a step's question that a plan over tables must account for
_ONE = ("plan", "statement", "value", "definition", "ranking", "who")
_MANY = ("plan", "gaps", "footnote", "ranking", "enumeration", "category", "list")
_TABLES = ("plan", "query")
_ALL = lazy_pattern(
    r"图表|附件|表[中里内]|白皮书|所有|全部|各|35"
    r"|\b(?:chart|table|annex|white paper|all|every|listed|assessed)\b",
    re.IGNORECASE,
)  # a description that leaves no row out
_DEPTH = 2

Decide = Callable[[str], "Decision"]
Within = Callable[[str, Group], "Decision | None"]


@dataclass(frozen=True)
class Found:
    """What a first step found: names as the corpus prints them, and what carries them."""

    names: tuple[str, ...]
    decision: Decision


class Bridge:
    """Answers questions in two steps with the answers of one planner."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner

    def answer(self, text: str, decide: Decide, within: Within, depth: int = _DEPTH) -> Decision | None:
        """The answer to a question that describes a thing; None when it describes none that can be told.

        Args:
            text: the question.
            decide: answers a question by itself.
            within: answers a question over rows found before.
        """
        for reading in readings(text):
            made = self._read(reading, decide, within, depth)
            if made is not None:
                return made
        return None

    def overlooked(self, text: str, whole: Decision, decide: Decide) -> bool:
        """True when an answer leaves out a part of a question: a condition, or what is asked of a thing.

        Only answers from tables are doubted, which find a row by the words that they know.
        """
        if whole.draft.maker not in _TABLES or whole.draft.status != "answered":
            return False
        for reading in readings(text):
            if reading.several:
                where = [s.arguments.get("where") for s in whole.steps if s.tool == "select_rows"]
                if not any(where) and not _ALL.search(reading.which):
                    return True
                continue
            first = decide(reading.which)
            found = self.found(first, several=False)
            if found is None or not set(whole.draft.evidence) <= set(first.draft.evidence):
                continue
            rest = decide(reading.rest(self._name(found.names[0], reading.which)))
            if rest.draft.status == "not_found":
                return True
        return False

    def follow(self, part: str, first: Decision, decide: Decide, within: Within) -> Decision | None:
        """The answer to a later part of a question that speaks of what the first part found."""
        narrowed = among(part)
        if narrowed is not None:
            found = self.found(first, several=True)
            return within(narrowed, self._group(found)) if found is not None else None
        found = self.found(first, several=False)
        if found is None:
            return None
        asked = refer(part, self._name(found.names[0], part))
        return self._about(found.names[0], asked, decide, within, 1) if asked is not None else None

    def _read(self, reading: Reading, decide: Decide, within: Within, depth: int) -> Decision | None:
        if _BROKEN.search(reading.which):
            return None
        first = decide(reading.which)
        found = self.found(first, several=reading.several)
        if found is None or not self._said(reading, found):
            return None
        if reading.several:
            rest = f"{reading.before} {reading.after}".strip()
            second = within(rest, self._group(found))
        else:
            asked = reading.rest(self._name(found.names[0], reading.which))
            second = self._about(found.names[0], asked, decide, within, depth - 1)
        if second is None:
            return None
        step = Step("resolve", {"question": reading.which}, "、".join(found.names[:8]))
        steps = (*first.steps, step, *second.steps)
        draft = replace(joined([first.draft, second.draft]), maker="bridge", steps=steps)
        return replace(second, draft=draft, confidence=min(first.confidence, second.confidence), steps=steps)

    def _about(self, name: str, asked: str, decide: Decide, within: Within, depth: int) -> Decision | None:
        """The answer to a question about a thing, if it is about it."""
        made = self.answer(asked, decide, within, depth) if depth > 0 else None
        if made is None:
            made = decide(asked)
        if made.draft.status != "answered" or made.confidence < LEAST:
            return None
        stem = place_stem(bare(name))
        return made if any(stem in bare(self._text(e)) for e in made.draft.evidence) else None

    def found(self, decision: Decision, *, several: bool) -> Found | None:
        """The things that a decision names: exactly one, or with `several` two and more."""
        draft = decision.draft
        if draft.status != "answered" or decision.confidence < LEAST:
            return None
        if not several and (name := self._labelled(draft)):
            return Found((name,), decision)
        if draft.maker not in (_MANY if several else _ONE):
            return None
        if draft.features.get("year_lacks") or draft.features.get("place_lacks"):
            return None
        if draft.maker == "plan" and draft.features.get("cover", 0.0) < _COVER:
            return None
        names = self._rows(draft, several=several) or self._places(draft, several=several)
        if (len(names) > 1) != several or not names:
            return None
        return Found(names, decision)

    @staticmethod
    def _labelled(draft: Draft) -> str:
        """The name that one value of a sentence goes by: a part of an evaluation, a field; "" for others."""
        if draft.maker != "arithmetic" or len(draft.lines) != 1 or draft.lines[0].wording != "plan_row":
            return ""
        sides = [step.arguments.get("side") for step in draft.steps if step.tool == "find_value"]
        return str(sides[0]) if len(sides) == 1 and sides[0] else ""

    def _rows(self, draft: Draft, *, several: bool) -> tuple[str, ...]:
        """The rows of tables that carry a draft, or the names that such a row lists."""
        names: list[str] = []
        for evidence in draft.evidence:
            view, row = self._row_of.get(evidence.clause, (None, None))
            if view is None or row is None:
                continue
            column = view.of_kind("names")
            if column is not None and several:
                names += row.cells[column.index].text.split("、")
            elif column is None:
                names.append(row.key.strip("* "))
        return tuple(dict.fromkeys(names))

    @cached_property
    def _row_of(self) -> dict[str, tuple[View, RowView]]:
        return {row.id: (view, row) for view in self.planner.book.views for row in view.rows}

    def _places(self, draft: Draft, *, several: bool) -> tuple[str, ...]:
        """The places that the sentence carrying a draft names: all of them, or the one it is about."""
        if not draft.evidence:
            return ()
        text = self._text(draft.evidence[0])
        found = [(at, name) for at, _, name in self.planner.pool.places(text) if name != "中国"]
        names = tuple(dict.fromkeys(name for _, name in found))
        placed = [made.slots["city"] for made in draft.lines if made.wording == "rank_place"]
        if placed:
            return tuple(n for n in names if placed[0] in (n, self._name(n, placed[0])))
        if several or len(names) == 1:
            return names
        if not names:  # "四是…": the sentence that the place is named in is carried along
            texts = [self._text(e) for e in draft.evidence[1:]]
            named = [name for t in texts if (name := self.planner.pool.place_at_start(t))]
            return tuple(named[:1])
        subject = self.planner.pool.place_at_start(text)
        return (subject,) if subject else names

    def _said(self, reading: Reading, found: Found) -> bool:
        """True when every number of a description stands in what carries its answer, or in a plan's steps."""
        if found.decision.draft.maker in ("plan", "ranking", "gaps", "footnote"):
            return True
        text = norm("".join(self._text(e) for e in found.decision.draft.evidence)).replace(",", "")
        return all(n.replace(",", "") in text for n in re.findall(r"\d[\d,.]*\d|\d", reading.which))

    def _group(self, found: Found) -> Group:
        names = frozenset(place_stem(bare(name)) for name in found.names)
        return Group("", names, found.decision.draft.evidence[:1])

    def _name(self, name: str, like: str) -> str:
        """A name in the language of a text."""
        if any(map(is_han, like)):
            return name
        return self.planner.labels.short(name, "en")

    def _text(self, evidence: Evidence) -> str:
        clause = self.planner.corpus.clauses[evidence.clause]
        return clause.text.text[evidence.start : evidence.end]
