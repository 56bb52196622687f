"""`policybot eval` on the command line: runs, killed and gone on with, compared, shown, checked and gated."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, call
from tests.cli.here import call_here
from tests.cli.test_entry import assert_one_sentence
from tests.index.small import small_home, write_questions

EVALS = Path(__file__).resolve().parents[2] / "evals"
QUESTIONS = 24  # of a development set: enough for figures, few enough for seconds
LONG = 36  # … enough to stop a run half way
BEGUN = 8  # answers after which it is stopped


def lines_of(name: str) -> list[dict[str, Any]]:
    text = (EVALS / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def write(file: Path, records: list[dict[str, Any]]) -> Path:
    text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def here(home: Path) -> Run:
    """The command line in this process, for what is told of a run once it is there."""
    return lambda *arguments: call_here(*arguments, "--home", str(home))


@pytest.fixture(scope="module")
def qa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set of answerable and unanswerable questions."""
    records = lines_of("dev2")
    return write(tmp_path_factory.mktemp("sets") / "mine.jsonl", records[:: len(records) // QUESTIONS])


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set that takes some seconds to ask."""
    records = lines_of("dev")
    return write(tmp_path_factory.mktemp("sets") / "long.jsonl", records[:: len(records) // LONG][:LONG])


@pytest.fixture(scope="module")
def finished(policybot: Run, qa: Path) -> dict[str, Any]:
    done = policybot("eval", "run", str(qa), "--name", "first", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_run_leaves_everything_in_its_folder(finished: dict[str, Any], qa: Path, home: Path) -> None:
    folder = Path(finished["folder"])
    assert folder == home / "runs" / "first"
    assert json.loads((folder / "summary.json").read_text("utf-8")) == finished["summary"]
    assert finished["finished"] and finished["set"] == "mine" and finished["engine"] == "planner"
    rows = [json.loads(line) for line in (folder / "results.jsonl").read_text("utf-8").split("\n") if line]
    asked = [json.loads(line) for line in qa.read_text("utf-8").split("\n") if line]
    assert [row["question"] for row in rows] == asked
    figures = finished["summary"]["groups"]["all"]["figures"]
    assert figures["right"]["low"] <= figures["right"]["value"] <= figures["right"]["high"]
    assert figures["verbatim"]["value"] == 1.0


def test_a_run_for_people(here: Run, finished: dict[str, Any]) -> None:
    done = here("eval", "run", str(EVALS / "dev.jsonl"), "--split", "starter-test2", "--filter", "type=table")
    assert done.returncode == 0, done.stderr
    assert "Evidence and search" in done.stdout and "language/zh" in done.stdout
    assert "first prototype" in done.stdout
    again = here("eval", "run", finished["set"], "--name", "first", "--lang", "zh")
    assert again.returncode == 2 and "问题集" in again.stderr


def test_a_finished_run_is_not_asked_again(here: Run, finished: dict[str, Any], qa: Path) -> None:
    before = (Path(finished["folder"]) / "results.jsonl").read_bytes()
    done = here("eval", "run", str(qa), "--name", "first")
    assert done.returncode == 0 and "finished already" in done.stderr
    assert (Path(finished["folder"]) / "results.jsonl").read_bytes() == before
    other = here("eval", "run", str(qa), "--name", "first", "--filter", "language=zh")
    assert other.returncode == 2
    assert_one_sentence(other.stderr)
    assert "filters" in other.stderr


def start(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("POLICYBOT_", "LC_"))}
    environment |= {"POLICYBOT_HOME": str(home), "LANG": "en_US.UTF-8", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "policybot", *arguments],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment,
    )  # fmt: skip


def stopped(home: Path, long: Path, folder: Path, how: signal.Signals) -> tuple[int, str, bytes]:
    """Stops a run after some results: (exit code, standard error, results)."""
    process = start(home, "eval", "run", str(long), "--out", str(folder))
    results = folder / "results.jsonl"
    while process.poll() is None and not (results.is_file() and results.read_bytes().count(b"\n") > BEGUN):
        time.sleep(0.02)
    process.send_signal(how)
    stderr = process.communicate()[1].decode("utf-8")
    kept = results.read_bytes()
    assert BEGUN < kept.count(b"\n") < LONG, "the run was not stopped half way"
    assert json.loads((folder / "run.json").read_text("utf-8"))["finished"] is None
    return process.returncode, stderr, kept


def test_a_killed_run_goes_on_where_it_was_and_scores_the_same(
    policybot: Run, here: Run, home: Path, long: Path, tmp_path: Path
) -> None:
    code, _, kept = stopped(home, long, tmp_path / "run", signal.SIGKILL)
    assert code == -signal.SIGKILL
    resumed = policybot("eval", "run", str(long), "--out", str(tmp_path / "run"), "--resume", "--json")
    assert resumed.returncode == 0, resumed.stderr
    done = kept.count(b"\n")
    assert f"{done} of {LONG} questions are answered" in resumed.stderr
    results = (tmp_path / "run" / "results.jsonl").read_bytes()
    assert results.startswith(kept[: kept.rfind(b"\n") + 1])
    assert results.count(b"\n") == LONG
    fresh = here("eval", "run", str(long), "--name", "whole", "--workers", "2", "--json")
    assert timeless(json.loads(fresh.stdout)) == timeless(json.loads(resumed.stdout))


def test_ctrl_c_says_that_nothing_is_lost(home: Path, long: Path, tmp_path: Path) -> None:
    code, stderr, _ = stopped(home, long, tmp_path / "run", signal.SIGINT)
    assert code == 130 and "goes on from there" in stderr and "Traceback" not in stderr


def timeless(run: dict[str, Any]) -> dict[str, Any]:
    groups: dict[str, Any] = run["summary"]["groups"]
    return {
        name: {f: v for f, v in group["figures"].items() if not f.startswith("latency")}
        for name, group in groups.items()
    }


# Compared and shown -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spoilt(finished: dict[str, Any], home: Path) -> str:
    """The first run with one right answer made wrong."""
    source, target = Path(finished["folder"]), home / "runs" / "spoilt"
    target.mkdir()
    rows = [json.loads(line) for line in (source / "results.jsonl").read_text("utf-8").split("\n") if line]
    victim = next(row for row in rows if row["verdict"]["right"] and row["question"]["answerable"])
    victim["verdict"] |= {"right": False, "missing": [["25%"]]}
    victim["answer"]["answer"] = "nothing"
    write(target / "results.jsonl", rows)
    for name in ("run.json", "summary.json"):
        (target / name).write_bytes((source / name).read_bytes())
    return str(victim["id"])


def test_compare_names_what_changed(here: Run, spoilt: str) -> None:
    done = here("eval", "compare", "first", "spoilt", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["better"], found["worse"], found["left_out"]) == ([], [spoilt], 0)
    change = found["figures"]["right"]["difference"]
    assert change["value"] < 0 and change["low"] < change["value"] < change["high"] <= 0
    assert found["figures"]["recall@1"]["difference"] == {"value": 0, "low": 0, "high": 0} | {
        "n": found["figures"]["recall@1"]["difference"]["n"]
    }
    text = here("eval", "compare", "spoilt", "first").stdout
    assert "1 better, 0 worse" in text and spoilt in text


def test_compare_takes_common_questions_and_refuses_none(
    here: Run, finished: dict[str, Any], qa: Path, tmp_path: Path
) -> None:
    records = [json.loads(line) for line in qa.read_text("utf-8").split("\n") if line]
    part = write(tmp_path / "part.jsonl", records[:5])
    other = write(tmp_path / "other.jsonl", [r | {"id": f"x{r['id']}"} for r in records[:3]])
    for name, file in (("part", part), ("other", other)):
        assert here("eval", "run", str(file), "--name", name).returncode == 0
    common = here("eval", "compare", "first", "part")
    assert common.returncode == 0 and "5 are compared" in common.stderr
    none = here("eval", "compare", "first", "other")
    assert none.returncode == 2 and "no question in common" in none.stderr
    missing = here("eval", "compare", "first", "frist")
    assert missing.returncode == 2 and "first" in missing.stderr
    assert_one_sentence(missing.stderr)


def test_show_gives_the_whole_trace(here: Run, spoilt: str) -> None:
    text = here("eval", "show", spoilt, "--run", "spoilt").stdout
    for part in ("Expected", "Got", "Retrieved", "Steps", "★", "Judged wrong", "It lacks: 25%", "nothing"):
        assert part in text, part
    chinese = here("eval", "show", spoilt, "--run", "first", "--lang", "zh").stdout
    assert "判为正确" in chinese and "应有" in chinese
    assert json.loads(here("eval", "show", spoilt, "--run", "spoilt", "--json").stdout)["id"] == spoilt
    wrong = here("eval", "show", "--run", "spoilt").stdout
    assert spoilt in wrong
    none = here("eval", "show", "nobody")
    assert none.returncode == 2 and "nobody" in none.stderr
    assert_one_sentence(none.stderr)


def test_a_held_out_run_shows_figures_and_reminds(here: Run, home: Path) -> None:
    """Which question it is stays unread here: only that none is listed unless asked for by id."""
    done = here("eval", "run", "test", "--filter", "type=list", "--filter", "language=en", "--name", "held")
    assert done.returncode == 0, done.stderr
    ids = [
        json.loads(x)["id"] for x in (home / "runs/held/results.jsonl").read_text("utf-8").split("\n") if x
    ]
    listed = done.stdout + here("eval", "show", "--run", "held").stdout
    listed += here("eval", "compare", "held", "held").stdout
    assert "held-out" in done.stdout and "type/" not in done.stdout
    assert not [i for i in ids if f"{i} " in listed]
    assert "can no longer measure" in here("eval", "show", ids[0], "--run", "held").stderr


# Sets and limits ----------------------------------------------------------------------------------


def test_check_finds_what_is_wrong(here: Run, qa: Path, tmp_path: Path) -> None:
    records = [json.loads(line) for line in qa.read_text("utf-8").split("\n") if line]
    plain = [r for r in records if r["type"] in ("value", "unanswerable")]
    good = here("eval", "check", str(write(tmp_path / "good.jsonl", plain)))
    assert good.returncode == 0, good.stdout
    assert "Nothing is wrong" in good.stdout
    twice = [*plain, plain[0] | {"id": "again"}]
    bad = here("eval", "check", str(write(tmp_path / "bad.jsonl", twice)), "--json")
    found = json.loads(bad.stdout)
    assert bad.returncode == 1 and found["wrong"] == 1
    assert found["findings"][0]["kind"] == "duplicate"


def limits(folder: Path, value: float) -> str:
    file = folder / "limits.toml"
    file.write_text(f'[[quality]]\ngroup = "mine"\nfigure = "right"\nat_least = {value}\n', encoding="utf-8")
    return str(file)


def test_gate_fails_below_a_limit(here: Run, finished: dict[str, Any], qa: Path, tmp_path: Path) -> None:
    kept = here("eval", "gate", "first", "--thresholds", limits(tmp_path, 0.1))
    assert kept.returncode == 0 and "All 1 limits are kept" in kept.stdout
    broken = here("eval", "gate", str(qa), "--thresholds", limits(tmp_path, 1.01), "--json")
    assert broken.returncode == 1, broken.stderr
    assert "below 1.010" in json.loads(broken.stdout)["limits"][0]["failure"]
    none = here("eval", "gate", "first")
    assert none.returncode == 2 and "No limit of thresholds.toml" in none.stderr
    assert_one_sentence(none.stderr)


def test_the_ladder_is_climbed(tmp_path: Path) -> None:
    small_home(tmp_path)
    file = write_questions(tmp_path / "few.jsonl")
    done = call("eval", "ladder", str(file), "--json", "--home", str(tmp_path))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found)[:2] == ["words", "words-glossary"] and len(found) == 10
    text = call_here("eval", "ladder", str(file), "--home", str(tmp_path)).stdout
    assert "planner without glossary" in text


# Bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda q: ["{\n"], "line 1: it is not JSON"),
        (lambda q: [json.dumps(q), "\n", json.dumps(q)], "line 2"),
        (lambda q: [json.dumps(q | {"type": "riddle"})], "'riddle'"),
        (lambda q: [], "no question"),
        (lambda q: [json.dumps(q | {"gold": [[{"quote": "not in this corpus at all"}]]})], "another corpus"),
    ],
)
def test_sets_that_cannot_be_used(
    here: Run, tmp_path: Path, make: Callable[[dict[str, Any]], list[str]], words: str
) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text("".join(make(lines_of("dev")[0])), encoding="utf-8")
    done = here("eval", "run", str(file), "--out", str(tmp_path / "run"))
    assert done.returncode == 2 and words in done.stderr
    assert_one_sentence(done.stderr)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "nowhere.jsonl"), "There is no question set"),
        (("run", "dev", "--filter", "colour=red"), "filter"),
        (("run", "dev", "--engine", "oracle"), "no engine"),
        (("run", "dev", "--name", "../x"), "cannot name"),
        (("run", "dev", "--name", "x", "--out", "y"), "together"),
        (("gate", "nowhere"), "There is no question set"),
    ],
)
def test_arguments_that_cannot_be_used(here: Run, arguments: tuple[str, ...], words: str) -> None:
    done = here("eval", *arguments)
    assert done.returncode in (2, 5) and words in done.stderr
    assert_one_sentence(done.stderr)


def test_a_damaged_run_is_named_and_left_alone(
    here: Run, finished: dict[str, Any], qa: Path, home: Path
) -> None:
    folder = home / "runs" / "damaged"
    folder.mkdir()
    (folder / "run.json").write_bytes((Path(finished["folder"]) / "run.json").read_bytes())
    (folder / "results.jsonl").write_text("{\n")
    for arguments in (
        ("run", str(qa), "--name", "damaged"),
        ("compare", "damaged", "first"),
        ("gate", "damaged"),
    ):
        done = here("eval", *arguments)
        assert done.returncode == 2 and "damaged/results.jsonl: line 1" in done.stderr
        assert_one_sentence(done.stderr)
    assert (folder / "results.jsonl").read_text() == "{\n"


def test_without_ir_measures_one_sentence_says_what_to_install(policybot: Run, tmp_path: Path) -> None:
    (tmp_path / "ir_measures.py").write_text("raise ImportError('none')")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH"), str(EVALS.parent)])])
    done = policybot("eval", "run", "dev", env={"PYTHONPATH": path})
    assert done.returncode == 2 and "policybot[eval]" in done.stderr
    assert_one_sentence(done.stderr)
