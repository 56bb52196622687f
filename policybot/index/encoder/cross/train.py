"""Trains the cross-encoder and writes it beside the encoder whose states it reads."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from policybot.corpus.model import Corpus
from policybot.index.encoder.cross.card import CARD, cross_card
from policybot.index.encoder.cross.draws import Draws, Shown, Texts
from policybot.index.encoder.cross.layers import Layers
from policybot.index.encoder.cross.model import FILE, RECORD
from policybot.index.encoder.cross.settings import CrossSettings
from policybot.index.encoder.cross.sources import Held, clause_sources, held_out, passage_sources, texts_of
from policybot.index.encoder.export import write_network
from policybot.index.encoder.model import SentenceEncoder
from policybot.index.encoder.stored import stored_student

Report = Callable[[str], None]
TOGETHER = 48  # pairs that are filled up to one length
NEAREST = 8  # sentences that are judged for a question about everything


@dataclass(frozen=True)
class CrossReport:
    """What a training run made. `held` are shares of questions left out of training: `sentence` chosen
    rightly within the clause, by the cross-encoder and by the cosine alone, and `apart`: answerable questions
    ranked before unanswerable ones by the likeliest sentence."""

    folder: Path
    bytes: int
    seconds: float
    held: dict[str, float]


def train_cross_encoder(
    folder: Path,
    corpus: Corpus,
    settings: CrossSettings | None = None,
    report: Report = lambda line: None,
) -> CrossReport:
    """Train a cross-encoder on the states of the encoder in `folder`, and put it there.

    Raises:
        ModelError: the encoder's files are missing or damaged, or the invented passages are not there.
    """
    settings = settings or CrossSettings()
    began = time.perf_counter()
    encoder = SentenceEncoder(folder)
    clauses, passages = clause_sources(corpus), passage_sources()
    sources = [*clauses, *passages]
    held = held_out(corpus)
    texts = Texts(encoder, [*texts_of(sources), *held.texts()], settings.longest)
    report(f"{len(clauses)} clauses, {len(passages)} passages, {len(texts.states)} texts")
    layers = Layers.of(stored_student(folder).network)
    draws = Draws(sources, len(clauses), texts, settings)
    trained(layers, draws, settings, report)
    figures = measured(layers, texts, held, [text for one in clauses for text in one.texts[0]])
    report(f"questions left out: {figures}")
    record = {
        "encoder": encoder.fingerprint,
        "settings": asdict(settings),
        "corpus": corpus.checksum,
        "clauses": len(clauses),
        "passages": len(passages),
        "held": figures,
        "libraries": {name: version(name) for name in ("numpy", "onnxruntime", "torch")},
    }
    with tempfile.TemporaryDirectory(dir=folder) as place:
        write_layers(layers, Path(place) / FILE)
        os.replace(Path(place) / FILE, folder / FILE)
    (folder / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
    size = (folder / FILE).stat().st_size
    (folder / CARD).write_text(cross_card(record, size), "utf-8")
    return CrossReport(folder, size, time.perf_counter() - began, figures)


def trained(layers: Layers, draws: Draws, settings: CrossSettings, report: Report) -> None:
    """Train the layers; they end as the mean of their last weights."""
    torch.manual_seed(settings.seed)
    head = [*layers.judged.parameters(), layers.text, layers.cosine]
    body = [p for layer in (layers.both, layers.asked) for p in layer.parameters()]
    rates = (settings.rate, settings.head_rate)
    optimizer = torch.optim.AdamW([{"params": body}, {"params": head}], weight_decay=settings.decay)
    mean = AveragedModel(layers, multi_avg_fn=get_ema_multi_avg_fn(settings.kept))
    began, losses = time.perf_counter(), []
    layers.train()
    for step in range(settings.steps):
        left = min(1.0, (step + 1) / 50) * (1 - step / settings.steps)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * left
        shown = draws.draw()
        said = judged(layers, draws.texts, [(one.question, row) for one in shown for row in one.texts])
        each = said.split([len(one.texts) for one in shown])
        loss = sum(map(_missed, each, shown)) / len(shown)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(layers.parameters(), 1.0)
        optimizer.step()
        mean.update_parameters(layers)
        losses.append(float(loss.detach()))
        if (step + 1) % 100 == 0 or step + 1 == settings.steps:
            seconds = time.perf_counter() - began
            report(f"step {step + 1}/{settings.steps}: loss {np.mean(losses[-100:]):.3f}, {seconds:.0f} s")
    layers.load_state_dict(mean.module.state_dict())
    layers.eval()


def _missed(said: Any, shown: Shown) -> Any:
    """Loss of what is said of one question's sentences: that another one is preferred, and each by itself."""
    odds = torch.nn.functional.binary_cross_entropy_with_logits
    right = torch.tensor(shown.right)
    if not right.any():
        return odds(said, right.float())
    preferred = torch.logsumexp(said, 0) - torch.logsumexp(said[right], 0)
    if shown.sure:
        return preferred + odds(said, right.float())
    # The likeliest of those that may answer it stands for all.
    best, wrong = said[right].max(), said[~right]
    if not len(wrong):
        return preferred + odds(best, torch.ones_like(best))
    return preferred + (odds(best, torch.ones_like(best)) + odds(wrong, torch.zeros_like(wrong))) / 2


