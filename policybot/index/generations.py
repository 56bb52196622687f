"""Generations of an index on disk: complete folders, a pointer to the one in use, one writer at a time.

    index_store/
      CURRENT            name of the generation in use
      build.lock         held while a generation is built
      g000007-1a2b3c4d/  manifest.json and the files it lists with size and checksums, chroma/
      .building-…/       a build under way, or what a killed one left

A generation is built in a temporary folder, written through to the disk, renamed, and only then named
in CURRENT; nothing in it changes afterwards. Readers take no lock.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from policybot.errors import IndexingError

FORMAT = 1
POINTER = "CURRENT"
LOCK = "build.lock"
MANIFEST = "manifest.json"
KEEP = 2  # the generation in use and the one before it, which a reader may still be opening
_PREFIX = ".building-"


class DamagedIndex(IndexingError):
    """A generation whose files are missing or differ from its manifest."""


class UnwritableIndex(IndexingError):
    """The index folder cannot be written: no permission, read-only or full."""


@dataclass(frozen=True)
class FileRecord:
    """A file of a generation as it was written."""

    size: int
    crc32: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a generation was made from and what it holds.

    `inputs` maps each file of corpus and code that the index depends on to [size, mtime_ns, sha256];
    `embedder` names the model, its prompts and fingerprint; `counts` has documents, clauses, passages
    and the vectors' dimension.
    """

    format: int
    version: str
    created: str
    corpus: str
    inputs: dict[str, list[Any]]
    embedder: dict[str, str]
    counts: dict[str, int]
    chroma: dict[str, str]
    files: dict[str, FileRecord] = field(default_factory=dict)

    def to_json(self) -> str:
        """As stored in manifest.json."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    @staticmethod
    def from_json(text: str) -> Manifest:
        """Raises ValueError, KeyError or TypeError when `text` is no manifest of this format."""
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']}")
        data["files"] = {name: FileRecord(**record) for name, record in data["files"].items()}
        return Manifest(**data)


class Store:
    """The generations below one folder, which need not exist yet."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> str | None:
        """Name of the generation in use; None when there is none or its folder is gone."""
        try:
            name = (self.root / POINTER).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return name if _plain_name(name) and (self.root / name / MANIFEST).is_file() else None

    def generations(self) -> list[str]:
        """Names of the complete generations, the newest first."""
        names = [name for name in self._names() if _plain_name(name)]
        return sorted((n for n in names if (self.root / n / MANIFEST).is_file()), reverse=True)

    def leftovers(self) -> list[str]:
        """Names of folders that a running build works in or a killed one left, or without manifest."""
        whole = set(self.generations())
        return [n for n in self._names() if n.startswith(_PREFIX) or (_plain_name(n) and n not in whole)]

    def folder(self, name: str) -> Path:
        """Where a generation lies."""
        return self.root / name

    def manifest(self, name: str) -> Manifest:
        """The manifest of a generation.

        Raises:
            DamagedIndex: missing, unreadable or of another format.
        """
        try:
            return Manifest.from_json((self.root / name / MANIFEST).read_text("utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise damaged(self.root / name, MANIFEST) from error

    def next_name(self, key: str) -> str:
        """A new name that sorts after all others; `key` tells apart builds of different content."""
        numbers = [int(name[1:7]) for name in self._names() if _plain_name(name)]
        return f"g{max(numbers, default=0) + 1:06d}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"

    @contextmanager
    def writing(self, on_wait: Callable[[], None], timeout: float = 600.0) -> Iterator[None]:
        """Hold the build lock; when another build has it, call `on_wait` and wait for it.

        The system frees the lock of a killed process.

        Raises:
            UnwritableIndex: the folder cannot be made or written.
            IndexingError: the other build did not end within `timeout` seconds.
        """
        from filelock import FileLock, Timeout

        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.root / LOCK)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                on_wait()
                lock.acquire(timeout=timeout, poll_interval=0.1)
        except Timeout as error:
            raise IndexingError(
                f"Another process has been building the index in {self.root} for {timeout:.0f} seconds.",
                "Wait for it to end, or end it, and try again.",
                what_zh=f"另一个进程已在 {self.root} 中构建索引超过 {timeout:.0f} 秒。",
                hint_zh="请等待或结束该进程后重试。",
            ) from error
        except (OSError, NotImplementedError) as error:
            raise unwritable(self.root, error) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """A temporary folder for a new generation, removed again unless it was published.

        Raises:
            UnwritableIndex: writing failed (no permission, read-only, disk full).
        """
        folder: Path | None = None
        try:
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self.root))
            os.chmod(folder, 0o755)
            yield folder
        except OSError as error:
            raise unwritable(self.root, error) from error
        finally:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)

    def publish(self, staged: Path, name: str, manifest: Manifest) -> None:
        """Write the manifest, put everything on the disk, rename the folder, switch the pointer."""
        (staged / MANIFEST).write_text(manifest.to_json(), "utf-8")
        for path in sorted(staged.rglob("*")):
            sync(path)
        sync(staged)
        os.replace(staged, self.root / name)
        sync(self.root)
        self.point_to(name)

    def point_to(self, name: str) -> None:
        """Make a complete generation the one in use, in one step."""
        temporary = self.root / f"{POINTER}.{os.getpid()}"
        try:
            temporary.write_text(name + "\n", "utf-8")
            sync(temporary)
            os.replace(temporary, self.root / POINTER)
        finally:
            temporary.unlink(missing_ok=True)
        sync(self.root)

    def forget(self) -> None:
        """Remove the pointer: no generation is in use any more; under the lock."""
        (self.root / POINTER).unlink(missing_ok=True)

    def removable(self, keep: int = KEEP) -> list[str]:
        """Generations beyond the `keep` newest (the one in use always counts as kept)."""
        current = self.current()
        others = [name for name in self.generations() if name != current]
        return others[max(keep - 1, 0) if current else max(keep, 0) :]

    def remove(self, names: Sequence[str]) -> None:
        """Delete folders of the store; under the lock."""
        for name in names:
            shutil.rmtree(self.root / name, ignore_errors=True)

    def _names(self) -> list[str]:
        try:
            return sorted(path.name for path in self.root.iterdir())
        except OSError:
            return []


