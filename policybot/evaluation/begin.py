"""Where a run goes: a new folder, or an interrupted one that goes on. Nothing is overwritten unasked."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Literal

from policybot.errors import PolicybotError
from policybot.evaluation.runs import Run, RunError, RunInfo, is_run, read_run
from policybot.patterns import lazy_pattern

Mode = Literal["auto", "resume", "fresh"]
_NAME = lazy_pattern(r"[^\W_][\w.+-]*")


def default_name(info: RunInfo) -> str:
    """SET-ENGINE-DATE, the date in UTC."""
    engine = re.sub(r"[^\w.+-]+", "-", info.engine).strip("-")
    return f"{info.set}-{engine}-{datetime.now(UTC):%Y%m%d}"


def check_name(name: str) -> str:
    """`name` when it can name a folder.

    Raises:
        PolicybotError: it has a separator, or another character that file systems dislike.
    """
    if _NAME.fullmatch(name):
        return name
    raise PolicybotError(
        f"“{name}” cannot name a run.",
        "Use letters, digits, dots, hyphens and underscores.",
        what_zh=f"“{name}”不能用作运行名称。",
        hint_zh="请使用字母、数字、点、连字符和下划线。",
    )


def choose_folder(root: Path, info: RunInfo, mode: Mode = "auto") -> tuple[Path, Run | None]:
    """(folder, run to go on with) for a run without a name: the interrupted one of today, else a new one."""
    base = default_name(info)
    for number in count(1):
        folder = root / (base if number == 1 else f"{base}-{number}")
        if not folder.exists():
            return folder, None
        if mode != "fresh" and is_run(folder):
            try:
                run = read_run(folder)
            except RunError:
                continue  # a damaged run is left as it is
            if run.info.finished is None and not run.info.differences(info):
                return folder, run
    raise AssertionError("unreachable")


def use_folder(folder: Path, info: RunInfo, mode: Mode = "auto") -> Run | None:
    """The run in a folder that the user named, to go on with; None to begin anew.

    Raises:
        RunError: the folder holds something else, a damaged run, or a run of another set, engine, corpus
            or program (unless `mode` is "fresh", which replaces a run).
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir()) and not is_run(folder)):
        raise RunError(
            f"{folder} exists and is no run.",
            "Name another folder.",
            what_zh=f"{folder} 已存在，且不是运行文件夹。",
            hint_zh="请另选文件夹。",
        )
    if mode == "fresh" or not is_run(folder):
        return None
    run = read_run(folder)
    differing = run.info.differences(info)
    if differing:
        names = ", ".join(differing)
        raise RunError(
            f"The run {folder.name} cannot go on: {names} differ from then.",
            "Replace it with --fresh, or choose another --name.",
            what_zh=f"运行 {folder.name} 不能继续：{names} 与当时不同。",
            hint_zh="请用 --fresh 替换，或用 --name 另取名称。",
        )
    return run
