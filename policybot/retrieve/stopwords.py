"""Words that say how a question is asked; left out when looking for what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policybot.retrieve.datafile import bad_data, read_toml

_FILE = Path(__file__).resolve().parent / "data" / "stopwords.toml"


@dataclass(frozen=True, slots=True)
class StopWords:
    """Chinese phrases, English words, and Chinese words that must not be cut at a phrase.

    `opening` are English words that only count as stop words where they open the question; `longest`
    is the length of the longest Chinese phrase.
    """

    zh: frozenset[str]
    en: frozenset[str]
    opening: frozenset[str]
    words: frozenset[str]
    longest: int

    def phrase_at(self, text: str, start: int) -> int:
        """Length of the longest Chinese stop phrase that starts at `start`, 0 for none."""
        for size in range(min(self.longest, len(text) - start), 0, -1):
            if text[start : start + size] in self.zh:
                return size
        return 0


@cache
def load_stop_words(path: Path = _FILE) -> StopWords:
    """Read and check the list.

    Raises:
        CorpusError: a key is missing or unknown, or an entry is not text in its folded form.
    """
    data = read_toml(path)
    if set(data) != {"zh", "en", "opening", "words"}:
        raise bad_data(path, "it must have exactly the lists zh, en, opening and words")
    for name, entries in data.items():
        if not isinstance(entries, list) or not all(isinstance(e, str) and e for e in entries):
            raise bad_data(path, f"{name} must be a list of words")
        wrong = next((e for e in entries if e != e.strip().lower()), None)
        if wrong is not None:
            raise bad_data(path, f"{name}: {wrong!r} must be lower case without blanks around it")
    zh = frozenset(data["zh"])
    en, opening, words = (frozenset(data[name]) for name in ("en", "opening", "words"))
    return StopWords(zh, en, opening, words, max(map(len, zh), default=0))
