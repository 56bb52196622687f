"""A corpus as bytes and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.corpus.serialize import dumps, loads
from policybot.errors import IndexingError


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


@pytest.fixture(scope="module")
def data(corpus: Corpus) -> bytes:
    return dumps(corpus)


def test_everything_comes_back(corpus: Corpus, data: bytes) -> None:
    again = loads(data)
    assert again == corpus
    assert dumps(again) == data
    clause = again.clauses["action-plan-2030/三/（四）/3"]
    source = again.sources[clause.text.file]
    start, end = clause.text.source_range()
    assert clause.line_start <= source.line_of(start) <= source.line_of(end - 1) <= clause.line_end


def test_an_empty_corpus_comes_back() -> None:
    empty = Corpus({}, {}, {}, {})
    assert loads(dumps(empty)) == empty


def test_other_fields_are_another_version(data: bytes) -> None:
    body = json.loads(data)
    body["fields"]["Clause"].append("colour")
    with pytest.raises(IndexingError, match="another version"):
        loads(json.dumps(body).encode())


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_damage_never_passes_unnoticed_as_a_crash(data: bytes, draw: st.DataObject) -> None:
    cut = draw.draw(st.integers(0, len(data) - 1))
    with pytest.raises(IndexingError):
        loads(data[:cut])


@given(
    st.sampled_from(
        [b"", b"null", b"[]", b"{}", b"\xff\xfe", b'{"format":1,"fields":{},"files":[],"corpus":[]}']
    )
)
def test_other_content_is_refused(content: bytes) -> None:
    with pytest.raises(IndexingError):
        loads(content)
