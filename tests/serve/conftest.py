"""One server over the built-in documents, driven by the official client."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from policybot.home import Home
from policybot.serve.library import Library
from policybot.serve.server import PolicyServer, build_server


@pytest.fixture(scope="session")
def home(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serve")
    shutil.copytree(indexed, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def library(home: Path) -> Library:
    return Library(Home(home))


@pytest.fixture(scope="session")
def server(library: Library) -> PolicyServer:
    return build_server(library)
