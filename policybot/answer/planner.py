"""The deterministic driver: analyse the question, call the makers of answers, keep the best or refuse.

Every maker returns drafts with a score; the question's types shift the scores (``answer/data/planner.toml``),
and the best draft's features give the calibrated confidence that decides between answer and refusal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from policybot.answer.claims.misdated import misdated
from policybot.answer.comparing.compare import Side, compare, counts_things, dated, sides, told_once, whole
from policybot.answer.comparing.pairs import Pair
from policybot.answer.confidence.measure import PROSE
from policybot.answer.confidence.scale import confidence
from policybot.answer.confidence.standing import standing
from policybot.answer.conversation.context import Context
from policybot.answer.evidence.judging import judged, numbered
from policybot.answer.evidence.labelled import joined_places
from policybot.answer.evidence.pool import Scored
from policybot.answer.makers import Makers
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.tables.reading.match import TableMatch
from policybot.answer.tables.reading.order import SUPERLATIVE
from policybot.answer.tables.reading.parsed import Group
from policybot.answer.tracing.stages import timed
from policybot.answer.wording.draft import Draft
from policybot.patterns import lazy_pattern
from policybot.retrieve.analysis import QuestionAnalysis
from policybot.retrieve.search import Known

THRESHOLD = 0.4  # confidence from which on an answer is given
# Makers that read one table or number.
_NARROW = ("list", "category", "class", "query", "cell", "which_row", "section", "ranking", "value")
_MISDATED = 0.6  # least confidence in a sentence, its year aside, to put a question's year right
_SIDE = 0.3  # least confidence of one side of a comparison
_MORE = 0.15  # a table that lacks the place must be about the question by this much more than a sentence
HITS = 14
# Makers that put together what words tell them belongs together: what they made must be near the question's
# meaning as well. On the development questions no right answer of theirs was further away.
_HELD = frozenset(
    {
        "arithmetic",
        "category",
        "claim",
        "compare",
        "led",
        "member",
        "members",
        "plan",
        "premise",
        "query",
        "ranking",
        "section",
        "sets",
    }
)
_TABLE_STRAYS = 0.1  # … more where a table carries it: a row means what its table means, and little of that
_STRAYING = 0.2  # cosine lost against the clause nearest in meaning
_CARRIED_ALL, _ALL = 0.1, 0.99  # … more where all words of the question are carried, and from which share on
_LAST = lazy_pattern(r"最后|\blast\b")  # picks one of several and orders none
_TELLING = 4  # drafts among which a more telling one is looked for
_SURE = 0.99  # most confidence in a turn of a conversation
_LOOSE = 0.9  # worth of a clause found without regard to the document named


@dataclass(frozen=True)
class Decision:
    """What the planner settled on: the draft, how likely it is right, and all steps taken."""

    draft: Draft
    confidence: float
    steps: tuple[Step, ...]
    drafts: tuple[Draft, ...] = ()


class Planner(Makers):
    """Answers analysed questions over one searcher; holds no state that a question changes, caches aside."""

    @timed("decide")
    def decide(
        self, ask: Ask, analysis: QuestionAnalysis, *, alone: bool = True, context: Context | None = None
    ) -> Decision:
        """The best answer to a question, or a refusal.

        `alone` is false for a text that does not say by itself what it means: a follow-up, a part;
        `context` is what the answer before it was about.
        """
        direct = self._direct(ask)
        if direct is not None:
            return Decision(direct, confidence(direct), direct.steps)
        known = Known(words_only=not alone)
        ranked, steps = self.search(ask, analysis, known, context)
        matches = self.book.matches(ask)
        pair = self.pairs.read(ask)
        drafts = self._measured(ask, analysis, ranked, matches, pair, known)

        def worth(draft: Draft) -> float:
            return standing(self.corpus, ask, draft) + (context.shift(draft) if context is not None else 0.0)

        drafts.sort(key=worth, reverse=True)
        while (
            alone
            and drafts
            and drafts[0].maker in _HELD
            and self.strays(
                analysis, drafts[0], _STRAYING + _CARRIED_ALL * (drafts[0].features.get("cover", 0.0) >= _ALL)
            )
        ):
            drafts = drafts[1:]
        meant = self.searcher.meant(analysis, known)
        drafts = self._telling(ask, drafts)
        drafts[:3] = [self.measurer.judged(draft, meant) for draft in drafts[:3]]
        for draft in drafts[:3]:
            sure = confidence(draft)
            if context is not None:
                sure = min(_SURE, sure + context.sureness(draft))
            if draft.status == "not_found":
                if sure >= THRESHOLD:
                    return Decision(draft, sure, (*steps, *draft.steps), tuple(drafts))
                continue
            unlisted = self.refuser.unlisted(ask, matches) if ask.places and draft.maker in PROSE else None
            if (
                unlisted is not None
                and unlisted.features.get("about", 0.0) < self.measurer.said(ask, draft) + _MORE
            ):
                unlisted = None
            if sure >= THRESHOLD and unlisted is None:
                draft = self.widener.widened(ask, pair, draft)
                return Decision(draft, sure, (*steps, *draft.steps), tuple(drafts))
            if draft.maker == "enumeration" and (whole := self._sentence_of(draft, drafts)) is not None:
                return Decision(whole, confidence(whole), (*steps, *whole.steps), tuple(drafts))
            if draft.maker in _NARROW and sure < THRESHOLD:
                continue  # the wrong table, or number, says nothing about what sentences say
            break
        dated = misdated(ask, drafts[0], self.corpus) if drafts else None
        if dated is not None and (sure := confidence(dated)) >= _MISDATED:
            return Decision(replace(dated, maker="premise"), sure, (*steps, *dated.steps), tuple(drafts))
        best = confidence(drafts[0]) if drafts else 0.0
        refusal = self.refuser.draft(ask, ranked, matches, self._reason(drafts), meant)
        return Decision(refusal, round(1.0 - min(best, 0.99), 4), (*steps, *refusal.steps), tuple(drafts))

    def _measured(
        self,
        ask: Ask,
        analysis: QuestionAnalysis,
        ranked: Sequence[Scored],
        matches: list[TableMatch],
        pair: Pair | None,
        known: Known,
    ) -> list[Draft]:
        """What all makers offer for a question, with how it compares with the whole of it."""
        several = self._compare(ask, analysis)
        drafts = self.computing.drafts(ask) + self.ranking.drafts(ask) + self.gaps.drafts(ask)
        drafts += self.ledger.drafts(ask, ranked) + self.plans.drafts(ask) + self.sets.drafts(ask)
        drafts += self.prose.drafts(ask, ranked) or self.arithmetic.drafts(ask, ranked, pair)
        drafts += self.parts.drafts(ask, ranked)
        drafts += self.rules.drafts(ask, ranked) + self.durations.drafts(ask, ranked)
        drafts += (
            self.lengths.drafts(ask) + self.ordinals.drafts(ask, ranked) + self.proseranks.drafts(ask, ranked)
        )
        drafts += self.drafts(ask, ranked, matches)
        claim = self.claims.draft(ask, ranked, lambda c: self._said_in(c, analysis))
        worded = self.wordings.draft(ask, lambda part: self._said_in(part, analysis))
        paired = self.pairs.draft(ask, pair, ranked, lambda part: self._answers(part, analysis))
        against = self.documents.draft(
            ask,
            lambda part: self._answers(part, analysis),
            lambda name: self.composer.short_name(name, ask.language),
        )
        drafts = [
            made
            for made in (several, against, worded, paired, claim, self.classed.draft(ask))
            if made is not None
        ] + drafts
        said = self.claims.part(ask) if claim is not None else ask
        near = self.searcher.nearness(analysis)
        meant = self.searcher.meant(analysis, known)
        drafts = [self.measurer.measured(said if d.maker == "claim" else ask, d, near, meant) for d in drafts]
        role = self.roles.draft(ask, ranked)
        if role is not None:
            drafts.append(self.measurer.measured(role[1], role[0], near, meant))
        return drafts

    @staticmethod
    def _sentence_of(draft: Draft, drafts: Sequence[Draft]) -> Draft | None:
        """The sentence that a list which is not sure enough stands in, when that is sure enough."""
        return next(
            (
                d
                for d in drafts
                if d.maker == "statement"
                and d.evidence[0].clause == draft.evidence[0].clause
                and confidence(d) >= THRESHOLD
            ),
            None,
        )

    def strays(self, analysis: QuestionAnalysis, draft: Draft, far: float = _STRAYING) -> bool:
        """True when a draft rests on clauses that are much further from a question's meaning than others."""
        meant = self.searcher.meant(analysis, Known())
        if meant is None:
            return False
        lost = [
            meant.top - meant.of(e.clause) - (_TABLE_STRAYS if self.corpus.clauses[e.clause].table else 0.0)
            for e in draft.evidence
        ]
        return min(lost, default=0.0) > far

    def refuse(self, ask: Ask, analysis: QuestionAnalysis) -> Decision:
        """The refusal of a question, whatever could be answered."""
        ranked, steps = self.search(ask, analysis)
        refusal = self.refuser.draft(ask, ranked, self.book.matches(ask))
        return Decision(refusal, 0.5, (*steps, *refusal.steps))

    def within(self, ask: Ask, analysis: QuestionAnalysis, among: Group) -> Decision | None:
        """The answer to a question over rows found before; None when no plan over tables gives it."""
        near = self.searcher.nearness(analysis)
        for draft in self.plans.drafts(ask, among):
            measured = self.measurer.measured(ask, draft, near, None)
            sure = confidence(measured)
            if sure >= THRESHOLD:
                return Decision(measured, sure, measured.steps)
        return None

    @timed("search")
    def search(
        self,
        ask: Ask,
        analysis: QuestionAnalysis,
        known: Known | None = None,
        context: Context | None = None,
    ) -> tuple[list[Scored], tuple[Step, ...]]:
        """Retrieval's clauses for a question, and their sentences weighed one by one.

        `known` is told what the search found out.
        """
        documents = list(ask.only) or None
        known = known if known is not None else Known()
        hits = self.searcher.search(analysis, k=HITS, documents=documents, known=known)
        found = {h.clause_id: h.score for h in hits}
        if analysis.documents and not ask.clauses and not ask.only:
            # A document may be named as what is done and not as where to look.
            loose = self.searcher.search(replace(analysis, mentions=()), k=HITS // 2, known=known)
            top = max((h.score for h in loose), default=0.0) or 1.0
            best = max(found.values(), default=1.0)
            for hit in loose:
                found.setdefault(hit.clause_id, _LOOSE * best * hit.score / top)
        held = context.gains if context is not None else {}
        if documents or analysis.documents:
            kept = documents or analysis.documents
            held = {i: gain for i, gain in held.items() if self.corpus.clauses[i].document in kept}
        if held:
            lowest = min(found.values(), default=1.0)
            for name in held:
                found.setdefault(name, lowest)
        clauses = [self.corpus.clauses[i] for i in found]
        step = Step(
            "search",
            {"question": analysis.text, "k": HITS, "documents": documents or []},
            ", ".join(list(found)[:3]),
        )
        places = None if "place" in ask.expects else ask.places
        # A treaty is named as what is done as often as where to look.
        named = [d for d in ask.documents if self.corpus.documents[d].status != "treaty"]
        meant = self.searcher.meant(analysis, known)
        strays = None if meant is None else {name: meant.top - meant.of(name) for name in found}
        ranked = self.pool.rank(
            ask.concepts,
            clauses,
            found,
            places=places,
            years=ask.years,
            documents=named,
            strays=strays,
            meant=None if meant is None else meant.sentences,
            held=held,
        )
        if meant is not None and meant.judging is not None and not numbered(ask):
            ranked = judged(ranked, meant.judging)
        return context.unrepeated(ranked) if context is not None else ranked, (step,)

    @staticmethod
    def _telling(ask: Ask, drafts: list[Draft]) -> list[Draft]:
        """Drafts, a sentence shown whole behind one of the same clause that says what follows and is as sure:
        a claim set right or a value computed, or a list where one is asked for and the sentence has none."""
        if not drafts or drafts[0].maker not in ("statement", "compare"):
            return drafts
        first = drafts[0]
        clauses = {e.clause for e in first.evidence}
        unlisted = ask.type == "list" and first.features.get("list_lacks", 0.0) > 0
        said = [d for d in drafts[1:_TELLING] if d.maker in ("claim", "arithmetic")]
        telling = [d for d in said if not clauses.isdisjoint(e.clause for e in d.evidence)]
        if unlisted:
            telling += [d for d in drafts[1:_TELLING] if d.maker == "enumeration"]
        best = max(telling, key=confidence, default=first)
        if best is first or confidence(best) < confidence(first):
            return drafts
        return [best, *(d for d in drafts if d is not best)]

    def _said_in(self, part: Ask, analysis: QuestionAnalysis) -> list[Scored]:
        """Sentences for a part of a question: the words it keeps, whatever else is asked."""
        starts = {c.start for c in part.concepts}
        kept = tuple(c for c in analysis.concepts if c.start in starts)
        return self.search(part, replace(analysis, concepts=kept))[0]

    def _answers(self, part: Ask, analysis: QuestionAnalysis) -> list[Draft]:
        """Measured drafts that may stand as one side of a comparison, best first."""
        starts = {c.start for c in part.concepts}
        narrowed = replace(
            analysis, text=part.text, concepts=tuple(c for c in analysis.concepts if c.start in starts)
        )
        known = Known()
        ranked, _ = self.search(part, narrowed, known)
        near = self.searcher.nearness(narrowed)
        meant = self.searcher.meant(narrowed, known)
        made = self.drafts(part, ranked, self.book.matches(part))
        made = [self.measurer.measured(part, d, near, meant) for d in made]
        made = [d for d in made if confidence(d) >= _SIDE]
        return sorted(made, key=lambda d: -standing(self.corpus, part, d))

    def _direct(self, ask: Ask) -> Draft | None:
        """Answers that need no search: documents, and clauses asked for by name."""
        about = self.meta.draft(ask)
        if about is not None:
            return about
        if not ask.clauses or SUPERLATIVE.search(_LAST.sub("", ask.text)):
            return None
        listing = ask.wants("list", "yes_no")  # words without translation may then name a heading
        content = [
            c
            for c in ask.concepts
            if c.kind != "document" and c.weight >= 0.25 and (c.known or (listing and c.kind == "latin"))
        ]
        if ask.type == "clause_text" or len(content) == 0:
            return self.clauses.draft(ask)
        return None

    def _compare(self, ask: Ask, analysis: QuestionAnalysis) -> Draft | None:
        parts, every = sides(ask), whole(ask)
        if len(parts) < 2:
            return None
        found = []
        near = self.searcher.nearness(analysis)
        for label, part in parts[:6]:
            narrowed, known = _narrowed(analysis, part), Known()
            ranked, _ = self.search(part, narrowed, known)
            meant = self.searcher.meant(narrowed, known)
            drafts = [
                self.measurer.measured(part, d, near, meant)
                for d in self.drafts(part, ranked, self.book.matches(part))
            ]
            drafts = [
                d
                for d in drafts
                if not (d.features.get("kind_lacks") or counts_things(part, d))
                and (
                    d.maker in ("value", "cell", "class", "rank")
                    or ask.wants("comparison")
                    or (every and d.maker == "statement" and dated(d))
                )
            ]
            drafts.sort(key=lambda d: -standing(self.corpus, part, d))
            best = next((d for d in drafts[:3] if confidence(d) >= _SIDE), None)
            unlisted = None if every else self.refuser.unlisted(part, self.book.matches(part))
            if unlisted is not None:
                best = unlisted
            if every and (best is None or best.status == "not_found"):
                return None
            found.append(Side(label, best))
        told = {s.draft.evidence for s in found if s.draft is not None}
        if every and len(told) < len(found):
            return None  # one sentence about both needs no comparison
        if told_once(self.corpus, found, lambda text: len(joined_places(self.pool, text)) > 1):
            return None
        return compare(ask, found, lambda text: self._label(ask, text))

    def _label(self, ask: Ask, text: str) -> str:
        if text in self.corpus.documents:
            return self.composer.document_name(text, ask.language)
        return self.labels.short(text, ask.language)

    @staticmethod
    def _reason(drafts: Sequence[Draft]) -> str:
        if not drafts:
            return ""
        features: Mapping[str, float] = drafts[0].features
        if features.get("year_lacks") or features.get("year_fit", 0.0) < 0:
            return "year"
        return ""


def _narrowed(analysis: QuestionAnalysis, part: Ask) -> QuestionAnalysis:
    """The analysis for one side of a comparison."""
    places = tuple(p for p in analysis.places if p.wordings and p.wordings[0].text in part.places)
    years = tuple(y for y in analysis.years if (y.first, y.last) in part.spans)
    mentions = tuple(m for m in analysis.mentions if m.document in part.documents)
    return replace(analysis, places=places, years=years, mentions=mentions)
