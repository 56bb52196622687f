"""The search for LangChain programs: `PolicyRetriever`, `PolicyEmbeddings` and `PolicyVectorStore`.

Only this module imports langchain. Every document carries metadata to cite it by: document, title,
clause_id, label, label_en, heading, kind, source, line_start, line_end, quote (the clause as printed).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import VectorStore
from pydantic import ConfigDict, Field, PrivateAttr

from policybot.corpus.model import Clause, Corpus
from policybot.corpus.naming import find_document
from policybot.home import Home
from policybot.index.open import Index, ensure_index
from policybot.index.passages import NOTE, Passage
from policybot.retrieve.search import Hit, Searcher

if TYPE_CHECKING:
    from langchain_chroma import Chroma

    from policybot.index.embedder import Embedder
    from policybot.index.models import ModelSource
    from policybot.index.twin import StaticModel

COLLECTION = "policybot"
BATCH = 5_000  # the local Chroma client refuses more than 5,461 at once


def as_document(corpus: Corpus, clause: Clause, content: str = "") -> Document:
    """A clause as a LangChain document.

    Args:
        corpus: the corpus that the clause is part of.
        clause: the clause; its id becomes the document's id.
        content: the text to give instead of the clause as printed (a table row with its columns named).
    """
    document = corpus.documents[clause.document]
    return Document(
        id=clause.id,
        page_content=content or clause.text.text,
        metadata={
            "document": clause.document,
            "title": document.title_zh,
            "title_en": document.title_en,
            "clause_id": clause.id,
            "label": clause.label,
            "label_en": clause.label_en,
            "heading": " › ".join(corpus.headings(clause)),
            "kind": clause.kind,
            "status": document.status,
            "source": clause.text.file,
            "line_start": clause.line_start,
            "line_end": clause.line_end,
            "quote": clause.text.text,
        },
    )


def _shown(passage: Passage) -> str:
    """The text to show for a passage; "" (the clause as printed) for an annotation."""
    return "" if NOTE in passage.id[len(passage.clause) :] else passage.text


class PolicyRetriever(BaseRetriever):
    """Questions in Chinese or English → the clauses that answer them, copies grouped.

    Args:
        home: the folder with index and settings (default: as the command line finds it); the index
            is built on first use.
        k: how many clauses, at least 1; ``invoke(question, k=…)`` overrides it.
        documents: names of the documents to search in, in any form the catalogue knows; None for all.

    The metadata of a found document also has score and copies (ids of clauses that say the same).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    home: Path | None = None
    k: int = Field(default=5, ge=1)
    documents: list[str] | None = None
    _searcher: Searcher | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, searcher: Searcher, k: int = 5, documents: Sequence[str] | None = None) -> PolicyRetriever:
        """A retriever over a searcher that is already open."""
        retriever = cls(k=k, documents=None if documents is None else list(documents))
        retriever._searcher = searcher
        return retriever

    @property
    def searcher(self) -> Searcher:
        """The search behind it, opened when first needed.

        Raises:
            PolicybotError: there is no index and none can be built.
        """
        if self._searcher is None:
            self._searcher = Searcher(ensure_index(Home.resolve(self.home)))
        return self._searcher

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        documents: Sequence[str] | None = None,
    ) -> list[Document]:
        searcher = self.searcher
        names = self.documents if documents is None else documents
        corpus = searcher.index.corpus
        ids = None if names is None else [find_document(name, corpus).id for name in names]
        hits = searcher.search(query, self.k if k is None else k, ids)
        return [self._document(hit) for hit in hits]

    def _document(self, hit: Hit) -> Document:
        index = self.searcher.index
        clause = index.corpus.clauses[hit.clause_id]
        content = self.searcher.body(hit.clause_id) if clause.kind in ("row", "table") else ""
        found = as_document(index.corpus, clause, content)
        found.metadata.update(score=hit.score, copies=list(hit.copies))
        return found


class PolicyEmbeddings(Embeddings):
    """The embedding model of the index: the one shipped with policybot or the one configured.

    Args:
        home: the folder whose ``policybot.toml`` may name another model (default: as the command line
            finds it). The shipped model needs neither torch nor the network.
    """

    def __init__(self, home: Path | None = None) -> None:
        self._home = Home.resolve(home)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of length one, one for each text."""
        if self._static is not None:
            return [[float(x) for x in vector] for vector in self._static.encode_many(texts)]
        return [[float(x) for x in vector] for vector in self._embedder.encode_documents(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question, of length one."""
        if self._static is not None:
            return [float(x) for x in self._static.encode(text)]
        return [float(x) for x in self._embedder.encode_queries([text])[0]]

    @cached_property
    def _source(self) -> ModelSource:
        from policybot.index.models import find_model

        return find_model(self._home.config.embedder, self._home.root)

    @cached_property
    def _static(self) -> StaticModel | None:
        from policybot.index.twin import load_static

        return load_static(self._source.folder) if self._source.kind == "static" else None

    @cached_property
    def _embedder(self) -> Embedder:
        from policybot.index.embedder import embedder_of

        return embedder_of(self._source)


