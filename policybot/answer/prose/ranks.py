"""The highest and the lowest of things that sentences give values for one after another.

"“A”和“B”得分率较高,分别为86.8%和86.1%,…。而“C”和“D”略低,分别为72.1%和68.4%": the best is A, the worst D.
Groups of values count only where the text says of each on which side it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from policybot.answer.computing.reckoned import Term, reckon
from policybot.answer.computing.sides import HIGHEST, LOWEST
from policybot.answer.evidence.labelled import shared_labels
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Weigher, covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import read_operations
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Draft, Finding, Line, accounting
from policybot.answer.wording.labels import Labels
from policybot.facts.measure import VALUE_KINDS
from policybot.facts.quantities import Quantity, render_value
from policybot.patterns import lazy_pattern

# Words for things that a text ranks; a question for the best of all values asks for no thing.
_THING = lazy_pattern(
    r"领域|方面|板块|部分|环节|维度|模块|[哪几][一个]?(?:项|块|类)|各[项块类]"
    r"|\b(?:areas?|fields?|domains?|aspects?|parts?|dimensions?|pillars?|categor(?:y|ies)|sections?|themes?)\b"
)
_ENDS = (("highest", HIGHEST), ("lowest", LOWEST))
_PRINTED = {
    "highest": lazy_pattern(r"最高|较高|略高|偏高|最[大好]|较[大好]"),
    "lowest": lazy_pattern(r"最低|较低|略低|偏低|最[小差]|较[小差]"),
}
_NAME = lazy_pattern(r"“([^”]{2,24})”")
_SENTENCES = 10  # sentences looked into
_LEAST = 0.55  # share of the question that the sentences must carry
_GAIN = 0.5  # gained over makers of one value
_TELLING, _TOLD = 0.3, 0.7  # weight of a word that says something, share of it that must be carried


class _Entry(NamedTuple):
    name: str
    label: str
    quantity: Quantity
    scored: Scored

    @property
    def evidence(self) -> Evidence:
        sentence, q = self.scored.sentence, self.quantity
        return Evidence(
            sentence.clause.id,
            sentence.start,
            sentence.end,
            (sentence.start + q.start, sentence.start + q.end),
        )


@dataclass(frozen=True)
class _End:
    word: str
    span: tuple[int, int]


class ProseRankMaker:
    """Makes drafts from lists of values in sentences."""

    def __init__(self, pool: Pool, labels: Labels, weigh: Weigher) -> None:
        self.pool = pool
        self.labels = labels
        self.weigh = weigh

    def drafts(self, ask: Ask, ranked: Sequence[Scored]) -> list[Draft]:
        """At most one draft: one line for each end that the question asks for."""
        thing = _THING.search(ask.text)
        if thing is None:
            return []
        ends = [
            _End(word, m.span()) for word, pattern in _ENDS if (m := pattern.search(ask.text)) is not None
        ]
        if not ends:
            return []
        for scored in ranked[:_SENTENCES]:
            if "分别" in scored.sentence.text:
                made = self._draft(ask, ends, self._entries(ranked, scored))
                if made is not None:
                    return [made]
        return []

    def _entries(self, ranked: Sequence[Scored], first: Scored) -> list[_Entry]:
        """The shared-out values of a sentence and of the others of its clause."""
        found = []
        for sentence in self.pool.sentences(first.sentence.clause):
            scored = next((s for s in ranked if s.sentence is sentence), first._replace(sentence=sentence))
            values = [q for q in self.pool.numbers(sentence) if q.kind in VALUE_KINDS]
            for index, label in shared_labels(self.pool, sentence, values).items():
                quoted = _NAME.search(label)
                name = quoted[1] if quoted is not None else label.split("|")[0]
                found.append(_Entry(name, label, values[index], scored))
        return found

    def _draft(self, ask: Ask, ends: Sequence[_End], entries: Sequence[_Entry]) -> Draft | None:
        units = {(e.quantity.kind, e.quantity.unit, e.quantity.direction) for e in entries}
        if len(entries) < 3 or len(units) != 1:
            return None
        chosen = []
        for end in ends:
            side = [e for e in entries if _PRINTED[end.word].search(e.label)]
            other = [
                e
                for e in entries
                if _PRINTED["lowest" if end.word == "highest" else "highest"].search(e.label)
            ]
            if not side or not other:
                return None
            best = (max if end.word == "highest" else min)(side, key=lambda e: e.quantity.amount)
            chosen.append(best)
        cover = self._cover(ask, ends, chosen)
        if cover < _LEAST:
            return None
        lines: list[Line] = []
        findings, steps = [], []
        for end, entry in zip(ends, chosen, strict=True):
            name = entry.name if ask.language == "zh" else self.labels.short(entry.name, "en")
            word = fill(f"word_{end.word}", {}, ask.language)
            shown = render_value(entry.quantity, ask.language)
            values = f"{shown}（{word}）" if ask.language == "zh" else f"{shown} ({word})"
            lines.append(line("plan_row", (entry.evidence,), name=name, values=values))
            findings.append(
                Finding(
                    "quoted",
                    float(entry.quantity.amount),
                    entry.quantity.unit,
                    text=entry.quantity.text,
                    evidence=entry.evidence,
                )
            )
            steps.append(Step("find_value", {"side": entry.name}, entry.quantity.text))
        if len(chosen) == 2 and "difference" in (operations := read_operations(ask.text)):
            terms = [
                Term(e.name if ask.language == "zh" else self.labels.short(e.name, "en"), e.quantity)
                for e in chosen
            ]
            for said, finding, step in reckon(terms, operations, ask.language):
                lines.append(said)
                findings.append(finding)
                steps.append(step)
        features = accounting(cover)
        return Draft(
            "arithmetic",
            tuple(lines),
            cover + _GAIN,
            findings=tuple(findings),
            steps=tuple(steps),
            features=features,
        )

    def _cover(self, ask: Ask, ends: Sequence[_End], chosen: Sequence[_Entry]) -> float:
        """Share of the question that the sentences carry; 0 where they lack a telling word of it."""
        sentences: list[Sentence] = [e.scored.sentence for e in chosen]
        clause = sentences[0].clause
        around = norm(
            "|".join(
                [
                    *(f"{s.before}|{s.norm}" for s in sentences),
                    self.pool.head(clause),
                    self.pool.title(clause),
                ]
            )
        )
        spans = [end.span for end in ends] + [m.span() for m in _THING.finditer(ask.text)]
        spans += [(low, high) for _, low, high in read_operations(ask.text).spans]
        total = found = 0.0
        for concept in ask.concepts:
            if concept.kind == "document" or any(a < concept.end and concept.start < b for a, b in spans):
                worth = 1.0
            else:
                worth = max(covers(concept, around, self.weigh), self.pool.voiced(concept, clause))
            if (
                worth < 0.5
                and concept.known
                and concept.weight >= _TELLING
                and concept.kind in ("term", "place")
            ):
                return 0.0
            total += concept.weight
            found += concept.weight * worth
        return found / total if total else 0.0
