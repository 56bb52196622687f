"""The catalogue: each fault is one sentence that names the entry."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from policybot.corpus import load_corpus
from policybot.corpus.catalog import load_catalog
from policybot.corpus.loader import corpus_root
from policybot.errors import CorpusError


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(corpus_root(), tmp_path / "corpus")
    return tmp_path / "corpus"


def change(root: Path, old: str, new: str) -> None:
    path = root / "catalog.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("format = 1", "format = 99", "format"),
        ('status = "in force"', 'status = "maybe"', "status"),
        ('style = "treaty"', 'style = "poem"', "style"),
        ('kind = "division"', 'kind = "chapter"', "part kind"),
        ("lines = [[813, 952]]", "lines = [[952, 813]]", "out of order"),
        ("lines = [[813, 952]]", "lines = [[813, 99999]]", "beyond the end"),
        ('title_en = "Action Plan', 'title_e = "Action Plan', "title_en"),
        ('id = "action-plan-2030"', 'id = "opinions-2021"', "twice"),
        ("format = 1", "format = = 1", "not usable"),
    ],
)
def test_each_fault_is_named(copy: Path, old: str, new: str, named: str) -> None:
    change(copy, old, new)
    with pytest.raises(CorpusError, match=named) as caught:
        load_corpus(copy)
    assert "\n" not in caught.value.sentence("en")
    assert caught.value.what_zh != caught.value.what


def test_a_changed_source_is_refused(copy: Path) -> None:
    path = next((copy / "sources").glob("002_*"))
    path.write_bytes(path.read_bytes().replace("执行".encode(), "控制".encode(), 1))
    with pytest.raises(CorpusError, match="has changed"):
        load_corpus(copy)


def test_a_source_in_another_encoding_is_refused(copy: Path) -> None:
    import hashlib

    path = next((copy / "sources").glob("001_*"))
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(path.read_text("utf-8").encode("gb18030"))
    change(copy, old, hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(CorpusError, match="not UTF-8"):
        load_corpus(copy)


def test_a_missing_catalogue_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        load_catalog(tmp_path / "catalog.toml")
    assert "reinstall" in caught.value.sentence("en") and "重新安装" in caught.value.sentence("zh")
