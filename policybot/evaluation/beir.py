"""BEIR: corpus.jsonl (_id, title, text), queries.jsonl (_id, text), qrels/*.tsv (query, passage, grade)."""

from __future__ import annotations

from collections.abc import Iterator
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

DEFAULT = "test"


def read_beir(folder: Path, name: str = "") -> OutsideSet:
    """A set in BEIR's format; only queries that have a judgement above 0 are asked.

    Raises:
        OutsideError: a file is missing or a line of it is wrong; names file and line.
    """
    if not folder.is_dir():
        raise OutsideError(
            str(folder),
            "a BEIR set is a folder with corpus.jsonl, queries.jsonl and qrels/",
            "BEIR 数据集应为含 corpus.jsonl、queries.jsonl 和 qrels/ 的文件夹",
        )
    grades = folder / "qrels"
    named = name or (DEFAULT if (grades / f"{DEFAULT}.tsv").is_file() else "")
    files = (folder / "corpus.jsonl", folder / "queries.jsonl", the_one(grades, "*.tsv", named))
    raws = [read_bytes(file) for file in files]
    passages: dict[str, OutsidePassage] = {}
    for number, entry in _lines(files[0], raws[0]):
        identity = _id(files[0], entry, number, passages)
        title = entry.get("title", "")
        passages[identity] = OutsidePassage(
            identity, title if isinstance(title, str) else "", _text(files[0], entry, number)
        )
    queries: dict[str, str] = {}
    for number, entry in _lines(files[1], raws[1]):
        queries[_id(files[1], entry, number, queries)] = _text(files[1], entry, number)
    relevant = _grades(files[2], raws[2], queries, passages)
    questions = tuple(
        OutsideQuestion(identity, text, relevant[identity])
        for identity, text in queries.items()
        if relevant.get(identity) and text.strip()
    )
    if not questions:
        raise OutsideError(
            f"qrels/{files[2].name}", "it judges no passage of any query above 0", "其中没有任何大于 0 的判定"
        )
    return OutsideSet(f"{folder.name}-{files[2].stem}", checksum(raws), tuple(passages.values()), questions)


def _lines(file: Path, raw: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(read_text(file, raw).split("\n"), 1):
        if line.strip():
            entry = read_json(file, line, number)
            if not isinstance(entry, dict):
                raise OutsideError(
                    file.name, f"line {number} is not a JSON object", f"第 {number} 行不是 JSON 对象"
                )
            yield number, entry


def _id(file: Path, entry: dict[str, Any], number: int, seen: dict[str, Any]) -> str:
    identity = entry.get("_id")
    if not isinstance(identity, str | int) or isinstance(identity, bool) or identity == "":
        raise OutsideError(file.name, f"line {number} has no _id", f"第 {number} 行缺少 _id")
    if str(identity) in seen:
        raise OutsideError(
            file.name, f"line {number} repeats the _id {identity!r}", f"第 {number} 行重复了 _id “{identity}”"
        )
    return str(identity)


def _text(file: Path, entry: dict[str, Any], number: int) -> str:
    text = entry.get("text")
    if not isinstance(text, str):
        raise OutsideError(file.name, f"line {number} has no text", f"第 {number} 行缺少 text")
    return text


def _grades(
    file: Path, raw: bytes, queries: dict[str, str], passages: dict[str, OutsidePassage]
) -> dict[str, dict[str, int]]:
    """Query → passage → grade, those above 0."""
    name = f"qrels/{file.name}"
    found: dict[str, dict[str, int]] = {}
    for number, line in enumerate(read_text(file, raw).split("\n"), 1):
        cells = line.strip("\r").split("\t")
        if not line.strip() or (number == 1 and not cells[-1].strip().lstrip("-").isdigit()):
            continue  # the header
        if len(cells) != 3 or not cells[2].strip().lstrip("-").isdecimal():
            raise OutsideError(
                name,
                f"line {number} is not a query, a passage and a whole number with tabs between",
                f"第 {number} 行不是以制表符分隔的查询、段落和整数",
            )
        query, passage, grade = cells[0], cells[1], int(cells[2])
        for what, zh, identity, known in (
            ("query", "查询", query, queries),
            ("passage", "段落", passage, passages),
        ):
            if identity not in known:
                raise OutsideError(
                    name,
                    f"line {number} names the {what} {identity!r}, which is not in the set",
                    f"第 {number} 行的{zh}“{identity}”不在数据集中",
                )
        if grade > 0:
            found.setdefault(query, {})[passage] = grade
    return found
