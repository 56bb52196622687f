"""What a single annotation must be; the same for those of the built-in documents and those a model writes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from policybot.annotate.numbers import FEW, dropped, invented, measured, stated
from policybot.annotate.ownwords import OwnWords
from policybot.corpus.annotations import clause_sentences
from policybot.corpus.model import Annotation, Clause, Corpus
from policybot.evaluation.likeness import alike, bare
from policybot.facts.glossary import Glossary
from policybot.text import is_han, language_of, squash

FEWEST, MOST = 6, 10  # questions of each language
# A clause of at most so many characters (a heading, "the term is five years") bears fewer questions.
SHORT, FEWEST_SHORT = 75, 2
OTHERS = 1 / 3  # of a longer clause's questions, at least so many are not in its own words
SAME = 0.8  # two questions of one clause this much alike are one question


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about an annotation: `kind` is a name of `policybot.cli`'s sentences ("invented" …),
    `detail` the number, question or share that it is about, `other` the clause on the other side."""

    kind: str
    clause: str
    detail: str = ""
    other: str = ""


def check_one(corpus: Corpus, clause: Clause, annotation: Annotation) -> tuple[list[Finding], list[Finding]]:
    """Faults and notes of one annotation."""
    faults: list[Finding] = []
    notes: list[Finding] = []

    def fault(kind: str, detail: str = "") -> None:
        faults.append(Finding(kind, clause.id, detail))

    text = stated(corpus, clause)
    for number in invented(annotation.gist_en, text):
        fault("invented", number)
    left = [] if clause.table else dropped(annotation.gist_en, text)  # a table has too many to tell
    if left:
        (faults if measured(text) <= FEW else notes).append(Finding("dropped", clause.id, "、".join(left)))
    for (start, end), english in zip(clause_sentences(clause), annotation.english, strict=False):
        printed = clause.text.text[start:end]
        if any(map(is_han, english)):
            fault("untranslated", english)
        apart = [*invented(english, printed), *dropped(english, printed)]
        if apart:  # a note, as a "10 million mu" for 千万亩 is right and not understood
            notes.append(Finding("translated", clause.id, "、".join(apart)))
    if not annotation.tags:
        fault("untagged")
    for language, asked in (("zh", annotation.asked_zh), ("en", annotation.asked_en)):
        for question in asked:
            if (language == "zh") != any(map(is_han, question)) and language_of(question) != language:
                fault("language", question)
            if bare(question) in glossary_terms():
                fault("term", question)
        for pair in alike(asked, SAME):
            fault("twice", f"{asked[pair.first]} = {asked[pair.second]}")
    short = is_short(clause)
    for language, questions in (("zh", annotation.questions_zh), ("en", annotation.questions_en)):
        if not (FEWEST_SHORT if short else FEWEST) <= len(questions) <= MOST:
            fault(f"count-{language}", str(len(questions)))
    if not short:
        words = OwnWords.of(corpus, clause, annotation)
        share = words.other_words((*annotation.asked_zh, *annotation.asked_en))
        if share < OTHERS - 1e-9:
            fault("own-words", f"{100 * share:.0f}%")
    return faults, notes


def is_short(clause: Clause) -> bool:
    """Whether a clause is too short to bear many questions; a table never is."""
    return not clause.table and len(squash(clause.text.text)) <= SHORT


@cache
def glossary_terms() -> frozenset[str]:
    """Every term of glossary and thesaurus, bare."""
    glossary = Glossary.load()
    terms = {bare(term) for entry in glossary.entries for term in (*entry.en, *entry.zh)}
    terms |= {bare(term) for group in glossary.groups for term in (*group.everyday, *group.terms)}
    return frozenset(terms)
