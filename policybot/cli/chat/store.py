"""Sessions on disk: one JSONL file each, a turn a line, written as the conversation goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from policybot.answer.model import Answer
from policybot.errors import PolicybotError
from policybot.home import Home

FOLDER = "sessions"
VERSION = 1


@dataclass(frozen=True)
class Turn:
    """A question and its answer; `at` is an ISO time with its zone."""

    question: str
    answer: Answer
    at: str = ""


@dataclass
class Saved:
    """A session as its file has it.

    `damaged` counts lines that cannot be read; `documents` and `language` are the last that were chosen.
    """

    id: str
    file: Path
    turns: list[Turn] = field(default_factory=list)
    documents: tuple[str, ...] = ()
    language: str = "auto"
    damaged: int = 0


class Recorder:
    """Appends to a session file. Nothing is written before the first turn.

    Each record is one write of one whole line, so that a process that is killed leaves whole lines and at
    most one torn one, and two processes never mix theirs.
    """

    def __init__(self, folder: Path, identity: str = "") -> None:
        self.folder, self.id = folder, identity

    @property
    def file(self) -> Path:
        """Where the session is written."""
        return self.folder / f"{self.id}.jsonl"

    def turn(self, question: str, answer: Answer) -> None:
        """Save a turn.

        Raises:
            OSError: the folder or file cannot be written.
        """
        self._append({"type": "turn", "at": now(), "question": question, "answer": answer.to_dict()})

    def settings(self, documents: tuple[str, ...], language: str) -> None:
        """Save what was chosen, once there is a session to save it in.

        Raises:
            OSError: as for `turn`.
        """
        if self.id:
            self._append({"type": "settings", "documents": list(documents), "language": language})

    def _append(self, record: dict[str, Any]) -> None:
        if not self.id:
            self._start()
        raw = (json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8", "replace")
        handle = os.open(self.file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(handle).st_size
            if size:
                os.lseek(handle, size - 1, os.SEEK_SET)
                if os.read(handle, 1) != b"\n":  # a line torn when an earlier process was killed
                    raw = b"\n" + raw
            os.write(handle, raw)
            os.fsync(handle)
        finally:
            os.close(handle)

    def _start(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stem = datetime.now().strftime("%Y%m%d-%H%M%S")
        for n in range(1, 1000):
            identity = stem if n == 1 else f"{stem}-{n}"
            try:
                handle = os.open(
                    self.folder / f"{identity}.jsonl", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600
                )
            except FileExistsError:
                continue
            os.close(handle)
            self.id = identity
            self._append({"type": "session", "version": VERSION, "id": identity, "started": now()})
            return
        raise FileExistsError(f"{stem}: no free name")


def now() -> str:
    """The local time with its zone, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def folder_of(home: Home) -> Path:
    """Where a home keeps its sessions."""
    return home.root / FOLDER


def identities(folder: Path) -> list[str]:
    """Ids of the sessions in a folder, the newest first."""
    try:
        return sorted((f.stem for f in folder.glob("*.jsonl")), key=_order, reverse=True)
    except OSError:
        return []


def load(folder: Path, name: str = "") -> Saved:
    """A session by its id, the beginning of it, or its place in the list (1 is the newest, "" too).

    Raises:
        PolicybotError: there is no such session, several begin like this, or the file cannot be read.
    """
    known = identities(folder)
    if not known:
        raise _refusal(
            "There is no saved session yet.",
            "Start one with: policybot chat",
            "还没有保存的会话。",
            "请用 policybot chat 开始一个会话。",
        )
    name = name.strip()
    if name in known:
        return read(folder / f"{name}.jsonl")
    if name.isdigit() and len(name) < 5 and 0 < int(name) <= len(known):
        return read(folder / f"{known[int(name) - 1]}.jsonl")
    found = known[:1] if not name else [identity for identity in known if identity.startswith(name)]
    if len(found) != 1:
        near = ", ".join((found or known)[:3])
        raise _refusal(
            f'{"No session is" if not found else "Several sessions are"} called "{name}".',
            f"Name one of them, for example: {near}.",
            f"{'没有' if not found else '有多个'}名为“{name}”的会话。",
            f"请指定其中一个，例如：{near}。",
        )
    return read(folder / f"{found[0]}.jsonl")


def read(file: Path) -> Saved:
    """A session file; lines that cannot be read are counted and left out.

    Raises:
        PolicybotError: the file cannot be read at all.
    """
    saved = Saved(file.stem, file)
    try:
        raw = file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refusal(
            f"The session file {file} cannot be read ({reason}).",
            "Check its permissions.",
            f"会话文件 {file} 无法读取（{reason}）。",
            "请检查文件权限。",
        ) from error
    for line in raw.split(b"\n"):
        if line.strip():
            try:
                _take(saved, json.loads(line.decode("utf-8")))
            except (ValueError, RecursionError):
                saved.damaged += 1
    return saved


def summaries(folder: Path) -> Iterator[Saved]:
    """All sessions that can be read and hold a turn, the newest first."""
    for identity in identities(folder):
        try:
            saved = read(folder / f"{identity}.jsonl")
        except PolicybotError:
            continue
        if saved.turns or saved.damaged:
            yield saved


def _take(saved: Saved, record: object) -> None:
    if not isinstance(record, dict):
        raise ValueError("not an object")
    kind = record.get("type")
    if kind == "turn":
        question, answer = record.get("question"), record.get("answer")
        if not isinstance(question, str) or not isinstance(answer, dict):
            raise ValueError("a turn without question or answer")
        saved.turns.append(Turn(question, Answer.from_dict(answer), str(record.get("at", ""))))
    elif kind == "settings":
        documents = record.get("documents")
        if not isinstance(documents, list) or not all(isinstance(d, str) for d in documents):
            raise ValueError("documents are not names")
        saved.documents = tuple(documents)
        saved.language = record["language"] if record.get("language") in ("zh", "en") else "auto"
    elif not isinstance(kind, str):
        raise ValueError("no record")


def _order(identity: str) -> tuple[str, int]:
    stem, _, n = identity[15:].partition("-")
    return identity[:15] + stem, int(n) if n.isdigit() else 0


def _refusal(what: str, hint: str, what_zh: str, hint_zh: str) -> PolicybotError:
    return PolicybotError(what, hint, what_zh=what_zh, hint_zh=hint_zh)
