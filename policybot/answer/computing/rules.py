"""A rule of the text applied to an amount: a share of an assumed total, a percentage of a base, a factor.

"If 180 Parties counted, how many acceptances?" is three quarters of 180 by Article 20; "with the white
paper's factor, how much CO2 is a quantity of coal?" is the quantity times the printed factor. The rule is
quoted, an amount of the user's is named as such, and one that the documents print is cited.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from policybot.answer.computing.accounted import Account, Accountant
from policybot.answer.computing.factors import FactorMaker
from policybot.answer.computing.rulelines import Base, drafted, mass_text, rule_evidence, stretch_of, worded
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Weigher, covers, norm
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import plain
from policybot.answer.tables.planlines import computed
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Draft, Finding
from policybot.answer.wording.labels import Labels
from policybot.facts.measure import Quantity
from policybot.facts.render import english_number
from policybot.patterns import lazy_pattern

_SENTENCES = 10
_LEAST = 0.6
_GAIN = 0.6
_SUPPOSED = lazy_pattern(
    r"假[如设定使若]|如果|若|要是|倘若|设想|有\s*\d+\s*[个名国]|\b\d+ (?:parties|countries"
    r"|delegations|members|states)\b|按照?|照|根据|用|折算?|折合|换算|相当于"
    r"|\b(?:suppos\w+|assum\w+|if|imagin\w+|say|with|given|were|had|using|convert\w*|conversion"
    r"|factor|by the|amount to|correspond\w*|give)\b"
)
_AMOUNT = lazy_pattern(r"多少|几[个国票份吨亿万]|折[成算合]|换算|\bconvert\b|\bhow (?:many|much)\b|\bwhat\b")
# Where a question gives no number itself, it must say that one is to be taken and that things are counted.
_TAKEN = lazy_pattern(
    r"假[如设定使若]|如果|要是|倘若|设想|[照按][^，。？]{0,12}[数算]|都算|提到"
    r"|\b(?:suppos\w+|assum\w+|if|imagin\w+|mention\w*|given|according to)\b"
)
_COUNTED = lazy_pattern(r"多少|几[个国票份]|\bhow many\b")
_MEMBERS = lazy_pattern(
    r"缔约[方国]|国家?|代表团?|成员|票|[方国]|part(?:y|ies)|countr\w+|delegations?|members?|states?|votes?|nations?"
)
_SUPPOSE_WORDS = lazy_pattern(
    r"假[如设定使若]|如果|要是|倘若|设想|照这个数|按这个数|照此|算下?来?|折(?:算|合|换)?[成为]?(?:二氧化碳)?|换算|相当于|系数|因子|多少|至少|最多|总共|一共"
    r"|(?:排放?|共)了|规则|需要|才够?|才能|够|[亿万]*吨|[份票国]|[还可能以]*排多少|之后|可能|那么|百分[数比]|按|给它的|几票|投票|还?可以|排放?|减少?排?|出来|交来|平均"
    r"|\b(?:suppos\w+|assum\w+|imagin\w+|say|tons?|tonnes?(?: of)?|[mb]illion|emit\w*|emissions?"
    r"|according to|convert\w*|conversion|factor|rate|average|leaves?|allow\w*|permit\w*|let|yearly|annual"
    r"|amount to|correspond\w*"
    r"|at (?:least|most)|would|could|must|need\w*|count\w*|every|all|each|mentions?|come to|make)\b"
)
_LEFT = lazy_pattern(
    r"(?:最多|可以?|能|还能|允许)[^，。？]{0,10}排|剩|降到|减到|不超过"
    r"|\b(?:could|can|may|allowed|allow) [^?]{0,24}\bemit|\bat most\b|\bdown to\b|\bremain\w*"
    r"|\bstill emit|\bleft\b|\bmaximum\b|\bceiling\b|\bcap\b"
)
_PERCENT_OF = lazy_pattern(r"百分比|percentage")
_LOWER = lazy_pattern(r"减|少排|削|降|\b(?:cut|reduc\w*|lower\w*|decreas\w*|drop\w*|less|save\w*)\b")
_CUT = ("down",)
_EACH_YEAR = lazy_pattern(r"每年|一年|年均|\b(?:per|a|each|every) year\b|\b(?:annual|year)ly\b")


class RuleMaker:
    """Makes drafts from rules applied to amounts."""

    def __init__(self, pool: Pool, book: TableBook, labels: Labels, weigh: Weigher) -> None:
        self.pool = pool
        self.book = book
        self.labels = labels
        self.weigh = weigh
        self.accountant = Accountant(pool, weigh)
        self.factors = FactorMaker(pool, book, labels, self.accountant)

    def drafts(self, ask: Ask, ranked: Sequence[Scored]) -> list[Draft]:
        """At most one draft; none unless an amount is supposed or a factor asked for."""
        if _AMOUNT.search(ask.text) is None or _SUPPOSED.search(ask.text) is None:
            return []
        made = self.factors.draft(ask, _SUPPOSE_WORDS) or self._row_percent(ask)
        made = made or self._share(ask, ranked)
        return [made] if made is not None else []

    # Shares and percentages that a rule requires.

    def _share(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        best: tuple[float, Sentence, Quantity, Base, Account] | None = None
        for scored in ranked[:_SENTENCES]:
            sentence = scored.sentence
            if sentence.heading or sentence.clause.table:
                continue
            rules = [q for q in self.pool.numbers(sentence) if q.kind in ("fraction", "percent")]
            rules = [q for q in rules if q.upper_amount is None]
            for rule in rules:
                base = self._base(ask, rule, sentence, ranked)
                if base is None:
                    continue
                spans = [m.span() for m in _SUPPOSE_WORDS.finditer(ask.text)]
                spans += [base.span] if base.span is not None else []
                held = [sentence, *([base.sentence] if base.sentence is not None else [])]
                account = self.accountant.of(ask, held, spans)
                if account.cover < _LEAST or account.lacking:
                    continue
                falling = _LOWER.search(ask.text) is not None or _LEFT.search(ask.text) is not None
                if rule.kind == "percent" and falling != (rule.direction in _CUT):
                    continue
                if not all(f"{y}" in sentence.norm for span in ask.spans for y in span):
                    continue
                score = account.cover + 0.3 * self._near(ask, sentence, rule)
                if best is None or score > best[0]:
                    best = (score, sentence, rule, base, account)
        if best is None:
            return None
        _, sentence, rule, base, account = best
        return self._applied(ask, sentence, rule, base, account)

    def _near(self, ask: Ask, sentence: Sentence, rule: Quantity) -> float:
        """What of the question stands in the stretch of the rule's number."""
        text = sentence.text
        start = max((m.end() for m in re.finditer(r"[，,；;。]", text[: rule.start])), default=0)
        stop = re.search(r"[，,；;。]", text[rule.end :])
        stretch = norm(text[start : rule.end + stop.start() if stop else len(text)])
        total = sum(c.weight for c in ask.concepts) or 1.0
        return sum(c.weight * covers(c, stretch, self.weigh) for c in ask.concepts) / total

    def _base(self, ask: Ask, rule: Quantity, sentence: Sentence, ranked: Sequence[Scored]) -> Base | None:
        """The amount that a share is taken of: members for a fraction, a mass for a percentage."""
        whole = sentence.text[rule.end : rule.end + 12] + sentence.text[max(0, rule.start - 24) : rule.start]
        for given in ask.quantities:
            counted = given.kind in ("count", "number") and self._counts_members(ask, given)
            if rule.kind == "fraction" and counted and _MEMBERS.search(whole):
                return Base(given, *self._printed(given, ranked), span=stretch_of(ask, given))
            mass = given.dimension == "mass" and given.amount > 0
            if rule.kind == "percent" and mass and re.search(r"排放", sentence.text):
                return Base(given, span=stretch_of(ask, given))
        counted = _COUNTED.search(ask.text) is not None and _TAKEN.search(ask.text) is not None
        if rule.kind == "fraction" and counted and not ask.quantities and _MEMBERS.search(whole):
            return self._stated(ask, sentence, ranked)
        return None

    @staticmethod
    def _counts_members(ask: Ask, given: Quantity) -> bool:
        around = ask.text[max(0, given.start - 6) : given.end + 16]
        return _MEMBERS.search(around) is not None

    def _printed(
        self, given: Quantity, ranked: Sequence[Scored]
    ) -> tuple[tuple[Evidence, ...], Sentence | None]:
        """Where the documents print the number of members that the question states; nothing where"
        " they do not."""
        for scored in ranked:
            for q in self.pool.numbers(scored.sentence):
                text = scored.sentence.text
                if q.kind == "count" and q.amount == given.amount and "缔约" in text[q.end : q.end + 4]:
                    sentence = scored.sentence
                    return (rule_evidence(sentence, q),), sentence
        return (), None

    def _stated(self, ask: Ask, rule: Sentence, ranked: Sequence[Scored]) -> Base | None:
        """The number of members that the documents print for what the rule is part of."""
        document = self.pool.corpus.documents[rule.clause.document]
        names = [norm(n) for n in (document.title_zh, document.short_zh, *document.aliases) if len(n) > 3]
        found: dict[Decimal, Base] = {}
        for clause in self.pool.corpus.clauses.values():
            if clause.table or "缔约" not in clause.text.text:
                continue
            for sentence in self.pool.sentences(clause):
                for q in self.pool.numbers(sentence):
                    if q.kind != "count" or "缔约" not in sentence.text[q.end : q.end + 4]:
                        continue
                    stretch = re.split(r"[，,；;。]", sentence.text[: q.start])[-1]
                    if any(n.strip("《》") in norm(stretch) for n in names):
                        found.setdefault(q.amount, Base(q, (rule_evidence(sentence, q),), sentence))
        return next(iter(found.values())) if len(found) == 1 else None

    def _applied(
        self, ask: Ask, sentence: Sentence, rule: Quantity, base: Base, account: Account
    ) -> Draft | None:
        amount = base.quantity.amount
        percent = rule.kind == "percent"
        cut = percent and rule.direction in _CUT
        left = cut and _LEFT.search(ask.text) is not None
        factor = (100 - rule.amount if left else rule.amount) if percent else rule.amount
        value = amount * factor / 100 if percent else amount * factor
        word = english_number(rule) if ask.language == "en" else rule.text
        unit_like = base.quantity
        whole = value
        note = ""
        if not percent:
            whole = value.to_integral_value(ROUND_CEILING)
            value = value.quantize(Decimal("0.01")) if value != whole else whole
            if value != whole:
                note = fill("word_up", {"n": plain(whole)}, ask.language)
        shown = plain(whole) if not percent else mass_text(unit_like, whole, ask.language)
        base_shown = plain(amount) if not percent else mass_text(unit_like, amount, ask.language)
        share = f"(100% − {plain(rule.amount)}%)" if left else word.replace(" ", "") if percent else word
        calculation = f"{base_shown} × {share} = {plain(value) if not percent else shown}"
        if note:
            calculation += ("，" if ask.language == "zh" else ", ") + note
        operation = "part" if percent else "product"
        inputs = (amount, factor)
        findings = [computed(value, operation, inputs, shown if not note else plain(value))]
        if left:
            findings = [
                computed(factor, "rest", (Decimal(100), rule.amount), f"{plain(factor)}%", "%"),
                *findings,
                Finding("derived", 100.0, "%", text="100%"),
            ]
        if note:
            findings.append(computed(whole))
        return worded(
            self.pool.corpus,
            self.labels,
            ask,
            shown,
            calculation,
            (sentence, rule),
            base,
            findings,
            account.cover,
            bound=rule.qualifier,
        )

    # Percentages that a table gives for each row, of a base that the question supposes.

    def _row_percent(self, ask: Ask) -> Draft | None:
        given = next((q for q in ask.quantities if q.dimension == "mass" and q.amount > 0), None)
        if given is None or not ask.places:
            return None
        for view in self.book.views:
            column = next((c for c in view.values if c.kind == "number" and _PERCENT_OF.search(c.name)), None)
            if column is None or (ask.only and view.table.document not in ask.only):
                continue
            rows = [hit.row for hit in self.book.rows(view, ask) if hit.strength >= 0.99]
            if len(rows) != 1 or rows[0].cells[column.index].value is None:
                continue
            used = [stretch_of(ask, given)] + [m.span() for m in _SUPPOSE_WORDS.finditer(ask.text)]
            used += [m.span() for m in _EACH_YEAR.finditer(ask.text)]
            used += [(c.start, c.end) for c in ask.concepts if c.kind == "place"]
            texts = (view.about, view.columns[view.key].norm, column.norm, "基准年排放温室气体二氧化碳当量吨")
            account = self.accountant.of(ask, (), used, texts)
            if account.cover < _LEAST or account.lacking:
                continue
            percent = Decimal(str(rows[0].cells[column.index].value))
            value = given.amount * percent / 100
            shown = mass_text(given, value, ask.language)
            calculation = f"{mass_text(given, given.amount, ask.language)} × {plain(percent)}% = {shown}"
            row = rows[0]
            evidence = (*self.book.evidence(view, row, column.index), *self.book.caption(view))
            name = self.labels.short(row.key.strip("* "), ask.language)
            lines = [
                line("arithmetic_rule", (), value=shown, calculation=calculation),
                line("plan_row", evidence, name=name, values=self._column(ask, column.name, percent)),
                line("arithmetic_given", (), value=mass_text(given, given.amount, ask.language)),
            ]
            findings = [
                computed(value, "part", (given.amount, percent), shown),
                Finding("quoted", float(percent), text=plain(percent), evidence=evidence[0]),
                Finding("derived", float(percent), "%", text=f"{plain(percent)}%", evidence=evidence[0]),
                Finding("user input", float(given.amount), given.unit, text=given.text),
            ]
            return drafted(lines, findings, account.cover, [plain(percent), given.text], shown)
        return None

    def _column(self, ask: Ask, name: str, value: Decimal) -> str:
        return f"{self.labels.short(name, ask.language)} {plain(value)}"
