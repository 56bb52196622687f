"""What the search makes of annotations: a sample searched for, documents with and without theirs."""

from __future__ import annotations

from pathlib import Path

from policybot.annotate.selfsearch import TOP, self_search
from policybot.annotate.worth import markdown, questions_about, table, worth
from policybot.evaluation.grader import finder_of
from policybot.evaluation.qaset import load_questions
from policybot.index.open import Index

EVALS = Path(__file__).resolve().parents[2] / "evals"
SCHEME = "pilot-scheme-2023"


def test_a_sample_is_the_same_for_the_same_seed(index: Index) -> None:
    found, again = self_search(index, 2, seed=3), self_search(index, 2, seed=3)
    assert found == again and found.clauses == 2
    assert sum(found.asked.values()) == sum(found.found.values()) + len(found.misses)
    assert all(not 0 < miss.rank <= TOP for miss in found.misses)
    assert {m.clause for m in self_search(index, 2, seed=4).misses} != {m.clause for m in found.misses}


def test_worth_counts_the_questions_of_a_document(index: Index) -> None:
    finder = finder_of(index.corpus)
    asked = load_questions(EVALS / "dev2.jsonl")[::4]  # each is asked three times
    about = questions_about(asked, SCHEME, finder)
    assert about and all(
        any(name.startswith(f"{SCHEME}/") for unit in finder.units(q) for name in unit) for q in about
    )
    rows = worth(index, about)
    assert [row.document for row in rows][-1] == "all"
    scheme = next(row for row in rows if row.document == SCHEME)
    assert scheme.questions == len(about)
    assert scheme.full.recall[10] >= scheme.without.recall[10] > 0
    lines = markdown(table(rows)).splitlines()
    assert len(lines) == len(rows) + 2 and all(line.count("|") == lines[0].count("|") for line in lines)
