"""Annotations beside the corpus: per clause an English gist, titles, topics and likely questions.

`annotations/<document>.jsonl`, one JSON object a line: ``clause`` (id), ``hash`` (of the clause's text),
``title_zh``, ``title_en``, ``gist_en`` (unofficial: only the clause itself is ever cited), ``tags`` (of
`annotations/tags.txt`), ``questions_zh``, ``questions_en``, and where there are any ``pairs``: further
questions, each as [Chinese, English], with ``answers``: for each of them the numbers, from 1, of the clause's
sentences that answer it; and ``unanswered``: such pairs about the clause's subject that no
document answers, so that questions of that kind are told from others; and ``english``, a translation of each
of the clause's sentences (unofficial, as the gist). ``annotations/unanswered.csv``
(``zh``, ``en``) holds those about neighbouring subjects, which belong to no clause, and
``annotations/phrases.csv`` the English of headings, table cells and list items. An annotation whose hash
no longer fits its clause is stale and left out, so that a changed clause is never described by old words.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from policybot.corpus.model import Annotation, Clause
from policybot.errors import CorpusError
from policybot.text import sentence_spans, squash

FOLDER = "annotations"
TAGS = "tags.txt"
UNANSWERED = "unanswered.csv"
PHRASES = "phrases.csv"
_TEXTS = ("clause", "hash", "title_zh", "title_en", "gist_en")
_LISTS = ("tags", "questions_zh", "questions_en")
_PAIRS = ("pairs", "unanswered")


@dataclass(frozen=True)
class Loaded:
    """Annotations that fit, by clause id; clauses whose annotation is stale; ids that name no clause; the
    questions of `UNANSWERED`, and the English of `PHRASES`; clauses whose
    translation has not as many sentences as they have, which is left out."""

    annotations: dict[str, Annotation]
    stale: tuple[str, ...]
    unknown: tuple[str, ...]
    unanswered: tuple[tuple[str, str], ...] = ()
    phrases: Mapping[str, str] = field(default_factory=dict)
    uneven: tuple[str, ...] = ()


def clause_hash(clause: Clause) -> str:
    """The hash an annotation of the clause carries: of its text without white space."""
    return hashlib.sha256(squash(clause.text.text).encode()).hexdigest()[:16]


def clause_sentences(clause: Clause) -> list[tuple[int, int]]:
    """(start, end) of a clause's sentences in its text, without white space around them; never empty ones."""
    text, found = clause.text.text, []
    for start, end in sentence_spans(text):
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        if bare := piece.strip():
            found.append((start, start + len(bare)))
    return found


def wants_annotation(clause: Clause) -> bool:
    """Whether a clause gets an annotation of its own; rows and items of table cells share their table's."""
    return clause.kind != "row" and not (clause.table and clause.kind == "list-item")


def load_annotations(root: Path, clauses: Mapping[str, Clause], documents: Iterable[str]) -> Loaded:
    """Reads and checks the annotations of the documents; a missing file means none.

    Raises:
        CorpusError: a malformed line, a missing field, an unknown tag, a clause annotated twice; names
            file and line.
    """
    folder = root / FOLDER
    if not folder.is_dir():
        return Loaded({}, (), ())
    tags = read_tags(root)
    found: dict[str, Annotation] = {}
    stale: list[str] = []
    uneven: list[str] = []
    unknown: list[str] = []
    for document in documents:
        path = folder / f"{document}.jsonl"
        if not path.is_file():
            continue
        for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not text.strip():
                continue
            annotation, digest = _parse(path, number, text, tags)
            clause = clauses.get(annotation.clause)
            if annotation.clause in found:
                raise _bad(path, number, f"{annotation.clause} is annotated twice")
            if clause is None:
                unknown.append(annotation.clause)
            elif clause_hash(clause) != digest:
                stale.append(annotation.clause)
            elif annotation.english and len(annotation.english) != len(clause_sentences(clause)):
                # Its text is cut otherwise now.
                found[annotation.clause] = replace(annotation, english=(), answers=())
                uneven.append(annotation.clause)
            elif any(n > len(clause_sentences(clause)) for ns in annotation.answers for n in ns):
                raise _bad(path, number, "'answers' names a sentence that the clause does not have")
            else:
                found[annotation.clause] = annotation
    aside, phrases = (_read_rows(folder / name) for name in (UNANSWERED, PHRASES))
    return Loaded(found, tuple(stale), tuple(unknown), aside, dict(phrases), tuple(uneven))


