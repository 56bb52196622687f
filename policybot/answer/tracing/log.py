"""The last answers of this machine with how they came about: one JSON object a line under the home folder.

Nothing leaves the machine, nothing here may keep an answer from being given: a folder that cannot be
written means no trace. `POLICYBOT_NO_TRACE` and `[trace]` in policybot.toml switch it off.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from policybot.answer.model import Answer
from policybot.answer.tracing.stages import Stage, Trace, tracing
from policybot.errors import ExitCode, PolicybotError
from policybot.home import Home

FILE = "answers.jsonl"
_QUOTE = 200  # characters of a quotation kept; source and lines lead to the rest
_NEWLINE = 10

Record = dict[str, Any]


@dataclass
class Answering:
    """An answer being traced: `answer` is set by whoever makes it."""

    trace: Trace
    answer: Answer | None = field(default=None)


class TraceLog:
    """The file of traces in a home folder; `keep` is how many answers it shows and at least holds."""

    def __init__(self, folder: Path, keep: int) -> None:
        self.file, self.keep = folder / FILE, keep

    @staticmethod
    def of(home: Home, *, wanted: bool = True) -> TraceLog | None:
        """The log of a home, None where the user, the environment or the settings want none."""
        named = os.environ.get("POLICYBOT_NO_TRACE", "").strip()
        settings = home.config.trace
        if not wanted or named not in ("", "0") or not settings.on or settings.keep < 1:
            return None
        return TraceLog(home.traces, settings.keep)

    def add(self, record: Record) -> bool:
        """Writes a record; False when that is not possible.

        Records are added at the end in one write, so that several processes may do so at a time; the
        file is cut to the last `keep` when it holds twice as many.
        """
        data = json.dumps(record, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"
        try:
            try:
                handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            except FileNotFoundError:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with open(handle, "ab", closefd=True) as stream:
                stream.write(data)
            written = self.file.read_bytes()
            if written.count(_NEWLINE) >= 2 * self.keep:
                self._replace(written.splitlines(keepends=True)[-self.keep :])
        except OSError:
            return False
        return True

    def read(self) -> list[Record]:
        """The last records, newest first; lines that are no records (a full disk) are passed over."""
        try:
            lines = self.file.read_bytes().splitlines()
        except OSError:
            return []
        found = []
        for raw in reversed(lines):
            try:
                record = json.loads(raw)
            except ValueError:
                continue
            if isinstance(record, dict) and isinstance(record.get("id"), str) and "question" in record:
                found.append(record)
        return found[: self.keep]

    def find(self, name: str) -> Record:
        """A record by its place from the end ("1" is the last answer) or by the beginning of its id.

        Raises:
            PolicybotError: there is no such record.
        """
        records = self.read()
        if name.isdecimal() and len(name) <= len(str(self.keep)):
            if 0 < int(name) <= len(records):
                return records[int(name) - 1]
        elif name:
            near = [r for r in records if r["id"].startswith(name)]
            if len(near) == 1:
                return near[0]
        if not records:
            raise PolicybotError(
                "No answer has been traced yet.",
                "Ask something first; [trace] in policybot.toml and POLICYBOT_NO_TRACE switch traces off.",
                what_zh="还没有任何回答的轨迹。",
                hint_zh="请先提问；policybot.toml 的 [trace] 与 POLICYBOT_NO_TRACE 可关闭轨迹记录。",
            )
        raise PolicybotError(
            f"There is no trace {name[:80]!r}.",
            f"`policybot trace list` shows the last {len(records)}.",
            what_zh=f"没有轨迹“{name[:80]}”。",
            hint_zh=f"可用 `policybot trace list` 查看最近 {len(records)} 条。",
        )

    def clear(self) -> int:
        """Deletes all records and returns how many there were.

        Raises:
            PolicybotError: the file cannot be deleted.
        """
        count = len(self.read())
        try:
            self.file.unlink(missing_ok=True)
        except NotADirectoryError:
            return 0
        except OSError as error:
            raise PolicybotError(
                f"The traces in {self.file} cannot be deleted ({error.strerror}).",
                "Delete the file yourself.",
                what_zh=f"无法删除 {self.file} 中的轨迹（{error.strerror}）。",
                hint_zh="请自行删除该文件。",
                code=ExitCode.USAGE,
            ) from error
        return count

    def _replace(self, lines: list[bytes]) -> None:
        fresh = self.file.with_name(f"{FILE}.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.writelines(lines)
        os.replace(fresh, self.file)


@contextmanager
def traced(
    log: TraceLog | None, channel: str, listener: Callable[[Stage], None] | None = None
) -> Iterator[Answering]:
    """Traces the making of one answer and, with a log, keeps the record; what fails leaves none.

    Args:
        log: where to keep it; None keeps nothing and still tells the listener.
        channel: who asked: "ask", "batch", "mcp" …
    """
    with tracing(listener) as trace:
        work = Answering(trace)
        yield work
        elapsed = trace.elapsed_ms
    if log is not None and work.answer is not None:
        log.add(record_of(work.answer, trace, channel, elapsed))


def record_of(answer: Answer, trace: Trace, channel: str, elapsed: float) -> Record:
    """What is kept of an answer: question, plan, evidence, checks, times in milliseconds."""
    now = time.time()
    stamp = datetime.fromtimestamp(now).astimezone()
    return {
        "id": f"{stamp:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}",
        "time": stamp.isoformat(timespec="seconds"),
        "channel": channel,
        "question": answer.question,
        "language": answer.language,
        "engine": answer.engine,
        "status": answer.status,
        "confidence": round(answer.confidence, 4),
        "answer": answer.answer,
        "steps": [asdict(step) for step in answer.steps],
        "evidence": [
            {
                "n": c.n,
                "document": c.document,
                "clause": c.clause_id or c.clause,
                "source": c.source,
                "line_start": c.line_start,
                "line_end": c.line_end,
                "quote": c.quote if len(c.quote) <= _QUOTE else f"{c.quote[:_QUOTE]}…",
            }
            for c in answer.citations
        ],
        "checks": checks_of(trace),
        "warnings": list(answer.warnings),
        "timings": [
            {"stage": s.name, "depth": s.depth, "start_ms": round(s.start, 3), "ms": round(s.ms, 3)}
            for s in trace.stages
        ],
        "elapsed_ms": round(elapsed, 3),
    }


def checks_of(trace: Trace) -> list[Record]:
    """What the citation check looked at and took out, as plain values."""
    return [
        {
            "sentences": c.sentences,
            "citations": c.citations,
            "results": c.results,
            "removed": {
                "sentences": c.removed_sentences,
                "citations": c.removed_citations,
                "results": c.removed_results,
            },
            "issues": [{"kind": kind, "en": en, "zh": zh} for kind, en, zh in c.issues],
        }
        for c in trace.checks
    ]
