"""What a conversation is about: the clauses that carried the answer before, and those that stand beside them.

A follow-up names little, so that words alone lead to another clause that has them too. The clause of the
answer before and its neighbours are looked at whether the search finds them or not, and gain a little.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from policybot.answer.evidence.pool import Scored
from policybot.answer.wording.draft import Draft
from policybot.corpus.model import Clause, Corpus
from policybot.text import squash

_SAME = 0.16  # gained by a sentence of the clause that carried the answer before
_BESIDE = 0.1  # … of one under the same heading, or under it
_AROUND = 0.05  # … of one under the heading above
_TOLD = 0.7  # share of an answer that a draft's evidence must carry to be what it rests on
_LOOKED_AT = 8  # drafts among which it is looked for
_TABLED = 0.3  # lost by an answer from a table after one from a sentence
_REPEATED = 0.1  # lost by the sentence that was the answer before
_SURENESS = 0.5  # share of the gain that adds to the confidence
_MOST = 24  # clauses kept in play
_HELD = ("statement", "value", "who", "definition", "enumeration", "premise", "claim", "list", "led", "pairs")


def carrying(corpus: Corpus, settled: Draft, drafts: Sequence[Draft], answered: str) -> Draft:
    """The draft that an answer given before rests on: the settled one, unless another one alone carries it.

    `answered` is that answer, "" where it is not known: then the settled draft it is.
    """
    told = _tokens(answered)
    if not told or _said(corpus, settled, told) >= _TOLD:
        return settled
    other = next((d for d in drafts[:_LOOKED_AT] if _said(corpus, d, told) >= _TOLD), None)
    return other or settled


def _tokens(text: str) -> set[str]:
    """The numbers and the pairs of Chinese characters in a text."""
    runs = re.findall(r"[\u4e00-\u9fff]+", text)
    return {
        *re.findall(r"\d+(?:\.\d+)?", text),
        *(run[i : i + 2] for run in runs for i in range(len(run) - 1)),
    }


def _said(corpus: Corpus, draft: Draft, tokens: set[str]) -> float:
    text = squash("".join(corpus.clauses[e.clause].text.text[e.start : e.end] for e in draft.evidence))
    return sum(token in text for token in tokens) / len(tokens)


class Context:
    """The clauses in play after an answer, each with what its sentences gain.

    Args:
        draft: that the answer before was worded from.
        put_in: the turn is the earlier question with one thing said otherwise, which says all by itself.
    """

    def __init__(self, corpus: Corpus, draft: Draft, *, put_in: bool = False) -> None:
        self.corpus = corpus
        self.draft = draft
        self.put_in = put_in

    @cached_property
    def gains(self) -> Mapping[str, float]:
        """Clause ids, nearest first, with their gains; none after a refusal or an answer from a table."""
        if self.draft.status != "answered" or self.draft.maker not in _HELD:
            return {}
        gains: dict[str, float] = {}
        own = [self.corpus.clauses[i] for i in dict.fromkeys(e.clause for e in self.draft.evidence)]
        own = [c for c in own if not c.table][:4]
        for clause in own:
            gains[clause.id] = _AROUND if self.put_in else _SAME
        for clause in own:
            for other in (*self.corpus.children(clause), *self._beside(clause)):
                gains.setdefault(other.id, _BESIDE)
        for clause in own:
            above = self.corpus.clauses.get(clause.parent)
            for other in self._beside(above) if above is not None else ():
                gains.setdefault(other.id, _AROUND)
        return dict(list(gains.items())[:_MOST])

    def unrepeated(self, ranked: list[Scored]) -> list[Scored]:
        """Sentences, those of the answer before behind: what is asked next mostly stands in another one."""
        if not self.gains or self.put_in:
            return ranked
        told = {(e.clause, e.start, e.end) for e in self.draft.evidence}
        made = [
            s._replace(held=s.held - _REPEATED)
            if any(
                c == s.sentence.clause.id and a < s.sentence.end and s.sentence.start < b for c, a, b in told
            )
            else s
            for s in ranked
        ]
        return sorted(made, key=lambda s: (-s.score, s.authority))

    def shift(self, draft: Draft) -> float:
        """What a draft gains by where it stands: the same asked of another thing is said alike."""
        if not self.put_in or not self.gains:
            return 0.0
        return -_TABLED if all(self.corpus.clauses[e.clause].table for e in draft.evidence) else 0.0

    def sureness(self, draft: Draft) -> float:
        """What is gained in confidence by a draft that stays with the clauses in play."""
        return _SURENESS * max((self.gains.get(e.clause, 0.0) for e in draft.evidence), default=0.0)

    def _beside(self, clause: Clause) -> list[Clause]:
        """The clauses under the same heading, those next to it first."""
        above = self.corpus.clauses.get(clause.parent)
        if above is None:
            return []
        found = [c for c in self.corpus.children(above) if not c.table]
        at = next((i for i, c in enumerate(found) if c.id == clause.id), 0)
        return sorted((c for c in found if c.id != clause.id), key=lambda c: abs(found.index(c) - at))
