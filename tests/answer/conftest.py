"""One bot over the built-in documents for all tests of answers."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot
from policybot.index.open import Index


@pytest.fixture(scope="session")
def bot(index: Index) -> PolicyBot:
    return PolicyBot(index=index)
