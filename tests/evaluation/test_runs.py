"""Run folders: written line by line, read back, gone on with; damage is named and nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.errors import PolicybotError
from policybot.evaluation.begin import check_name, choose_folder, use_folder
from policybot.evaluation.runs import (
    RESULTS,
    RUN,
    SUMMARY,
    Result,
    RunError,
    RunInfo,
    RunWriter,
    find_run,
    read_run,
    run_names,
)

INFO = RunInfo("dev", "0" * 64, 3, {}, "planner", "c", "g000001-x", "0.1", program="p")
SUMMARY_OBJECT = {"groups": {"all": {"n": 3, "figures": {}}}}


def result(identity: str, text: str = "25%") -> Result:
    return Result(identity, {"id": identity, "question": "？"}, {"answer": text}, [], {"right": True})


def whole(folder: Path) -> Path:
    with RunWriter(folder, INFO) as writer:
        for identity in "abc":
            writer.append(result(identity))
        writer.finish(SUMMARY_OBJECT)
    return folder


def test_what_is_written_is_read(tmp_path: Path) -> None:
    run = read_run(whole(tmp_path / "r"))
    assert (run.name, run.info.set, run.info.questions) == ("r", "dev", 3)
    assert run.info.started and run.info.finished
    assert list(run.results) == ["a", "b", "c"]
    assert run.results["a"] == result("a")
    assert run.summary == SUMMARY_OBJECT


def test_a_result_is_in_the_file_as_soon_as_it_is_appended(tmp_path: Path) -> None:
    with RunWriter(tmp_path, INFO) as writer:
        writer.append(result("a"))
        assert list(read_run(tmp_path).results) == ["a"]
        assert read_run(tmp_path).info.finished is None


@given(cut=st.integers(1, 400))
def test_a_run_cut_anywhere_keeps_its_whole_lines_and_goes_on(
    cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("run")
    with RunWriter(folder, INFO) as writer:
        writer.append(result("a", "第一\u2028行"))
        writer.append(result("b"))
    raw = (folder / RESULTS).read_bytes()
    (folder / RESULTS).write_bytes(raw[: min(cut, len(raw))])
    kept = raw[: min(cut, len(raw))].count(b"\n")
    with RunWriter(folder, INFO, resume=True) as writer:
        assert list(writer.known) == ["a", "b"][:kept]
        for identity in "abc"[kept:]:
            writer.append(result(identity))
        writer.finish(SUMMARY_OBJECT)
    assert list(read_run(folder).results) == ["a", "b", "c"]
    assert (folder / RESULTS).read_bytes().count(b"\n") == 3


def test_two_processes_cannot_write_one_run(tmp_path: Path) -> None:
    with RunWriter(tmp_path, INFO) as first:
        first.append(result("a"))
        with pytest.raises(RunError, match="Another process"):
            RunWriter(tmp_path, INFO)
    assert list(read_run(tmp_path).results) == ["a"]


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        (RUN, "{", "run.json: it is not JSON"),
        (RUN, "[]", "not a JSON object"),
        (RUN, '{"format": 2}', "its format is 2"),
        (RUN, '{"format": 1, "set": "dev"}', "it lacks set_sha256"),
        (RESULTS, '{"id": "a"}\n', "line 1 is no result"),
        (RESULTS, "\xff\n", "line 1 is no result"),
        (RESULTS, "", "0 of 3 results"),
        (SUMMARY, "{}", '"groups" is missing'),
    ],
)
def test_damage_is_named(tmp_path: Path, file: str, content: str, words: str) -> None:
    folder = whole(tmp_path / "r")
    (folder / file).write_bytes(content.encode("latin-1"))
    with pytest.raises(RunError) as caught:
        read_run(folder)
    assert words in caught.value.what
    assert f"r/{file}" in caught.value.what_zh


def test_a_missing_summary_is_damage(tmp_path: Path) -> None:
    folder = whole(tmp_path / "r")
    (folder / SUMMARY).unlink()
    with pytest.raises(RunError, match=r"summary\.json"):
        read_run(folder)


def test_runs_are_found_by_name_or_path_and_the_nearest_is_named(tmp_path: Path) -> None:
    folder = whole(tmp_path / "dev-planner")
    assert run_names(tmp_path) == ["dev-planner"]
    assert run_names(tmp_path / "none") == []
    assert find_run("dev-planner", tmp_path) == folder
    assert find_run(str(folder), tmp_path / "elsewhere") == folder
    with pytest.raises(RunError, match="dev-planner"):
        find_run("dev-planer", tmp_path)


# Where a run goes ---------------------------------------------------------------------------------


def unfinished(folder: Path, info: RunInfo = INFO) -> Path:
    with RunWriter(folder, info) as writer:
        writer.append(result("a"))
    return folder


def test_an_interrupted_run_goes_on_and_a_finished_one_is_left_alone(tmp_path: Path) -> None:
    first, done = choose_folder(tmp_path, INFO)
    assert done is None
    unfinished(first)
    again, done = choose_folder(tmp_path, INFO)
    assert again == first and done is not None and list(done.results) == ["a"]
    assert choose_folder(tmp_path, INFO, "fresh")[0] == first.with_name(first.name + "-2")
    whole(first)
    second, done = choose_folder(tmp_path, INFO)
    assert (second.name, done) == (first.name + "-2", None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("set_sha256", "1" * 64),
        ("engine", "llm:x"),
        ("corpus", "d"),
        ("program", "q"),
        ("filters", {"type": ["list"]}),
    ],
)
def test_results_of_another_kind_are_never_put_together(tmp_path: Path, field: str, value: object) -> None:
    changed = replace(INFO, **{field: value})  # type: ignore[arg-type]
    folder = unfinished(tmp_path / "r")
    with pytest.raises(RunError, match=field):
        use_folder(folder, changed)
    assert use_folder(folder, changed, "fresh") is None
    assert use_folder(folder, INFO) is not None
    named, _ = choose_folder(tmp_path, INFO)
    unfinished(named, changed)
    assert choose_folder(tmp_path, INFO)[1] is None


def test_a_folder_that_is_no_run_is_never_written_to(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    for mode in ("auto", "fresh"):
        with pytest.raises(RunError, match="is no run"):
            use_folder(tmp_path, INFO, mode)
    assert use_folder(tmp_path / "new", INFO) is None


def test_a_damaged_run_is_only_replaced_on_demand(tmp_path: Path) -> None:
    folder = unfinished(tmp_path / "r")
    (folder / RUN).write_text("{")
    with pytest.raises(RunError, match="damaged"):
        use_folder(folder, INFO)
    assert use_folder(folder, INFO, "fresh") is None


@pytest.mark.parametrize("name", ["", "..", "a/b", "-x", ".hidden", "a b"])
def test_names_that_are_no_folder_names(name: str) -> None:
    with pytest.raises(PolicybotError, match="cannot name"):
        check_name(name)
    assert check_name("dev-规划器.1") == "dev-规划器.1"


def test_what_is_stored_is_the_documented_format(tmp_path: Path) -> None:
    folder = whole(tmp_path)
    run = json.loads((folder / RUN).read_text("utf-8"))
    assert {"format", "set", "set_sha256", "questions", "filters", "engine", "corpus", "index", "policybot",
            "started", "finished"} <= run.keys()  # fmt: skip
    line = json.loads((folder / RESULTS).read_text("utf-8").split("\n")[0])
    assert {"id", "question", "answer", "retrieved", "verdict", "usage"} <= line.keys()
