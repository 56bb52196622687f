"""Any way of naming a document or clause → the document or clause.

`find_document` and `resolve` take a name and nothing else; `mentions` finds names inside a question.
Names are kept per corpus (`Names.of`), so that asking again costs nothing.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, ClassVar

from policybot.corpus.aliases import Aliases, Named
from policybot.corpus.locators import Locator, Plain, locators, plain, steps_of
from policybot.corpus.model import Clause, Corpus, Document
from policybot.corpus.nearest import Nearest, own_name
from policybot.corpus.steps import StepIndex
from policybot.errors import PolicybotError
from policybot.patterns import lazy_pattern

Translate = Callable[[str], Iterable[str]]

_LONGEST_NAME = 300  # characters; nothing is called by more
_LONGEST_QUESTION = 4000  # characters looked through for names
_LINK = lazy_pattern(r"(?:\s|[,、:的之里中]|里的|中的|里面的?|当中的?|'s|’s|\))*")
_OF = lazy_pattern(r"\s?,?\s?(?:of|in|under|from|to)\s(?:the\s)?")
_FILLER = lazy_pattern(
    r"\b(?:of|the|in|under|from|to|and|clause|row|entry|table|chart|for|on|by)\b|[的之里中内表]|条款|全文|原文|规定|内容|那条|这条"
)
_THE = lazy_pattern(r"(?:^|\s)the\s$")
# 行动方案三（四） is a place at once; 行动方案三 only where nothing goes on (not 行动方案三个部分).
_BARE_AFTER = lazy_pattern(
    r"第?\(?(?P<han>[一二三四五六七八九十百]{1,4})\)?(?P<mark>条|点|、)?(?=$|[\s,.。，;；?？的里中讲说写是有怎规])"
)
_DATED_TREATY = lazy_pattern(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:"
    r"[ \u3000]?年(?:[的那这份个部项]|签署|签订|通过|达成){0,4}(?:国际|气候|减排){0,2}"
    r"(?:条约|协议|协定|议定书)"
    r"|[ ](?:(?:international|global|climate|emissions?|un)[ ]){0,2}"
    r"(?:treaty|deal|pact|accord|agreement|protocol)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A document (`clause` is "") or clause named at start..end of a question.

    `sure` is false for an everyday word that is also a short name (意见, the plan); `unknown` is true
    for a place that the document named with it does not have (京都议定书第三十条).
    """

    start: int
    end: int
    document: str
    clause: str = ""
    sure: bool = True
    unknown: bool = False


