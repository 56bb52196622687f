"""What a build reports while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """A step of a build: `done` of `total` units of `stage`, or (total 0) a message to show.

    Stages in order: "wait" (another build has the lock), "corpus", "postings", "embed", "chroma",
    "verify", "done"; and "notice" for a message that the user should see in any case.
    """

    stage: str
    text: str
    text_zh: str
    done: int = 0
    total: int = 0


Progress = Callable[[Event], None]


def silent(event: Event) -> None:
    """Reports nothing."""


STAGES: dict[str, tuple[str, str]] = {
    "wait": ("Another process is building the index; waiting for it", "另一个进程正在构建索引，等待其完成"),
    "corpus": ("Reading the corpus", "读取语料"),
    "embed": ("Computing vectors", "计算向量"),
    "postings": ("Writing word lists", "写入词表"),
    "chroma": ("Storing vectors in Chroma", "将向量存入 Chroma"),
    "verify": ("Verifying", "校验"),
    "done": ("Index ready", "索引已就绪"),
}


def step(stage: str, done: int = 0, total: int = 0) -> Event:
    """An event of a known stage, with its text."""
    text, text_zh = STAGES[stage]
    return Event(stage, text, text_zh, done, total)


def notice(text: str, text_zh: str) -> Event:
    """A message for the user."""
    return Event("notice", text, text_zh)
