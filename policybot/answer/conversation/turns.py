"""A turn of a conversation to the question it stands for: moves on answers, follow-ups, corrections."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from policybot.answer.checks.text import find_marks
from policybot.answer.conversation.dialogue import LAST, Move, ordinal, read_move
from policybot.answer.conversation.followup import Analyse, resolve
from policybot.answer.conversation.recast import other_ordinal
from policybot.answer.conversation.swap import other_number
from policybot.answer.matching.rarity import Rarity
from policybot.answer.model import Answer
from policybot.corpus.model import Corpus
from policybot.corpus.naming import Mention
from policybot.errors import PolicybotError
from policybot.patterns import lazy_pattern
from policybot.retrieve.analysis import QuestionAnalysis
from policybot.text import is_han
from policybot.tools.clauses import clause as clause_view

_ASKS_MORE = 3  # letters beside the words that point to a listed thing
MEMORY = 12  # earlier turns that are looked at
_LINE_ITEM = lazy_pattern(r"(?m)^\s*(?:[-•·]|\(?\d{1,2}[.)、）])\s*(?P<item>.+)$")
_REFERS = lazy_pattern(
    r"(?:其中|里面?)?(?:排(?:名|在|行)?)?(?:第(?P<zh>[一二三四五六七八九十]|\d{1,2})|最(?P<last>后)一?)"
    r"(?:的?(?:那个|那一个|那座|那家|一个|城市|地方|省份?|国家|者)|名|位|个|座|家)(?:的?城市|的?省份?)?"
    r"|\bthe (?P<en>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)"
    r"(?: (?:one|city|place|country|province|party|of (?:these|those|them)|on (?:the|that|your) list))\b"
)
_COLON = lazy_pattern(r"[：:]\s?")
_NAME = 60  # characters of a name
_OPEN, _CLOSE = "（(“《〈[", "）)”》〉]"

Reply = Callable[[str, Sequence[str]], Answer]


class Conversation:
    """Reads turns over earlier ones.

    Args:
        analyse: a question taken apart.
        reply: the answer to a question after earlier ones; asked for only where a turn speaks about it.
    """

    def __init__(self, corpus: Corpus, analyse: Analyse, rarity: Rarity, reply: Reply) -> None:
        self.corpus, self.analyse, self.rarity, self.reply = corpus, analyse, rarity, reply

    def understand(self, text: str, earlier: Sequence[str], answered: str = "") -> QuestionAnalysis:
        """The question that a turn stands for after earlier ones, oldest first.

        `answered` is the answer to the last of them, where the caller has it.

        Raises:
            PolicybotError: the turn is about the answer before, and there is none or it cites nothing.
        """
        earlier = list(earlier)[-MEMORY:]
        before: QuestionAnalysis | None = None
        for n, turn in enumerate(earlier):
            move = read_move(turn)
            if move is None:
                found = resolve(turn, self.analyse(turn), before, self.analyse, self.rarity)
                before = found if found.concepts or found.places or found.mentions else before
            elif move.kind == "item" and n:
                before = self._item(move, turn, before, earlier[:n]) or before
        move = read_move(text)
        if (
            move is not None
            and move.kind == "item"
            and before is not None
            and (other_ordinal(text, before.text) or other_number(text, before.text))
        ):
            move = None
        if move is not None and (earlier or move.kind != "item"):
            if not earlier:
                raise nothing_cited()
            pointed = self._pointed(move, text, before, earlier)
            if pointed is not None:
                return pointed
        if before is not None and earlier and (named := self._referred(text, earlier, answered)) is not None:
            return replace(self.analyse(named), language=self.analyse(text).language)
        return resolve(text, self.analyse(text), before, self.analyse, self.rarity)

    def _referred(self, text: str, earlier: Sequence[str], answered: str) -> str | None:
        """A turn with the name of the listed thing that it points to ("the second one: its PM2.5?")."""
        match = _REFERS.search(text.lower())
        if match is None or read_move(earlier[-1]) is not None:
            return None
        rest = text[: match.start()] + text[match.end() :]
        if len(re.sub(r"[\W_]", "", rest)) < _ASKS_MORE:
            return None
        items = listed(answered) or listed(self.reply(earlier[-1], earlier[:-1]).answer)
        word = match["zh"] or match["en"]
        item = _nth(items, LAST if word in (None, "last") else ordinal(word))
        if item is None:
            return None
        name = plain_item(item)
        before, after = text[: match.start()], text[match.end() :]
        made = self.analyse(name)
        if not (made.places or made.concepts) or _is_name(name) is False:
            return None
        return f"{before}{name}{after}"

    def _pointed(
        self, move: Move, text: str, before: QuestionAnalysis | None, earlier: Sequence[str]
    ) -> QuestionAnalysis | None:
        """The question for the clause or item that a move points to; None when there is none."""
        if move.kind == "item":
            return self._item(move, text, before, earlier)
        answer = self.reply(earlier[-1], earlier[:-1])
        clauses = tuple(dict.fromkeys(c.clause_id for c in answer.citations if c.clause_id))
        if not clauses:
            raise nothing_cited()
        if move.kind in ("next", "previous"):
            view = clause_view(self.corpus, clauses[0])
            beside = view.next if move.kind == "next" else view.previous
            clauses = (beside.id,) if beside is not None else clauses
        return self._about(text, clauses)

    def _item(
        self, move: Move, text: str, before: QuestionAnalysis | None, earlier: Sequence[str]
    ) -> QuestionAnalysis | None:
        """The question for the n-th thing of the last answer that has so many."""
        for at in range(len(earlier) - 1, -1, -1):
            turn = read_move(earlier[at])
            answer = self.reply(earlier[at], earlier[:at])
            items = listed(answer.answer)
            item = _nth(items, move.n)
            if item is not None:
                return self._picked(item, items, answer, text, before)
            clauses = [c.clause_id for c in answer.citations if c.clause_id]
            clause = _nth(clauses, move.n)
            if clause is not None and len(clauses) > 1:
                return self._about(text, (clause,))
            if turn is None:
                return None
        return None

    def _picked(
        self, item: str, items: Sequence[str], answer: Answer, text: str, before: QuestionAnalysis | None
    ) -> QuestionAnalysis:
        if answer.status == "clarify":
            name = plain_item(item)
            return resolve(name, self.analyse(name), before, self.analyse, self.rarity)
        marks = [n for mark in find_marks(item) for n in mark.numbers]
        alone = marks and sum(f"[{marks[0]}]" in other for other in items) == 1
        cited = [c for c in answer.citations if marks and c.n == marks[0] and c.clause_id]
        if alone and cited and cited[0].clause_id:
            return self._about(text, (cited[0].clause_id,))
        return replace(self.analyse(plain_item(item)), language=self.analyse(text).language)

    def _about(self, text: str, clauses: Sequence[str]) -> QuestionAnalysis:
        """The question for the text of clauses."""
        names = tuple(
            Mention(0, 0, self.corpus.clauses[c].document, c) for c in clauses if c in self.corpus.clauses
        )
        asked = self.analyse(text)
        return replace(
            asked, types=("clause_text",), type="clause_text", expects=(), years=(), base_years=(), places=(),
            concepts=(), mentions=names,
        )  # fmt: skip


def nothing_cited() -> PolicybotError:
    """The error of a turn about an answer that is not there or cites nothing."""
    return PolicybotError(
        "This is about an answer before it, and there is none that cites a clause.",
        "Ask a question first.",
        what_zh="这句话指的是上一个答案，但之前没有引用条款的答案。",
        hint_zh="请先提一个问题。",
    )


def listed(text: str) -> list[str]:
    """The things that an answer lists: its dashed or cited lines, else its longest row of names."""
    lines = [m["item"].strip() for m in _LINE_ITEM.finditer(text)]
    cited = [made.strip() for made in text.split("\n") if find_marks(made)]
    if len(lines) > 1 or len(cited) > 1:
        return lines if len(lines) > 1 else cited
    rows = [split_row(made) for line in text.split("\n") for made in _stretches(line)]
    rows = [row for row in rows if all(_is_name(item) for item in row)]
    return max(rows, key=len, default=[]) if any(len(row) > 1 for row in rows) else []


def _is_name(item: str) -> bool:
    """True for what may stand in a row of names: no sentence, nor half of one."""
    plain = plain_item(item)
    return 0 < len(plain) <= _NAME and not re.search("[，。；,;]|[a-z] is ", plain)


def split_row(text: str) -> list[str]:
    """A text cut at the 、 and commas that stand outside brackets and quotation marks."""
    found, start, depth = [], 0, 0
    for at, char in enumerate(text):
        depth = max(0, depth + (char in _OPEN) - (char in _CLOSE))
        if depth == 0 and (char == "、" or (char == "," and text[at + 1 : at + 2] == " ")):
            found.append(text[start:at])
            start = at + 1
    *more, last = (*found, text[start:])
    ends = re.split(r",? and | ?[和与及] ?", last, maxsplit=1) if more and len(last) <= _NAME else [last]
    return [item.strip() for item in (*more, *ends) if item.strip()]


def _stretches(line: str) -> list[str]:
    """Where a row of names may stand in a line: after its colon, and within brackets."""
    after = _COLON.search(line)
    inside = [m[1] for m in re.finditer(r"[（(]([^（）()]+)[）)]", line)]
    return [line[after.end() :] if after is not None else line, *inside]


def plain_item(item: str) -> str:
    """The name of an item: its Chinese where both are given, without number, marks and punctuation."""
    item = re.sub(r"\s*\[\d+\]", "", item).strip(" 。；;,，.")
    bracket = re.search(r"\((?P<inside>(?:[^()]|\([^()]*\))*)\)$", item)
    if bracket is not None and any(map(is_han, bracket["inside"])) and not is_han(item[0]):
        item = bracket["inside"]
    item = re.sub(r"（\d+项）$", "", item)
    return re.sub(r"^[(（]?\d{1,2}[.、)）]\s*", "", item)


def _nth(things: Sequence[str], n: int) -> str | None:
    at = len(things) if n == LAST else n
    return things[at - 1] if 0 < at <= len(things) else None
