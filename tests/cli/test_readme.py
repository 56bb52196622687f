"""The README says what is there: every command, exit code, setting and variable."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from policybot.errors import ExitCode
from policybot.home import _SECTIONS
from tests.cli.conftest import Run
from tests.cli.test_entry import commands

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_is_documented(words: list[str]) -> None:
    headings = [line for line in README.splitlines() if line.startswith("### ")]
    assert any(f"`policybot {' '.join(words)}`" in h or f"`{' '.join(words)}`" in h for h in headings)


def test_every_exit_code_is_documented() -> None:
    table = README[README.index("## Exit codes") :]
    for code in [*map(int, ExitCode), 130]:
        assert re.search(rf"^\| {code} \|", table, re.MULTILINE), code


def test_every_setting_is_documented() -> None:
    for section, keys in _SECTIONS.items():
        assert f"[{section}]" in README
        for key in keys:
            assert re.search(rf"^{key} = ", README, re.MULTILINE), key


def test_links_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", line.lstrip("# ")).strip().lower().replace(" ", "-")
        for line in README.splitlines()
        if line.startswith("#")
    }
    for target in re.findall(r"\]\(([^)]+)\)", README):
        if target.startswith("#"):
            assert target[1:] in headings
        elif not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_ci_runs_the_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in README
    assert script.strip().endswith("exec make test")
    for target in ("ask", "test"):
        done = subprocess.run(
            ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_the_example_is_what_policybot_prints(policybot: Run) -> None:
    block = README[README.index("```console\n$ policybot ask ") :].split("```")[1]
    command, _, shown = block.removeprefix("console\n").partition("\n")
    done = policybot("ask", command.split('"')[1])
    assert shown.rstrip() == done.stdout.rstrip()
