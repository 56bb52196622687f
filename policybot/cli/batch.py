"""Many questions: one JSON object a line in, one answer a line out, in order, whatever a line holds."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from policybot.answer.model import Answer
from policybot.cli.messages import say
from policybot.errors import PolicybotError
from policybot.text import language_of

History = list[dict[str, object]]
Ask = Callable[[str, History], Answer]


def answers(lines: Iterable[bytes], ask: Ask, language: str) -> Iterator[Answer]:
    """One answer for each line that is not blank; a line that cannot be used gives a status "error"."""
    for number, raw in enumerate(lines, 1):
        if raw.strip():
            yield _answer(raw, number, ask, language)


@contextmanager
def open_lines(name: str) -> Iterator[BinaryIO]:
    """The lines of a file, or of standard input for "-".

    Raises:
        PolicybotError: there is no such file, or it cannot be read.
    """
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(name).open("rb")  # noqa: SIM115 - closed below; a `with` would catch the body's errors
        stream.peek(1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise PolicybotError(
            f"The file {name} cannot be read ({reason}).",
            'Name a file with one {"id": …, "question": …} on each line.',
            what_zh=f"文件 {name} 无法读取（{reason}）。",
            hint_zh='请指定一个每行一个 {"id": …, "question": …} 的文件。',
        ) from error
    with stream:
        yield stream


def error_answer(identity: str | int | None, question: str, language: str, sentence: str) -> Answer:
    """The answer that stands for a question that could not be asked."""
    return Answer(identity, question, language, "error", sentence)


def _answer(raw: bytes, number: int, ask: Ask, language: str) -> Answer:
    identity: str | int | None = None
    question = ""
    try:
        record = _record(raw, number)
        identity = _identity(record.get("id"))
        given = record.get("question")
        question = given if isinstance(given, str) else ""
        if any(c.isalpha() for c in question):
            language = language_of(question)
        history = record.get("history") or []
        if "question" not in record:
            raise _bad(number, 'it has no "question"', "缺少 “question”")
        if not isinstance(given, str):
            raise _bad(number, '"question" is not text', "“question” 不是文本")
        if not isinstance(history, list):
            raise _bad(number, '"history" is not a list', "“history” 不是列表")
        answer = ask(question, history)
        answer.id = identity
        return answer
    except PolicybotError as error:
        return error_answer(identity, question, language, error.sentence(language))
    except Exception as error:  # one defect must not end the run; the other lines are still answered
        if os.environ.get("POLICYBOT_DEBUG") == "1":
            import traceback

            traceback.print_exception(error)
        name = f"{type(error).__name__}: {error}"[:300]
        return error_answer(identity, question, language, say("internal", language, error=name))


def _record(raw: bytes, number: int) -> dict[str, object]:
    try:
        record = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _bad(number, "it is not UTF-8 text", "不是 UTF-8 文本") from error
    except (ValueError, RecursionError) as error:
        raise _bad(number, f"it is not JSON ({error})", f"不是 JSON（{error}）") from error
    if not isinstance(record, dict):
        raise _bad(number, "it is not a JSON object", "不是 JSON 对象")
    return record


def _identity(value: object) -> str | int | None:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return value
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _bad(number: int, why: str, why_zh: str) -> PolicybotError:
    return PolicybotError(
        f"Line {number} of the batch cannot be used: {why}.",
        'A line reads {"id": …, "question": …}.',
        what_zh=f"批量文件第 {number} 行无法使用：{why_zh}。",
        hint_zh='每行应为 {"id": …, "question": …}。',
    )
