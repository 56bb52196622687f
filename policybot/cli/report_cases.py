"""The failed questions of a run: what was expected, what came, what was retrieved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from policybot.cli.messages import catalogue, say
from policybot.cli.report_blocks import Case

if TYPE_CHECKING:
    from policybot.evaluation.runs import Result, Run

SHOWN = 10  # hits listed
LONGEST = 600  # characters of a quote or an answer


def cases_of(run: Run, language: str) -> list[Case]:
    """Every question that was not judged right (of a search alone: not found among ten), by type and id."""
    searched = run.info.engine == "search"
    failed = [r for r in run.results.values() if _failed(r, searched)]
    failed.sort(key=lambda r: (str(r.question.get("type", "")), r.id))
    return [_case(result, language, searched) for result in failed]


def type_name(kind: str, language: str) -> str:
    """A type of question in words."""
    key = f"report-type-{kind.replace('_', '-')}"
    return say(key, language) if key in catalogue() else kind


def _failed(result: Result, searched: bool) -> bool:
    if searched:
        return float((result.verdict.get("retrieval") or {}).get("recall@10", 0.0)) < 1
    return not result.verdict.get("right")


def _case(result: Result, language: str, searched: bool) -> Case:
    asked = result.question
    turns = [f"{t.get('question', '')} → {t.get('answer', '')}" for t in asked.get("history") or []]
    fields = [
        (say("report-type", language), [_kind(asked, language)]),
        (say("report-history", language), [_short(turn) for turn in turns]),
        (say("report-expected", language), _expected(asked, language)),
        (say("report-gold", language), [_short(quote) for quote in _gold(asked)]),
    ]
    if not searched:
        fields += [
            (say("report-got", language), [_got(result.answer, language)]),
            (say("report-why", language), _why(result.verdict, language)),
            (say("report-quoted", language), [_quoted(c) for c in result.answer.get("citations") or []]),
        ]
    fields.append((say("report-retrieved", language), [_hit(h) for h in result.retrieved[:SHOWN]]))
    return Case(result.id, str(asked.get("question", "")), str(asked.get("language", "")), fields)


def _kind(asked: Mapping[str, Any], language: str) -> str:
    spoken = say(f"report-language-{'zh' if asked.get('language') == 'zh' else 'en'}", language)
    return f"{type_name(str(asked.get('type', '')), language)}, {spoken}"


def _expected(asked: Mapping[str, Any], language: str) -> list[str]:
    if not asked.get("answerable", True):
        return [say("report-refusal-expected", language)]
    lines = [" / ".join(map(str, group)) for group in asked.get("must_contain") or []]
    banned = [str(word) for word in asked.get("must_not_contain") or []]
    if banned:
        lines.append(say("report-not-expected", language, words=" / ".join(banned)))
    return lines


def _gold(asked: Mapping[str, Any]) -> list[str]:
    groups = asked.get("gold") or []
    return [" + ".join(str(item.get("quote", "")) for item in group) for group in groups]


def _got(answer: Mapping[str, Any], language: str) -> str:
    status = str(answer.get("status", "error")).replace("_", "-")
    known = status if status in ("answered", "not-found", "clarify") else "error"
    confidence = answer.get("confidence")
    sure = f", {100 * float(confidence):.0f}%" if isinstance(confidence, int | float) else ""
    return f"[{say(f'report-status-{known}', language)}{sure}] {_short(str(answer.get('answer', '')))}"


def _why(verdict: Mapping[str, Any], language: str) -> list[str]:
    lines = [
        say("report-lacks", language, words=" / ".join(map(str, g))) for g in verdict.get("missing") or []
    ]
    lines += [say("report-forbidden", language, words=w) for w in verdict.get("forbidden") or []]
    strays = verdict.get("unaccounted") or []
    if strays:
        lines.append(say("report-strays", language, words=", ".join(map(str, strays))))
    return lines


def _quoted(citation: Mapping[str, Any]) -> str:
    place = f"{citation.get('title', '')} {citation.get('clause', '')}".strip()
    return f"[{citation.get('n', '')}] {place}: {_short(str(citation.get('quote', '')))}"


def _hit(hit: Mapping[str, Any]) -> str:
    copies = hit.get("copies") or []
    also = f" (+{len(copies)})" if copies else ""
    score = hit.get("score")
    shown = f" · {score:.3f}" if isinstance(score, int | float) else ""
    return f"{hit.get('clause_id', '')} {hit.get('label', '')}{also}{shown}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
