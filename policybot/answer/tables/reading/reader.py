"""A question over tables taken apart: columns, rows, conditions, order and operations, each with its place.

Everything that the question says is accounted for by a part of the plan, or counts against it: a year
that no table used is about, or a place that none lists, means that the tables do not answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from policybot.answer.matching.match import bare, covers
from policybot.answer.matching.names import place_stem
from policybot.answer.question.ask import Ask
from policybot.answer.question.asks import to_int
from policybot.answer.question.leftout import exceptions
from policybot.answer.question.operations import Operations, read_operations, short_places
from policybot.answer.tables.reading.base import base_bounds
from policybot.answer.tables.reading.change import on_change
from policybot.answer.tables.reading.columns import ColumnUse, Span, column_uses, overlaps, sole_column
from policybot.answer.tables.reading.groups import SIZE, GroupBook
from policybot.answer.tables.reading.like import row_bounds
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.order import SEVERAL, fell, near_use, read_orders
from policybot.answer.tables.reading.parsed import Bound, Group, Named, TableQuestion
from policybot.answer.tables.reading.views import RowView, View
from policybot.patterns import lazy_pattern

_LABEL = lazy_pattern(r"(?:图表|附表|附件|表|chart|table|annex|figure)\s*(?:\d+|[a-e]\b)", re.IGNORECASE)
TABLE = lazy_pattern(
    r"样例表|表格|[图列]?表(?:中|里|上|内)|[这那](?:一)?(?:格|栏|行|列|项)|一[格栏]|按表|数字|数值|\b(?:tables?|charts?|rows?|columns?|cells?|figures?|numbers?|values?)\b"
)  # words for a table and its parts
_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = lazy_pattern(
    rf"(?:between|from)\s+({_NUMBER})\s*%?\s+(?:and|to)\s+({_NUMBER})"
    rf"|(?:在|介于)?({_NUMBER})\s*%?\s*(?:到|至|和|与|-|~|—)\s*({_NUMBER})\s*%?(?:[^，。？]{{0,4}}之间|(?=个))"
)
_BEFORE = lazy_pattern(
    rf"(?<![\d.第])({_NUMBER}|[一二两三四五六七八九]|one|two|three|four|five)\s*个?"
    r"(?:first-batch )?(?:pilot )?$"
)
_COMPARING = lazy_pattern(  # what a condition is put with, wherever it stands
    r"超过|超出|高于|低于|大于|小于|多于|少于|突破"
    r"|\b(?:exceed\w*|surpass\w*|above|below|over|under|higher|lower|more|less|greater|fewer|beyond)\b"
)
_NO_CONDITION = lazy_pattern(  # what is asked of a row, and of a row found before
    r"(?:多少|几)(?![个座家])|怎么|怎样|如何|它|那里|该|\bhow\b(?! many)|\bby what\b|\b(?:it|its|there)\b"
    r"|\b(?:that|this|the same) city\b"
)
_ASKS_YEAR = lazy_pattern(r"哪一?年|何时|什么时候|几几年|\bwhen\b|\b(?:what|which) (?:peak )?year\b")
_DECIMAL = lazy_pattern(r"(?<![\d.pm])(-?\d+\.\d+)(?![\d.])")
_BOUNDS = ("below", "above", "at_least", "at_most", "equal")
_CLASSES = lazy_pattern(r"类|class|categor|tier|\btype\b|\bgroup\b")
_ABOUT = 0.85  # worth of a word that the tables' captions carry
_HALF = 0.5
_WHOLE = 20  # least number that may be a whole, of which rows give parts


class TableReader:
    """Reads questions over one corpus' tables."""

    def __init__(self, book: TableBook) -> None:
        self.book = book
        self._groups = GroupBook(book)
        self._last: tuple[Ask, list[ColumnUse]] | None = None

    def read(self, ask: Ask, among: Group | None = None) -> TableQuestion | None:
        """The parts of a question over tables; None when it names no column or says something else.

        `among` are the rows that it is over, where they were found before.
        """
        uses = self._uses(ask)
        # "the 2019 figures" names a column only where nothing else does.
        uses = [u for u in uses if not all(TABLE.fullmatch(ask.text, *s) for s in u.spans)] or uses
        if not any(self._lists_all(ask, u.view) for u in uses):
            uses = sole_column(ask, self.book.views, self.book.weigh) or uses
        if not uses:
            return None
        used: list[Span] = [span for use in uses for span in use.spans]
        used += [m.span() for pattern in (_LABEL, TABLE) for m in pattern.finditer(ask.text)]
        labels = [m.span() for m in _LABEL.finditer(ask.text)]
        question = TableQuestion(uses, operations=_outside(read_operations(ask.text), used))
        used += [(low, high) for _, low, high in question.operations.spans]
        question.named, question.excluded = self._named(ask, uses, used)
        if not self._places_known(ask, question):
            return None
        question.groups = [among] if among is not None else self.groups(ask, used)
        orders = read_orders(ask, uses, used, named=bool(question.named))
        if orders is None or any(on_change(ask, order.use, uses) for order in orders):
            return None
        question.orders = orders
        question.bounds = self._bounds(ask, question, labels, used)
        question.used = used
        row_bounds(ask, question, self.book)
        if question.bounds:
            used += [m.span() for m in _COMPARING.finditer(ask.text)]
        if question.bounds is None or not self._years_known(ask, question):
            return None
        question.averaged = "mean" in read_operations(ask.text)
        used += _directions(ask, uses)
        question.show_class = (
            not question.groups and "class" in ask.asks and _CLASSES.search(ask.text) is not None
        )
        question.used = used
        question.cover = self.cover(ask, question)
        return question

    def _uses(self, ask: Ask) -> list[ColumnUse]:
        """The columns that a question names; kept for the next look at the same question."""
        last = self._last
        if last is None or last[0] is not ask:
            last = self._last = (ask, self._right_documents(ask, column_uses(ask, self.book.views)))
        return last[1]

    def asks_other(self, ask: Ask) -> bool:
        """True when a superlative is on the change of something of which tables print levels, or on what
        none prints."""
        uses = self._uses(ask)
        orders = read_orders(ask, uses, [], named=bool(ask.places))
        return orders is None or any(on_change(ask, order.use, uses) for order in orders)

    def listing(self, names: Sequence[str]) -> tuple[View, RowView] | None:
        """The table and row that list a name ("三类城市" for 昆明)."""
        for view in self._groups.listing:
            column = view.of_kind("names")
            if column is None:
                continue
            for name in names:
                row = self.book.listed_in(view, column, place_stem(name))
                if row is not None:
                    return view, row
        return None

    def _right_documents(self, ask: Ask, uses: list[ColumnUse]) -> list[ColumnUse]:
        if not ask.documents:
            return uses
        return [u for u in uses if u.view.table.document in ask.documents]

    @staticmethod
    def _lists_all(ask: Ask, view: View) -> bool:
        return all(any(place_stem(bare(n)) in view.keys for n in names) for names in ask.place_names)

    def _named(
        self, ask: Ask, uses: Sequence[ColumnUse], used: list[Span]
    ) -> tuple[list[Named], list[Named]]:
        """The rows that the question names, and those of them that it leaves out."""
        found: dict[str, tuple[int, Named]] = {}
        short = {place_stem(name): (low, high) for name, low, high in short_places(ask.text)}
        for view in {use.view.table.id: use.view for use in uses}.values():
            for hit in self.book.rows(view, ask):
                if hit.strength < 0.99:
                    continue
                at = hit.at
                self._add(found, view, hit.row, at)
                used += [(ask.concepts[i].start, ask.concepts[i].end) for i in hit.used]
                if not hit.used and at >= 0:
                    used += [
                        m.span() for m in re.finditer(re.escape(hit.row.key.strip("* ").lower()), ask.text)
                    ]
            for row in view.rows:
                for name in row.names:
                    if name in short:
                        self._add(found, view, row, short[name][0])
                        used.append((short[name][0], short[name][1] + 2))
        ordered = sorted(found.values(), key=lambda pair: pair[0])
        left_out = exceptions(ask.text)
        kept = [named for at, named in ordered if not overlaps((at, at + 1), left_out)]
        return kept, [named for at, named in ordered if overlaps((at, at + 1), left_out)]

    @staticmethod
    def _add(found: dict[str, tuple[int, Named]], view: View, row: RowView, at: int) -> None:
        key = row.names[-1]
        if key not in found:
            found[key] = (at, Named(row.key.strip("* "), {}))
        found[key][1].rows.setdefault(view.table.id, row)

    def _places_known(self, ask: Ask, question: TableQuestion) -> bool:
        """False when the question names a place that no table used lists or is about."""
        for names in ask.place_names:
            if names[0] == "中国":
                continue
            stems = {place_stem(bare(n)) for n in names}
            rows = (r for n in (*question.named, *question.excluded) for r in n.rows.values())
            listed = any(stems & set(row.names) for row in rows)
            about = any(stem in use.view.about for stem in stems for use in question.uses)
            if not listed and not about:
                return False
        return True

    def groups(self, ask: Ask, used: list[Span]) -> list[Group]:
        """The rows listed together that the question names; where it names them is added to `used`."""
        return self._groups.named(ask, used)

    def _bounds(
        self, ask: Ask, question: TableQuestion, labels: Sequence[Span], used: list[Span]
    ) -> list[Bound]:
        uses = question.uses
        rowcounts = [f"{len(u.view.rows)}" for u in uses]
        found: list[Bound] = []
        taken = list(labels)
        for match in _RANGE.finditer(ask.text):
            low, high = match[1] or match[3], match[2] or match[4]
            near = near_use(ask, uses, match.span())
            if near is None or near.yearly != (1900 < float(low) < 2100):
                continue
            found += [Bound(near, "at_least", float(low)), Bound(near, "at_most", float(high))]
            taken.append(match.span())
        tops = [(low, high) for name, low, high in ask.asks.spans if name == "top_n"]
        tops += [m.span() for m in SEVERAL.finditer(ask.text)]
        if question.groups:
            tops += [m.span() for m in SIZE.finditer(ask.text)]  # "the four municipalities"
        for name, low, high in ask.asks.spans:
            if name not in _BOUNDS or overlaps((low, high), taken):
                continue
            number = re.search(
                r"-?\d[\d,]*(?:\.\d+)?|[一两三四五六七八九十]"
                r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b",
                ask.text[low:high],
            )
            if number is None or (name == "equal" and overlaps((low, high), tops)):
                continue
            word = number.group()
            value = float(to_int(word) if to_int(word) is not None else word.replace(",", ""))  # type: ignore[arg-type]
            if 1900 < value < 2100:
                used.append((low, high))
                continue
            if name == "equal" and word in rowcounts:
                continue
            if "rest" in question.operations and name == "equal" and value >= _WHOLE:
                continue  # the whole of which some is left
            span = (low + number.start(), low + number.end())
            near = near_use(ask, uses, span)
            if near is None or near.yearly:
                continue
            based = near.naming is not None and near.naming.base is not None
            if not based and name in ("above", "at_least") and fell(ask, near, span):
                name, value = ("below" if name == "above" else "at_most"), -value
            found.append(Bound(near, name, value))
            taken.append((low, high))
        for use in uses:
            for low, _ in use.spans:
                before = _BEFORE.search(ask.text, 0, low)
                if before is None or overlaps(before.span(1), [*taken, *tops]) or use.yearly:
                    continue
                word = before[1]
                value = float(to_int(word) if to_int(word) is not None else word)  # type: ignore[arg-type]
                if 1900 < value < 2100:
                    continue  # the year of the values
                if word not in rowcounts and not any(b.use is use for b in found):
                    found.append(Bound(use, "equal", value))
                    taken.append(before.span(1))
        for match in _DECIMAL.finditer(ask.text):
            if overlaps(match.span(), taken):
                continue
            printed = self._printed(ask, uses, match)
            if printed is not None:
                found.append(printed)
                taken.append(match.span())
        if not question.named:
            found = base_bounds(ask, uses, found, taken, {o.use.key for o in question.orders})
        used += taken
        return _once(found + self._year_bounds(ask, question) + self._signs(ask, question, found))

    def _printed(self, ask: Ask, uses: Sequence[ColumnUse], match: re.Match[str]) -> Bound | None:
        """A number with decimals that the column it stands by prints: the row is told by its value."""
        near = near_use(ask, uses, match.span())
        if near is None or near.yearly:
            return None
        value = float(match[1])
        values = [row.cells[near.column.index].value for row in near.view.rows]
        for told in (-value, value) if fell(ask, near, match.span()) else (value,):
            if told in values:
                return Bound(near, "equal", told)
        return None

    def _year_bounds(self, ask: Ask, question: TableQuestion) -> list[Bound]:
        yearly = [u for u in question.uses if u.yearly]
        if not yearly or question.named or _ASKS_YEAR.search(ask.text):
            return []
        others = " ".join(u.view.about for u in question.uses if not u.yearly)
        years = [y for span in ask.spans for y in span if str(y) not in others]
        kinds = {x: kind for kind, x in ask.asks.bounds if 1900 < x < 2100 and kind != "equal"}
        ranged = [s for s in ask.spans if s[0] != s[1] and all(y in years for y in s)]
        if ranged:
            first, last = ranged[0]
            return [Bound(yearly[0], "at_least", float(first)), Bound(yearly[0], "at_most", float(last))]
        return [Bound(yearly[0], kinds.get(float(y), "equal"), float(y)) for y in dict.fromkeys(years)]

    def _signs(self, ask: Ask, question: TableQuestion, found: Sequence[Bound]) -> list[Bound]:
        """ "Which cities' share fell": a condition on the sign of a column of changes."""
        if question.named or not ("count" in question.operations or "list" in question.operations):
            return []
        signs = []
        for use in question.uses:
            ordered = any(o.use.key == use.key for o in question.orders)
            if use.naming is None or use.naming.base is not None:
                continue
            if use.naming.rising is None or ordered or any(b.use is use for b in found):
                continue
            if _NO_CONDITION.search(use.stretch(ask.text)):
                continue
            if fell(ask, use):
                signs.append(Bound(use, "below", 0.0, given=False))
            elif use.naming.rising.search(use.stretch(ask.text)):
                signs.append(Bound(use, "above", 0.0, given=False))
        return signs

    def _is_own(self, question: TableQuestion, year: int) -> bool:
        """True for a year that a table used is about."""
        for use in question.uses:
            document = self.book.corpus.documents[use.view.table.document]
            based = use.naming is not None and use.naming.base is not None and year == use.naming.year
            if based or str(year) in use.view.about or document.date.startswith(str(year)):
                return True
        return False

    def _years_known(self, ask: Ask, question: TableQuestion) -> bool:
        bound = {b.value for b in question.bounds}
        return (
            all(self._is_own(question, y) or float(y) in bound for span in ask.spans for y in span)
            and not ask.base_years
        )

    def cover(self, ask: Ask, question: TableQuestion, further: Sequence[str] = ()) -> float:
        """Share of a question that its parts account for; `further` are other texts of the answer,"
        " normalised."""
        used = question.used
        texts = [u.view.about for u in question.uses] + [
            name for u in question.uses for name in (u.view.columns[u.view.key].norm, u.column.norm)
        ]
        counts = tuple(str(len(u.view.rows)) for u in question.uses)  # "all 35 cities"
        total = found = 0.0
        for concept in ask.concepts:
            size = max(1, concept.end - concept.start)
            shared = sum(1 for at in range(concept.start, concept.end) if any(a <= at < b for a, b in used))
            worth = 1.0 if shared >= _HALF * size else 0.0
            if concept.kind == "document" or concept.surface.startswith(counts):
                worth = 1.0
            if worth < 1.0:
                worth = max(
                    [worth, *(_ABOUT * covers(concept, text, self.book.weigh) for text in (*texts, *further))]
                )
            total += concept.weight
            found += concept.weight * worth
        return found / total if total else 0.0


def _directions(ask: Ask, uses: Sequence[ColumnUse]) -> list[Span]:
    """Where words on high and low, rise and fall stand near a column that has such words."""
    found = []
    for use in uses:
        naming = use.naming
        for pattern in (
            (naming.high, naming.low, naming.rising, naming.falling, naming.level) if naming else ()
        ):
            found += [m.span() for m in pattern.finditer(ask.text)] if pattern is not None else []
    return found


def _outside(operations: Operations, used: Sequence[Span]) -> Operations:
    """Operations without words that belong to a column's name (年均, annual mean)."""
    return Operations(tuple(s for s in operations.spans if not any(a <= s[1] and s[2] <= b for a, b in used)))


def _once(bounds: Sequence[Bound]) -> list[Bound]:
    return list({(b.use.key, b.kind, b.value): b for b in bounds}.values())
