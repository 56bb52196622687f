"""Trains the reader (policybot/index/encoder/reader.py) on likely questions, answered and unanswered ones.

Three kinds of examples are drawn at each step: a question with its own clause or passage among near ones; a
question that no document answers with the clause it was written beside, or a near one; and a question with
the sentence that answers it (`Annotation.answers`) among the others of its clause and some of near clauses.
The encoder stays as it is, so that this takes minutes on one core. What the encoder's training leaves out
(`material`) is left out here as well.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policybot.corpus.model import Corpus
from policybot.facts.glossary import Glossary
from policybot.index.encoder.material import HOLDING, ClauseMaterial, held_unanswered, material
from policybot.index.encoder.meaning import sentence_text, sentences_of, shipped_meaning, text_key
from policybot.index.encoder.model import SentenceEncoder
from policybot.index.encoder.reader import FILE

Matrix = NDArray[np.float32]
Numbers = NDArray[np.intp]
NEAR = 16  # clauses nearest to a question, among which wrong ones are drawn
COPY = 0.9  # cosine of gists from which on two clauses say the same
SHOWN = 16  # sentences among which one is chosen
SPREAD = 16.0  # √256: the size at which a unit vector's directions are about 1


@dataclass(frozen=True)
class ReaderSettings:
    """How a reader is trained. `noise` is added to questions, so that they are not learnt by heart."""

    seed: int = 2030
    units: int = 64
    steps: int = 1200
    batch: int = 192
    rate: float = 2e-3
    decay: float = 0.1
    drop: float = 0.2
    noise: float = 0.3


@dataclass(frozen=True)
class ReaderReport:
    """What a training run made. `held` are shares of questions left out of training: `sentence` chosen
    rightly within the clause, by the reader and by the cosine alone, and `apart`: answerable questions ranked
    before unanswerable ones."""

    folder: Path
    bytes: int
    seconds: float
    held: dict[str, float]


@dataclass(frozen=True)
class _Examples:
    """Vectors of what is trained on. Every document is some rows of `texts`, its gist first (`first`, `last`
    + 1); questions carry the number of their document; `near` are the nearest other documents' numbers, (n,
    NEAR). `asked` carry the sentences (rows `begins`…`ends` of both languages) of their clause and which are
    right (`right`, rows)."""

    texts: Matrix
    first: Numbers
    last: Numbers
    questions: Matrix
    owners: Numbers
    near: Numbers
    unanswered: Matrix
    beside: Numbers
    near_unanswered: Numbers
    sentences: tuple[Matrix, Matrix]
    spans: dict[int, tuple[int, int]]
    asked: Matrix
    asked_of: Numbers
    right: list[tuple[int, ...]]
    near_asked: Numbers


def train_reader(
    folder: Path,
    corpus: Corpus,
    glossary: Glossary,
    settings: ReaderSettings | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> ReaderReport:
    """Train a reader of the encoder in `folder`, and put it there.

    Raises:
        ModelError: the encoder's files are missing or damaged.
    """
    settings = settings or ReaderSettings()
    began = time.perf_counter()
    encode = _Encoded(SentenceEncoder(folder))
    given = material(corpus, glossary)
    examples = _examples(corpus, [*given.clauses, *given.passages], len(given.clauses), encode)
    report(
        f"{len(examples.questions)} questions, {len(examples.unanswered)} unanswered, "
        f"{len(examples.asked)} with the sentence that answers them"
    )
    weights = _trained(examples, settings, report)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".npz")
    os.close(handle)
    np.savez(name, **weights)
    os.chmod(name, 0o644)
    os.replace(name, folder / FILE)
    held = _held(corpus, folder, examples, encode)
    report(f"questions left out: {held}")
    return ReaderReport(folder, (folder / FILE).stat().st_size, time.perf_counter() - began, held)


class _Encoded:
    """Unit vectors of texts: those that lie beside the encoder, and others as it gives them."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder
        self._known: dict[int, Matrix] = {}
        for meaning in shipped_meaning(encoder):
            self._known |= {
                int(key): vector.astype(np.float32) / length
                for key, vector, length in zip(meaning.keys, meaning.vectors, meaning.lengths, strict=True)
            }

    def __call__(self, texts: Sequence[str]) -> Matrix:
        new = [text for text in dict.fromkeys(texts) if text_key(text) not in self._known]
        self._known |= dict(zip(map(text_key, new), self._encoder.encode_many(new), strict=True))
        made = np.array([self._known[text_key(text)] for text in texts], np.float32)
        return made.reshape(len(texts), self._encoder.dimension)


