"""What can be completed while typing: commands, documents, clauses and cities, in both languages."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policybot.cli.chat.names import COMMANDS
from policybot.cli.messages import say
from policybot.patterns import lazy_pattern
from policybot.text import fold, fold_punctuation, is_han

if TYPE_CHECKING:
    from policybot.corpus.model import Corpus

MOST = 40  # completions offered at once
LONGEST = 30  # characters before the cursor that may be the beginning of a name
_ARTICLE = lazy_pattern(r"(?P<article>Article \d+)\((?P<paragraph>\d+)\)$")
_KINDS = {"doc": ("document",), "clause": ("clause", "document"), "city": ("city",)}


@dataclass(frozen=True)
class Name:
    """Something that can be typed: the text put in, its kind and a word about it in each language."""

    text: str
    kind: str
    about: str = ""


@dataclass(frozen=True)
class Completion:
    """A text for the last `replaces` characters before the cursor; `about` is shown beside it."""

    text: str
    replaces: int
    about: str = ""


class Names:
    """The names of a corpus, sorted so that a beginning finds them at once."""

    def __init__(self, corpus: Corpus) -> None:
        found = [*_documents(corpus), *_clauses(corpus), *_cities()]
        pairs = sorted({(key_of(name.text), name) for name in found}, key=lambda p: (p[0], p[1].text))
        self._keys = [key for key, _ in pairs]
        self._names = [name for _, name in pairs]

    def starting(self, beginning: str, kinds: Sequence[str] = ()) -> list[Name]:
        """Names that begin like this, of some kinds or of all."""
        key = key_of(beginning)
        found: list[Name] = []
        for at in range(bisect_left(self._keys, key), len(self._keys)):
            if not self._keys[at].startswith(key) or len(found) == MOST:
                break
            if not kinds or self._names[at].kind in kinds:
                found.append(self._names[at])
        return found


def completions(before: str, names: Names | None, language: str) -> list[Completion]:
    """What may stand for the end of the text before the cursor."""
    text = before.lstrip()
    if text[:1] in ("/", "／"):
        word, blank, argument = text[1:].partition(" ")
        if not blank:
            return list(_commands(word, language))
        command = next((c for c in COMMANDS if word.lower() in (c.name, *c.aliases)), None)
        kinds = _KINDS.get(command.name, ()) if command is not None else ()
        if command is not None and command.name == "lang":
            return [Completion(w, len(argument)) for w in ("zh", "en", "auto") if w.startswith(argument)]
        if names is None or not kinds:
            return []
        found = names.starting(argument, kinds) if argument else names.starting("", kinds[:1])
        if found:
            return [Completion(n.text, len(argument), n.about) for n in found]
        return _ending(argument, names, kinds)
    return _ending(text, names, ()) if names is not None else []


def key_of(text: str) -> str:
    """A name as it is compared: folded, brackets in one form, without blanks beside Chinese."""
    return re.sub(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])", "", fold_punctuation(fold(text)))


def _ending(text: str, names: Names, kinds: Sequence[str]) -> list[Completion]:
    """Names that begin with the longest end of a text, from the beginning of a word or from a character."""
    for start in range(max(0, len(text) - LONGEST), len(text)):
        end = text[start:]
        if end[0].isspace() or (
            not is_han(end[0]) and text[start - 1 : start].isalnum() and not is_han(text[start - 1])
        ):
            continue
        if end.isascii() and len(end) < 2:
            continue
        found = names.starting(end, kinds)
        if found:
            return [Completion(n.text, len(end), n.about) for n in found]
    return []


def _commands(word: str, language: str) -> Iterator[Completion]:
    for command in COMMANDS:
        typed = [n for n in (command.name, *command.aliases) if n.startswith(word.lower())]
        chinese = [n for n in typed if not n.isascii()]
        shown = (chinese or typed) if language == "zh" or (word and not word.isascii()) else typed
        if shown:
            yield Completion(f"/{shown[0]}", len(word) + 1, say(f"chat-help-{command.name}", language))


def _documents(corpus: Corpus) -> Iterator[Name]:
    for document in corpus.documents.values():
        title = document.title_zh
        names = (document.id, title, document.title_en, *document.aliases)
        for name in filter(None, dict.fromkeys(names)):
            yield Name(name, "document", title if name != title else document.title_en)


def _clauses(corpus: Corpus) -> Iterator[Name]:
    labels = Counter(
        label
        for c in corpus.clauses.values()
        for label in {c.label, c.label_en, *_dotted(c.label_en)}
        if label
    )
    for clause in corpus.clauses.values():
        document = corpus.documents[clause.document]
        short = {True: document.short_zh.strip("《》"), False: document.short_en.removeprefix("the ")}
        for label in dict.fromkeys((clause.label, clause.label_en, *_dotted(clause.label_en))):
            if not label:
                continue
            chinese = any(map(is_han, label))
            named = f"{short[chinese]} {label}"
            about = f"{document.short_zh}{clause.heading}"
            yield Name(named, "clause", about)
            if labels[label] == 1:
                yield Name(label, "clause", about)


def _dotted(label: str) -> tuple[str, ...]:
    """Article 3(7) as people also write it."""
    match = _ARTICLE.match(label)
    return (f"{match['article']}.{match['paragraph']}",) if match is not None else ()


def _cities() -> Iterator[Name]:
    from policybot.facts.places import Places

    for place in Places.load().places:
        if place.kind == "city":
            english = place.en[0] if place.en else ""
            yield Name(place.zh, "city", english)
            if english:
                yield Name(english, "city", place.zh)
