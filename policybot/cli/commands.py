"""The commands by name. Each one's module is imported when the command is run or its help is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

# Where each command is: module of this package, and in it a function or a group of commands.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "ask": ("ask", "ask"),
    "chat": ("chat.command", "chat"),
    "doc": ("doc", "app"),
    "index": ("index", "app"),
    "corpus": ("corpus", "app"),
    "annotate": ("annotate", "app"),
    "targets": ("targets", "targets"),
    "table": ("table", "app"),
    "city": ("city", "app"),
    "score": ("score", "app"),
    "kyoto": ("kyoto", "kyoto"),
    "eval": ("eval", "app"),
    "trace": ("trace", "trace"),
    "mcp": ("mcp", "mcp"),
    "train": ("train", "train"),
    "doctor": ("doctor", "doctor"),
}


def load_command(name: str) -> typer.Typer | Callable[..., None]:
    """A command of `COMMANDS`: a function, or a group of commands.

    Raises:
        KeyError: there is no such command.
    """
    module, attribute = COMMANDS[name]
    found: typer.Typer | Callable[..., None] = getattr(import_module(f"policybot.cli.{module}"), attribute)
    return found


class CommandGroup(TyperGroup):
    """The group of `COMMANDS`: starting up pays for the one command that is run."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order in which help shows them, those registered with the application first."""
        return [*(name for name in self.commands if name not in COMMANDS), *COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, None when there is none."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            found = load_command(cmd_name)
            if isinstance(found, typer.Typer):
                self.add_command(get_group(found), cmd_name)
            else:
                alone = typer.Typer(add_completion=False)
                alone.command(cmd_name)(found)
                self.add_command(get_command(alone))
        return super().get_command(ctx, cmd_name)
