"""English ↔ Chinese glossary of the field, and everyday Chinese ↔ policy wording.

Three files under ``data/``, UTF-8, comma separated, with a header line; alternatives inside a
cell are separated by ";", without blanks around it:

- ``glossary.csv``: ``en`` (lower case, hyphens as blanks, singular; inflections that cannot be
  derived, such as *built*, are written out; the label first), ``zh`` (wording of the corpus first),
  ``topic`` (one of `TOPICS`).
- ``thesaurus.csv``: ``everyday`` (what people say), ``terms`` (what the documents say).
- ``shared.csv``: ``en``, ``why``: English words that several glossary rows carry on purpose.

An English alternative belongs to one row only, unless `shared.csv` lists it; then its rows are
offered together, in file order. Everything is checked at load; an error names file and line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from policybot.errors import CorpusError
from policybot.patterns import lazy_pattern
from policybot.text import fold_char

DATA = Path(__file__).resolve().parent / "data"

TOPICS = frozenset(
    {
        "administration",
        "agriculture",
        "buildings",
        "carbon market",
        "carbon sinks",
        "circular economy",
        "cities",
        "climate",
        "daily life",
        "documents",
        "education",
        "energy",
        "environment",
        "evaluation",
        "finance",
        "general",
        "industry",
        "international",
        "law",
        "policy verbs",
        "quantities",
        "science",
        "statistics",
        "time",
        "transport",
        "treaty",
        "units",
    }
)

_WORD = lazy_pattern(r"[a-z0-9]+(?:[.&+'’][a-z0-9]+)*")
_EN_CELL = lazy_pattern(r"[a-z0-9][a-z0-9.&+']*(?:[ ;][a-z0-9][a-z0-9.&+']*)*")
_BREAK = lazy_pattern(r"[,.;:?!()\[\]\"“”\n，。；：？！（）]")
_VOWEL = lazy_pattern(r"[aeiouy]")
_PLURAL_ES = ("ches", "shes", "xes", "ses", "zes", "oes")


@dataclass(frozen=True, slots=True)
class Match:
    """One recognised term.

    Attributes:
        start, end: span in the text that was searched, in characters.
        en: the form of the data file that matched (for the thesaurus: the everyday form).
        zh: the Chinese wordings, the corpus' own first.
        topic: one of `TOPICS`, or "everyday" for a thesaurus match.
    """

    start: int
    end: int
    en: str
    zh: tuple[str, ...]
    topic: str


class Entry(NamedTuple):
    """One row of the glossary: English alternatives, Chinese alternatives, topic."""

    en: tuple[str, ...]
    zh: tuple[str, ...]
    topic: str


class Group(NamedTuple):
    """One row of the thesaurus: everyday wordings, policy wordings."""

    everyday: tuple[str, ...]
    terms: tuple[str, ...]


class _Word(NamedTuple):
    start: int
    end: int
    forms: tuple[str, ...]  # the word itself first, then the base forms it may come from


@dataclass(slots=True)
class Glossary:
    """Look-up over the data files; build it with `Glossary.load`.

    The indexes behind the look-ups are made when first asked for: a Chinese question never needs
    the English one.
    """

    entries: tuple[Entry, ...]
    groups: tuple[Group, ...]
    _rows: dict[str, tuple[Entry, ...]] = field(repr=False)
    _by_first: dict[str, list[str]] = field(default_factory=dict, repr=False)
    _by_char: dict[str, list[tuple[str, tuple[str, ...]]]] = field(default_factory=dict, repr=False)
    _labels: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, dir: Path | None = None) -> Glossary:
        """Read and check the data files of `dir` (default: the built-in ones).

        Raises:
            CorpusError: a row breaks the schema; the message names file and line.
        """
        folder = dir or DATA
        shared = {cells[0] for _, cells in read_table(folder / "shared.csv", ("en", "why"))}
        entries, rows = _read_glossary(folder / "glossary.csv", shared)
        return cls(entries, _read_thesaurus(folder / "thesaurus.csv"), rows)

    def translate(self, text: str) -> list[Match]:
        """Glossary terms of an English `text`, in order, without overlaps.

        The match of most words wins, then the longer one, then the one further left. Words match
        as they stand or, failing that, by a base form (plural, -ing, -ed); a hyphen counts as a
        blank; a term never crosses punctuation.
        """
        if not self._by_first:
            # Filled aside: another thread must find all of it or nothing.
            first_words: dict[str, list[str]] = {}
            for phrase in self._rows:
                first_words.setdefault(phrase.partition(" ")[0], []).append(phrase)
            self._by_first = first_words
        words = _words(text)
        found: list[tuple[int, int, str]] = []  # first word, word count, phrase
        for first in range(len(words)):
            best: dict[int, tuple[int, str]] = {}  # for each word count the phrase nearest to the text
            for form in words[first].forms:
                for phrase in self._by_first.get(form, ()):
                    parts = phrase.split(" ")
                    cost = _cost(text, words, first, parts)
                    if cost is not None and (len(parts) not in best or cost < best[len(parts)][0]):
                        best[len(parts)] = (cost, phrase)
            found.extend((first, size, phrase) for size, (_, phrase) in best.items())
        found.sort(key=lambda item: (-item[1], -len(item[2]), item[0]))
        taken = [False] * len(words)
        matches: list[Match] = []
        for first, size, phrase in found:
            if any(taken[first : first + size]):
                continue
            taken[first : first + size] = [True] * size
            rows = self._rows[phrase]
            zh = tuple(dict.fromkeys(term for row in rows for term in row.zh))
            matches.append(Match(words[first].start, words[first + size - 1].end, phrase, zh, rows[0].topic))
        matches.sort(key=lambda match: match.start)
        return matches

    def everyday(self, text: str) -> list[Match]:
        """Everyday wordings in a Chinese `text` with their policy terms; longest first, left to right.

        A Latin form (GDP) is found as a whole word only.
        """
        if not self._by_char:
            first_chars: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
            for forms, terms in self.groups:
                for form in forms:
                    first_chars.setdefault(form[0], []).append((form, terms))
            for candidates in first_chars.values():
                candidates.sort(key=lambda pair: -len(pair[0]))
            self._by_char = first_chars
        folded = fold_same_length(text)
        matches: list[Match] = []
        at = 0
        while at < len(folded):
            for form, terms in self._by_char.get(folded[at], ()):
                if folded.startswith(form, at) and _whole(folded, at, at + len(form)):
                    matches.append(Match(at, at + len(form), form, terms, "everyday"))
                    at += len(form)
                    break
            else:
                at += 1
        return matches

    def english(self, zh_term: str) -> str | None:
        """English label of a Chinese term, or None.

        The row that has the term nearest the head of its list wins, then the earlier row.
        """
        if not self._labels:
            longest = max((len(entry.zh) for entry in self.entries), default=0)
            labels: dict[str, str] = {}
            for place in range(longest):
                for entry in self.entries:
                    if place < len(entry.zh):
                        labels.setdefault(entry.zh[place], entry.en[0])
            self._labels = labels
        return self._labels.get(zh_term)


def fold_same_length(text: str) -> str:
    """`text` in lower case and half width wherever that leaves every position as it is."""
    if text.isascii():
        return text.lower()
    folded = (fold_char(char) for char in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, folded, strict=True))


def base_forms(word: str) -> tuple[str, ...]:
    """`word` and the dictionary forms it may come from, the likeliest first.

    >>> base_forms("policies")
    ('policies', 'policy', 'policie')
    >>> base_forms("planned")
    ('planned', 'plan', 'plann', 'planne', 'planneds')
    """
    forms = [word]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        if word.endswith("ies"):
            forms.append(word[:-3] + "y")
        if word.endswith(_PLURAL_ES):
            forms.append(word[:-2])
        forms.append(word[:-1])
    for ending in ("ing", "ed"):
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) > 1 and _VOWEL.search(stem):
            if stem[-1] == stem[-2]:
                forms.append(stem[:-1])
            forms += [stem, stem + "e"]
            if ending == "ed" and stem.endswith("i"):
                forms.append(stem[:-1] + "y")
    if len(word) > 2 and not word.endswith("s"):
        forms.append(word + "s")  # a plural entry ("emissions trading") met in the singular
    return tuple(dict.fromkeys(forms))


def read_table(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV data file as (line number, cells), with header and cell count checked.

    Raises:
        CorpusError: file missing or unreadable, wrong header, wrong number of cells.
    """
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            if tuple(next(reader, [])) != columns:
                raise fault(path, 1, f"the header must be {','.join(columns)}")
            for cells in reader:
                if len(cells) != len(columns):
                    raise fault(path, reader.line_num, f"{len(cells)} cells instead of {len(columns)}")
                yield reader.line_num, cells
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CorpusError(
            f"{path} cannot be read ({error}).",
            "Restore the file; it is part of the package.",
            what_zh=f"无法读取 {path}（{error}）。",
            hint_zh="请恢复该文件；它是软件包的一部分。",
        ) from error


