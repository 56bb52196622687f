"""The cross-encoder: what it is trained on, training in a few steps, and the one that ships."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.index.encoder.cross.card import CARD
from policybot.index.encoder.cross.draws import Draws, Texts
from policybot.index.encoder.cross.layers import Layers
from policybot.index.encoder.cross.model import FILE, RECORD, CrossEncoder
from policybot.index.encoder.cross.settings import CrossSettings
from policybot.index.encoder.cross.sources import Source, clause_sources, held_out, passage_sources, texts_of
from policybot.index.encoder.cross.train import judged, train_cross_encoder
from policybot.index.encoder.material import HOLDING
from policybot.index.encoder.model import SHIPPED, SentenceEncoder

STEPS = CrossSettings(steps=2, questions=4, unanswered=2)


@pytest.fixture(scope="module")
def scheme() -> Corpus:
    """The corpus as if only the pilot scheme were annotated: few questions to encode."""
    corpus = load_corpus()
    kept = {
        n: note for n, note in corpus.annotations.items() if corpus.clauses[n].document == "pilot-scheme-2023"
    }
    few = dict(list(kept.items())[:12])
    return replace(corpus, annotations=few, unanswered=corpus.unanswered[:10])


def test_questions_left_out_are_in_no_source(scheme: Corpus) -> None:
    sources = clause_sources(scheme)
    told = {text for source in sources for text, _ in source.asked}
    told |= {text for source in sources for text in source.unanswered}
    held = held_out(scheme)
    assert held.answerable and held.unanswerable
    assert told.isdisjoint(held.answerable) and told.isdisjoint(held.unanswerable)
    for source in sources:
        note = scheme.annotations[source.name]
        assert len(source.asked) >= 2 * (len(note.pairs) - (len(note.pairs) >= HOLDING))
        assert all(0 <= n < len(source.texts[0]) for _, right in source.asked for n in right)


def test_passages_say_which_sentences_answer_where_somebody_did() -> None:
    sources = passage_sources()
    assert len({source.name for source in sources}) == len(sources)
    assert all(len(one.texts[0]) == len(one.texts[1]) > 0 for one in sources)
    known = [right for source in sources for _, right in source.asked if right]
    assert len(known) > 3000 and any(len(right) > 1 for right in known)
    assert all(n < len(source.texts[0]) for source in sources for _, right in source.asked for n in right)


def test_what_is_drawn_has_what_answers_and_what_does_not() -> None:
    sources = passage_sources()[-12:]
    encoder = SentenceEncoder()
    texts = Texts(encoder, texts_of(sources), 64)
    draws = Draws(sources, 0, texts, replace(STEPS, questions=20, unanswered=6))
    shown = draws.draw()
    assert len(shown) == 26
    for one in shown[:20]:
        assert any(one.right) and not all(one.right) and len(one.texts) == len(set(one.texts)) >= 3
    assert not any(right for one in shown[20:] for right in one.right)
    again = Draws(sources, 0, texts, replace(STEPS, questions=20, unanswered=6)).draw()
    assert again == shown  # seeded


def test_layers_judge_alike_alone_and_filled_up() -> None:
    torch.manual_seed(1)
    layers = Layers().eval()
    encoder = SentenceEncoder()
    sentences = [
        "热计量改造由供热单位负责。",
        "Heat meters are paid for by the heating company, not by tenants.",
    ]
    texts = Texts(encoder, ["谁来装热表？", *sentences], 64)
    with torch.no_grad():
        both = judged(layers, texts, [(0, 1), (0, 2)])
        alone = torch.cat([judged(layers, texts, [(0, n)]) for n in (1, 2)])
    assert torch.allclose(both, alone, atol=0.05)  # short floating-point numbers, where there are such


def test_a_few_steps_give_nearly_the_same_cross_encoder_again(
    tmp_path: Path, scheme: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policybot.index.encoder.cross.train.passage_sources", lambda: passage_sources()[-4:])
    encoder = SentenceEncoder()
    asked, text = encoder.read("谁来装热表？"), encoder.read("热计量改造由供热单位负责。")
    said = []
    for name in ("one", "other"):
        folder = tmp_path / name
        shutil.copytree(SHIPPED, folder)
        lines: list[str] = []
        report = train_cross_encoder(folder, scheme, STEPS, lines.append)
        assert report.bytes == (folder / FILE).stat().st_size and "texts" in lines[0]
        assert set(report.held) == {"sentence", "sentence by cosine", "apart"}
        assert json.loads((folder / RECORD).read_text("utf-8"))["settings"]["steps"] == 2
        assert "of 4 questions" in (folder / CARD).read_text("utf-8")
        assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in SHIPPED.iterdir())
        cross = CrossEncoder.beside(folder)
        assert cross is not None
        said.append(cross.judge(asked, text))
    shipped = CrossEncoder.beside(SHIPPED)
    assert shipped is not None and said[0] == pytest.approx(said[1], abs=0.05)  # threads change last digits
    assert abs(shipped.judge(asked, text) - said[0]) > 0.05


@pytest.mark.parametrize(
    ("question", "answers", "beside"),
    [
        ("货车在哪个时段不能进城？", "重型货车每日7时至20时禁止驶入绕城高速以内道路。",
         "公交车按原线路运行，票价不变。"),
        ("Who pays if the heat meter breaks?", "The heating company repairs or replaces faulty meters at its own cost.",
         "Heat meters are read remotely on the first day of every month."),
        ("谁组织验收？", "验收由市住房城乡建设局组织，每年两次。",
         "验收不合格的，责令限期整改，逾期未改的收回补助资金。"),
    ],
)  # fmt: skip
def test_the_shipped_one_prefers_what_answers(question: str, answers: str, beside: str) -> None:
    cross, encoder = CrossEncoder.beside(SHIPPED), SentenceEncoder()
    assert cross is not None
    asked = encoder.read(question)
    assert cross.judge(asked, encoder.read(answers)) > cross.judge(asked, encoder.read(beside))


def test_one_of_another_encoder_or_damaged_is_not_used(tmp_path: Path) -> None:
    assert CrossEncoder.beside(tmp_path) is None
    shutil.copytree(SHIPPED, tmp_path / "there")
    folder = tmp_path / "there"
    record = json.loads((folder / RECORD).read_text("utf-8"))
    (folder / RECORD).write_text(json.dumps(record | {"encoder": "pe-another"}), "utf-8")
    assert CrossEncoder.beside(folder) is None
    (folder / RECORD).write_text("[]", "utf-8")
    assert CrossEncoder.beside(folder) is None
    (folder / RECORD).write_text(json.dumps(record), "utf-8")
    (folder / FILE).write_bytes(b"no network")
    assert CrossEncoder.beside(folder) is None


def test_a_source_may_lack_a_language() -> None:
    source = Source("a", "A: b", (["一句。"], []), [("问？", (0,))])
    assert list(texts_of([source])) == ["A: b", "一句。", "问？"]
