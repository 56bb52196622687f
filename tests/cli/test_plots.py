"""Charts: real files, the same bytes twice, no display, and one sentence where they cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from policybot.cli import plots
from policybot.errors import ExitCode
from tests.cli.conftest import call
from tests.cli.here import call_here

CHARTS = [
    ["score", "rank"],
    ["score", "explain", "石家庄"],
    ["table", "show", "图表25"],
    ["targets"],
]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("arguments", CHARTS, ids=" ".join)
def test_a_chart_is_a_real_file_and_the_same_twice(tmp_path: Path, arguments: list[str]) -> None:
    files = [tmp_path / "a.svg", tmp_path / "b.svg"]
    own = call(*arguments, "--plot", str(files[0]), env={"DISPLAY": "", "MPLBACKEND": "TkAgg"})
    for done in (own, call_here(*arguments, "--plot", str(files[1]))):
        assert done.returncode == 0, done.stderr
        assert "Glyph" not in done.stderr  # no character without a font
    first, second = (file.read_bytes() for file in files)
    assert first == second
    assert b"<svg" in first
    assert set(tmp_path.iterdir()) == set(files)


def test_png_by_suffix_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "rank.PNG"
    file.write_text("old")
    assert call_here("score", "rank", "--plot", str(file)).returncode == 0
    assert file.read_bytes().startswith(PNG)


@pytest.mark.parametrize(
    ("arguments", "name", "part"),
    [
        (["score", "rank"], "rank.pdf", ".png or .svg"),
        (["score", "rank"], "none/rank.png", "does not exist"),
        (["table", "show", "图表21", "--lang", "en"], "x.png", "no column of years"),
        (["targets", "--year", "2100"], "x.png", "no timeline"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence(
    tmp_path: Path, arguments: list[str], name: str, part: str
) -> None:
    done = call_here(*arguments, "--plot", str(tmp_path / name))
    assert done.returncode == ExitCode.USAGE
    assert part in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_the_hint_names_the_extra(tmp_path: Path) -> None:
    (tmp_path / "matplotlib.py").write_text("raise ImportError('hidden')\n")
    file = tmp_path / "rank.png"
    done = call("score", "rank", "--plot", str(file), env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == ExitCode.USAGE
    assert "pip install 'policybot[plot]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not file.exists()


def test_names_are_english_where_no_chinese_font_is_installed() -> None:
    pytest.importorskip("matplotlib")
    if plots.cjk_font() is None:
        assert plots._names(["石家庄", "甲市"], "en") == ["Shijiazhuang", "#2"]
    else:
        assert plots._names(["石家庄", "甲市"], "zh") == ["石家庄", "甲市"]