def fault(path: Path, line: int, what: str) -> CorpusError:
    """The error for one bad row, naming file and line."""
    return CorpusError(
        f"{path}, line {line}: {what}.",
        "Correct that line.",
        what_zh=f"{path} 第 {line} 行有误：{what}。",
        hint_zh="请改正该行。",
    )


def split_cell(path: Path, line: int, name: str, cell: str) -> tuple[str, ...]:
    """The ";"-separated alternatives of one cell.

    Raises:
        CorpusError: an alternative is empty, padded with blanks or given twice.
    """
    parts = tuple(cell.split(";"))
    if "" in parts or cell != cell.strip() or "; " in cell or " ;" in cell:
        raise fault(path, line, f"column {name} has an empty or padded alternative")
    if len(parts) > 1 and len(set(parts)) != len(parts):
        raise fault(path, line, f"column {name} gives an alternative twice")
    return parts


def _read_glossary(path: Path, shared: set[str]) -> tuple[tuple[Entry, ...], dict[str, tuple[Entry, ...]]]:
    entries: list[Entry] = []
    rows: dict[str, tuple[Entry, ...]] = {}
    lines: dict[str, int] = {}
    for line, (en_cell, zh_cell, topic) in read_table(path, ("en", "zh", "topic")):
        if topic not in TOPICS:
            raise fault(path, line, f"unknown topic {topic!r}")
        en = split_cell(path, line, "en", en_cell)
        if not _EN_CELL.fullmatch(en_cell):
            raise fault(path, line, "column en may hold only a-z, 0-9, blanks and . & + '")
        entry = Entry(en, split_cell(path, line, "zh", zh_cell), topic)
        entries.append(entry)
        for form in en:
            before = rows.get(form)
            if before is None:
                rows[form] = (entry,)
                lines[form] = line
            elif form in shared:
                rows[form] = (*before, entry)
            else:
                raise fault(path, line, f"{form!r} already stands in line {lines[form]}")
    return tuple(entries), rows


