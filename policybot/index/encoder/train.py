"""Trains and writes the encoder, and the vectors of the built-in annotations beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from policybot.corpus.model import Corpus
from policybot.facts.glossary import Glossary
from policybot.index.encoder.distil import distil
from policybot.index.encoder.export import projection, student_vectors, write_encoder
from policybot.index.encoder.material import material
from policybot.index.encoder.meaning import (
    FILE,
    arranged,
    as_int8,
    gist_of,
    make_meaning,
    meaning_texts,
    shipped_meaning,
    text_key,
)
from policybot.index.encoder.model import SentenceEncoder, read_config
from policybot.index.encoder.settings import FURTHER, DistilSettings
from policybot.index.encoder.stored import stored_student
from policybot.index.encoder.student import recall

DIMENSION = 256  # of a vector: halves neither recall nor much else, see evals/README.md


@dataclass(frozen=True)
class EncoderReport:
    """What a training run made; `held` are recall figures of questions left out, by language."""

    folder: Path
    fingerprint: str
    bytes: int
    seconds: float
    held: dict[str, dict[str, float]]


def refresh_meaning(corpus: Corpus, folder: Path) -> int:
    """Encode anew what has changed in the annotations; returns how many texts `folder` holds vectors of.

    Raises:
        ModelError: the encoder's files are missing or damaged.
    """
    encoder = SentenceEncoder(folder)
    made = make_meaning(corpus, encoder, shipped_meaning(encoder))
    made.save_packed(folder / FILE)
    return len(made.keys)


def train_encoder(
    out: Path,
    corpus: Corpus,
    glossary: Glossary,
    settings: DistilSettings | None = None,
    report: Callable[[str], None] = lambda line: None,
    start: Path | None = None,
) -> EncoderReport:
    """Train an encoder on `corpus` and put it at `out`, replacing what is there only when it is done.

    Args:
        report: called with one line of progress at a time.
        start: folder of an encoder from which training goes on, with its units and without the first stage;
            None begins with the teacher.

    Raises:
        ModelError: the teacher is not installed, or `start` holds no encoder.
    """
    settings = settings or (DistilSettings() if start is None else FURTHER)
    began = time.perf_counter()
    student = None if start is None else stored_student(start)
    given = material(corpus, glossary)
    report(
        f"{len(given.words)} word pairs, {len(given.sentences)} sentence pairs, "
        f"{len(given.clauses)} clauses, {len(given.passages)} passages"
    )
    student = distil(given, settings, report, student)
    gists = [gist_of(note) for note in corpus.annotations.values()]
    number = {name: n for n, name in enumerate(corpus.annotations)}
    held = {
        language: recall(student, gists, ((number[entry[0]], entry[place]) for entry in given.held))
        for language, place in (("zh", 1), ("en", 2))
        if given.held
    }
    report(f"questions left out: {held}")
    texts = list(meaning_texts(corpus))
    unlike = list(dict.fromkeys(text for _, text in texts))
    directions = projection(student_vectors(student, unlike), DIMENSION)
    record: dict[str, Any] = {
        "settings": asdict(settings),
        "corpus": corpus.checksum,
        "words": len(given.words),
        "sentences": len(given.sentences),
        "clauses": len(given.clauses),
        "passages": len(given.passages),
        "latin_units": student.first,
        "chinese_units": student.tokenizer.get_vocab_size() - student.first,
        "held": held,
        "before": None if start is None else read_config(start)["training"],
        "libraries": {
            name: version(name) for name in ("numpy", "onnxruntime", "tokenizers", "torch", "transformers")
        },
    }
    encoder = write_encoder(out, student, directions, record)
    vectors = as_int8(encoder.encode_many(unlike))
    known = {text_key(text): vector for text, vector in zip(unlike, vectors, strict=True)}
    arranged(texts, known, DIMENSION).save_packed(out / FILE)
    size = sum(f.stat().st_size for f in out.iterdir())
    return EncoderReport(out, encoder.fingerprint, size, time.perf_counter() - began, held)
