"""Global behaviour: help, version, one-sentence errors, exit codes, languages, imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from policybot import __version__
from policybot.cli.commands import COMMANDS, load_command
from policybot.errors import ExitCode
from tests.cli.conftest import call

# What `ask` must never import: seconds of start-up, or half a gigabyte.
HEAVY = (
    "chromadb",
    "httpx",
    "matplotlib",
    "openai",
    "sklearn",
    "prompt_toolkit",
    "docx",
    "torch",
    "sentence_transformers",
    "transformers",
    "langchain",
    "langchain_core",
    "pandas",
    "scipy",
    "mcp",
    "uvicorn",
)
IMPORTS = """
import sys
from policybot.cli import main
code = main(sys.argv[1:])
names = {n if n.startswith("policybot") else n.partition(".")[0] for n in sys.modules}
print("loaded:", *sorted(names), file=sys.stderr)
sys.exit(code)
"""


def commands() -> list[list[str]]:
    """Every command of the application, as words on the command line."""
    found = []
    for name in COMMANDS:
        loaded = load_command(name)
        if not isinstance(loaded, typer.Typer):
            found.append([name])
            continue
        for command in loaded.registered_commands:
            assert command.callback is not None
            found.append([name, command.name or command.callback.__name__])
    return found


def assert_one_sentence(stderr: str) -> None:
    assert len(stderr.strip().splitlines()) == 1, stderr
    assert "Traceback" not in stderr
    assert stderr.rstrip()[-1] in ".。”)）", stderr


def test_the_application_has_the_commands_it_should() -> None:
    names = {" ".join(words) for words in commands()}
    assert names >= {
        "ask",
        "doc list",
        "doc outline",
        "doc show",
        "index build",
        "index status",
        "index verify",
        "index clean",
        "corpus check",
        "train",
        "doctor",
    }


def test_bare_policybot_shows_help_and_so_does_a_bare_group() -> None:
    for arguments in ([], ["doc"], ["index"], ["corpus"]):
        done = call(*arguments)
        assert done.returncode == 0
        assert "Usage" in done.stdout
        assert done.stderr == ""


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help_in_both_languages(words: list[str]) -> None:
    done = call(*words, "--help")
    assert done.returncode == 0
    assert " / " in done.stdout
    assert any("\u4e00" <= char <= "\u9fff" for char in done.stdout)


def test_version() -> None:
    assert call("--version").stdout == f"policybot {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["nonsense"], "There is no command “nonsense”"),
        (["ask", "--nonsense", "x"], "There is no option --nonsense"),
        (["ask", "x", "--lang", "fr"], "'fr' is not one of"),
        (["ask", "x", "--passages", "-1"], "--passages"),
        (["doc", "show"], "CLAUSE is missing"),
        (["ask", "--batch"], "--batch"),
        (["--home"], "--home"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_exit_2(arguments: list[str], part: str) -> None:
    done = call(*arguments)
    assert done.returncode == ExitCode.USAGE
    assert done.stdout == ""
    assert part in done.stderr
    assert_one_sentence(done.stderr)


def test_errors_speak_chinese_to_chinese_questions_and_in_a_chinese_locale() -> None:
    assert call("目标").stderr.startswith("没有命令“目标”")
    assert "没有选项" in call("doc", "list", "--x", env={"LANG": "zh_CN.UTF-8"}).stderr
    assert "没有选项" in call("doc", "list", "--x", "--lang", "zh").stderr


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = call("--home", str(tmp_path / "file"), "doc", "list")
    assert done.returncode == ExitCode.USAGE
    assert "is a file, not a folder" in done.stderr
    assert_one_sentence(done.stderr)


def test_wrong_settings_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "policybot.toml").write_text("[embedder]\nmodle = 'x'\n")
    done = call("doc", "list", "--home", str(tmp_path))
    assert done.returncode == ExitCode.USAGE
    assert 'unknown key "modle"' in done.stderr
    assert_one_sentence(done.stderr)


def test_a_defect_is_one_sentence_and_exit_70_with_a_traceback_on_request(tmp_path: Path) -> None:
    script = tmp_path / "defect.py"
    script.write_text(
        "import sys\nfrom policybot.cli import app, main\n"
        "def broken() -> None:\n    raise ZeroDivisionError('oops')\n"
        "app.command('broken')(broken)\nsys.exit(main(['broken']))\n"
    )
    for debug, expected in (("", 1), ("1", 2)):
        environment = {**os.environ, "POLICYBOT_DEBUG": debug, "LANG": "C.UTF-8"}
        done = subprocess.run(
            [sys.executable, str(script)], capture_output=True, text=True, env=environment, check=False
        )
        assert done.returncode == ExitCode.INTERNAL
        assert "ZeroDivisionError: oops" in done.stderr
        assert ("Traceback" in done.stderr) == (debug == "1")
        assert len(done.stderr.splitlines()) >= expected


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m policybot corpus check --json | head -c 10"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert len(done.stdout) == 10


def test_output_is_utf8_even_where_the_locale_is_not() -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LC_")}
    environment |= {"LANG": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "policybot", "doc", "list"], capture_output=True, env=environment, check=False
    )
    assert done.returncode == 0
    assert "行动方案" in done.stdout.decode("utf-8")


def test_the_command_line_itself_imports_nothing_heavy() -> None:
    loaded = imported("--version")
    assert not loaded & {*HEAVY, "numpy", "rich", "pydantic"}


def test_asking_imports_nothing_heavy(home: Path) -> None:
    loaded = imported("--home", str(home), "ask", "what is the 2025 target for new-building PV coverage?")
    assert "numpy" in loaded
    assert not loaded & set(HEAVY)


def test_a_command_imports_no_other_command(home: Path) -> None:
    loaded = imported("--home", str(home), "ask", "2025年森林覆盖率目标是多少？")
    others = {module for module, _ in COMMANDS.values()} - {"ask"}
    assert not loaded & {f"policybot.cli.{module}" for module in others}
    parts = ("annotate", "evaluation", "scoring", "serve", "index.training", "index.beside")
    assert not loaded & {f"policybot.{part}" for part in parts}


def imported(*arguments: str) -> set[str]:
    """Modules in memory at the end of a run of the command line, packages of others by their first name."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("loaded:")
    return set(last.split()[1:])
