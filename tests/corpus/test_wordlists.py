"""Word lists: what is wrong in one is said with file and line; the shipped ones are in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from policybot.corpus.wordlists import (
    TERM_KINDS,
    Terms,
    name_ending,
    obligation_terms,
    opposites,
    read_table,
    reasons,
    spellings,
    unit_terms,
)
from policybot.errors import CorpusError

COLUMNS = {"term": None, "kind": frozenset({"duty", "plain"})}


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("term,sort\n应当,duty\n", 1, "columns"),
        ("term,kind\n应当,duty\n必须,dutty\n", 3, "dutty"),
        ("term,kind\n应当,duty\n,duty\n", 3, "blank"),
        ("term,kind\n应当\n", 2, "fields"),
        ("term,kind\n应当,duty,x\n", 2, "fields"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, text: str, line: int, why: str) -> None:
    file = tmp_path / "words.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=f"line {line}") as caught:
        read_table(file, COLUMNS)
    assert str(file) in caught.value.what and why in caught.value.what and str(line) in caught.value.what_zh


def test_a_missing_or_foreign_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"gone\.csv"):
        read_table(tmp_path / "gone.csv", COLUMNS)
    (tmp_path / "gbk.csv").write_bytes("term,kind\n应当,duty\n".encode("gbk"))
    with pytest.raises(CorpusError, match=r"gbk\.csv"):
        read_table(tmp_path / "gbk.csv", COLUMNS)


def test_a_longer_word_hides_a_shorter_one() -> None:
    terms = Terms.of({"应": "duty", "供应": "plain", "不低于": "bound", "不": "negation"})
    assert [kind for _, _, kind in terms.found("供应应不低于")] == ["plain", "duty", "bound"]


def test_the_shipped_lists_fit_together() -> None:
    assert set(obligation_terms().kinds.values()) == TERM_KINDS
    assert TERM_KINDS - {"plain"} <= set(reasons())
    assert set(unit_terms().kinds.values()) == {"unit", "measure"}
    assert all((b, a) in opposites() for a, b in opposites())
    assert {kind for _, _, kind in spellings()} <= set(reasons())
    assert name_ending().search("碳达峰十大行动。") and not name_ending().search("行动起来")
