"""Trains the encoder: all-MiniLM-L6-v2 is given Chinese words and then the questions of the corpus.

Two stages. First only the vectors of the Chinese units learn: a Chinese word or sentence is to get the
vector that the teacher gives its English. Then the whole network learns that questions stand near the
clauses and the invented passages they ask about, while translations and the teacher's vectors of English
hold it in place. What is kept is the mean of the weights on the way, which is steadier than the last
ones. Training can also go on from an encoder there is, in the second stage alone. Fixed seeds and numbers
of steps; a GPU is used where there is one.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from policybot.index.encoder.batches import Batches
from policybot.index.encoder.material import Material
from policybot.index.encoder.settings import DistilSettings
from policybot.index.encoder.student import Goal, Student, bare_network, network_of, pooled, teacher_folder
from policybot.index.encoder.vocabulary import Units, make_units, starting_vectors

Report = Callable[[str], None]


def distil(
    material: Material, settings: DistilSettings, report: Report, student: Student | None = None
) -> Student:
    """A trained student, with new Chinese units or, in the second stage alone, from one there is."""
    import torch
    from tokenizers import Tokenizer

    torch.manual_seed(settings.seed)
    chance = random.Random(settings.seed)
    folder = teacher_folder()
    teacher, tokenizer = network_of(folder), Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    pieces = teacher.embeddings.word_embeddings.weight.detach()
    begun = student is not None
    if student is None:
        words = (word for pair in material.words for word in pair.chinese)
        units = make_units(folder / "tokenizer.json", words)
        student = _student(units, starting_vectors(units, material.words, pieces, tokenizer))
    count = student.tokenizer.get_vocab_size()
    report(f"{student.first} Latin and {count - student.first} Chinese units")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    student.network.to(device)
    goal = Goal(Student(teacher.eval().to(device), tokenizer, len(pieces)))
    if not begun:
        align(student, goal, material, settings, chance, report)
    tune(student, goal, material, settings, chance, report)
    student.network.eval().cpu()
    return student


def align(
    student: Student,
    goal: Goal,
    material: Material,
    settings: DistilSettings,
    chance: random.Random,
    report: Report,
) -> None:
    """First stage: the vectors of the Chinese units learn, all else stays."""
    import torch

    for parameter in student.network.parameters():
        parameter.requires_grad_(False)
    _dropout(student, 0.0)
    vectors = student.network.embeddings.word_embeddings.weight
    vectors.requires_grad_(True)
    optimizer = torch.optim.Adam([vectors], lr=settings.align_rate)
    clock = _Clock("aligned", settings.align_steps, report)
    for step in range(settings.align_steps):
        for group in optimizer.param_groups:
            group["lr"] = settings.align_rate * (1 - step / settings.align_steps)
        pairs = (
            _drawn_words(material, settings.words, chance)
            if step % 3 == 0
            else chance.sample(material.sentences, min(settings.sentences, len(material.sentences)))
        )
        wanted = goal.vectors([english for _, english in pairs])
        got = student.vectors([chinese for chinese, _ in pairs])
        loss = 2 * _apart(got, wanted) + 0.1 * _confused(got, wanted, settings.scale)
        optimizer.zero_grad()
        loss.backward()
        vectors.grad[: student.first] = 0
        optimizer.step()
        clock.tick(step, loss)


def tune(
    student: Student,
    goal: Goal,
    material: Material,
    settings: DistilSettings,
    chance: random.Random,
    report: Report,
) -> None:
    """Second stage: everything learns; of four batches three are questions with their clauses or passages."""
    import torch
    from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

    for parameter in student.network.parameters():
        parameter.requires_grad_(True)
    _dropout(student, 0.1)
    units = [student.network.embeddings.word_embeddings.weight]
    others = [p for name, p in student.network.named_parameters() if "word_embeddings" not in name]
    rates = (settings.unit_rate, settings.network_rate)
    optimizer = torch.optim.AdamW(
        [{"params": units, "lr": rates[0]}, {"params": others, "lr": rates[1]}], weight_decay=0.0, fused=True
    )
    student.network.train()
    kinds = (
        (material.clauses, settings.clauses, settings.own_words, settings.sentences_alone),
        (material.passages, settings.passages, settings.texts, 0.0),
    )
    sources = [
        Batches(given, count, shares, goal, settings, chance)
        for given, count, *shares in kinds
        if len(given) > 1
    ]
    mean = AveragedModel(student.network, multi_avg_fn=get_ema_multi_avg_fn(settings.kept))
    clock = _Clock("tuned", settings.tune_steps, report)
    for step in range(settings.tune_steps):
        left = min(1.0, (step + 1) / 50) * (1 - step / settings.tune_steps)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * left
        if step % 4 < 3 and sources:
            loss = _questions_loss(student, sources[step % 4 % len(sources)], settings)
        else:
            loss = _held_in_place(student, goal, material, settings, chance)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.network.parameters(), 1.0)
        optimizer.step()
        mean.update_parameters(student.network)
        clock.tick(step, loss)
    student.network.load_state_dict(mean.module.state_dict())


def _questions_loss(student: Student, batches: Batches, settings: DistilSettings) -> Any:
    questions, texts, beside, alike = batches.draw()
    rows = [_thinned(student.units(q), settings.skipped, batches.chance) for q in (*questions, *beside)]
    found = pooled(student.network, [*rows, *map(student.units, texts)])
    asked, others, meant = found.split([len(questions), len(beside), len(texts)])
    return _confused(asked, meant, settings.scale, alike, others)


def _held_in_place(
    student: Student, goal: Goal, material: Material, settings: DistilSettings, chance: random.Random
) -> Any:
    pairs = chance.sample(material.sentences, min(settings.holding, len(material.sentences)))
    pairs += _drawn_words(material, settings.holding, chance)
    wanted = goal.vectors([english for _, english in pairs])
    found = student.vectors([text for pair in zip(*pairs, strict=True) for text in pair])
    return 2 * _apart(found[: len(pairs)], wanted) + 4 * _apart(found[len(pairs) :], wanted)


def _thinned(row: Sequence[int], share: float, chance: random.Random) -> list[int]:
    """A row with some of its units left out, never the first or the last."""
    return [unit for n, unit in enumerate(row) if n in (0, len(row) - 1) or chance.random() >= share]


def _drawn_words(material: Material, count: int, chance: random.Random) -> list[tuple[str, str]]:
    pairs = chance.sample(material.words, min(count, len(material.words)))
    return [(chance.choice(pair.chinese), chance.choice(pair.english[:3])) for pair in pairs]


def _apart(got: Any, wanted: Any) -> Any:
    """Mean of 1 − cosine."""
    return (1 - (got * wanted).sum(1)).mean()


def _confused(left: Any, right: Any, scale: float, alike: Any = None, others: Any = None) -> Any:
    """Cross-entropy of finding each row's partner among all rows, in both directions.

    Args:
        alike: where a row would suit another's partner as well, shape (n, n): these are not counted.
        others: further rows beside `left` that are no one's partner, shape (m, d).
    """
    import torch

    scores = left @ right.T * scale
    own = torch.arange(len(scores), device=scores.device)
    if alike is not None:
        scores = scores.masked_fill(alike & (own[:, None] != own), -torch.inf)
    back = scores.T if others is None else torch.cat([scores.T, right @ others.T * scale], 1)
    entropy = torch.nn.functional.cross_entropy
    return (entropy(scores, own) + entropy(back, own)) / 2


def _student(units: Units, vectors: Any) -> Student:
    network = bare_network(len(vectors))
    network.embeddings.word_embeddings.weight.data = vectors.clone()
    return Student(network, units.tokenizer, len(units.kept))


def _dropout(student: Student, share: float) -> None:
    import torch

    for module in student.network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = share


class _Clock:
    """Reports every 100 steps how training goes."""

    def __init__(self, name: str, steps: int, report: Report) -> None:
        self.name, self.steps, self.report = name, steps, report
        self.began = time.perf_counter()
        self.losses: list[float] = []

    def tick(self, step: int, loss: Any) -> None:
        self.losses.append(float(loss.detach()))
        if (step + 1) % 100 == 0 or step + 1 == self.steps:
            mean, seconds = np.mean(self.losses), time.perf_counter() - self.began
            self.report(f"{self.name} {step + 1}/{self.steps}: loss {mean:.3f}, {seconds:.0f} s")
            self.losses.clear()
