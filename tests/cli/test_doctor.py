"""`policybot doctor`: what works and what to do about the rest."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from policybot.errors import ExitCode
from tests.cli.conftest import Run, call
from tests.cli.test_doc import copy_of_the_corpus, first_source
from tests.cli.test_entry import imported

CORE = {"python", "policybot", "chromadb", "torch", "settings", "home", "corpus", "embedder", "index"}


def test_all_is_well_here(policybot: Run) -> None:
    checks = {check["name"]: check for check in json.loads(policybot("doctor", "--json").stdout)}
    assert set(checks) >= CORE
    assert {name for name in CORE if checks[name]["verdict"] != "ok"} == set()
    assert policybot("doctor").returncode == 0
    assert (
        "✓ 索引" in policybot("doctor", "--lang", "zh").stdout
        or "最新" in policybot("doctor", "--lang", "zh").stdout
    )


def test_a_missing_index_is_a_warning_with_advice(tmp_path: Path) -> None:
    done = call("doctor", "--home", str(tmp_path))
    assert done.returncode == 0
    assert "! index" in done.stdout
    assert "policybot index build" in done.stdout


def test_what_is_broken_is_named_and_the_round_goes_on(tmp_path: Path) -> None:
    home = copy_of_the_corpus(tmp_path)
    first_source(home).unlink()
    done = call("doctor", "--home", str(home), "--json")
    assert done.returncode == ExitCode.NOT_FOUND
    checks = {check["name"]: check for check in json.loads(done.stdout)}
    assert checks["corpus"]["verdict"] == "failed"
    assert checks["corpus"]["advice"]
    assert checks["embedder"]["verdict"] == "ok"


def test_a_model_that_is_not_here_is_named(tmp_path: Path) -> None:
    (tmp_path / "policybot.toml").write_text('[embedder]\nmodel = "./nowhere"\n')
    done = call("doctor", "--home", str(tmp_path))
    assert done.returncode == ExitCode.NOT_FOUND
    assert "✗ embedder" in done.stdout
    assert "nowhere" in done.stdout


def test_wrong_settings_are_a_finding(tmp_path: Path) -> None:
    (tmp_path / "policybot.toml").write_text("[nonsense]\n")
    done = call("doctor", "--home", str(tmp_path))
    assert done.returncode == ExitCode.NOT_FOUND
    assert "✗ settings" in done.stdout


def test_a_home_that_cannot_be_made_is_a_finding(tmp_path: Path) -> None:
    done = call("doctor", "--home", "/proc/policybot")
    assert done.returncode == ExitCode.NOT_FOUND
    assert "✗ home" in done.stdout
    shutil.rmtree(tmp_path)


def test_the_doctor_imports_nothing_heavy(home: Path) -> None:
    loaded = imported("--home", str(home), "doctor")
    assert not loaded & {"torch", "sentence_transformers", "chromadb", "langchain", "pandas", "scipy"}
