"""Training on a small corpus: reproducible, finite, complete, and put in place in one step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.facts.glossary import Glossary
from policybot.facts.places import Places
from policybot.index import training
from policybot.index.passages import make_passages
from policybot.index.training import TrainingSettings, make_vocabulary, quantise, train, write_model
from policybot.index.training_data import Lexicon, Pair, PairSource, batches
from policybot.index.twin import load_static
from policybot.index.vocabulary import Vocabulary
from tests.index.small import write_corpus

SETTINGS = TrainingSettings(seed=3, epochs=2, dimension=16, max_tokens=4_000, buckets=16, batch=8)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    root = tmp_path_factory.mktemp("texts")
    write_corpus(root)
    return load_corpus(root)


def test_the_same_seed_gives_the_same_bytes(corpus: Corpus, tmp_path: Path) -> None:
    lines: list[str] = []
    one = train(tmp_path / "one", corpus, Glossary.load(), SETTINGS, lines.append)
    two = train(tmp_path / "two", corpus, Glossary.load(), SETTINGS)
    names = sorted(p.name for p in one.folder.iterdir())
    assert names == ["MODEL.md", "config.json", "scales.npy", "vocabulary.txt", "weights.npy"]
    for name in names:
        assert (one.folder / name).read_bytes() == (two.folder / name).read_bytes()
    assert one.fingerprint == two.fingerprint
    assert any("epoch 2/2" in line for line in lines)
    assert set(one.before) == set(one.after) != set()
    model = load_static(one.folder)
    assert np.isfinite(model.dense()).all()
    assert np.isfinite(model.encode("zxqvw")).all()
    assert len(model.vocabulary) == one.units
    other = train(
        tmp_path / "one", corpus, Glossary.load(), TrainingSettings(**{**SETTINGS.__dict__, "seed": 4})
    )
    assert other.fingerprint != one.fingerprint
    assert load_static(tmp_path / "one").fingerprint == other.fingerprint
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one", "two"]


def test_training_brings_a_heading_and_its_text_together(corpus: Corpus, tmp_path: Path) -> None:
    longer = TrainingSettings(**{**SETTINGS.__dict__, "epochs": 12})
    report = train(tmp_path / "model", corpus, Glossary.load(), longer)
    assert report.after["heading R@1"] >= report.before["heading R@1"]
    assert report.after["pseudo-query R@1"] >= 0.5
    model = load_static(tmp_path / "model")
    query, right, wrong = model.encode_many(["rooftop photovoltaic", "屋顶光伏覆盖率", "煤炭消费增长"])
    assert query @ right > query @ wrong


def test_a_failed_write_leaves_the_old_model(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vocabulary = Vocabulary(["碳", "达"], 4)
    weights, scales = quantise(np.ones((7, 4), np.float32))
    record = {
        "settings": SETTINGS.__dict__, "corpus": "c", "lexicon": "l", "passages": 1, "before": {}, "after": {}, "libraries": {},
    }  # fmt: skip
    out = tmp_path / "model"
    write_model(out, vocabulary, weights, scales, record)
    before = (out / "weights.npy").read_bytes()

    def full(folder: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(training, "replace_folder", full)
    with pytest.raises(OSError, match="No space"):
        write_model(out, vocabulary, weights * 2, scales, record)
    assert (out / "weights.npy").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["model"]


@given(
    st.lists(
        st.lists(st.floats(-5, 5, width=32, allow_subnormal=False), min_size=4, max_size=4),
        min_size=1,
        max_size=5,
    )
)
def test_quantised_rows_are_within_half_a_step(rows: list[list[float]]) -> None:
    weights = np.array(rows, np.float32)
    whole, scales = quantise(weights)
    assert np.isfinite(scales).all()
    assert (scales > 0).all()
    assert np.abs(whole * scales[:, None] - weights).max() <= scales.max() * 0.51


@given(st.lists(st.integers(0, 6), max_size=40), st.integers(2, 5))
def test_no_batch_holds_two_pairs_of_a_clause(groups: list[int], size: int) -> None:
    pairs = [Pair(group, [n], [n]) for n, group in enumerate(groups)]
    seen: list[int] = []
    for batch in batches(pairs, size, np.random.default_rng(0)):
        assert 2 <= len(batch) <= size
        assert len({p.group for p in batch}) == len(batch)
        seen += [p.query[0] for p in batch]
    assert len(seen) == len(set(seen))


def test_pairs_name_the_terms_of_their_clause_only(corpus: Corpus) -> None:
    passages = make_passages(corpus)
    lexicon = Lexicon((((("sunroof",), ("屋顶光伏",))), (("ghost",), ("核聚变",))), ())
    vocabulary = make_vocabulary(passages, lexicon, SETTINGS)
    source = PairSource(passages, lexicon, vocabulary)
    word, ghost = vocabulary.rows("sunroof")[0], vocabulary.rows("ghost")[0]
    random = np.random.default_rng(1)
    drawn = [pair for _ in range(30) for pair in source.epoch(random)]
    clauses = list(dict.fromkeys(p.clause for p in passages))
    assert {clauses[p.group] for p in drawn if word in p.query} == {"plan/一/（一）/4"}
    assert not any(ghost in p.query for p in drawn)


def test_places_are_among_the_english_names() -> None:
    lexicon = Lexicon.of(Glossary.load(), Places.load())
    assert any("海口" in wordings and "Haikou" in forms for forms, wordings in lexicon.english)
