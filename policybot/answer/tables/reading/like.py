"""Conditions put by a row ("cleaner air than Shanghai", "跟上海一样"): the row's value is the bound.

The row itself is left out of what is listed or counted.
"""

from __future__ import annotations

from policybot.answer.question.ask import Ask
from policybot.answer.tables.reading.columns import ColumnUse, stretch_at
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.order import fell
from policybot.answer.tables.reading.parsed import Bound, TableQuestion
from policybot.patterns import lazy_pattern

_LIST = lazy_pattern(
    r"哪[些几]|几[个座家国]|多少[个座家]|有谁|还有谁"
    r"|\bhow many\b|\b(?:which|what|name|list) (?:[\w-]+ ){0,4}?(?:cities|provinces|parties|countries|places"
    r"|regions|indicators|members|states|ones)\b|\b(?:who|which) else\b"
)
_SAME = lazy_pattern(
    r"一样|相同|同样|相等|并列|一致|持平|同一年"
    r"|\bsame\b|\bidentical\b|\bequal\b|\bas (?:early|late|high|low|much|many) as\b"
)
_MORE = lazy_pattern(
    r"(?:比|较|于).{0,12}?[还更要]?(?:高|多|大|晚|迟|快)|高于|多于|大于|晚于|超过|超出|胜过"
    r"|\b(?:higher|more|greater|larger|bigger|later|exceed\w*|above|over|after|surpass\w*|faster)\b"
)
_LESS = lazy_pattern(
    r"(?:比|较|于).{0,12}?[还更要]?(?:低|少|小|早|慢)|低于|少于|小于|早于|不如|不及"
    r"|\b(?:lower|less|fewer|smaller|earlier|sooner|below|under|before|slower)\b"
)


def row_bounds(ask: Ask, question: TableQuestion, book: TableBook) -> None:
    """Turns the one row that a question names into a condition, where it lists or counts rows like it."""
    if len(question.named) != 1 or question.bounds or question.orders or not _LIST.search(ask.text):
        return
    named = question.named[0]
    use = next((u for u in question.uses if u.view.table.id in named.rows), None)
    if use is None:
        return
    row = named.rows[use.view.table.id]
    value = row.cells[use.column.index].value
    kind = _kind(ask, use)
    if value is None or kind is None:
        return
    question.named = []
    question.excluded.append(named)
    question.told = (book.row_evidence(row.id),)
    question.bounds = [Bound(use, kind, value, given=False)]
    question.used += [m.span() for p in (_SAME, _MORE, _LESS) for m in p.finditer(ask.text)]


def _kind(ask: Ask, use: ColumnUse) -> str | None:
    if _SAME.search(ask.text):
        return "equal"
    naming = use.naming
    for pattern, kind in ((naming.low, "below"), (naming.high, "above")) if naming is not None else ():
        match = pattern.search(ask.text) if pattern is not None else None
        if match is not None and stretch_at(ask.text, match.span()):
            return kind
    more, less = _MORE.search(ask.text) is not None, _LESS.search(ask.text) is not None
    if more == less:
        return None
    return "above" if more != fell(ask, use) else "below"