def _examples(corpus: Corpus, given: Sequence[ClauseMaterial], clauses: int, encode: _Encoded) -> _Examples:
    """The examples of clauses, the first `clauses` of these, and of passages, which never stand together."""
    own = [[one.gist, *one.texts] for one in given]
    last = np.cumsum([len(texts) for texts in own])
    first = np.append(0, last[:-1])
    texts = encode([text for one in own for text in one])
    questions = [
        (n, text) for n, one in enumerate(given) for text in dict.fromkeys((*one.chinese, *one.english))
    ]
    beside = [(n, text) for n, one in enumerate(given) for text in one.unanswered]
    number = {one.clause: n for n, one in enumerate(given[:clauses])}
    spans, cut, translated = _sentences(corpus, number)
    asked: list[tuple[int, str, tuple[int, ...]]] = []
    for name, pair, right, _ in _answers(corpus, spans, number, held=False):
        asked += [(number[name], text, right) for text in pair]
    gists = texts[first]
    alike = gists @ gists.T > COPY

    def nearest(vectors: Matrix, owners: Numbers) -> Numbers:
        found = []
        for start in range(0, len(vectors), 1000):
            mine = owners[start : start + 1000]
            scores = vectors[start : start + 1000] @ gists.T
            scores[alike[mine]] = -9
            apart = (mine < clauses)[:, None] != (np.arange(len(gists)) < clauses)[None]
            scores[apart] = -9
            found.append(np.argpartition(-scores, NEAR, axis=1)[:, :NEAR])
        return np.concatenate(found) if found else np.empty((0, NEAR), np.intp)

    q, u, a = (encode([one[1] for one in ones]) for ones in (questions, beside, asked))
    of_q, of_u, of_a = (np.array([one[0] for one in ones], np.intp) for ones in (questions, beside, asked))
    return _Examples(
        texts, first, last, q, of_q, nearest(q, of_q), u, of_u, nearest(u, of_u),
        (encode(cut), encode(translated)), spans, a, of_a, [one[2] for one in asked], nearest(a, of_a),
    )  # fmt: skip


def _sentences(
    corpus: Corpus, number: dict[str, int]
) -> tuple[dict[int, tuple[int, int]], list[str], list[str]]:
    """Rows of the sentences of each clause that has several, what is encoded of them, their translations."""
    spans: dict[int, tuple[int, int]] = {}
    cut: list[str] = []
    translated: list[str] = []
    for name, n in number.items():
        clause, note = corpus.clauses[name], corpus.annotations[name]
        pieces = sentences_of(clause)
        if len(pieces) < 2 or not note.answers:
            continue
        spans[n] = (len(cut), len(cut) + len(pieces))
        cut += [sentence_text(corpus, clause, piece) for piece in pieces]
        translated += note.english or [sentence_text(corpus, clause, piece) for piece in pieces]
    return spans, cut, translated


def _answers(
    corpus: Corpus, spans: dict[int, tuple[int, int]], number: dict[str, int], *, held: bool
) -> list[tuple[str, tuple[str, str], tuple[int, ...], bool]]:
    """(clause, pair, sentences that answer it from 0, held) of the questions left out, or of the others."""
    found = []
    for name, n in number.items():
        note = corpus.annotations[name]
        if n not in spans:
            continue
        for at, (pair, right) in enumerate(zip(note.pairs, note.answers, strict=True)):
            out = len(note.pairs) >= HOLDING and at == len(note.pairs) - 1
            if right and out == held:
                found.append((name, pair, tuple(one - 1 for one in right), out))
    return found


