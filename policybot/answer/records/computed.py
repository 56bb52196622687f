"""Answers that are computed for the user: assigned amounts, self-assessments, what a city would need.

Every input is either the user's own (taken from the question) or a cell with its citation, and every
computed number is marked as one. The engine is imported only for a question that needs it.
"""

from __future__ import annotations

from decimal import Decimal

from policybot.answer.model import AnswerStatus, Step
from policybot.answer.question.ask import Ask
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding, Line, accounting
from policybot.answer.wording.labels import Labels
from policybot.corpus.model import Corpus
from policybot.errors import PolicybotError
from policybot.facts.places import Places
from policybot.patterns import lazy_pattern

_ASSIGNED = lazy_pattern(r"assigned amount|分配数量|配量")
_POINTS = lazy_pattern(r"(?<![a-z0-9])([a-e])\s*[:：=]?\s*(\d{1,2}(?:\.\d+)?)(?![\d.]*[a-z%])")
_SELF = lazy_pattern(r"自评|自我评估|自查|得分|评分|分数|self[- ]?assess|score|points|evaluat")
_NEEDED = lazy_pattern(
    r"(?:要|才能|想)[^，。]{0,8}(?:进|达到|排到|升到)[^，。]{0,4}前"
    r"|what (?:would|does|must).{0,40}\btop\b|\breach the top\b"
)
_TOP = lazy_pattern(r"前\s*([一二三四五六七八九十\d]+)|top\s*(\d+|three|five|ten)")
_NUMBERS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"three": 3, "five": 5, "ten": 10}
_SYSTEM, _DOMAIN = "dual-carbon-index-2022", "2"


