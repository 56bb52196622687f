"""Quotes are verbatim: one unbroken stretch of the source, with the lines it stands on."""

from __future__ import annotations

import random
from functools import cache

from policybot.answer.wording.cite import Evidence, make_citation, meaning_variants, pieces, quote_span
from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.text import squash


@cache
def corpus() -> Corpus:
    return load_corpus()


def test_every_quote_stands_on_the_lines_it_names() -> None:
    chance = random.Random(7)
    clauses = [c for c in corpus().clauses.values() if c.text.text.strip()]
    for clause in chance.sample(clauses, 300):
        size = len(clause.text.text)
        start = chance.randrange(size)
        evidence = Evidence(clause.id, start, min(size, start + chance.randrange(1, 400)))
        if not pieces(corpus(), clause.text, evidence.start, evidence.end):
            continue
        citation = make_citation(corpus(), evidence, 1)
        lines = corpus().sources[citation.source].lines(citation.line_start, citation.line_end)
        assert squash(citation.quote) in squash(lines), clause.id
        assert citation.quote.strip() == citation.quote


def test_a_quote_holds_its_focus_when_the_source_is_broken_there() -> None:
    broken = [
        (c, parts)
        for c in corpus().clauses.values()
        if len(parts := pieces(corpus(), c.text, 0, len(c.text))) > 1
    ]
    assert broken
    for clause, parts in broken[:80]:
        for low, high in parts:
            start, end = quote_span(corpus(), Evidence(clause.id, 0, len(clause.text), (low, high)))
            assert start < high and low < end


def test_a_long_clause_is_quoted_in_part() -> None:
    longest = max(corpus().clauses.values(), key=lambda c: len(c.text.text))
    citation = make_citation(corpus(), Evidence(longest.id, 0, len(longest.text)), 1)
    assert len(citation.quote) <= 700


def test_readings_that_change_the_meaning_come_with_the_quote() -> None:
    touched = [i for i, found in corpus().variants.items() if any(v.meaning for v in found)]
    assert touched
    clause = corpus().clauses[touched[0]]
    found = list(meaning_variants(corpus(), [Evidence(clause.id, 0, len(clause.text))]))
    assert found and all(v.meaning for _, v in found)
