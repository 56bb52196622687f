"""Question sets by name or path, several at once, and the part of their questions that is asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policybot.errors import PolicybotError
from policybot.evaluation.qaset import LANGUAGES, TYPES, Question, QuestionSetError, load_questions
from policybot.home import checkout_root

FILTERS = ("type", "language", "document", "answerable", "id", "set")
_HELD_OUT = "test"  # sets shipped under names that begin so are not to be tuned on


@dataclass(frozen=True)
class Item:
    """One question: the name of its set, the line as it stands there, and the line as read."""

    set: str
    record: dict[str, Any]
    question: Question


@dataclass(frozen=True)
class QASet:
    """One or several question sets. `name` joins theirs by "+"; `sha256` is of their bytes, in order."""

    name: str
    sha256: str
    items: tuple[Item, ...]
    held_out: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the sets."""
        return tuple(self.name.split("+"))


def shipped_folder() -> Path | None:
    """Where the sets of the checkout lie, None when policybot is installed away from one."""
    root = checkout_root()
    folder = root / "evals" if root else None
    return folder if folder is not None and folder.is_dir() else None


def shipped_names() -> list[str]:
    """Names of the sets in the checkout."""
    folder = shipped_folder()
    return sorted(f.stem for f in folder.glob("*.jsonl")) if folder else []


def find_set(name: str) -> Path:
    """The file of a set: a path, or the name of a set in the checkout.

    Raises:
        PolicybotError: there is no such file.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path
    folder = shipped_folder()
    if folder is not None and name in shipped_names():
        return folder / f"{name}.jsonl"
    names = ", ".join(shipped_names())
    raise PolicybotError(
        f"There is no question set “{name}”" + (f"; in the checkout are: {names}." if names else "."),
        "Name a JSONL file, one question a line.",
        what_zh=f"没有名为“{name}”的问题集" + (f"，代码库中有：{names}。" if names else "。"),
        hint_zh="请指定每行一个问题的 JSONL 文件。",
    )


def is_held_out(file: Path) -> bool:
    """Whether a file is one of the checkout's held-out sets."""
    folder = shipped_folder()
    return (
        folder is not None and file.name.startswith(_HELD_OUT) and file.resolve().parent == folder.resolve()
    )


def load_sets(names: Sequence[str]) -> QASet:
    """The sets together, in order.

    Raises:
        PolicybotError: no such set, a bad line, or an id that stands in two of the sets.
    """
    files = [find_set(name) for name in dict.fromkeys(names)]
    digest = hashlib.sha256()
    items: list[Item] = []
    seen: dict[str, str] = {}
    for file in files:
        questions = load_questions(file)
        raw = file.read_bytes()
        digest.update(raw)
        lines = [line for line in raw.decode("utf-8-sig").split("\n") if line.strip()]
        for line, question in zip(lines, questions, strict=True):
            if question.id in seen:
                raise QuestionSetError(
                    file,
                    0,
                    f'the id "{question.id}" stands in the set {seen[question.id]} too',
                    f"标识“{question.id}”在问题集 {seen[question.id]} 中也有",
                )
            seen[question.id] = file.stem
            items.append(Item(file.stem, json.loads(line), question))
        if not questions:
            raise QuestionSetError(file, 0, "it has no question", "其中没有问题")
    held_out = any(is_held_out(file) for file in files)
    return QASet("+".join(file.stem for file in files), digest.hexdigest(), tuple(items), held_out)


def parse_filters(given: Iterable[str]) -> dict[str, list[str]]:
    """`["type=list", "type=table", "language=zh"]` → {"language": ["zh"], "type": ["list", "table"]}.

    Raises:
        PolicybotError: no "=", an unknown field, or a value that no question can have.
    """
    found: dict[str, set[str]] = {}
    allowed = {"type": TYPES, "language": LANGUAGES, "answerable": ("true", "false")}
    for one in given:
        name, sign, value = (part.strip() for part in one.partition("="))
        if not sign or not value or name not in FILTERS:
            fields = ", ".join(FILTERS)
            raise PolicybotError(
                f"The filter “{one}” cannot be used.",
                f"Write FIELD=VALUE with one of {fields}.",
                what_zh=f"筛选条件“{one}”无法使用。",
                hint_zh=f"请写成 字段=值，字段为 {fields} 之一。",
            )
        if name in allowed and value not in allowed[name]:
            choice = ", ".join(allowed[name])
            raise PolicybotError(
                f"The filter “{one}” fits no question.",
                f"“{name}” is one of {choice}.",
                what_zh=f"没有问题符合筛选条件“{one}”。",
                hint_zh=f"“{name}”只能是 {choice} 之一。",
            )
        found.setdefault(name, set()).add(value)
    return {name: sorted(values) for name, values in sorted(found.items())}


def select(
    items: Sequence[Item],
    filters: Mapping[str, Sequence[str]],
    documents: Mapping[str, Sequence[str]],
) -> list[Item]:
    """The items that fit every filter; values of one field are alternatives.

    Args:
        documents: question id → ids of the documents that hold its gold.

    Raises:
        PolicybotError: no question is left.
    """
    kept = [i for i in items if all(_fits(i, n, v, documents) for n, v in filters.items())]
    if not kept:
        raise PolicybotError(
            "No question of the set fits the filters.",
            "Leave one of them out.",
            what_zh="问题集中没有符合筛选条件的问题。",
            hint_zh="请去掉其中一个条件。",
        )
    return kept


def _fits(item: Item, name: str, values: Sequence[str], documents: Mapping[str, Sequence[str]]) -> bool:
    question = item.question
    if name == "document":
        return not set(values).isdisjoint(documents.get(question.id, ()))
    if name == "set":
        return bool({item.set, question.set} & set(values))
    if name == "answerable":
        return str(question.answerable).lower() in values
    return getattr(question, name) in values
