"""The index without some annotations, and what is measured with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from policybot.annotate.leaveout import without_annotations
from policybot.annotate.selfsearch import TOP, self_search
from policybot.annotate.worth import markdown, questions_about, table, worth
from policybot.evaluation.grader import finder_of
from policybot.evaluation.qaset import load_questions
from policybot.index.open import Index
from policybot.index.passages import make_passages
from policybot.index.postings import make_postings
from policybot.retrieve.search import Searcher

EVALS = Path(__file__).resolve().parents[2] / "evals"
SCHEME = "pilot-scheme-2023"


def test_it_is_what_a_build_would_make(index: Index) -> None:
    gone = [name for name in index.corpus.annotations if name.startswith(SCHEME)]
    bare = without_annotations(index, gone)
    assert bare.passages == make_passages(bare.corpus)
    assert not set(gone) & set(bare.corpus.annotations)
    rows = {p.id: n for n, p in enumerate(index.passages)}
    assert np.array_equal(bare.vectors, index.vectors[[rows[p.id] for p in bare.passages]])
    built = make_postings(bare.passages)
    assert list(bare.postings.numbers) == list(built.numbers)
    assert np.array_equal(bare.postings.starts, built.starts)
    assert np.array_equal(bare.postings.rows, built.rows)
    # Only the mean length differs, which moves a weight by less than two percent here.
    assert np.allclose(bare.postings.weights, built.weights, rtol=0.02)


def test_a_question_is_found_by_its_annotation_only(index: Index) -> None:
    name = "opinions-2021/五/（九）"
    question = "我们市能耗降不下来，新项目还批不批？"
    assert question in index.corpus.annotations[name].questions_zh
    with_it = Searcher(index).search(question, k=1)[0]
    assert name in (with_it.clause_id, *with_it.copies)
    bare = without_annotations(index, [name])
    assert f"{name}@1" in {p.id for p in index.passages} - {p.id for p in bare.passages}


def test_a_sample_is_the_same_for_the_same_seed(index: Index) -> None:
    found, again = self_search(index, 4, seed=3), self_search(index, 4, seed=3)
    assert found == again and found.clauses == 4
    assert sum(found.asked.values()) == sum(found.found.values()) + len(found.misses)
    assert all(not 0 < miss.rank <= TOP for miss in found.misses)
    assert {m.clause for m in self_search(index, 4, seed=4).misses} != {m.clause for m in found.misses}


def test_worth_counts_the_questions_of_a_document(index: Index) -> None:
    finder = finder_of(index.corpus)
    asked = load_questions(EVALS / "dev2.jsonl")
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
