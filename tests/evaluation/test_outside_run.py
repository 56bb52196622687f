"""The sample of everyday prose, end to end: it is as well found as by plain BM25, and quoted verbatim."""

from __future__ import annotations

import json
from math import log2
from pathlib import Path
from typing import Any

import pytest

from policybot.evaluation.outside import read_outside
from policybot.evaluation.outside_run import EXTRA, prediction, run_outside
from policybot.evaluation.runner import verdicts_of
from policybot.evaluation.runs import read_run
from tests.evaluation.test_outside import SAMPLE, write_beir


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "everyday"
    run_outside(read_outside(SAMPLE, "squad"), folder)
    return folder


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("figure", ["recall@1", "recall@5", "recall@10", "mrr"])
def test_the_search_finds_no_less_than_plain_bm25(folder: Path, language: str, figure: str) -> None:
    summary = read_run(folder).summary
    assert summary is not None
    figures = summary["groups"][f"language/{language}"]["figures"]
    assert figures[figure]["value"] >= figures[f"bm25_{figure}"]["value"] - 1e-9
    assert figures[figure]["value"] >= 0.75
    assert figures[figure]["low"] <= figures[figure]["value"] <= figures[figure]["high"]


def test_the_run_is_one_like_any_other(folder: Path) -> None:
    run = read_run(folder)
    assert run.info.finished and run.info.questions == len(run.results)
    verdicts = verdicts_of(list(run.results.values()))
    assert sum(v.right for v in verdicts) > len(verdicts) * 0.4
    assert sum(v.verbatim for v in verdicts) == sum(v.quotes for v in verdicts) > 0
    assert all(len(r.retrieved) <= 10 for r in run.results.values())


def test_spans_are_kept_per_question(folder: Path) -> None:
    lines = [json.loads(line) for line in (folder / EXTRA).read_text("utf-8").splitlines()]
    by_id = {line["id"]: line for line in lines}
    run = read_run(folder)
    assert by_id.keys() == run.results.keys()
    for identity, line in by_id.items():
        answered = run.results[identity].answer["status"] == "answered"
        assert bool(line["prediction"]) == answered
        assert (line["f1"] is None) == (not run.results[identity].question["answerable"])


def test_beir_measures_the_search_alone_and_counts_passages_without_text(tmp_path: Path) -> None:
    corpus = "".join(
        json.dumps({"_id": str(n), "title": "", "text": text}) + "\n"
        for n, text in enumerate(("Two granite piers.", "A wooden jetty.", "码头有冷库。", " "))
    )
    queries = '{"_id": "q", "text": "granite piers"}\n{"_id": "r", "text": "冷库在哪里"}\n'
    folder = write_beir(tmp_path / "set", corpus, queries, "q\t0\t3\nq\t3\t1\nr\t2\t1\n")
    summary = run_outside(read_outside(folder, "beir"), tmp_path / "run")
    figures = summary["groups"]["all"]["figures"]
    assert "right" not in figures and "f1" not in figures
    assert figures["recall@10"]["value"] == pytest.approx((0.5 + 1) / 2)
    best = 3 + 1 / log2(3)  # the passage of grade 1 has no text, so nobody can find it
    assert figures["ndcg@10"]["value"] == pytest.approx((3 / best + 1) / 2, abs=1e-4)
    assert read_run(tmp_path / "run").info.engine == "search"


@pytest.mark.parametrize(
    ("answer", "span"),
    [
        ({"status": "not_found", "answer": "no", "citations": [{"quote": "x"}]}, ""),
        (
            {"status": "answered", "results": [{"value": 50, "text": "五十"}], "citations": [{"quote": "x"}]},
            "五十",
        ),
        ({"status": "answered", "results": [{"value": 2.0, "text": ""}], "citations": [{"quote": "x"}]}, "x"),
        ({"status": "answered", "answer": "two"}, "two"),
    ],
)
def test_the_span_of_an_answer_is_its_value_else_its_quote(answer: dict[str, Any], span: str) -> None:
    assert prediction(answer) == span
