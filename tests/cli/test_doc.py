"""`policybot doc` and `policybot corpus check`: one run of each for real, the others in this process."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from policybot.errors import ExitCode
from tests.cli.conftest import call
from tests.cli.here import call_here

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = {
    "opinions-2021",
    "action-plan-2030",
    "pilot-scheme-2023",
    "kyoto-protocol",
    "index-white-paper-2022",
    "pilot-evaluation-2023",
}


def test_the_list_names_every_document_in_both_languages() -> None:
    listed = json.loads(call("doc", "list", "--json").stdout)
    assert {entry["id"] for entry in listed} >= DOCUMENTS
    assert all(entry["clauses"] > 0 and entry["licence"] for entry in listed)
    english = call_here("doc", "list").stdout
    chinese = call_here("doc", "list", "--lang", "zh").stdout
    assert "in force" in english
    assert "现行有效" in chinese
    assert all(name in english and name in chinese for name in DOCUMENTS)


def test_the_outline_is_a_tree_with_lines() -> None:
    outline = json.loads(call_here("doc", "outline", "action-plan-2030", "--json").stdout)
    by_label = {entry["label"]: entry for entry in outline}
    assert by_label["三（四）3"]["heading"] == "加快优化建筑用能结构"
    assert by_label["三（四）3"]["depth"] == 2
    text = call_here("doc", "outline", "行动方案").stdout
    assert "    三（四）3  加快优化建筑用能结构  :" in text
    flat = call_here("doc", "outline", "行动方案", "--depth", "1").stdout
    assert "三  重点任务" in flat
    assert "三（四）" not in flat


def test_a_clause_is_shown_in_place() -> None:
    done = call_here("doc", "show", "行动方案 三（四）3")
    assert done.returncode == 0
    assert done.stdout.startswith(
        "《2030年前碳达峰行动方案》三（四）3 加快优化建筑用能结构 · corpus/sources/"
    )
    assert "力争达到 50%" in done.stdout
    english = call_here("doc", "show", "Kyoto", "Article", "3.7").stdout
    assert "第三条第7款 (Article 3(7))" in english


def test_a_clause_as_json_has_its_text_at_its_lines() -> None:
    clause = json.loads(call_here("doc", "show", "action-plan-2030/三/（四）/3", "--json").stdout)
    lines = (ROOT / clause["file"]).read_text(encoding="utf-8").split("\n")
    printed = "".join("".join(lines[clause["line_start"] - 1 : clause["line_end"]]).split())
    assert "".join(clause["text"].split())[:40] in printed
    assert clause["headings"][-1] == "加快优化建筑用能结构"


def test_the_readings_of_other_copies_are_shown() -> None:
    done = call_here("doc", "show", "行动方案 三（一）1", "--lang", "zh")
    assert "严格控制新增煤电项目" in done.stdout
    assert "另一版本作“执行”" in done.stdout or "另一版本作“严格执行”" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["doc", "show", "行动方案 三（九）9"], "行动方案"),
        (["doc", "show", "Kyoto Article 99"], "nearest"),
        (["doc", "outline", "no such document"], "nearest"),
    ],
)
def test_an_unknown_name_is_one_sentence_with_the_nearest_ones(arguments: list[str], part: str) -> None:
    done = call_here(*arguments)
    assert done.returncode == ExitCode.USAGE
    assert done.stdout == ""
    assert part in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_corpus_is_accounted_for() -> None:
    done = call("corpus", "check")
    assert done.returncode == 0
    assert "100.0% of characters accounted for" in done.stdout
    report = json.loads(call_here("corpus", "check", "--json").stdout)
    assert report["complete"]
    assert report["accounted"] == report["total"] > 100_000
    assert report["leftovers"]


def copy_of_the_corpus(folder: Path) -> Path:
    """A home whose settings name its own copy of the corpus."""
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    (folder / "policybot.toml").write_text('[corpus]\npath = "corpus"\n')
    return folder


def first_source(home: Path) -> Path:
    return min((home / "corpus" / "sources").iterdir())


def damage_changed(home: Path) -> None:
    file = first_source(home)
    file.write_bytes(file.read_bytes() + b"x")


def damage_missing(home: Path) -> None:
    first_source(home).unlink()


def damage_encoding(home: Path) -> None:
    file = first_source(home)
    file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))


def damage_catalogue(home: Path) -> None:
    catalogue = home / "corpus" / "catalog.toml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + "\n[[document\n", encoding="utf-8")


def damage_no_catalogue(home: Path) -> None:
    (home / "corpus" / "catalog.toml").unlink()


@pytest.mark.parametrize(
    "damage", [damage_changed, damage_missing, damage_encoding, damage_catalogue, damage_no_catalogue]
)
def test_a_damaged_corpus_is_one_sentence_and_exit_3(tmp_path: Path, damage: object) -> None:
    home = copy_of_the_corpus(tmp_path)
    assert call_here("corpus", "check", "--home", str(home)).returncode == 0
    assert callable(damage)
    damage(home)
    done = call("corpus", "check", "--home", str(home))
    assert done.returncode == ExitCode.CORPUS
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
