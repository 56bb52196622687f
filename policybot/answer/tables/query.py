"""Questions over whole tables: highest and lowest, conditions, counts, sums, one table after another."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from policybot.answer.matching.match import bare, covers
from policybot.answer.matching.names import place_stem
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.ranks import TableLister
from policybot.answer.tables.reading.columns import naming_of
from policybot.answer.tables.reading.match import TableBook, TableMatch
from policybot.answer.tables.reading.views import Column, RowView
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Draft, Finding, Line

LEAST = 0.5
_OPERATED = 0.1  # gained by an answer that does what the question asks with a column it names
_MOST_ROWS = 16  # rows cited one by one behind a sum or a mean
_GAIN = 0.08  # a second table must carry this much more of the question to be brought in
_OPS = ("max", "min", "latest", "earliest", "count", "total", "mean", "missing")
_SIGNS = {"below": "<", "above": ">", "at_least": "≥", "at_most": "≤", "equal": "="}
_TESTS: dict[str, Callable[[float, float], bool]] = {
    "below": lambda v, x: v < x,
    "above": lambda v, x: v > x,
    "at_least": lambda v, x: v >= x,
    "at_most": lambda v, x: v <= x,
    "equal": lambda v, x: v == x,
}


@dataclass
class _Query:
    """Rows of `main` (by name), narrowed by conditions, ordered by `order`, shown with `show`."""

    main: TableMatch
    show: TableMatch | None = None
    keep: set[str] | None = None
    conditions: list[str] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    cover: float = 0.0


@dataclass(frozen=True)
class _Narrowed:
    """Rows left by the conditions on a column; `any` is true when there were conditions."""

    column: Column
    rows: Sequence[RowView]
    bounds: tuple[tuple[str, float], ...]
    any: bool
    slots: dict[str, str]
    step: Step


class QueryMaker:
    """Runs conditions, superlatives, counts and sums over table columns."""

    def __init__(self, book: TableBook, cells: CellMaker) -> None:
        self.book = book
        self.cells = cells
        self.labels = cells.labels
        self.lister = TableLister(book, cells)

    def drafts(self, ask: Ask, matches: list[TableMatch]) -> list[Draft]:
        """Answers computed from the columns that the question names."""
        asks = ask.asks
        found: list[Draft] = []
        if "rank_of" in asks:
            found += self.lister.ranks(ask, matches)
        wanted = any(op in asks for op in _OPS) or asks.bounds or ask.wants("list", "rank", "count")
        if not wanted:
            return found
        for query in self._queries(ask, matches):
            made = self._run(ask, query)
            if made is not None:
                found.append(made)
        found += self.lister.categories(ask, matches)
        return found

    def _queries(self, ask: Ask, matches: list[TableMatch]) -> list[_Query]:
        usable = [
            m
            for m in matches
            if m.column is not None and m.column.kind == "number" and m.own and m.cover >= 0.25
        ]
        if not usable:
            return []
        members = self._members(ask)
        covered = members[3] if members else frozenset[int]()
        found: list[_Query] = []
        best = max(usable, key=lambda m: self._joint(ask, [m], covered))
        for main in usable:
            if main.rows and not members:
                continue
            cover = self._joint(ask, [main], covered)
            if cover < self._joint(ask, [best], covered) - 0.1:
                continue
            query = _Query(main, cover=cover)
            other = self._second(ask, main, usable, covered)
            if other is not None:
                first, second = self._roles(ask, main, other)
                if first is not main:
                    continue
                query = _Query(first, second, cover=self._joint(ask, [first, second], covered))
            if members:
                names, label, evidence, _ = members
                query.keep = set(names)
                query.conditions.append(label)
                query.evidence += evidence
            found.append(query)
        return found

    def _joint(self, ask: Ask, used: Sequence[TableMatch], covered: frozenset[int]) -> float:
        """Share of the question that tables and a membership carry together."""
        total = found = 0.0
        for i, concept in enumerate(ask.concepts):
            value = 1.0 if i in covered else 0.0
            for m in used:
                column = m.column
                key = m.view.columns[m.view.key]
                value = max(
                    value,
                    float(concept.surface.startswith(str(len(m.view.rows)))),
                    covers(concept, column.norm, self.book.weigh) if column else 0.0,
                    covers(concept, key.norm, self.book.weigh),
                    0.85 * covers(concept, m.view.about, self.book.weigh),
                )
            total += concept.weight
            found += concept.weight * value
        return found / total if total else 0.0

    def _second(
        self, ask: Ask, main: TableMatch, usable: Sequence[TableMatch], covered: frozenset[int]
    ) -> TableMatch | None:
        alone = self._joint(ask, [main], covered)
        best, gain = None, _GAIN
        for other in usable:
            if other.view is main.view or not (other.own - main.own) or not (main.own - other.own):
                continue
            if len(other.view.keys & main.view.keys) < 0.5 * min(len(other.view.keys), len(main.view.keys)):
                continue
            more = self._joint(ask, [main, other], covered) - alone
            if more > gain:
                best, gain = other, more
        return best

    def _roles(self, ask: Ask, one: TableMatch, two: TableMatch) -> tuple[TableMatch, TableMatch]:
        """(the table ordered or narrowed, the table whose values are shown)."""
        spot = ask.asks.at(
            "max", "min", "latest", "earliest", "below", "above", "at_least", "at_most", "equal"
        )
        if spot is None:
            return one, two

        def distance(match: TableMatch, other: TableMatch) -> int:
            gaps = [
                max(spot[0] - c.end, c.start - spot[1], 0)
                for i, c in enumerate(ask.concepts)
                if i in match.own - other.own
            ]
            return min(gaps, default=999)

        return (one, two) if distance(one, two) <= distance(two, one) else (two, one)

    def _members(self, ask: Ask) -> tuple[set[str], str, list[Evidence], frozenset[int]] | None:
        """Names listed in a row that the question names ("一类城市")."""
        for view in self.book.views:
            column = view.of_kind("names")
            if column is None:
                continue
            rows = [r for r in self.book.rows(view, ask) if r.strength >= 0.99]
            if len(rows) != 1:
                continue
            row = rows[0].row
            names = {place_stem(bare(part)) for part in row.cells[column.index].text.split("、")}
            return names, row.key, list(self.book.evidence(view, row)), rows[0].used
        return None

    def _run(self, ask: Ask, query: _Query) -> Draft | None:
        """The answer to a query; None when it asks for nothing that a column can give."""
        if query.main.column is None or query.cover < LEAST:
            return None
        narrowed = self._narrow(ask, query)
        superlative = next((op for op in ("max", "min", "latest", "earliest") if op in ask.asks), None)
        if superlative is None and "top_n" in ask.asks:
            superlative = "max"
        if superlative is not None:
            return self._superlative(ask, query, narrowed, superlative)
        if narrowed.any and not narrowed.rows:
            made = line("rows_none", (*self.book.caption(query.main.view), *query.evidence), **narrowed.slots)
            return self._draft(query, narrowed, made, [Finding("computed", 0.0, text="0")], -2 * _OPERATED)
        if ("total" in ask.asks and not narrowed.any) or "mean" in ask.asks:
            return self._computed(ask, query, narrowed)
        if not narrowed.any and ask.type != "list" and "all" not in ask.asks:
            return None
        if not narrowed.any and any(q.unit == "%" for q in ask.quantities):
            return None  # all rows do not meet a condition that was not understood
        return self._listed(ask, query, narrowed)

    def _narrow(self, ask: Ask, query: _Query) -> _Narrowed:
        """The rows that meet the question's conditions on a column."""
        main, language = query.main, ask.language
        column = main.view.columns[main.column.index] if main.column else main.view.columns[main.view.key]
        name = self.labels.short(column.name, language)
        rows = [r for r in main.view.rows if query.keep is None or set(r.names) & query.keep]
        conditions = [self.labels.short(c, language) for c in query.conditions]
        years = self._year_bounds(ask, main, column)
        bounds = years or [b for b in ask.asks.bounds if not 1900 < b[1] < 2100]
        shown = query.show.column if query.show is not None else None
        if not years and query.show is not None and shown is not None:
            dated = self._year_bounds(ask, query.show, shown)
            for kind, x in dated:
                names = {n for r in query.show.view.rows if _holds(r, shown, kind, x) for n in r.names}
                rows = [r for r in rows if set(r.names) & names]
                conditions.append(f"{self.labels.short(shown.name, language)} {_SIGNS[kind]} {_plain(x)}")
        if "missing" in ask.asks and any(r.cells[column.index].kind == "missing" for r in main.view.rows):
            rows = [r for r in rows if r.cells[column.index].kind == "missing"]
            bounds = []
            conditions.append(f"{name} “-”")
        for kind, x in bounds:
            rows = [r for r in rows if _holds(r, column, kind, x)]
            conditions.append(f"{name} {_SIGNS[kind]} {_plain(x)}")
        slots = {
            "table": self.cells.table_name(main.view, language),
            "column": name,
            "condition": ("，" if language == "zh" else ", ").join(conditions),
        }
        step = Step(
            "query_table",
            {
                "table": main.view.table.id,
                "column": column.name,
                "conditions": [f"{k} {_plain(x)}" for k, x in bounds] + query.conditions,
                "operations": [op for op in _OPS if op in ask.asks],
            },
            f"{len(rows)} rows",
        )
        return _Narrowed(column, rows, tuple(bounds), bool(conditions), slots, step)

    def _computed(self, ask: Ask, query: _Query, narrowed: _Narrowed) -> Draft | None:
        """The sum or the mean of a column."""
        values = [v for r in narrowed.rows if (v := r.cells[narrowed.column.index].value) is not None]
        if not values:
            return None
        total = "total" in ask.asks and not narrowed.any
        naming = naming_of(narrowed.column)
        if total and naming is not None and naming.base is not None:
            return None  # percentages do not add up
        result = sum(values) if total else sum(values) / len(values)
        text = _plain(result) if total else f"{result:.2f}"
        evidence = (*self._rows_evidence(narrowed.rows), *self.book.caption(query.main.view))
        made = line(
            "rows_total" if total else "rows_mean",
            evidence or (self.book.row_evidence(narrowed.rows[0].id),),
            value=text,
            count=str(len(values)),
            **narrowed.slots,
        )
        counted = Finding("computed", float(len(values)), text=str(len(values)))
        shift = 2 * _OPERATED if "total" in ask.asks else 0.0
        findings = [Finding("computed", round(result, 4), text=text), counted]
        return self._draft(query, narrowed, made, findings, shift)

    def _listed(self, ask: Ask, query: _Query, narrowed: _Narrowed) -> Draft:
        """The rows that are left, counted."""
        plain = bool(narrowed.bounds) and all(k == "equal" for k, _ in narrowed.bounds)
        with_value = not plain and "missing" not in ask.asks
        items = self._items(ask, query, narrowed.rows, with_value=with_value)
        count = str(len(narrowed.rows))
        counting = "count" in ask.asks or ask.type == "count"
        evidence = (*query.evidence, *self.book.caption(query.main.view))
        if narrowed.any:
            wording = "rows_count" if counting else "rows_filter"
            made = line(wording, evidence, items, count=count, **narrowed.slots)
        else:
            made = line("list_titled", evidence, items, count=count, title=narrowed.slots["column"])
        findings = [Finding("computed", float(len(narrowed.rows)), text=count)]
        findings += [Finding("user input", x, text=_plain(x)) for _, x in narrowed.bounds]
        findings += [self.cells.finding(r, narrowed.column) for r in narrowed.rows]
        return self._draft(query, narrowed, made, findings)

    def _draft(
        self, query: _Query, narrowed: _Narrowed, made: Line, findings: Sequence[Finding], shift: float = 0.0
    ) -> Draft:
        return Draft(
            "query",
            (made,),
            query.cover + _OPERATED + shift,
            findings=tuple(findings),
            steps=(narrowed.step,),
            features={"cover": query.cover, "row": 1.0, "table": 1.0, "narrowed": float(narrowed.any)},
        )

    def _superlative(self, ask: Ask, query: _Query, narrowed: _Narrowed, op: str) -> Draft | None:
        """The rows at the top or bottom of a column, ties included."""
        column = narrowed.column
        ranked = [(v, r) for r in narrowed.rows if (v := r.cells[column.index].value) is not None]
        if not ranked:
            return None
        n = (ask.asks.n or 1) if "top_n" in ask.asks else 1
        last = "top_n" in ask.asks and op == "max" and re.search("后|倒数|末|bottom", ask.text) is not None
        high = op in ("max", "latest") and not last
        ranked.sort(key=lambda pair: -pair[0] if high else pair[0])
        edge = ranked[min(n, len(ranked)) - 1][0]
        chosen = [r for v, r in ranked if (v >= edge if high else v <= edge)]
        slots = dict(narrowed.slots)
        if narrowed.any:
            comma = "，" if ask.language == "zh" else ", "
            slots["table"] = f"{slots['table']}{comma}{slots['condition']}"
        made = line(
            "rows_top",
            (*query.evidence, *self.book.caption(query.main.view)),
            self._items(ask, query, chosen, with_value=True),
            order=self._order(ask, narrowed, high, n),
            **slots,
        )
        findings = [self.cells.finding(r, column) for r in chosen]
        if n > 1:
            findings.append(Finding("user input", float(n), text=str(n)))
        return self._draft(query, narrowed, made, findings + self._shown(query, chosen))

    @staticmethod
    def _order(ask: Ask, narrowed: _Narrowed, high: bool, n: int) -> str:
        if n > 1:
            order = fill("order_high" if high else "order_low", {}, ask.language)
            return fill("word_first", {"n": str(n), "order": order}, ask.language)
        if any(r.cells[narrowed.column.index].kind == "year" for r in narrowed.rows):
            return fill("word_latest" if high else "word_earliest", {}, ask.language)
        return fill("word_highest" if high else "word_lowest", {}, ask.language)

    def _items(
        self, ask: Ask, query: _Query, rows: Sequence[RowView], *, with_value: bool
    ) -> list[tuple[str, tuple[Evidence, ...]]]:
        column = query.main.column
        items = []
        for row in rows:
            name = self.cells.row_name(row, ask.language)
            text = name
            used = [self.book.row_evidence(row.id)]
            if with_value and column is not None:
                text = f"{name} {self.cells.cell_text(query.main.view, row, column, ask.language)}"
            if query.show is not None and query.show.column is not None:
                other = next((r for r in query.show.view.rows if set(r.names) & set(row.names)), None)
                if other is not None:
                    cell = self.cells.cell_text(query.show.view, other, query.show.column, ask.language)
                    label = self.labels.short(query.show.column.name, ask.language)
                    text += f"，{label} {cell}" if ask.language == "zh" else f", {label} {cell}"
                    used.append(self.book.row_evidence(other.id))
            items.append((text, tuple(used)))
        return items

    def _shown(self, query: _Query, rows: Sequence[RowView]) -> list[Finding]:
        show = query.show
        if show is None or show.column is None:
            return []
        found = []
        for row in rows:
            other = next((r for r in show.view.rows if set(r.names) & set(row.names)), None)
            if other is not None:
                found.append(self.cells.finding(other, show.column))
        return found

    def _rows_evidence(self, rows: Sequence[RowView]) -> tuple[Evidence, ...]:
        if len(rows) > _MOST_ROWS:
            return ()
        return tuple(self.book.row_evidence(r.id) for r in rows)

    @staticmethod
    def _year_bounds(ask: Ask, match: TableMatch, column: Column) -> list[tuple[str, float]]:
        """Years of the question as a condition on a column of years."""
        cells = [r.cells[column.index] for r in match.view.rows]
        if not any(c.kind == "year" for c in cells):
            return []
        explicit = [b for b in ask.asks.bounds if b[0] != "equal" and 1900 < b[1] < 2100]
        if explicit:
            return explicit
        return [("equal", float(y)) for y in ask.years[:1]]


def _holds(row: RowView, column: Column, kind: str, x: float) -> bool:
    value = row.cells[column.index].value
    return value is not None and _TESTS[kind](value, x)


def _plain(value: float) -> str:
    return f"{value:.10g}"
