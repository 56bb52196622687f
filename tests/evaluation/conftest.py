"""One index of the built-in corpus for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policybot.home import Home
from policybot.index.open import Index, ensure_index


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def index(home: Path) -> Iterator[Index]:
    opened = ensure_index(Home(home))
    yield opened
    opened.close()
