"""A conversation through a pipe: answers on stdout, everything else on stderr, a line at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_entry import assert_one_sentence


def test_lines_are_answered_in_turn_with_what_came_before(policybot: Run) -> None:
    done = policybot(
        "chat", "--no-save", stdin="2030年非化石能源消费比重达到多少？\n\n那2060年呢？\n".encode()
    )
    assert done.returncode == 0 and done.stderr == ""
    first, second = done.stdout.rstrip().split("\n\n80%")
    assert first.startswith("25%左右") and "\n\n出处\n[1] " in first
    assert second.startswith("以上") and second.endswith("”")


def test_answers_look_like_those_of_ask(policybot: Run) -> None:
    question = "What is the 2025 target for forest coverage?"
    asked = policybot("ask", question)
    talked = policybot("chat", "--no-save", stdin=question.encode())
    assert talked.stdout.strip() == asked.stdout.strip()


def test_no_noise_on_stdout(policybot: Run) -> None:
    lines = ["/soruces", "why?", "x" * 3000, "/doc all", "", "/lang zh", "/quit", "2030年森林覆盖率目标？"]
    done = policybot("chat", "--no-save", stdin="\n".join(lines).encode())
    assert done.returncode == 0 and done.stdout == ""
    shown = done.stderr.splitlines()
    assert "Did you mean /sources?" in shown[0]
    assert "answer before" in shown[1] and "3,000 characters" in shown[2]
    assert "all documents" in shown[3] and shown[4] == "以后用中文回答。"
    assert len(shown) == 5  # nothing after /quit


def test_what_is_not_text_is_refused_and_the_rest_answered(policybot: Run) -> None:
    done = policybot(
        "chat",
        "--no-save",
        stdin=b"\xff\xfe\n" + b"y" * 200_000 + b"\nWhat is Germany's figure in Annex B?\n",
    )
    assert "92" in done.stdout
    assert "not UTF-8" in done.stderr.splitlines()[0] and "far longer" in done.stderr.splitlines()[1]


def test_commands_in_both_languages(policybot: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.docx"
    lines = [
        "/doc action plan",
        "森林覆盖率2030年目标是多少？",
        "/解释",
        "/条款 三（四）3",
        "/文献",
        "/targets 2030 forest",
        "/城市 深圳、贵阳",
        f"/导出 {file}",
        "/新会话",
        "/来源",
    ]
    done = policybot("chat", "--no-save", stdin="\n".join(lines).encode())
    assert done.returncode == 0
    for part in ("25%", "search(", "光储直柔", "* action-plan-2030", "  opinions-2021", "深圳", "贵阳"):
        assert part in done.stdout, part
    assert file.exists()
    assert "还没有答案" in done.stderr.splitlines()[-1]
    assert "Opinions" not in done.stdout.split("* action-plan-2030")[0]


def test_sessions_listed_and_exported(policybot: Run, tmp_path: Path, home: Path) -> None:
    env = {"POLICYBOT_HOME": str(tmp_path)}
    (tmp_path / "index_store").symlink_to(home / "index_store")
    assert "no saved session" in policybot("chat", "--sessions", env=env).stdout
    policybot("chat", "--doc", "kyoto", stdin=b"What is Germany's figure in Annex B?\n", env=env)
    listed = policybot("chat", "--sessions", env=env).stdout
    identity = listed.split()[1]
    assert "Germany" in listed and "(1 answers)" in listed
    assert policybot("chat", "--resume", identity, stdin=b"/doc\n", env=env).stdout.count("\n* ") == 2
    file = tmp_path / "talk.md"
    done = policybot("chat", "--export", identity, str(file), env=env)
    assert done.returncode == 0 and done.stdout.strip() == str(file)
    assert "92" in file.read_text(encoding="utf-8")
    again = policybot("chat", "--export", "1", str(file), env=env)
    assert again.returncode == 2
    assert_one_sentence(again.stderr.replace("\n", " ") + ".")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["what is carbon peaking?"], "policybot ask"),
        (["--resume", "2020"], "No session is called"),
        (["--export", "2020", "x.md"], "No session is called"),
        (["--doc", "no-such-document"], "no-such-document"),
        (["--llm", "nonsense"], "nonsense"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    policybot: Run, arguments: list[str], part: str, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "index_store").symlink_to(home / "index_store")
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions" / "20260101-000000.jsonl").write_text("", encoding="utf-8")
    done = policybot("chat", *arguments, env={"POLICYBOT_HOME": str(tmp_path)})
    assert done.returncode in (2, 5) and done.stdout == ""
    assert part in done.stderr
    assert_one_sentence(done.stderr)


def test_a_home_that_cannot_be_written_is_told_once(policybot: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "index_store").symlink_to(home / "index_store")
    (tmp_path / "sessions").write_text("a file in the way", encoding="utf-8")
    questions = "什么是碳达峰？\n什么是光储直柔？\n".encode()
    done = policybot("chat", stdin=questions, env={"POLICYBOT_HOME": str(tmp_path)})
    assert done.returncode == 0
    assert "光储直柔" in done.stdout
    assert len(done.stderr.splitlines()) == 1 and "无法继续保存" in done.stderr
