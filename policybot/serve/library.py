"""What all tools of a server share: the bot, opened once on first use, and the log of traces."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from policybot.answer.bot import PolicyBot
from policybot.answer.tracing.log import TraceLog
from policybot.cli.output import complain
from policybot.home import Home
from policybot.index.open import ensure_index
from policybot.index.progress import Progress, silent

if TYPE_CHECKING:
    from policybot.corpus.model import Corpus


class Library:
    """A home whose index is opened, and if need be built, when something is first asked of it.

    Safe to share between threads. `progress` hears of a build; warnings about the index go to stderr.
    """

    def __init__(self, home: Home, *, trace: bool = True, progress: Progress = silent) -> None:
        self.home, self.progress = home, progress
        self.log = TraceLog.of(home, wanted=trace)
        self._lock = threading.Lock()
        self._bot: PolicyBot | None = None

    @property
    def bot(self) -> PolicyBot:
        """The bot.

        Raises:
            PolicybotError: the corpus or the index cannot be used.
        """
        with self._lock:
            if self._bot is None:
                index = ensure_index(self.home, self.progress, asking=True)
                for english, _ in index.warnings:
                    complain(english)
                self._bot = PolicyBot(index=index)
            return self._bot

    @property
    def corpus(self) -> Corpus:
        """The documents as they were when the index was built."""
        return self.bot.index.corpus
