"""The one error type that reaches a user: what was wrong, where, and what to do next."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line, documented in the README."""

    OK = 0
    NOT_FOUND = 1  # the corpus does not say (a refusal is a result, so `ask` exits 0; checks exit 1)
    USAGE = 2  # the question or an argument cannot be used
    CORPUS = 3  # catalogue or source missing, changed or unreadable
    INDEX = 4  # index missing, broken, locked or not writable
    MODEL = 5  # embedding or chat model not available
    INTERNAL = 70  # a defect in policybot


class PolicybotError(Exception):
    """An error a user can act on.

    Args:
        what: one sentence saying what was wrong, in English.
        hint: one sentence saying what to do next, in English.
        what_zh, hint_zh: the same in Chinese.
        code: exit code of the process.
    """

    def __init__(
        self,
        what: str,
        hint: str = "",
        *,
        what_zh: str = "",
        hint_zh: str = "",
        code: ExitCode = ExitCode.USAGE,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.what_zh = what_zh or what
        self.hint_zh = hint_zh or hint
        self.code = code

    def sentence(self, language: str = "en") -> str:
        """The message as one line in `language` ("en" or "zh")."""
        what, hint = (self.what_zh, self.hint_zh) if language == "zh" else (self.what, self.hint)
        return f"{what} {hint}".strip()


class CorpusError(PolicybotError):
    """Catalogue or source files cannot be used as they are."""

    def __init__(self, what: str, hint: str = "", *, what_zh: str = "", hint_zh: str = "") -> None:
        super().__init__(what, hint, what_zh=what_zh, hint_zh=hint_zh, code=ExitCode.CORPUS)


class IndexingError(PolicybotError):
    """The index cannot be built, opened or trusted."""

    def __init__(self, what: str, hint: str = "", *, what_zh: str = "", hint_zh: str = "") -> None:
        super().__init__(what, hint, what_zh=what_zh, hint_zh=hint_zh, code=ExitCode.INDEX)


class ModelError(PolicybotError):
    """An embedding or chat model is not available on this machine."""

    def __init__(self, what: str, hint: str = "", *, what_zh: str = "", hint_zh: str = "") -> None:
        super().__init__(what, hint, what_zh=what_zh, hint_zh=hint_zh, code=ExitCode.MODEL)
