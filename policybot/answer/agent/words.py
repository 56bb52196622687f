"""Words that the check of a model's sentences looks for: denials, and amounts without a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policybot.retrieve.datafile import bad_data, read_toml

WORDS = Path(__file__).resolve().parent / "data" / "words.toml"


@dataclass(frozen=True)
class Words:
    """The contents of ``data/words.toml``, compiled."""

    denial: dict[str, re.Pattern[str]]
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
            denial = {
                "zh": re.compile("|".join(map(re.escape, data["denial"]["zh"]))),
                "en": re.compile(
                    "|".join(
                        rf"\b{re.escape(w)}\b" if w.isalpha() else re.escape(w) for w in data["denial"]["en"]
                    ),
                    re.IGNORECASE,
                ),
            }
            amounts = tuple(
                (re.compile(a["said"], re.IGNORECASE), re.compile(a["carried"], re.IGNORECASE))
                for a in data["amount"]
            )
        except (KeyError, TypeError, re.error) as error:
            raise bad_data(path, f"an entry is missing or wrong ({error})") from error
        return Words(denial, amounts)

    def denies(self, text: str, language: str) -> bool:
        """True when a sentence denies something."""
        return self.denial["zh" if language == "zh" else "en"].search(text) is not None

    def vague(self, text: str, carried: str) -> bool:
        """True when a sentence gives an amount in words ("doubled") that the evidence does not."""
        return any(
            said.search(text) is not None and known.search(carried) is None for said, known in self.amounts
        )


def _word(text: str) -> str:
    """A pattern for a whole English word; anything with other signs in it is looked for as it is."""
    return rf"\b{text}\b" if text.isalpha() else re.escape(text)
