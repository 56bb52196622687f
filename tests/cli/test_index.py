"""`policybot index`, run for real."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from policybot.errors import ExitCode
from tests.cli.conftest import Run, call
from tests.index.small import small_home


def copied(home: Path, folder: Path) -> str:
    """A copy of a home, to be damaged."""
    shutil.copytree(home, folder / "home")
    return str(folder / "home")


def test_a_second_build_does_nothing(policybot: Run) -> None:
    done = policybot("index", "build")
    assert done.returncode == 0
    assert done.stdout.startswith("The index is up to date")
    assert json.loads(policybot("index", "build", "--json").stdout)["built"] is False


def test_status_of_a_built_index_and_of_none(policybot: Run, tmp_path: Path) -> None:
    assert policybot("index", "status").stdout.startswith("The index is up to date.")
    state = json.loads(policybot("index", "status", "--json").stdout)
    assert state["up_to_date"]
    assert state["counts"]["passages"] > 1000
    nothing = call("index", "status", "--home", str(tmp_path / "none"))
    assert nothing.returncode == 0
    assert "No usable index" in nothing.stdout
    assert not (tmp_path / "none").exists()


def test_verify_finds_a_changed_file(policybot: Run, home: Path, tmp_path: Path) -> None:
    assert policybot("index", "verify").returncode == 0
    damaged = copied(home, tmp_path)
    vectors = next(Path(damaged).rglob("vectors.npy"))
    data = bytearray(vectors.read_bytes())
    data[-1] ^= 1
    vectors.write_bytes(data)
    done = call("index", "verify", "--home", damaged)
    assert done.returncode == ExitCode.NOT_FOUND
    assert "vectors.npy" in done.stdout
    report = json.loads(call("index", "verify", "--json", "--home", damaged).stdout)
    assert report["ok"] is False
    assert report["problems"][0]["zh"]


def test_verify_without_an_index_is_one_sentence_and_exit_4(tmp_path: Path) -> None:
    done = call("index", "verify", "--home", str(tmp_path))
    assert done.returncode == ExitCode.INDEX
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1


def test_clean_keeps_the_index_in_use_unless_told_otherwise(home: Path, tmp_path: Path) -> None:
    folder = copied(home, tmp_path)
    leftover = Path(folder) / "index_store" / ".building-killed"
    leftover.mkdir()
    (leftover / "part").write_bytes(b"x" * 2_000_000)
    assert call("index", "clean", "--home", folder).stdout == "2.0 MB freed.\n"
    assert not leftover.exists()
    assert json.loads(call("index", "status", "--json", "--home", folder).stdout)["current"]
    call("index", "clean", "--all", "--home", folder)
    assert json.loads(call("index", "status", "--json", "--home", folder).stdout)["current"] is None


def test_a_model_that_is_not_here_is_one_sentence_and_exit_5(tmp_path: Path) -> None:
    (tmp_path / "policybot.toml").write_text('[embedder]\nmodel = "nobody/nothing"\n')
    done = call("index", "build", "--home", str(tmp_path))
    assert done.returncode == ExitCode.MODEL
    assert "nobody/nothing" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_home_that_cannot_be_written_is_one_sentence_and_exit_4() -> None:
    done = call("index", "build", "--home", "/proc/policybot")
    assert done.returncode == ExitCode.INDEX
    assert "/proc/policybot" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_index_of_another_version_is_built_again(tmp_path: Path) -> None:
    small_home(tmp_path)
    folder = str(tmp_path)
    assert call("index", "build", "--home", folder).returncode == 0
    manifest = next(tmp_path.rglob("manifest.json"))
    manifest.write_text(manifest.read_text().replace('"version": "', '"version": "0.0.'))
    assert "built by policybot 0.0." in call("index", "status", "--home", folder).stdout
    done = call("ask", "2030年森林覆盖率目标是多少？", "--home", folder)
    assert done.returncode == 0
    assert "重新构建" in done.stderr
    assert json.loads(call("index", "status", "--json", "--home", folder).stdout)["up_to_date"]
