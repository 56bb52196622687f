"""Texts of any kind as a corpus: each passage comes back as one clause, character for character."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.corpus.accounting import account
from policybot.corpus.blocks import Passage, write_corpus
from policybot.text import squash

# Control characters are replaced, see `test_control_characters_are_replaced`.
TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n# 一、1.|《》"), max_size=40
)


def test_numbers_tables_and_markup_stay_as_they_are(tmp_path: Path) -> None:
    texts = [
        "一、办证须知。\n1. 带身份证",
        "| a | b |\n|---|---|",
        "第一条 **押金** 一百元 [1](x)",
        "- point",
    ]
    write_corpus(tmp_path, "notes", "Notes", [Passage("", text) for text in texts])
    corpus = load_corpus(tmp_path)
    assert [clause.text.text for clause in corpus.clauses.values()] == texts
    assert not corpus.tables


def test_a_title_is_the_heading_and_lines_are_the_files(tmp_path: Path) -> None:
    ids = write_corpus(
        tmp_path, "notes", "Notes", [Passage("Harbour", "Two piers.\nOne jetty."), Passage("", "Alone.")]
    )
    corpus = load_corpus(tmp_path)
    first, second = (corpus.clauses[name] for name in ids)
    assert (first.heading, first.text.text) == ("Harbour", "Harbour\nTwo piers.\nOne jetty.")
    assert (first.line_start, first.line_end) == (1, 3)
    source = corpus.sources["corpus/sources/notes.txt"]
    assert source.lines(second.line_start, second.line_end).strip() == "Alone."
    assert account(corpus).complete


def test_control_characters_are_replaced(tmp_path: Path) -> None:
    (name,) = write_corpus(tmp_path, "notes", "a\x1bb", [Passage("t\x00", "one\r\n\r\ntwo\x1b[31m\ud800")])
    assert load_corpus(tmp_path).clauses[name].text.text == "t\ufffd\none\ntwo\ufffd[31m?"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_every_passage_comes_back_whole(pairs: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ids = write_corpus(Path(folder), "notes", '笔记 "x" \\', [Passage(t, body) for t, body in pairs])
        corpus = load_corpus(Path(folder))
    assert list(corpus.clauses) == [name for name in ids if name]
    for (title, body), name in zip(pairs, ids, strict=True):
        assert bool(name) == bool(body.strip())
        if name:
            clause = corpus.clauses[name]
            mark = "" if title.strip() else "#"  # a body that begins with a mark of its own
            assert squash(clause.text.text).endswith(squash(body).removeprefix(mark))
            assert squash(title) in squash(clause.heading)
