"""The sentences an answer may come from: those of the clauses found, weighed anew one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from policybot.answer.evidence.sentences import Sentence, cut, spaced, spoken
from policybot.answer.matching.match import Concept, Weigher, covers, norm
from policybot.corpus.model import Clause, Corpus
from policybot.facts.quantities import Quantity, find_numbers
from policybot.patterns import lazy_pattern
from policybot.retrieve.meanings import Told
from policybot.text import fold, squash

# Worth of a concept by where it stands, against 1 in the sentence itself.
NEAR = 0.62  # in the sentence before
HEAD = 0.66  # in the headings above
JOINT = 0.72  # in part in the headings and in part in the sentence
REST = 0.42  # elsewhere in the clause
TITLE = 0.38  # in the document's title or aliases
SPOKEN = 0.8  # in the sentence's translation
AROUND = 0.66  # … for a value of the sentence
ASKED = 0.6  # in the clause's annotation: its gist, titles and likely questions

SELF = 0.85  # in the title of a document that the sentence means by 本方案, 本议定书, 本指数
_ELSEWHERE = 0.12  # lost by a sentence about one place that the question does not name
_NAMED = 0.08  # gained by a sentence of a document that the question names
# What the shares of a sentence count, and what it loses for each unit of cosine: fitted together by
# evals/fit_ranking.py, and divided so that the shares add up to 1.
_COVER, _FOUND = 0.54, 0.46
_STRAYS = 0.95  # … that its clause is away from the one nearest in meaning
_ASIDE = 0.1  # … that it is itself further away than another sentence of its clause
_READ = 0.03  # gained for each unit of log-odds that it answers the question …
UNREAD = 2.4  # … which stand at this for one that was not read
_BEHIND = 0.05  # lost for each unit of log-odds by which another one is judged more likely to
_YEAR = 0.1  # gained by a sentence that prints the year asked about, lost when its clause does not
_OURSELVES = lazy_pattern(r"本(?:指数|方案|议定书|意见|报告|白皮书|次评估|规划|办法)")
_JOINED = lazy_pattern(r"\s*(?:、|和|与|及|等)")

_SEGMENT = lazy_pattern(r"[^，；：。！？,;!?\n]+")


Meant = Callable[[Clause, Sequence[tuple[str, str]]], Sequence[Told] | None]  # see `Nearness`


class _Outer(NamedTuple):
    """A concept beside a clause: whether the clause carries any of it, by itself or with its headings, its
    worth by what stands around a sentence, and its share in the document's title."""

    concept: Concept
    inside: bool
    divided: bool
    other: float
    in_title: float


class Scored(NamedTuple):
    """A sentence with the share of the question it carries and its clause's rank in retrieval.

    `cover` weighs zones as above, `own` counts the sentence alone, `wide` the clause with headings
    at full worth; `worst` is the weight of the weightiest concept that neither the sentence nor what
    stands around it carries; `found` is retrieval's score relative to its best (0–1); `elsewhere`
    says that the sentence is about one place that the question does not name, `dated` is 1 when it
    prints a year of the question, -1 when its clause prints none of them; `named` marks a sentence of
    a document that the question names; `strays` is how much less near to the question's meaning its clause
    is than the nearest one (a cosine; 0 where that was not asked), `aside` how much less near the sentence is
    than the nearest one of its clause; `read` are the log-odds that it answers the question, None where that
    was not looked at; `behind` is how much less likely the cross-encoder takes it to answer than another one
    (log-odds; 0 where it was not asked); `held` is what it gains for standing where the answer before it in a
    conversation did.
    """

    sentence: Sentence
    cover: float
    own: float
    wide: float
    found: float
    rank: int
    authority: int
    worst: float = 0.0
    elsewhere: bool = False
    dated: float = 0.0
    named: bool = False
    strays: float = 0.0
    aside: float = 0.0
    held: float = 0.0
    read: float | None = None
    behind: float = 0.0

    @property
    def straying(self) -> float:
        """What the sentence loses for meaning something else, with its clause or by itself."""
        return _STRAYS * self.strays + _ASIDE * self.aside

    @property
    def unjudged(self) -> float:
        """What they would be ranked by without the cross-encoder."""
        return self.score + _BEHIND * self.behind

    @property
    def score(self) -> float:
        """What sentences are ranked by."""
        shift = -self.straying + _YEAR * self.dated - (_ELSEWHERE if self.elsewhere else 0.0)
        shift += self.held + (_NAMED if self.named else 0.0)
        read = _READ * (UNREAD if self.read is None else self.read)
        shift -= _BEHIND * self.behind
        return _COVER * self.cover + _FOUND * self.found - 0.004 * self.rank + read + shift


