"""What a question asks for: its type and the kinds of value an answer should show, by rules kept as data.

The rules are regular expressions in ``data/question_types.toml``; the file is checked when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from policybot.errors import CorpusError
from policybot.patterns import lazy_pattern, scripts_of
from policybot.retrieve.datafile import bad_data, read_toml

TYPES = (
    "meta",
    "clause_text",
    "comparison",
    "rank",
    "who",
    "timeline",
    "definition",
    "count",
    "list",
    "value",
    "yes_no",
    "explanation",
    "table",
    "other",
)
EXPECTS = (
    "percent",
    "year",
    "date",
    "duration",
    "count",
    "mass",
    "power",
    "volume",
    "area",
    "money",
    "temperature",
    "score",
    "unit",
    "organisation",
    "place",
)
_NEEDS = ("", "clause", "place")
_FILE = Path(__file__).resolve().parent / "data" / "question_types.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the data file: a name and one pattern per language ("zh", "en").

    A question may mix languages ("什么是 net zero?"), so both patterns are tried where its text has their
    script (see `policybot.patterns.scripts_of`).
    """

    name: str
    needs: str
    zh: re.Pattern[str] | None
    en: re.Pattern[str] | None
    answer: re.Pattern[str] | None = None
    columns: tuple[str, ...] = ()

    def found(self, text: str, scripts: Set[str]) -> bool:
        """True when a pattern of either language occurs in the folded question of these scripts."""
        return bool(
            ("zh" in scripts and self.zh and self.zh.search(text))
            or ("en" in scripts and self.en and self.en.search(text))
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in file order."""

    types: tuple[Rule, ...]
    expects: tuple[Rule, ...]
    measures: re.Pattern[str]
    telling: frozenset[str]
    follows: tuple[str, ...]
    quoted_after: tuple[str, ...]

    def counted(self, folded: str) -> re.Match[str] | None:
        """Where a question asks for an amount by its measure word (group "measure": 批 in 几批)."""
        return self.measures.search(folded)

    def definition_of(self, terms: Iterable[str]) -> re.Pattern[str] | None:
        """What a definition of one of the terms looks like, in a folded text without blanks."""
        either = "|".join(map(re.escape, terms))
        if not either:
            return None
        before = "|".join(map(re.escape, self.quoted_after))
        return re.compile(rf"(?:{either})(?:{'|'.join(self.follows)})|(?:{before})[“\"『](?:{either})[”\"』]")

    def types_of(self, folded: str, *, clause_named: bool, place_named: bool) -> tuple[str, ...]:
        """Types of a folded question, the first being its type; ("other",) when no rule matches."""
        found: dict[str, None] = {}
        scripts = scripts_of(folded)
        for rule in self.types:
            if (rule.needs == "clause" and not clause_named) or (rule.needs == "place" and not place_named):
                continue
            if rule.name not in found and rule.found(folded, scripts):
                found[rule.name] = None
        return tuple(found) or ("other",)

    def answers_of(self, kinds: Iterable[str]) -> tuple[re.Pattern[str], ...]:
        """What values of some kinds look like in a folded text without blanks."""
        wanted = set(kinds)
        return tuple(r.answer for r in self.expects if r.answer is not None and r.name in wanted)

    def heads(self, kind: str, column: str) -> bool:
        """True when a table column of this name holds values of a kind."""
        return any(r.name == kind and any(word in column for word in r.columns) for r in self.expects)

    def expects_of(self, folded: str) -> tuple[str, ...]:
        """Kinds of value a folded question asks for, in file order; () when none is recognisable."""
        scripts = scripts_of(folded)
        return tuple(rule.name for rule in self.expects if rule.found(folded, scripts))


@cache
def load_rules(path: Path = _FILE) -> Rules:
    """Read and check the rules.

    Raises:
        CorpusError: unknown name or key; the message names the file and the entry. A pattern that is
            not a regular expression raises it when it is first used.
    """
    data = read_toml(path)
    unknown = set(data) - {"type", "expect", "measures", "telling_measures", "definition"}
    if unknown:
        raise bad_data(path, f"unknown section [{sorted(unknown)[0]}]")
    telling = _words(path, data, "telling_measures")
    measures = (*_words(path, data, "measures"), *telling)
    definition = data.get("definition", {})
    if not isinstance(definition, dict):
        raise bad_data(path, "[definition] must be a table")
    follows = _words(path, definition, "follows")
    types = tuple(_rule(path, "type", n, entry, "name", TYPES) for n, entry in _entries(path, data, "type"))
    expects = tuple(
        _rule(path, "expect", n, entry, "kind", EXPECTS) for n, entry in _entries(path, data, "expect")
    )
    longest_first = sorted(measures, key=lambda word: -len(word))
    counting = lazy_pattern(
        rf"(?:第?几|多少|哪一?)(?P<measure>{'|'.join(map(re.escape, longest_first)) or '(?!)'})"
    )
    return Rules(
        types, expects, counting, frozenset(telling), follows, _words(path, definition, "quoted_after")
    )


def _words(path: Path, table: dict[str, Any], name: str) -> tuple[str, ...]:
    words = table.get(name, [])
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise bad_data(path, f"{name} must be a list of words")
    return tuple(words)


def _entries(path: Path, data: dict[str, Any], section: str) -> list[tuple[int, dict[str, Any]]]:
    entries = data.get(section, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise bad_data(path, f"[[{section}]] must be a list of tables")
    return list(enumerate(entries, 1))


def _rule(path: Path, section: str, n: int, entry: dict[str, Any], key: str, names: tuple[str, ...]) -> Rule:
    where = f"[[{section}]] number {n}"
    unknown = set(entry) - {key, "needs", "zh", "en", *(("answer", "columns") if section == "expect" else ())}
    if unknown:
        raise bad_data(path, f"{where} has an unknown key {sorted(unknown)[0]!r}")
    kind, needs = entry.get(key), entry.get("needs", "")
    if kind not in names:
        raise bad_data(path, f"{where}: {key} {kind!r} is not one of {', '.join(names)}")
    if needs not in _NEEDS:
        raise bad_data(path, f"{where}: needs {needs!r} is not one of {', '.join(n for n in _NEEDS if n)}")
    zh, en, answer = (_pattern(path, where, entry, name) for name in ("zh", "en", "answer"))
    return Rule(kind, needs, zh, en, answer, _words(path, entry, "columns"))


def _pattern(path: Path, where: str, entry: dict[str, Any], language: str) -> re.Pattern[str] | None:
    patterns = entry.get(language, [])
    if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
        raise bad_data(path, f"{where}: {language} must be a list of patterns")
    if not patterns:
        return None

    def fault(error: re.error) -> CorpusError:
        wrong = next((p for p in patterns if not _compiles(p)), error.pattern)
        return bad_data(path, f"{where}: {language} pattern {wrong!r} ({error})")

    return lazy_pattern("|".join(f"(?:{p})" for p in patterns), fault=fault)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
