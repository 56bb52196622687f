"""Patterns compiled on first use: they behave as compiled ones, and scripts leave out none that is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.answer.conversation.dialogue import _patterns as dialogue_patterns
from policybot.answer.question.asks import _patterns, read_asks
from policybot.answer.question.operations import load_operations
from policybot.answer.tables.reading.columns import load_columns
from policybot.errors import CorpusError
from policybot.evaluation.qaset import load_questions
from policybot.facts.units import load_units
from policybot.patterns import check_patterns, lazy_pattern, scripts_of
from policybot.retrieve.questions import load_rules
from policybot.text import fold

EVALS = Path(__file__).resolve().parents[1] / "evals"


@given(st.text(alphabet="ab12年x", max_size=20))
def test_a_lazy_pattern_finds_what_a_compiled_one_finds(text: str) -> None:
    written = r"(?P<n>[0-9]+)年|x+"
    lazy, compiled = lazy_pattern(written, re.IGNORECASE), re.compile(written, re.IGNORECASE)
    assert [m.span() for m in lazy.finditer(text)] == [m.span() for m in compiled.finditer(text)]
    assert lazy.sub("-", text) == compiled.sub("-", text)
    assert lazy.groupindex == compiled.groupindex and lazy.pattern == written


def test_a_wrong_pattern_is_named_when_it_is_used() -> None:
    wrong = lazy_pattern("(", fault=lambda error: CorpusError("a.toml: (", what_zh="a.toml：("))
    with pytest.raises(CorpusError, match=r"a\.toml"):
        wrong.search("x")
    with pytest.raises(re.error):
        check_patterns([None, lazy_pattern("(")])


def test_all_patterns_of_the_data_files_compile() -> None:
    operations, _ = load_operations()
    check_patterns(p for _, _, p in _patterns())
    check_patterns(p for found in operations.values() for _, p in found)
    check_patterns(p for found in dialogue_patterns().values() for p in found)
    check_patterns(p for n in load_columns() for p in (n.words, n.high, n.low, n.rising, n.falling, n.never))
    check_patterns(u.not_before for units in load_units().values() for u in units)


def test_patterns_of_a_script_that_a_question_lacks_are_not_in_it() -> None:
    """Holds because every zh pattern needs a Chinese character and every en pattern a Latin letter."""
    rules = load_rules()
    operations, _ = load_operations()
    asked = [(script, p) for _, script, p in _patterns()]
    worked = [(script, p) for found in operations.values() for script, p in found]
    typed = [(s, p) for r in (*rules.types, *rules.expects) for s, p in (("zh", r.zh), ("en", r.en)) if p]
    texts = [
        fold(q.question) for name in ("dev", "dev2", "dev3") for q in load_questions(EVALS / f"{name}.jsonl")
    ]
    for text in [*texts, "", "2025?", "100%", "1.5-2.0 / 3", "。，；！", "№ 12"]:
        scripts = scripts_of(text)
        for script, pattern in (*asked, *worked, *typed):
            assert script in scripts or pattern.search(text) is None, (text, pattern.pattern)


def test_scripts() -> None:
    assert scripts_of("2025年gdp") == {"zh", "en"}
    assert scripts_of("2025?") == set()
    assert "max" in read_asks("最高的是哪个城市")
