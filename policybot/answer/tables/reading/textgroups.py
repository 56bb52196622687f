"""Rows given as a group in words of the text: "5个计划单列市（大连、青岛、宁波、厦门、深圳）".

A group is a noun with a bracket behind it whose items are all rows of one table; it is cited where it is
printed. Groups that everybody knows and no document lists are kept in ``answer/data/groups.toml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policybot.answer.datafiles import DATA
from policybot.answer.matching.match import bare, norm
from policybot.answer.matching.names import place_stem
from policybot.answer.question.ask import Ask
from policybot.answer.tables.reading.views import View
from policybot.answer.wording.cite import Evidence
from policybot.corpus.model import Corpus
from policybot.patterns import lazy_pattern
from policybot.retrieve.datafile import bad_data, read_toml

Span = tuple[int, int]
_PRINTED = lazy_pattern(
    r"(?P<count>\d{1,2}|[二两三四五六七八九十])\s*个\s*(?P<name>[\u4e00-\u9fff]{2,8})\s*[（(](?P<items>[\u4e00-\u9fff]+(?:、[\u4e00-\u9fff]+)+)[）)]"
)
_LEAST = 2  # members


@dataclass(frozen=True)
class TextGroup:
    """Names that a text puts together; `words` are how questions call them."""

    label: str
    names: frozenset[str]
    evidence: tuple[Evidence, ...]
    words: tuple[str, ...]


def printed_groups(corpus: Corpus, views: Sequence[View]) -> list[TextGroup]:
    """The groups that sentences print and those of the data file, whose members are all rows of a table."""
    rows = [frozenset(name for row in view.rows for name in row.names) for view in views]
    found: dict[str, TextGroup] = {}
    for clause in corpus.clauses.values():
        if clause.table:
            continue
        text = clause.text.text
        for match in _PRINTED.finditer(text):
            names = frozenset(place_stem(bare(item)) for item in match["items"].split("、"))
            if len(names) < _LEAST or not any(names <= known for known in rows):
                continue
            evidence = Evidence(clause.id, match.start(), match.end())
            label = match["name"]
            found.setdefault(label, TextGroup(label, names, (evidence,), (norm(label),)))
    for label, entry in load_groups().items():
        names = frozenset(entry["members"])
        words = tuple(norm(w) for w in (label, *entry["words"]))
        if label in found:
            found[label] = TextGroup(label, found[label].names, found[label].evidence, words)
        elif any(names <= known for known in rows):
            found[label] = TextGroup(label, names, (), words)
    return list(found.values())


def groups_in(ask: Ask, groups: list[TextGroup]) -> list[tuple[TextGroup, Span]]:
    """The groups that a question names, and where."""
    found = []
    for group in groups:
        for word in group.words:
            at = ask.text.find(word)
            if at < 0 and word.isascii():
                continue
            if at >= 0:
                found.append((group, (at, at + len(word))))
                break
        else:
            for concept in ask.concepts:
                if any(worth >= 0.9 and option == norm(group.label) for option, worth in concept.options):
                    found.append((group, (concept.start, concept.end)))
                    break
    return found


@cache
def load_groups(path: Path = DATA / "groups.toml") -> dict[str, dict[str, list[str]]]:
    """The entries of answer/data/groups.toml.

    Raises:
        CorpusError: the file is missing, not TOML, or an entry is not as its head says.
    """
    data = read_toml(path)
    for label, entry in data.items():
        if not isinstance(entry, dict) or set(entry) != {"members", "words"}:
            raise bad_data(path, f"[{label}] must hold members and words")
    return data
