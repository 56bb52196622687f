"""Which sentence of the clauses found says what was asked: the choice an extractive answer stands on.

Features of a sentence (weights in ``data/weights.toml``, section ``sentence``):

- coverage: concepts of the question met in the sentence itself, weighed by how rare they are;
- context: the same with the headings and the rest of the clause counted too;
- year: 1 when the year asked about governs the sentence, -1 when another one does, 0 without years;
- base: the same for a base year (比2005年);
- place: share of the places named that stand in the sentence or the headings, less 1 when none does;
- value: a value of a kind asked for stands there;
- ruling: for yes/no questions, the sentence forbids, limits or permits something;
- definition: the sentence defines the thing asked about (X是指 …);
- near: how close together the concepts stand;
- run: longest stretch of the question that stands there in one piece;
- number: share of the question's own amounts (1吨, 9种) that stand there;
- heading: concepts met in the headings above.

A year in the leading part of a sentence governs the sentences after it until another one takes over:
到2030年，A。B；C are all for 2030.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from policybot.retrieve.analysis import HOME
from policybot.retrieve.evidence import ClauseView, Sentence, met
from policybot.retrieve.scope import Meeting, Scope, agreement, meeting
from policybot.retrieve.weights import Weights, weighed
from policybot.text import fold, squash

SHOWN = 0.3  # worth of an amount of the kind asked for, in parts of a sentence
_OPENING = frozenset("（(《“「[【")
_CLOSING = frozenset("）)》”」]】")


@dataclass(frozen=True)
class SentenceHit:
    """A sentence that may answer: offsets into the clause's text (`Clause.text.text`).

    `segment` is the part of the sentence, cut at ；and ，, that meets the question best (equal to
    (start, end) when the sentence is one piece).
    """

    clause_id: str
    start: int
    end: int
    score: float
    features: dict[str, float] = field(default_factory=dict)
    segment: tuple[int, int] = (0, 0)


def sentence_features(
    scope: Scope, view: ClauseView, sentence: Sentence, found: Meeting, run: float
) -> dict[str, float]:
    """The features of one sentence, see the module's docstring.

    `found` and `run` are the clause's meeting and run: what the clause lacks its sentences lack too.
    """
    tight, alone = sentence.tight, len(view.sentences) == 1
    own = 0.0
    first, last, spots = len(tight), 0, 0
    for (options, weight), body in zip(scope.concepts, found.body, strict=True):
        if not body:
            continue
        here = body if alone else met(options, sentence.body, tight)
        if here:
            own += weight * here
            for option in options:
                at = tight.find(option.text)
                if at >= 0:
                    first, last, spots = min(first, at), max(last, at), spots + 1
                    break
    analysis = scope.analysis
    return {
        "coverage": own / scope.total,
        "context": found.wide / scope.total,
        "heading": found.above / scope.total,
        "year": agreement(analysis.years, sentence.years),
        "base": agreement(analysis.base_years, sentence.base_years),
        "place": named(scope, tight, view.tight_head),
        "value": scope.shows_value(tight),
        "number": scope.same_amounts(sentence),
        "ruling": scope.rules_on(tight),
        "definition": float(scope.defines is not None and scope.defines.search(tight) is not None),
        "near": 1.0 / (1.0 + (last - first) / 20) if spots > 1 else 0.0,
        "run": run if alone or not run else longest_run(scope.runs, tight),
    }


def rank_sentences(
    scope: Scope, clauses: Sequence[tuple[ClauseView, float]], n: int, weights: Weights
) -> list[SentenceHit]:
    """The best `n` sentences of some clauses, best first, ties in the order of the clauses.

    Args:
        scope: the question.
        clauses: clauses with their scores in the search.
        n: how many at most.
        weights: of the features; a sentence's score is theirs plus `clause` times its clause's score.
    """
    hits = []
    for view, score in clauses:
        found, run = meeting(scope, view), longest_run(scope.runs, view.tight_body)
        for sentence in view.sentences:
            features = sentence_features(scope, view, sentence, found, run)
            total = weighed(features, weights.sentence) + weights.search["sentence_clause"] * score
            hits.append((total, view, sentence, features))
    hits.sort(key=lambda hit: -hit[0])  # stable: equal scores stay in order
    return [
        SentenceHit(
            view.clause.id, sentence.start, sentence.end, total, features, best_segment(scope, view, sentence)
        )
        for total, view, sentence, features in hits[:n]
    ]


def best_segment(scope: Scope, view: ClauseView, sentence: Sentence) -> tuple[int, int]:
    """The part of a sentence that meets the question best: offsets into the clause's text.

    Parts end at ；and ，outside brackets and quotes. When an amount is asked for and the best part has
    none, it is taken together with the next one that does.
    """
    if view.clause.kind in ("row", "table"):
        return sentence.start, sentence.end
    text = view.clause.text.text[sentence.start : sentence.end]
    parts = segments(text)
    if len(parts) < 2:
        return sentence.start, sentence.end
    folded = [squash(fold(text[start:end])) for start, end in parts]
    shown = [scope.shows_value(part) for part in folded]
    worth = [
        sum(weight * met(options, part, part) for options, weight in scope.concepts) / scope.total
        + SHOWN * value
        for part, value in zip(folded, shown, strict=True)
    ]
    first = last = max(range(len(parts)), key=lambda number: (worth[number], -number))
    if scope.analysis.expects and not shown[first]:
        last = next((n for n in range(first + 1, len(parts)) if shown[n]), first)
    return sentence.start + parts[first][0], sentence.start + parts[last][1]


def segments(text: str) -> list[tuple[int, int]]:
    """Parts of a sentence between ；and ，(also ; and ,) outside brackets, quotes and numbers."""
    found: list[tuple[int, int]] = []
    depth = start = 0
    for at, char in enumerate(text):
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth = max(0, depth - 1)
        elif char in "；，;," and not depth and not text[at + 1 : at + 2].isdigit():
            found.append((start, at))
            start = at + 1
    found.append((start, len(text)))
    return [(a + len(text[a:b]) - len(text[a:b].lstrip()), b) for a, b in found if text[a:b].strip()]


def named(scope: Scope, tight: str, head: str) -> float:
    """Share of the places named in the question that stand in a text or its headings; -1 for none of them."""
    places = scope.analysis.places
    if not places:
        return 0.0
    found = sum(any(w.text in tight or w.text in head for w in place.wordings) for place in places)
    if found:
        return found / len(places)
    return 0.0 if all(place.wordings[0].text == HOME for place in places) else -1.0


def longest_run(runs: Sequence[str], tight: str) -> float:
    """Length of the longest stretch of the question that stands in the text, as a share of 12 characters."""
    best = 0
    for run in runs:
        start = end = 0
        while end < len(run):
            end += 1
            while run[start:end] not in tight:
                start += 1
            if end - start > best:
                best = end - start
    return min(best / 12, 1.0) if best > 2 else 0.0