def _read_thesaurus(path: Path) -> tuple[Group, ...]:
    groups: list[Group] = []
    lines: dict[str, int] = {}
    for line, (everyday, terms) in read_table(path, ("everyday", "terms")):
        forms = split_cell(path, line, "everyday", everyday)
        for form in forms:
            if form in lines:
                raise fault(path, line, f"{form!r} already stands in line {lines[form]}")
            lines[form] = line
        groups.append(Group(forms, split_cell(path, line, "terms", terms)))
    return tuple(groups)


def _words(text: str) -> list[_Word]:
    words = []
    for match in _WORD.finditer(fold_same_length(text)):
        word = match.group().replace("’", "'").removesuffix("'s")
        words.append(_Word(match.start(), match.end(), base_forms(word)))
    return words


def _cost(text: str, words: list[_Word], first: int, phrase: Sequence[str]) -> int | None:
    """How far the words from `first` on are from `phrase`: 0 as it stands; None if they differ."""
    if first + len(phrase) > len(words):
        return None
    cost = 0
    for offset, part in enumerate(phrase):
        word = words[first + offset]
        if part not in word.forms:
            return None
        if offset and _BREAK.search(text, words[first + offset - 1].end, word.start):
            return None
        cost += word.forms.index(part)
    return cost


def _whole(text: str, start: int, end: int) -> bool:
    """False where a Latin form is only part of a longer Latin word."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_latin(text[start]) and _latin(before)) and not (_latin(text[end - 1]) and _latin(after))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
