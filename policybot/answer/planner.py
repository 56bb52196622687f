"""The deterministic driver: analyse the question, call the makers of answers, keep the best or refuse.

Every maker returns drafts with a score; the question's types shift the scores (``data/planner.toml``),
and the best draft's features give the calibrated confidence that decides between answer and refusal.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from policybot.answer.arithmetic import ArithmeticMaker
from policybot.answer.ask import Ask
from policybot.answer.asks import DATA, data_fault
from policybot.answer.claims import ClaimMaker
from policybot.answer.classclaim import ClassClaimMaker
from policybot.answer.clausetext import ClauseMaker
from policybot.answer.compare import Side, compare, counts_things, dated, sides, told_once, whole
from policybot.answer.compose import Composer
from policybot.answer.computing import ComputeMaker
from policybot.answer.confidence import confidence
from policybot.answer.context import Context
from policybot.answer.docsides import DocumentMaker
from policybot.answer.draft import Draft
from policybot.answer.durations import DurationMaker
from policybot.answer.footnotes import FootnoteMaker
from policybot.answer.gaps import GapMaker
from policybot.answer.labelled import joined_places
from policybot.answer.labels import Labels
from policybot.answer.ledger import LedgerMaker
from policybot.answer.ledlists import LedListMaker
from policybot.answer.listing import ListMaker
from policybot.answer.measure import PROSE, Measurer
from policybot.answer.membership import MembershipMaker
from policybot.answer.meta import MetaMaker
from policybot.answer.model import Step
from policybot.answer.nth import NthMaker
from policybot.answer.ordinals import OrdinalMaker
from policybot.answer.pairs import PairMaker
from policybot.answer.partwhole import PartMaker
from policybot.answer.pool import Pool, Scored
from policybot.answer.premise import PremiseMaker
from policybot.answer.prose import ProseMaker
from policybot.answer.proseranks import ProseRankMaker
from policybot.answer.quoting import Quoter
from policybot.answer.ranking import RankMaker
from policybot.answer.rarity import Rarity
from policybot.answer.refuse import Refuser
from policybot.answer.roleclaim import RoleClaimMaker
from policybot.answer.rules import RuleMaker
from policybot.answer.sections import SectionMaker
from policybot.answer.standsfor import StandMaker
from policybot.answer.statement import StatementMaker
from policybot.answer.tablelength import TableLengthMaker
from policybot.answer.tablematch import TableBook, TableMatch
from policybot.answer.tableorder import SUPERLATIVE
from policybot.answer.tableplan import PlanMaker
from policybot.answer.tablequery import QueryMaker
from policybot.answer.tablequestion import Group
from policybot.answer.tables import CellMaker
from policybot.answer.tablesets import SetMaker
from policybot.answer.tracing import timed
from policybot.answer.value import ValueMaker
from policybot.answer.widening import Widener
from policybot.answer.wordings import WordingMaker
from policybot.corpus.model import Corpus
from policybot.retrieve.analysis import QuestionAnalysis
from policybot.retrieve.search import Known, Searcher

THRESHOLD = 0.4  # confidence from which on an answer is given
_TABULAR = ("list", "category", "class", "query", "cell", "which_row", "section")
_MISFIT = 0.36  # confidence below which a table is not the one asked about
_SIDE = 0.4  # least confidence of one side of a comparison
_MUST = 0.3  # lost by a draft whose evidence lacks a place or a year that the question names
_SEVERAL = 0.25  # gained by an answer that takes up each of the years or places a question names
_UNLIKE = 0.15  # … where one side is an amount and another is none, or in another unit
_TIMELINE = 0.2  # … by targets of one indicator
_DOCUMENT = 0.15  # lost by a draft from another document than the one named
_PLAIN = 0.05  # lost by a sentence shown whole when an amount is asked for
_UNLISTED = 0.1  # lost by a sentence without an enumeration when a list is asked for
_CLASSED = 0.1  # gained by items of the kind asked for, thrice where the question is not said to want a list
_NUMBERED = 0.1  # gained by a list of as many items as the question says, lost by a sentence
_KIND = 0.18  # lost by a sentence that shows no value of the kind asked for
_MORE = 0.15  # a table that lacks the place must be about the question by this much more than a sentence
_NAMED = 0.2  # gained by a draft from a clause that the question names, a quarter of it for a document
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
        "premise",
        "query",
        "section",
        "sets",
    }
)
_TABLE_STRAYS = 0.1  # … more where a table carries it: a row means what its table means, and little of that
_STRAYING = 0.2  # cosine lost against the clause nearest in meaning
_SURE = 0.99  # most confidence in a turn of a conversation
_LOOSE = 0.9  # worth of a clause found without regard to the document named


@dataclass(frozen=True)
class Decision:
    """What the planner settled on: the draft, how likely it is right, and all steps taken."""

    draft: Draft
    confidence: float
    steps: tuple[Step, ...]
    drafts: tuple[Draft, ...] = ()


class Planner:
    """Answers analysed questions over one searcher; holds no state that a question changes, caches aside."""

    def __init__(
        self,
        corpus: Corpus,
        searcher: Searcher,
        labels: Labels,
        find_places: Callable[[str], Sequence[tuple[int, int, str]]],
        kind_of: Callable[[str], str],
    ) -> None:
        self.corpus = corpus
        self.searcher = searcher
        self.labels = labels
        self.rarity = Rarity(corpus)
        weigh = self.rarity.of
        self.pool = Pool(corpus, weigh, find_places)
        self.composer = Composer(corpus)
        self.quoter = Quoter(corpus, labels, weigh, find_places)
        self.book = TableBook(corpus, weigh, kind_of)
        self.cells = CellMaker(self.book, labels)
        self.queries = QueryMaker(self.book, self.cells)
        self.plans = PlanMaker(self.book, self.cells)
        self.sets = SetMaker(self.book, self.cells, self.plans.reader)
        self.lengths = TableLengthMaker(self.book, self.cells)
        self.footnotes = FootnoteMaker(self.book, self.cells)
        self.sections = SectionMaker(self.book, self.cells)
        self.values = ValueMaker(self.pool, weigh)
        self.statements = StatementMaker(self.pool, self.quoter, labels, weigh)
        self.stands = StandMaker(self.book, self.cells, self.pool)
        self.lists = ListMaker(corpus, self.pool, self.book.views, labels, weigh)
        self.nth = NthMaker(self.lists, self.quoter)
        self.members = MembershipMaker(corpus, self.pool, self.lists.outline, self.quoter, labels, weigh)
        self.wordings = WordingMaker(self.pool, self.quoter, labels, weigh)
        self.pairs = PairMaker(self.pool, self.quoter, self.rarity.count, weigh)
        self.widener = Widener(self.pool, self.quoter)
        self.documents = DocumentMaker(self.pool, self.quoter, weigh)
        self.led = LedListMaker(corpus, self.pool)
        self.clauses = ClauseMaker(corpus, self.composer, labels)
        self.meta = MetaMaker(corpus, self.composer)
        self.premises = PremiseMaker(self.values)
        self.claims = ClaimMaker(self.values, self.cells, weigh)
        self.roles = RoleClaimMaker(self.pool, self.quoter, labels, weigh)
        self.classed = ClassClaimMaker(self.cells)
        self.ledger = LedgerMaker(corpus, self.composer, weigh)
        self.ranking = RankMaker(corpus, labels, weigh)
        self.computing = ComputeMaker(corpus, labels)
        self.arithmetic = ArithmeticMaker(self.pool, labels, weigh)
        self.parts = PartMaker(self.pool, weigh)
        self.prose = ProseMaker(self.pool, weigh)
        self.rules = RuleMaker(self.pool, self.book, labels, weigh)
        self.durations = DurationMaker(self.pool, weigh)
        self.ordinals = OrdinalMaker(self.pool, weigh)
        self.proseranks = ProseRankMaker(self.pool, labels, weigh)
        self.gaps = GapMaker(corpus, labels, weigh)
        self.measurer = Measurer(corpus, self.pool, self.book, self.rarity)
        self.refuser = Refuser(corpus, self.quoter, self.book, self.cells, self.rarity, weigh)

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
        several, pair = self._compare(ask, analysis), self.pairs.read(ask)
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
        drafts.sort(key=lambda d: -self.standing(ask, d) - (context.shift(d) if context is not None else 0.0))
        while alone and drafts and drafts[0].maker in _HELD and self.strays(analysis, drafts[0]):
            drafts = drafts[1:]
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
            period = draft.maker == "value" and "duration" in ask.expects  # it may be given by its ends
            if (draft.maker in _TABULAR or period) and sure < _MISFIT:
                continue  # the wrong table says nothing about what sentences say
            break
        best = confidence(drafts[0]) if drafts else 0.0
        refusal = self.refuser.draft(ask, ranked, matches, self._reason(drafts), meant)
        return Decision(refusal, round(1.0 - min(best, 0.99), 4), (*steps, *refusal.steps), tuple(drafts))

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
        strays = None
        meant = self.searcher.meant(analysis, known)
        if meant is not None:
            strays = {name: meant.top - meant.of(name) for name in found}
        ranked = self.pool.rank(
            ask.concepts,
            clauses,
            found,
            places=places,
            years=ask.years,
            documents=named,
            strays=strays,
            meant=None if meant is None else partial(self.searcher.sentences_meant, analysis),
            held=held,
        )
        return context.unrepeated(ranked) if context is not None else ranked, (step,)

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
        return sorted(made, key=lambda d: -self.standing(part, d))

    def drafts(self, ask: Ask, ranked: Sequence[Scored], matches: list[TableMatch]) -> list[Draft]:
        """All candidate answers to a question that compares nothing."""
        found: list[Draft] = []
        cells = self.cells.drafts(ask, matches)
        found += cells
        if not self.plans.reader.asks_other(ask):
            found += self.queries.drafts(ask, matches)
        found += self.sections.drafts(ask)
        found += self.footnotes.drafts(ask)
        which = self.cells.which_row(ask, matches)
        if which is not None:
            found.append(which)
        narrowed = any(d.features.get("narrowed") for d in found)
        hits = self.values.hits(ask, ranked)
        found += [
            made
            for made in (self.premises.draft(ask, ranked, hits), self.premises.cell(ask, cells))
            if made is not None
        ]
        if hits:
            found.append(self.values.draft(ask, hits[0], hits))
        lists = self.lists.drafts(ask, ranked)
        found += [d for d in lists if not (narrowed and d.maker == "list")][:3]
        sentence = self.statements.sentence(ask, ranked)
        for made in (
            self.nth.draft(ask),
            self.led.draft(ask, ranked),
            self.members.draft(ask, ranked),
            self.stands.draft(ask, sentence) or sentence,
            self.statements.who(ask, ranked) if ask.wants("who") else None,
            self.statements.definition(ask, ranked)
            if "definition" in ask.asks or ask.wants("definition")
            else None,
        ):
            if made is not None:
                found.append(made)
        return found

    def standing(self, ask: Ask, draft: Draft) -> float:
        """A draft's score with what the question's types add."""
        table = load_priors()
        shift = 0.0
        for place, kind in enumerate(ask.types[:3]):
            shift += table.get(kind, {}).get(draft.maker, 0.0) * (1.0 if place == 0 else 0.5)
        if draft.maker == "compare":
            shift += _UNLIKE if draft.features.get("unlike") else _SEVERAL
        elif draft.maker == "ledger" and len(ask.years) > 1 and len(draft.lines) > 1:
            shift += _TIMELINE
        if ask.amount and draft.maker == "statement":
            shift -= _PLAIN
        if ask.type == "list" and draft.maker in ("statement", "value"):
            shift -= _UNLISTED * draft.features.get("list_lacks", 0.0)
        if draft.features.get("classed"):
            shift += _CLASSED if ask.type == "list" else 3 * _CLASSED
        if ask.asks.n and "items" in ask.asks and ask.wants("list"):
            if draft.features.get("items") == ask.asks.n:
                shift += _NUMBERED
            elif draft.maker in ("statement", "definition", "value"):
                shift -= _NUMBERED
        shift -= _KIND * draft.features.get("kind_lacks", 0.0)
        shift -= _MUST * (draft.features.get("place_lacks", 0.0) + draft.features.get("year_lacks", 0.0))
        if ask.clauses and any(_under(e.clause, c) for e in draft.evidence for c in ask.clauses):
            shift += _NAMED
        elif ask.documents and any(
            self.corpus.clauses[e.clause].document in ask.documents for e in draft.evidence
        ):
            shift += _NAMED / 4
        elif ask.documents and draft.maker in ("value", "statement", "enumeration", "cell"):
            shift -= _DOCUMENT
        return draft.score + shift

    def _direct(self, ask: Ask) -> Draft | None:
        """Answers that need no search: documents, and clauses asked for by name."""
        about = self.meta.draft(ask)
        if about is not None:
            return about
        if not ask.clauses or SUPERLATIVE.search(ask.text):
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
            drafts.sort(key=lambda d: -self.standing(part, d))
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


def _under(clause: str, above: str) -> bool:
    return clause == above or clause.startswith(f"{above}/")


def _narrowed(analysis: QuestionAnalysis, part: Ask) -> QuestionAnalysis:
    """The analysis for one side of a comparison."""
    places = tuple(p for p in analysis.places if p.wordings and p.wordings[0].text in part.places)
    years = tuple(y for y in analysis.years if (y.first, y.last) in part.spans)
    mentions = tuple(m for m in analysis.mentions if m.document in part.documents)
    return replace(analysis, places=places, years=years, mentions=mentions)


@cache
def load_priors(path: Path = DATA / "planner.toml") -> dict[str, dict[str, float]]:
    """Gains of makers by question type.

    Raises:
        CorpusError: the file is missing, not TOML, or holds anything but numbers.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise data_fault(path, str(error)) from error
    priors = data.get("prior")
    if set(data) != {"prior"} or not isinstance(priors, dict):
        raise data_fault(path, "it must hold [prior.TYPE] sections only")
    for kind, table in priors.items():
        for maker, value in table.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise data_fault(path, f"[prior.{kind}] {maker} must be a number")
    return {kind: {m: float(v) for m, v in table.items()} for kind, table in priors.items()}
