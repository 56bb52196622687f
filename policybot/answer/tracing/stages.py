"""What happens while one answer is made: stages with their times, and what the citation check did.

Whoever wants to know opens `tracing()`; the makers of answers only mark their stages (`@timed`, `stage`)
and the check tells its outcome (`checked`). Without an open trace a mark costs less than a microsecond.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Stage:
    """A stretch of work: `start` and `ms` in milliseconds, `depth` 0 for one that lies in no other."""

    name: str
    start: float
    ms: float
    depth: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What the citation check looked at and what it took out.

    `issues` are (kind, English message, Chinese message); the counts are of the answer as it was handed in.
    """

    sentences: int
    citations: int
    results: int
    removed_sentences: int
    removed_citations: int
    removed_results: int
    issues: tuple[tuple[str, str, str], ...]


@dataclass
class Trace:
    """The record of one answer; `listener` hears of each stage when it ends."""

    listener: Callable[[Stage], None] | None = None
    stages: list[Stage] = field(default_factory=list)
    checks: list[Checked] = field(default_factory=list)
    started: float = field(default_factory=time.perf_counter)
    depth: int = 0

    @property
    def elapsed_ms(self) -> float:
        """Milliseconds since the trace was opened."""
        return (time.perf_counter() - self.started) * 1000


_current: ContextVar[Trace | None] = ContextVar("policybot_trace", default=None)


@contextmanager
def tracing(listener: Callable[[Stage], None] | None = None) -> Iterator[Trace]:
    """Collects the stages of everything that this thread (or task) does inside."""
    trace = Trace(listener)
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Marks a stage; the outer ones stand before the inner ones in the trace."""
    trace = _current.get()
    if trace is None:
        yield
        return
    entry = Stage(name, trace.elapsed_ms, 0.0, trace.depth)
    trace.stages.append(entry)
    trace.depth += 1
    try:
        yield
    finally:
        trace.depth -= 1
        entry.ms = trace.elapsed_ms - entry.start
        if trace.listener is not None:
            trace.listener(entry)


def timed(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function whose calls are stages."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def marked(*args: P.args, **kwargs: P.kwargs) -> R:
            if _current.get() is None:
                return function(*args, **kwargs)
            with stage(name):
                return function(*args, **kwargs)

        return marked

    return decorate


def checked(
    counts: tuple[int, int, int], removed: tuple[int, int, int] = (0, 0, 0), issues: Sequence[Any] = ()
) -> None:
    """Told by the citation check: sentences, citations and results looked at and removed, and its issues."""
    trace = _current.get()
    if trace is not None:
        said = tuple((i.kind, i.message("en"), i.message("zh")) for i in issues)
        trace.checks.append(Checked(*counts, *removed, said))
