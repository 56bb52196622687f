"""BM25 against its formula, and on disk."""

from __future__ import annotations

import math
import time
from collections import Counter
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.index.passages import Passage, make_passages
from policybot.index.postings import HEADING, K1, B, load_postings, make_postings, save_postings
from policybot.index.tokens import tokenise

words = st.lists(st.sampled_from(["碳", "煤", "风", "电", "2030", "gas"]), max_size=6).map(" ".join)


def passage(number: int, head: str, body: str) -> Passage:
    return Passage(str(number), str(number), head + "\n" + body, len(head) + 1)


@given(
    st.lists(st.tuples(words, words), min_size=1, max_size=6), st.sampled_from(["碳", "2030", "gas", "无"])
)
def test_scores_follow_the_formula(texts: list[tuple[str, str]], token: str) -> None:
    passages = [passage(n, head, body) for n, (head, body) in enumerate(texts)]
    frequencies = []
    for head, body in texts:
        counts: Counter[str] = Counter(tokenise(body))
        weighted = {t: counts[t] + HEADING * tokenise(head).count(t) for t in {*counts, *tokenise(head)}}
        frequencies.append(weighted)
    lengths = [sum(f.values()) for f in frequencies]
    mean = sum(lengths) / len(lengths)
    spread = sum(token in f for f in frequencies)
    idf = math.log(1 + (len(texts) - spread + 0.5) / (spread + 0.5))
    expected = [
        idf * f[token] * (K1 + 1) / (f[token] + K1 * (1 - B + B * length / mean)) if token in f else 0.0
        for f, length in zip(frequencies, lengths, strict=True)
    ]
    postings = make_postings(passages)
    assert np.allclose(postings.scores({token: 2.0}), 2 * np.array(expected), rtol=1e-5)
    assert math.isclose(postings.idf(token), idf, rel_tol=1e-6)
    assert postings.spread(token) == spread


def test_tokens_add_up_and_unknown_ones_are_ignored() -> None:
    postings = make_postings([passage(0, "", "风电 水电"), passage(1, "", "煤电")])
    both = postings.scores({"风电": 1.0, "煤电": 0.5, "核电": 9.0})
    assert np.allclose(both, postings.scores({"风电": 1}) + 0.5 * postings.scores({"煤电": 1}))
    assert not postings.scores({}).any()


def test_saved_and_loaded_postings_score_alike_and_fast(tmp_path: Path) -> None:
    passages = make_passages(load_corpus())
    made = make_postings(passages)
    save_postings(made, tmp_path)
    loaded = load_postings(tmp_path, len(passages))
    query = dict.fromkeys(tokenise("到2030年非化石能源消费比重达到多少？ coal power"), 1.0)
    assert loaded.numbers == made.numbers
    assert np.array_equal(loaded.scores(query), made.scores(query))
    start = time.perf_counter()
    for _ in range(100):
        loaded.scores(query)
    assert (time.perf_counter() - start) / 100 < 2e-3
