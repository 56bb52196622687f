"""Glossary and thesaurus checked beyond their schema, which is checked whenever they are loaded.

Loading refuses an English form in two rows unless `shared.csv` declares it. What it cannot see: two rows
with the same Chinese and different English, of which only one gives the label; lists that shrank; and a
term that is a question of a question set, which would be the answer written into the word list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from policybot.annotate.rules import Finding, glossary_terms
from policybot.evaluation.likeness import bare
from policybot.evaluation.qaset import Question
from policybot.facts.glossary import Glossary

FEWEST = 1500  # rows of both lists


def check_word_lists(glossary: Glossary) -> list[Finding]:
    """Faults of the lists; `Finding.clause` holds the Chinese of the row."""
    rows = len(glossary.entries) + len(glossary.groups)
    faults = [Finding("few-terms", "", str(rows))] if rows < FEWEST else []
    same: dict[tuple[str, frozenset[str]], list[str]] = defaultdict(list)
    for entry in glossary.entries:
        same["glossary", frozenset(entry.zh)].append(entry.en[0])
    for group in glossary.groups:
        same["thesaurus", frozenset(group.terms)].append(group.everyday[0])
    for (_, terms), labels in same.items():
        if len(labels) > 1:
            faults.append(Finding("same-term", ";".join(sorted(terms)), ", ".join(labels)))
    return faults


def questions_in(questions: Iterable[Question]) -> list[str]:
    """Ids of the questions that are an entry of glossary or thesaurus, word for word."""
    return [question.id for question in questions if bare(question.question) in glossary_terms()]
