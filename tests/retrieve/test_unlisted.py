"""Words that no list knows: cut where the documents' words end; English asking words kept for the search."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policybot.corpus.loader import load_corpus
from policybot.retrieve.analysis import Knowledge, analyse
from policybot.retrieve.terms import Concept, Wording
from policybot.retrieve.unlisted import asking_words, pieces, with_pieces


def unknown(text: str) -> Concept:
    return Concept(text, 3, 3 + len(text), (Wording(text, 1.0),), "term", False)


def test_an_unknown_run_is_cut_into_the_documents_words() -> None:
    known = {"石狮", "狮子", "石狮子", "原来"}
    assert [c.asked for c in pieces(unknown("石狮子原来"), known.__contains__)] == ["石狮子", "原来"]
    assert [c.asked for c in pieces(unknown("火星石狮子"), known.__contains__)] == ["火星", "石狮子"]


def test_what_is_known_or_wholly_unknown_stays_whole() -> None:
    for text, known in (("石狮子", {"石狮子"}), ("火星基地", set[str]()), ("abc石", {"石"})):
        assert pieces(unknown(text), known.__contains__) == [unknown(text)]
    listed = Concept("石狮子原来", 0, 5, (Wording("石狮子原来", 1.0),))
    assert pieces(listed, {"石狮子"}.__contains__) == [listed]


@given(st.text("石狮子原来火星基", max_size=12), st.sets(st.text("石狮子原来火星基", min_size=2, max_size=4)))
def test_pieces_stand_where_they_say_in_order(text: str, known: set[str]) -> None:
    at = 3
    for piece in pieces(unknown(text), known.__contains__):
        assert piece.start >= at
        assert text[piece.start - 3 : piece.end - 3] == piece.asked == piece.wordings[0].text
        at = piece.end


def test_asking_words_are_those_of_no_concept() -> None:
    knowledge = Knowledge.of(load_corpus())
    analysis = analyse("How much did the council pay for the building?", knowledge)
    words = asking_words(analysis)
    assert "how" in words and "council" not in words and len(words) == len(set(words))
    assert asking_words(analyse("图书馆的主楼是谁设计的？", knowledge)) == []
    assert with_pieces(analysis, lambda word: True) is analysis
