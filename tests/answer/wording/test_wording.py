"""The words of answers: data in both languages, marks at the end, optional parts."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from policybot.answer.confidence.scale import load_confidence
from policybot.answer.confidence.standing import load_priors
from policybot.answer.question.asks import _patterns
from policybot.answer.question.understand import load_general
from policybot.answer.statements.yesno import markers
from policybot.answer.wording.compose import end_sentence, fill, wordings
from policybot.errors import CorpusError


def slots(text: str) -> set[str]:
    return {
        name for _, name, _, _ in string.Formatter().parse(text.replace("[[", "").replace("]]", "")) if name
    }


def test_both_languages_have_the_same_wordings() -> None:
    chinese, english = wordings()["zh"], wordings()["en"]
    assert set(chinese) == set(english)
    for key in chinese:
        assert slots(chinese[key]) - slots(english[key]) <= {"count", "items"}, key


def test_marks_stand_before_the_stop() -> None:
    assert fill("value_plain", {"value": "65%", "marks": "[1]"}, "zh") == "65%[1]。"
    assert fill("value_plain", {"value": "65%", "marks": "[1]"}, "en") == "65% [1]."


def test_an_empty_slot_takes_its_brackets_along() -> None:
    with_note = fill("value", {"value": "65%", "note": "到2030年", "sentence": "甲。"}, "zh")
    assert with_note == "65%（到2030年）。甲。"
    assert fill("value", {"value": "65%", "note": "", "sentence": "甲。"}, "zh") == "65%。甲。"


@pytest.mark.parametrize(("text", "ended"), [("甲", "甲。"), ("甲；", "甲。"), ("甲。", "甲。"), ("", "")])
def test_a_sentence_gets_one_stop(text: str, ended: str) -> None:
    assert end_sentence(text, "zh") == ended


@pytest.mark.parametrize("load", [wordings, load_confidence, load_priors, load_general, markers, _patterns])
@pytest.mark.parametrize("content", ["not toml [", "[strange]\nx = 1\n", ""])
def test_a_broken_data_file_is_named(load: object, content: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        load(file)  # type: ignore[operator]
    assert "broken.toml" in str(caught.value)
