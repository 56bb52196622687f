"""Is a question set fit to measure with? Duplicates, gold that is not there, answers given away, leaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from policybot.corpus.model import Corpus
from policybot.errors import PolicybotError
from policybot.evaluation.gold import GoldFinder
from policybot.evaluation.grader import Grader
from policybot.evaluation.likeness import NEAR, alike, bare
from policybot.evaluation.matching import contains
from policybot.evaluation.qaset import Question, QuestionSetError, check_quotes, read_questions
from policybot.evaluation.sets import find_set, is_held_out

Kind = Literal["line", "duplicate", "near", "gold", "clause", "given-away", "shared"]
# A near-duplicate is often meant (the same question in other words), and two sets may ask about one clause:
# these are told, but only the others make a set wrong.
NOTES: frozenset[Kind] = frozenset({"near", "shared"})
FEW = 3  # questions that show one gold clause shared between development and held-out sets


@dataclass(frozen=True)
class Finding:
    """One thing found. `where` names set and id ("dev:s001") of each question concerned."""

    kind: Kind
    where: tuple[str, ...]
    detail: str = ""
    detail_zh: str = ""

    @property
    def wrong(self) -> bool:
        """Whether it makes the set unfit."""
        return self.kind not in NOTES


@dataclass(frozen=True)
class SetReport:
    """What is known about one set; shares are counts of questions."""

    name: str
    questions: int
    held_out: bool
    near_annotation: int
    shares: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckReport:
    """Sets and findings. `shared_clauses`: gold clauses (copies as one) of development and held-out sets."""

    sets: list[SetReport]
    findings: list[Finding]
    shared_clauses: int = 0

    @property
    def wrong(self) -> list[Finding]:
        """The findings that make a set unfit."""
        return [f for f in self.findings if f.wrong]


@dataclass(frozen=True)
class _Asked:
    set: str
    held_out: bool
    question: Question

    @property
    def place(self) -> str:
        return f"{self.set}:{self.question.id}"


def check_sets(names: Sequence[str], corpus: Corpus) -> CheckReport:
    """Checks the sets, each by itself and one against the other.

    Raises:
        PolicybotError: a set cannot be found or read at all.
    """
    findings: list[Finding] = []
    asked: list[_Asked] = []
    reports: list[SetReport] = []
    sets: dict[str, list[_Asked]] = {}
    for file in (find_set(name) for name in dict.fromkeys(names)):
        questions, errors = read_questions(file)
        if not questions and not errors:
            errors = [QuestionSetError(file, 0, "it has no question", "其中没有问题")]
        findings += [_line(file.stem, error) for error in errors]
        sets[file.stem] = [_Asked(file.stem, is_held_out(file), q) for q in questions]
        asked += sets[file.stem]
    graders = {name: Grader(corpus, [a.question for a in members]) for name, members in sets.items()}
    for name, members in sets.items():
        findings += _gold(members, corpus, graders[name].finder)
        findings += [_given_away(a) for a in members if gives_away(a.question)]
        reports.append(_report(name, members, graders[name]))
    findings += _repeats(asked)
    shared = _shared(asked, graders)
    return CheckReport(reports, sorted(findings + shared, key=lambda f: not f.wrong), len(shared))


def gives_away(question: Question) -> bool:
    """Whether repeating the question would pass: it has every value that the answer must contain."""
    wants = question.answerable and "not_found" not in question.accepted and bool(question.must_contain)
    return (
        wants
        and not any(contains(question.question, w) for w in question.must_not_contain)
        and all(any(contains(question.question, w) for w in group) for group in question.must_contain)
    )


def _line(name: str, error: PolicybotError) -> Finding:
    return Finding("line", (name,), error.what, error.what_zh)


def _given_away(asked: _Asked) -> Finding:
    values = "; ".join("/".join(group) for group in asked.question.must_contain)
    return Finding("given-away", (asked.place,), values, values)


def _gold(members: Sequence[_Asked], corpus: Corpus, finder: GoldFinder) -> list[Finding]:
    """Quotes that stand in no source, and quotes that stand in a source but in no clause together."""
    sources = [source.text for source in corpus.sources.values()]
    found = []
    for one in members:
        absent = set(check_quotes([one.question], sources))
        for quote in finder.missing(one.question):
            kind: Kind = "gold" if f"{one.question.id}: {quote}" in absent else "clause"
            found.append(Finding(kind, (one.place,), quote, quote))
    return found


def _repeats(asked: Sequence[_Asked]) -> list[Finding]:
    """Questions that are the same, or nearly, the most alike first; after other turns the same words are
    another question."""
    found = []
    texts = [a.question.question for a in asked]
    for pair in sorted(alike(texts, NEAR), key=lambda pair: -pair.likeness):
        first, second = asked[pair.first], asked[pair.second]
        if first.question.history != second.question.history:
            continue
        same = bare(texts[pair.first]) == bare(texts[pair.second])
        detail = "" if same else f"{pair.likeness:.2f}"
        found.append(Finding("duplicate" if same else "near", (first.place, second.place), detail, detail))
    return found


def _shared(asked: Sequence[_Asked], graders: Mapping[str, Grader]) -> list[Finding]:
    """Gold clauses that both a development set and a held-out set ask about; copies count as one."""
    development: dict[str, list[str]] = {}
    for one in asked:
        if not one.held_out:
            for clause in frozenset().union(*graders[one.set].units[one.question.id]):
                development.setdefault(clause, []).append(one.place)
    found: dict[frozenset[str], list[str]] = {}
    for one in asked:
        for unit in graders[one.set].units[one.question.id] if one.held_out else ():
            others = sorted({place for clause in unit for place in development.get(clause, ())})
            if others:
                found.setdefault(unit, others[:FEW]).append(one.place)
    names = {unit: min(unit, key=lambda clause: (len(clause), clause)) for unit in found}
    return [Finding("shared", tuple(places), names[u], names[u]) for u, places in found.items()]


def _report(name: str, members: Sequence[_Asked], grader: Grader) -> SetReport:
    questions = [a.question for a in members]
    documents = Counter(d for q in questions for d in grader.documents[q.id])
    shares: dict[str, dict[str, int]] = {
        "language": dict(Counter(q.language for q in questions).most_common()),
        "type": dict(Counter(q.type for q in questions).most_common()),
        "document": dict(documents.most_common()),
        "answerable": dict(Counter(str(q.answerable).lower() for q in questions).most_common()),
    }
    held_out = any(a.held_out for a in members)
    return SetReport(name, len(questions), held_out, len(grader.near_annotation), shares)
