"""The n-th of the things that a heading lists: "the second recommendation of the report", 第三项重点任务."""

from __future__ import annotations

from dataclasses import replace

from policybot.answer.evidence.excerpt import tidy
from policybot.answer.evidence.quoting import Quoter
from policybot.answer.lists.maker import ListMaker
from policybot.answer.lists.outline import Listed
from policybot.answer.matching.match import covers
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.wording.draft import Draft, Finding
from policybot.patterns import lazy_pattern

_HAN = "一二三四五六七八九十"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NTH = lazy_pattern(
    rf"第(?P<zh>[{_HAN}]|\d{{1,2}})(?:条|个|项|点|种|大)"
    rf"|最(?P<last>后)一?[条个项点种]"
    rf"|\b(?P<en>{'|'.join(_ORDINALS)}|last|final)(?= (?!five|of|batch|period|phase|round|time|commitment)\w)"
)
_KINDS = ("children", "points", "lines")
_LEAST = 0.6  # score of the list that is counted in
_NAMED = 0.8  # share of the word behind the ordinal that the list's title must carry
_NEAR = 3  # characters between the ordinal and what it counts
_GAIN = 0.35


class NthMaker:
    """Picks one of a list by its number."""

    def __init__(self, lists: ListMaker, quoter: Quoter) -> None:
        self.lists = lists
        self.quoter = quoter

    def draft(self, ask: Ask) -> Draft | None:
        """The heading with that number under the heading asked about; None where the question names none."""
        match = _NTH.search(ask.text)
        if match is None or len(list(_NTH.finditer(ask.text))) > 1:
            return None
        counted = [
            c for c in ask.concepts
            if c.kind in ("term", "latin") and 0 <= c.start - match.end() <= _NEAR
        ]  # fmt: skip
        if not counted:
            return None
        rest = tuple(c for c in ask.concepts if c.end <= match.start() or c.start >= match.end())
        part = replace(ask, concepts=rest, types=("list",))
        for listed, score in self.lists.headed(part)[:3]:
            n = self._number(match.groupdict(), len(listed.items))
            title = listed.about[0][0]
            if listed.kind not in _KINDS or score < _LEAST or not 0 < n <= len(listed.items):
                continue
            if covers(counted[0], title, self.lists.weigh) < _NAMED:
                continue
            made = self._draft(ask, listed, n, score)
            if made is not None:
                return made
        return None

    @staticmethod
    def _number(groups: dict[str, str | None], size: int) -> int:
        word = groups["zh"] or groups["en"] or ""
        if groups["last"] or word in ("last", "final"):
            return size
        if word.isdigit():
            return int(word)
        return (_HAN.index(word) if word in _HAN else _ORDINALS.index(word)) + 1

    def _draft(self, ask: Ask, listed: Listed, n: int, score: float) -> Draft | None:
        text, used = listed.items[n - 1]
        if not used:
            return None
        clause = self.lists.corpus.clauses[used[0].clause]
        sentences = self.lists.pool.sentences(clause)
        sentence = next((s for s in sentences if s.start <= used[0].start < s.end), None)
        if sentence is None:
            return None
        lines = self.quoter.lines(ask, sentence, "sentence", None)
        evidence = lines[0].evidence[0]
        return Draft(
            "list",
            lines,
            score + _GAIN,
            findings=(Finding("quoted", tidy(text), text="", evidence=evidence),),
            steps=(Step("outline", {"clause": listed.clause, "n": n}, clause.id),),
            features={"cover": score, "own": score, "list": 1.0, "items": float(len(listed.items))},
        )
