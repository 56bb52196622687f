"""What the commands of one run share: the home folder and the language of messages."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from policybot.home import Home
from policybot.text import is_han, language_of


@dataclass
class Session:
    """One run of the command line. `language` is "en" or "zh" and may be refined by a command."""

    language: str = "en"
    home_path: Path | None = None
    offline: bool = False

    @cached_property
    def home(self) -> Home:
        """The home folder, found on first use."""
        return Home.resolve(self.home_path, offline=self.offline)

    def speak(self, chosen: str, text: str = "") -> None:
        """Settle the language: `chosen` ("zh" or "en"), else that of `text` when it holds words."""
        if chosen in ("zh", "en"):
            self.language = chosen
        elif any(c.isalpha() for c in text):
            self.language = language_of(text)


def starting_language(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """Language of messages before anything is parsed: --lang, else Chinese arguments, else the locale."""
    for at, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and at + 1 < len(arguments):
            value = arguments[at + 1]
        if value in ("zh", "en"):
            return value
    if any(is_han(char) for argument in arguments for char in argument[:1000]):
        return "zh"
    named = next((v for k in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := environment.get(k))), "")
    return "zh" if named.lower().startswith("zh") else "en"


def hoist_home(arguments: Sequence[str]) -> list[str]:
    """`--home FOLDER` and `--offline` moved to the front: they may stand anywhere before a bare `--`."""
    front: list[str] = []
    rest: list[str] = []
    queue = list(arguments)
    while queue:
        argument = queue.pop(0)
        if argument == "--":
            return [*front, *rest, argument, *queue]
        if argument == "--home" and queue:
            front += [argument, queue.pop(0)]
        elif argument == "--offline" or argument.startswith("--home="):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest
