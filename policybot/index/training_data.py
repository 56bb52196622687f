"""What the static embedding is trained on: pairs of texts that belong together, as unit rows.

From each clause come, anew in every epoch: its headings with its text, a sentence with the rest of
the clause, pseudo-queries, which are made of random glosses of its terms (English names of the
glossary, everyday words of the thesaurus), short stretches of its text, its numbers, and question
words as noise, and, where it is annotated, likely questions with its text and with each other. No
question of any evaluation set is used.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from policybot.corpus.model import Annotation
from policybot.facts.glossary import Glossary
from policybot.facts.places import Places
from policybot.index.passages import Passage
from policybot.index.tokens import HAN, tokenise
from policybot.index.vocabulary import Vocabulary
from policybot.patterns import lazy_pattern
from policybot.text import fold, sentence_spans

NOISE_FILE = Path(__file__).resolve().parent / "data" / "question_words.toml"
_RUN = lazy_pattern(f"[{HAN}]{{2,}}")
_EXACT = lazy_pattern(r"[a-z0-9]")
_QUESTIONS = 2  # likely questions of each language that an epoch takes from a clause
_SPANS = (2, 9)  # shortest and one past the longest stretch of text in a Chinese pseudo-query

Units = list[int]
Term = tuple[tuple[str, ...], tuple[str, ...]]  # ways to say it in a question, wordings in the documents


@dataclass(frozen=True)
class Lexicon:
    """What things are called in questions: in English, and in everyday Chinese."""

    english: tuple[Term, ...]
    everyday: tuple[Term, ...]

    @staticmethod
    def of(glossary: Glossary, places: Places) -> Lexicon:
        """From the data files: glossary and place names, and the thesaurus."""
        named = [(entry.en, entry.zh) for entry in glossary.entries]
        named += [(place.en, tuple(dict.fromkeys((place.zh, place.zh_full)))) for place in places.places]
        return Lexicon(tuple(named), glossary.groups)


@dataclass(frozen=True)
class Pair:
    """Two texts that belong together, as unit rows; `group` is the number of their clause."""

    group: int
    query: Units
    text: Units


@dataclass
class _Text:
    """A passage prepared for sampling."""

    rows: Units
    heading: Units
    body: Units
    sentences: list[Units]
    runs: list[str]
    exact: list[Units]  # numbers and Latin words
    headed: bool = False  # the first text under its headings: rows and paragraphs repeat those above
    english: list[tuple[float, list[Units]]] = field(default_factory=list)  # weight, ways to say it
    everyday: list[tuple[float, list[Units]]] = field(default_factory=list)


@dataclass(frozen=True)
class _Asked:
    """A clause's annotation prepared for sampling: likely questions by language, and title with gist."""

    questions: tuple[list[Units], ...]
    gist: Units


