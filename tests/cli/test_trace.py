"""`policybot trace`, what `chat` leaves for it, and `ask` with --explain, --verbose and --no-trace."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from policybot.answer.tracing.log import FILE
from policybot.cli.plan import render_check, render_steps, wordings
from tests.cli.conftest import Run, call
from tests.cli.here import call_here

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "2030年非化石能源消费比重达到多少？"
ENGLISH = "what is the 2025 target for new-building PV coverage?"


@pytest.fixture(scope="module")
def once(policybot: Run, home: Path) -> bytes:
    """What one question leaves."""
    assert policybot("trace", "clear").returncode == 0
    assert policybot("ask", QUESTION).returncode == 0
    return (home / "traces" / FILE).read_bytes()


@pytest.fixture
def asked(policybot: Run, home: Path, once: bytes) -> Run:
    """A home in which one question was asked and nothing else is remembered.

    Only what asks is a process of its own; traces are shown by this one.
    """
    (home / "traces").mkdir(exist_ok=True)
    (home / "traces" / FILE).write_bytes(once)

    def run(
        *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        if arguments[0] == "trace":
            return call_here(*arguments, "--home", str(home))
        return policybot(*arguments, stdin=stdin, env=env)

    return run


def test_the_last_answer_is_shown_with_plan_evidence_checks_and_times(asked: Run) -> None:
    shown = asked("trace", "--lang", "en").stdout
    for part in (QUESTION, "How it was found", "1. search the clauses", "Evidence", "[1] opinions-2021"):
        assert part in shown
    for part in ("Checked against the sources", "all carried", "opening the index", "total "):
        assert part in shown
    assert re.search(r"corpus/sources/\S+:\d+", shown)
    chinese = asked("trace", "--lang", "zh").stdout
    for part in ("查找过程", "检索条款", "依据", "均有原文依据", "打开索引", "共 "):
        assert part in chinese


def test_earlier_ones_by_place_and_by_id(asked: Run) -> None:
    assert asked("ask", ENGLISH, "--json").returncode == 0
    assert ENGLISH in asked("trace").stdout
    assert QUESTION in asked("trace", "2").stdout
    records = json.loads(asked("trace", "list", "--json").stdout)
    assert [r["question"] for r in records] == [ENGLISH, QUESTION]
    assert json.loads(asked("trace", records[1]["id"], "--json").stdout) == records[1]
    listed = asked("trace", "list", "--lang", "zh").stdout.splitlines()
    assert len(listed) == 2 and listed[0].startswith("1. what is") and "已回答" in listed[0]


def test_clear_leaves_nothing(asked: Run, home: Path) -> None:
    assert asked("trace", "clear", "--json").stdout == '{\n  "deleted": 1\n}\n'
    assert not (home / "traces" / FILE).exists()
    done = asked("trace")
    assert done.returncode == 2
    assert done.stderr.startswith("No answer has been traced yet.")
    assert asked("trace", "list").stdout == "No answer has been traced yet.\n"
    assert "没有轨迹" not in asked("trace", "--lang", "zh").stderr


def test_a_wrong_name_is_one_sentence(asked: Run) -> None:
    done = asked("trace", "nonsense")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no trace 'nonsense'. `policybot trace list` shows the last 1.\n"


@pytest.mark.parametrize(
    ("arguments", "env"),
    [(("--no-trace",), {}), ((), {"POLICYBOT_NO_TRACE": "1"})],
    ids=["option", "variable"],
)
def test_no_trace_when_none_is_wanted(asked: Run, arguments: tuple[str, ...], env: dict[str, str]) -> None:
    assert asked("ask", ENGLISH, *arguments, env=env).returncode == 0
    assert len(json.loads(asked("trace", "list", "--json").stdout)) == 1


def test_a_batch_leaves_a_trace_of_every_answer(asked: Run) -> None:
    lines = f'{{"question": "{QUESTION}"}}\nno json\n{{"question": "{ENGLISH}"}}\n'
    asked("ask", "--batch", "-", "--json", stdin=lines.encode())
    records = json.loads(asked("trace", "list", "--json").stdout)
    assert [(r["channel"], r["question"]) for r in records] == [
        ("batch", ENGLISH),
        ("batch", QUESTION),
        ("ask", QUESTION),
    ]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            ENGLISH,
            ("How it was found", "  1. search the clauses  question=", "engine planner · confidence 0."),
        ),
        (QUESTION, ("查找过程", "  1. 检索条款  问题=", "引擎 planner · 置信度 0.")),
    ],
)
def test_explain_stands_beneath_the_answer(policybot: Run, question: str, parts: tuple[str, ...]) -> None:
    plain, explained = policybot("ask", question).stdout, policybot("ask", question, "--explain").stdout
    assert explained.startswith(plain.rstrip("\n"))
    for part in parts:
        assert part in explained.removeprefix(plain)


def test_verbose_tells_steps_and_times_on_stderr_only(policybot: Run) -> None:
    done = policybot("ask", ENGLISH, "--verbose")
    assert done.stdout == policybot("ask", ENGLISH).stdout
    assert re.search(r"^opening the index \d+\.\d ms$", done.stderr, re.MULTILINE)
    assert re.search(r"^  searching \d+\.\d ms$", done.stderr, re.MULTILINE)
    assert "1. search the clauses" in done.stderr and "all carried" in done.stderr
    chinese = policybot("ask", QUESTION, "--verbose", "--json")
    assert json.loads(chinese.stdout)["status"] == "answered"
    assert "理解问题" in chinese.stderr and "均有原文依据" in chinese.stderr


def test_a_conversation_leaves_a_trace_of_every_answer(asked: Run) -> None:
    lines = f"{QUESTION}\n/sources\n那2060年呢？\nwhy?\n{'x' * 3000}\n"
    assert asked("chat", stdin=lines.encode()).returncode == 0
    records = json.loads(asked("trace", "list", "--json").stdout)
    assert [(r["channel"], r["question"]) for r in records] == [
        ("chat", "那2060年呢？"),
        ("chat", QUESTION),
        ("ask", QUESTION),
    ]
    told, alone = records[1:]
    for key in ("status", "answer", "evidence", "steps", "checks"):
        assert told[key] == alone[key], key
    assert told["timings"] and told["elapsed_ms"] > 0


@pytest.mark.parametrize(
    ("arguments", "env"),
    [(("--no-trace",), {}), (("--no-save",), {}), ((), {"POLICYBOT_NO_TRACE": "1"})],
    ids=["option", "nothing saved", "variable"],
)
def test_a_conversation_without_traces(asked: Run, arguments: tuple[str, ...], env: dict[str, str]) -> None:
    done = asked("chat", *arguments, stdin=ENGLISH.encode(), env=env)
    assert done.returncode == 0 and done.stdout
    assert len(json.loads(asked("trace", "list", "--json").stdout)) == 1


def test_a_home_without_traces_to_write_answers_all_the_same(policybot: Run, home: Path) -> None:
    policybot("trace", "clear")
    folder = home / "traces"
    folder.rmdir()
    folder.write_text("in the way")
    try:
        done = policybot("ask", ENGLISH)
        assert (done.returncode, done.stderr) == (0, "")
        assert "50%" in done.stdout
    finally:
        folder.unlink()


def test_every_tool_of_the_planner_has_a_wording() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "policybot" / "answer").rglob("*.py"))
    tools = set(re.findall(r'\bStep\(\s*"([a-z_]+)"', code))
    assert "search" in tools and len(tools) > 20
    assert tools <= set(wordings()["tool"])
    for kind in ("tool", "argument"):
        for name, texts in wordings()[kind].items():
            assert texts["en"] and re.search(r"[\u4e00-\u9fff]", texts["zh"]), name


def test_summaries_are_worded_in_chinese_and_unknown_words_stay() -> None:
    steps: list[tuple[str, dict[str, object], str]] = [
        ("outline", {"clause": "a/b"}, "12 items"),
        ("newtool", {"new": [1, 2, 3, 4, 5, 6, 7]}, "x  y"),
    ]
    zh = [line.plain for line in render_steps(steps, "zh")]
    assert zh == ["  1. 查阅条款结构  条款=a/b → 12 项", "  2. newtool  new=1,2,3,4,5,6,… → x y"]
    assert render_steps([], "zh")[0].plain == "  无需查找"


def test_what_the_check_removed_is_shown_with_its_reasons() -> None:
    check = {
        "sentences": 3,
        "citations": 1,
        "results": 0,
        "removed": {"sentences": 1, "citations": 0, "results": 0},
        "issues": [{"kind": "number", "en": "97% is in no quote", "zh": "97% 无出处"}],
    }
    assert [x.plain for x in render_check(check, "zh")] == [
        "核对：3 句、1 处引文、0 个数值；其中删去 1 句、0 处、0 个。",
        "  97% 无出处",
    ]


def test_a_checkout_ignores_its_traces() -> None:
    assert "/traces/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_a_trace_needs_no_index(tmp_path: Path) -> None:
    done = call("trace", "list", "--home", str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "No answer has been traced yet.\n")
    assert list(tmp_path.iterdir()) == []
