"""Sources and catalogue → `Corpus`."""

from __future__ import annotations

import hashlib
from pathlib import Path

from policybot.corpus.annotations import load_annotations
from policybot.corpus.blocks import read_blocks
from policybot.corpus.catalog import Catalog, load_catalog
from policybot.corpus.collate import collate
from policybot.corpus.model import Clause, Corpus, Document, Leftover, SourceFile, Table
from policybot.corpus.references import with_references
from policybot.corpus.structure import TreeBuilder
from policybot.corpus.tree import Tree
from policybot.corpus.variation import is_layout
from policybot.errors import CorpusError

# Part of the corpus checksum: raise it when the same sources give other clauses.
STRUCTURE_VERSION = 3


def corpus_root() -> Path:
    """Where the built-in corpus lies: the repository's `corpus/`, or the copy inside the wheel."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "_corpus"
    return packaged if packaged.is_dir() else package.parent / "corpus"


def load_corpus(root: Path | None = None) -> Corpus:
    """Reads the corpus below `root` (default: the built-in one).

    Raises:
        CorpusError: catalogue unusable, source missing, changed (checksum) or not UTF-8.
    """
    root = root or corpus_root()
    catalog = load_catalog(root / "catalog.toml")
    sources = {name: read_source(root, name, digest) for name, digest in catalog.files.items()}
    corpus = Corpus(dict(catalog.documents), sources, {}, {}, checksum=_checksum(catalog))
    leftovers: list[Leftover] = []
    for document in catalog.documents.values():
        clauses, tables = _document(corpus, document, sources, leftovers)
        corpus.clauses.update(clauses)
        corpus.tables.update(tables)
    corpus.clauses = with_references(corpus.documents.values(), corpus.clauses)
    corpus.leftovers = tuple(leftovers)
    loaded = load_annotations(root, corpus.clauses, corpus.documents)
    corpus.annotations, corpus.unanswered = loaded.annotations, loaded.unanswered
    corpus.phrases = loaded.phrases
    return corpus


def corpus_checksum(root: Path | None = None) -> str:
    """The checksum `load_corpus(root).checksum` would have, without reading the sources' structure."""
    return _checksum(load_catalog((root or corpus_root()) / "catalog.toml"))


def _checksum(catalog: Catalog) -> str:
    digest = hashlib.sha256(f"structure {STRUCTURE_VERSION}\n".encode())
    digest.update(catalog.raw)
    return digest.hexdigest()


def read_source(root: Path, name: str, sha256: str) -> SourceFile:
    """One source file; `name` is "corpus/…" as citations show it.

    Raises:
        CorpusError: missing, changed, or not UTF-8.
    """
    path = root / Path(name).relative_to("corpus")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"The source {name} cannot be read ({error.strerror}).",
            "Restore it from the repository or reinstall policybot.",
            what_zh=f"无法读取来源文件 {name}（{error.strerror}）。",
            hint_zh="请从代码库恢复该文件，或重新安装 policybot。",
        ) from error
    digest = hashlib.sha256(raw).hexdigest()
    if digest != sha256:
        raise CorpusError(
            f"The source {name} has changed: SHA-256 {digest[:12]}…, in the catalogue {sha256[:12]}….",
            "Restore the file, or correct the catalogue if the change is meant.",
            what_zh=f"来源文件 {name} 已被改动：其 SHA-256 为 {digest[:12]}…，目录中为 {sha256[:12]}…。",
            hint_zh="请恢复该文件；如确需更改，请同时更新目录。",
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"The source {name} is not UTF-8 (byte {error.start}).",
            "Save it as UTF-8 and correct its checksum in the catalogue.",
            what_zh=f"来源文件 {name} 不是 UTF-8 编码（第 {error.start} 字节）。",
            hint_zh="请另存为 UTF-8，并更新目录中的校验值。",
        ) from error
    return SourceFile(name, text, digest)


def _document(
    corpus: Corpus, document: Document, sources: dict[str, SourceFile], leftovers: list[Leftover]
) -> tuple[dict[str, Clause], dict[str, Table]]:
    trees: dict[str, Tree] = {}
    for witness in document.witnesses:
        source = sources[witness.file]
        count = len(source.line_starts)
        if any(last > count for _, last in witness.ranges):
            raise CorpusError(
                f"The catalogue gives {document.id} lines beyond the end of {witness.file} ({count} lines).",
                "Correct `lines` of that witness.",
                what_zh=f"目录中 {document.id} 的行号超出 {witness.file}（共 {count} 行）。",
                hint_zh="请改正该文本的 lines。",
            )
        if document.style == "passages":
            trees[witness.id] = read_blocks(document, witness, source)
        else:
            trees[witness.id] = TreeBuilder(document, witness, source).build()
        leftovers.extend(trees[witness.id].leftovers)
    if len(trees) == 1:
        tree = trees[document.witnesses[0].id]
        return tree.clauses, tree.tables
    corpus.witnesses[document.id] = {name: tree.clauses for name, tree in trees.items()}
    corpus.witness_tables[document.id] = {name: tree.tables for name, tree in trees.items()}
    order = [witness.id for witness in document.witnesses]
    collation = collate({name: list(tree.clauses.values()) for name, tree in trees.items()}, order, sources)
    for clause, variants in collation.variants.items():
        if seen := tuple(variant for variant in variants if not is_layout(variant)):
            corpus.variants[clause] = seen
    return {clause.id: clause for clause in collation.clauses}, trees[collation.base].tables
