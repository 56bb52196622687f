"""The plan behind an answer as lines for people: steps with arguments and results, times, checks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from policybot.answer.model import Answer
from policybot.cli.messages import FOLDER, catalogue, say
from policybot.cli.output import Line, line
from policybot.cli.wrap import one_line

STEPS = FOLDER / "steps.toml"
_SHOWN = 6  # values of a list shown of an argument


def render_plan(answer: Answer) -> list[Line]:
    """What stands beneath an answer with --explain."""
    language = answer.language
    end = say(
        "plan-end",
        language,
        engine=answer.engine,
        confidence=f"{answer.confidence:.2f}",
        ms=answer.elapsed_ms,
    )
    head = [line(), line(say("plan", language), "dim")]
    steps = [(s.tool, s.arguments, s.summary) for s in answer.steps]
    return [*head, *render_steps(steps, language), line(end, "dim", indent=2)]


def render_steps(steps: Iterable[tuple[str, Mapping[str, Any], str]], language: str) -> list[Line]:
    """One line a step: what was done, with what, and what came of it."""
    lines = []
    for n, (tool, arguments, summary) in enumerate(steps, 1):
        given = _joined(
            [
                f"{word('argument', k, language)}={_value(v)}"
                for k, v in arguments.items()
                if v not in ("", [])
            ],
            language,
        )
        found = _summary(summary, language)
        parts = (
            (f"{n}. ", "number"),
            (word("tool", tool, language), ""),
            (f"  {given}" if given else "", "dim"),
            (f" → {found}" if found else "", ""),
        )
        lines.append(Line(parts, indent=2, hang=3))
    return lines or [line(say("plan-none", language), indent=2)]


def render_check(check: Mapping[str, Any], language: str) -> list[Line]:
    """What the citation check looked at, and what it took out and why."""
    removed: Mapping[str, int] = check.get("removed") or {}
    counts = {key: check.get(key, 0) for key in ("sentences", "citations", "results")}
    issues: Sequence[Mapping[str, str]] = check.get("issues") or ()
    if not issues and not any(removed.values()):
        return [line(say("trace-checked", language, **counts))]
    gone = {f"gone_{key}": removed.get(key, 0) for key in counts}
    lines = [line(say("trace-removed", language, **counts, **gone), "warning")]
    return lines + [line(one_line(str(i.get(language, ""))), indent=2, hang=2) for i in issues]


def stage_text(name: str, ms: float, language: str) -> str:
    """A stage with its time; a name without a wording stays as it is."""
    key = f"stage-{name}"
    known = say(key, language) if key in catalogue() else name
    return say("trace-stage", language, stage=known, ms=f"{ms:.1f}")


def word(kind: str, name: str, language: str) -> str:
    """The wording of a tool or argument, its name where there is none."""
    found = wordings().get(kind, {}).get(name)
    return name if found is None else str(found[language])


@cache
def wordings() -> dict[str, dict[str, Any]]:
    """`data/steps.toml`."""
    return tomllib.loads(STEPS.read_text(encoding="utf-8"))


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        shown = ",".join(str(v) for v in value[:_SHOWN])
        return f"{shown},…" if len(value) > _SHOWN else shown
    return one_line(str(value))


def _joined(parts: Sequence[str], language: str) -> str:
    return ("，" if language == "zh" else ", ").join(parts)


def _summary(text: str, language: str) -> str:
    text = one_line(text)
    if language != "zh":
        return text
    for english, chinese in wordings()["summary"].items():
        pattern = re.escape(english).replace(r"\{n\}", r"(?P<n>\d+)").replace(r"\{m\}", r"(?P<m>\d+)")
        if found := re.fullmatch(pattern, text):
            return str(chinese).format(**found.groupdict())
    return text
