"""Answers from the targets ledger: by year, by document, as a timeline, as a difference, or its absence.

The ledger knows which indicator a number belongs to and for which year it holds, so that the number of
a neighbouring indicator, or of another year, is never given for the one asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from policybot.answer.evidence.pool import Scored
from policybot.answer.matching.match import Concept, Weigher, covers, norm, pairs
from policybot.answer.model import AnswerStatus, Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import read_operations
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import Composer, line
from policybot.answer.wording.draft import Draft, Finding, Line, accounting
from policybot.corpus.model import Clause, Corpus
from policybot.facts.quantities import find_quantities, render_value
from policybot.facts.render import amount_text
from policybot.facts.targets import Target, clause_targets
from policybot.patterns import lazy_pattern
from policybot.text import fold

COVER = 0.62  # share of the question that an indicator's name must carry
EXACT = 0.42  # share of the indicator's name that the question must carry
_ABSENT = 0.2  # gained where the year has no target: a neighbour's number would be wrong
_ENGLISH = 0.9  # worth of an English word found in the indicator's English name
_HEAD = 0.4  # worth of a word found in the headings only
_OVER_TIME = lazy_pattern(
    r"各(?:年|阶段|时间)|分别|变化|历年|三个?阶段|时间点"
    r"|over time|by year|each (?:year|stage)|change|evolve|timeline|milestone"
)
_DIFFERENCE = lazy_pattern(
    r"多多少|少多少|增加(?:了)?多少|提高(?:了)?多少|差多少|相差|增长(?:了)?多少|上升多少|几个百分点|多少个百分点"
    r"|differ|how much (?:more|higher|larger)|by how (?:much|many)|(?:rise|increase) from|percentage points"
)
_CHANGE = lazy_pattern(  # says that a difference is asked for, and of nothing in particular
    r"增长|增加|提高|上升|提升|变化|差别|差距|多出|下降|减少"
    r"|(?:gr[eo]w|ris|increas|chang|expand|climb|f[ae]ll|drop|declin|decreas)\w*|rose|gap|higher|lower|more|less"
)
Made = tuple[list[Line], list[Finding], AnswerStatus]
_NATION = lazy_pattern(r"^(?:全国|我国|中国|国家)")


class LedgerMaker:
    """Makes drafts from the targets of the clauses that retrieval found."""

    def __init__(self, corpus: Corpus, composer: Composer, weigh: Weigher) -> None:
        self.corpus = corpus
        self.composer = composer
        self.weigh = weigh
        self._targets: dict[str, list[Target]] = {}
        self._heads: dict[str, str] = {}
        self._whole: dict[str, list[Target]] | None = None
        self._aliases = {fold(a): d.id for d in corpus.documents.values() for a in d.aliases}

    def drafts(self, ask: Ask, ranked: Sequence[Scored]) -> list[Draft]:
        """A draft on the indicator that the question names, where the ledger has one; at most one."""
        if ask.places and ask.places != ("中国",):
            return []
        several = self._several(ask)
        if not several and not ask.years:
            return []
        group, cover, exact = self._group(ask, ranked)
        if not group or cover < COVER or exact < EXACT:
            return []
        if not several and any(_holds_in(t, y) for t in group for y in ask.years):
            return []
        group = self._everywhere(_key(group[0]))
        shown = [t for t in group if t.status != "history"] or group
        documents = self._documents(ask)
        named = [t for t in shown if t.document in documents] if documents else shown
        if documents and not named:
            return []
        made = (
            self._difference(ask, named)
            or self._absent_year(ask, named)
            or self._by_document(ask, named, documents)
            or self._timeline(ask, named)
        )
        if made is None:
            return []
        lines, findings, status = made
        features = accounting(cover)
        score = 0.5 * cover + 0.5 * exact + 0.25 + (_ABSENT if status == "not_found" else 0.0)
        step = Step(
            "targets", {"topic": shown[0].indicator, "years": list(ask.years), "documents": list(documents)}
        )
        return [Draft("ledger", tuple(lines), score, status, tuple(findings), (), (step,), features)]

    def _several(self, ask: Ask) -> bool:
        """Whether several targets are asked about; without, only a year that has none is answered here."""
        if _differs(ask.text) or _OVER_TIME.search(ask.text) or len(ask.years) > 1:
            return True
        return len(self._documents(ask)) > 1

    def targets(self, clause: Clause) -> list[Target]:
        """The targets of a clause, read once."""
        found = self._targets.get(clause.id)
        if found is None:
            found = self._targets[clause.id] = clause_targets(self.corpus, clause)
        return found

    def _everywhere(self, key: str) -> list[Target]:
        """All targets of an indicator in the whole corpus: what is absent must be absent everywhere."""
        if self._whole is None:
            whole: dict[str, list[Target]] = {}
            for clause in self.corpus.clauses.values():
                for target in self.targets(clause):
                    if target.kind == "value":
                        whole.setdefault(_key(target), []).append(target)
            self._whole = whole  # only now: another thread must find all of it or nothing
        return self._whole.get(key, [])

    def _group(self, ask: Ask, ranked: Sequence[Scored]) -> tuple[list[Target], float, float]:
        """The targets of the indicator that the question fits best, with both shares."""
        clauses = dict.fromkeys(s.sentence.clause.id for s in ranked)
        targets = [t for i in clauses for t in self.targets(self.corpus.clauses[i]) if t.kind == "value"]
        groups: dict[str, list[Target]] = {}
        for target in targets:
            groups.setdefault(_key(target), []).append(target)
        best: tuple[float, float, float, list[Target]] = (0.0, 0.0, 0.0, [])
        concepts = self._telling(ask)
        for members in groups.values():
            cover, exact = max(self._fit(concepts, t) for t in members)
            if cover + exact > best[0]:
                best = (cover + exact, cover, exact, members)
        return best[3], best[1], best[2]

    def _telling(self, ask: Ask) -> list[Concept]:
        """What the question names beside documents and what is to be done."""
        working = [m.span() for p in (_DIFFERENCE, _OVER_TIME) for m in p.finditer(ask.text)]
        several, differs = len(self._documents(ask)) > 1, _differs(ask.text)
        found = []
        for concept in ask.terms:
            if concept.weight < 0.15 or any(concept.start < e and s < concept.end for s, e in working):
                continue
            if concept.kind == "document" or (several and concept.surface in self._aliases):
                continue
            if differs and _CHANGE.fullmatch(concept.surface):
                continue
            found.append(concept)
        return found

    def _fit(self, concepts: Sequence[Concept], target: Target) -> tuple[float, float]:
        name, english = norm(target.indicator), f" {fold(target.indicator_en)}"
        head = self._head(target.clause)
        total = carried = 0.0
        wordings: list[str] = []
        for concept in concepts:
            value = max(
                covers(concept, name, self.weigh),
                _ENGLISH if concept.word.isascii() and f" {concept.word}" in english else 0.0,
                _HEAD * covers(concept, head, self.weigh),
            )
            total += concept.weight
            carried += concept.weight * value
            wordings += [option for option, worth in concept.options if worth >= 0.5]
        # Of a name that lists its parts (废钢铁、…等9种主要再生资源循环利用量) the end tells what it is.
        told = [(p, self.weigh(p)) for p in pairs(re.split(r"[、等]", name)[-1] or name)]
        said = sum(w for p, w in told if any(p in wording for wording in wordings))
        return (carried / total if total else 0.0), said / (sum(w for _, w in told) or 1.0)

    def _head(self, clause: str) -> str:
        """The headings above and of a clause, normalised."""
        made = self._heads.get(clause)
        if made is None:
            made = self._heads[clause] = norm(" ".join(self.corpus.headings(self.corpus.clauses[clause])))
        return made

    def _absent_year(self, ask: Ask, targets: Sequence[Target]) -> Made | None:
        """The indicator has targets, but none for the year asked about."""
        if not ask.years or ask.base_years or ask.past or any(t.year is None for t in targets):
            return None
        wanted = [y for y in ask.years if not any(_holds_in(t, y) for t in targets)]
        if len(wanted) < len(ask.years):
            return None
        years = ("、" if ask.language == "zh" else ", ").join(str(y) for y in wanted)
        lines = [line("target_absent", name=_name(targets[0], ask.language), year=years)]
        lines += [self._line(ask, t) for t in _one_a_year(targets)[:4]]
        return lines, [_finding(t, self._evidence(t)) for t in _one_a_year(targets)[:4]], "not_found"

    def _difference(self, ask: Ask, targets: Sequence[Target]) -> Made | None:
        """Two targets in one unit and their difference, which is computed."""
        if not _differs(ask.text):
            return None
        ends = {year for span in ask.spans for year in span} | set(ask.base_years)
        pair = [t for t in _one_a_year(targets) if not ends or t.year in ends]
        pair = [t for t in pair if t.value is not None and t.unit == pair[0].unit and t.base_year is None]
        if len(pair) < 2:
            return None
        first, last = pair[0], pair[-1]
        assert first.value is not None and last.value is not None
        gap = last.value - first.value
        shown = _amount(last, abs(gap), ask.language)
        lines = [self._line(ask, first), self._line(ask, last)]
        lines.append(line("target_difference", (), value=shown, first=str(first.year), last=str(last.year)))
        findings = [_finding(t, self._evidence(t)) for t in (first, last)]
        findings.append(Finding("computed", float(abs(gap)), last.unit, text=shown))
        return lines, findings, "answered"

    def _documents(self, ask: Ask) -> tuple[str, ...]:
        """Documents named, also by everyday words (意见和方案) when at least two are named side by side."""
        if ask.documents:
            return ask.documents
        loose = [self._aliases[c.surface] for c in ask.terms if c.surface in self._aliases]
        return tuple(dict.fromkeys(loose)) if len(set(loose)) > 1 else ()

    def _by_document(self, ask: Ask, targets: Sequence[Target], documents: Sequence[str]) -> Made | None:
        """What each of several named documents says."""
        if len(documents) < 2:
            return None
        chosen = []
        for document in documents:
            own = [t for t in targets if t.document == document and (not ask.years or t.year in ask.years)]
            chosen += own[:3]
        if len({t.document for t in chosen}) < 2:
            return None
        lines = [self._line(ask, t, self.composer.short_name(t.document, ask.language)) for t in chosen]
        return lines, [_finding(t, self._evidence(t)) for t in chosen], "answered"

    def _timeline(self, ask: Ask, targets: Sequence[Target]) -> Made | None:
        """The targets of several years, one line each."""
        years = _one_a_year(targets)
        wanted = [t for t in years if not ask.years or any(_holds_in(t, y) for y in ask.years)]
        over_time = _OVER_TIME.search(ask.text) is not None or (len(ask.years) > 1 and len(wanted) > 1)
        if not over_time or len(wanted) < 2:
            return None
        return (
            [self._line(ask, t) for t in wanted],
            [_finding(t, self._evidence(t)) for t in wanted],
            "answered",
        )

    def _line(self, ask: Ask, target: Target, label: str = "") -> Line:
        zh = ask.language == "zh"
        year = str(target.year) if target.year is not None else ""
        if target.first_year is not None:
            year = f"{target.first_year}–{target.year}"
        return line(
            "target_line",
            (self._evidence(target),),
            label=label,
            year=f"{year}年" if zh and year else year,
            name=_name(target, ask.language),
            value=_value(target, ask.language),
        )

    def _evidence(self, target: Target) -> Evidence:
        """The sentence part with the target, from the year that governs it when that is near."""
        text = self.corpus.clauses[target.clause].text.text
        start = target.start
        lead = text.rfind(str(target.year), max(0, start - 200), start) if target.year else -1
        if lead >= 0 and "。" not in text[lead:start]:
            begin = max(text.rfind(m, 0, lead) for m in "，；。：\n") + 1
            start = begin
        return Evidence(target.clause, start, target.end, (target.start, target.end))


def _differs(text: str) -> bool:
    """True for a question on how far two values are apart."""
    return _DIFFERENCE.search(text) is not None or "difference" in read_operations(text)


def _key(target: Target) -> str:
    return target.indicator_en or _NATION.sub("", target.indicator)


def _holds_in(target: Target, year: int) -> bool:
    return target.year == year or (
        target.first_year is not None and target.year is not None and target.first_year <= year <= target.year
    )


def _one_a_year(targets: Iterable[Target]) -> list[Target]:
    """The first target of each year, in order of years."""
    first: dict[int, Target] = {}
    for target in targets:
        if target.year is not None:
            first.setdefault(target.year, target)
    return [first[y] for y in sorted(first)]


def _name(target: Target, language: str) -> str:
    if language == "zh" or not target.indicator_en:
        return target.indicator
    return target.indicator_en


def _value(target: Target, language: str) -> str:
    quantity = next((q for q in find_quantities(target.quote.text) if q.amount == target.value), None)
    return render_value(quantity, language) if quantity is not None else target.text


def _amount(target: Target, amount: Decimal, language: str) -> str:
    """An amount worded like the target's own number."""
    quantity = next(q for q in find_quantities(target.quote.text) if q.amount == target.value)
    return amount_text(quantity, amount, language)


def _finding(target: Target, evidence: Evidence) -> Finding:
    value = None if target.value is None else float(target.value)
    return Finding("quoted", value, target.unit, target.year, target.qualifier, target.text, evidence)
