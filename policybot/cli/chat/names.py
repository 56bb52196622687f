"""The /commands of a conversation and what they are called in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Command:
    """A command: its name, what it takes (a key of the messages, "" for nothing) and other names for it."""

    name: str
    aliases: tuple[str, ...]
    takes: str = ""


COMMANDS = (
    Command("doc", ("文献", "文档"), "name"),
    Command("clause", ("条款", "原文"), "name"),
    Command("city", ("城市",), "name"),
    Command("targets", ("目标",), "filters"),
    Command("sources", ("来源", "出处"), ""),
    Command("explain", ("解释", "步骤"), ""),
    Command("export", ("导出",), "file"),
    Command("new", ("新会话", "新"), ""),
    Command("sessions", ("会话",), ""),
    Command("resume", ("继续", "恢复"), "session"),
    Command("lang", ("语言",), "lang"),
    Command("llm", ("模型",), "llm"),
    Command("help", ("帮助", "?"), ""),
    Command("quit", ("退出", "exit", "q"), ""),
)


def find(word: str) -> Command | None:
    """The command of that name in any language, None for none."""
    word = word.casefold()
    return next((c for c in COMMANDS if word in (c.name, *c.aliases)), None)


def nearest(word: str) -> str:
    """The name most like a word, "" when none is."""
    names = [n for c in COMMANDS for n in (c.name, *c.aliases)]
    close = get_close_matches(word.casefold(), names, n=4, cutoff=0.5)
    close.sort(key=lambda name: name[0] != word[:1].casefold())
    starts = [n for n in names if word and (n.startswith(word.casefold()) or word.casefold().startswith(n))]
    return (close or starts or [""])[0]
