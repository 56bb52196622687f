"""Question sets over their own passages: what is read from public formats, whatever they are about.

`read_outside` reads SQuAD (one JSON file) or BEIR (corpus.jsonl, queries.jsonl, qrels/). Every complaint
is one sentence that names the file and the place in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policybot.errors import PolicybotError
from policybot.text import language_of

FORMATS = ("squad", "beir")


@dataclass(frozen=True, slots=True)
class OutsidePassage:
    """A passage with its id in the set and its title ("" for none)."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class OutsideQuestion:
    """A question. `relevant` maps passage ids to grades (1 and more; empty where nobody judged).

    `answers` are verbatim spans, any of which is right; None where the set has no answers, () for a
    question that the passages do not answer.
    """

    id: str
    question: str
    relevant: Mapping[str, int] = field(default_factory=dict)
    answers: tuple[str, ...] | None = None

    @property
    def language(self) -> str:
        """ "zh" or "en"."""
        return language_of(self.question)

    @property
    def answerable(self) -> bool:
        """False only where the set says that the passages do not answer it."""
        return self.answers != ()

    def line(self) -> dict[str, Any]:
        """The question as a line of `results.jsonl`."""
        return {
            "id": self.id,
            "language": self.language,
            "type": "span" if self.answers is not None else "search",
            "question": self.question,
            "answerable": self.answerable,
            "relevant": dict(self.relevant),
            "answers": list(self.answers or ()),
        }


@dataclass(frozen=True)
class OutsideSet:
    """Passages and questions; `name` is the file's or folder's, `sha256` of the bytes read."""

    name: str
    sha256: str
    passages: tuple[OutsidePassage, ...]
    questions: tuple[OutsideQuestion, ...]


class OutsideError(PolicybotError):
    """A set cannot be read: names the file and the place in it."""

    def __init__(self, file: str, why: str, why_zh: str, expects: str = "", expects_zh: str = "") -> None:
        super().__init__(
            f"{file} cannot be used: {why}.",
            expects or "Correct the file, or name the right --format (squad, beir).",
            what_zh=f"无法使用 {file}：{why_zh}。",
            hint_zh=expects_zh or "请改正该文件，或用 --format（squad、beir）指明格式。",
        )


def read_outside(path: Path, form: str, name: str = "") -> OutsideSet:
    """Reads a set.

    Args:
        path: SQuAD: the JSON file, or a folder with one; BEIR: the folder.
        form: "squad" or "beir".
        name: SQuAD: which file of the folder; BEIR: which qrels (default "test", or the only one).

    Raises:
        OutsideError: a file is missing or not of this format.
    """
    from policybot.evaluation.beir import read_beir
    from policybot.evaluation.squad import read_squad

    if form not in FORMATS:
        known = ", ".join(FORMATS)
        raise OutsideError(
            str(path), f"there is no format {form!r}, only {known}", f"没有格式 {form!r}，只有 {known}"
        )
    if not path.exists():
        raise OutsideError(str(path), "there is no such file or folder", "没有这个文件或文件夹")
    return read_squad(path, name) if form == "squad" else read_beir(path, name)


def the_one(folder: Path, pattern: str, name: str) -> Path:
    """The file of a folder that `name` (with or without its ending) means, or the only one.

    Raises:
        OutsideError: none or several fit; lists what is there.
    """
    files = sorted(f for f in folder.glob(pattern) if f.is_file())
    chosen = [f for f in files if name in ("", f.name, f.stem)]
    if len(chosen) == 1:
        return chosen[0]
    listed = ", ".join(f.name for f in files[:8])
    if not files:
        raise OutsideError(str(folder), f"it holds no {pattern}", f"其中没有 {pattern}")
    if name:
        raise OutsideError(
            str(folder), f"it holds no {name!r}, only {listed}", f"其中没有“{name}”，只有 {listed}"
        )
    raise OutsideError(
        str(folder),
        f"it holds several sets ({listed})",
        f"其中有多个集合（{listed}）",
        "Name one of them.",
        "请指明其中一个。",
    )


def read_bytes(file: Path) -> bytes:
    """The bytes of a file.

    Raises:
        OutsideError: it is missing or cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutsideError(file.name, f"it cannot be read ({reason})", f"无法读取（{reason}）") from error


def read_text(file: Path, raw: bytes) -> str:
    """`raw` decoded.

    Raises:
        OutsideError: it is not UTF-8.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OutsideError(file.name, "it is not UTF-8 text", "不是 UTF-8 文本") from error


def read_json(file: Path, text: str, line: int = 0) -> Any:
    """A JSON value, of line `line` where that is not 0.

    Raises:
        OutsideError: it is not JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        place = (f"line {line} is", f"第 {line} 行") if line else ("it is", "")
        raise OutsideError(
            file.name, f"{place[0]} not JSON ({error})", f"{place[1]}不是 JSON（{error}）"
        ) from error


def checksum(parts: Iterable[bytes]) -> str:
    """SHA-256 of the files of a set."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
