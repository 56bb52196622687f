"""Every non-blank character of every source is in exactly one place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policybot.corpus import load_corpus
from policybot.corpus.accounting import account
from policybot.corpus.model import Corpus


@pytest.fixture
def corpus() -> Corpus:
    return load_corpus()


def test_all_characters_are_accounted_for(corpus: Corpus) -> None:
    result = account(corpus)
    assert result.complete
    assert result.accounted == result.total == sum(result.by_place.values())
    assert result.total == sum(len("".join(s.text.split())) for s in corpus.sources.values())


def test_leftovers_are_declared_kinds(corpus: Corpus) -> None:
    result = account(corpus)
    kinds = {kind for kind, *_ in result.leftovers}
    assert kinds == {"contents", "caption", "imprint", "advertisement"}
    assert not any("。" in text for kind, _, _, text in result.leftovers if kind == "caption")


def test_a_lost_clause_is_found(corpus: Corpus) -> None:
    lost = corpus.clauses.pop("kyoto-protocol/第三条/7")
    result = account(corpus)
    assert not result.complete
    assert result.total - result.accounted == len("".join(lost.text.text.split()))


def test_text_counted_twice_is_found(corpus: Corpus) -> None:
    clause = corpus.clauses["opinions-2021/三/（三）"]
    corpus.clauses["opinions-2021/again"] = replace(clause, id="opinions-2021/again")
    assert account(corpus).twice
