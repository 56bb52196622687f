"""All makers of answers over one corpus, with what they share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from policybot.answer.claims.classes import ClassClaimMaker
from policybot.answer.claims.numbers import ClaimMaker
from policybot.answer.claims.premise import PremiseMaker
from policybot.answer.claims.roles import RoleClaimMaker
from policybot.answer.comparing.documents import DocumentMaker
from policybot.answer.comparing.pairs import PairMaker
from policybot.answer.comparing.widening import Widener
from policybot.answer.comparing.wordings import WordingMaker
from policybot.answer.computing.arithmetic import ArithmeticMaker
from policybot.answer.computing.ordinals import OrdinalMaker
from policybot.answer.computing.partwhole import PartMaker
from policybot.answer.computing.rules import RuleMaker
from policybot.answer.confidence.measure import Measurer
from policybot.answer.durations.maker import DurationMaker
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.quoting import Quoter
from policybot.answer.lists.led import LedListMaker
from policybot.answer.lists.maker import ListMaker
from policybot.answer.lists.membership import MembershipMaker
from policybot.answer.lists.nth import NthMaker
from policybot.answer.matching.rarity import Rarity
from policybot.answer.prose.maker import ProseMaker
from policybot.answer.prose.ranks import ProseRankMaker
from policybot.answer.question.ask import Ask
from policybot.answer.records.computed import ComputeMaker
from policybot.answer.records.gaps import GapMaker
from policybot.answer.records.ledger import LedgerMaker
from policybot.answer.records.meta import MetaMaker
from policybot.answer.records.ranking import RankMaker
from policybot.answer.refuse import Refuser
from policybot.answer.statements.clausetext import ClauseMaker
from policybot.answer.statements.standsfor import StandMaker
from policybot.answer.statements.statement import StatementMaker
from policybot.answer.statements.value import ValueMaker
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.footnotes import FootnoteMaker
from policybot.answer.tables.lengths import TableLengthMaker
from policybot.answer.tables.plan import PlanMaker
from policybot.answer.tables.query import QueryMaker
from policybot.answer.tables.reading.match import TableBook, TableMatch
from policybot.answer.tables.sections import SectionMaker
from policybot.answer.tables.sets import SetMaker
from policybot.answer.wording.compose import Composer
from policybot.answer.wording.draft import Draft
from policybot.answer.wording.labels import Labels
from policybot.corpus.model import Corpus
from policybot.retrieve.search import Searcher


class Makers:
    """Everything that puts answers together; what comes of them is chosen by `planner.Planner`."""

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
        self.values = ValueMaker(self.pool, self.quoter, weigh)
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