def _trained(examples: _Examples, settings: ReaderSettings, report: Callable[[str], None]) -> dict[str, Any]:
    """The weights, as `Reader` takes them."""
    import torch
    from torch.nn import functional

    torch.manual_seed(settings.seed)
    random = np.random.default_rng(settings.seed)
    size = examples.texts.shape[1]
    network = _network(size, settings)
    optimiser = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
    texts, questions, unanswered, asked = (
        torch.from_numpy(m) for m in (examples.texts, examples.questions, examples.unanswered, examples.asked)
    )
    sentences = tuple(map(torch.from_numpy, examples.sentences))

    def shaken(vectors: Any) -> Any:
        return functional.normalize(vectors + settings.noise / SPREAD * torch.randn_like(vectors), dim=-1)

    def texts_of(documents: Numbers, gist: float) -> Numbers:
        """For each document its gist, or with the rest of the chance any of its texts."""
        first, last = examples.first[documents], examples.last[documents]
        any_of = first + (random.random(first.shape) * (last - first)).astype(np.intp)
        return np.where(random.random(first.shape) < gist, first, any_of)

    odds = functional.binary_cross_entropy_with_logits
    for step in range(settings.steps):
        for group in optimiser.param_groups:
            group["lr"] = settings.rate * (1 - step / settings.steps) * min(1, (step + 1) / 60)
        chosen = random.integers(len(questions), size=settings.batch)
        wrong = examples.near[chosen[:, None], random.integers(NEAR, size=(settings.batch, 3))]
        rows = np.concatenate([texts_of(examples.owners[chosen], 0.6)[:, None], texts_of(wrong, 0.6)], axis=1)
        said = network(shaken(questions[chosen])[:, None], texts[rows])
        first = torch.zeros(settings.batch, dtype=torch.long)
        loss = functional.cross_entropy(said, first) + odds(said, functional.one_hot(first, 4).float())
        chosen = random.integers(len(unanswered), size=settings.batch)
        close = examples.near_unanswered[chosen, random.integers(5, size=settings.batch)]
        rows = np.where(
            random.random(settings.batch) < 0.5, examples.first[examples.beside[chosen]], texts_of(close, 0.3)
        )
        said = network(shaken(unanswered[chosen]), texts[rows])
        loss = loss + odds(said, torch.zeros_like(said))
        if len(asked):
            chosen = random.integers(len(asked), size=settings.batch)
            shown, there, right = _shown(examples, chosen, random)
            language = sentences[int(random.integers(2))]
            both = torch.cat([language, texts])
            said = network(shaken(asked[chosen])[:, None], both[shown])
            there, right = torch.from_numpy(there), torch.from_numpy(right)
            hidden = said.masked_fill(~there, -1e4)
            fits = torch.logsumexp(hidden.masked_fill(~right, -1e4), 1) - torch.logsumexp(hidden, 1)
            weight = 0.5 * (there.float() + right.float())
            loss = loss - fits.mean() + odds(said, right.float(), weight=weight)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if (step + 1) % 200 == 0:
            report(f"step {step + 1} of {settings.steps}: loss {float(loss):.3f}")
    return {name: np.asarray(value, np.float16) for name, value in network.exported().items()}


