"""The model card that is written beside a trained cross-encoder."""

from __future__ import annotations

from typing import Any

CARD = "CROSS.md"


def cross_card(record: dict[str, Any], size: int) -> str:
    """`CROSS.md` for the training record of a cross-encoder of `size` bytes."""
    settings, held = record["settings"], record["held"]
    trained = (
        f"{record['clauses']} clauses of corpus `{record['corpus'][:16]}`, "
        f"{record['passages']} invented passages"
    )
    steps = (
        f"{settings['steps']}, of {settings['questions']} questions and {settings['unanswered']} "
        "without an answer"
    )
    libraries = ", ".join(f"{name} {version}" for name, version in record["libraries"].items())
    return f"""# policybot cross-encoder

Two transformer layers that read a question and a sentence together, from their states after the fourth layer
of the [sentence encoder](MODEL.md), whose last two layers they began as. What they say is added to what the
cosine of both vectors tells: log-odds that the sentence answers the question. Weights in int8 (seven bits).
Written by `policybot train --part cross-encoder`.

| | |
|---|---|
| size | {size / 1e6:.1f} MB |
| reads the states of | `{record["encoder"]}` |
| trained on | {trained} |
| steps | {steps} |
| seed | {settings["seed"]} |
| libraries | {libraries} |

## Training

A question is shown with the sentences of its own clause or passage and with sentences that the encoder takes
to be near it, in either language; it is to prefer those that answer it. Where nobody said which do, one of
its own has to. A question that no document answers is to take none. Of questions left out of training:

| | |
|---|---|
| the right sentence of the clause chosen | {100 * held["sentence"]:.1f}% |
| … by the cosine alone | {100 * held["sentence by cosine"]:.1f}% |
| answerable before unanswerable ones, by the likeliest sentence | {100 * held["apart"]:.1f}% of pairs |

No evaluation question was trained on.

## Use and limits

Judges the sentences that are ranked first, for the ranking and for the confidence of answers. It reads 96
units of a text, having been trained on {settings["longest"]}, and hardly any numbers: whether 2025 or 2030
is asked about is told elsewhere.
"""
