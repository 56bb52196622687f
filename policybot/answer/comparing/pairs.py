"""Two things that a question sets side by side in its own words ("What sets A apart from B?", 对A和对B分别…).

Places, years and documents are told apart by `compare.sides`; here the two are any content words. Each side
is answered for itself, and an answer is made only where both sides are found.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from policybot.answer.comparing.compare import Side, compare, whole
from policybot.answer.confidence.scale import confidence
from policybot.answer.datafiles import DATA, pattern_fault
from policybot.answer.evidence.excerpt import tidy
from policybot.answer.evidence.labelled import PERIOD_NAMES
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.quoting import Quoter
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Concept, Weigher, covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.asks import Asks
from policybot.answer.wording.draft import Draft, Finding
from policybot.patterns import lazy_pattern
from policybot.retrieve.datafile import bad_data

_TELLING = 0.25  # weight that a word has at least to tell one side from the other
_CARRIED = 0.8  # share of it that a side's sentence or its headings must carry
_COMMON = 0.5  # share of what is asked of both that one sentence about both must carry
_NAME = 8  # characters of a side that may be a name
_NAMED = 0.8  # its weight
_LOOKED = 8  # sentences looked at for one about both
_DRAFTS = 5  # answers of a side looked at
_BOTH = 0.12  # gained by a sentence about both
_LEAST = 0.45  # share of a side's question that its answer must carry
_PERIOD = lazy_pattern(r"(?:19|20)\d\d|十[三四五六]五|\b1[3-6]th\b")
_BODY = lazy_pattern(  # asks for a body
    r"由谁|[交给归靠]谁|谁来|部门|机构|负责|牵头|承担"
    r"|\b(?:whom|responsible|charge|bod(?:y|ies)|ministr\w+|departments?|authorit\w+|assign\w*|leads?|does)\b"
)
_DIFFER = lazy_pattern(  # asks what tells two things apart, and not for the members of each
    r"(?:什么|何|哪些|啥|有)(?:区别|差别|差异|不同|不一样)"
    r"|\b(?:differ\w*|separates?|sets? apart|distinguish\w*)\b"
)
APART = lazy_pattern(  # what tells two things apart
    r"区别|差别|差异|不同|不一样|一样|分别|各|相同|对比|异同|哪|谁"
    r"|\b(?:differ\w*|distinct\w*|apart|separates?|respectively|each|contrast\w*|opposed|than|which|who)\b"
)
COMPARING = lazy_pattern(
    r"相比|相较|比较|对比|区别|差别|差异|不同|不一样|一样|同样|差(?:多少|多远|多大|距)|先后|分别|异同|比起来"
    r"|compared?|contrast|differ\w*|distinct\w*|apart(?: from)?|separates?|same|equally|alike"
    r"|respectively|versus|vs"
)
APIECE = lazy_pattern(r"\b(?:\d+|one|two|three|four|five|six) \w+ each\b")  # an amount, and compares nothing
_AMISS = ("document_lacks", "clause_lacks", "kind_lacks", "place_lacks", "year_lacks")
_DESCRIBING = ("definition", "cell", "class", "premise")
_SURE = 0.4  # least confidence in a side's answer
_OPERATORS = frozenset({"compare", "difference", "which_more", "which_less", "items", "all", "class"})
_CUE = lazy_pattern(
    r"[比较同样异别差各先哪对]|\b(?:compar|contrast|differ|distinguish|apart|separate|between|versus|vs|against|than"
    r"|respectively|each|alike|equally|or|and)"
)


@dataclass(frozen=True)
class Pair:
    """The two sides: what each is called, the words of each, and the stretch of the text it takes up."""

    labels: tuple[str, str]
    words: tuple[tuple[Concept, ...], tuple[Concept, ...]]
    spans: tuple[tuple[int, int], tuple[int, int]]


def read_pair(ask: Ask, printed: Callable[[str], int] = lambda text: 0) -> Pair | None:
    """The two things that a question sets side by side; None when it names none, or places or years only.

    `printed` counts how often the corpus prints a text: a side that is printed as it is asked is one name.
    """
    if not _CUE.search(ask.text) or APIECE.search(ask.text):
        return None
    for pattern in _patterns()["zh" if any("\u4e00" <= c <= "\u9fff" for c in ask.text) else "en"]:
        match = pattern.search(ask.text)
        if match is None:
            continue
        spans = match.span("a"), match.span("b")
        sides = [_words(ask, span) for span in spans]
        if sum(not words for words in sides) == 1:  # a document of the corpus beside one that it speaks of
            sides = [words or _documents(ask, span) for words, span in zip(sides, spans, strict=True)]
        if ask.language == "zh":
            sides[0], spans = _last(ask, sides[0], spans)
        labels = tuple(_label(ask, span) for span in spans)
        own = [_own(sides[0], sides[1]), _own(sides[1], sides[0])]
        if ask.language == "zh":
            own = [
                _named(name, span, printed) or words
                for name, span, words in zip(labels, spans, own, strict=True)
            ]
        if all(own):
            return Pair((labels[0], labels[1]), (own[0], own[1]), spans)
    return None


def said(concept: Concept, text: str) -> bool:
    """True for a text that prints one of a word's likelier wordings."""
    return any(value >= _CARRIED and option in text for option, value in concept.options)


