"""What stands beside a quotation and says of one of two things what the quotation says of the other.

"产业结构偏重的城市…，要推进…。产业结构较优的城市，要推动…": a question about both gets both sentences.
"""

from __future__ import annotations

from dataclasses import replace

from policybot.answer.comparing.pairs import APART, COMPARING, Pair, said
from policybot.answer.evidence.excerpt import tidy
from policybot.answer.evidence.pool import Pool
from policybot.answer.evidence.quoting import Quoter
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import pairs as letters
from policybot.answer.question.ask import Ask
from policybot.answer.wording.draft import Draft, Finding

_QUOTING = ("statement", "value", "definition", "who")  # makers whose answer is one sentence
_WHOLE = 330  # characters of a sentence that is quoted whole
_HEAD = 12  # characters at the head of a sentence by which two are parallel
_LIKE = 0.4  # share of their pairs that are the same


class Widener:
    """Widens the answers of questions about two things."""

    def __init__(self, pool: Pool, quoter: Quoter) -> None:
        self.pool, self.quoter = pool, quoter

    def widened(self, ask: Ask, pair: Pair | None, draft: Draft) -> Draft:
        """A quotation about two things with what its sentence and the one beside it say of the other."""
        if (
            pair is None
            or draft.maker not in _QUOTING
            or not (COMPARING.search(ask.text) or APART.search(ask.text))
            or not draft.evidence
        ):
            return draft
        evidence = draft.evidence[0]
        clause = self.pool.corpus.clauses[evidence.clause]
        sentences = self.pool.sentences(clause)
        at = next((i for i, s in enumerate(sentences) if s.start <= evidence.start < s.end), None)
        if at is None:
            return draft
        lines = list(draft.lines)
        if draft.maker == "statement" and len(sentences[at].text) <= _WHOLE:
            whole_of = (sentences[at].start, sentences[at].end)
            lines = [*self.quoter.lines(ask, sentences[at], focus=whole_of, longest=_WHOLE)]
        near = [*sentences[at + 1 : at + 2], *sentences[max(0, at - 1) : at]]
        beside = next((s for s in near if self._parallel(pair, sentences[at], s, draft.maker)), None)
        if beside is None and lines[0] == draft.lines[0]:
            return draft
        findings = draft.findings
        if beside is not None:
            more = self.quoter.lines(ask, beside, longest=_WHOLE)
            lines += more
            findings += (Finding("quoted", tidy(beside.text), evidence=more[0].evidence[0]),)
        features = {**draft.features, "pair": 1.0}
        return replace(draft, lines=tuple(lines), findings=findings, features=features)

    @staticmethod
    def _parallel(pair: Pair, one: Sentence, two: Sentence, maker: str) -> bool:
        """True for a sentence that says of something else what another one says, or is of the other side."""
        if two.heading or one.heading or all(said(c, one.norm) for words in pair.words for c in words):
            return False
        first, second = (set(letters(s.norm[:_HEAD])) for s in (one, two))
        alike = len(first & second) / max(1, min(len(first), len(second)))
        other = any(
            all(said(c, two.norm) for c in words) and not all(said(c, one.norm) for c in words)
            for words in pair.words
        )
        return alike >= _LIKE / 2 if other else maker == "statement" and alike >= _LIKE
