"""The layers of the cross-encoder in torch, for training and export.

A question's and a text's states after `JOINED` layers of the sentence encoder go through two more layers
together: in the first both are renewed, in the second the question alone, which is what is judged. The layers
begin as the encoder's own last two, and what they say is added to what the cosine of both vectors tells.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional

HEADS = 12


class Layer(nn.Module):  # type: ignore[misc]  # torch is not type-checked here
    """A transformer layer whose states may look at more states than are renewed."""

    def __init__(self, size: int, inner: int) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(size, size) for _ in range(3))
        self.joined = nn.Linear(size, size)
        self.up, self.down = nn.Linear(size, inner), nn.Linear(inner, size)
        self.norms = nn.ModuleList(nn.LayerNorm(size, eps=1e-12) for _ in range(2))

    def forward(self, states: Any, seen: Any, hidden: Any, drop: float) -> Any:
        """`states` (n, a, d) renewed by looking at `seen` (n, b, d); `hidden` (n, 1, 1, b) is added to what
        the attention gives them, None for nothing."""
        count, length, size = states.shape

        def heads(of: Any) -> Any:
            return of.view(count, -1, HEADS, size // HEADS).transpose(1, 2)

        query, key, value = heads(self.query(states)), heads(self.key(seen)), heads(self.value(seen))
        weights = query @ key.transpose(2, 3) * (size // HEADS) ** -0.5
        if hidden is not None:
            weights = weights + hidden
        found = (weights.softmax(-1) @ value).transpose(1, 2).reshape(count, length, size)
        states = self.norms[0](states + functional.dropout(self.joined(found), drop, self.training))
        inner = self.down(functional.gelu(self.up(states)))
        return self.norms[1](states + functional.dropout(inner, drop, self.training))


class Layers(nn.Module):  # type: ignore[misc]
    """States of a question and of a text → log-odds that the text answers the question."""

    def __init__(self, size: int = 384, inner: int = 1536, drop: float = 0.1) -> None:
        super().__init__()
        self.both, self.asked = Layer(size, inner), Layer(size, inner)
        self.text = nn.Parameter(torch.zeros(size))
        self.judged = nn.Linear(size, 1)
        self.cosine = nn.Parameter(torch.tensor(10.0))
        self.drop = drop

    @classmethod
    def of(cls, network: Any) -> Layers:
        """One that begins with a transformer's last two layers."""
        made = cls()
        for mine, given in zip((made.both, made.asked), network.encoder.layer[-2:], strict=True):
            own, out = given.attention.self, given.attention.output
            pairs = [
                (mine.query, own.query), (mine.key, own.key), (mine.value, own.value),
                (mine.joined, out.dense), (mine.norms[0], out.LayerNorm),
                (mine.up, given.intermediate.dense), (mine.down, given.output.dense),
                (mine.norms[1], given.output.LayerNorm),
            ]  # fmt: skip
            for to, source in pairs:
                to.load_state_dict(source.state_dict())
        return made

    def forward(
        self, question: Any, text: Any, alike: Any, question_there: Any = None, text_there: Any = None
    ) -> Any:
        """`question` (n, a, d) and `text` (n, b, d), and the cosines of their vectors `alike` (n,); of rows
        that were filled up, `…_there` (n, a or b) is 1 for what is there. Shape (n,)."""
        length = question.shape[1]
        states = torch.cat([question, text + self.text], 1)
        hidden = None
        if question_there is not None:
            there = torch.cat([question_there, text_there], 1)
            hidden = (there[:, None, None, :].to(states.dtype) - 1) * 1e4
        states = self.both(states, states, hidden, self.drop)
        asked = self.asked(states[:, :length], states, hidden, self.drop)
        if question_there is None:
            mean = asked.mean(1)
        else:
            weight = question_there[..., None].to(asked.dtype)
            mean = (asked * weight).sum(1) / weight.sum(1)
        said = self.judged(functional.dropout(mean, self.drop, self.training))[:, 0]
        return said + self.cosine * (alike - 0.5)
