"""What counts as a question, and what a conversation's history may look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.answer.question.clean import MAX_CHARACTERS, clean_history, clean_question
from policybot.errors import PolicybotError


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "   \n\t ",
        "\u200b\u2060",
        "？？!!",
        "森" * (MAX_CHARACTERS + 1),
        "森林\x00覆盖率",
        "\ufffd\ufffd",
        7,
        None,
        b"x",
    ],
)
def test_what_is_no_question_is_refused_in_both_languages(bad: object) -> None:
    with pytest.raises(PolicybotError) as caught:
        clean_question(bad)
    assert caught.value.what and caught.value.what_zh
    assert caught.value.hint and caught.value.hint_zh


def test_a_question_of_the_greatest_length_is_taken() -> None:
    assert len(clean_question("森" * MAX_CHARACTERS)) == MAX_CHARACTERS


def test_blanks_and_invisible_marks_are_cleaned() -> None:
    assert clean_question("  森林\u200b覆盖率 \n 2025年？ ") == "森林覆盖率 2025年？"


@given(st.text(max_size=200))
def test_a_question_is_cleaned_or_refused_and_never_crashes(text: str) -> None:
    try:
        cleaned = clean_question(text)
    except PolicybotError:
        return
    assert cleaned == clean_question(cleaned)
    assert cleaned.strip() == cleaned and "\n" not in cleaned


def test_history_takes_both_forms_and_only_what_the_person_said() -> None:
    turns = [
        {"question": "森林覆盖率2025年目标？", "answer": "24.1%"},
        {"role": "user", "content": "那2030年呢？"},
        {"role": "assistant", "content": "25%左右"},
    ]
    assert clean_history(turns) == ("森林覆盖率2025年目标？", "那2030年呢？")
    assert clean_history(None) == ()


def test_a_turn_in_another_form_is_refused() -> None:
    with pytest.raises(PolicybotError):
        clean_history([{"text": "hello"}])
