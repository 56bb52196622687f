"""How two things are worded ("Is it equally strict for A and for B?"): the rule for each, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from policybot.answer.evidence.excerpt import tidy
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.quoting import Quoter
from policybot.answer.matching.match import Concept, Weigher, covers
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding, Line
from policybot.answer.wording.labels import Labels
from policybot.patterns import lazy_pattern

_ASKS = lazy_pattern(
    r"同样|一样|一致|相同|有(?:何|什么)(?:不同|区别|差别)|措辞|表述|口径|力度|更严|哪个更|谁更"
    r"|\b(?:equally|as strict|same|identical|stricter|strict|wording|worded)\b"
    r"|\bdiffer(?:s|ence|ently)?\b"
)
_JOINED = lazy_pattern(r"\s*(?:、|和|与|跟|同|对|相比|and|or|than|from|versus|vs|as|for|on|in|the|\s)+\s*")
_COMPARING = lazy_pattern(
    r"同样|一样|一致|相同|不同|区别|差别|措辞|表述|口径|力度|严格?|更严|要求|程度"
    r"|equally|same|identical|stricter|strict|differs?|difference|differently|wording|worded|text"
)
_TELLING = 0.4  # weight that a word has at least to be one of two things
_CARRIED = 0.8  # share of it that the sentence or its headings must carry
_LEAST = 0.4  # share of the question that the worse of the two sentences must carry
_BOTH = 0.12  # gained by a rule for each


class WordingMaker:
    """Quotes the rules for two things named side by side."""

    def __init__(self, pool: Pool, quoter: Quoter, labels: Labels, weigh: Weigher | None = None) -> None:
        self.pool = pool
        self.quoter = quoter
        self.labels = labels
        self.weigh = weigh

    def draft(self, ask: Ask, search: Callable[[Ask], Sequence[Scored]]) -> Draft | None:
        """Both rules, None when the question compares no wordings or one of them is not found."""
        if not _ASKS.search(ask.text):
            return None
        pair = _pair(ask)
        if pair is None:
            return None
        lines: list[Line] = []
        findings: list[Finding] = []
        found: list[Scored] = []
        for one, other in (pair, pair[::-1]):
            part = _without(ask, other)
            best = next((s for s in search(part) if self._about(one, s)), None)
            if best is None:
                return None
            span = self.quoter.span(part, best.sentence)
            evidence = self.quoter.evidence(best.sentence, span)
            text = self.quoter.shown(part, best.sentence, span).rstrip("。.")
            label = one.options[0][0] if ask.language == "zh" else one.surface
            lines.append(line("compare_line", (evidence,), label=label, value=text))
            findings.append(Finding("quoted", tidy(best.sentence.text), evidence=evidence))
            found.append(best)
        if found[0].sentence == found[1].sentence:
            return None
        worst = min(found, key=lambda s: s.cover)
        if worst.cover < _LEAST:
            return None
        return Draft(
            "compare",
            tuple(lines),
            worst.score + _BOTH,
            findings=tuple(findings),
            steps=(Step("compare_wording", {"things": [c.surface for c in pair]}, ""),),
            features={"cover": worst.cover, "own": worst.own, "wide": worst.wide, "found": worst.found},
        )

    def _about(self, concept: Concept, scored: Scored) -> bool:
        sentence = scored.sentence
        near = f"{sentence.norm}|{self.pool.head(sentence.clause)}"
        return not sentence.heading and covers(concept, near, self.weigh) >= _CARRIED


def _pair(ask: Ask) -> tuple[Concept, Concept] | None:
    """The first two words of some weight with nothing but a joining word between them."""
    terms = [c for c in ask.concepts if c.kind == "term" and c.weight >= _TELLING]
    for one, other in pairwise(terms):
        if _COMPARING.fullmatch(one.surface) or _COMPARING.fullmatch(other.surface):
            continue
        between = ask.text[one.end : other.start]
        if between and _JOINED.fullmatch(between):
            return one, other
    return None


def _without(ask: Ask, other: Concept) -> Ask:
    kept = tuple(c for c in ask.concepts if c is not other and not _COMPARING.fullmatch(c.surface))
    return replace(ask, concepts=kept, asked=frozenset(), after=frozenset(), heads=frozenset())