class PolicyVectorStore(VectorStore):
    """A Chroma collection with policybot's embeddings, in a folder of its own.

    It may be added to and deleted from; the index that `policybot ask` uses is never touched.
    One process at a time should write a folder: local Chroma loses vectors silently otherwise.

    Args:
        folder: where the collection lies; None keeps it in memory.
        embedding: the embeddings (default: `PolicyEmbeddings`).
        collection: the collection's name.
    """

    def __init__(
        self,
        folder: Path | str | None = None,
        embedding: Embeddings | None = None,
        collection: str = COLLECTION,
    ) -> None:
        from chromadb.config import Settings
        from langchain_chroma import Chroma

        self._store: Chroma = Chroma(
            collection_name=collection,
            embedding_function=embedding or PolicyEmbeddings(),
            persist_directory=None if folder is None else str(folder),
            client_settings=Settings(anonymized_telemetry=False),
            collection_configuration={"hnsw": {"space": "cosine"}},
        )

    @classmethod
    def of_index(
        cls, index: Index, folder: Path | str | None = None, collection: str = COLLECTION
    ) -> PolicyVectorStore:
        """A store with every passage of an index, its vectors taken from there.

        Passages that are annotations (a gist, a likely question) lead to their clause as printed.
        """
        store = cls(folder, collection=collection)
        corpus, passages = index.corpus, index.passages
        for start in range(0, len(passages), BATCH):
            batch = passages[start : start + BATCH]
            documents = [as_document(corpus, corpus.clauses[p.clause], _shown(p)) for p in batch]
            store._store._collection.upsert(
                ids=[passage.id for passage in batch],
                embeddings=index.vectors[start : start + BATCH],
                documents=[document.page_content for document in documents],
                metadatas=[document.metadata for document in documents],
            )
        return store

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[Any, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        folder: Path | str | None = None,
        collection: str = COLLECTION,
        **kwargs: Any,
    ) -> PolicyVectorStore:
        """A store with some texts."""
        store = cls(folder, embedding, collection)
        store.add_texts(texts, metadatas, ids=ids, **kwargs)
        return store

    @property
    def embeddings(self) -> Embeddings | None:
        """The embeddings it was made with."""
        return self._store.embeddings

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[Any, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """Add or replace texts; returns their ids."""
        every = list(texts)
        added: list[str] = []
        for start in range(0, len(every), BATCH):
            part = slice(start, start + BATCH)
            added += self._store.add_texts(
                every[part],
                None if metadatas is None else metadatas[part],
                None if ids is None else ids[part],
                **kwargs,
            )
        return added

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool | None:
        """Remove documents; ids that are not there are ignored. Without ids nothing is removed."""
        if not ids:
            return False
        self._store.delete(ids, **kwargs)
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """The documents with these ids, missing ones left out."""
        return self._store.get_by_ids(ids)

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """The `k` documents nearest to a text."""
        return self._store.similarity_search(query, k, **kwargs)

    def similarity_search_with_score(
        self, query: str, k: int = 4, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """The `k` nearest documents with their cosine distances (0 is equal)."""
        return self._store.similarity_search_with_score(query, k, **kwargs)

    def similarity_search_by_vector(
        self, embedding: list[float], k: int = 4, **kwargs: Any
    ) -> list[Document]:
        """The `k` documents nearest to a vector."""
        return self._store.similarity_search_by_vector(embedding, k, **kwargs)

    def max_marginal_relevance_search(
        self, query: str, k: int = 4, fetch_k: int = 20, lambda_mult: float = 0.5, **kwargs: Any
    ) -> list[Document]:
        """`k` of the `fetch_k` nearest documents, chosen to differ from one another."""
        return self._store.max_marginal_relevance_search(query, k, fetch_k, lambda_mult, **kwargs)

    def max_marginal_relevance_search_by_vector(
        self, embedding: list[float], k: int = 4, fetch_k: int = 20, lambda_mult: float = 0.5, **kwargs: Any
    ) -> list[Document]:
        """The same for a vector."""
        return self._store.max_marginal_relevance_search_by_vector(
            embedding, k, fetch_k, lambda_mult, **kwargs
        )

    def clear(self) -> None:
        """Remove every document."""
        self._store.reset_collection()

    def _select_relevance_score_fn(self) -> Any:
        return self._cosine_relevance_score_fn
