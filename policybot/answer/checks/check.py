"""The citation check: nothing is shown that the named lines of the sources do not carry.

It runs on every answer, whatever made it, and says what is wrong with it. Quotes are compared with the
text of the source files, not with the clauses made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from policybot.answer.checks.computed import computed_fault
from policybot.answer.checks.issues import CheckReport, Issue, IssueKind
from policybot.answer.checks.numbers import Pool, carries, decimal_of, unaccounted
from policybot.answer.checks.sources import Knowledge, citation_fault, is_verbatim, knowledge_of
from policybot.answer.checks.text import (
    comparable,
    comparable_label,
    find_labels,
    find_marks,
    label_forms,
    list_numbers,
    loose_digits,
    pieces,
    quoted_from_source,
    sentences,
)
from policybot.answer.model import Answer, Citation
from policybot.corpus.model import Corpus
from policybot.facts.quantities import find_numbers


def check_answer(answer: Answer, corpus: Corpus) -> CheckReport:
    """Everything in an answer that its citations do not prove.

    Checked: each quote is verbatim, white space aside, in lines line_start..line_end of its source,
    within the document it names; each [n] has a citation and each citation a mark; each number of the
    text stands in a quote, a result or the question, by itself or by the unit table, or is part of a
    title, a heading, a clause label or a list number, or the date or number that the catalogue has for a
    document named in the text; each quoted Chinese string is in a quote; each
    quoted result is in a quote. An answer with status "error" quotes nothing and is not checked.
    """
    if answer.status == "error":
        return CheckReport((), ())
    knowledge = knowledge_of(corpus)
    issues: list[Issue] = []
    proved = _check_citations(answer, corpus, knowledge, issues)
    quotes = Pool()
    for citation in proved:
        quotes.add_text(citation.quote)
    pool = _check_results(answer, corpus, proved, quotes, issues)
    pool.add_text(answer.question)
    for names, facts in knowledge.facts:
        # What the catalogue says of a document that the answer names: its date and number.
        if any(name in answer.answer for name in names):
            pool.add_text(facts)
    _check_marks(answer, issues)
    _check_labels(answer, proved, knowledge, issues)
    _check_numbers(answer, knowledge, pool, issues)
    _check_quoted(answer, proved, knowledge, issues)
    spans = sentences(answer.answer)
    placed = [issue for issue in issues if issue.start < issue.end]
    failed = [span for span in spans if any(i.start < span[1] and span[0] < i.end for i in placed)]
    return CheckReport(tuple(issues), tuple(failed))


def _check_citations(
    answer: Answer, corpus: Corpus, knowledge: Knowledge, issues: list[Issue]
) -> list[Citation]:
    """The citations that are proved; the rest become issues."""
    proved: list[Citation] = []
    seen: set[int] = set()
    for at, citation in enumerate(answer.citations):
        kind: IssueKind | None = citation_fault(citation, corpus, knowledge)
        if citation.n in seen:
            kind = "duplicate"
        seen.add(citation.n)
        if kind is not None:
            slots: dict[str, str | int] = {
                "n": citation.n,
                "source": citation.source,
                "document": citation.document,
                "first": citation.line_start,
                "last": citation.line_end,
            }
            issues.append(Issue(kind, slots, citation=at))
            continue
        proved.append(citation)
        if not all(_reading_is_verbatim(variant, corpus, knowledge) for variant in citation.variants):
            issues.append(Issue("variant", {"n": citation.n}, citation=at))
    return proved


def _reading_is_verbatim(variant: Mapping[str, Any], corpus: Corpus, knowledge: Knowledge) -> bool:
    """Whether another copy's reading stands where it says; a copy may also lack the passage."""
    other, source = str(variant.get("other") or ""), str(variant.get("source") or "")
    first, last = variant.get("line_start"), variant.get("line_end")
    if not other.strip():
        return True
    if not isinstance(first, int) or not isinstance(last, int):
        return False
    return is_verbatim(other, source, first, last, corpus, knowledge)


def _check_results(
    answer: Answer, corpus: Corpus, proved: list[Citation], quotes: Pool, issues: list[Issue]
) -> Pool:
    """Pool of quotes and results; a quoted result that no quote carries is an issue and does not count."""
    pool = Pool()
    for citation in proved:
        pool.add_text(citation.quote)
    numbers = {citation.n for citation in proved}
    context: Pool | None = None
    for at, result in enumerate(answer.results):
        text = result.text or f"{result.value}{result.unit}"
        if result.kind == "quoted":
            gone = result.citation is not None and result.citation not in numbers
            if gone or not carries(quotes, result):
                issues.append(Issue("result", {"text": text}, result=at))
                continue
            if result.year is not None and result.year not in quotes.years:
                if context is None:
                    context = _context(answer, corpus, proved)
                if result.year not in context.years:
                    issues.append(Issue("year", {"text": result.year}, result=at))
                    result = replace(result, year=None)
            # The wording of a quoted result proves nothing by itself.
            value = result.value if decimal_of(result.value) is not None else None
            result = replace(result, text="", qualifier="", value=value)
        elif computed_fault(result, answer, quotes):
            issues.append(Issue("result", {"text": text}, result=at))
            continue
        pool.add_result(result)
    return pool


