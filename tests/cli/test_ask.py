"""`policybot ask`, run for real."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from policybot.errors import ExitCode
from tests.cli.conftest import Run, call
from tests.index.small import small_home

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "what is the 2025 target for new-building PV coverage?"
FIELDS = [
    "id", "question", "language", "status", "answer", "citations", "results", "steps", "confidence",
    "engine", "warnings", "elapsed_ms",
]  # fmt: skip


def test_the_example_is_answered_with_qualifier_and_clause(policybot: Run) -> None:
    done = policybot("ask", QUESTION)
    assert done.returncode == 0
    assert done.stderr == ""
    answer, _, sources = done.stdout.partition("Sources")
    assert "50%" in answer
    assert "力争" in answer
    assert re.search(r"\[1\] 《2030年前碳达峰行动方案》三（四）3 .*corpus/sources/\w+\.txt:\d+", sources)
    assert "屋顶光伏覆盖率力争达到 50%" in sources


def test_json_is_the_contract(policybot: Run) -> None:
    answer = json.loads(policybot("ask", QUESTION, "--json").stdout)
    assert list(answer) == FIELDS
    assert (answer["status"], answer["language"], answer["question"]) == ("answered", "en", QUESTION)
    citation = answer["citations"][0]
    lines = (ROOT / citation["source"]).read_text(encoding="utf-8").split("\n")
    printed = "".join("".join(lines[citation["line_start"] - 1 : citation["line_end"]]).split())
    assert "".join(citation["quote"].split()) in printed


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "-"]])
def test_the_question_may_come_from_standard_input(policybot: Run, arguments: list[str]) -> None:
    done = policybot(*arguments, "--json", stdin="\ufeff2030年森林覆盖率目标是多少？\n".encode())
    answer = json.loads(done.stdout)
    assert (answer["status"], answer["language"]) == ("answered", "zh")


def test_words_need_no_quotes(policybot: Run) -> None:
    assert policybot("ask", *QUESTION.split()).stdout == policybot("ask", QUESTION).stdout


def test_the_language_of_the_answer_can_be_chosen(policybot: Run) -> None:
    answer = json.loads(policybot("ask", QUESTION, "--lang", "zh", "--json").stdout)
    assert answer["language"] == "zh"
    assert "出处" in policybot("ask", QUESTION, "--lang", "zh").stdout


def test_a_refusal_is_a_result(policybot: Run) -> None:
    done = policybot("ask", "Who won the football World Cup in 2018?", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["status"] == "not_found"


def test_only_the_documents_named_are_used(policybot: Run) -> None:
    done = policybot("ask", "2030年非化石能源消费比重", "--doc", "opinions-2021", "--passages", "5", "--json")
    answer = json.loads(done.stdout)
    assert {c["document"] for c in answer["citations"]} <= {"opinions-2021"}
    assert {p["document"] for p in answer["passages"]} == {"opinions-2021"}
    both = policybot(
        "ask", "2030年非化石能源消费比重", "--doc", "意见", "--doc", "行动方案", "--passages", "9", "--json"
    )
    found = {p["document"] for p in json.loads(both.stdout)["passages"]}
    assert found == {"opinions-2021", "action-plan-2030"}


def test_an_unknown_document_is_one_sentence_with_the_nearest_names(policybot: Run) -> None:
    done = policybot("ask", QUESTION, "--doc", "nothing-like-it")
    assert done.returncode == ExitCode.USAGE
    assert "nothing-like-it" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_passages_are_shown_beneath_the_answer(policybot: Run) -> None:
    text = policybot("ask", QUESTION, "--passages", "2").stdout
    assert text.index("Sources") < text.index("Nearest clauses") < text.index("(1) 《") < text.index("(2) 《")
    answer = json.loads(policybot("ask", QUESTION, "--passages", "3", "--json").stdout)
    assert list(answer) == [*FIELDS, "passages"]
    assert len(answer["passages"]) == 3


@pytest.mark.parametrize(
    ("question", "part"),
    [
        (b"", "empty"),
        (b"   \n\t ", "empty"),
        (b"???", "no words"),
        (b"x" * 100_000, "100,000 characters"),
        (b"a\x00b\x01", "U+0000"),
        (b"\xff\xfe\x00\x01", "not UTF-8"),
        (bytes(range(256)) * 50, "not UTF-8"),
        (b"\x1b[31mred\x1b[0m", "U+001B"),
    ],
    ids=["empty", "blank", "no words", "long", "control", "binary", "random", "escape"],
)
def test_a_bad_question_is_one_sentence_and_exit_2(policybot: Run, question: bytes, part: str) -> None:
    done = policybot("ask", stdin=question)
    assert done.returncode == ExitCode.USAGE
    assert done.stdout == ""
    assert part in done.stderr
    assert len(done.stderr.splitlines()) == 1
    as_json = policybot("ask", "--json", stdin=question)
    assert as_json.returncode == ExitCode.USAGE
    if part != "not UTF-8":
        assert json.loads(as_json.stdout)["status"] == "error"


def test_bad_questions_are_refused_in_chinese_too(policybot: Run) -> None:
    assert policybot("ask", "目标" * 5000).stderr.startswith("问题有 10,000 个字符")
    assert policybot("ask", "", env={"LANG": "zh_CN.UTF-8"}).stderr.startswith("问题为空")


def test_bytes_on_the_command_line_that_are_no_text_are_refused(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "policybot", "ask", b"\xff\xfe target"],
        capture_output=True,
        env={**os.environ, "POLICYBOT_HOME": str(home)},
        check=False,
    )
    assert done.returncode == ExitCode.USAGE
    assert len(done.stderr.splitlines()) == 1


def test_a_batch_answers_line_by_line_in_order(policybot: Run, tmp_path: Path) -> None:
    lines = [
        {"id": "a", "question": QUESTION},
        {"id": 2, "question": "2030年森林覆盖率目标是多少？"},
        {"id": "c", "question": ""},
        {"question": "And in 2030?", "history": [{"question": "What is the 2025 forest coverage target?"}]},
    ]
    file = tmp_path / "batch.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\nnot json\n", encoding="utf-8")
    done = policybot("ask", "--batch", str(file), "--json")
    assert done.returncode == 0
    answers = [json.loads(row) for row in done.stdout.splitlines()]
    assert [a["id"] for a in answers] == ["a", 2, "c", None, None]
    assert [a["status"] for a in answers] == ["answered", "answered", "error", "answered", "error"]
    assert all(list(a) == FIELDS for a in answers)
    assert "2 of 5" in done.stderr
    again = policybot("ask", "--batch", "-", "--json", stdin=file.read_bytes())
    assert [json.loads(row)["answer"] for row in again.stdout.splitlines()] == [a["answer"] for a in answers]


def test_a_batch_can_be_read_by_people_too(policybot: Run) -> None:
    done = policybot("ask", "--batch", "-", stdin=json.dumps({"id": "q1", "question": QUESTION}).encode())
    assert done.stdout.startswith(f"▸ q1  {QUESTION}\n50%")


def test_a_batch_that_is_not_there_is_one_sentence(policybot: Run, tmp_path: Path) -> None:
    done = policybot("ask", "--batch", str(tmp_path / "none.jsonl"))
    assert done.returncode == ExitCode.USAGE
    assert "none.jsonl" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert policybot("ask", "question", "--batch", "-").returncode == ExitCode.USAGE


def test_ctrl_c_ends_with_130_and_no_traceback(home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "policybot", "ask", "--batch", "-", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "POLICYBOT_HOME": str(home), "LANG": "C.UTF-8"},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"question": QUESTION}).encode() + b"\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["question"] == QUESTION
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in stderr
    assert len(stderr.splitlines()) <= 1


def test_the_first_question_builds_the_index(tmp_path: Path) -> None:
    small_home(tmp_path)  # of the built-in documents test_wheel.py does the same
    done = call("ask", QUESTION, "--home", str(tmp_path))
    assert done.returncode == 0
    assert "50%" in done.stdout
    assert "Building the index" in done.stderr
    again = call("ask", QUESTION, "--home", str(tmp_path))
    assert (again.stdout, again.stderr) == (done.stdout, "")


def test_a_source_that_changed_leaves_the_last_good_index_in_use(tmp_path: Path) -> None:
    small_home(tmp_path)
    assert call("index", "build", "--home", str(tmp_path)).returncode == 0
    source = min((tmp_path / "texts" / "sources").iterdir())
    source.write_bytes(source.read_bytes() + "改".encode())
    done = call("ask", QUESTION, "--home", str(tmp_path))
    assert done.returncode == 0
    assert "50%" in done.stdout
    assert source.name in done.stderr
    assert "last good index" in done.stderr
