"""One index of the built-in documents for all tests that read one; folders that write have homes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policybot.home import Home
from policybot.index.open import Index, ensure_index


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of that index."""
    return tmp_path_factory.mktemp("indexed")


@pytest.fixture(scope="session")
def index(indexed: Path) -> Iterator[Index]:
    """The index, opened once."""
    opened = ensure_index(Home(indexed))
    yield opened
    opened.close()
