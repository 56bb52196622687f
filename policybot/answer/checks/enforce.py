"""Answers without what the citation check found wrong.

Sentences that fail are removed, and an answer of which nothing is left becomes a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from policybot.answer.checks.check import check_answer
from policybot.answer.checks.issues import CheckReport, Issue, messages
from policybot.answer.checks.text import find_marks, sentences
from policybot.answer.model import Answer, ResultEntry
from policybot.answer.tracing.stages import checked, timed
from policybot.corpus.model import Corpus

_ROUNDS = 8  # removing a sentence can leave a citation unused, and so on; each round removes something


@timed("check")
def enforce(answer: Answer, corpus: Corpus) -> Answer:
    """The answer without what the check found wrong; the answer itself when nothing is.

    Sentences with an issue, citations that are not verbatim or not used and results that no quote
    carries are removed, until the check passes. `warnings` say how much was removed and why. When no
    cited sentence is left, the status becomes "not_found" and the text says what failed.
    """
    report = check_answer(answer, corpus)
    counts = len(sentences(answer.answer)), len(answer.citations), len(answer.results)
    if report.ok:
        checked(counts)
        return answer
    had_marks = bool(find_marks(answer.answer))
    total = max(1, counts[0])
    current, first = answer, report
    removed = _Removed()
    for _ in range(_ROUNDS):
        current = _without(current, report, removed)
        report = check_answer(current, corpus)
        if report.ok:
            break
    checked(counts, (removed.sentences, removed.citations, removed.results), removed.issues or report.issues)
    language = "zh" if answer.language == "zh" else "en"
    why = _why(removed.issues or list(first.issues), language)
    lost = had_marks and not find_marks(current.answer) and answer.status != "not_found"
    if not report.ok or lost or not current.answer.strip():
        return replace(
            answer,
            status="not_found",
            answer=messages()[language]["refused"].format(why=why),
            citations=[],
            results=[],
            confidence=0.0,
            warnings=[*answer.warnings, *removed.warnings(language)],
        )
    kept = 1 - removed.sentences / total
    return replace(
        current,
        confidence=answer.confidence * max(0.0, kept),
        warnings=[*answer.warnings, *removed.warnings(language)],
    )


@dataclass(slots=True)
class _Removed:
    """What has been taken out of an answer, and why."""

    sentences: int = 0
    citations: int = 0
    results: int = 0
    issues: list[Issue] = field(default_factory=list)

    def warnings(self, language: str) -> list[str]:
        found = []
        for key, count, kinds in (
            ("removed_sentences", self.sentences, ("mark", "number", "label", "quoted")),
            (
                "removed_citations",
                self.citations,
                ("source", "lines", "document", "quote", "blank", "duplicate", "variant", "unmarked"),
            ),
            ("removed_results", self.results, ("result", "year")),
        ):
            if count:
                why = _why([i for i in self.issues if i.kind in kinds], language)
                found.append(messages()[language][key].format(count=count, why=why))
        return found


def _without(answer: Answer, report: CheckReport, removed: _Removed) -> Answer:
    """The answer without the sentences, citations and results that have an issue."""
    text = answer.answer
    for start, end in reversed(report.failed_sentences):
        text = text[:start] + text[end:]
    lines = [line.strip(" ") for line in text.split("\n")]
    text = "\n".join(line for line in lines if line)
    bad = {i.citation for i in report.issues if i.citation is not None and i.kind != "variant"}
    varied = {i.citation for i in report.issues if i.kind == "variant"}
    citations = [
        replace(citation, variants=()) if at in varied else citation
        for at, citation in enumerate(answer.citations)
        if at not in bad
    ]
    results: list[ResultEntry] = []
    kinds = {i.result: i.kind for i in report.issues if i.result is not None}
    for at, result in enumerate(answer.results):
        if at not in kinds:
            results.append(result)
        elif kinds[at] == "year":
            results.append(replace(result, year=None))
    removed.sentences += len(report.failed_sentences)
    removed.citations += len(bad | varied)
    removed.results += len(kinds)
    removed.issues.extend(
        i for i in report.issues if i.message("en") not in {k.message("en") for k in removed.issues}
    )
    return replace(answer, answer=text, citations=citations, results=results)


def _why(issues: list[Issue], language: str) -> str:
    said = list(dict.fromkeys(issue.message(language) for issue in issues))
    shown = said[:3]
    return messages()[language]["joiner"].join(shown) + ("…" if len(said) > len(shown) else "")
