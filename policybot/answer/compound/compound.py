"""Answers to questions that ask several things, or ask about a thing that they only describe.

What is asked is taken apart in several ways: two steps of which the second is about what the first found,
several things that are each asked the same, several questions in a row. Every part is answered like any other
question; here is decided which way of taking a question apart holds, and whether it is better left whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from policybot.answer.comparing.compare import Side, compare
from policybot.answer.compound.bridge import LEAST, Bridge
from policybot.answer.compound.described import refers
from policybot.answer.compound.parts import carried, inherit, joined, near, parts_of
from policybot.answer.compound.sides import sides_of
from policybot.answer.compound.things import things
from policybot.answer.conversation.context import Context
from policybot.answer.conversation.dialogue import read_move
from policybot.answer.planner import Decision, Planner
from policybot.answer.question.ask import Ask
from policybot.answer.question.understand import read_ask
from policybot.answer.tables.reading.parsed import Group
from policybot.answer.wording.cite import Evidence
from policybot.retrieve.analysis import QuestionAnalysis

PLANNED = ("plan", "sets", "arithmetic")  # makers of answers in several steps
BY_ITSELF = 0.6  # confidence from which on a turn that finds nothing as a follow-up is answered by itself
_WHOLE = 0.62  # share of a question that such an answer must account for to be the whole answer
_CLOSE = 0.1  # gained by the answer of a later part that stays with the clause of the first
_STRAYING = 0.3  # cosine that the answer of a part may lose against the clause nearest to the whole question


class Decides(Protocol):
    """Answers an analysed question (policybot.answer.bot.PolicyBot)."""

    def __call__(
        self,
        question: str,
        analysis: QuestionAnalysis,
        spoken: str,
        chosen: Sequence[str],
        *,
        alone: bool = True,
        context: Context | None = None,
    ) -> Decision: ...


@dataclass(frozen=True)
class Asked:
    """A question as it was put: its words, the language of the answer, the only documents to use."""

    question: str
    spoken: str
    chosen: Sequence[str]


def sureness(decision: Decision) -> tuple[bool, float]:
    """Answers before refusals, the surer ones first."""
    return decision.draft.status == "answered", decision.confidence


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.clause == other.clause and one.start < other.end and other.start < one.end


class Compound:
    """Takes questions apart and puts the answers of their parts together.

    Args:
        decides: answers a question that is not to be taken apart.
        analyse: takes the words of a text apart.
        turn: what a text means as the next turn after others.
    """

    def __init__(
        self,
        planner: Planner,
        decides: Decides,
        analyse: Callable[[str], QuestionAnalysis],
        turn: Callable[[str, Sequence[str], Sequence[str]], QuestionAnalysis],
    ) -> None:
        self.planner, self.decides, self.analyse, self.turn = planner, decides, analyse, turn
        self.bridge = Bridge(planner)

    def settle(
        self, text: str, whole: Decision, analysis: QuestionAnalysis, asked: Asked, *, alone: bool
    ) -> Decision:
        """The answer of a question that was answered as a whole: that one, or one of its parts.

        `alone` is false for a turn of a conversation.
        """

        def decide(part: str) -> Decision:
            return self._decide(self.analyse(part), asked)

        def within(part: str, among: Group) -> Decision | None:
            made = self.analyse(part)
            return self.planner.within(self._ask(made, asked), made, among)

        pieces = parts_of(text)
        if alone and (sided := self._sided(text, whole, analysis, asked)) is not None:
            return sided
        if len(pieces) < 2:
            if not alone:
                return whole
            bridged = self.bridge.answer(text, decide, within) or self._thing(text, whole, asked)
            if bridged is None and self.bridge.overlooked(text, whole, decide):
                return self.planner.refuse(self._ask(analysis, asked), analysis)
            return bridged or whole
        if alone and (followed := self._followed(pieces, decide, within)) is not None:
            return followed
        again = whole.draft.maker == "arithmetic" and any(carried(pieces[0], p) for p in pieces[1:])
        if self._complete(whole) and not again:
            return whole
        parts = self._parts(pieces, asked)
        if alone and any(self.planner.strays(analysis, part.draft, _STRAYING) for part in parts):
            return whole
        return self._together(whole, parts)

    def _ask(self, analysis: QuestionAnalysis, asked: Asked) -> Ask:
        return read_ask(asked.question, analysis, self.planner.rarity, asked.spoken, asked.chosen)

    def _decide(
        self,
        analysis: QuestionAnalysis,
        asked: Asked,
        *,
        alone: bool = True,
        context: Context | None = None,
    ) -> Decision:
        return self.decides(
            asked.question, analysis, asked.spoken, asked.chosen, alone=alone, context=context
        )

    # Several things that are each asked the same ------------------------------------------------------

    def _sided(self, text: str, whole: Decision, analysis: QuestionAnalysis, asked: Asked) -> Decision | None:
        """The answers for each of the things that a question asks of; None where one has none of its own."""
        if whole.draft.maker != "statement" and self._complete(whole):
            return None
        ask = self._ask(analysis, asked)
        sides = sides_of(text)
        if not sides and (pair := self.planner.pairs.read(ask)) is not None and len(ask.text) == len(text):
            sides = sides_of(text, pair.spans)
        if not sides:
            return None
        found = []
        for _, part in sides:
            made = self._decide(self.analyse(part), asked)
            if made.draft.status != "answered" or made.confidence < LEAST:
                return None
            if self.planner.strays(analysis, made.draft, _STRAYING):
                return None
            found.append(made)
        first = [made.draft.evidence[:1] for made in found]
        if any(one in first[:n] for n, one in enumerate(first)):
            return None
        shown = whole.draft.evidence if whole.draft.status == "answered" else ()
        if all(any(_overlap(e, told) for told in shown) for one in first for e in one):
            return None  # the whole shows it all
        draft = compare(
            ask,
            [Side(name, made.draft) for (name, _), made in zip(sides, found, strict=True)],
            lambda name: name,
        )
        if draft is None:
            return None
        steps = tuple(s for d in found for s in d.steps)
        return Decision(draft, min(d.confidence for d in found), steps)

    # Two steps ----------------------------------------------------------------------------------------

    def _thing(self, text: str, whole: Decision, asked: Asked) -> Decision | None:
        """The answer about a thing that is described and has no name in a table: a mechanism, a body.

        What is asked of it is read as the next turn after the question that it answers, and must stay in
        the part of the document where the thing was found. An answer of the whole stands unless it only
        tells what the thing is.
        """
        for which, rest in things(text):
            first = self._decide(self.analyse(which), asked)
            if first.draft.status != "answered" or first.confidence < LEAST or not first.draft.evidence:
                continue
            if whole.draft.status == "answered" and whole.draft.evidence[:1] != first.draft.evidence[:1]:
                continue
            made = self._turn(rest, [which], first, asked)
            if made.draft.status != "answered" or made.confidence < LEAST or not made.draft.evidence:
                continue
            if not self._beside(first, made) or made.draft.evidence[:1] == first.draft.evidence[:1]:
                continue
            steps = (*first.steps, *made.steps)
            draft = replace(joined([first.draft, made.draft]), maker="bridge", steps=steps)
            return Decision(draft, min(first.confidence, made.confidence), steps)
        return None

    def _beside(self, one: Decision, other: Decision) -> bool:
        """True for answers from one clause, or from clauses under the same heading."""
        clauses = self.planner.corpus.clauses
        places = []
        for made in (one, other):
            clause = clauses[made.draft.evidence[0].clause]
            places.append({clause.id, *clause.path[-1:]})
        return not places[0].isdisjoint(places[1])

    def _followed(
        self,
        pieces: Sequence[str],
        decide: Callable[[str], Decision],
        within: Callable[[str, Group], Decision | None],
    ) -> Decision | None:
        """The answers of parts of which each later one speaks of what the first one found."""
        if not all(map(refers, pieces[1:])):
            return None
        first = decide(pieces[0])
        found = [first]
        for piece in pieces[1:]:
            made = self.bridge.follow(piece, first, decide, within)
            if made is None:
                return None
            found.append(made)
        steps = tuple(s for d in found for s in d.steps)
        draft = replace(joined([d.draft for d in found]), maker="bridge", steps=steps)
        return Decision(draft, min(d.confidence for d in found), steps)

    # Several questions --------------------------------------------------------------------------------

    @staticmethod
    def _complete(whole: Decision) -> bool:
        """True for a plan or a pair, which take up all parts of a question, so that it is not cut."""
        told = whole.draft.features
        return bool(told.get("pair")) or (whole.draft.maker in PLANNED and told.get("cover", 0.0) >= _WHOLE)

    def _parts(self, pieces: Sequence[str], asked: Asked) -> list[Decision]:
        """The surest answer for each part: by itself, or with what it takes over from those before it.

        Later ones rather stay with the clause of the first where that answers them.
        """
        made = [self.analyse(piece) for piece in pieces]
        first = max(
            self._decide(made[0], asked, alone=False),
            self._decide(made[0], asked),
            key=sureness,
        )
        first = self._thing(pieces[0], first, asked) or first
        found = [first]
        for number, part in enumerate(made[1:], 1):
            inherited = inherit(part, made[0], topic=False)
            tried = [self._decide(inherited, asked, alone=False)]
            if not refers(pieces[number]):
                tried.append(self._decide(part, asked))
            elif read_move(pieces[number]) is None:
                tried.append(self._turn(pieces[number], pieces[:number], found[-1], asked))
            if first.draft.maker in PLANNED and (text := carried(pieces[0], pieces[number])) is not None:
                whole = self._decide(self.analyse(text), asked)
                if whole.draft.maker == first.draft.maker and whole.draft.status == "answered":
                    found.append(whole)
                    continue
            if not (part.places or part.mentions):
                inherited = inherit(part, made[0], topic=True)
                tried.append(self._decide(inherited, asked, alone=False))
            found.append(self._new(tried, first))
        return found

    @staticmethod
    def _new(tried: Sequence[Decision], first: Decision) -> Decision:
        """The surest answer of a later part that does not repeat the first one's."""
        new = [t for t in tried if t.draft.evidence[:1] != first.draft.evidence[:1]]

        def closeness(made: Decision) -> tuple[bool, float]:
            answered, confidence = sureness(made)
            return answered, confidence + (_CLOSE if near(made.draft, first.draft) else 0.0)

        return max(new or tried, key=closeness)

    def _turn(self, piece: str, before: Sequence[str], last: Decision, asked: Asked) -> Decision:
        """The answer to a later part read as the next turn of a conversation."""
        analysis = self.turn(piece, before, asked.chosen)
        put_in = analysis.question.strip() != piece.strip()
        context = Context(self.planner.corpus, last.draft, put_in=put_in)
        return self._decide(analysis, asked, alone=False, context=context)

    @staticmethod
    def _together(whole: Decision, parts: Sequence[Decision]) -> Decision:
        """The answers of a question's parts, when every part has one; else the answer of the whole."""
        if any(p.draft.status == "not_found" for p in parts):
            sure = max((p.confidence for p in parts if p.draft.status == "answered"), default=0.0)
            if whole.draft.status != "not_found" or sure < BY_ITSELF:
                return whole
        steps = tuple(s for p in parts for s in p.steps)
        return Decision(joined([p.draft for p in parts]), min(p.confidence for p in parts), steps)
