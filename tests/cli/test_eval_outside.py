"""`eval run --corpus`: public sets from the command line, and one sentence for what does not go together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policybot.evaluation.runs import read_run
from tests.cli.here import call_here
from tests.evaluation.test_outside import write_beir

QUERIES = '{"_id": "1", "text": "How many piers?"}\n'


def test_a_beir_folder_becomes_a_run(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "set", queries=QUERIES)
    command = ["eval", "run", "test", "--corpus", str(folder), "--format", "beir", "--home", str(tmp_path)]
    done = call_here(*command, "--name", "mine", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["set"] == "set-test" and shown["questions"] == 1
    assert shown["summary"]["groups"]["all"]["figures"]["recall@1"]["value"] == 1
    assert read_run(tmp_path / "runs" / "mine").summary == shown["summary"]
    again = call_here(*command, "--name", "mine")
    assert again.returncode == 2 and again.stderr.startswith("The run mine exists.")
    assert call_here(*command, "--name", "mine", "--fresh").returncode == 0


def test_a_run_without_a_name_never_replaces_another(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "set", queries=QUERIES)
    for _ in range(2):
        done = call_here(
            "eval",
            "run",
            "--corpus",
            str(folder),
            "--format",
            "beir",
            "--home",
            str(tmp_path),
            "--lang",
            "zh",
        )
        assert done.returncode == 0 and "普通" not in done.stderr, done.stderr
    assert len(list((tmp_path / "runs").iterdir())) == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--corpus", "x.json"], "--corpus and --format belong together"),
        (["--format", "squad"], "--corpus and --format belong together"),
        (["--corpus", "x.json", "--format", "csv"], "there is no format 'csv'"),
        (["--corpus", "x.json", "--format", "squad"], "there is no such file or folder"),
        (["--corpus", ".", "--format", "beir"], "qrels cannot be used: it holds no"),
        (["--corpus", ".", "--format", "squad", "--filter", "type=list"], "--filter cannot be used"),
        (["--corpus", ".", "--format", "squad", "--engine", "llm:x"], "--engine cannot be used"),
        (["a", "b", "--corpus", ".", "--format", "squad"], "several sets cannot be used"),
    ],
)
def test_what_does_not_go_together_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus.jsonl").write_text("", "utf-8")
    done = call_here("eval", "run", *arguments, "--home", str(tmp_path))
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert says in done.stderr


def test_a_broken_file_is_named_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{", "utf-8")
    command = [
        "eval",
        "run",
        "--corpus",
        str(tmp_path / "x.json"),
        "--format",
        "squad",
        "--home",
        str(tmp_path),
    ]
    for language, says in (
        ("en", "x.json cannot be used: it is not JSON"),
        ("zh", "无法使用 x.json：不是 JSON"),
    ):
        done = call_here(*command, "--lang", language)
        assert done.returncode == 2 and done.stderr.startswith(says) and done.stderr.count("\n") == 1
