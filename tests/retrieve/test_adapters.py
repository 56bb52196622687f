"""LangChain's own standard tests, and what they do not look at: metadata, documents, the index as a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("langchain_tests")

from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import VectorStore
from langchain_tests.integration_tests import (
    EmbeddingsIntegrationTests,
    RetrieversIntegrationTests,
    VectorStoreIntegrationTests,
)
from langchain_tests.unit_tests import EmbeddingsUnitTests

from policybot.errors import PolicybotError
from policybot.index.open import Index
from policybot.retrieve.adapters import PolicyEmbeddings, PolicyRetriever, PolicyVectorStore
from policybot.retrieve.search import Searcher
from policybot.text import squash

QUESTION = "what is the 2025 target for new-building PV coverage?"
CLAUSE = "action-plan-2030/三/（四）/3"


class TestRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _home(self, indexed: Path, index: Index) -> None:
        self.home = indexed

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return PolicyRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"home": self.home, "k": 4}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


class TestEmbeddingsMade(EmbeddingsUnitTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return PolicyEmbeddings


class TestEmbeddings(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return PolicyEmbeddings


class TestVectorStore(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self, tmp_path: Path) -> Iterator[VectorStore]:
        store = PolicyVectorStore(tmp_path / "store", self.get_embeddings())
        yield store
        store.clear()


def test_a_found_document_can_be_cited(searcher: Searcher) -> None:
    found = PolicyRetriever.of(searcher, k=3).invoke(QUESTION)[0]
    assert found.id == CLAUSE
    meta = found.metadata
    assert (meta["document"], meta["label"], meta["label_en"]) == ("action-plan-2030", "三（四）3", "III(4)3")
    source = searcher.index.corpus.sources[meta["source"]]
    assert squash(meta["quote"]) in squash(source.lines(meta["line_start"], meta["line_end"]))
    assert any(name.startswith("index-white-paper-2022/") for name in meta["copies"])


def test_a_table_row_names_its_columns(searcher: Searcher) -> None:
    found = PolicyRetriever.of(searcher, k=1).invoke("石家庄2019年PM2.5年均浓度是多少")[0]
    assert "城市：石家庄" in found.page_content
    assert "63.2" in found.metadata["quote"]


def test_documents_may_be_named_in_any_way(searcher: Searcher) -> None:
    retriever = PolicyRetriever.of(searcher, k=5, documents=["the Opinions", "京都议定书"])
    assert {d.metadata["document"] for d in retriever.invoke("排放")} <= {"opinions-2021", "kyoto-protocol"}
    with pytest.raises(PolicybotError, match="no document called"):
        PolicyRetriever.of(searcher, documents=["巴塞尔公约"]).invoke("排放")


def test_the_embeddings_are_those_of_the_index(indexed: Path, index: Index) -> None:
    embeddings = PolicyEmbeddings(indexed)
    row = 100
    vector = embeddings.embed_documents([index.passages[row].text])[0]
    assert vector == pytest.approx(index.vectors[row].tolist(), abs=1e-5)
    assert embeddings.embed_query(QUESTION) == pytest.approx(index.encode_query(QUESTION).tolist(), abs=1e-6)


def test_an_index_can_be_copied_into_a_store(index: Index, tmp_path: Path) -> None:
    store = PolicyVectorStore.of_index(index, tmp_path / "copy")
    found = store.similarity_search("新建厂房屋顶光伏覆盖率", k=3)
    assert CLAUSE in {d.metadata["clause_id"] for d in found}
    passage = index.passages[0]
    assert store.get_by_ids([passage.id])[0].page_content == passage.text
    assert store.as_retriever(search_type="mmr").invoke("碳汇")