class ComputeMaker:
    """Makes drafts from the deterministic engine."""

    def __init__(self, corpus: Corpus, labels: Labels) -> None:
        self.corpus = corpus
        self.labels = labels

    def drafts(self, ask: Ask) -> list[Draft]:
        """At most one computed answer."""
        try:
            made = self._assigned(ask) or self._assessed(ask) or self._needed(ask)
        except PolicybotError as error:
            lines: list[Line] = [line("text", (), text=error.sentence(ask.language))]
            made = (lines, [], "not_found")
        if made is None:
            return []
        lines, findings, status = made
        step = Step("score", {"question": ask.text, "places": list(ask.places)})
        features = accounting(1.0)
        return [Draft("computing", tuple(lines), 1.4, status, tuple(findings), (), (step,), features)]

    def _assigned(self, ask: Ask) -> tuple[list[Line], list[Finding], AnswerStatus] | None:
        if not _ASSIGNED.search(ask.text):
            return None
        from policybot.scoring.kyoto import RULE, annex_b, assigned_amount

        bases = [q for q in ask.quantities if q.kind not in ("percent", "ordinal")]
        party = next((p for p in ask.places), None)
        if party is None or not bases:
            return None
        if party not in annex_b(self.corpus):
            place = Places.load().get(party)
            party = next((n for n in annex_b(self.corpus) if place and n in place.names_zh), party)
        base = bases[0]
        unit = base.unit
        found = assigned_amount(self.corpus, party, Decimal(base.amount), unit)
        row = found.commitment.clause
        rule = self.corpus.clauses[RULE]
        name = self.labels.short(party, ask.language) if ask.language == "en" else party
        evidence = (
            Evidence(row, 0, len(self.corpus.clauses[row].text)),
            Evidence(RULE, 0, len(rule.text)),
        )
        lines = [
            line("assigned", evidence, party=name, calculation=found.calculation),
            line("assigned_input"),
        ]
        amount = found.amount.normalize()
        findings = [
            Finding("computed", float(amount), unit, text=f"{amount:f} {unit}".strip()),
            Finding("user input", float(found.base), unit, text=f"{found.base:f} {unit}".strip()),
            Finding(
                "derived",
                float(found.commitment.percent),
                "%",
                text=f"{found.commitment.percent}%",
                evidence=evidence[0],
            ),
            Finding("derived", 5.0, text="5", evidence=evidence[1]),
        ]
        return lines, findings, "answered"

    def _assessed(self, ask: Ask) -> tuple[list[Line], list[Finding], AnswerStatus] | None:
        given = {m[1].upper(): Decimal(m[2]) for m in _POINTS.finditer(ask.text)}
        if len(given) < 5 or not _SELF.search(ask.text):
            return None
        from policybot.scoring.assess import assess, rubric

        result = assess(self.corpus, given)
        clause = self.corpus.clauses[result.clause]
        mean = Evidence(clause.id, 0, len(clause.text))
        rates = next(a for a in rubric(self.corpus) if a.clause)
        published = {"mean": result.mean, "highest": result.highest, "lowest": result.lowest}
        slots = {name: str(value) for name, value in published.items()}
        lines = [line("assess_total", (mean,), total=str(result.total), **slots)]
        findings = [Finding("computed", float(result.total), text=str(result.total))]
        items = []
        for found in result.results:
            derived = found.area.rate_source == "derived"
            key = "assess_derived" if derived else "assess_area"
            items.append((key, found))
            rate = float(found.area.rate)
            own = None if derived else Evidence(rates.clause, 0, len(clause.text))
            findings += [
                Finding("user input", float(found.points), "分", text=f"{found.points}分"),
                Finding("computed", float(found.rate), "%", text=f"{found.rate}%"),
                Finding(
                    "derived" if derived else "quoted", rate, "%", text=f"{found.area.rate}%", evidence=own
                ),
                Finding("computed", float(abs(found.gap)), "个百分点", text=f"{abs(found.gap)}个百分点"),
                Finding("derived", float(found.area.points), "分", text=f"{found.area.points}分"),
            ]
        for key, found in items:
            zh = ask.language == "zh"
            word = ("高" if found.gap >= 0 else "低") if zh else ("above" if found.gap >= 0 else "below")
            numbers = {"points": found.points, "most": found.area.points, "rate": found.rate}
            numbers |= {"mean": found.area.rate, "gap": abs(found.gap)}
            slots = {name: str(value) for name, value in numbers.items()}
            area = found.area.name if zh else f"Area {found.area.id}"
            lines.append(line(key, (), area=area, word=word, **slots))
        lines.append(line("assess_level", self._grades()))
        return lines, findings, "answered"

    def _grades(self) -> tuple[Evidence, ...]:
        """Where the report lists the cities graded 优良, without saying from how many points on."""
        from policybot.scoring.assess import DOCUMENT

        for clause in self.corpus.of(DOCUMENT):
            at = clause.text.text.find("评估结果为优良")
            if at >= 0:
                return (Evidence(clause.id, at, min(len(clause.text), at + 40)),)
        return ()

    def _needed(self, ask: Ask) -> tuple[list[Line], list[Finding], AnswerStatus] | None:
        wanted = _TOP.search(ask.text)
        city = next((p for p in ask.places if p != "中国"), None)
        if city is None or wanted is None or not _NEEDED.search(ask.text):
            return None
        from policybot.scoring.explain import what_if
        from policybot.scoring.observations import published_observations
        from policybot.scoring.systems import builtin_systems

        word = wanted[1] or wanted[2]
        top = int(word) if word.isdigit() else _NUMBERS.get(word, 5)
        values = published_observations(builtin_systems()[_SYSTEM], self.corpus, _DOMAIN)
        if city not in values.units:
            return None
        found = what_if(values, city, top)
        name = self.labels.short(city, ask.language) if ask.language == "en" else city
        holder = self.labels.short(found.holder, ask.language) if ask.language == "en" else found.holder
        computed = {"score": f"{found.score:.2f}", "threshold": f"{found.threshold:.2f}"}
        lines = [line("needed", (), city=name, rank=str(found.rank), top=str(top), holder=holder, **computed)]
        findings = [
            Finding("user input", float(top), text=str(top)),
            Finding("computed", round(found.score, 2), text=f"{found.score:.2f}"),
            Finding("computed", float(found.rank), text=str(found.rank)),
            Finding("computed", round(found.threshold, 2), text=f"{found.threshold:.2f}"),
        ]
        for change in found.changes:
            indicator = change.indicator.zh if ask.language == "zh" else change.indicator.en
            evidence = self._cell(change.indicator.data.table if change.indicator.data else "", city)
            if change.needed is None:
                lines.append(line("needed_unreachable", evidence, indicator=indicator))
                continue
            values_shown = {"needed": f"{change.needed:.3f}", "current": f"{change.current:g}"}
            lines.append(line("needed_line", evidence, indicator=indicator, **values_shown))
            findings.append(Finding("computed", round(change.needed, 3), "%", text=f"{change.needed:.3f}%"))
        return lines, findings, "answered"

    def _cell(self, label: str, city: str) -> tuple[Evidence, ...]:
        for table in self.corpus.tables.values():
            if table.label == label:
                row = next((r.id for r in table.rows if r.cells[0].text == city), None)
                if row is not None:
                    return (Evidence(row, 0, len(self.corpus.clauses[row].text)),)
        return ()
