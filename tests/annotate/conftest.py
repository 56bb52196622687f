"""The built-in documents, once for all of these tests."""

from __future__ import annotations

import pytest

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return load_corpus()
