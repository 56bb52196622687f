"""One bot over the built-in documents for all tests of answers."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> PolicyBot:
    return PolicyBot(home=tmp_path_factory.mktemp("answers"))
