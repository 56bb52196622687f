"""One small change of a right answer is always caught, and any text can be checked."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.answer.checks.check import check_answer
from policybot.answer.checks.enforce import enforce
from policybot.answer.checks.text import find_marks
from policybot.answer.model import Answer
from tests.answer.checks.checked import (
    RIGHT,
    corpus,
    kinds,
    make,
)


@pytest.mark.parametrize("name", RIGHT)
def test_a_changed_character_of_a_quote_is_caught(name: str) -> None:
    answer = RIGHT[name]()
    citation = answer.citations[0]
    for at, char in enumerate(citation.quote):
        if char.isspace():
            continue
        for new in ("某", ""):
            quote = citation.quote[:at] + new + citation.quote[at + 1 :]
            if not new and at in (0, len(citation.quote) - 1):
                continue  # a shorter quote is still verbatim
            if not new and char in (citation.quote[at - 1], citation.quote[at + 1]):
                continue
            wrong = replace(answer, citations=[replace(citation, quote=quote), *answer.citations[1:]])
            assert "quote" in kinds(check_answer(wrong, corpus())), quote


@pytest.mark.parametrize("name", RIGHT)
def test_a_changed_digit_of_an_answer_is_caught(name: str) -> None:
    answer = RIGHT[name]()
    marks = [(mark.start, mark.end) for mark in find_marks(answer.answer)]
    for at, char in enumerate(answer.answer):
        if not char.isdigit() or any(low <= at < high for low, high in marks):
            continue
        for new in "0123456789":
            if new == char:
                continue
            text = answer.answer[:at] + new + answer.answer[at + 1 :]
            assert not check_answer(replace(answer, answer=text), corpus()).ok, text


@pytest.mark.parametrize("name", RIGHT)
def test_a_missing_or_changed_mark_is_caught(name: str) -> None:
    answer = RIGHT[name]()
    for mark in find_marks(answer.answer):
        for new in ("", "[9]"):
            text = answer.answer[: mark.start] + new + answer.answer[mark.end :]
            assert not check_answer(replace(answer, answer=text), corpus()).ok, text


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(RIGHT)), st.randoms(use_true_random=False))
def test_random_mutations_never_get_through_unnoticed(name: str, chance: random.Random) -> None:
    """Whatever is done to an answer, what `enforce` returns passes the check."""
    answer = RIGHT[name]()
    for _ in range(chance.randint(1, 4)):
        answer = mutate(answer, chance)
    checked = enforce(answer, corpus())
    again = check_answer(checked, corpus())
    if checked.status == "not_found" and not checked.citations:
        assert checked.answer and (checked.warnings or checked is answer)
        return
    assert again.ok, [issue.message("en") for issue in again.issues]


def mutate(answer: Answer, chance: random.Random) -> Answer:
    """One random change of the text, a citation or a result."""
    text = answer.answer
    where = chance.randrange(len(text) + 1)
    choice = chance.randrange(6)
    if choice == 0:
        return replace(answer, answer=text[:where] + chance.choice("0123456789[]“”。%亿 \n年") + text[where:])
    if choice == 1:
        return replace(answer, answer=text[:where] + text[where + chance.randint(1, 5) :])
    if choice == 2 and answer.citations:
        at = chance.randrange(len(answer.citations))
        citation = answer.citations[at]
        spot = chance.randrange(len(citation.quote) + 1)
        fields: dict[str, object] = chance.choice(
            [
                {"quote": citation.quote[:spot] + chance.choice("0碳“") + citation.quote[spot:]},
                {"quote": citation.quote[:spot]},
                {"line_start": citation.line_start + chance.randint(-3, 3)},
                {"line_end": citation.line_end + chance.randint(-3, 3)},
                {"n": chance.randint(0, 4)},
            ]
        )
        citations = list(answer.citations)
        citations[at] = replace(citation, **fields)  # type: ignore[arg-type]
        return replace(answer, citations=citations)
    if choice == 3 and answer.results:
        return replace(
            answer, results=[replace(answer.results[0], value=chance.choice([50, 12, 7.5, "十二", None]))]
        )
    if choice == 4 and answer.citations:
        return replace(answer, citations=answer.citations[:-1])
    return replace(
        answer,
        answer=text + chance.choice(["另外还有3亿吨。", " See Article 77.", "“随便写的原文”[1]。", "[3]"]),
    )


@given(st.text(max_size=120), st.text(max_size=40))
@settings(deadline=None)
def test_any_text_can_be_checked(text: str, question: str) -> None:
    answer = make(text, [], question=question)
    checked = enforce(answer, corpus())
    assert checked.answer.strip() or not text.strip()
