"""The index without some annotations, and without all of them."""

from __future__ import annotations

import numpy as np

from policybot.evaluation.leaveout import without_annotations
from policybot.index.open import Index
from policybot.index.passages import NOTE, make_passages
from policybot.index.postings import make_postings
from policybot.retrieve.search import Searcher

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


def test_without_all_of_them_word_weights_are_exact(index: Index) -> None:
    bare = without_annotations(index, index.corpus.annotations)
    assert 0 < len(bare.passages) < len(index.passages)
    assert len(bare.vectors) == len(bare.passages)
    assert not any(NOTE in p.id[len(p.clause) :] for p in bare.passages)
    assert not bare.corpus.annotations and index.corpus.annotations
    assert np.array_equal(bare.postings.weights, make_postings(bare.passages).weights)
