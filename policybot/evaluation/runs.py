"""Run folders: what a run over a question set leaves behind, written so that a killed run can go on.

    runs/NAME/
      run.json        which set, engine, corpus, index and program; "finished" is null while it runs
      results.jsonl   one result a line, appended and flushed as soon as it is known, in any order
      summary.json    figures by group, written at the end

`RunWriter` writes one, `read_run` reads one, `find_run` finds one by name. All times are ISO 8601 in UTC.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, BinaryIO

from policybot.errors import PolicybotError

FORMAT = 1
FOLDER = "runs"
RUN, RESULTS, SUMMARY, LOCK = "run.json", "results.jsonl", "summary.json", "run.lock"


class RunError(PolicybotError):
    """A run folder cannot be used: missing, damaged, or held by another process."""


@dataclass(frozen=True)
class RunInfo:
    """`run.json`: what was run, and when.

    `set` names the question sets, joined by "+"; `set_sha256` is of their files' bytes, in order;
    `questions` counts those asked, after `filters` (field → values that were kept); `corpus` is the
    corpus' checksum, `index` the generation, `program` a checksum of the program's own files.
    """

    set: str
    set_sha256: str
    questions: int
    filters: dict[str, list[str]]
    engine: str
    corpus: str
    index: str
    policybot: str
    program: str = ""
    held_out: bool = False
    started: str = ""
    finished: str | None = None
    format: int = FORMAT

    def differences(self, other: RunInfo) -> list[str]:
        """Names of the fields that must be equal for results to be put together, and are not."""
        names = ("set", "set_sha256", "filters", "engine", "corpus", "index", "policybot", "program")
        return [name for name in names if getattr(self, name) != getattr(other, name)]


@dataclass(frozen=True)
class Result:
    """One line of `results.jsonl`.

    Attributes:
        id: of the question.
        question: the line of the question set.
        answer: the object of `ask --json`.
        retrieved: the first ten hits of the search, {"clause_id", "label", "copies", "score"}.
        verdict: `policybot.evaluation.verdict.Verdict.to_dict`.
        usage: {"input_tokens", "output_tokens"} when a language model was asked.
        set: name of the set that the question came from.
    """

    id: str
    question: dict[str, Any]
    answer: dict[str, Any]
    retrieved: list[dict[str, Any]]
    verdict: dict[str, Any]
    usage: dict[str, int] | None = None
    set: str = ""


@dataclass(frozen=True)
class Run:
    """A run folder as read. `results` by question id, in the order of the lines; `summary` once finished."""

    folder: Path
    info: RunInfo
    results: dict[str, Result] = field(default_factory=dict)
    summary: dict[str, Any] | None = None
    whole: int = 0
    """Bytes of `results.jsonl` up to the end of its last complete line."""

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name


def now() -> str:
    """The time, in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_run(folder: Path) -> Run:
    """A run, finished or not. The torn last line that a kill leaves is left out.

    Raises:
        RunError: there is no run, or a file of it is damaged; names file and line.
    """
    info = _read_info(folder)
    results, whole = _read_results(folder / RESULTS)
    if info.finished is not None and len(results) < info.questions:
        raise _damaged(
            folder / RESULTS,
            f"it has {len(results)} of {info.questions} results although the run is finished",
            f"运行已完成，但 {info.questions} 条结果只有 {len(results)} 条",
        )
    summary = None
    if info.finished is not None:
        summary = _read_object(folder / SUMMARY)
        if not isinstance(summary.get("groups"), dict):
            raise _damaged(folder / SUMMARY, '"groups" is missing', "缺少“groups”")
    return Run(folder, info, results, summary, whole)