def read_tags(root: Path) -> frozenset[str]:
    """The tags that annotations of the corpus below `root` may carry.

    Raises:
        CorpusError: the list cannot be read.
    """
    path = root / FOLDER / TAGS
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise CorpusError(
            f"The list of tags {path.name} cannot be read ({error.strerror}).",
            "Restore it from the repository.",
            what_zh=f"无法读取标签列表 {path.name}（{error.strerror}）。",
            hint_zh="请从代码库恢复该文件。",
        ) from error
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _read_rows(path: Path) -> tuple[tuple[str, str], ...]:
    if not path.is_file():
        return ()
    found: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            chinese, english = (row.get("zh") or "").strip(), (row.get("en") or "").strip()
            if not (chinese and english) or chinese in found:
                raise _bad(path, len(found) + 2, "it must hold something new, as zh and en")
            found[chinese] = english
    return tuple(found.items())


def _parse(path: Path, number: int, text: str, tags: frozenset[str]) -> tuple[Annotation, str]:
    try:
        entry: Any = json.loads(text)
    except ValueError as error:
        raise _bad(path, number, str(error)) from error
    if not isinstance(entry, dict):
        raise _bad(path, number, "it is not a JSON object")
    for key in _TEXTS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise _bad(path, number, f"the text field {key!r} is missing")
    for key in _LISTS:
        value = entry.get(key)
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise _bad(path, number, f"{key!r} must be a list of texts")
        if len(set(value)) != len(value):
            raise _bad(path, number, f"{key!r} holds a text twice")
    for key in _PAIRS:
        pairs = entry.get(key, [])
        if not isinstance(pairs, list) or not all(
            isinstance(p, list) and len(p) == 2 and all(isinstance(v, str) and v.strip() for v in p)
            for p in pairs
        ):
            raise _bad(path, number, f"{key!r} must be a list of [Chinese, English]")
    answers = entry.get("answers", [])
    if not isinstance(answers, list) or not all(
        isinstance(ns, list) and all(type(n) is int and n > 0 for n in ns) for ns in answers
    ):
        raise _bad(path, number, "'answers' must be a list of lists of numbers")
    if answers and len(answers) != len(entry.get("pairs", [])):
        raise _bad(path, number, "'answers' must have a list for each of 'pairs'")
    english = entry.get("english", [])
    if not isinstance(english, list) or not all(isinstance(v, str) and v.strip() for v in english):
        raise _bad(path, number, "'english' must be a list of texts")
    strange = sorted(set(entry["tags"]) - tags)
    if strange:
        raise _bad(path, number, f"the tag {strange[0]!r} is not in {TAGS}")
    return (
        Annotation(
            entry["clause"],
            entry["title_zh"],
            entry["title_en"],
            entry["gist_en"],
            tuple(entry["tags"]),
            tuple(entry["questions_zh"]),
            tuple(entry["questions_en"]),
            tuple((zh, en) for zh, en in entry.get("pairs", [])),
            tuple((zh, en) for zh, en in entry.get("unanswered", [])),
            tuple(english),
            tuple(map(tuple, answers)),
        ),
        entry["hash"],
    )


def _bad(path: Path, number: int, why: str) -> CorpusError:
    return CorpusError(
        f"{FOLDER}/{path.name}, line {number}: {why}.",
        "Correct that line or restore the file.",
        what_zh=f"{FOLDER}/{path.name} 第 {number} 行有误：{why}。",
        hint_zh="请改正该行，或恢复该文件。",
    )