def _words(ask: Ask, span: tuple[int, int]) -> tuple[Concept, ...]:
    return tuple(
        c
        for c in ask.concepts
        if span[0] <= c.start
        and c.end <= span[1]
        and c.kind in ("term", "latin")
        and not COMPARING.fullmatch(c.surface)
    )


def _documents(ask: Ask, span: tuple[int, int]) -> tuple[Concept, ...]:
    """The document that a side is, not one that it says where to look in ("in the action plan")."""
    return tuple(
        replace(c, weight=max(c.weight, _TELLING))
        for c in ask.concepts
        if c.kind == "document" and span[0] <= c.start and c.end <= span[1]
        if ask.text[span[0] : c.start].strip() in ("", "the", "《", "“")
    )


def _last(
    ask: Ask, words: tuple[Concept, ...], spans: tuple[tuple[int, int], tuple[int, int]]
) -> tuple[tuple[Concept, ...], tuple[tuple[int, int], tuple[int, int]]]:
    """Of 报告里A和B the A: the words behind the last particle, as far as there are any."""
    cut = max(
        (m.end() for m in re.finditer("的|里|中|在|对|是|把|从", ask.text[slice(*spans[0])])), default=0
    )
    kept = tuple(c for c in words if c.start >= spans[0][0] + cut)
    return (kept, ((kept[0].start, spans[0][1]), spans[1])) if kept else (words, spans)


def _named(name: str, span: tuple[int, int], printed: Callable[[str], int]) -> tuple[Concept, ...]:
    """A side that the corpus prints as it is asked (四类城市), as one word."""
    if not 3 <= len(name) <= _NAME or not printed(norm(name)):
        return ()
    return (Concept(name, ((norm(name), 1.0),), _NAMED, "term", True, *span),)


def _own(words: Sequence[Concept], other: Sequence[Concept]) -> tuple[Concept, ...]:
    """The words that tell a side from the other."""
    theirs = {c.surface for c in other}
    return tuple(c for c in words if c.surface not in theirs and c.weight >= _TELLING)


def _label(ask: Ask, span: tuple[int, int]) -> str:
    text = ask.text[slice(*span)].strip(" ,、")
    at = ask.question.lower().find(text)
    return ask.question[at : at + len(text)] if at >= 0 else text


