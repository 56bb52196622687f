"""`policybot eval run --corpus`: a public question set over its own passages, measured like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from policybot.cli.output import Progress
from policybot.cli.session import Session
from policybot.errors import PolicybotError

if TYPE_CHECKING:
    from policybot.evaluation.begin import Mode
    from policybot.evaluation.runs import Run, RunInfo


@dataclass(frozen=True)
class Outside:
    """What to read: a file or folder, its format, and which set of it ("" where there is one)."""

    path: Path
    form: str
    set: str = ""


def outside(corpus: Path | None, form: str | None, sets: Sequence[str] | None, **others: object) -> Outside:
    """The options of the command line put together; `others` are options that do not go with them.

    Raises:
        PolicybotError: --corpus or --format is missing, several sets are named, or others are given.
    """
    if corpus is None or form is None:
        raise PolicybotError(
            "--corpus and --format belong together.",
            "Write --corpus PATH --format squad, or --format beir.",
            what_zh="--corpus 与 --format 须同时给出。",
            hint_zh="请写成 --corpus 路径 --format squad，或 --format beir。",
        )
    given = [f"--{name}" for name, value in others.items() if value]
    if len(sets or ()) > 1:
        given.append("several sets")
    if given:
        listed = ", ".join(given)
        raise PolicybotError(
            f"{listed} cannot be used with --corpus.",
            "One set over its own passages is asked as a whole, by the planner.",
            what_zh=f"{listed.replace('several sets', '多个问题集')} 不能与 --corpus 一起使用。",
            hint_zh="每次只能测一个自带段落的问题集，整体由规划器回答。",
        )
    return Outside(corpus.expanduser(), form, sets[0] if sets else "")


def start_outside(session: Session, wanted: Outside, out: Path | None, name: str | None, mode: Mode) -> Run:
    """Reads the set, measures it in a temporary home and returns the finished run.

    Raises:
        PolicybotError: the set or the run folder cannot be used.
    """
    from policybot.cli.eval_run import bar
    from policybot.evaluation.outside import read_outside
    from policybot.evaluation.outside_run import info_of, run_outside
    from policybot.evaluation.retrieval import need_measures
    from policybot.evaluation.runs import read_run

    need_measures()
    found = read_outside(wanted.path, wanted.form, wanted.set)
    folder = _folder(session, info_of(found), out, name, mode)
    with Progress(session) as progress, bar(session, "eval-asking") as report:
        run_outside(found, folder, progress, report)
    return read_run(folder)


def _folder(session: Session, info: RunInfo, out: Path | None, name: str | None, mode: Mode) -> Path:
    from policybot.evaluation.begin import check_name, choose_folder, use_folder
    from policybot.evaluation.runs import FOLDER, RunError, is_run

    root = session.home.root / FOLDER
    if out is None and name is None:
        return choose_folder(root, info, "fresh")[0]
    folder = out.expanduser().absolute() if out is not None else root / check_name(name or "")
    if is_run(folder) and mode != "fresh":
        raise RunError(
            f"The run {folder.name} exists.",
            "Replace it with --fresh, or choose another --name.",
            what_zh=f"运行 {folder.name} 已存在。",
            hint_zh="请用 --fresh 替换，或用 --name 另取名称。",
        )
    use_folder(folder, info, "fresh")
    return folder
