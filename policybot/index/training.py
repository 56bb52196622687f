"""Trains the static embedding that ships with the package: `policybot train`.

Vocabulary of the corpus, the glossary and the thesaurus; latent semantic analysis of the passages
(glosses added) as a start; then sentence-transformers' MultipleNegativesRankingLoss over the pairs of
`policybot.index.training_data`; then int8. One thread and fixed seeds: the same corpus, data files and
library versions give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policybot.corpus.model import Corpus
from policybot.facts.glossary import Glossary
from policybot.facts.places import Places
from policybot.index.card import model_card
from policybot.index.passages import Passage, make_passages
from policybot.index.tokens import token_counts, tokenise
from policybot.index.training_data import Lexicon, Pair, PairSource, batches, read_noise
from policybot.index.twin import FORMAT, KIND, StaticModel, load_static
from policybot.index.vocabulary import Vocabulary

Matrix = NDArray[np.float32]
Report = Callable[[str], None]


@dataclass(frozen=True)
class TrainingSettings:
    """How a model is trained. `max_tokens` keeps the files below 6 MB at 256 dimensions."""

    seed: int = 20301
    epochs: int = 16
    dimension: int = 256
    max_tokens: int = 21_300
    buckets: int = 1024
    batch: int = 512
    rate: float = 4e-3
    scale: float = 20.0


@dataclass(frozen=True)
class TrainingReport:
    """What a training run made. Recall figures are shares of clauses, before and after training."""

    folder: Path
    fingerprint: str
    units: int
    bytes: int
    seconds: float
    before: dict[str, float]
    after: dict[str, float]


def train(
    out: Path,
    corpus: Corpus,
    glossary: Glossary,
    settings: TrainingSettings | None = None,
    report: Report = lambda line: None,
) -> TrainingReport:
    """Train a model on `corpus` and put it at `out`, replacing what is there only when it is done.

    Args:
        report: called with one line of progress at a time.
    """
    settings = settings or TrainingSettings()
    began = time.perf_counter()
    passages = make_passages(corpus)
    lexicon = Lexicon.of(glossary, Places.load())
    vocabulary = make_vocabulary(passages, lexicon, settings)
    report(f"{len(passages)} passages, {len(vocabulary)} units")
    with single_thread():
        weights = initial_weights(passages, lexicon, vocabulary, settings)
        source = PairSource(passages, lexicon, vocabulary, corpus.annotations)
        before = sanity(weights, source, settings.seed)
        report(f"initialised: {_figures(before)}")
        weights = fit(weights, source, settings, report)
        weights = with_buckets(weights, vocabulary, settings)
        quantised, scales = quantise(weights)
        after = sanity(quantised.astype(np.float32) * scales[:, None], source, settings.seed)
    report(f"trained: {_figures(after)}")
    record: dict[str, Any] = {
        "settings": asdict(settings),
        "corpus": corpus.checksum,
        "lexicon": hashlib.sha256(repr(lexicon).encode()).hexdigest(),
        "passages": len(passages),
        "before": before,
        "after": after,
        "libraries": _libraries(),
    }
    model = write_model(out, vocabulary, quantised, scales, record)
    size = sum(f.stat().st_size for f in out.iterdir())
    return TrainingReport(
        out, model.fingerprint, len(vocabulary), size, time.perf_counter() - began, before, after
    )


def make_vocabulary(passages: Sequence[Passage], lexicon: Lexicon, settings: TrainingSettings) -> Vocabulary:
    """The tokens worth a row, at most `max_tokens`.

    First what stands in two passages or is a question word, then the names of terms that the passages
    use, then what stands in one passage, then the other words of the data files.
    """
    text = "\n".join(passage.text for passage in passages)
    spread: Counter[str] = Counter()
    for passage in passages:
        spread.update(dict.fromkeys(tokenise(passage.text), 1))
    ranked = sorted(spread, key=lambda token: (-spread[token], token))
    common = [token for token in ranked if spread[token] > 1]
    asked = [word for words in read_noise().values() for word in words]
    used, unused = list[str](), list[str]()
    for forms, wordings in (*lexicon.english, *lexicon.everyday):
        occurs = any(wording in text for wording in wordings)
        (used if occurs else unused).extend((*forms, *wordings))
    names = [[token for form in said for token in tokenise(form)] for said in (asked, used, unused)]
    tokens = list(dict.fromkeys([*names[0], *common, *names[1], *ranked, *names[2]]))
    return Vocabulary(sorted(tokens[: settings.max_tokens]), settings.buckets)


def initial_weights(
    passages: Sequence[Passage], lexicon: Lexicon, vocabulary: Vocabulary, settings: TrainingSettings
) -> Matrix:
    """Latent semantic analysis of the passages, each with the English names of its terms added.

    Every term of the data files is a document of its own as well, so that words of both languages
    start out together. Shape (units, dimension); rows without any occurrence get small random values,
    because a zero row has no direction to learn from.
    """
    from scipy.sparse import csr_matrix
    from sklearn.utils.extmath import randomized_svd

    documents = _lsa_documents(passages, lexicon)
    columns, values, ends = list[int](), list[float](), [0]
    for counts in documents:
        for row, count in sorted(_row_counts(counts, vocabulary).items()):
            columns.append(row)
            values.append(1.0 + float(np.log(count)))
        ends.append(len(columns))
    shape = (len(documents), len(vocabulary))
    matrix = csr_matrix((np.array(values, np.float32), columns, ends), shape=shape)
    spread = np.bincount(np.array(columns), minlength=len(vocabulary))
    weight = np.log((1 + len(documents)) / (1 + spread)).astype(np.float32)
    matrix = matrix.multiply(weight[None, :]).tocsr()
    rank = min(settings.dimension, min(shape) - 1)
    _, _, right = randomized_svd(matrix, rank, n_iter=3, random_state=settings.seed)
    random = np.random.default_rng(settings.seed)
    weights = random.normal(0, 1e-3, (len(vocabulary), settings.dimension)).astype(np.float32)
    weights[:, :rank] += right.T * weight[:, None]
    norms = np.linalg.norm(weights, axis=1, keepdims=True)
    typical = float(np.median(norms[spread > 0])) if spread.any() else 1.0
    return (weights / max(typical, 1e-6)).astype(np.float32)


def fit(weights: Matrix, source: PairSource, settings: TrainingSettings, report: Report) -> Matrix:
    """`weights` after training; shape unchanged."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel

    torch.manual_seed(settings.seed)
    random = np.random.default_rng(settings.seed)
    bag = StaticEmbedding(Tokenizer(WordLevel({"[EMPTY]": 0}, unk_token="[EMPTY]")), weights.copy())
    model = SentenceTransformer(modules=[bag, Normalize()], device="cpu")
    loss_of = MultipleNegativesRankingLoss(model, scale=settings.scale)
    optimizer = torch.optim.Adam(bag.parameters(), lr=settings.rate)
    labels = torch.empty(0)
    model.train()
    for epoch in range(settings.epochs):
        for group in optimizer.param_groups:
            group["lr"] = settings.rate * (1 - epoch / settings.epochs)
        total, steps = 0.0, 0
        for batch in batches(source.epoch(random), settings.batch, random):
            features = [_features([p.query for p in batch]), _features([p.text for p in batch])]
            optimizer.zero_grad()
            loss = loss_of(features, labels)
            loss.backward()
            optimizer.step()
            total, steps = total + loss.item(), steps + 1
        report(f"epoch {epoch + 1}/{settings.epochs}: loss {total / max(steps, 1):.3f}")
    trained: Matrix = bag.embedding.weight.detach().numpy().astype(np.float32)
    if not np.isfinite(trained).all():
        raise FloatingPointError("training diverged; lower the learning rate")
    return trained


