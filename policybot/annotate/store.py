"""Annotation files written: one entry at a time, each write complete or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policybot.corpus.annotations import FOLDER, TAGS, clause_hash
from policybot.corpus.loader import corpus_root
from policybot.corpus.model import Annotation, Clause
from policybot.errors import CorpusError


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Holds the annotations of a corpus for one writer; makes the folder and its list of tags.

    Raises:
        CorpusError: another process writes them, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    folder = root / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        with FileLock(folder / ".annotate.lock", timeout=0):
            if not (folder / TAGS).exists():
                shutil.copyfile(corpus_root() / FOLDER / TAGS, folder / TAGS)
            yield
    except Timeout as error:
        raise CorpusError(
            "Another process is writing annotations.",
            "Wait until it has ended.",
            what_zh="另一个进程正在写入注解。",
            hint_zh="请等它结束。",
        ) from error
    except OSError as error:
        raise CorpusError(
            f"The annotations in {folder} cannot be written ({error.strerror}).",
            "Check the folder's permissions and the free space.",
            what_zh=f"无法写入 {folder} 中的注解（{error.strerror}）。",
            hint_zh="请检查文件夹权限和剩余空间。",
        ) from error


def put(root: Path, clause: Clause, note: Annotation) -> None:
    """Adds an annotation, in place of one that the clause may have (a stale one).

    The file is replaced as a whole, so that a process killed at any moment leaves complete lines.

    Raises:
        OSError: it cannot be written.
    """
    entry = {
        "clause": clause.id,
        "hash": clause_hash(clause),
        "title_zh": note.title_zh,
        "title_en": note.title_en,
        "gist_en": note.gist_en,
        "tags": note.tags,
        "questions_zh": note.questions_zh,
        "questions_en": note.questions_en,
        **({"pairs": note.pairs} if note.pairs else {}),
        **({"answers": note.answers} if note.answers else {}),
        **({"unanswered": note.unanswered} if note.unanswered else {}),
        **({"english": note.english} if note.english else {}),
    }
    path = root / FOLDER / f"{clause.document}.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    kept = [line for line in lines if line.strip() and json.loads(line)["clause"] != clause.id]
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".annotate-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in (*kept, json.dumps(entry, ensure_ascii=False))))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode if path.exists() else 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
