"""The model card that is written beside a trained encoder."""

from __future__ import annotations

from typing import Any


def encoder_card(config: dict[str, Any]) -> str:
    """`MODEL.md` for the settings and results in an encoder's `config.json`."""
    training = config["training"]
    settings = training["settings"]
    rows = "\n".join(
        f"| {name} | {100 * found['R@1']:.1f}% | {100 * found['R@5']:.1f}% |"
        for name, found in training["held"].items()
    )
    pairs = f"{training['words']} word pairs, {training['sentences']} sentence pairs"
    clauses = (
        f"{training['clauses']} clauses of corpus `{training['corpus'][:16]}`, "
        f"{training['passages']} invented passages of other subjects"
    )
    units = (
        f"{training['chinese_units']} Chinese units beside its {training['latin_units']} Latin word pieces"
    )
    steps = _steps(training)
    libraries = ", ".join(f"{name} {version}" for name, version in training["libraries"].items())
    return f"""# policybot sentence encoder

all-MiniLM-L6-v2 (sentence-transformers; Apache-2.0) with {units}, trained
further, projected on {config["dimension"]} dimensions, weights in int8 (seven bits), mean pooling. Written by
`policybot train --part encoder`.

| | |
|---|---|
| dimension | {config["dimension"]} |
| fingerprint | `{config["fingerprint"]}` |
| trained on | {pairs}, {clauses} |
| steps | {steps} |
{_before(training)}| seed | {settings["seed"]} |
| libraries | {libraries} |

## Training

A Chinese unit starts at the mean of the word pieces of its English names (glossary, thesaurus, word list).
In the first stage only these vectors learn: a Chinese word or sentence is to get the vector that the teacher
gives its English. In the second the whole network learns that questions stand near the gists, texts and
other questions of the clause they ask about. Of four batches two are of clauses; one is of invented
passages in both languages (a port, a school, a tax office …), so that it learns to read questions and not
only this corpus; one is translations and the teacher's vectors of English, so that what the English model
knew is kept. One question of each clause, in both languages, was left out: how often its own clause's gist
is the nearest of all gists, or among the five nearest:

| questions left out | nearest | of five |
|---|---|---|
{rows}

No evaluation question was trained on.

## Use and limits

Compares the meaning of questions and of short texts. It knows no numbers, hardly any order and no negation: a
question about 2025 and one about 2030 are nearly the same to it. policybot therefore uses it beside words
and never alone. Sums of int8 products do not depend on the processor, floating-point ones do in the last
digits.
"""


def _steps(training: dict[str, Any]) -> str:
    settings = training["settings"]
    if training.get("before"):
        return f"{settings['tune_steps']} for everything, from a trained encoder"
    return f"{settings['align_steps']} for the Chinese units alone, {settings['tune_steps']} for everything"


def _before(training: dict[str, Any]) -> str:
    """A row for each earlier training that this one went on from, the latest first."""
    rows = ""
    while training := training.get("before") or {}:
        rows += f"| before that | {_steps(training)}, on corpus `{training['corpus'][:16]}` |\n"
    return rows
