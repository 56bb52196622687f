"""A question taken apart: language, type, years, quantities, places, documents and clauses, content words.

`analyse` is the first step of every search; it needs the glossary, the names of documents and places
(`Knowledge`) but no index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from policybot.corpus.model import Corpus
from policybot.corpus.naming import Mention, mentions
from policybot.facts.glossary import Glossary, fold_same_length
from policybot.facts.places import PlaceMatch, Places
from policybot.facts.quantities import Quantity, find_quantities
from policybot.facts.years import YearMention, find_years, is_base
from policybot.index.encoder.lists import read_sentences
from policybot.patterns import lazy_pattern
from policybot.retrieve.english import EnglishForms, has_english
from policybot.retrieve.questions import Rules, load_rules
from policybot.retrieve.spelling import Speller
from policybot.retrieve.stopwords import load_stop_words
from policybot.retrieve.terms import Concept, Wording, WordLists, concepts_of
from policybot.retrieve.traditional import simplify
from policybot.text import fold, language_of

# The country whose documents these are is mostly not named in them.
HOME = "中国"
_FIVE_YEAR = lazy_pattern(r"(?i)five[- ]year $")  # its plan is no document of these
HOME_WORDS = ("我国", "全国", "国内", "国家")


@dataclass(frozen=True)
class Knowledge:
    """What `analyse` looks things up in; `Knowledge.of(corpus)` loads the built-in data.

    `words` says whether a word stands in the indexed documents (None: looked up in the corpus); one
    that does not may be read as a misspelt one.
    """

    corpus: Corpus
    lists: WordLists
    places: Places
    rules: Rules
    words: Callable[[str], bool] | None = None

    def knows(self, word: str) -> bool:
        """True when a folded word stands in the documents."""
        return self.words(word) if self.words is not None else word in self._text

    @cached_property
    def _text(self) -> str:
        return "\n".join(fold(clause.text.text) for clause in self.corpus.clauses.values())

    def worded(self, concept: Concept) -> Concept:
        """A concept with its English wordings, where documents may have these."""
        return concept if self._english is None else self._english.widened(concept)

    @cached_property
    def _english(self) -> EnglishForms | None:
        return EnglishForms(self.lists.glossary) if has_english(self.corpus) else None

    @cached_property
    def speller(self) -> Speller:
        """Reads misspelt words."""
        return Speller(self.lists, self._written, self._written_chinese, self.places.names)

    def prints(self, concept: Concept) -> bool:
        """Whether a document has one of a concept's wordings."""
        return any(wording.text in self._text for wording in concept.wordings)

    def _written(self) -> Iterator[str]:
        """English in which words are spelt well: annotations, and the sentences the encoder learnt from."""
        for note in self.corpus.annotations.values():
            yield from (note.gist_en, *note.english, *note.asked_en)
        yield from (english for _, english in read_sentences())

    def _written_chinese(self) -> Iterator[str]:
        yield self._text
        for note in self.corpus.annotations.values():
            yield from (note.title_zh, *note.asked_zh)
        yield from (chinese for chinese, _ in read_sentences())

    @staticmethod
    def of(corpus: Corpus, glossary: Glossary | None = None) -> Knowledge:
        """Knowledge of a corpus with the built-in word lists, or with a glossary of the caller's."""
        lists = WordLists(glossary or Glossary.load(), load_stop_words())
        return Knowledge(corpus, lists, Places.load(), load_rules())


