"""Rows that belong together: the members of 一类城市, groups that a text or everybody knows, marked rows.

"The five cities with independent planning status" is a list that a sentence prints (`textgroups`); "the
Parties in transition to a market economy" are the rows that a note below their table explains.
"""

from __future__ import annotations

from functools import cached_property

from policybot.answer.evidence.excerpt import tidy
from policybot.answer.matching.match import bare
from policybot.answer.matching.names import place_stem
from policybot.answer.question.ask import Ask
from policybot.answer.question.asks import to_int
from policybot.answer.tables.reading.columns import Span
from policybot.answer.tables.reading.marked import is_marked, noted
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.parsed import Group
from policybot.answer.tables.reading.textgroups import groups_in, printed_groups
from policybot.answer.wording.cite import whole_clause
from policybot.patterns import lazy_pattern

_CLASS_OF = lazy_pattern(
    r"(?<!哪)第?(?P<zh>[一二三四五])类"
    r"|\b(?:class|tier|category|group|type)[- ]?(?P<en>[1-5]|one|two|three|four|five|iv|i{1,3})\b"
    r"|\b(?P<nth>first|second|third|fourth|fifth|1st|2nd|3rd|4th)[- ](?:class|tier|category|group|type)\b"
)
_WHICH_CLASS = lazy_pattern(r"第几类|哪一?类|几类")
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_HAN = "一二三四五"
_MARKED = lazy_pattern(
    r"(?:带|有|标|加|打)(?:了|着|有)?(?:一?个)?(?:星号?|[*＊])的?|星号"
    r"|(?:经济)?(?:转型|过渡)(?:期|中)?的?(?:国家|经济体|缔约方)|经济转型|向市场经济过渡的?"
    r"|\b(?:starred|asterisk(?:ed|s)?|(?:marked|shown|printed) with (?:an? )?(?:star|asterisk)s?)\b"
    r"|\btransition(?:al|ing)? (?:economies|economy|countries|country|parties|party)\b"
    r"|\b(?:(?:economies|countries|parties|states) )?(?:in |undergoing (?:the process of )?)?"
    r"transition(?:ing)? to a market economy\b|\b(?:economies|countries|parties) in transition\b"
)
SIZE = lazy_pattern(  # how many things of a group there are, beside its name
    r"[二两三四五六七八九十\d]个|\b(?:two|three|four|five|six|seven|eight|nine|ten|\d+)(?: cities"
    r"| provinces)?(?: with)?(?: \w+)?\b"
)


class GroupBook:
    """The groups of one corpus' rows."""

    def __init__(self, book: TableBook) -> None:
        self.book = book
        self.listing = [view for view in book.views if view.of_kind("names") is not None]
        self._texts = printed_groups(book.corpus, book.views)

    def named(self, ask: Ask, used: list[Span]) -> list[Group]:
        """The groups that the question names; where it names them is added to `used`."""
        found = self._classes(ask, used) or self._labelled(ask, used)
        found += self._told(ask, used)
        marks = [m.span() for m in _MARKED.finditer(ask.text)]
        if marks and self._marked:
            used += marks
            found += self._marked
        return found

    def _classes(self, ask: Ask, used: list[Span]) -> list[Group]:
        numbers = []
        telling = _WHICH_CLASS.search(ask.text) is not None  # "which of the four classes"
        for match in _CLASS_OF.finditer(ask.text):
            if telling and match["zh"] and not match.group().startswith("第"):
                continue
            word = match["zh"] or match["en"] or match["nth"]
            number = (
                _HAN.index(word) + 1 if word in _HAN else _NTH.get(word) or _ROMAN.get(word) or to_int(word)
            )
            numbers.append(number)
            used.append(match.span())
        found = []
        for view in self.listing if numbers else ():
            column = view.of_kind("names")
            for number in dict.fromkeys(n for n in numbers if n):
                key = f"{_HAN[number - 1]}类"
                row = next((r for r in view.rows if r.key.startswith(key)), None)
                if row is None or column is None:
                    continue
                names = frozenset(place_stem(bare(p)) for p in row.cells[column.index].text.split("、"))
                found.append(Group(row.key, names, self.book.evidence(view, row)))
        return found

    def _labelled(self, ask: Ask, used: list[Span]) -> list[Group]:
        """The classes that the question calls by the label before their description (能源基地：…)."""
        found = []
        for view in self.listing:
            column, text = view.of_kind("names"), view.of_kind("text")
            for row in view.rows if column is not None and text is not None else ():
                label, colon, _ = row.cells[text.index].text.partition("：")  # type: ignore[union-attr]
                spans = [
                    (c.start, c.end)
                    for c in ask.concepts
                    if any(bare(o) == label for o, v in c.options if v > 0.7)
                ]
                at = ask.text.find(label)
                if at >= 0:
                    spans.append((at, at + len(label)))
                if not colon or not spans:
                    continue
                used += spans
                names = frozenset(place_stem(bare(p)) for p in row.cells[column.index].text.split("、"))  # type: ignore[union-attr]
                found.append(Group(row.key, names, self.book.evidence(view, row)))
        return found

    def _told(self, ask: Ask, used: list[Span]) -> list[Group]:
        found = []
        for group, span in groups_in(ask, self._texts):
            found.append(Group(group.label, group.names, group.evidence))
            sizes = (m.span() for m in SIZE.finditer(ask.text, 0, span[0]))
            used += [span, *(size for size in sizes if size[1] >= span[0] - 12)]
        return found

    @cached_property
    def _marked(self) -> list[Group]:
        """The rows marked in each table that has a note on the mark."""
        found = []
        for view, note in noted(self.book):
            names = frozenset(name for row in view.rows if is_marked(row) for name in row.names)
            label = tidy(note.text.text.strip("*＊ 。"))
            found.append(Group(label, names, (whole_clause(note),)))
        return found
