"""Builds an index: corpus → passages → vectors and postings → Chroma, verified, then made current."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

import policybot
from policybot.collecting import collection_paused
from policybot.corpus.model import Corpus
from policybot.corpus.serialize import dumps
from policybot.errors import IndexingError
from policybot.home import Home
from policybot.index.encoder.meaning import FILE as MEANING
from policybot.index.encoder.meaning import Meaning, make_meaning, shipped_meaning
from policybot.index.encoder.model import SentenceEncoder
from policybot.index.generations import (
    FORMAT,
    KEEP,
    DamagedIndex,
    Manifest,
    Store,
    check_files,
    record_files,
)
from policybot.index.inputs import inputs_changed, read_inputs
from policybot.index.models import ModelSource, find_model
from policybot.index.passages import Passage, make_passages
from policybot.index.postings import make_postings, save_postings
from policybot.index.progress import Progress, silent, step

if TYPE_CHECKING:
    from policybot.index.chroma_store import ChromaStore
    from policybot.index.encoding import Encoding

Vector = NDArray[np.float32]
Vectors = Vector

CORPUS, PASSAGES, VECTORS = "corpus.json", "passages.json", "vectors.npy"
CHROMA = "chroma"


@dataclass(frozen=True)
class BuildReport:
    """What a build did. `built` is False when the index was up to date; counts are passages."""

    built: bool
    generation: str
    folder: Path
    passages: int
    embedded: int
    reused: int
    seconds: float


def build_index(
    home: Home, progress: Progress = silent, *, force: bool = False, store: Store | None = None
) -> BuildReport:
    """Bring the index of `home` up to date; do nothing when it is.

    Only passages whose text changed are embedded again. Until the new generation is complete and
    verified the last one stays in use, also when this process is killed.

    Args:
        force: build even when nothing changed, and embed everything again.
        store: where to build instead of `home.index_store`.

    Raises:
        CorpusError: catalogue or sources cannot be used.
        ModelError: the configured embedding model is not available.
        IndexingError: the folder is not writable, another build does not end, verification failed.
    """
    began = time.perf_counter()
    store = store or Store(home.index_store)
    source = find_model(home.config.embedder, home.root)
    if not force:
        done = _up_to_date(home, store, source, began)
        if done:
            return done
    with store.writing(on_wait=lambda: progress(step("wait"))):
        if not force:
            done = _up_to_date(home, store, source, began)  # by the build that was waited for
            if done:
                return done
        remove_old(store)
        with collection_paused():
            report = _build(home, store, source, progress, force)
        remove_old(store)
    progress(step("done"))
    return replace(report, seconds=time.perf_counter() - began)


def stale_reason(manifest: Manifest, home: Home, source: ModelSource) -> tuple[str, str] | None:
    """Why a generation has to be built anew, in English and Chinese; None when it is up to date."""
    if manifest.version != policybot.__version__:
        return (
            f"The index was built by policybot {manifest.version}",
            f"索引由 policybot {manifest.version} 构建",
        )
    if manifest.embedder.get("fingerprint") != source.fingerprint:
        return "The embedding model has changed", "嵌入模型已更换"
    if manifest.embedder.get("encoder") != SentenceEncoder().fingerprint:
        return "The sentence encoder has changed", "句子编码器已更换"
    if manifest.chroma.get("url", "") != chroma_url(home):
        return "The Chroma server in the settings has changed", "设置中的 Chroma 服务器已更换"
    if inputs_changed(manifest.inputs, home.corpus_root):
        return "The corpus or the code that reads it has changed", "语料或读取语料的代码有改动"
    return None


def remove_old(store: Store, keep: int = KEEP) -> list[str]:
    """Remove old generations and what killed builds left; under the lock. Returns their names."""
    old = store.removable(keep)
    for name in old:
        with suppress(IndexingError):
            manifest = store.manifest(name)
            if manifest.chroma.get("url"):
                with open_chroma(store.folder(name), manifest) as chroma:
                    chroma.drop()
    removed = old + store.leftovers()
    store.remove(removed)
    return removed


def chroma_url(home: Home) -> str:
    """Address of the Chroma server in the settings, "" for the local store.

    Raises:
        IndexingError: there is one and connections are forbidden.
    """
    url = home.config.search.chroma_url
    if url and home.offline:
        raise IndexingError(
            "The settings name a Chroma server, and connections are forbidden (offline).",
            "Remove search.chroma_url, or allow connections.",
            what_zh="设置中指定了 Chroma 服务器，但当前禁止联网（offline）。",
            hint_zh="请删除 search.chroma_url，或允许联网。",
        )
    return url


def _up_to_date(home: Home, store: Store, source: ModelSource, began: float) -> BuildReport | None:
    name = store.current()
    if name is None:
        return None
    try:
        manifest = store.manifest(name)
    except DamagedIndex:
        return None
    folder = store.folder(name)
    if stale_reason(manifest, home, source) or check_files(folder, manifest):
        return None
    count = manifest.counts["passages"]
    return BuildReport(False, name, folder, count, 0, count, time.perf_counter() - began)


def _build(home: Home, store: Store, source: ModelSource, progress: Progress, force: bool) -> BuildReport:
    from policybot.corpus import load_corpus
    from policybot.index.encoding import Encoding

    progress(step("corpus"))
    inputs = read_inputs(home.corpus_root)
    corpus = load_corpus(home.corpus_root)
    passages = make_passages(corpus)
    known = {} if force else _known_vectors(store, source)
    texts = list(dict.fromkeys(p.text for p in passages if p.text not in known))
    with store.staging() as folder, Encoding(texts, source) as encoding:
        progress(step("postings"))
        _write(folder, corpus, passages)
        _load_chromadb()
        vectors = _vectors(passages, known, encoding, progress)
        np.save(folder / VECTORS, vectors)
        encoder = SentenceEncoder()
        # The shipped vectors come last and count: an index that was added to is the one that is built anew.
        earlier = [*([] if force else _known_meaning(store, encoder)), *shipped_meaning(encoder)]
        make_meaning(corpus, encoder, earlier).save(folder / MEANING)
        name = store.next_name(corpus.checksum + source.fingerprint)
        manifest = Manifest(
            format=FORMAT,
            version=policybot.__version__,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            corpus=corpus.checksum,
            inputs=inputs,
            embedder={
                "model": home.config.embedder.model,
                "query_prompt": source.query_prompt,
                "document_prompt": source.document_prompt,
                "fingerprint": source.fingerprint,
                "encoder": encoder.fingerprint,
            },
            counts={
                "documents": len(corpus.documents),
                "clauses": len(corpus.clauses),
                "passages": len(passages),
                "dimension": int(vectors.shape[1]),
            },
            chroma={"url": chroma_url(home), "collection": _collection(store, name)},
            files=record_files(folder),
        )
        _store_vectors(folder, manifest, passages, vectors, progress)
        wrong = check_files(folder, manifest, full=True)
        if wrong:
            raise IndexingError(
                f"What was written for the index reads back differently ({', '.join(wrong)}).",
                "Check the disk and build again.",
                what_zh=f"写入的索引文件回读不一致（{'、'.join(wrong)}）。",
                hint_zh="请检查磁盘后重新构建。",
            )
        store.publish(folder, name, manifest)
    report = BuildReport(True, name, store.folder(name), len(passages), len(texts), 0, 0.0)
    return replace(report, reused=len(passages) - len(texts))


def _known_vectors(store: Store, source: ModelSource) -> dict[str, Vector]:
    """Vectors by passage text of the newest intact generation of the same model."""
    for name in store.generations():
        folder = store.folder(name)
        try:
            manifest = store.manifest(name)
            if manifest.embedder.get("fingerprint") != source.fingerprint:
                continue
            if check_files(folder, manifest, full=True):
                continue
            rows = json.loads((folder / PASSAGES).read_bytes())
            vectors = np.load(folder / VECTORS, allow_pickle=False)
        except (IndexingError, OSError, ValueError):
            continue
        return {row[2]: vector for row, vector in zip(rows, vectors, strict=True)}
    return {}


def _known_meaning(store: Store, encoder: SentenceEncoder) -> list[Meaning]:
    """What the newest intact generation knows of the same encoder's vectors."""
    for name in store.generations():
        folder = store.folder(name)
        try:
            manifest = store.manifest(name)
            if manifest.embedder.get("encoder") == encoder.fingerprint and not check_files(
                folder, manifest, full=True
            ):
                return [Meaning.load(folder / MEANING)]
        except (IndexingError, OSError, ValueError, KeyError):
            continue
    return []


