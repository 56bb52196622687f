"""What a bot tells while it answers: steps, notices, checked sentences, and last the whole answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from policybot.answer.checks.text import sentences
from policybot.answer.model import Answer, Step

EventKind = Literal["step", "notice", "text", "answer"]


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost at a chat model: calls made, tokens sent and tokens received."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    - "step": `step` is a tool call, told when it is made.
    - "notice": `text` is a sentence about the run, in the answer's language ("the model cannot be reached").
    - "text": `text` is the next checked sentence with the blanks around it; the texts after the last notice
      add up to the answer's text.
    - "answer": `answer` is the whole answer and the last word on everything told before it; it comes once,
      last. `usage` is what it cost at a chat model, None when none was asked.
    """

    kind: EventKind
    text: str = ""
    step: Step | None = None
    answer: Answer | None = None
    usage: Usage | None = None


def replay(answer: Answer, usage: Usage | None = None) -> Iterator[Event]:
    """The events of an answer that is there already."""
    for step in answer.steps:
        yield Event("step", step=step)
    yield from texts_of(answer.answer)
    yield Event("answer", answer=answer, usage=usage)


def texts_of(text: str) -> Iterator[Event]:
    """A text sentence by sentence; the pieces add up to it."""
    starts = [start for start, _ in sentences(text)]
    edges = [0, *starts[1:], len(text)]
    for start, end in pairwise(edges):
        if start < end:
            yield Event("text", text[start:end])
