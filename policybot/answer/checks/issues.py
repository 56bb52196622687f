"""What the citation check may find wrong, and how it says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from policybot.answer.datafiles import DATA
from policybot.retrieve.datafile import bad_data, read_toml

IssueKind = Literal[
    "source",
    "lines",
    "document",
    "quote",
    "blank",
    "duplicate",
    "variant",
    "unmarked",
    "mark",
    "number",
    "label",
    "quoted",
    "result",
    "year",
]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong.

    `start`/`end` are the place in the answer's text (0, 0 when it is not in the text); `citation` and
    `result` are positions in the answer's lists; `slots` fill the message.
    """

    kind: IssueKind
    slots: Mapping[str, str | int]
    start: int = 0
    end: int = 0
    citation: int | None = None
    result: int | None = None

    def message(self, language: str) -> str:
        """What is wrong, in "zh" or "en", without a full stop."""
        return messages()[language][self.kind].format_map(dict(self.slots))


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What the check found: `issues` in order, and the spans of the sentences that hold one."""

    issues: tuple[Issue, ...]
    failed_sentences: tuple[tuple[int, int], ...]

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        return not self.issues


@cache
def messages(path: Path = DATA / "check.toml") -> dict[str, dict[str, str]]:
    """The check's wording by language.

    Raises:
        CorpusError: the file is missing or not TOML, or its languages do not have the same keys.
    """
    data = read_toml(path)
    if set(data) != {"zh", "en"} or set(data["zh"]) != set(data["en"]):
        raise bad_data(path, "it must have the sections [zh] and [en] with the same keys")
    return data