def record_files(folder: Path) -> dict[str, FileRecord]:
    """Size and checksums of the files directly in `folder`."""
    records = {}
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name != MANIFEST:
            data = path.read_bytes()
            records[path.name] = FileRecord(len(data), zlib.crc32(data), hashlib.sha256(data).hexdigest())
    return records


def check_files(folder: Path, manifest: Manifest, *, full: bool = False) -> list[str]:
    """Names of files that are missing or differ from the manifest.

    Compares size and CRC-32 (milliseconds for a small index); with `full` SHA-256 as well.
    """
    wrong = []
    for name, record in manifest.files.items():
        try:
            data = (folder / name).read_bytes()
        except OSError:
            wrong.append(name)
            continue
        same = len(data) == record.size and zlib.crc32(data) == record.crc32
        if not same or (full and hashlib.sha256(data).hexdigest() != record.sha256):
            wrong.append(name)
    return wrong


def sync(path: Path) -> None:
    """Force a file or folder to the disk, where the system can."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:  # folders cannot be opened on some systems
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EBADF, errno.EACCES):
            raise
    finally:
        os.close(handle)


def no_index(root: Path) -> IndexingError:
    """The error for a folder without an index."""
    return IndexingError(
        f"There is no index in {root}.",
        "Run `policybot index build`.",
        what_zh=f"{root} 中没有索引。",
        hint_zh="请运行 `policybot index build`。",
    )


def damaged(folder: Path, name: str) -> DamagedIndex:
    """The error for a file of a generation that is missing or changed."""
    return DamagedIndex(
        f"The index {folder} is damaged: {name} is missing, changed or of another version.",
        "Run `policybot index build`.",
        what_zh=f"索引 {folder} 已损坏：{name} 缺失、被改动或属于其他版本。",
        hint_zh="请运行 `policybot index build`。",
    )


def unwritable(folder: Path, error: BaseException) -> UnwritableIndex:
    """The error for an index folder that cannot be written."""
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        why, why_zh = "there is no space left on the disk", "磁盘空间不足"
    else:
        reason = (error.strerror if isinstance(error, OSError) else "") or str(error)
        why, why_zh = reason, reason
    return UnwritableIndex(
        f"The index folder {folder} cannot be written: {why}.",
        "Make it writable and free some space, or choose another home with --home or POLICYBOT_HOME.",
        what_zh=f"无法写入索引文件夹 {folder}：{why_zh}。",
        hint_zh="请赋予写权限并留出空间，或用 --home 或 POLICYBOT_HOME 指定其他主目录。",
    )


def _plain_name(name: str) -> bool:
    return len(name) == 16 and name[0] == "g" and name[1:7].isdigit() and name[7] == "-" and name.isascii()
