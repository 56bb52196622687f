"""SQuAD 1.1 and 2.0 (also CMRC, DRCD, XQuAD …): data → paragraphs → qas with verbatim answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from policybot.evaluation.outside import (
    OutsideError,
    OutsidePassage,
    OutsideQuestion,
    OutsideSet,
    checksum,
    read_bytes,
    read_json,
    read_text,
    the_one,
)


def read_squad(path: Path, name: str = "") -> OutsideSet:
    """A set in SQuAD's format; equal contexts are one passage.

    Raises:
        OutsideError: not this format; names the place as a path in the file (data[0].paragraphs[2]).
    """
    file = the_one(path, "*.json", name) if path.is_dir() else path
    raw = read_bytes(file)
    data = read_json(file, read_text(file, raw))
    passages: dict[tuple[str, str], OutsidePassage] = {}
    questions: dict[str, OutsideQuestion] = {}
    for a, article in enumerate(_items(file, data, "data", "")):
        title = article.get("title", "")
        title = title.replace("_", " ") if isinstance(title, str) else ""
        for p, paragraph in enumerate(_items(file, article, "paragraphs", f"data[{a}]")):
            place = f"data[{a}].paragraphs[{p}]"
            context = _text(file, paragraph, "context", place)
            passage = passages.setdefault(
                (title, context), OutsidePassage(f"p{len(passages) + 1}", title, context)
            )
            for q, entry in enumerate(_items(file, paragraph, "qas", place)):
                question = _question(file, entry, passage.id, f"{place}.qas[{q}]")
                if question.id in questions:
                    raise _wrong(file, f"the id {question.id!r} occurs twice", f"标识“{question.id}”出现两次")
                questions[question.id] = question
    if not questions:
        raise _wrong(file, "there is no question in it", "其中没有问题")
    return OutsideSet(file.stem, checksum([raw]), tuple(passages.values()), tuple(questions.values()))


def _question(file: Path, entry: dict[str, Any], passage: str, place: str) -> OutsideQuestion:
    text = _text(file, entry, "question", place)
    identity = entry.get("id")
    if not isinstance(identity, str | int) or isinstance(identity, bool) or identity == "":
        raise _wrong(file, f"{place} has no id", f"{place} 缺少标识（id）")
    impossible = entry.get("is_impossible", False)
    if not isinstance(impossible, bool):
        path = f"{place}.is_impossible"
        raise _wrong(file, f"{path} is not true or false", f"{path} 不是 true 或 false")
    if impossible:
        return OutsideQuestion(str(identity), text, {}, ())
    answers = [_text(file, a, "text", f"{place}.answers") for a in _items(file, entry, "answers", place)]
    if not answers:
        raise _wrong(
            file,
            f"{place} has neither an answer nor is_impossible",
            f"{place} 既没有答案，也没有标明 is_impossible",
        )
    return OutsideQuestion(str(identity), text, {passage: 1}, tuple(dict.fromkeys(answers)))


def _items(file: Path, holder: Any, key: str, place: str) -> list[dict[str, Any]]:
    found = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        path = f"{place}.{key}".lstrip(".")
        raise _wrong(file, f"{path} is not a list of objects", f"{path} 不是对象列表")
    return found


def _text(file: Path, holder: dict[str, Any], key: str, place: str) -> str:
    found = holder.get(key)
    if not isinstance(found, str) or not found.strip():
        raise _wrong(file, f"{place}.{key} is not text, or blank", f"{place}.{key} 不是文本或为空")
    return found


def _wrong(file: Path, why: str, why_zh: str) -> OutsideError:
    return OutsideError(file.name, why, why_zh)
