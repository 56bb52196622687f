"""One index of the built-in documents for all tests that read one; folders that write have homes of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from policybot.home import Home
from policybot.index.open import Index, ensure_index

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of that index, which the real command line built; only to be read and copied.

    Building takes ten seconds and more, so that the processes of one test run share what the first of them
    that needs it has built.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    home, done = shared / "indexed", shared / "indexed.done"
    with FileLock(shared / "indexed.lock"):
        if not done.exists():
            shutil.rmtree(home, ignore_errors=True)  # of a worker that was ended half way
            kept = {k: v for k, v in os.environ.items() if not k.startswith("POLICYBOT_")}
            built = subprocess.run(
                [sys.executable, "-m", "policybot", "index", "build", "--home", str(home)],
                cwd=ROOT, env={**kept, "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"},
                capture_output=True, text=True, encoding="utf-8", check=False,
            )  # fmt: skip
            assert built.returncode == 0, built.stderr
            done.touch()
    return home


@pytest.fixture(scope="session")
def index(indexed: Path) -> Iterator[Index]:
    """The index, opened once."""
    opened = ensure_index(Home(indexed))
    yield opened
    opened.close()
