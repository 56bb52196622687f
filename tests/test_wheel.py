"""The wheel: the built-in corpus, data files and model are in it, and it works away from the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 60_000_000  # bytes of the unpacked wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line of the unpacked wheel, far from the checkout."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("POLICYBOT_")}
    environment |= {"PYTHONPATH": str(installed), "XDG_DATA_HOME": str(tmp_path), "LANG": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "policybot", *arguments],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_everything_that_is_needed_is_inside(installed: Path) -> None:
    inside = {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}
    code = {p.relative_to(ROOT).as_posix() for p in (ROOT / "policybot").rglob("*.py")}
    data = {
        p.relative_to(ROOT).as_posix()
        for folder in (ROOT / "policybot").glob("*/data")
        for p in folder.rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }
    model = {p.relative_to(ROOT).as_posix() for p in (ROOT / "policybot/index/model").iterdir()}
    corpus = {
        f"policybot/_{p.relative_to(ROOT).as_posix()}" for p in (ROOT / "corpus").rglob("*") if p.is_file()
    }
    assert code | data | model | corpus | {"policybot/py.typed"} <= inside
    assert "policybot/index/encoder/data/passages.jsonl" not in inside  # read by training only
    assert sum(path.stat().st_size for path in installed.rglob("*") if path.is_file()) < LARGEST
    top = {name.split("/")[0] for name in inside}
    assert {name for name in top if not name.endswith(".dist-info")} == {"policybot"}
    assert any(name.endswith("licenses/NOTICE") for name in inside)


def test_training_needs_a_checkout(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "train", "--part", "encoder", "--lang", "en")
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert "passages.jsonl" in done.stderr and "checkout" in done.stderr


def test_it_answers_away_from_the_repository(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "ask", "what is the 2025 target for new-building PV coverage?", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert "50%" in answer["answer"]
    assert answer["citations"][0]["source"].startswith("corpus/sources/")
    assert (tmp_path / "policybot" / "index_store" / "CURRENT").is_file()
    status = json.loads(run(installed, tmp_path, "index", "status", "--json").stdout)
    assert status["up_to_date"]
    assert status["folder"] == str(tmp_path / "policybot" / "index_store")
    check = run(installed, tmp_path, "corpus", "check")
    assert check.returncode == 0, check.stderr
    assert "100.0%" in check.stdout
