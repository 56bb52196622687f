"""Which sentences of a model may be shown: those whose citations carry them.

A sentence must cite numbers of the run, and be carried: by a quotation that stands word for word in a cited
clause, by the row of a table whose numbers it reads out, or by a computed result whose numbers it repeats.
Every number, place, document and clause label beside the quotation must stand in what is cited; a number
of the question may come back only to be denied. The words around a quotation are the model's: what they say
without numbers and names is not proved, which is why the quotation stands beside them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from policybot.answer.agent.evidence import Evidence as Numbered
from policybot.answer.agent.evidence import Item
from policybot.answer.agent.locate import folded, locate
from policybot.answer.agent.sentence import plain, with_marks, without_marks
from policybot.answer.agent.words import Words
from policybot.answer.checks.check import check_answer
from policybot.answer.checks.numbers import Pool
from policybot.answer.checks.sources import knowledge_of
from policybot.answer.checks.text import comparable_label, find_labels, find_marks, label_forms, outer_quotes
from policybot.answer.evidence.excerpt import tidy
from policybot.answer.model import Answer, Citation, ResultEntry
from policybot.answer.wording.cite import Evidence, whole_clause
from policybot.answer.wording.compose import Composer
from policybot.corpus.model import Clause, Corpus
from policybot.corpus.naming import mentions
from policybot.facts.places import Places
from policybot.facts.quantities import Quantity, find_numbers
from policybot.patterns import lazy_pattern
from policybot.text import is_han, sentence_spans

SHORTEST = 6  # characters of a quotation that carries a sentence
_COUNTED = 3  # an English number word up to this one may count nothing ("the two", "one of them")
_ELLIPSIS = lazy_pattern(r"…+|\.{3,}|⋯+")
_VALUES = frozenset({"quantity", "percent", "points", "money", "count", "fraction", "number"})


@dataclass(slots=True)
class Shown:
    """What has been accepted of one reply."""

    citations: list[Citation] = field(default_factory=list)
    results: list[ResultEntry] = field(default_factory=list)
    used: dict[Evidence, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Reading:
    """A sentence taken apart: its text without marks, what carries it, what stands beside the quotations."""

    text: str
    beside: str
    evidence: list[Evidence]
    results: list[Item]
    carried: bool


class Verifier:
    """Checks the sentences of one reply, in order, and keeps the citations of those that pass.

    Args:
        corpus, composer: the documents, and the maker of citations.
        evidence: what the tools of the run returned.
        question: of the user.
        language: of the answer.
    """

    def __init__(
        self, corpus: Corpus, composer: Composer, evidence: Numbered, question: str, language: str
    ) -> None:
        self.corpus, self.composer, self.evidence = corpus, composer, evidence
        self.question, self.language = question, language
        self.shown = Shown()
        self.places = Places.load()
        self.words = Words.load()
        self._names = [folded(name) for name in knowledge_of(corpus).names]
        self._years = Pool()
        self._years.add_text(question)

    def accept(self, raw: str) -> str | None:
        """The sentence as it may be shown, with its final citation marks; None when it may not."""
        text = plain(raw)
        if text is None:
            return None
        numbers = list(dict.fromkeys(n for mark in find_marks(text) for n in mark.numbers))
        items = [item for n in numbers if (item := self.evidence.get(n)) is not None]
        if not items or len(items) < len(numbers):
            return None
        reading = self._read(without_marks(text), items)
        if reading is None or not reading.carried or not self._named_rightly(reading):
            return None
        if self.words.vague(reading.beside, self._carrying(reading)) or _odd_digits(reading.beside):
            return None
        if not self._counts(reading):
            return None
        return self._commit(reading)

    def _read(self, text: str, items: Sequence[Item]) -> _Reading | None:
        """What carries a sentence, its quotations as the source has them; None when one is not in it."""
        clauses = [self.corpus.clauses[i.clause] for i in items if i.clause]
        results = [i for i in items if i.result]
        reading = _Reading(text, text, [], results, False)
        for start, end in reversed(outer_quotes(text)):
            quoted = text[start:end]
            parts = [part for part in _ELLIPSIS.split(quoted) if folded(part).strip(",.;:")]
            found = [self._find(part, clauses) for part in parts]
            if parts and all(found):
                said = "……".join(self._place(place, reading) for place in found if place is not None)
                reading.text = reading.text[:start] + said + reading.text[end:]
                reading.beside = reading.beside[:start] + reading.beside[end:]
                reading.carried |= sum(len(folded(part)) for part in parts) >= SHORTEST
            elif not (self._known(quoted) or self._denied(text, start, end)):
                return None
        if not outer_quotes(text):
            self._whole(reading, clauses)
        self._rows(reading, clauses)
        if results and self._numbers(reading.beside):
            reading.carried = True
        return reading

    @staticmethod
    def _find(part: str, clauses: Iterable[Clause]) -> tuple[Clause, int, int] | None:
        for clause in clauses:
            span = locate(part, clause.text.text)
            if span is not None:
                return clause, *span
        return None

    def _place(self, place: tuple[Clause, int, int], reading: _Reading) -> str:
        """Note the sentence of a clause that a quotation stands in; returns the quotation as it is there."""
        clause, start, end = place
        text = clause.text.text
        if clause.kind == "row":
            reading.evidence.insert(0, whole_clause(clause))
        else:
            spans = [s for s in sentence_spans(text) if s[0] < end and start < s[1]]
            low = min((s[0] for s in spans), default=start)
            high = max((s[1] for s in spans), default=end)
            reading.evidence.insert(0, Evidence(clause.id, low, high, (start, end)))
        return tidy(text[start:end])

    def _known(self, quoted: str) -> bool:
        """True for a string that is no quotation: a title, a mark, a word or two of the question."""
        form = folded(quoted).strip(",.;:")
        if len(form) < SHORTEST and form in folded(self.question):
            return True
        return not form or (len(form) >= 4 and form in self._names)

    def _denied(self, text: str, start: int, end: int) -> bool:
        """True for words of the question, in quotation marks at start..end, that the sentence denies."""
        asked = folded(text[start:end]).strip(",.;:") in folded(self.question)
        return asked and self.words.denied(text, start - 1, end + 1)

    def _whole(self, reading: _Reading, clauses: Sequence[Clause]) -> None:
        """A Chinese sentence that is itself one of the clause's, quotation marks left out."""
        bare = re.sub(r"^(?:-|[0-9]{1,2}\.) ", "", reading.text).strip("。.！!；; ")
        if sum(is_han(c) for c in bare) < SHORTEST:
            return
        found = self._find(bare, clauses)
        if found is not None:
            lead = reading.text[: reading.text.find(bare)]
            reading.text = f"{lead}{self._place(found, reading)}{'。' if self.language == 'zh' else '.'}"
            reading.beside, reading.carried = "", True

    def _rows(self, reading: _Reading, clauses: Sequence[Clause]) -> None:
        """A row of a table carries a sentence that reads out one of its numbers."""
        given = self._numbers(reading.beside)
        for clause in clauses:
            if clause.kind != "row" or any(e.clause == clause.id for e in reading.evidence):
                continue
            pool = Pool()
            pool.add_text(clause.text.text)
            if any(pool.holds(q) for q in given):
                reading.evidence.append(whole_clause(clause))
                reading.carried = True

    @staticmethod
    def _numbers(text: str) -> list[Quantity]:
        return [q for q in find_numbers(text) if q.kind in _VALUES or q.kind in ("year", "date", "ordinal")]

    def _context(self, reading: _Reading) -> str:
        """What stands above and around the cited stretches: headings, captions, titles."""
        found: list[str] = [item.result for item in reading.results]
        for evidence in reading.evidence:
            clause = self.corpus.clauses[evidence.clause]
            document = self.corpus.documents[clause.document]
            found += [
                document.title_zh,
                document.title_en,
                document.short_zh,
                document.short_en,
                document.date,
            ]
            found += [self.corpus.clauses[i].text.text for i in clause.path if i in self.corpus.clauses]
            found.append(clause.text.text)
            if (table := self.corpus.tables.get(clause.table)) is not None:
                found += [table.caption, *table.header]
        return "\n".join(found)

    def _carrying(self, reading: _Reading) -> str:
        clauses = [self.corpus.clauses[e.clause].text.text for e in reading.evidence]
        return "\n".join([*clauses, *(item.result for item in reading.results)])

    def _named_rightly(self, reading: _Reading) -> bool:
        """Whether places, documents and clause labels beside the quotations belong to what is cited."""
        context = f"{self._context(reading)}\n{self.question}"
        here = {match.place.zh for match in self.places.find(context)}
        if any(match.place.zh not in here for match in self.places.find(reading.beside)):
            return False
        cited = {self.corpus.clauses[e.clause].document for e in reading.evidence}
        asked = {m.document for m in mentions(self.question, self.corpus)}
        named = {m.document for m in mentions(reading.beside, self.corpus) if m.document}
        if not named <= cited | asked | {m.document for m in mentions(context[:4000], self.corpus)}:
            return False
        known: set[str] = label_forms(context)
        for evidence in reading.evidence:
            clause = self.corpus.clauses[evidence.clause]
            known |= label_forms(f"{clause.label} {clause.label_en}")
        labels = [reading.beside[start:end] for start, end in find_labels(reading.beside)]
        if any(comparable_label(label) not in known for label in labels):
            return False
        titles = re.findall(r"《([^《》]+)》", reading.beside)
        return all(folded(t) in folded(context) or folded(t) in self._names for t in titles)

    def _counts(self, reading: _Reading) -> bool:
        """Whether every number is accounted for by what is cited, with the project's own check.

        Years of the question count where the headings above the citation bear them out.
        """
        context = Pool()
        context.add_text(self._context(reading))
        years = " ".join(f"{year}年" for year in sorted(self._years.years & context.years))
        strict = self._as_answer(reading, years)
        report = check_answer(strict, self.corpus)
        if not report.ok:
            if any(
                issue.kind not in ("number", "quoted")
                or not self.words.denied(strict.answer, issue.start, issue.end)
                for issue in report.issues
            ):
                return False
            if not check_answer(replace(strict, question=self.question), self.corpus).ok:
                return False
        pool = Pool()
        pool.add_text(f"{self._carrying(reading)}\n{self.question}")
        return all(pool.holds(q) or q.amount <= _COUNTED for q in find_numbers(reading.beside) if _spelt(q))

    def _as_answer(self, reading: _Reading, question: str) -> Answer:
        """The sentence as an answer of its own, with the citations it would have."""
        citations: list[Citation] = []
        used: dict[Evidence, int] = {}
        for evidence in reading.evidence:
            self.composer.number(evidence, citations, used)
        marks = "".join(f"[{citation.n}]" for citation in citations)
        text = with_marks(reading.text, marks, self.language)
        results = [self._computed(item, reading) for item in reading.results]
        return Answer(None, question, self.language, "answered", text, citations, results)

    def _computed(self, item: Item, reading: _Reading) -> ResultEntry:
        """The lines of a computed result that a sentence may rest on: those on the places that it names."""
        lines = item.result.splitlines()
        named = [{match.place.zh for match in self.places.find(line)} for line in lines]
        wanted = {match.place.zh for match in self.places.find(reading.beside)}
        if wanted and len(set().union(*named)) > 1:
            kept = [line for line, here in zip(lines, named, strict=True) if here & wanted or not here]
        else:
            kept = lines
        numbers = self._numbers(reading.beside)
        told = [line for line in kept if _holds_any(line, numbers)]
        return ResultEntry("computed", None, text="\n".join(told or kept[:1]))

    def _commit(self, reading: _Reading) -> str:
        numbers = [self.composer.number(e, self.shown.citations, self.shown.used) for e in reading.evidence]
        for item in reading.results:
            entry = self._computed(item, reading)
            if entry not in self.shown.results:
                self.shown.results.append(entry)
        for entry in self._values(reading, numbers):
            if entry not in self.shown.results:
                self.shown.results.append(entry)
        marks = "".join(f"[{n}]" for n in dict.fromkeys(numbers))
        if reading.results:
            marks = f"{'（计算得出）' if self.language == 'zh' else '(computed) '}{marks}".strip()
        return with_marks(reading.text, marks, self.language)

    def _values(self, reading: _Reading, numbers: Sequence[int]) -> Iterable[ResultEntry]:
        """The values that a sentence gives, as the cited quotes have them."""
        given = [q for q in find_numbers(reading.beside or reading.text) if q.kind in _VALUES]
        for evidence, n in zip(reading.evidence, numbers, strict=True):
            citation = next(c for c in self.shown.citations if c.n == n)
            if self.corpus.clauses[evidence.clause].kind == "row":
                continue  # a cell's unit and year stand in the head of its table
            said = {q.last for q in find_numbers(reading.beside) if q.kind == "year"}
            years = said or {q.last for q in find_numbers(citation.quote) if q.kind == "year"}
            for q in find_numbers(citation.quote):
                if q.kind in _VALUES and any(
                    g.dimension == q.dimension and g.measures() == q.measures() for g in given
                ):
                    year = next(iter(years)) if len(years) == 1 else None
                    yield ResultEntry("quoted", q.value, q.unit, year, q.qualifier, q.phrase, n)


def _holds_any(line: str, numbers: Sequence[Quantity]) -> bool:
    pool = Pool()
    pool.add_text(line)
    return any(pool.holds(q) for q in numbers)


def _spelt(q: Quantity) -> bool:
    """True for a number in English words."""
    return q.kind == "number" and q.number_text.replace("-", "").replace(" ", "").isalpha()


def _odd_digits(text: str) -> bool:
    """True when a number is written in signs that the parser of numbers does not read: ②, Ⅳ, ½, ٥."""
    return any(
        unicodedata.category(c) in ("No", "Nl")
        or (unicodedata.category(c) == "Nd" and not ("0" <= c <= "9" or "０" <= c <= "９"))
        for c in text
        if c not in "₀₁₂₃₄₅₆₇₈₉〇²³"
    )