class Names:
    """What the documents and clauses of one corpus are called."""

    _known: ClassVar[dict[int, tuple[weakref.ref[Corpus], Names]]] = {}

    def __init__(self, corpus: Corpus) -> None:
        self.documents = corpus.documents
        self.clauses = corpus.clauses
        self.aliases = Aliases(corpus.documents.values())

    @classmethod
    def of(cls, corpus: Corpus) -> Names:
        """The names of a corpus, made once."""
        known = cls._known.get(id(corpus))
        if known is None or known[0]() is not corpus:
            key = id(corpus)
            reference = weakref.ref(corpus, lambda _: cls._known.pop(key, None))
            known = cls._known[key] = (reference, cls(corpus))
        return known[1]

    @cached_property
    def index(self) -> StepIndex:
        """Clauses by their steps."""
        return StepIndex(self.clauses.values())

    @cached_property
    def _nearest(self) -> Nearest:
        return Nearest(self.documents, self.clauses, self.aliases, self.index)

    @cached_property
    def _by_plain(self) -> dict[str, str]:
        return {plain(name): name for name in self.clauses}

    @cached_property
    def _by_label(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for clause in self.clauses.values():
            for label in {_trimmed(clause.label), _trimmed(clause.label_en)}:
                found.setdefault((clause.document, label), []).append(clause.id)
        return found

    # documents

    def document(self, name: str) -> Document:
        """The document that goes by a name: id, title, short name, number or alias, in any script.

        Raises:
            PolicybotError: unknown (with the nearest names) or shared by several documents.
        """
        name = name[:_LONGEST_NAME]
        asked = _simplified(name)
        ids = self.aliases.lookup(name) or self.aliases.lookup(asked)
        if not ids:
            # A known name with little around it (国务院行动方案, Action Plan of 2021).
            text = Plain.of(asked)
            near = [n for n in self._named(text) if n.title and 3 * (n.end - n.start) >= 2 * len(text.text)]
            ids = tuple(dict.fromkeys(n.document for n in near))
            ids = ids if len(ids) == 1 else ()
        if len(ids) == 1:
            return self.documents[ids[0]]
        if ids:
            raise self._nearest.ambiguous(name, [self._nearest.document_name(i) for i in ids])
        raise self._nearest.unknown_document(name)

    # clauses

    def resolve(self, name: str, translate: Translate | None = None) -> Clause:
        """The clause that goes by a name, with or without its document.

        Args:
            translate: gives Chinese words for English ones, for rows and headings ("Japan" → 日本).

        Raises:
            PolicybotError: unknown or ambiguous, with the nearest names in both languages.
        """
        asked = _simplified(name).strip()
        if not asked:
            raise PolicybotError(
                "The name of the clause is empty.", "Name a document and a clause of it.",
                what_zh="条款名称为空。", hint_zh="请写明文件和条款。",
            )  # fmt: skip
        if len(asked) > _LONGEST_NAME:
            raise self._nearest.unknown_clause(name, "", (), search=False)
        if known := self._by_plain.get(plain(asked)):
            return self.clauses[known]
        text = Plain.of(asked)
        possible = self._named(text)
        for candidate in possible:
            if known := self._labelled(candidate.document, _without(text.text, candidate)):
                return self.clauses[known]
        named = max(possible, key=lambda n: (n.end - n.start, -n.start), default=None)
        rest = _without(text.text, named)
        documents: Sequence[str] = [named.document] if named else list(self.documents)
        if named and not rest:
            raise self._nearest.whole_document(named.document)
        if not rest:
            raise self._nearest.unknown_clause(name, "", ())
        steps, words = steps_of(rest)
        words = " ".join(_FILLER.sub(" ", words).split())
        candidates = self.index.likeliest(documents, steps) if steps else []
        if steps and not candidates and (table := self.index.likeliest(documents, steps[:-1])):
            # Table 1 row 5: the last number is a row's, not a clause's.
            scope = [c for c in self._below(table) if c.kind == "row"]
            if by_words := self._by_words(scope, f"{words} {steps[-1].value}".strip(), translate):
                return self._one(name, by_words)
        foreign = not named and rest.startswith(words.split(" ")[0]) if words else False
        foreign = foreign or bool(words and named and not named.title and text.text[: named.start].strip())
        if steps and not candidates:
            if foreign:
                by_words = self._by_words([c for d in documents for c in self._of(d)], rest, translate)
                if not by_words:
                    raise self._nearest.unknown_document(text.text[: named.end] if named else words)
                return self._one(name, by_words)
            raise self._nearest.unknown_clause(name, documents[0] if named else "", steps)
        if not words:
            return self._one(name, candidates)
        scope = self._below(candidates) if steps else [c for d in documents for c in self._of(d)]
        if by_words := self._by_words(scope, words, translate):
            return self._one(name, by_words)
        if not steps:
            raise self._nearest.unknown_clause(name, documents[0] if named else "", ())
        if not self._in_headings(candidates, words):
            if foreign:
                raise self._nearest.unknown_document(text.text[: named.end] if named else words)
            if any(c.kind == "row" for c in scope):
                raise self._nearest.unknown_row(words, scope)
        return self._one(name, candidates)

    def mentions(self, question: str) -> list[Mention]:
        """Documents and clauses named anywhere in (the first 4,000 characters of) a question, in order."""
        text = Plain.of(question[:_LONGEST_QUESTION])
        named = list(self._named(text))
        found: list[Mention] = []
        sure: set[Named] = set()
        places = locators(text.text)
        for name in named:
            places += self._after(text.text, name, places)
        for place in sorted(places, key=lambda p: p.start):
            owner = _owner(text.text, place, named)
            homes = [owner.document] if owner else list(dict.fromkeys(n.document for n in named))
            # Without a document a place is one only if it is written as some document prints it.
            best = self.index.likeliest(homes or self.documents, place.steps, literal=not owner)
            if owner:
                sure.add(owner)
            span = text.span(place.start, place.end)
            if not best and owner:
                found.append(Mention(*span, owner.document, unknown=True))
            elif len(names := _same_table(best)) == 1:
                found.append(Mention(*span, self.clauses[names[0]].document, names[0]))
        for name in named:
            low, high = text.span(name.start, name.end)
            capital = not name.title and question[low:high][:1].isupper()
            found.append(Mention(low, high, name.document, sure=name.title or name in sure or capital))
        taken = [(m.start, m.end) for m in found if not m.clause]
        found += [m for m in self._dated(question[:_LONGEST_QUESTION]) if (m.start, m.end) not in taken]
        return sorted(found, key=lambda m: (m.start, m.end))

    # parts

    def _dated(self, question: str) -> Iterator[Mention]:
        """Treaties called by the year they were made in (the 1997 climate deal, 1997年那份条约)."""
        for match in _DATED_TREATY.finditer(question):
            years = [
                d for d in self.documents.values() if d.status == "treaty" and d.date[:4] == match["year"]
            ]
            if len(years) == 1:
                yield Mention(*match.span(), years[0].id)

    def _named(self, text: Plain) -> list[Named]:
        return list(self.aliases.find(text))

    def _labelled(self, document: str, label: str) -> str:
        """The one clause of a document with exactly this label in either language, "" for none."""
        found = self._by_label.get((document, label), [])
        return found[0] if len(found) == 1 else ""

    def _of(self, document: str) -> list[Clause]:
        return [clause for clause in self.clauses.values() if clause.document == document]

    def _below(self, names: list[str]) -> list[Clause]:
        tops = tuple(f"{name}/" for name in names)
        return [clause for clause in self.clauses.values() if clause.id.startswith(tops)]

    def _by_words(self, scope: Iterable[Clause], words: str, translate: Translate | None) -> list[str]:
        """Clauses of a scope that are called so: rows and headings, the best match only."""
        asked = [words, *(plain(word) for word in (translate(words) if translate else ()))]
        scores: dict[str, int] = {}
        for clause in scope:
            own = {own_name(clause), plain(clause.heading), plain(clause.label), plain(clause.label_en)} - {
                ""
            }
            if clause.kind == "row":
                own |= {plain(cell) for cell in re.split(r"[\t|]", clause.text.text)} - {""}
            score = max((_alike(a, name) for a in asked for name in own), default=0)
            if score:
                scores[clause.id] = score
        best = max(scores.values(), default=0)
        return [name for name, score in scores.items() if score == best]

    def _in_headings(self, names: list[str], words: str) -> bool:
        """Whether the words only repeat headings of the clause or of those above it."""
        above = [self.clauses[i] for name in names for i in (*self.clauses[name].path, name)]
        headings = " ".join(plain(f"{c.heading} {c.label} {c.label_en}") for c in above)
        return all(word in headings for word in words.split())

    def _one(self, name: str, found: list[str]) -> Clause:
        same = _same_table(found)
        if len(same) == 1:
            return self.clauses[same[0]]
        raise self._nearest.ambiguous(name, [self._nearest.clause_name(self.clauses[i]) for i in found])

    def _after(self, text: str, name: Named, places: list[Locator]) -> list[Locator]:
        """A bare number right after a document (意见十九, 行动方案 三)."""
        link = _LINK.match(text, name.end)
        start = link.end() if link else name.end
        if any(p.start <= start < p.end for p in places):
            return []
        match = _BARE_AFTER.match(text, start)
        if not match:
            return []
        bracketed = match.group().strip("第条点、").startswith("(")
        steps, _ = steps_of(f"({match['han']})" if bracketed else match["han"])
        return [Locator(match.start(), match.end(), steps)]


def _without(text: str, named: Named | None) -> str:
    """A plain name without the document in it."""
    if named:
        text = f"{_THE.sub('', text[: named.start])}/{text[named.end :]}"
    return _trimmed(text)


def _trimmed(text: str) -> str:
    return plain(text).strip(" ,:;/·。.?？《》")


def _owner(text: str, place: Locator, named: list[Named]) -> Named | None:
    """The document a place belongs to: named right before it, or behind it (Article 3 of the …)."""
    for name in reversed(named):
        if name.end <= place.start and _LINK.fullmatch(text, name.end, place.start):
            return name
    following = _OF.match(text, place.end)
    if following:
        for name in named:
            if place.end < name.start <= following.end() or name.start <= following.end() < name.end:
                return name
    return None


def _same_table(names: list[str]) -> list[str]:
    """One name for the parts of one table, else the names as they are."""
    if len(names) > 1 and len({name.rpartition("/")[0] for name in names}) == 1:
        base = names[0].rpartition("/")[0].rpartition("/")[2]
        if re.match(r"图表|图|表", base):
            return names[:1]
    return names


def _alike(asked: str, name: str) -> int:
    """How well a word names something: 4 the same, 3 its last word, 2 its beginning (河北 / 河北省),
    1 contained, 0 not at all."""
    if asked == name:
        return 4
    tail = name.rpartition(" ")[2]
    if asked == tail:
        return 3
    if len(asked) < 2 or len(name) < 2:
        return 0
    if name.startswith(asked) and len(name) - len(asked) <= 6:
        return 2
    if asked in name or (len(name) >= 4 and name in asked):
        return 1
    return 0


def _simplified(text: str) -> str:
    """Traditional characters made simplified; other text as it is."""
    if text.isascii():
        return text
    return str(_converter().convert(text))


@cache
def _converter() -> Any:
    import opencc  # only here: most names are resolved without it

    return opencc.OpenCC("t2s")


def find_document(name: str, corpus: Corpus) -> Document:
    """The document that goes by a name; see `Names.document`."""
    return Names.of(corpus).document(name)


def resolve(name: str, corpus: Corpus, translate: Translate | None = None) -> Clause:
    """The clause that goes by a name; see `Names.resolve`."""
    return Names.of(corpus).resolve(name, translate)


def mentions(question: str, corpus: Corpus) -> list[Mention]:
    """Documents and clauses named anywhere in a question; see `Names.mentions`."""
    return Names.of(corpus).mentions(question)
