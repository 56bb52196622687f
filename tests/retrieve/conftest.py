"""A searcher over the built-in documents for all tests of this folder."""

from __future__ import annotations

import pytest

from policybot.index.open import Index
from policybot.retrieve.search import Searcher


@pytest.fixture(scope="session")
def searcher(index: Index) -> Searcher:
    return Searcher(index)
