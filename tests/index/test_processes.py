"""Builds that are killed, that meet, or that run out of space: in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from policybot.index.build import build_index
from policybot.index.generations import Store
from policybot.index.maintain import verify_index
from policybot.index.open import ensure_index, open_index
from tests.index.small import ITEMS, small_home, write_corpus

ROOT = Path(__file__).resolve().parents[2]

# Builds, and stops at the stage named in argv[2] until the file argv[3] exists.
BUILD = """
import pathlib, sys, time
from policybot.home import Home
from policybot.index.build import build_index
def progress(event):
    print(event.stage, flush=True)
    while event.stage == sys.argv[2] and not pathlib.Path(sys.argv[3]).exists():
        time.sleep(0.02)
report = build_index(Home(pathlib.Path(sys.argv[1])), progress)
print("report", report.built, report.generation, flush=True)
"""


def start(folder: Path, stage: str, go: Path, code: str = BUILD) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder), stage, str(go)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def wait_for(process: subprocess.Popen[str], stage: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == stage:
            return
    raise AssertionError(f"the build ended before {stage}: {process.stderr and process.stderr.read()}")


@pytest.mark.parametrize("stage", ["embed", "chroma", "verify"])
def test_a_killed_build_leaves_the_last_index_in_use(tmp_path: Path, stage: str) -> None:
    home = small_home(tmp_path)
    build_index(home)
    used = Store(home.index_store).current()
    write_corpus(home.corpus_root, ITEMS[:3])
    process = start(tmp_path, stage, tmp_path / "never")
    wait_for(process, stage)
    assert Store(home.index_store).leftovers()
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    assert Store(home.index_store).current() == used
    index = open_index(home)
    row, _ = index.nearest(index.encode_query("屋顶光伏覆盖率"), 1)[0]
    assert index.passages[row].clause == "plan/一/（一）/4"
    assert verify_index(home).ok
    report = build_index(home)  # the lock died with the process
    assert report.built
    assert Store(home.index_store).leftovers() == []
    assert verify_index(home).ok


def test_the_second_of_two_builds_waits_and_finds_the_work_done(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    go = tmp_path / "go"
    one = start(tmp_path, "chroma", go)
    wait_for(one, "chroma")
    two = start(tmp_path, "none", go)
    wait_for(two, "wait")
    assert Store(home.index_store).current() is None
    go.touch()
    said = [p.communicate(timeout=60)[0].strip().split("\n")[-1].split() for p in (one, two)]
    assert said[0][:2] == ["report", "True"]
    assert said[1][:2] == ["report", "False"]
    assert said[0][2] == said[1][2] == Store(home.index_store).current()
    assert verify_index(home).ok


def test_readers_do_not_wait_for_a_build(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    build_index(home)
    write_corpus(home.corpus_root, ITEMS[:3])
    process = start(tmp_path, "verify", tmp_path / "go")
    wait_for(process, "verify")
    assert len(open_index(home).corpus.clauses) == 2 + len(ITEMS)
    (tmp_path / "go").touch()
    process.communicate(timeout=60)
    assert len(open_index(home).corpus.clauses) == 2 + 3


def test_a_build_that_does_not_end_is_one_sentence(tmp_path: Path) -> None:
    from policybot.errors import IndexingError

    home = small_home(tmp_path)
    process = start(tmp_path, "chroma", tmp_path / "go")
    wait_for(process, "chroma")
    with (
        pytest.raises(IndexingError, match="has been building"),
        Store(home.index_store).writing(on_wait=lambda: None, timeout=0.2),
    ):
        pass
    process.kill()
    process.communicate(timeout=20)


FULL = """
import pathlib, resource, sys
from policybot.errors import IndexingError
from policybot.home import Home
from policybot.index.build import build_index
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    build_index(Home(pathlib.Path(sys.argv[1])))
except IndexingError as error:
    print(error.sentence("en"))
"""


@pytest.mark.parametrize("limit", [1_000, 40_000])
def test_no_space_left_is_one_sentence_and_nothing_is_lost(tmp_path: Path, limit: int) -> None:
    home = small_home(tmp_path)
    build_index(home)
    used = Store(home.index_store).current()
    write_corpus(home.corpus_root, ITEMS[:3])
    command = [sys.executable, "-c", FULL, str(tmp_path), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.strip().split("\n")) == 1
    assert "space" in done.stdout or "Chroma" in done.stdout
    print(done.stdout)
    assert Store(home.index_store).current() == used
    assert Store(home.index_store).leftovers() == []
    assert verify_index(home).ok


READ_ONLY = """
import os, pathlib, sys
import filelock, policybot.index.open
from policybot.corpus import load_corpus
from policybot.home import Home
load_corpus()
home = Home(pathlib.Path(sys.argv[1]))
policybot.index.open.open_index(home)
if os.geteuid() == 0:
    os.setegid(65534)
    os.seteuid(65534)
index = policybot.index.open.ensure_index(home)
row, _ = index.nearest(index.encode_query("屋顶光伏覆盖率"), 1)[0]
print(index.passages[row].clause)
print(index.warnings[0][0])
"""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
def test_a_read_only_folder_keeps_the_last_good_index(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    build_index(home)
    write_corpus(home.corpus_root, ITEMS[:4])
    folders = [p for p in (tmp_path, *tmp_path.parents) if str(p).startswith(str(tmp_path.parents[2]))]
    modes = {p: p.stat().st_mode for p in folders}
    for path in folders:
        path.chmod(0o755)
    home.index_store.chmod(0o555)
    try:
        command = [sys.executable, "-c", READ_ONLY, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    finally:
        home.index_store.chmod(0o755)
        for path, mode in modes.items():
            path.chmod(mode)
    assert done.returncode == 0, done.stderr
    clause, warning = done.stdout.strip().split("\n")
    assert clause == "plan/一/（一）/4"
    assert "cannot be written" in warning
    assert "last good index" in warning
    assert ensure_index(home).warnings == []
