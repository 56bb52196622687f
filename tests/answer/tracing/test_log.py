"""Traces of answers: what is recorded, how many are kept, and that they never get in the way."""

from __future__ import annotations

import json
import os
import re
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.checks.enforce import enforce
from policybot.answer.model import Answer
from policybot.answer.tracing.log import TraceLog, traced
from policybot.answer.tracing.stages import stage, tracing
from policybot.errors import PolicybotError
from policybot.home import Home

QUESTION = "2030年非化石能源消费比重达到多少？"


def record(number: int) -> dict[str, object]:
    return {"id": f"20260101T000000-{number:04x}", "question": f"q{number}"}


@pytest.fixture(scope="session")
def answer(bot: PolicyBot) -> Answer:
    return bot.ask(QUESTION)


def test_a_record_holds_question_plan_evidence_checks_and_times(bot: PolicyBot, tmp_path: Path) -> None:
    log = TraceLog(tmp_path / "traces", 5)
    with traced(log, "ask") as work:
        work.answer = bot.ask(QUESTION)
    (found,) = log.read()
    assert re.fullmatch(r"\d{8}T\d{6}-[0-9a-f]{4}", found["id"])
    assert (found["question"], found["channel"], found["status"]) == (QUESTION, "ask", "answered")
    assert [step["tool"] for step in found["steps"]] == [step.tool for step in work.answer.steps]
    assert found["evidence"][0]["quote"] in work.answer.citations[0].quote
    assert found["evidence"][0]["line_start"] == work.answer.citations[0].line_start
    assert found["checks"][0]["citations"] == len(work.answer.citations)
    assert not any(found["checks"][0]["removed"].values())
    names = [timing["stage"] for timing in found["timings"]]
    assert names[:3] == ["understand", "decide", "search"] and names[-2:] == ["compose", "check"]
    outer = sum(timing["ms"] for timing in found["timings"] if timing["depth"] == 0)
    assert 0 < outer <= found["elapsed_ms"]


def test_what_the_check_removes_stands_in_the_trace(bot: PolicyBot, answer: Answer, tmp_path: Path) -> None:
    log = TraceLog(tmp_path, 5)
    forged = replace(answer, answer=f"{answer.answer}\n另外还要达到97%[1]。")
    with traced(log, "ask") as work:
        work.answer = enforce(forged, bot.index.corpus)
    (check,) = log.read()[0]["checks"]
    assert check["removed"] == {"sentences": 1, "citations": 0, "results": 0}
    assert [issue["kind"] for issue in check["issues"]] == ["number"]
    assert "97" in check["issues"][0]["en"] and "97" in check["issues"][0]["zh"]


def test_stages_nest_and_are_told_when_they_end() -> None:
    heard: list[str] = []
    with tracing(lambda done: heard.append(done.name)) as trace:
        with stage("outer"), stage("inner"):
            pass
        with pytest.raises(ValueError), stage("broken"):
            raise ValueError
    assert heard == ["inner", "outer", "broken"]
    assert [(s.name, s.depth) for s in trace.stages] == [("outer", 0), ("inner", 1), ("broken", 0)]
    with stage("unheard"):
        pass
    assert len(trace.stages) == 3


@pytest.mark.parametrize("count", [1, 4, 5, 9, 10, 11, 23])
def test_the_last_ones_are_kept_and_shown_newest_first(tmp_path: Path, count: int) -> None:
    log = TraceLog(tmp_path, 5)
    for number in range(count):
        assert log.add(record(number))
    assert [r["question"] for r in log.read()] == [f"q{n}" for n in reversed(range(count))][:5]
    assert len(log.file.read_bytes().splitlines()) < 10
    assert [p.name for p in tmp_path.iterdir()] == ["answers.jsonl"]
    if os.name == "posix":
        assert stat.S_IMODE(log.file.stat().st_mode) == 0o600


def test_several_writers_at_a_time_leave_whole_lines(tmp_path: Path) -> None:
    log = TraceLog(tmp_path, 1000)
    writers = [
        threading.Thread(target=lambda k=k: [log.add(record(k * 100 + n)) for n in range(50)])
        for k in range(4)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len({r["id"] for r in log.read()}) == 200


def test_a_record_is_found_by_place_or_id(tmp_path: Path) -> None:
    log = TraceLog(tmp_path, 5)
    for number in range(3):
        log.add(record(number))
    assert log.find("1")["question"] == "q2"
    assert log.find("3")["question"] == "q0"
    assert log.find("20260101T000000-0001")["question"] == "q1"
    for wrong in ("0", "4", "", "20260101T", "x", "9" * 5000):
        with pytest.raises(PolicybotError):
            log.find(wrong)


def test_lines_that_are_no_records_are_passed_over(tmp_path: Path) -> None:
    log = TraceLog(tmp_path, 5)
    log.add(record(1))
    with log.file.open("ab") as stream:
        stream.write(b'{"id": "cut off", "ques\n[]\n\xff\n{"id": 5, "question": "x"}\n\n')
    log.add(record(2))
    assert [r["question"] for r in log.read()] == ["q2", "q1"]


def test_clear_deletes_and_says_how_many(tmp_path: Path) -> None:
    log = TraceLog(tmp_path, 5)
    assert log.clear() == 0
    log.add(record(1))
    assert log.clear() == 1
    assert not log.file.exists()


def test_a_folder_that_cannot_be_written_costs_no_answer(bot: PolicyBot, tmp_path: Path) -> None:
    (tmp_path / "traces").write_text("a file where the folder should be")
    log = TraceLog(tmp_path / "traces", 5)
    with traced(log, "ask") as work:
        work.answer = bot.ask(QUESTION)
    assert work.answer.status == "answered"
    assert log.read() == []
    assert log.clear() == 0


def test_a_question_with_broken_characters_is_recorded(tmp_path: Path, answer: Answer) -> None:
    log = TraceLog(tmp_path, 5)
    with traced(log, "ask") as work:
        work.answer = replace(answer, question="光伏\ud800\n\u2028？")
    assert log.read()[0]["question"].startswith("光伏")
    assert len(log.file.read_bytes().splitlines()) == 1


@pytest.mark.parametrize("settings", ["[trace]\non = false\n", "[trace]\nkeep = 0\n"])
def test_the_settings_switch_traces_off(tmp_path: Path, settings: str) -> None:
    assert TraceLog.of(Home(tmp_path)) is not None
    (tmp_path / "policybot.toml").write_text(settings)
    assert TraceLog.of(Home(tmp_path)) is None


@pytest.mark.parametrize(
    ("line", "part"),
    [('on = "yes"', "trace.on must be true or false"), ("keep = -1", "trace.keep must be a whole number")],
)
def test_wrong_settings_are_refused(tmp_path: Path, line: str, part: str) -> None:
    (tmp_path / "policybot.toml").write_text(f"[trace]\n{line}\n")
    with pytest.raises(PolicybotError, match=part):
        TraceLog.of(Home(tmp_path))


def test_the_environment_and_the_caller_switch_traces_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert TraceLog.of(Home(tmp_path), wanted=False) is None
    monkeypatch.setenv("POLICYBOT_NO_TRACE", "1")
    assert TraceLog.of(Home(tmp_path)) is None
    monkeypatch.setenv("POLICYBOT_NO_TRACE", "0")
    assert TraceLog.of(Home(tmp_path)) is not None


def test_a_record_is_one_line_of_json(tmp_path: Path, answer: Answer) -> None:
    log = TraceLog(tmp_path, 5)
    with traced(log, "ask") as work:
        work.answer = answer
    (line,) = log.file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["answer"] == answer.answer
