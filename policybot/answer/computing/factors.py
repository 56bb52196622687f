"""Conversion factors that sentences print (1吨原煤可以折算为2.492吨二氧化碳), applied to an amount.

The amount is the question's own or, where it names none, that of a table that lists the substance.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from policybot.answer.computing.accounted import Accountant
from policybot.answer.computing.rulelines import Base, worded
from policybot.answer.evidence.pool import Pool
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import plain
from policybot.answer.tables.planlines import computed
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.reader import TABLE
from policybot.answer.tables.reading.views import RowView, View
from policybot.answer.wording.draft import Draft
from policybot.answer.wording.labels import Labels
from policybot.facts.quantities import find_quantities
from policybot.facts.render import english_number, plain_number
from policybot.patterns import lazy_pattern

_LEAST = 0.6  # share of the question that factor and amount must account for
_FACTOR = lazy_pattern(
    r"1\s*(?P<unit>吨|千克|公斤|立方米|万立方米|千瓦时|度)(?P<what>[\u4e00-\u9fff]{1,8}?)"
    r"(?:可以?|能)?(?:折算|换算|折合|相当于|等于|排放|产生)(?:为|成)?\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<into>吨|千克|公斤)"
    r"(?P<name>[\u4e00-\u9fff]{2,10}?)(?=[，,。…；;]|$)"
)
_CONVERTS = lazy_pattern(r"二氧化碳|碳排|折|换算|\bco2\b|\bcarbon\b|\bconver\w+|\bfactor\b")
_SPELLED = 1.2  # worth of a substance whose very name the question prints
_SURE, _CLOSE = 0.7, 0.05  # least worth of a substance's name, and how far the next one must be behind
_BURNT = (
    "烧|用|燃烧|消费|消耗|工厂|企业|大型|规模以上工业"  # what a table of consumption is about, in other words
)


class FactorMaker:
    """Makes drafts from conversion factors."""

    def __init__(self, pool: Pool, book: TableBook, labels: Labels, accountant: Accountant) -> None:
        self.pool = pool
        self.book = book
        self.labels = labels
        self.accountant = accountant
        self._factors: list[Sentence] | None = None

    def draft(self, ask: Ask, suppositions: re.Pattern[str]) -> Draft | None:
        """An amount of the one substance that the question names, converted; `suppositions` are"
        " words for that."""
        if _CONVERTS.search(ask.text) is None:
            return None
        substance = self._substance(ask)
        if not substance:
            return None
        for sentence in self._factor_sentences(ask):
            for match in _FACTOR.finditer(sentence.text):
                what = match["what"].strip()
                if not what or what != substance:
                    continue
                factor = next(
                    (
                        q
                        for q in self.pool.numbers(sentence)
                        if q.start <= match.start("number") < q.end and q.kind == "quantity"
                    ),
                    None,
                )
                base = self._converted(ask, match, what)
                if factor is None or base is None:
                    continue
                spans = [m.span() for m in suppositions.finditer(ask.text)]
                spans += [base.span] if base.span is not None else []
                spans += [m.span() for m in _CONVERTS.finditer(ask.text)]
                texts = []
                if base.row is not None:
                    spans += [m.span() for m in TABLE.finditer(ask.text)]
                    view = self._view_of(base.row)
                    texts = [
                        view.about,
                        base.row.key,
                        *(c.norm for c in view.columns),
                        _BURNT,
                    ]
                account = self.accountant.of(ask, [sentence], spans, texts)
                if not all(f"{y}" in "".join([sentence.norm, *texts]) for span in ask.spans for y in span):
                    continue
                places = all(any(n in "".join(texts) for n in names) for names in ask.place_names)
                if account.cover < _LEAST or account.lacking or not places:
                    continue
                value = base.quantity.amount * factor.amount
                shown = f"{value:,f}".rstrip("0").rstrip(".") if "." in f"{value}" else f"{value:,f}"
                unit = (
                    match["into"] if ask.language == "zh" else " " + english_number(factor).split(" ", 1)[-1]
                )
                calculation = f"{base.quantity.amount:,f} × {plain(factor.amount)} = {shown}"
                findings = [
                    computed(
                        value, "product", (base.quantity.amount, factor.amount), f"{plain_number(value)}"
                    )
                ]
                return worded(
                    self.pool.corpus,
                    self.labels,
                    ask,
                    f"{shown}{unit}",
                    calculation,
                    (sentence, factor),
                    base,
                    findings,
                    account.cover,
                )
        return None

    def _factor_sentences(self, ask: Ask) -> list[Sentence]:
        """The sentences that print a conversion factor, in the documents that may be used."""
        if self._factors is None:
            self._factors = [
                sentence
                for clause in self.pool.corpus.clauses.values()
                if not clause.table and _FACTOR.search(clause.text.text)
                for sentence in self.pool.sentences(clause)
                if _FACTOR.search(sentence.text)
            ]
        wanted = ask.only or ask.documents
        return [s for s in self._factors if not wanted or s.clause.document in wanted]

    def _substance(self, ask: Ask) -> str:
        """The one substance with a printed factor that the question names; "" when it names none or"
        " several."""
        worth: dict[str, float] = {}
        for sentence in self._factor_sentences(ask):
            for match in _FACTOR.finditer(sentence.text):
                what = match["what"].strip()
                best = max((v for c in ask.concepts for o, v in c.ordered if o.endswith(what)), default=0.0)
                if what in ask.text or self.labels.short(what, "en").lower() in ask.text:
                    best = _SPELLED
                worth[what] = max(worth.get(what, 0.0), best)
        top = max(worth.values(), default=0.0)
        named = [what for what, value in worth.items() if value >= top - _CLOSE]
        return named[0] if top >= _SURE and len(named) == 1 else ""

    def _converted(self, ask: Ask, match: re.Match[str], what: str) -> Base | None:
        """The amount to convert: the question's own, or a table's for that substance."""
        unit = find_quantities(f"1{match['unit']}")
        for given in ask.quantities:
            same = unit and given.dimension == unit[0].dimension and given.dimension
            if same and given.amount != 1 and plain(given.amount) != match["number"]:
                scaled = given.amount * given.factor / unit[0].factor
                return Base(replace(given, amount=scaled), span=(given.start, given.end))
        for view in self.book.views:
            column = next((c for c in view.values if c.kind == "number"), None)
            units = view.of_kind("unit")
            if column is None or units is None:
                continue
            rows = [r for r in view.rows if r.key == what and r.cells[units.index].text == match["unit"]]
            if len(rows) != 1 or rows[0].cells[column.index].value is None:
                continue
            value = Decimal(str(rows[0].cells[column.index].value))
            quantity = find_quantities(f"{plain(value)}{match['unit']}")[0]
            evidence = (*self.book.evidence(view, rows[0]), *self.book.caption(view))
            return Base(quantity, evidence, row=rows[0])
        return None

    def _view_of(self, row: RowView) -> View:
        return next(v for v in self.book.views if any(r is row for r in v.rows))