class PairMaker:
    """Answers each side of a pair; `answers` are the makers' drafts for a question, best first."""

    def __init__(
        self, pool: Pool, quoter: Quoter, printed: Callable[[str], int], weigh: Weigher | None = None
    ) -> None:
        self.pool, self.quoter, self.printed, self.weigh = pool, quoter, printed, weigh

    def read(self, ask: Ask) -> Pair | None:
        """The two things that a question sets side by side."""
        return read_pair(ask, self.printed)

    def draft(
        self, ask: Ask, pair: Pair | None, ranked: Sequence[Scored], answers: Callable[[Ask], Sequence[Draft]]
    ) -> Draft | None:
        """Both sides, None when the question has no pair or the documents lack one of them."""
        if pair is None or any(_PERIOD.search(label) for label in pair.labels):
            return self._years(ask, ranked) if whole(ask) else self._amounts(ask, ranked)
        both = self._one_sentence(ask, pair, ranked)
        if both is not None:
            return both
        found, valued = [], bool(ask.expects) or ask.amount
        for n in (0, 1):
            part = _part(ask, pair, n)
            alone = not any(c not in pair.words[n] for c in part.concepts)
            made = [
                d
                for d in answers(part)[:_DRAFTS]
                if self._about(pair.words[n], d, alone=alone, listing=part.wants("list"), valued=valued)
            ]
            if not made:
                return None
            found.append(made)
        one, two = _alike(*found)
        if one.evidence[:1] == two.evidence[:1] and one.lines[0] == two.lines[0]:
            return None
        told = compare(ask, [Side(pair.labels[0], one), Side(pair.labels[1], two)], lambda text: text)
        return replace(told, features={**told.features, "pair": 1.0}) if told is not None else None

    def _one_sentence(self, ask: Ask, pair: Pair, ranked: Sequence[Scored]) -> Draft | None:
        """The sentence that says it of both."""
        sides = [c for words in pair.words for c in words]
        others = [
            c for c in ask.concepts if c not in sides and c.known and not COMPARING.fullmatch(c.surface)
        ]
        total = sum(c.weight for c in others)
        apart = APART.search(ask.text) is not None
        for scored in ranked[:_LOOKED]:
            sentence = scored.sentence
            if sentence.heading or not all(said(c, sentence.norm) for c in sides):
                continue
            if apart and self._joined(pair, sentence):
                continue
            near = f"{sentence.norm}|{self.pool.head(sentence.clause)}|{self.pool.title(sentence.clause)}"
            if total and sum(c.weight * covers(c, near, self.weigh) for c in others) < _COMMON * total:
                continue
            made = self._quoted(ask, scored, pair.labels)
            if all(said(c, norm(made.lines[0].slots["sentence"])) for c in sides):
                return made
        return None

    def _joined(self, pair: Pair, sentence: Sentence) -> bool:
        """True when a sentence names the two things only in one breath (城市和园区), telling neither."""
        stretches = [text for _, _, text in self.pool.stretches(sentence)]
        told = [[all(said(c, text) for c in words) for text in stretches] for words in pair.words]
        alone = [
            any(here and not there for here, there in zip(*pick, strict=True)) for pick in (told, told[::-1])
        ]
        return any(all(both) for both in zip(*told, strict=True)) and not all(alone)

    def _years(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        """The sentence that says it of each of the years asked about."""
        years = [(str(last), PERIOD_NAMES.get((first, last), "")) for first, last in ask.spans]
        if len(years) < 2:
            return None

        def says_all(text: str) -> bool:
            return all(year in text or (name and name in text) for year, name in years)

        for scored in ranked[:_LOOKED]:
            sentence = scored.sentence
            if not sentence.heading and scored.cover >= _COMMON and says_all(sentence.norm):
                made = self._quoted(ask, scored, [year for year, _ in years])
                return made if says_all(made.lines[0].slots["sentence"]) else None
        return None

    def _amounts(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        """The sentence that speaks of both amounts that a question sets side by side (1.5度和2度)."""
        asked = [q for q in ask.quantities if q.dimension]
        if len(asked) != 2 or asked[0].unit != asked[1].unit or asked[0].measures() == asked[1].measures():
            return None
        for scored in ranked[:_LOOKED]:
            printed = [q.measures() for q in self.pool.numbers(scored.sentence)]
            if scored.cover >= _COMMON and all(q.measures() in printed for q in asked):
                return self._quoted(ask, scored, [q.text for q in asked])
        return None

    def _quoted(self, ask: Ask, scored: Scored, things: Sequence[str]) -> Draft:
        sentence = scored.sentence
        lines = self.quoter.lines(ask, sentence, longest=220)
        return Draft(
            "compare",
            lines,
            scored.score + _BOTH,
            findings=(Finding("quoted", tidy(sentence.text), evidence=lines[0].evidence[0]),),
            steps=(Step("compare", {"things": list(things)}, sentence.clause.id),),
            features={
                "cover": scored.cover,
                "own": scored.own,
                "wide": scored.wide,
                "found": scored.found,
                "pair": 1.0,
            },
        )

    def _about(
        self, own: Sequence[Concept], draft: Draft, *, alone: bool, listing: bool, valued: bool
    ) -> bool:
        """True for an answer whose quoted sentences, their headings or their row carry a side's words.

        `alone`: the question says nothing beside its two sides, so that the answer must be about the side;
        `listing`: it asks for the members of a class; `valued`: for a value.
        """
        if draft.status != "answered" or draft.features.get("cover", 0.0) < _LEAST:
            return False
        if not listing and (draft.maker == "members" or _row_of_names(draft)):
            return False
        if draft.maker == "value" and not valued:
            return False
        if any(draft.features.get(name, 0.0) for name in _AMISS):
            return False
        if confidence(draft) < _SURE:
            return False
        texts = []
        for evidence in draft.evidence:
            clause = self.pool.corpus.clauses[evidence.clause]
            texts += [self.pool.head(clause), self.pool.title(clause)]
            texts += [
                s.norm
                for s in self.pool.sentences(clause)
                if s.start < evidence.end and evidence.start < s.end
            ]
        near = "|".join(texts)
        if (
            alone
            and draft.maker not in _DESCRIBING
            and not any(
                near_start.startswith(option)
                for near_start in texts
                for c in own
                for option, v in c.options
                if v >= _CARRIED
            )
        ):
            return False
        return all(covers(c, near, self.weigh) >= _CARRIED for c in own)


def _row_of_names(draft: Draft) -> bool:
    value = draft.lines[0].slots.get("value", "")
    return draft.maker == "cell" and value.count("、") > 1 and "，" not in value


def _alike(one: Sequence[Draft], two: Sequence[Draft]) -> tuple[Draft, Draft]:
    """The best answers of the two sides, of one kind where there are such."""
    for draft in one:
        same = next((d for d in two if d.maker == draft.maker), None)
        if same is not None:
            return draft, same
    return one[0], two[0]


def _part(ask: Ask, pair: Pair, n: int) -> Ask:
    """The question about one side only."""
    low, high = pair.spans[1 - n]
    kept = tuple(
        c for c in ask.concepts if not (low <= c.start < high) and not COMPARING.fullmatch(c.surface)
    )
    moved = {i: kept.index(c) for i, c in enumerate(ask.concepts) if c in kept}
    kept += tuple(c for c in pair.words[n] if c not in kept)
    away = {"comparison", "yes_no", "rank"}
    away |= {"list"} if _DIFFER.search(ask.text) else set()
    away |= set() if _BODY.search(ask.text) else {"who"}  # 谁 is one of the two
    types = tuple(t for t in ask.types if t not in away) or ("other",)
    if ask.expects and "value" in types:
        types = ("value",)
    return replace(
        ask,
        text=ask.text[:low] + " " * (high - low) + ask.text[high:],
        concepts=kept,
        types=types,
        asks=Asks(frozenset(ask.asks.names - _OPERATORS)),
        asked=frozenset(moved[i] for i in ask.asked if i in moved),
        after=frozenset(moved[i] for i in ask.after if i in moved),
        heads=frozenset(moved[i] for i in ask.heads if i in moved),
    )


@cache
def _patterns(path: Path = DATA / "pairs.toml") -> dict[str, tuple[re.Pattern[str], ...]]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise bad_data(path, str(error)) from error
    if set(data) != {"zh", "en"}:
        raise bad_data(path, "it must hold zh and en")
    fault = pattern_fault(path, "pairs")
    return {key: tuple(lazy_pattern(p, fault=fault) for p in data[key]) for key in ("zh", "en")}
