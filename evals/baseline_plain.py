"""The usual way, to compare with: sentence-transformers and langchain-chroma, a persisted store, one query.

    python evals/baseline_plain.py build STORE MODEL CLAUSES.jsonl   # once, not timed
    python evals/baseline_plain.py ask STORE MODEL "question"        # prints the nearest clauses as JSON

MODEL is a folder with a sentence-transformers model; a line of CLAUSES reads {"id": …, "text": …}. The
script does what tutorials do and imports nothing of policybot.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")

from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings
from sentence_transformers import SentenceTransformer

BATCH = 5000  # Chroma takes at most 5,461 at a time
NEAREST = 4


class LocalEmbeddings(Embeddings):
    """A sentence-transformers model under LangChain's interface."""

    def __init__(self, folder: str) -> None:
        self.model = SentenceTransformer(folder, device="cpu", local_files_only=True)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.model.encode(texts, normalize_embeddings=True).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def open_store(folder: str, model: str) -> Chroma:
    """The persisted store with the model for its questions."""
    return Chroma("clauses", LocalEmbeddings(model), persist_directory=folder)


def build(folder: str, model: str, clauses: str) -> None:
    """Puts every clause into a new store."""
    store = open_store(folder, model)
    lines = Path(clauses).read_text(encoding="utf-8").split("\n")
    records = [json.loads(line) for line in lines if line.strip()]
    for start in range(0, len(records), BATCH):
        part = records[start : start + BATCH]
        store.add_texts([r["text"] for r in part], ids=[r["id"] for r in part])


def ask(folder: str, model: str, question: str) -> None:
    """Prints the nearest clauses of one question."""
    found = open_store(folder, model).similarity_search_with_score(question, k=NEAREST)
    hits = [
        {"id": document.id, "distance": score, "text": document.page_content} for document, score in found
    ]
    print(json.dumps(hits, ensure_ascii=False))


if __name__ == "__main__":
    {"build": build, "ask": ask}[sys.argv[1]](*sys.argv[2:])