class PairSource:
    """Draws the pairs of an epoch."""

    def __init__(
        self,
        passages: Sequence[Passage],
        lexicon: Lexicon,
        vocabulary: Vocabulary,
        annotations: Mapping[str, Annotation] | None = None,
    ) -> None:
        self._vocabulary = vocabulary
        noise = read_noise()
        self._noise = {lang: [vocabulary.rows(word) for word in words] for lang, words in noise.items()}
        self.groups: list[list[_Text]] = []
        folded = [fold(p.text) for p in passages]
        english = _weighted(lexicon.english, folded)
        everyday = _weighted(lexicon.everyday, folded)
        numbers: dict[str, int] = {}
        headings: set[str] = set()
        for passage, text in zip(passages, folded, strict=True):
            number = numbers.setdefault(passage.clause, len(numbers))
            if number == len(self.groups):
                self.groups.append([])
            prepared = self._prepare(passage, text)
            prepared.headed = bool(prepared.heading and prepared.body) and passage.heading not in headings
            headings.add(passage.heading)
            prepared.english = self._said(english, text)
            prepared.everyday = self._said(everyday, text)
            self.groups[number].append(prepared)
        self._asked = {
            numbers[clause]: self._annotated(note)
            for clause, note in (annotations or {}).items()
            if clause in numbers
        }

    def epoch(self, random: np.random.Generator) -> list[Pair]:
        """One draw of every kind of pair from every clause that allows it, in clause order."""
        pairs: list[Pair] = []
        for number, texts in enumerate(self.groups):
            whole = texts[0]
            if whole.headed:
                pairs.append(Pair(number, whole.heading, whole.body))
            if len(whole.sentences) > 1:
                at = int(random.integers(len(whole.sentences)))
                rest = [row for n, s in enumerate(whole.sentences) if n != at for row in s]
                pairs.append(Pair(number, whole.sentences[at], whole.heading + rest))
            for make in (self._english_query, self._english_query, self._chinese_query, self._chinese_query):
                text = texts[int(random.integers(len(texts)))]
                query = make(text, random)
                if query:
                    pairs.append(Pair(number, query, text.rows))
            if number in self._asked:
                pairs += self._asked_pairs(number, whole.rows, random)
        return pairs

    def _asked_pairs(self, number: int, text: Units, random: np.random.Generator) -> list[Pair]:
        """Some likely questions with the clause's text, one of each language together, gist with text."""
        asked = self._asked[number]
        pairs = [Pair(number, asked.gist, text)]
        first: list[Units] = []
        for questions in asked.questions:
            drawn = [questions[int(n)] for n in random.permutation(len(questions))[:_QUESTIONS]]
            pairs += [Pair(number, question, text) for question in drawn]
            first += drawn[:1]
        if len(first) > 1:
            pairs.append(Pair(number, first[0], first[1]))
        return pairs

    def _annotated(self, note: Annotation) -> _Asked:
        rows = self._vocabulary.rows
        both = (note.questions_zh, note.questions_en)
        return _Asked(
            tuple([rows(question) for question in questions] for questions in both),
            rows(f"{note.title_en}: {note.gist_en}"),
        )

    def _prepare(self, passage: Passage, folded: str) -> _Text:
        rows = self._vocabulary.rows
        sentences = [passage.body[start:end] for start, end in sentence_spans(passage.body)]
        exact = [t for t in dict.fromkeys(tokenise(passage.text)) if _EXACT.search(t)]
        return _Text(
            rows=rows(passage.text),
            heading=rows(passage.heading) if passage.head else [],
            body=rows(passage.body) if passage.body else [],
            sentences=[rows(sentence) for sentence in sentences],
            runs=_RUN.findall(folded),
            exact=[self._vocabulary.token_rows([token]) for token in exact],
        )

    def _said(
        self, terms: list[tuple[float, tuple[str, ...], tuple[str, ...]]], folded: str
    ) -> list[tuple[float, list[Units]]]:
        return [
            (weight, [self._vocabulary.rows(form) for form in forms])
            for weight, forms, wordings in terms
            if any(wording in folded for wording in wordings)
        ]

    def _english_query(self, text: _Text, random: np.random.Generator) -> Units:
        chosen = _choose(text.english, int(random.integers(1, 6)), random)
        if not chosen:
            return []
        units = [row for forms in chosen for row in forms[int(random.integers(len(forms)))]]
        return units + self._details(text, random) + self._question("en", random)

    def _chinese_query(self, text: _Text, random: np.random.Generator) -> Units:
        units: Units = []
        for forms in _choose(text.everyday, int(random.integers(0, 3)), random):
            units += forms[int(random.integers(len(forms)))]
        if text.runs:
            for _ in range(int(random.integers(1, 4))):
                run = text.runs[int(random.integers(len(text.runs)))]
                size = int(random.integers(*_SPANS))
                start = int(random.integers(max(1, len(run) - size + 1)))
                units += self._vocabulary.rows(run[start : start + size])
        if not units:
            return []
        return units + self._details(text, random) + self._question("zh", random)

    def _details(self, text: _Text, random: np.random.Generator) -> Units:
        """A number or Latin word of the text, in four queries of ten."""
        if not text.exact or random.random() > 0.4:
            return []
        return text.exact[int(random.integers(len(text.exact)))]

    def _question(self, language: str, random: np.random.Generator) -> Units:
        words = self._noise[language]
        picked = random.integers(len(words), size=int(random.integers(0, 9)))
        return [row for n in picked for row in words[int(n)]]


def read_noise() -> dict[str, list[str]]:
    """Question words by language ("en", "zh")."""
    data = tomllib.loads(NOISE_FILE.read_text("utf-8"))
    return {language: [str(word) for word in data[language]] for language in ("en", "zh")}


def batches(pairs: list[Pair], size: int, random: np.random.Generator) -> Iterator[list[Pair]]:
    """`pairs` in random order, in batches of at most `size` in which no clause comes twice.

    Two pairs of one clause in a batch would count as negatives of each other.
    """
    order = [pairs[int(n)] for n in random.permutation(len(pairs))]
    while order:
        batch: list[Pair] = []
        later: list[Pair] = []
        seen: set[int] = set()
        for at, pair in enumerate(order):
            if len(batch) == size:
                later += order[at:]
                break
            if pair.group in seen:
                later.append(pair)
            else:
                seen.add(pair.group)
                batch.append(pair)
        if len(batch) > 1:
            yield batch
        order = later


def _weighted(
    terms: Iterable[Term], folded: list[str]
) -> list[tuple[float, tuple[str, ...], tuple[str, ...]]]:
    """(weight, ways to say it, wordings) of the terms that stand in a text; rare ones weigh more."""
    weighted = []
    for forms, wordings in terms:
        small = tuple(fold(wording) for wording in wordings)
        count = sum(any(wording in text for wording in small) for text in folded)
        if count:
            weighted.append((math.log(1 + len(folded) / count), forms, small))
    return weighted


def _choose(
    terms: list[tuple[float, list[Units]]], count: int, random: np.random.Generator
) -> list[list[Units]]:
    """Up to `count` different terms, the rare ones more often."""
    if not terms or not count:
        return []
    weights = np.array([weight for weight, _ in terms])
    picked = random.choice(len(terms), size=min(count, len(terms)), replace=False, p=weights / weights.sum())
    return [terms[int(n)][1] for n in picked]
