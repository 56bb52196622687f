"""The trace of one question of a run: asked, expected, said, retrieved, judged and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from policybot.cli.messages import say
from policybot.cli.output import Line, line

if TYPE_CHECKING:
    from policybot.evaluation.runs import Result, Run

SHOWN = 400  # characters of a quote


def trace_lines(run: Run, result: Result, units: Sequence[frozenset[str]], language: str) -> list[Line]:
    """Everything about one result.

    Args:
        units: its gold clauses, to mark them among what was cited and retrieved.
    """
    question, answer, verdict = result.question, result.answer, result.verdict
    gold = frozenset().union(*units)
    lines = [
        Line(((f"{result.id}  ", "number"), (str(question["question"]), "strong")), 0, 2),
        line(f"{run.name} · {question['language']} · {question['type']}", "dim"),
    ]
    for turn in question.get("history") or []:
        lines.append(line(f"{turn['question']} → {turn['answer'][:SHOWN]}", "dim", indent=2))
    lines += [line(), line(say("eval-expected", language), "dim"), *_expected(question, language)]
    lines += [line(), line(say("eval-got", language), "dim")]
    lines.append(
        Line(((f"{answer.get('status')}  ", "strong"), (f"{answer.get('confidence') or 0:.2f}", "dim")), 2)
    )
    lines += [line(text, indent=2, hang=2) for text in str(answer.get("answer", "")).split("\n")]
    for citation in answer.get("citations") or []:
        name = str(citation.get("clause_id") or citation.get("clause"))
        mark = "★ " if name in gold else ""
        place = f"{citation.get('source')}:{citation.get('line_start')}"
        parts = ((f"[{citation.get('n')}] {mark}", "number"), (f"{name}  ", ""), (place, "dim"))
        lines += [Line(parts, 2, 4), line(str(citation.get("quote"))[:SHOWN], indent=6)]
    if answer.get("steps"):
        lines += [line(), line(say("eval-steps", language), "dim")]
        lines += [_step(step) for step in answer["steps"]]
    lines += [line(), line(say("eval-retrieved", language), "dim")]
    for rank, hit in enumerate(result.retrieved, 1):
        mark = "★ " if gold.intersection({hit["clause_id"], *hit["copies"]}) else "  "
        copies = f"  (= {', '.join(hit['copies'])})" if hit["copies"] else ""
        parts = ((f"{rank:>2} {mark}", "number"), (f"{hit['score']:.3f}  ", "dim"), (hit["clause_id"], ""))
        lines.append(Line((*parts, (copies, "dim")), 2, 6))
    right = bool(verdict.get("right"))
    lines += [
        line(),
        line(say("eval-right" if right else "eval-wrong", language), "good" if right else "bad"),
    ]
    return lines + [line(text, indent=2, hang=2) for text in reasons(question, verdict, language)]


def reasons(question: dict[str, Any], verdict: dict[str, Any], language: str) -> Iterator[str]:
    """Why it was judged so, sentence by sentence."""
    status = str(verdict.get("status"))
    accepted = question.get("accept_status") or (["answered"] if question["answerable"] else ["not_found"])
    key = "eval-why-status" if status in accepted else "eval-why-other-status"
    yield say(key, language, status=status, accepted=", ".join(accepted))
    if status != "not_found":
        for group in verdict.get("missing") or ():
            yield say("eval-why-missing", language, words=" / ".join(group))
        if question["must_contain"] and not verdict.get("missing"):
            yield say("eval-why-contains", language)
        for word in verdict.get("forbidden") or ():
            yield say("eval-why-forbidden", language, word=word)
    if verdict.get("kept") is False:
        yield say("eval-why-qualifier", language, word=question.get("qualifier", ""))
    if verdict.get("cited") is not None:
        yield say("eval-why-cited" if verdict["cited"] else "eval-why-not-cited", language)
    if verdict.get("units"):
        yield say("eval-why-units", language, cited=verdict["cited_units"], needed=verdict["units"])
    if verdict.get("verbatim") != verdict.get("quotes"):
        yield say("eval-why-quotes", language, verbatim=verdict["verbatim"], quotes=verdict["quotes"])
    if verdict.get("unaccounted"):
        yield say("eval-why-numbers", language, numbers=", ".join(verdict["unaccounted"]))


def _expected(question: dict[str, Any], language: str) -> Iterator[Line]:
    if not question["answerable"]:
        yield line(say("eval-refusal-expected", language), indent=2)
    for group in question["must_contain"]:
        yield line(" / ".join(group), indent=2, hang=2)
    if question["must_not_contain"]:
        words = " / ".join(question["must_not_contain"])
        yield line(say("eval-not-expected", language, words=words), indent=2, hang=2)
    for group in question["gold"]:
        yield line("★ " + " + ".join(str(item["quote"])[:SHOWN] for item in group), "dim", indent=2, hang=4)


def _step(step: dict[str, Any]) -> Line:
    arguments = ", ".join(f"{k}={v}" for k, v in (step.get("arguments") or {}).items())
    parts = ((f"{step.get('tool')}", "number"), (f"({arguments[:SHOWN]})", ""))
    return Line((*parts, (f"  {step.get('summary') or ''}", "dim")), 2, 4)
