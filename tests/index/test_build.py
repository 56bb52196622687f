"""Building, opening and looking after an index: small corpora, real Chroma."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import policybot
from policybot.errors import CorpusError, IndexingError, ModelError
from policybot.home import Home
from policybot.index.build import PASSAGES, VECTORS, build_index
from policybot.index.generations import MANIFEST, POINTER, Store, UnwritableIndex
from policybot.index.maintain import clean_index, index_status, verify_index
from policybot.index.open import Index, ensure_index, open_index
from policybot.index.progress import Event
from policybot.index.twin import SHIPPED
from tests.index.small import ITEMS, small_home, write_corpus


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return small_home(tmp_path)


def first(index: Index, question: str) -> str:
    """Clause of the nearest passage."""
    row, _ = index.nearest(index.encode_query(question), 1)[0]
    return index.passages[row].clause


def test_first_use_builds_then_only_opens(home: Home) -> None:
    events: list[Event] = []
    index = ensure_index(home, events.append)
    assert first(index, "屋顶光伏覆盖率") == "plan/一/（一）/4"
    assert events[0].stage == "notice"
    assert [e.stage for e in events][-1] == "done"
    assert events[-2].done == events[-2].total == len(index.passages)
    events.clear()
    again = ensure_index(home, events.append)
    assert events == []
    assert again.corpus == index.corpus
    assert again.passages == index.passages
    assert again.vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(again.vectors, axis=1), 1, atol=1e-5)
    assert again.postings.scores({"水电": 1.0}).argmax() == index.postings.scores({"水电": 1.0}).argmax()


def test_nothing_changed_nothing_done(home: Home) -> None:
    built = build_index(home)
    again = build_index(home)
    assert built.built
    assert not again.built
    assert again.generation == built.generation
    assert again.passages == built.passages
    assert len(Store(home.index_store).generations()) == 1


def test_only_changed_passages_are_embedded_again(home: Home) -> None:
    before = build_index(home)
    assert before.embedded == before.passages
    old = open_index(home)
    write_corpus(home.corpus_root, [*ITEMS[:2], "抽水蓄能。加快建设新型储能。", *ITEMS[3:]])
    after = build_index(home)
    assert after.built
    assert after.embedded == 1
    assert after.reused == after.passages - 1
    new = open_index(home)
    assert first(new, "新型储能") == "plan/一/（一）/3"
    same = {p.text: row for row, p in enumerate(old.passages)}
    for row, passage in enumerate(new.passages):
        if passage.text in same:
            assert np.array_equal(new.vectors[row], old.vectors[same[passage.text]])


def test_force_embeds_everything_again(home: Home) -> None:
    build_index(home)
    report = build_index(home, force=True)
    assert report.built
    assert report.embedded == report.passages


def test_no_index_is_one_sentence(home: Home) -> None:
    with pytest.raises(IndexingError, match="There is no index"):
        open_index(home)
    with pytest.raises(IndexingError, match="There is no index"):
        verify_index(home)
    assert index_status(home).current is None
    assert clean_index(home) == 0


def test_verify_counts_files_and_ids(home: Home) -> None:
    built = build_index(home)
    report = verify_index(home)
    assert report.ok
    assert report.ids == built.passages
    assert report.files >= 6


@pytest.mark.parametrize("name", [VECTORS, PASSAGES, "corpus.json", "terms.txt", "postings-weights.npy"])
def test_a_flipped_byte_is_found_and_mended(home: Home, name: str) -> None:
    built = build_index(home)
    path = built.folder / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    report = verify_index(home)
    assert not report.ok
    assert name in report.problems[0][0]
    with pytest.raises(IndexingError, match="damaged"):
        open_index(home)
    events: list[Event] = []
    index = ensure_index(home, events.append)
    assert "damaged" in events[0].text
    assert "损坏" in events[0].text_zh
    assert index.folder != built.folder
    assert first(index, "屋顶光伏覆盖率") == "plan/一/（一）/4"
    assert verify_index(home).ok


@pytest.mark.parametrize("name", [VECTORS, MANIFEST])
def test_a_lost_file_is_found_and_mended(home: Home, name: str) -> None:
    built = build_index(home)
    (built.folder / name).unlink()
    index = ensure_index(home)
    assert first(index, "屋顶光伏覆盖率") == "plan/一/（一）/4"
    assert verify_index(home).ok


def test_vectors_lost_from_chroma_are_found(home: Home) -> None:
    from policybot.index.build import open_chroma

    built = build_index(home)
    manifest = Store(home.index_store).manifest(built.generation)
    with open_chroma(built.folder, manifest) as chroma:
        chroma._collection().delete(ids=["plan/一/（一）/2"])
    report = verify_index(home)
    assert not report.ok
    assert "does not give back 1 of" in report.problems[0][0]


def test_an_index_of_another_version_is_built_again(home: Home) -> None:
    built = build_index(home)
    path = built.folder / MANIFEST
    data = json.loads(path.read_text("utf-8"))
    data["version"] = "0.0.1"
    path.write_text(json.dumps(data), "utf-8")
    stale = index_status(home).stale
    assert stale is not None
    assert "0.0.1" in stale[0]
    events: list[Event] = []
    index = ensure_index(home, events.append)
    assert "0.0.1" in events[0].text
    assert index.manifest.version == policybot.__version__


def test_a_manifest_of_another_format_is_built_again(home: Home) -> None:
    built = build_index(home)
    path = built.folder / MANIFEST
    path.write_text(path.read_text("utf-8").replace('"format": 1', '"format": 99', 1), "utf-8")
    assert first(ensure_index(home), "屋顶光伏覆盖率") == "plan/一/（一）/4"


def test_a_dangling_or_garbled_pointer_is_no_index(home: Home) -> None:
    build_index(home)
    for content in (b"g000099-00000000\n", b"../../etc\n", b"\xff\xfe\x00", b""):
        (home.index_store / POINTER).write_bytes(content)
        assert Store(home.index_store).current() is None
    assert ensure_index(home).passages


def test_a_changed_source_keeps_the_last_good_index(home: Home) -> None:
    build_index(home)
    (home.corpus_root / "sources" / "plan.txt").write_text("一、别的内容\n", "utf-8")
    index = ensure_index(home)
    assert first(index, "屋顶光伏覆盖率") == "plan/一/（一）/4"
    (english, chinese), *rest = index.warnings
    assert rest == []
    assert "has changed" in english
    assert "上一个完好的索引" in chinese
    with pytest.raises(CorpusError):
        build_index(home)


def test_a_missing_source_without_index_is_the_corpus_error(home: Home) -> None:
    (home.corpus_root / "sources" / "plan.txt").unlink()
    with pytest.raises(CorpusError, match=r"plan\.txt"):
        ensure_index(home)
    assert Store(home.index_store).generations() == []


def test_two_generations_are_kept_and_clean_keeps_one(home: Home) -> None:
    for number in range(4):
        write_corpus(home.corpus_root, [*ITEMS, f"第{number}版。增加内容。"])
        build_index(home)
    store = Store(home.index_store)
    assert [name[:7] for name in store.generations()] == ["g000004", "g000003"]
    (home.index_store / ".building-dead").mkdir()
    assert index_status(home).leftovers == (".building-dead",)
    assert clean_index(home) > 0
    assert store.generations() == [store.current()]
    assert store.leftovers() == []
    assert open_index(home).passages
    clean_index(home, everything=True)
    assert store.generations() == []
    assert store.current() is None


def test_the_generation_in_use_is_never_cleaned(home: Home) -> None:
    first_built = build_index(home).generation
    write_corpus(home.corpus_root, [*ITEMS, "又一条。增加内容。"])
    build_index(home)
    store = Store(home.index_store)
    store.point_to(first_built)
    clean_index(home)
    assert store.generations() == [first_built]
    assert store.current() == first_built


def test_an_open_index_outlives_its_generation(home: Home) -> None:
    build_index(home)
    index = open_index(home)
    clean_index(home, everything=True)
    assert first(index, "屋顶光伏覆盖率") == "plan/一/（一）/4"
    assert index.postings.scores({"水电": 1.0}).any()


def test_status_says_what_is_there(home: Home) -> None:
    built = build_index(home)
    status = index_status(home)
    assert status.current == built.generation
    assert status.stale is None
    assert status.manifest is not None
    assert status.manifest.counts["passages"] == built.passages
    assert status.bytes > 10_000
    write_corpus(home.corpus_root, ITEMS[:3])
    assert index_status(home).stale is not None


def test_an_absent_model_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    home = small_home(tmp_path, settings='[embedder]\nmodel = "BAAI/no-such-model"\n')
    with pytest.raises(ModelError):
        ensure_index(home)
    assert not home.index_store.exists()


def test_another_model_makes_another_index(tmp_path: Path) -> None:
    build_index(small_home(tmp_path))
    model = tmp_path / "model"
    model.mkdir()
    for file in SHIPPED.iterdir():
        (model / file.name).write_bytes(file.read_bytes())
    config = json.loads((model / "config.json").read_text("utf-8"))
    config["fingerprint"] = "pb-another"
    (model / "config.json").write_text(json.dumps(config), "utf-8")
    home = small_home(tmp_path, settings='[embedder]\nmodel = "model"\n')
    with pytest.raises(IndexingError, match="another embedding model"):
        open_index(home)
    index = ensure_index(home)
    assert index.manifest.embedder["fingerprint"] == "pb-another"
    assert first(index, "屋顶光伏覆盖率") == "plan/一/（一）/4"


def test_a_folder_that_cannot_be_made_is_one_sentence_and_the_cache_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = small_home(tmp_path)
    home.index_store.write_text("a file where the folder should be")
    with pytest.raises(UnwritableIndex, match="cannot be written"):
        build_index(home)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    index = ensure_index(home)
    assert str(index.folder).startswith(str(tmp_path / "cache"))
    assert "cannot be written" in index.warnings[0][0]
    assert "索引改存于" in index.warnings[0][1]
    events: list[Event] = []
    again = ensure_index(home, events.append)
    assert again.folder == index.folder
    assert events == []


def test_a_temporary_folder_is_the_last_resort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = small_home(tmp_path)
    home.index_store.write_text("a file where the folder should be")
    (tmp_path / "cache").write_text("another one")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    index = ensure_index(home)
    assert index.folder.parent.name.startswith("policybot-")
    assert first(index, "屋顶光伏覆盖率") == "plan/一/（一）/4"
