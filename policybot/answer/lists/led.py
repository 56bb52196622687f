"""Lists that a sentence introduces and the clauses under it give ("…，但：(a)…；(b)…"), shown whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policybot.answer.checks.numbers import Pool as Numbers
from policybot.answer.checks.numbers import unaccounted
from policybot.answer.evidence.excerpt import evidence_of, room, strip_label, tidy
from policybot.answer.evidence.pool import Pool, Scored, segments
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import end_sentence, line
from policybot.answer.wording.draft import Draft, Finding, Line
from policybot.corpus.model import Clause, Corpus
from policybot.facts.quantities import find_numbers
from policybot.patterns import lazy_pattern

_OWN = 0.4  # most that an item carries by itself of what it carries with what introduces it
_ITEMS = 3  # of the best sentences, those that may be items of a list
_SENTENCES = 6  # of the best sentences, those that may introduce a list
_MOST = 12  # longer lists are told by their headings
_LONGEST = 110  # characters of an item shown
_LEAD = 60  # characters of the introduction shown
_GAIN = 0.06  # gained by a list over the bare sentence that introduces it
_COUNTED = 0.12  # gained when it has as many items as the question says
_LEADS = lazy_pattern(r"(?:[：:]|但|下列.{0,30}|如下.{0,20}|以下.{0,20})$")
_KINDS = ("item", "list-item", "clause", "paragraph")
_PART = lazy_pattern(r"(?<=[.;])\s+")


class LedListMaker:
    """Finds introducing sentences and puts the list behind them."""

    def __init__(self, corpus: Corpus, pool: Pool) -> None:
        self.corpus = corpus
        self.pool = pool

    def draft(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        """The best introduced list, None when no good sentence introduces one."""
        best: tuple[float, Scored, list[Clause]] | None = None
        wanted = ask.asks.n if "items" in ask.asks else None
        for place, scored in enumerate(self._with_leads(ask, ranked)):
            children = self._led(scored.sentence)
            if not 2 <= len(children) <= _MOST or (place >= _SENTENCES and len(children) != wanted):
                continue
            score = scored.score + _GAIN
            if wanted is not None:
                score += _COUNTED if len(children) == wanted else -_COUNTED
            if best is None or score > best[0]:
                best = (score, scored, children)
        if best is None:
            return None
        score, scored, children = best
        items = [shown(child) for child in children]
        lead = self._lead(scored.sentence)
        lines = [
            line(
                "list_led",
                (evidence_of(scored.sentence),),
                items,
                title=tidy(lead).rstrip("：:，,"),
                count=str(len(items)),
            )
        ]
        if ask.language == "en":
            lines += gists(self.corpus, [used[0] for _, used in items])
        return Draft(
            "led",
            tuple(lines),
            score,
            findings=(Finding("computed", float(len(items)), text=str(len(items))),),
            steps=(Step("outline", {"clause": scored.sentence.clause.id}, f"{len(items)} items"),),
            features={
                "cover": scored.cover,
                "own": scored.own,
                "wide": scored.wide,
                "found": scored.found,
                "worst": scored.worst,
                "elsewhere": float(scored.elsewhere),
                "list": 1.0,
                "items": float(len(items)),
            },
        )

    def _with_leads(self, ask: Ask, ranked: Sequence[Scored]) -> Iterator[Scored]:
        """Sentences; where no annotation tells of what an item is one, also those that introduce the best of
        them, if items are asked for or an item carries the question by what stands above it."""
        for place, scored in enumerate(ranked):
            yield scored
            clause = scored.sentence.clause
            if place >= _ITEMS or clause.kind not in _KINDS or not clause.path or ask.amount:
                continue
            if clause.id in self.corpus.annotations:
                continue
            if ask.type != "list" and scored.own > _OWN * scored.cover:
                continue
            above = self.pool.sentences(self.corpus.clauses[clause.path[-1]])
            if above:
                yield scored._replace(sentence=above[-1])

    def _led(self, sentence: Sentence) -> list[Clause]:
        """The clauses that a sentence introduces: it ends its clause in a colon and they stand under it, or
        it is a heading and they are items with marks."""
        clause = sentence.clause
        if clause.text.text[sentence.end :].strip():
            return []
        if sentence.heading:
            below = self.corpus.children(clause)
            return below if all(c.kind == "list-item" for c in below) else []
        if not _LEADS.search(sentence.text.strip()):
            return []
        return [c for c in self.corpus.children(clause) if c.kind in _KINDS and not c.table]

    @staticmethod
    def _lead(sentence: Sentence) -> str:
        """The end of the introduction, from the start of a stretch."""
        text = sentence.text.strip()
        if len(text) <= _LEAD:
            return text[strip_label(text) :]
        spans = segments(text)
        start = next((a for a, _ in spans if len(text) - a <= _LEAD), spans[-1][0])
        return text[start:]


def shown(clause: Clause) -> tuple[str, tuple[Evidence, ...]]:
    """A clause as an item of a list: its text without the label, as many stretches as fit."""
    text = clause.text.text
    skip = strip_label(text)
    end, longest = len(text), room(text, _LONGEST)
    if end - skip > longest:
        fits = [b for a, b in segments(text) if a >= skip and b - skip <= longest]
        end = fits[-1] if fits else skip + longest
    body = text[skip:end].rstrip("；;。，, \n")
    return tidy(body), (Evidence(clause.id, skip, skip + len(body)),)


def gists(corpus: Corpus, used: Sequence[Evidence]) -> list[Line]:
    """The gists of the clauses that give a list's items, as one line; none when one has no gist."""
    parts = []
    for evidence in used:
        note = corpus.annotations.get(evidence.clause)
        numbers = Numbers()
        numbers.add_text(corpus.clauses[evidence.clause].text.text)
        kept = [
            p.strip().rstrip(".;")
            for p in (_PART.split(note.gist_en) if note else ())
            if p.strip() and not unaccounted(find_numbers(p), numbers)
        ]
        if not kept:
            return []
        parts.append(kept[0])
    return [line("gist", gist=end_sentence("; ".join(parts), "en"))] if parts else []