def _vectors(
    passages: Sequence[Passage], known: dict[str, Vector], encoding: Encoding, progress: Progress
) -> Vectors:
    """Vectors of all passages: those that are known and those that are being computed."""
    count = len(encoding.texts)
    progress(step("embed", 0, count))
    if count:
        fresh = encoding.vectors(progress)
        known = {**known, **dict(zip(encoding.texts, fresh, strict=True))}
    progress(step("embed", count, count))
    if not passages:
        raise IndexingError(
            "The corpus holds no text to index.",
            "Check it with `policybot corpus check`.",
            what_zh="语料中没有可索引的文本。",
            hint_zh="请用 `policybot corpus check` 检查语料。",
        )
    return np.stack([known[p.text] for p in passages]).astype(np.float32)


def _write(folder: Path, corpus: Corpus, passages: Sequence[Passage]) -> None:
    (folder / CORPUS).write_bytes(dumps(corpus))
    rows = [[p.id, p.clause, p.text, p.head] for p in passages]
    (folder / PASSAGES).write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")), "utf-8")
    save_postings(make_postings(passages), folder)


def _collection(store: Store, name: str) -> str:
    """Name of a generation's collection, different for every store that shares a server."""
    return f"policybot-{hashlib.sha256(str(store.root.resolve()).encode()).hexdigest()[:8]}-{name}"


def _store_vectors(
    folder: Path, manifest: Manifest, passages: Sequence[Passage], vectors: Vectors, progress: Progress
) -> None:
    """Put the vectors into Chroma, close it, open it again and query every id back."""
    ids = [p.id for p in passages]
    clauses = [p.clause for p in passages]
    with open_chroma(folder, manifest) as chroma:
        chroma.write(ids, vectors, clauses, lambda done, total: progress(step("chroma", done, total)))
    with open_chroma(folder, manifest) as chroma:
        lost = chroma.verify(ids, vectors, lambda done, total: progress(step("verify", done, total)))
        if lost or chroma.count() != len(ids):
            raise IndexingError(
                f"Chroma does not give back {len(lost)} of {len(ids)} vectors that were written.",
                "Build the index again.",
                what_zh=f"写入 Chroma 的 {len(ids)} 个向量中有 {len(lost)} 个无法取回。",
                hint_zh="请重新构建索引。",
            )


def _load_chromadb() -> None:
    """Imports what stores the vectors while they are computed elsewhere."""
    from policybot.index.chroma_store import load_chromadb

    load_chromadb()


def open_chroma(folder: Path, manifest: Manifest) -> ChromaStore:
    """The Chroma collection of a generation: in its folder, or on the server it was written to."""
    from policybot.index.chroma_store import ChromaStore

    url = manifest.chroma.get("url", "")
    return ChromaStore(None if url else folder / CHROMA, url=url, name=manifest.chroma["collection"])