def judged(layers: Layers, texts: Texts, pairs: Sequence[tuple[int, int]]) -> Any:
    """What the layers say of (question, text) rows, shape (n,)."""
    lengths = [len(texts.states[q]) + len(texts.states[t]) for q, t in pairs]
    order = sorted(range(len(pairs)), key=lambda n: lengths[n])
    found = []
    for at in range(0, len(order), TOGETHER):
        part = [pairs[n] for n in order[at : at + TOGETHER]]
        question, asked = _filled([texts.states[q] for q, _ in part])
        alike = torch.from_numpy(np.array([texts.vectors[q] @ texts.vectors[t] for q, t in part]))
        text, there = _filled([texts.states[t] for _, t in part])
        with torch.autocast("cpu", torch.bfloat16, enabled=torch.ops.mkldnn._is_mkldnn_bf16_supported()):
            found.append(layers(question, text, alike, asked, there).float())
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(found)[back]


def _filled(states: Sequence[NDArray[np.float16]]) -> tuple[Any, Any]:
    width = max(map(len, states))
    made = torch.zeros((len(states), width, states[0].shape[1]))
    there = torch.zeros((len(states), width), dtype=torch.long)
    for n, one in enumerate(states):
        made[n, : len(one)] = torch.from_numpy(one)
        there[n, : len(one)] = 1
    return made, there


def write_layers(layers: Layers, path: Path) -> None:
    """Write the layers as `CrossEncoder` runs them, with int8 weights."""

    class Single(torch.nn.Module):  # type: ignore[misc]
        """States of one question and of one text, and the cosine of both → log-odds."""

        def __init__(self) -> None:
            super().__init__()
            self.layers = layers.eval()

        def forward(self, question: Any, text: Any, alike: Any) -> Any:
            return self.layers(question[None], text[None], alike)[0]

    size = layers.text.shape[0]
    example = torch.zeros((5, size)), torch.zeros((7, size)), torch.zeros(1)
    axes = {"question": {0: "asked"}, "text": {0: "read"}}
    write_network(Single(), example, ["question", "text", "alike"], ["said"], axes, path)


def measured(layers: Layers, texts: Texts, held: Held, sentences: Sequence[str]) -> dict[str, float]:
    """The figures of `CrossReport`; `sentences` are all of the clauses."""
    hits = {"sentence": 0, "sentence by cosine": 0}
    with torch.no_grad():
        for question, own, right in held.asked:
            asked, rows = texts[question], [texts[text] for text in own]
            said = judged(layers, texts, [(asked, row) for row in rows])
            hits["sentence"] += int(said.argmax()) in right
            hits["sentence by cosine"] += int((texts.vectors[rows] @ texts.vectors[asked]).argmax()) in right
        pool = np.array([texts[text] for text in dict.fromkeys(sentences)])
        best = []
        for questions in (held.answerable, held.unanswerable):
            tops = []
            for question in questions:
                asked = texts[question]
                near = pool[np.argsort(-(texts.vectors[pool] @ texts.vectors[asked]))[:NEAREST]]
                tops.append(float(judged(layers, texts, [(asked, row) for row in near.tolist()]).max()))
            best.append(np.array(tops))
    made = {name: count / max(1, len(held.asked)) for name, count in hits.items()}
    return made | {"apart": float((best[0][:, None] > best[1][None]).mean()) if all(map(len, best)) else 0.0}
