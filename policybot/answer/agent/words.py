"""Words that the check of a model's sentences looks for: denials, and amounts without a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policybot.retrieve.datafile import bad_data, read_toml

_NEAR = r"[^，。；：,;:!?！？\n]{0,16}"
WORDS = Path(__file__).resolve().parent / "data" / "words.toml"


@dataclass(frozen=True)
class Words:
    """The contents of ``data/words.toml``, compiled."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    amounts: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]

    @staticmethod
    @cache
    def load(path: Path = WORDS) -> Words:
        """The words of a data file.

        Raises:
            CorpusError: the file is missing, not TOML, or lacks an entry.
        """
        data = read_toml(path)
        try:
            before = re.compile(rf"(?:{_any(data['denial']['before'])}){_NEAR}\Z", re.IGNORECASE)
            after = re.compile(rf"{_NEAR}(?:{_any(data['denial']['after'])})", re.IGNORECASE)
            amounts = tuple(
                (re.compile(a["said"], re.IGNORECASE), re.compile(a["carried"], re.IGNORECASE))
                for a in data["amount"]
            )
        except (KeyError, TypeError, re.error) as error:
            raise bad_data(path, f"an entry is missing or wrong ({error})") from error
        return Words(before, after, amounts)

    def denied(self, text: str, start: int, end: int) -> bool:
        """True when a sentence denies what stands at start..end of it."""
        return self.before.search(text, 0, start) is not None or self.after.match(text, end) is not None

    def vague(self, text: str, carried: str) -> bool:
        """True when a sentence gives an amount in words ("doubled") that the evidence does not."""
        return any(
            said.search(text) is not None and known.search(carried) is None for said, known in self.amounts
        )


def _any(words: list[str]) -> str:
    return "|".join(map(_word, words))


def _word(text: str) -> str:
    """A pattern for whole English words, or for Chinese ones wherever they stand."""
    return rf"\b{re.escape(text)}\b" if text.isascii() else re.escape(text)
