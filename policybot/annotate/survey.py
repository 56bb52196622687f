"""All annotations of a corpus checked: complete, fresh, each by the rules, none the double of another.

The word lists that searches rest on are checked with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from policybot.annotate.rules import Finding, check_one
from policybot.annotate.wordlists import check_word_lists, questions_in
from policybot.corpus.annotations import load_annotations, wants_annotation
from policybot.corpus.model import Corpus
from policybot.evaluation.likeness import NEAR, alike, alike_between, bare, questions_of, unanswered_of
from policybot.evaluation.qaset import load_questions
from policybot.facts.glossary import Glossary

# Two clauses of one document may be asked about in like words, but not in the same ones.
SAME_DOCUMENT = 0.85
HELD_OUT = "test"  # question sets of which nothing is shown


@dataclass(frozen=True)
class Overlap:
    """A question set beside the annotations.

    `alike` are the ids of its questions that are nearly an annotation's question, `same` counts those that
    are so word for word, `terms` are the ids of those that are an entry of glossary or thesaurus. `pairs`
    shows the first: id, clause, likeness (0…1), and both questions; it is empty for a held-out set.
    """

    name: str
    questions: int
    alike: tuple[str, ...]
    same: int
    terms: tuple[str, ...]
    pairs: tuple[tuple[str, str, float, tuple[str, str]], ...] = ()


@dataclass
class Survey:
    """What was found. `wanted` clauses get an annotation, `present` have one; questions by language."""

    wanted: int
    present: int
    questions: dict[str, int]
    faults: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    sets: list[Overlap] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """True when there is no fault."""
        return not self.faults


def survey(corpus: Corpus, root: Path, evals: Path | None = None) -> Survey:
    """Check the annotations in `root`.

    Args:
        corpus: the documents, loaded from `root`.
        evals: folder with question sets to compare with; None where there is none.

    Raises:
        CorpusError: a line of an annotation file is malformed.
        QuestionSetError: a question set cannot be read.
    """
    loaded = load_annotations(root, corpus.clauses, corpus.documents)
    wanted = [clause for clause in corpus.clauses.values() if wants_annotation(clause)]
    notes = loaded.annotations
    counts = {
        "zh": sum(len(a.asked_zh) for a in notes.values()),
        "en": sum(len(a.asked_en) for a in notes.values()),
    }
    result = Survey(len(wanted), sum(c.id in notes for c in wanted), counts)
    result.faults += [Finding("stale", name) for name in loaded.stale]
    result.faults += [Finding("unknown", name) for name in loaded.unknown]
    result.faults += [Finding("uneven", name) for name in loaded.uneven]
    stale = frozenset(loaded.stale)
    for clause in wanted:
        if clause.id not in notes:
            if clause.id not in stale:
                result.faults.append(Finding("missing", clause.id))
            continue
        faults, remarks = check_one(corpus, clause, notes[clause.id])
        result.faults += faults
        result.notes += remarks
    for language in ("zh", "en"):
        _doubles(corpus, questions_of(notes, [language]), result)
        _contradicted(corpus, language, result)
    for file in sorted(evals.glob("*.jsonl")) if evals is not None else ():
        result.sets.append(overlap(file, corpus))
    result.faults += check_word_lists(Glossary.load())
    result.faults += [Finding("term-of-set", i, made.name) for made in result.sets for i in made.terms]
    return result


def overlap(file: Path, corpus: Corpus) -> Overlap:
    """How many questions of a set are nearly one of the annotations' questions.

    Raises:
        QuestionSetError: the set cannot be read.
    """
    asked = load_questions(file)
    pairs: list[tuple[str, str, float, tuple[str, str]]] = []
    same: set[str] = set()
    for language in ("zh", "en"):
        own = questions_of(corpus.annotations, [language]) + unanswered_of(corpus, [language])
        chosen = [q for q in asked if q.language == language]
        for pair in alike_between([q.question for q in chosen], [text for _, text in own], NEAR):
            question, (clause, text) = chosen[pair.first], own[pair.second]
            pairs.append((question.id, clause, round(pair.likeness, 2), (question.question, text)))
            if bare(question.question) == bare(text):
                same.add(question.id)
    shown = () if file.stem.startswith(HELD_OUT) else tuple(pairs)
    alike_ids = tuple(dict.fromkeys(pair[0] for pair in pairs))
    return Overlap(file.stem, len(asked), alike_ids, len(same), tuple(questions_in(asked)), shown)


def _contradicted(corpus: Corpus, language: str, result: Survey) -> None:
    """Questions that are said both to have an answer and to have none."""
    answered, others = questions_of(corpus.annotations, [language]), unanswered_of(corpus, [language])
    known = {bare(text): clause for clause, text in answered}
    for clause, text in others:
        if (found := known.get(bare(text))) is not None:
            result.faults.append(Finding("answered", clause or found, text, found))


def _doubles(corpus: Corpus, own: Sequence[tuple[str, str]], result: Survey) -> None:
    """Questions of two clauses that are nearly one: a fault within a document, a note across documents."""
    for pair in alike([text for _, text in own], SAME_DOCUMENT):
        (one, first), (other, second) = own[pair.first], own[pair.second]
        if one == other:
            continue  # the rules of one annotation are stricter
        inside = corpus.clauses[one].document == corpus.clauses[other].document
        found = Finding("shared", one, first if first == second else f"{first} = {second}", other)
        (result.faults if inside else result.notes).append(found)
