"""From retrieval's analysis of a question to the form that makers use; follow-ups are filled in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from policybot.answer.datafiles import DATA
from policybot.answer.matching.match import Concept, norm
from policybot.answer.matching.rarity import Rarity
from policybot.answer.question.ask import Ask
from policybot.answer.question.asks import Asks, read_asks
from policybot.answer.question.cues import (
    AMOUNT,
    ASPECTS,
    LISTING,
    MEASURE,
    PAST,
    RATIO,
    WHICH,
    acts,
    asked_near,
    expected,
    heads,
)
from policybot.facts.years import YearMention
from policybot.patterns import lazy_pattern
from policybot.retrieve.analysis import QuestionAnalysis
from policybot.retrieve.datafile import bad_data
from policybot.retrieve.terms import Concept as Term

UNKNOWN = 0.6  # weight factor of a run that no word list knows and the corpus does not print
_UNPRINTED = 0.75  # weight of a known word that the corpus prints in none of its wordings
_HOME_WEIGHT = 0.12  # weight of the country whose documents these are
_DOCUMENT = 0.4  # weight factor of words that only name a document
_OPERATOR = 0.25  # weight factor of a word that says what to do with a value (最高, compare, over)
_PART = 0.75  # worth of a word found within an unknown run
_CARRIED = 0.6  # weight factor of a word of an earlier question beside those of the turn itself
_SINGLE = 0.4  # weight factor of a single character left over between known words


@cache
def load_general(path: Path = DATA / "general.toml") -> tuple[float, frozenset[str]]:
    """The weight factor of general words, and the words.

    Raises:
        CorpusError: the file is missing, not TOML or lacks one of factor, zh and en.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise bad_data(path, str(error)) from error
    if set(data) != {"factor", "zh", "en"}:
        raise bad_data(path, "it must hold factor, zh and en")
    words = [*data["zh"], *data["en"]]
    if not all(isinstance(w, str) and w == w.strip().lower() for w in words):
        raise bad_data(path, "words must be lower case and without blanks around them")
    return float(data["factor"]), frozenset(words)


def read_ask(
    question: str,
    analysis: QuestionAnalysis,
    rarity: Rarity,
    language: str,
    documents: Sequence[str] = (),
) -> Ask:
    """The question in the form that makers use.

    Args:
        question: as asked.
        analysis: of the question, follow-ups resolved.
        rarity: of the corpus.
        language: "zh" or "en", of the answer.
        documents: ids the caller restricts the answer to; the question's own are used otherwise.
    """
    asks = read_asks(analysis.text)
    types, expects = analysis.types or (analysis.type,), analysis.expects
    if "class" in asks:  # 第几类 asks for a name, not for a number
        types = tuple(t for t in types if t != "count") or ("other",)
        expects = tuple(e for e in expects if e != "count")
    expects = expected(analysis.text, expects)
    if re.search("哪[几些]年", analysis.text):
        types, expects = ("timeline", *(t for t in types if t != "timeline")), ("year", "date")
    elif LISTING.search(analysis.text) or ASPECTS.search(analysis.text):
        types = ("list", *(t for t in types if t not in ("list", "count", "who", "value")))
        expects = tuple(e for e in expects if e not in ("count", "organisation"))
    concepts = [_concept(t, rarity, "place") for t in analysis.places]
    named = [(m.start, m.end) for m in analysis.mentions]
    concepts += [
        _concept(t, rarity, "document" if any(s < t.end and t.start < e for s, e in named) else t.kind)
        for t in analysis.concepts
    ]
    if analysis.carried:
        carried = {(c.asked, c.start) for c in analysis.carried}
        concepts = [
            replace(c, weight=c.weight * _CARRIED) if (c.surface, c.start) in carried else c for c in concepts
        ]
    concepts = [_operator(c, asks) for c in concepts if c.options]
    aside = _ASIDE.search(analysis.text)
    if aside is not None:
        concepts = [_restated(c, aside.span()) for c in concepts]
    concepts.sort(key=lambda c: c.start)
    if "items" in asks and asks.n and "list" not in types and WHICH.search(analysis.text):
        types = ("list", *types)
    years = [y for y in analysis.years if not _dates(y, analysis, rarity)]
    spans = tuple(dict.fromkeys(span for y in years for span in _spans(y)))
    return Ask(
        question=question,
        text=analysis.text,
        language=language,
        types=types,
        expects=expects,
        asks=asks,
        concepts=tuple(concepts),
        years=tuple(dict.fromkeys(last for _, last in spans)),
        spans=spans,
        base_years=tuple(y.last for y in analysis.base_years),
        quantities=analysis.quantities,
        places=tuple(dict.fromkeys(t.wordings[0].text for t in analysis.places if t.wordings)),
        documents=analysis.documents,
        named=tuple((m.start, m.end) for m in analysis.mentions),
        mentioned=tuple((m.document, m.clause) for m in analysis.mentions),
        only=tuple(documents),
        clauses=analysis.clauses,
        measures=tuple(dict.fromkeys(MEASURE.findall(analysis.text))),
        asked=asked_near(analysis.text, concepts),
        after=acts(analysis.text, concepts),
        heads=heads(analysis.text, concepts),
        amount=AMOUNT.search(analysis.text) is not None,
        ratio=RATIO.search(analysis.text) is not None,
        past=PAST.search(analysis.text) is not None,
    )


