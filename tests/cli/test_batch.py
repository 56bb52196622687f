"""Batches: one answer a line, in order, whatever a line holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policybot.answer.model import Answer
from policybot.cli.batch import History, answers, open_lines
from policybot.errors import PolicybotError


def echo(question: str, history: History) -> Answer:
    if question == "bad":
        raise PolicybotError("No.", "Try again.", what_zh="不行。", hint_zh="再试。")
    if question == "crash":
        raise RuntimeError("boom")
    return Answer(None, question, "en", "answered", f"{question}/{len(history)}")


def run(*lines: object, language: str = "en") -> list[Answer]:
    raw = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in lines]
    return list(answers(raw, echo, language))


def test_answers_keep_order_and_ids() -> None:
    got = run({"id": "a", "question": "one"}, {"id": 2, "question": "two"}, {"question": "three"})
    assert [(a.id, a.answer) for a in got] == [("a", "one/0"), (2, "two/0"), (None, "three/0")]


def test_history_is_handed_on() -> None:
    assert run({"question": "q", "history": [{"question": "p"}]})[0].answer == "q/1"
    assert run({"question": "q", "history": None})[0].answer == "q/0"


def test_blank_lines_are_passed_over_and_a_byte_order_mark_is_taken_off() -> None:
    got = run(b"\n", b"   \n", b'\xef\xbb\xbf{"question": "one"}\n', b"")
    assert [a.answer for a in got] == ["one/0"]


@pytest.mark.parametrize(
    ("line", "identity", "part"),
    [
        (b"not json", None, "Line 2 of the batch cannot be used: it is not JSON"),
        (b"[1]", None, "not a JSON object"),
        (b'{"id": "x"}', "x", 'no "question"'),
        (b'{"id": 7, "question": 3}', 7, "not text"),
        (b'{"id": "x", "question": "q", "history": "h"}', "x", '"history" is not a list'),
        (b"\xff\xfe", None, "not UTF-8"),
        (b'{"id": "x", "question": "bad"}', "x", "No. Try again."),
        (b'{"id": "x", "question": "crash"}', "x", "RuntimeError: boom"),
        (b'{"id": [1], "question": null}', "[1]", "not text"),
        (b"[" * 100_000, None, "not JSON"),
    ],
)
def test_a_line_that_cannot_be_used_does_not_end_the_run(
    line: bytes, identity: str | int | None, part: str
) -> None:
    first, second, third = run({"question": "one"}, line, {"question": "two"})
    assert (first.status, third.answer) == ("answered", "two/0")
    assert second.status == "error"
    assert second.id == identity
    assert part in second.answer


def test_errors_speak_the_language_of_the_question_or_of_the_run() -> None:
    assert run({"question": 3}, language="zh")[0].answer.startswith("批量文件第 1 行")
    assert run({"question": "目标", "history": 3})[0].language == "zh"


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PolicybotError, match="cannot be read"), open_lines(str(tmp_path / "none")):
        pass
    with pytest.raises(PolicybotError, match="cannot be read"), open_lines(str(tmp_path)):
        pass


def test_a_file_is_read_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_bytes(b'{"question": "one"}\r\n{"question": "two"}')
    with open_lines(str(file)) as lines:
        assert [a.answer for a in answers(lines, echo, "en")] == ["one/0", "two/0"]