def with_buckets(weights: Matrix, vocabulary: Vocabulary, settings: TrainingSettings) -> Matrix:
    """`weights` with fresh random rows for the hash units, as long as a typical rare token's.

    An unknown token is the sum of two of them, hence the square root.
    """
    known = len(vocabulary.tokens)
    norms = np.linalg.norm(weights[:known], axis=1)
    length = float(np.median(norms)) / np.sqrt(2)
    random = np.random.default_rng(settings.seed + 1)
    rows = random.normal(size=(len(vocabulary) - known, settings.dimension))
    rows *= length / np.linalg.norm(rows, axis=1, keepdims=True)
    return np.concatenate([weights[:known], rows.astype(np.float32)])


def quantise(weights: Matrix) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """int8 rows and their scales: ``weights ≈ rows * scales[:, None]``."""
    largest = np.abs(weights).max(axis=1)
    scales = (np.where(largest > 0, largest, 1.0) / 127).astype(np.float32)
    return np.rint(weights / scales[:, None]).astype(np.int8), scales


def sanity(weights: Matrix, source: PairSource, seed: int) -> dict[str, float]:
    """Share of clauses found first and among the first ten: by heading, and by unseen pseudo-queries."""
    random = np.random.default_rng(seed + 2)
    bodies = _means(weights, [texts[0].body or texts[0].rows for texts in source.groups])
    wholes = _means(weights, [texts[0].rows for texts in source.groups])
    drawn = source.epoch(random)
    heading = [Pair(n, texts[0].heading, []) for n, texts in enumerate(source.groups) if texts[0].headed]
    queries = [pair for pair in drawn if pair.text in [t.rows for t in source.groups[pair.group]]]
    figures: dict[str, float] = {}
    for name, pairs, targets in (("heading", heading, bodies), ("pseudo-query", queries, wholes)):
        if not pairs:
            continue
        scores = _means(weights, [pair.query for pair in pairs]) @ targets.T
        groups = np.array([pair.group for pair in pairs])
        own = scores[np.arange(len(pairs)), groups]
        ranks = (scores > own[:, None]).sum(axis=1)
        figures[f"{name} R@1"] = round(float((ranks < 1).mean()), 4)
        figures[f"{name} R@10"] = round(float((ranks < 10).mean()), 4)
    return figures