_BETWEEN = lazy_pattern(r"[\s的月《“\"'年版]*|\d{1,2}月的?《?|\s*(?:of|from|in|\(|（)\s*")


def _dates(year: YearMention, analysis: QuestionAnalysis, rarity: Rarity) -> bool:
    """True for a year that says which document is meant ("the September 2021 Opinions")."""
    if year.first != year.last:
        return False
    for mention in analysis.mentions:
        if not rarity.dates.get(mention.document, "").startswith(str(year.first)):
            continue
        gap = (
            analysis.text[year.end : mention.start]
            if year.end <= mention.start
            else analysis.text[mention.end : year.start]
        )
        if _BETWEEN.fullmatch(gap):
            return True
    return False


_AND = lazy_pattern(r"\d\s*年?\s*(?:and|和|与|及|、)\s*\d")


def _spans(year: YearMention) -> tuple[tuple[int, int], ...]:
    """(first, last) of a year or period; "2025 and 2030" are two years and not a period."""
    if year.kind == "range" and _AND.search(year.text):
        return (year.first, year.first), (year.last, year.last)
    return ((year.first, year.last),)


_QUESTIONING = lazy_pattern(r"哪些|什么时候|什么|几个|多少|怎么|如何|谁|哪个|是否|能不能|可不可以")
_OPERATORS = (
    "max",
    "min",
    "latest",
    "earliest",
    "top_n",
    "below",
    "above",
    "at_least",
    "at_most",
    "missing",
    "total",
    "mean",
    "rank_of",
    "difference",
    "which_more",
    "which_less",
    "confirm",
    "all",
    "compare",
)


# "…, that is to say …": says once more in other words what was named before.
_ASIDE = lazy_pattern(
    r"[,，(（—–]\s*(?:also known as|known as|in other words|that is(?: to say)?|i\.e\.?|namely"
    r"|those that|those which|the ones (?:that|which)|meaning)\b[^,，?？.;()]*"
    r"|[,，(（—]\s*(?:也就是说?|即是?|就是说|换句话说|换言之)[^,，?？。;()]*"
)


def _restated(concept: Concept, span: tuple[int, int]) -> Concept:
    inside = span[0] <= concept.start < span[1] and concept.kind in ("term", "latin")
    return replace(concept, weight=concept.weight * _OPERATOR) if inside else concept


def _operator(concept: Concept, asks: Asks) -> Concept:
    """A word that says what to do with a value counts little as something to be found."""
    inside = any(
        name in _OPERATORS and low <= concept.start and concept.end <= high for name, low, high in asks.spans
    )
    if not inside or concept.kind not in ("term", "latin"):
        return concept
    return replace(concept, weight=concept.weight * _OPERATOR)


def _printed_parts(run: str, rarity: Rarity) -> list[tuple[str, float]]:
    """Words that the corpus prints within a run of Chinese that no word list knows (时珊瑚 → 珊瑚)."""
    if not re.fullmatch(r"[\u4e00-\u9fff]{3,6}", run) or rarity.count(run):
        return []
    found: list[str] = []
    for size in range(len(run) - 1, 1, -1):
        for start in range(len(run) - size + 1):
            part = run[start : start + size]
            if rarity.count(part) and not any(part in longer for longer in found):
                found.append(part)
    return [(part, _PART) for part in found]


def _concept(term: Term, rarity: Rarity, kind: str) -> Concept:
    options = tuple(dict.fromkeys((norm(w.text), w.weight) for w in term.wordings if norm(w.text)))
    plain = _QUESTIONING.sub("", norm(term.asked))
    if plain != norm(term.asked) and len(plain) > 1:
        options = ((plain, 1.0), *options)
    if not term.known and kind == "term":
        options = (*options, *_printed_parts(norm(term.asked), rarity))
    printed = [(o, v) for o, v in options if v >= 0.5 and rarity.count(o)]
    weight = min((rarity.of(o) for o, _ in printed), default=1.0 if term.known else UNKNOWN)
    if kind == "place":
        weight = _HOME_WEIGHT if "中国" in (o for o, _ in options) else max(weight, 0.6)
    elif kind == "document":
        weight *= _DOCUMENT
    elif not printed and kind == "term" and term.known:
        weight = _UNPRINTED
    factor, general = load_general()
    if term.asked in general or (not term.known and all(c in general for c in term.asked)):
        weight *= factor
    elif len(term.asked) == 1 and not term.asked.isascii() and not term.known:
        weight *= _SINGLE
    return Concept(term.asked, options, weight, kind, term.known, term.start, term.end)
