"""Sentences as lines of an answer: as printed, for English questions with their English beneath."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policybot.answer.checks.numbers import Pool, unaccounted
from policybot.answer.evidence.excerpt import core_of, evidence_of, excerpt, tidy, time_before
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Weigher
from policybot.answer.question.ask import Ask
from policybot.answer.wording.cite import Evidence, quote_span
from policybot.answer.wording.compose import end_sentence, line
from policybot.answer.wording.draft import Line
from policybot.answer.wording.labels import Labels
from policybot.corpus.model import Corpus
from policybot.facts.quantities import Quantity, find_numbers
from policybot.patterns import lazy_pattern
from policybot.text import is_han

_GLOSSED = 8  # terms glossed for an English answer
_NUMBER = lazy_pattern(r"^\d{1,2}\.\s+")  # of the paragraph that a sentence begins
_PARTS = 2  # parts of a gist shown with a quotation
_WHOLE = 0.9  # share of a sentence that counts as all of it
# Parts end at full stops and semicolons, not behind "No. 23", "et al." or a numeral.
_PART = lazy_pattern(r"(?<=[.;])(?<!No\.)(?<!al\.)(?<![IVX]\.)\s+")
_WORD = lazy_pattern(r"[a-z]{3,}")


FindPlaces = Callable[[str], Sequence[tuple[int, int, str]]]


@dataclass(frozen=True, slots=True)
class _EnglishPart:
    """A part of a translation or a gist, with its numbers and the places it names (in Chinese)."""

    text: str
    numbers: list[Quantity]
    places: frozenset[str]


class Quoter:
    """Makes quoting lines over one corpus."""

    def __init__(
        self,
        corpus: Corpus,
        labels: Labels,
        weigh: Weigher | None = None,
        find_places: FindPlaces | None = None,
    ) -> None:
        self.corpus = corpus
        self.labels = labels
        self.weigh = weigh
        self._find_places = find_places
        self._english: dict[tuple[str, int], list[_EnglishPart]] = {}

    def span(
        self, ask: Ask, sentence: Sentence, focus: tuple[int, int] | None = None, longest: int = 150
    ) -> tuple[int, int]:
        """The stretch of a sentence that an answer shows."""
        core = focus or core_of(sentence, ask.concepts, ask.years, self.weigh)
        span = excerpt(sentence, ask.concepts, focus or (core if ask.years else None), self.weigh, longest)
        return quote_span(self.corpus, Evidence(sentence.clause.id, *span, core))

    def shown(self, ask: Ask, sentence: Sentence, span: tuple[int, int]) -> str:
        """That stretch as text: plain in Chinese, in quotation marks in English."""
        text = tidy(sentence.clause.text.text[span[0] : span[1]]).rstrip("，；、：,;:")
        if ask.language == "zh":
            return end_sentence(text, "zh")
        return f"“{text.rstrip('。')}”"

    def evidence(
        self, sentence: Sentence, span: tuple[int, int], focus: tuple[int, int] | None = None
    ) -> Evidence:
        """The stretch as evidence, with the time that governs it when that is near."""
        time = time_before(sentence, focus[0] if focus else span[0])
        if time is not None and time[0] < span[0] and span[1] - time[0] <= 260:
            wider = quote_span(self.corpus, Evidence(sentence.clause.id, time[0], span[1], focus or span))
            span = (min(span[0], wider[0]), span[1])
        return evidence_of(sentence, span, focus)

    def lines(
        self,
        ask: Ask,
        sentence: Sentence,
        wording: str = "sentence",
        focus: tuple[int, int] | None = None,
        slots: dict[str, str] | None = None,
        more: Sequence[Evidence] = (),
        longest: int = 150,
    ) -> tuple[Line, ...]:
        """A sentence under a wording; for English readers with what it says in English beneath."""
        span = self.span(ask, sentence, focus, longest)
        evidence = self.evidence(sentence, span, focus)
        text = self.shown(ask, sentence, span)
        made = [line(wording, (evidence, *more), **{**(slots or {}), "sentence": text})]
        if ask.language == "en" and any(map(is_han, text)):
            made += self.beneath(ask, sentence, span) or self.gloss(text)
        return tuple(made)

    def beneath(self, ask: Ask, sentence: Sentence, span: tuple[int, int]) -> list[Line]:
        """What stands beneath a quotation for English readers; nothing for others or where it is English."""
        if ask.language != "en" or not any(map(is_han, sentence.clause.text.text[slice(*span)])):
            return []
        return self.english(ask, sentence, span)

    def english(self, ask: Ask, sentence: Sentence, span: tuple[int, int]) -> list[Line]:
        """A quoted sentence in English; of a stretch of one, or from the clause's gist, the parts whose
        numbers the stretch carries.

        A part about another place than the stretch (or the sentence it is of) is about something else.
        """
        if sentence.english and span[1] - span[0] >= _WHOLE * len(sentence.text):
            return [line("gist", gist=end_sentence(_NUMBER.sub("", sentence.english).rstrip(".;,:"), "en"))]
        told = self._parts(sentence)
        if not told:
            return []
        pool = Pool()
        pool.add_text(sentence.clause.text.text[span[0] : span[1]])
        here = self._places(sentence.text) or self._places(sentence.before)
        parts = [p.text for p in told if not unaccounted(p.numbers, pool) and p.places <= here]
        quoted = " ".join(english for _, english in self.labels.terms(pool.texts[0], _GLOSSED * 3))
        words = set(_WORD.findall(f"{ask.question} {quoted}".lower()))
        shared = {part: len(words & set(_WORD.findall(part.lower()))) for part in parts}
        best = sorted(parts, key=lambda part: -shared[part])[:_PARTS]
        least = max(1, shared[best[0]] // 2) if best else 1
        shown = "; ".join(p.strip().rstrip(".;") for p in parts if p in best and shared[p] >= least)
        return [line("gist", gist=end_sentence(shown, "en"))] if shown else []

    def _places(self, text: str) -> frozenset[str]:
        found = self._find_places(text) if self._find_places is not None else ()
        return frozenset(name for _, _, name in found if name != "中国")

    def _parts(self, sentence: Sentence) -> list[_EnglishPart]:
        """The parts of a sentence's translation, or else of its clause's gist."""
        key = (sentence.clause.id, sentence.start if sentence.english else -1)
        made = self._english.get(key)
        if made is None:
            note = self.corpus.annotations.get(sentence.clause.id)
            english = sentence.english or (note.gist_en if note is not None else "")
            parts = _PART.split(english)
            made = self._english[key] = [
                _EnglishPart(part, find_numbers(part), self._places(part)) for part in parts if part
            ]
        return made

    def gloss(self, text: str) -> list[Line]:
        """The English of a quotation's terms, as a line of its own; none when few are known."""
        terms = [pair for pair in self.labels.terms(text, _GLOSSED) if not any(c.isdigit() for c in pair[1])]
        if len(terms) < 2:
            return []
        return [line("gloss", terms="; ".join(f"{zh} = {en}" for zh, en in terms))]