def _network(size: int, settings: ReaderSettings) -> Any:
    """The network that `Reader` describes, for training."""
    import torch

    class Network(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.of_question = torch.nn.Linear(size, settings.units)
            self.of_text = torch.nn.Linear(size, settings.units, bias=False)
            self.of_both = torch.nn.Linear(size, settings.units, bias=False)
            self.drop = torch.nn.Dropout(settings.drop)
            self.votes = torch.nn.Linear(settings.units, 1)
            self.cosine = torch.nn.Parameter(torch.tensor(10.0))

        def forward(self, question: Any, text: Any) -> Any:
            alike = (question * text).sum(-1)
            question, text = question * SPREAD, text * SPREAD
            units = self.of_question(question) + self.of_text(text) + self.of_both(question * text)
            said = self.votes(self.drop(torch.nn.functional.silu(units)))[..., 0]
            return said + self.cosine * (alike - 0.5)

        def exported(self) -> dict[str, Any]:
            bias, votes = self.of_question.bias, self.votes.weight[0]
            made = {
                "of_question": self.of_question.weight * SPREAD,
                "of_text": self.of_text.weight * SPREAD,
                "of_both": self.of_both.weight * SPREAD**2,
                "bias": bias,
                "votes": votes,
                "ends": torch.stack([self.votes.bias[0], self.cosine]),
            }
            return {name: value.detach().numpy() for name, value in made.items()}

    return Network()


def _shown(
    examples: _Examples, chosen: Numbers, random: np.random.Generator
) -> tuple[Numbers, NDArray[np.bool_], NDArray[np.bool_]]:
    """For questions the rows of sentences to choose among, in sentences and after them texts, shape (n,
    SHOWN), which of them count, and which are right."""
    rows = np.zeros((len(chosen), SHOWN), np.intp)
    there = np.zeros(rows.shape, bool)
    right = np.zeros(rows.shape, bool)
    count = len(examples.sentences[0])
    for n, one in enumerate(chosen):
        begin, end = examples.spans[int(examples.asked_of[one])]
        own = np.arange(begin, end)
        if len(own) > SHOWN - 4:  # of a long clause those that answer, and some others
            answers = begin + np.array(examples.right[one])
            others = random.permutation(np.setdiff1d(own, answers))
            own = np.concatenate([answers, others])[: SHOWN - 4]
        mine = [*own]
        for near in random.choice(examples.near_asked[one][:8], 3, replace=False):
            span = examples.spans.get(int(near))
            first, last = examples.first[near], examples.last[near]
            mine.append(random.integers(*span) if span else count + random.integers(first, last))
        rows[n, : len(mine)], there[n, : len(mine)] = mine, True
        right[n, : len(own)] = np.isin(own - begin, examples.right[one])
    return rows, there, right


def _held(corpus: Corpus, folder: Path, examples: _Examples, encode: _Encoded) -> dict[str, float]:
    """The figures of `ReaderReport`."""
    from policybot.index.encoder.reader import Reader

    reader = Reader.beside(folder)
    assert reader is not None  # it was written a moment ago
    number = {name: n for n, name in enumerate(corpus.annotations)}
    gists = examples.texts[examples.first[: len(number)]]
    hits = {"sentence": 0, "sentence by cosine": 0}
    asked = _answers(corpus, examples.spans, number, held=True)
    for name, pair, right, _ in asked:
        begin, end = examples.spans[number[name]]
        rows = [m[begin:end] for m in examples.sentences]
        for vector in encode(pair):
            read = reader.asked(vector)
            hits["sentence"] += int(np.argmax(np.maximum(*(read.of(m) for m in rows)))) in right
            hits["sentence by cosine"] += int(np.argmax(np.maximum(*(m @ vector for m in rows)))) in right
    best = []
    known = [
        text for note in corpus.annotations.values() if len(note.pairs) >= HOLDING for text in note.pairs[-1]
    ]
    for texts in (known, [text for pair in held_unanswered(corpus) for text in pair]):
        scores = []
        for vector in encode(texts):
            nearest = np.argsort(-(gists @ vector))[:10]
            scores.append(float(reader.asked(vector).of(gists[nearest]).max()))
        best.append(np.array(scores))
    made = {name: count / max(1, 2 * len(asked)) for name, count in hits.items()}
    return made | {"apart": float((best[0][:, None] > best[1][None]).mean()) if all(map(len, best)) else 0.0}
