"""The model card that is written beside a trained model."""

from __future__ import annotations

from typing import Any


def model_card(config: dict[str, Any]) -> str:
    """`MODEL.md` for the settings and results in a model's `config.json`."""
    training = config["training"]
    settings = training["settings"]
    names = sorted({*training["before"], *training["after"]})
    shares = ((name, training["before"].get(name, 0), training["after"].get(name, 0)) for name in names)
    figures = "\n".join(f"| {name} | {100 * start:.1f}% | {100 * end:.1f}% |" for name, start, end in shares)
    order = ("seed", "epochs", "batch", "rate")
    libraries = ", ".join(f"{name} {version}" for name, version in training["libraries"].items())
    return f"""# policybot static embedding

A sentence-transformers `StaticEmbedding` followed by `Normalize`: the vector of a text is the mean of its
units' vectors, at length one. Units are Han characters and pairs, Latin words and numbers
(`policybot.index.tokens`); a token it does not know becomes two of {config["buckets"]} hash units.
Written by `policybot train`; the licence is that of the package.

| | |
|---|---|
| dimension | {config["dimension"]} |
| units | {config["units"]} |
| storage | int8 rows, one float32 scale each |
| fingerprint | `{config["fingerprint"]}` |
| trained on | {training["passages"]} passages, corpus `{training["corpus"][:16]}` |
| terms | glossary, thesaurus and place names, `{training["lexicon"][:16]}` |
| {", ".join(order)} | {", ".join(str(settings[name]) for name in order)} |
| libraries | {libraries} |

## Training

Latent semantic analysis of the passages, to which the English names of their terms were added; then
MultipleNegativesRankingLoss (scale {settings["scale"]}) over headings with texts, sentences with their
clauses, and pseudo-queries of random glosses. No evaluation question was trained on; epochs, batch and rate
were chosen by comparing a few runs on the starter questions. One thread and fixed seeds: the same inputs and
library versions give the same files.

| found by | start | trained |
|---|---|---|
{figures}

Shares of clauses ranked first (R@1) or among the first ten (R@10), on the training corpus itself: a check
that training worked, not a measure of quality. For that see the benchmarks under `evals/`.

## Use and limits

Made for Chinese climate-policy text and questions about it in Chinese or English. It knows words, not
sentences: order and negation leave no trace, and a paraphrase that shares no word with a clause, its
glosses or its neighbours is not found. Text of other fields gets vectors from hash units, which compare
like word overlap. policybot therefore uses it together with a lexical index, never alone.
"""