@dataclass(frozen=True)
class QuestionAnalysis:
    """A question taken apart. Spans are offsets into `text`.

    Attributes:
        question: as asked.
        plain: simplified characters, single blanks; `text` is the same folded (half-width, lower case).
        language: "zh" or "en".
        type: what is asked for, one of `policybot.retrieve.questions.TYPES`; `types` all readings.
        expects: kinds of value an answer should show, of `policybot.retrieve.questions.EXPECTS`.
        counted: pattern of the amount asked for by its measure word (几批 → 三批), "" for none.
        years: years and periods asked about; `base_years` those a change is measured from.
        quantities: amounts in the question (1吨, 100万).
        places: places and parties named.
        mentions: documents and clauses named, see `policybot.corpus.naming`.
        concepts: content words, each with the wordings a document may use.
        respelled: (as written, as read) for words taken for misspelt ones; `plain`, `text` and all
            spans are those of the corrected question.
        carried: those of the content words that come from an earlier question of the conversation.
    """

    question: str
    plain: str
    text: str
    language: str
    type: str
    types: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()
    counted: str = ""
    years: tuple[YearMention, ...] = ()
    base_years: tuple[YearMention, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    places: tuple[Concept, ...] = ()
    mentions: tuple[Mention, ...] = ()
    concepts: tuple[Concept, ...] = ()
    respelled: tuple[tuple[str, str], ...] = ()
    carried: tuple[Concept, ...] = ()

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """Ids of the documents named for sure, in order."""
        return tuple(dict.fromkeys(m.document for m in self.mentions if m.sure or m.clause))

    @cached_property
    def hinted(self) -> tuple[str, ...]:
        """Ids of documents that an everyday word may name (意见, the plan)."""
        sure = self.documents
        return tuple(dict.fromkeys(m.document for m in self.mentions if m.document not in sure))

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """Ids of the clauses named, in order."""
        return tuple(dict.fromkeys(m.clause for m in self.mentions if m.clause))

    @property
    def searched(self) -> tuple[Concept, ...]:
        """Everything to look up by words: concepts, places, and years and amounts as written."""
        spans: tuple[_Span, ...] = (*self.years, *self.base_years, *self.quantities)
        exact = [_as_written(self.text, span) for span in spans if span.start < span.end]
        return (*self.places, *self.concepts, *exact)

    @property
    def focus(self) -> tuple[str, ...]:
        """The content words as asked."""
        return tuple(c.asked for c in self.concepts)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Content words that no word list knows."""
        return tuple(c.asked for c in self.concepts if not c.known)

    @property
    def glossed(self) -> str:
        """The question as a line of Chinese keywords: the first wording of each place and concept."""
        return " ".join(c.wordings[0].text for c in (*self.places, *self.concepts) if c.wordings)


def as_read(question: str) -> str:
    """The text that `analyse` finds in a question written without mistakes."""
    return fold_same_length(_plain(question))


def _plain(question: str) -> str:
    return " ".join(simplify(question).split())


def analyse(question: str, knowledge: Knowledge) -> QuestionAnalysis:
    """Take a question apart.

    Args:
        question: in Chinese (simplified or traditional), English or a mixture; any width.
        knowledge: names and word lists, see `Knowledge.of`.

    Returns:
        The analysis; a question without any recognisable content has no concepts.
    """
    first = _analyse(question, _plain(question), knowledge)
    wrong = [c for c in first.concepts if not c.known and not knowledge.knows(c.asked)]
    named = {c.start for c in wrong if _is_name(first.plain, c.start)}
    changes = knowledge.speller.respell(first.text, wrong, named) if wrong else []
    if not changes:
        return first
    plain, at = "", 0
    for change in changes:
        plain += first.plain[at : change.start] + change.read
        at = change.end
    second = _analyse(question, plain + first.plain[at:], knowledge)
    met = {wording.text for place in first.places for wording in place.wordings}
    if any(met.isdisjoint(w.text for w in p.wordings) and not knowledge.prints(p) for p in second.places):
        return first  # a name of these documents and not of a place that they do not speak of
    return replace(second, respelled=tuple((change.written, change.read) for change in changes))


def _is_name(plain: str, start: int) -> bool:
    """Whether a word is written with a capital though it begins no sentence and others are not."""
    before = plain[:start].rstrip("\"'“‘( ")
    if not before or before[-1] in ".?!:" or not plain[start].isupper():
        return False
    words = [w for w in plain.split() if w[:1].isalpha() and w.isascii()]
    return sum(w[0].islower() for w in words) > len(words) / 2


def _analyse(question: str, plain: str, knowledge: Knowledge) -> QuestionAnalysis:
    text = fold_same_length(plain)
    spans = Spans()
    told = [m for m in mentions(plain, knowledge.corpus) if not _FIVE_YEAR.search(plain[: m.start])]
    named = [m for m in told if spans.add(m, block=m.sure or bool(m.clause))]
    dated = [m for m in find_years(plain) if spans.add(m)]
    places = [m for m in knowledge.places.find(plain) if spans.add(m)]
    base = tuple(year for year in dated if is_base(text, year))
    quantities = tuple(q for q in find_quantities(plain) if spans.add(q))
    known: list[_Span] = [*dated, *places, *(m for m in named if m.clause)]
    taken = [(span.start, span.end) for span in known]
    numbers = [(q.start, q.start + len(q.number_text) if q.text.isascii() else q.end) for q in quantities]
    types = knowledge.rules.types_of(
        text, clause_named=any(m.clause for m in named), place_named=bool(places)
    )
    pattern, measure = _counted(knowledge.rules, text)
    return QuestionAnalysis(
        question=question,
        plain=plain,
        text=text,
        language=language_of(plain),
        type=types[0],
        types=types,
        expects=knowledge.rules.expects_of(text),
        counted=pattern,
        years=tuple(year for year in dated if year not in base),
        base_years=base,
        quantities=quantities,
        places=tuple(_place(match, text) for match in places),
        mentions=tuple(named),
        concepts=tuple(map(knowledge.worded, _concepts(text, knowledge.lists, named, taken, numbers)))
        + measure,
    )


def _concepts(
    text: str,
    lists: WordLists,
    named: Sequence[Mention],
    taken: Sequence[tuple[int, int]],
    numbers: Sequence[tuple[int, int]],
) -> tuple[Concept, ...]:
    """Concepts of a question; those that only name a document are marked so."""
    documents = [(m.start, m.end) for m in named if m.sure and not m.clause]
    return tuple(
        replace(c, kind="document") if any(a <= c.start and c.end <= b for a, b in documents) else c
        for c in concepts_of(text, lists, taken, numbers)
    )


class _Span(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


class Spans:
    """Stretches of a question that are already understood."""

    def __init__(self) -> None:
        self.blocked: list[tuple[int, int]] = []

    def add(self, span: _Span, block: bool = True) -> bool:
        """Take a stretch; False when it overlaps one taken before. With `block` off it stays free."""
        if any(start < span.end and span.start < end for start, end in self.blocked):
            return False
        if block:
            self.blocked.append((span.start, span.end))
        return True


def _counted(rules: Rules, text: str) -> tuple[str, tuple[Concept, ...]]:
    """Pattern of the amount a question asks for by its measure word, and a telling measure as a concept.

    几类城市 is answered by 四类城市, 分几批 by 分三批, 多少家 by 556家. ("", ()) when none is asked for.
    """
    match = rules.counted(text)
    if match is None:
        return "", ()
    measure, (start, end) = match["measure"], match.span("measure")
    pattern = rf"[0-9一二三四五六七八九十百千万亿两.,]+(?:多|余)?{re.escape(measure)}"
    if measure not in rules.telling:
        return pattern, ()
    return pattern, (Concept(measure, start, end, (Wording(measure, 1.0),)),)


def _as_written(text: str, span: _Span) -> Concept:
    asked = text[span.start : span.end]
    return Concept(asked, span.start, span.end, (Wording(asked, 1.0),), "number")


def _place(match: PlaceMatch, text: str) -> Concept:
    names = dict.fromkeys((*match.place.names_zh, *(name.lower() for name in match.place.en)))
    if match.place.zh == HOME:
        names.update(dict.fromkeys(HOME_WORDS))
    asked = text[match.start : match.end]
    return Concept(asked, match.start, match.end, tuple(Wording(n, 1.0) for n in names), "name")