class Pool:
    """Sentences of clauses, cut once each."""

    def __init__(
        self,
        corpus: Corpus,
        weigh: Weigher | None = None,
        find_places: Callable[[str], Sequence[tuple[int, int, str]]] | None = None,
    ) -> None:
        self.corpus = corpus
        self.weigh = weigh
        self._find_places = find_places
        self._about: dict[tuple[str, int], str] = {}
        self._sentences: dict[str, tuple[Sentence, ...]] = {}
        self._heads: dict[str, str] = {}
        self._bodies: dict[str, str] = {}
        self._asked: dict[str, tuple[str, str]] = {}
        self._stretches: dict[tuple[str, int], tuple[tuple[int, int, str], ...]] = {}
        self._numbers: dict[tuple[str, int], tuple[Quantity, ...]] = {}
        self._titles = {
            d.id: norm(" ".join([d.title_zh, d.short_zh, *d.aliases])) for d in corpus.documents.values()
        }

    def sentences(self, clause: Clause) -> tuple[Sentence, ...]:
        """The sentences of a clause in order; its heading line is one of them."""
        made = self._sentences.get(clause.id)
        if made is None:
            note = self.corpus.annotations.get(clause.id)
            made = self._sentences[clause.id] = tuple(cut(clause, note.english if note else ()))
        return made

    def head(self, clause: Clause) -> str:
        """The headings above and of a clause, normalised."""
        made = self._heads.get(clause.id)
        if made is None:
            made = self._heads[clause.id] = norm(" ".join(self.corpus.headings(clause)))
        return made

    def subject(self, sentence: Sentence) -> str:
        """The place that a sentence is about, said there or in the nearest sentence before it."""
        found = ""
        for other in self.sentences(sentence.clause):
            if other.start > sentence.start:
                break
            found = self.place(other) or found
        return found

    def body(self, clause: Clause) -> str:
        """A clause's text, normalised."""
        made = self._bodies.get(clause.id)
        if made is None:
            made = self._bodies[clause.id] = norm(clause.text.text)
        return made

    def asked(self, clause: Clause) -> tuple[str, str]:
        """What the clause's annotation says of it: words with a blank before each, and normalised."""
        made = self._asked.get(clause.id)
        if made is None:
            note = self.corpus.annotations.get(clause.id)
            words = (
                (note.title_en, note.gist_en, *note.english, *note.asked_zh, *note.asked_en) if note else ()
            )
            text = " ".join(words)
            made = self._asked[clause.id] = (spaced(text), squash(fold(text))) if words else ("", "")
        return made

    def voiced(self, concept: Concept, clause: Clause) -> float:
        """Worth of a concept that the clause itself does not carry but its annotation does."""
        words, normal = self.asked(clause)
        if not words:
            return 0.0
        if concept.word.isascii():
            return ASKED if f" {concept.stem}" in words else 0.0
        return ASKED * next((worth for option, worth in concept.ordered if option in normal), 0.0)

    def numbers(self, sentence: Sentence) -> tuple[Quantity, ...]:
        """Quantities, years and dates of a sentence; offsets are those of its own text."""
        key = (sentence.clause.id, sentence.start)
        made = self._numbers.get(key)
        if made is None:
            made = self._numbers[key] = tuple(find_numbers(sentence.text))
        return made

    def stretches(self, sentence: Sentence) -> tuple[tuple[int, int, str], ...]:
        """The stretches of a sentence between commas: (start, end) in its own text, normalised form."""
        key = (sentence.clause.id, sentence.start)
        made = self._stretches.get(key)
        if made is None:
            text = sentence.text
            made = self._stretches[key] = tuple((a, b, norm(text[a:b])) for a, b in segments(text))
        return made

    def title(self, clause: Clause) -> str:
        """Names of a clause's document, normalised."""
        return self._titles.get(clause.document, "")

    def places(self, text: str) -> Sequence[tuple[int, int, str]]:
        """(start, end, name) of the places that a text names."""
        return self._find_places(text) if self._find_places is not None else ()

    def place(self, sentence: Sentence) -> str:
        """The one place that a sentence is about: named at its start and not in a list; "" for none."""
        if self._find_places is None:
            return ""
        key = (sentence.clause.id, sentence.start)
        made = self._about.get(key)
        if made is None:
            made = self._about[key] = self.place_at_start(sentence.text)
        return made

    def place_at_start(self, text: str) -> str:
        """The place that a text begins with, not the first one of a list; "" for none."""
        for start, end, name in self.places(text):
            if start <= 12 and name != "中国" and not _JOINED.match(text, end):
                return name
            break
        return ""

    def around(self, concepts: Sequence[Concept], sentence: Sentence) -> list[float]:
        """Worth of each concept by what stands before a sentence, in headings, clause and title."""
        clause = sentence.clause
        head, title, body = self.head(clause), self.title(clause), self.body(clause)
        title_worth = SELF if _OURSELVES.search(sentence.norm) else TITLE
        joint = f"{head}|{sentence.norm}"
        found = []
        for concept in concepts:
            worth = max(
                NEAR * covers(concept, sentence.before, self.weigh),
                HEAD * covers(concept, head, self.weigh),
                REST * covers(concept, body, self.weigh),
                title_worth * covers(concept, title, self.weigh),
            )
            if worth < JOINT and len(concept.surface) > 3:
                worth = max(worth, JOINT * covers(concept, joint, self.weigh))
            if worth < AROUND and spoken(concept, sentence):
                worth = AROUND
            found.append(worth)
        return found

    @staticmethod
    def _dated(sentence: Sentence, clause: str, years: Sequence[int]) -> float:
        if not years:
            return 0.0
        if any(f"{year}" in sentence.norm for year in years):
            return 1.0
        return 0.0 if any(f"{year}" in clause for year in years) else -1.0

    def rank(
        self,
        concepts: Sequence[Concept],
        clauses: Iterable[Clause],
        found: Mapping[str, float],
        most: int = 60,
        places: Sequence[str] | None = None,
        years: Sequence[int] = (),
        documents: Sequence[str] = (),
        strays: Mapping[str, float] | None = None,
        meant: Meant | None = None,
        held: Mapping[str, float] | None = None,
    ) -> list[Scored]:
        """Sentences of these clauses, best first.

        Args:
            concepts: of the question.
            clauses: in the order of retrieval.
            found: retrieval's score of each clause id, any scale.
            years: that the question asks about.
            documents: ids of those that the question names.
            strays: how much less near in meaning each clause is than the nearest, where that was looked at.
            meant: what is told of each of a clause's sentences, None where that is not known.
            held: what sentences of clauses gain in a conversation.
            places: names of the places the question is about; None when it asks for a place.
        """
        top = max(found.values(), default=0.0) or 1.0
        total = sum(c.weight for c in concepts) or 1.0
        scored: list[Scored] = []
        for rank, clause in enumerate(clauses):
            if clause.kind == "row":
                continue
            text = self.body(clause)
            head, title = self.head(clause), self.title(clause)
            outer: list[_Outer] = []
            wide = 0.0
            for concept in concepts:
                rest = covers(concept, text, self.weigh)
                in_head = covers(concept, head, self.weigh)
                in_title = covers(concept, title, self.weigh)
                other = max(REST * rest, HEAD * in_head, self.voiced(concept, clause))
                # What a clause carries nothing of, none of its sentences does.
                joint = len(concept.surface) > 3 and covers(concept, f"{head}|{text}", self.weigh) > 0.0
                outer.append(_Outer(concept, rest > 0.0, joint, other, in_title))
                wide += concept.weight * max(rest, in_head, 0.8 * in_title)
            authority = self.corpus.documents[clause.document].authority
            share = max(0.0, found.get(clause.id, 0.0)) / top
            told = None if meant is None else self._told(clause, meant)
            for number, sentence in enumerate(self.sentences(clause)):
                cover, own, worst = self._carried(outer, sentence, head)
                about = self.place(sentence) if places is not None else ""
                scored.append(
                    Scored(
                        sentence,
                        cover / total,
                        own / total,
                        wide / total,
                        share,
                        rank,
                        authority,
                        worst,
                        bool(about) and about not in (places or ()),
                        self._dated(sentence, text, years),
                        clause.document in documents,
                        strays.get(clause.id, 0.0) if strays else 0.0,
                        told[number].near if told else 0.0,
                        held.get(clause.id, 0.0) if held else 0.0,
                        told[number].read if told else None,
                    )
                )
        scored.sort(key=lambda s: (-s.score, s.authority))
        return scored[:most]

    def _told(self, clause: Clause, meant: Meant) -> list[Told] | None:
        """What is told of each sentence of a clause; as `near` how much less near it is than the nearest."""
        sentences = self.sentences(clause)
        told = meant(clause, [(s.text, s.english) for s in sentences])
        if told is None:
            return None
        top = max((t.near for t, s in zip(told, sentences, strict=True) if not s.heading), default=0.0)
        return [Told(max(0.0, top - t.near), t.read) for t in told]

    def _carried(self, outer: Sequence[_Outer], sentence: Sentence, head: str) -> tuple[float, float, float]:
        """What a sentence carries of the concepts with all around it, what it carries alone, the worst."""
        cover = own = worst = 0.0
        joint = f"{head}|{sentence.norm}"
        title_worth = SELF if _OURSELVES.search(sentence.norm) else TITLE
        for concept, inside, divided, other, in_title in outer:
            here = covers(concept, sentence.norm, self.weigh) if inside else 0.0
            if here < SPOKEN and spoken(concept, sentence):
                here = SPOKEN
            near = 0.0
            if inside and here < NEAR and other < NEAR:
                near = NEAR * covers(concept, sentence.before, self.weigh)
            value = max(here, near, other, title_worth * in_title)
            if divided and value < JOINT:
                value = max(value, JOINT * covers(concept, joint, self.weigh))
            weight = concept.weight
            own += weight * here
            cover += weight * value
            worst = max(worst, weight * (1.0 - value))
        return cover, own, worst


def segments(text: str) -> list[tuple[int, int]]:
    """(start, end) of the stretches of a sentence between commas, semicolons and colons."""
    return [m.span() for m in _SEGMENT.finditer(text) if m.group().strip()]


def segment_at(text: str, at: int) -> int:
    """Index of the segment that holds an offset."""
    spans = segments(text)
    for index, (start, end) in enumerate(spans):
        if start <= at < end:
            return index
    return max(0, len(spans) - 1)
