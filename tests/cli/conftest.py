"""Runs of the real command line in a process of its own, and one home with an index for all of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def call(
    *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`policybot ARGUMENTS` with an English locale; output decoded as UTF-8."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("POLICYBOT_", "LC_"))}
    environment |= {"LANG": "en_US.UTF-8", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1", **(env or {})}
    done = subprocess.run(
        [sys.executable, "-m", "policybot", *arguments],
        input=stdin,
        capture_output=True,
        env=environment,
        timeout=120,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )


@pytest.fixture(scope="session")
def home(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a built index, for runs, traces and conversations as well."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(indexed, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def policybot(home: Path) -> Run:
    """Runs the command line in the home that has an index."""

    def run(
        *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return call(*arguments, stdin=stdin, env={"POLICYBOT_HOME": str(home), **(env or {})})

    return run