def write_model(
    out: Path,
    vocabulary: Vocabulary,
    weights: NDArray[np.int8],
    scales: NDArray[np.float32],
    record: dict[str, Any],
) -> StaticModel:
    """Write a model folder beside `out`, open it as a check, and move it there."""
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".train-", dir=out.parent))
    try:
        (temporary / "vocabulary.txt").write_text("".join(f"{t}\n" for t in vocabulary.tokens), "utf-8")
        np.save(temporary / "weights.npy", weights)
        np.save(temporary / "scales.npy", scales)
        names = ("vocabulary.txt", "weights.npy", "scales.npy")
        sums = {name: hashlib.sha256((temporary / name).read_bytes()).hexdigest() for name in names}
        config = {
            "kind": KIND,
            "format": FORMAT,
            "dimension": int(weights.shape[1]),
            "buckets": vocabulary.buckets,
            "units": len(vocabulary),
            "fingerprint": "pb-" + hashlib.sha256("".join(sums.values()).encode()).hexdigest()[:32],
            "sha256": sums,
            "training": record,
        }
        text = json.dumps(config, ensure_ascii=False, indent=2)
        (temporary / "config.json").write_text(text + "\n", "utf-8")
        (temporary / "MODEL.md").write_text(model_card(config), "utf-8")
        os.chmod(temporary, 0o755)
        load_static(temporary)
        replace_folder(temporary, out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return load_static(out)


@contextmanager
def single_thread() -> Iterator[None]:
    """One thread for BLAS and torch: sums in one order, hence the same bytes on every run."""
    import sklearn.utils.extmath  # noqa: F401  (a library loaded later would not be limited)
    import torch
    from threadpoolctl import threadpool_limits

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        torch.set_num_threads(threads)


def replace_folder(folder: Path, out: Path) -> None:
    """Move `folder` to `out`; what was there is kept until the new one is in its place."""
    old = out.with_name(f".{out.name}.old-{os.getpid()}")
    if out.exists():
        os.replace(out, old)
    try:
        os.replace(folder, out)
    except OSError:
        if old.exists():
            os.replace(old, out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _lsa_documents(passages: Sequence[Passage], lexicon: Lexicon) -> list[Counter[str]]:
    documents: list[Counter[str]] = []
    entries = [(wordings, token_counts(" ".join(forms))) for forms, wordings in lexicon.english]
    for passage in passages:
        counts = token_counts(passage.text)
        for wordings, names in entries:
            if any(wording in passage.text for wording in wordings):
                counts.update(dict.fromkeys(names, 1))
        documents.append(counts)
    for forms, wordings in (*lexicon.english, *lexicon.everyday):
        documents.append(token_counts(" ; ".join((*forms, *wordings))))
    return documents


def _row_counts(counts: Counter[str], vocabulary: Vocabulary) -> Counter[int]:
    rows: Counter[int] = Counter()
    for token, count in counts.items():
        for row in vocabulary.token_rows([token]):
            rows[row] += count
    return rows


def _features(texts: Sequence[Sequence[int]]) -> dict[str, Any]:
    import torch

    sizes = [len(text) for text in texts]
    offsets = torch.tensor(np.cumsum([0, *sizes[:-1]]), dtype=torch.long)
    return {"input_ids": torch.tensor([u for t in texts for u in t], dtype=torch.long), "offsets": offsets}


def _means(weights: Matrix, texts: Sequence[Sequence[int]]) -> Matrix:
    """Normalised mean vectors, shape (len(texts), d)."""
    means = np.stack([weights[list(text)].mean(axis=0) for text in texts])
    return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12), np.float32)


def _figures(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {100 * value:.1f}%" for name, value in figures.items())


def _libraries() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("numpy", "scipy", "torch", "sentence-transformers")}