def read_finished(folder: Path) -> Run:
    """A finished run, which has a summary.

    Raises:
        RunError: as `read_run`, or the run is not finished.
    """
    run = read_run(folder)
    if run.summary is None:
        raise RunError(
            f"The run {run.name} is not finished.",
            "Go on with it: policybot eval run --resume with the same set and name.",
            what_zh=f"运行 {run.name} 尚未完成。",
            hint_zh="请用相同的问题集和名称执行 policybot eval run --resume。",
        )
    return run


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run, whole or damaged."""
    return (folder / RUN).is_file()


def run_names(root: Path) -> list[str]:
    """Names of the runs below a runs folder, the one started or finished last first."""
    if not root.is_dir():
        return []
    folders = [f for f in root.iterdir() if is_run(f)]
    return [f.name for f in sorted(folders, key=lambda f: ((f / RUN).stat().st_mtime, f.name), reverse=True)]


def find_run(name: str, root: Path) -> Path:
    """The folder of a run: `name` below `root`, else a path.

    Raises:
        RunError: there is none; names the nearest.
    """
    for folder in (root / name, Path(name).expanduser()):
        if is_run(folder):
            return folder
    names = run_names(root)
    near = get_close_matches(name, names, 3, 0.3) or names[:3]
    listed = ", ".join(near)
    raise RunError(
        f"There is no run “{name}”" + (f"; the nearest: {listed}." if near else "."),
        "Name a run folder, or make one with `policybot eval run`.",
        what_zh=f"没有名为“{name}”的运行" + (f"，相近的有：{listed}。" if near else "。"),
        hint_zh="请指定运行文件夹，或用 `policybot eval run` 生成。",
    )


class RunWriter:
    """Writes one run folder; only one process at a time can hold it. A context manager.

    `known` has the results that are there already.

    Raises:
        RunError: another process is writing this run, or what is to go on is damaged.
    """

    def __init__(self, folder: Path, info: RunInfo, *, resume: bool = False) -> None:
        """Begin a run anew, or go on with the one in the folder after its last whole line."""
        from filelock import FileLock, Timeout

        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(folder / LOCK)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise RunError(
                f"Another process is writing the run {folder.name}.",
                "Wait for it, or choose another --name.",
                what_zh=f"另一个进程正在写入运行 {folder.name}。",
                hint_zh="请等待其结束，或用 --name 另取名称。",
            ) from error
        done = read_run(folder) if resume else None
        self.info = done.info if done else replace(info, started=now())
        self.known: dict[str, Result] = done.results if done else {}
        if done is None:
            (folder / SUMMARY).unlink(missing_ok=True)
            (folder / RESULTS).write_bytes(b"")
            write_object(folder / RUN, asdict(self.info))
        (folder / RESULTS).touch()
        self._stream: BinaryIO = (folder / RESULTS).open("r+b")
        self._stream.truncate(done.whole if done else 0)
        self._stream.seek(0, os.SEEK_END)

    def append(self, result: Result) -> None:
        """Add one result; it is in the file when this returns."""
        line = json.dumps(asdict(result), ensure_ascii=False, separators=(",", ":"))
        self._stream.write(line.encode("utf-8") + b"\n")
        self._stream.flush()

    def finish(self, summary: Mapping[str, Any]) -> None:
        """Write the summary, then mark the run as finished."""
        write_object(self.folder / SUMMARY, summary)
        self.info = replace(self.info, finished=now())
        write_object(self.folder / RUN, asdict(self.info))

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._lock.release()


def write_object(file: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON object so that a reader sees the old file or the new one, never half of one."""
    temporary = file.with_name(f".{file.name}.tmp")
    temporary.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(temporary, file)


def _read_info(folder: Path) -> RunInfo:
    data = _read_object(folder / RUN)
    if data.get("format") != FORMAT:
        raise _damaged(
            folder / RUN,
            f"its format is {data.get('format')!r}, this program reads {FORMAT}",
            f"其格式为 {data.get('format')!r}，本程序只能读取 {FORMAT}",
        )
    names = RunInfo.__dataclass_fields__
    try:
        info = RunInfo(**{name: value for name, value in data.items() if name in names})
    except TypeError as error:
        missing = [n for n in ("set", "set_sha256", "questions", "engine", "corpus") if n not in data]
        what = ", ".join(missing) or str(error)
        raise _damaged(folder / RUN, f"it lacks {what}", f"缺少 {what}") from error
    texts = (info.set, info.set_sha256, info.engine, info.corpus, info.index, info.policybot, info.started)
    if not all(isinstance(t, str) for t in texts) or not isinstance(info.questions, int):
        raise _damaged(folder / RUN, "a field has a value of the wrong kind", "有字段的值类型不对")
    return info


def _read_results(file: Path) -> tuple[dict[str, Result], int]:
    """Results by id and the length in bytes of the complete lines."""
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        return {}, 0
    except OSError as error:
        reason = error.strerror or str(error)
        raise _damaged(file, f"it cannot be read ({reason})", f"无法读取（{reason}）") from error
    whole = raw.rfind(b"\n") + 1
    results: dict[str, Result] = {}
    for number, line in enumerate(raw[:whole].split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            result = Result(**json.loads(line.decode("utf-8")))
            parts = (result.question, result.answer, result.verdict)
            if not isinstance(result.id, str) or not all(isinstance(p, dict) for p in parts):
                raise ValueError("a field has a value of the wrong kind")
        except (ValueError, TypeError, RecursionError) as error:
            raise _damaged(file, f"line {number} is no result", f"第 {number} 行不是一条结果") from error
        results[result.id] = result
    return results, whole


def _read_object(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise _damaged(file, f"it cannot be read ({reason})", f"无法读取（{reason}）") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(file, "it is not JSON", "不是 JSON") from error
    if not isinstance(value, dict):
        raise _damaged(file, "it is not a JSON object", "不是 JSON 对象")
    return value


def _damaged(file: Path, why: str, why_zh: str) -> RunError:
    return RunError(
        f"The run is damaged at {file.parent.name}/{file.name}: {why}.",
        "Run it anew with --fresh, or correct the file.",
        what_zh=f"运行已损坏（{file.parent.name}/{file.name}）：{why_zh}。",
        hint_zh="请用 --fresh 重新运行，或修正该文件。",
    )
