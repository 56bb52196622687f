"""Reading of this folder's data files, with one kind of error for a file that is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from policybot.errors import CorpusError


def read_toml(path: Path) -> dict[str, Any]:
    """The contents of a TOML file.

    Raises:
        CorpusError: the file is missing, not UTF-8 or not TOML (the message names the line).
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise bad_data(path, str(error)) from error


def bad_data(path: Path, why: str) -> CorpusError:
    """The error for a data file that cannot be used."""
    return CorpusError(
        f"The data file {path} cannot be used: {why}.",
        "Correct or restore it.",
        what_zh=f"数据文件 {path} 无法使用：{why}。",
        hint_zh="请更正或恢复该文件。",
    )
