"""Looking after an index: `policybot index status | verify | clean`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from policybot.corpus.serialize import loads
from policybot.errors import PolicybotError
from policybot.home import Home
from policybot.index.build import CORPUS, PASSAGES, VECTORS, open_chroma, remove_old, stale_reason
from policybot.index.generations import Manifest, Store, check_files, no_index
from policybot.index.models import find_model
from policybot.index.postings import load_postings
from policybot.index.progress import Progress, silent, step

Sentence = tuple[str, str]  # English, Chinese


@dataclass(frozen=True)
class IndexStatus:
    """What is in the index folder. `stale` says why the index would be built anew, None when it would not."""

    root: Path
    current: str | None
    manifest: Manifest | None
    stale: Sentence | None
    generations: tuple[str, ...]
    leftovers: tuple[str, ...]
    bytes: int


@dataclass(frozen=True)
class VerifyReport:
    """Outcome of a verification. `problems` is empty when all is well."""

    generation: str
    files: int
    ids: int
    problems: tuple[Sentence, ...]

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        return not self.problems


def index_status(home: Home) -> IndexStatus:
    """State of the index of `home`; reads no vectors and raises nothing for a missing or broken index."""
    store = Store(home.index_store)
    current = store.current()
    manifest: Manifest | None = None
    stale: Sentence | None = ("There is no index yet", "尚无索引")
    if current is not None:
        try:
            manifest = store.manifest(current)
            stale = stale_reason(manifest, home, find_model(home.config.embedder, home.root))
        except PolicybotError as error:
            stale = (error.what, error.what_zh)
    return IndexStatus(
        store.root,
        current,
        manifest,
        stale,
        tuple(store.generations()),
        tuple(store.leftovers()),
        sum(p.stat().st_size for p in store.root.rglob("*") if p.is_file()),
    )


def verify_index(home: Home, progress: Progress = silent) -> VerifyReport:
    """Check the index in use: SHA-256 of every file, counts, and every id queried back from Chroma.

    Raises:
        IndexingError: there is no index at all, or its manifest cannot be read.
    """
    store = Store(home.index_store)
    name = store.current()
    if name is None:
        raise no_index(store.root)
    folder, manifest = store.folder(name), store.manifest(name)
    problems: list[Sentence] = [
        (f"{wrong} is missing or differs from what was written.", f"{wrong} 缺失或与写入时不同。")
        for wrong in check_files(folder, manifest, full=True)
    ]
    ids = 0
    if not problems:
        ids, problems = _verify_content(folder, manifest, progress)
    return VerifyReport(name, len(manifest.files), ids, tuple(problems))


def clean_index(home: Home, progress: Progress = silent, *, everything: bool = False) -> int:
    """Remove all generations but the one in use, and what killed builds left; returns bytes freed.

    Args:
        everything: remove the generation in use as well; the next question builds anew.

    Raises:
        IndexingError: the folder cannot be written.
    """
    store = Store(home.index_store)
    if not store.root.is_dir():
        return 0
    before = index_status(home).bytes
    with store.writing(on_wait=lambda: progress(step("wait"))):
        if everything:
            store.forget()
        remove_old(store, keep=0 if everything else 1)
    return before - index_status(home).bytes


def _verify_content(folder: Path, manifest: Manifest, progress: Progress) -> tuple[int, list[Sentence]]:
    problems: list[Sentence] = []
    corpus = loads((folder / CORPUS).read_bytes())
    rows = json.loads((folder / PASSAGES).read_bytes())
    vectors = np.load(folder / VECTORS, allow_pickle=False)
    load_postings(folder, len(rows))
    counted = {
        "documents": len(corpus.documents),
        "clauses": len(corpus.clauses),
        "passages": len(rows),
        "dimension": int(vectors.shape[1]),
    }
    for what, number in counted.items():
        if manifest.counts.get(what) != number:
            said = manifest.counts.get(what)
            problems.append((f"{what}: {number} instead of {said}.", f"{what}：{number}，应为 {said}。"))
    if len(vectors) != len(rows):
        problems.append(
            (
                f"{len(vectors)} vectors for {len(rows)} passages.",
                f"{len(rows)} 个段落却有 {len(vectors)} 个向量。",
            )
        )
        return 0, problems
    missing = sum(row[1] not in corpus.clauses for row in rows)
    if missing:
        problems.append((f"{missing} passages lead to no clause.", f"{missing} 个段落没有对应条款。"))
    ids = [row[0] for row in rows]
    try:
        with open_chroma(folder, manifest) as chroma:
            count = chroma.count()
            lost = chroma.verify(ids, vectors, lambda done, total: progress(step("verify", done, total)))
    except PolicybotError as error:
        problems.append((error.what, error.what_zh))
        return 0, problems
    if lost or count != len(ids):
        problems.append(
            (
                f"Chroma holds {count} vectors and does not give back {len(lost)} of {len(ids)}.",
                f"Chroma 中有 {count} 个向量，{len(ids)} 个中有 {len(lost)} 个无法取回。",
            )
        )
    return len(ids), problems
