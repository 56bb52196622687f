"""Training of the reader in a few steps: the same again from the same seed, beside a complete encoder."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.facts.glossary import Glossary
from policybot.index.encoder.material import HOLDING, Material, material
from policybot.index.encoder.model import SHIPPED
from policybot.index.encoder.reader import FILE, Reader
from policybot.index.encoder.reading import ReaderSettings, train_reader

STEPS = ReaderSettings(steps=3, batch=8, units=4)
PASSAGES = 5  # of more than a thousand, which would have to be encoded first


def less(corpus: Corpus, glossary: Glossary) -> Material:
    given = material(corpus, glossary)
    return replace(given, passages=given.passages[:PASSAGES])


def of_one(corpus: Corpus) -> Corpus:
    """The corpus as if only the Opinions were annotated: a sixth of the questions to encode."""
    kept = {
        n: note for n, note in corpus.annotations.items() if corpus.clauses[n].document == "opinions-2021"
    }
    return replace(corpus, annotations=kept)


def test_a_few_steps_give_the_same_reader_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policybot.index.encoder.reading.material", less)
    corpus, glossary = of_one(load_corpus()), Glossary.load()
    made = []
    for name in ("one", "other"):
        folder = tmp_path / name
        shutil.copytree(SHIPPED, folder)
        lines: list[str] = []
        report = train_reader(folder, corpus, glossary, STEPS, lines.append)
        made.append((folder / FILE).read_bytes())
        assert report.bytes == len(made[-1]) and set(report.held) == {
            "sentence",
            "sentence by cosine",
            "apart",
        }
        assert all(0 < share < 1 for share in report.held.values())
        assert Reader.beside(folder) is not None and "questions" in lines[0]
        assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in SHIPPED.iterdir())
    assert made[0] == made[1] != (SHIPPED / FILE).read_bytes()


def test_likely_questions_say_which_sentences_answer_them() -> None:
    corpus = load_corpus()
    notes = [note for note in corpus.annotations.values() if note.answers]
    answers = [numbers for note in notes for numbers in note.answers]
    assert len(notes) > 450 and len(answers) > 8_000
    assert sum(map(bool, answers)) > 0.9 * len(answers)
    assert sum(len(note.pairs) >= HOLDING and bool(note.answers[-1]) for note in notes) > 250
