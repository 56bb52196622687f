"""The built-in documents and their index, once for all of these tests."""

from __future__ import annotations

import pytest

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.home import Home
from policybot.index.open import Index, ensure_index


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return load_corpus()


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return ensure_index(Home(tmp_path_factory.mktemp("annotate")))