def _context(answer: Answer, corpus: Corpus, proved: Iterable[Citation]) -> Pool:
    """Where the year of a value may stand outside its quote: the lines, headings and captions around it."""
    pool = Pool()
    pool.add_text(answer.question)
    for citation in proved:
        pool.add_text(f"{citation.title}\n{citation.heading}")
        source = corpus.sources[citation.source]
        pool.add_text(source.lines(citation.line_start, citation.line_end))
        clause = corpus.clauses.get(citation.clause_id)
        if clause is not None:
            for above in (*clause.path, clause.id):
                if above in corpus.clauses:
                    pool.add_text(corpus.clauses[above].text.text)
            if clause.table in corpus.tables:
                table = corpus.tables[clause.table]
                pool.add_text("\n".join((table.caption, *table.header)))
    return pool


def _check_marks(answer: Answer, issues: list[Issue]) -> None:
    marks = find_marks(answer.answer)
    numbers = {citation.n for citation in answer.citations}
    used = {n for mark in marks for n in mark.numbers}
    for mark in marks:
        for n in mark.numbers:
            if n not in numbers:
                issues.append(Issue("mark", {"n": n}, mark.start, mark.end))
    for at, citation in enumerate(answer.citations):
        if citation.n not in used:
            issues.append(Issue("unmarked", {"n": citation.n}, citation=at))


def _check_labels(answer: Answer, proved: list[Citation], knowledge: Knowledge, issues: list[Issue]) -> None:
    text = answer.answer
    spans = find_labels(text)
    if not spans:
        return
    known: set[str] = set()
    computed = [r.text for r in answer.results if r.kind != "quoted"]
    named = [f"{c.clause} {c.label_en}" for c in proved]
    for said in (answer.question, *(c.quote for c in proved), *named, *computed):
        known |= label_forms(said)
    for start, end in spans:
        form = comparable_label(text[start:end])
        if form not in known and not knowledge.has_label(form):
            issues.append(Issue("label", {"text": text[start:end]}, start, end))


def _check_numbers(answer: Answer, knowledge: Knowledge, pool: Pool, issues: list[Issue]) -> None:
    text = answer.answer
    named = [(mark.start, mark.end) for mark in find_marks(text)]
    named += find_labels(text)
    cited = {name for c in answer.citations for name in (c.heading, c.clause, c.label_en)}
    for name in (*knowledge.names, *(cited & knowledge.printed)):
        at = text.find(name)
        while at >= 0:
            named.append((at, at + len(name)))
            at = text.find(name, at + len(name))
    named += list_numbers(text)
    found = find_numbers(text)
    numbers = [q for q in found if not any(low <= q.start and q.end <= high for low, high in named)]
    for q in unaccounted(numbers, pool):
        issues.append(Issue("number", {"text": q.text}, q.start, q.end))
    # Digits that are no number to the parser are names (CO2, 1+N), and those must be known.
    for start, end in loose_digits(text, named + [(q.start, q.end) for q in found]):
        token = text[start:end]
        if not pool.mentions(token) and not knowledge.names_token(token):
            issues.append(Issue("number", {"text": token}, start, end))


def _check_quoted(answer: Answer, proved: list[Citation], knowledge: Knowledge, issues: list[Issue]) -> None:
    text = answer.answer
    spans = list(quoted_from_source(text))
    if not spans:
        return
    known = [comparable(citation.quote) for citation in proved]
    known += [comparable(f"{v.get('other', '')}") for c in proved for v in c.variants]
    known.append(comparable(answer.question))
    known += [comparable(name) for name in knowledge.names]
    known += [comparable(name) for c in proved for name in (c.title, c.heading, c.clause)]
    known += [comparable(f"{r.text} {r.qualifier} {r.value}") for r in answer.results if r.kind != "quoted"]
    marked = [span for span in sentences(text) if find_marks(text[span[0] : span[1]])]
    for start, end in spans:
        # A refusal may put in quotation marks what was looked for and not found.
        if answer.status == "not_found" and not any(low <= start < high for low, high in marked):
            continue
        if not all(any(piece in said for said in known) for piece in pieces(text[start:end])):
            issues.append(Issue("quoted", {"text": text[start:end]}, start, end))
