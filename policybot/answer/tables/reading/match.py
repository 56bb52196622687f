"""Which table, rows and column a question means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from policybot.answer.matching.match import Concept, Weigher, bare, covers, norm
from policybot.answer.matching.names import place_stem
from policybot.answer.question.ask import Ask
from policybot.answer.tables.reading.views import Column, RowView, View, make_views
from policybot.answer.wording.cite import Evidence
from policybot.corpus.model import Corpus
from policybot.text import is_han

ABOUT = 0.85  # worth of a concept found in what a table is about, against 1 in the column's name
TITLE = 0.5  # … in the document's title
_ROW_LEAST = 0.72  # share of a row's name that the question must carry
_NAMED_CLAUSE = 0.8  # weight of a clause that the question names, met by a table under it
_NAMED = 0.3  # weight of a document that the question names, met by its tables
_COMPOUND = 0.8
_GENERIC = 0.35  # weight of words that name the kind of row ("城市") when a row is named already


@dataclass(frozen=True, slots=True)
class RowMatch:
    """A row that the question names: how surely, and which of its concepts name it."""

    row: RowView
    strength: float
    used: frozenset[int]
    at: int = -1  # where the question names it


@dataclass(frozen=True)
class TableMatch:
    """A table with the rows and the column meant; `cover` is the share of the question it carries.

    `own` are the concepts that its column's name carries.
    """

    view: View
    rows: tuple[RowMatch, ...]
    column: Column | None
    cover: float
    own: frozenset[int] = field(default_factory=frozenset)
    lacking: tuple[Concept, ...] = ()


class TableBook:
    """All tables of a corpus, ready to be asked."""

    def __init__(
        self, corpus: Corpus, weigh: Weigher | None = None, kind_of: Callable[[str], str] | None = None
    ) -> None:
        self.corpus = corpus
        self.weigh = weigh
        self.views = make_views(corpus, kind_of)
        documents = [corpus.documents[i] for i in dict.fromkeys(view.table.document for view in self.views)]
        self._titles = {d.id: norm(" ".join([d.title_zh, d.short_zh, *d.aliases])) for d in documents}

    def matches(self, ask: Ask) -> list[TableMatch]:
        """Tables that carry something of the question, the best first."""
        found = []
        titles = {
            document: [TITLE * covers(concept, title, self.weigh) for concept in ask.concepts]
            for document, title in self._titles.items()
        }
        for view in self.views:
            if ask.only and view.table.document not in ask.only:
                continue
            rows = self.rows(view, ask)
            around = self._around(view, ask, titles[view.table.document])
            for column in view.asked:
                found.append(self._match(view, rows, column, ask, around))
        found.sort(key=lambda m: -m.cover)
        return found

    def rows(self, view: View, ask: Ask) -> tuple[RowMatch, ...]:
        """The rows of a table that the question names, surest first; weaker readings are dropped."""
        text, places, spelled = ask.bare_text, ask.stems, view.spelled
        words = [(i, word) for i, word in ask.words if word in spelled]
        if not words and not places.keys() & view.keys and not view.naming.search(text):
            return self._single(view, ask)
        hits = [hit for row in view.rows if (hit := self._row(row, ask, text, places, words)) is not None]
        if not hits:
            return ()
        best = max(h.strength for h in hits)
        kept = [h for h in hits if h.strength >= best - 1e-9 or h.strength >= 0.99]
        longest = [
            h
            for h in kept
            if not any(
                o is not h and _inside(h.row.names[0], o.row.names[0]) and o.strength >= h.strength
                for o in kept
            )
        ]
        return tuple(sorted(longest, key=lambda h: (-h.strength, h.at)))

    @staticmethod
    def _single(view: View, ask: Ask) -> tuple[RowMatch, ...]:
        """The row that a single asked character stands for (多少电: 电力), when only one name holds it."""
        for i in ask.asked:
            word = ask.concepts[i].surface
            at = ask.concepts[i].start
            if len(word) != 1 or not is_han(word) or ask.text[max(0, at - 1) : at] in ("最", "更"):
                continue
            rows = [r for r in view.rows if any(word in name for name in r.names)]
            if len(rows) == 1 and any(len(name) == 2 for name in rows[0].names):
                return (RowMatch(rows[0], 0.99, frozenset({i}), ask.concepts[i].start),)
        return ()

    def listed_in(self, view: View, column: Column, name: str) -> RowView | None:
        """The row whose enumeration in a column holds a name ("银川" in the list of 四类城市)."""
        for row in view.rows:
            if name in (place_stem(bare(part)) for part in row.cells[column.index].text.split("、")):
                return row
        return None

    def evidence(self, view: View, row: RowView, *cells: int) -> tuple[Evidence, ...]:
        """The row as evidence; a merged cell that is asked for adds the row it is printed in."""
        found = [self.row_evidence(row.id)]
        for index in cells:
            cell = row.cells[index]
            if cell.merged:
                printed = self._printed(view, row, index)
                if printed is not None:
                    found.append(printed)
        return tuple(found)

    def row_evidence(self, row_id: str) -> Evidence:
        """All of a row's text."""
        return Evidence(row_id, 0, len(self.corpus.clauses[row_id].text))

    def caption(self, view: View) -> tuple[Evidence, ...]:
        """The table's caption, where it has one."""
        clause = self.corpus.clauses[view.table.id]
        return (Evidence(clause.id, 0, len(clause.text)),) if view.table.caption and clause.text else ()

    def _printed(self, view: View, row: RowView, index: int) -> Evidence | None:
        cell = row.cells[index]
        for other in view.rows:
            if other.cells[index].text == cell.text and not other.cells[index].merged:
                text = self.corpus.clauses[other.id].text.text
                anchor = other.cells[index].anchor
                at = text.find(anchor.text) if anchor is not None else -1
                if anchor is not None and at >= 0:
                    return Evidence(other.id, at, at + len(anchor.text))
        return None

    def _row(
        self, row: RowView, ask: Ask, text: str, places: dict[str, int], words: list[tuple[int, str]]
    ) -> RowMatch | None:
        for name in row.names:
            if name in places:
                used = frozenset({places[name]})
                return RowMatch(row, 1.0, used, self._at(ask, used))
        best: RowMatch | None = None
        for name in row.names:
            if len(name) < 2:
                continue
            inside = [(i, word) for i, word in words if word in name]
            whole = name in text
            if not inside and not whole:
                continue
            used = frozenset(i for i, _ in inside)
            strength = 1.0 if whole else _spelled(name, [word for _, word in inside])
            if strength >= _ROW_LEAST and (best is None or strength > best.strength):
                best = RowMatch(row, strength, used, text.find(name) if whole else self._at(ask, used))
        return best

    @staticmethod
    def _at(ask: Ask, used: frozenset[int]) -> int:
        return min((ask.concepts[i].start for i in used), default=-1)

    def _around(self, view: View, ask: Ask, titled: Sequence[float]) -> list[tuple[float, float]]:
        """For each concept its worth in the key column's name, and in all that stands around the table.

        `titled` is what the title of the document is worth for each.
        """
        key, about = view.columns[view.key].norm, view.about
        found = []
        for concept, in_title in zip(ask.concepts, titled, strict=True):
            if view.signs.isdisjoint(concept.signs):
                found.append((0.0, in_title))
                continue
            in_key = covers(concept, key, self.weigh)
            found.append((in_key, max(in_key, ABOUT * covers(concept, about, self.weigh), in_title)))
        return found

    def _match(
        self,
        view: View,
        rows: tuple[RowMatch, ...],
        column: Column,
        ask: Ask,
        around: list[tuple[float, float]],
    ) -> TableMatch:
        used = frozenset(i for r in rows for i in r.used)
        total = found = 0.0
        own = set()
        lacking = []
        for i, concept in enumerate(ask.concepts):
            weight = concept.weight
            if i in used:
                value = max((r.strength for r in rows if i in r.used), default=1.0)
            else:
                strange = view.signs.isdisjoint(concept.signs)
                in_column = 0.0 if strange else covers(concept, column.norm, self.weigh)
                if not strange and in_column < _COMPOUND and _compound(concept, column):
                    in_column = _COMPOUND
                if in_column >= 0.5:
                    own.add(i)
                in_key, outside = around[i]
                if rows and in_key >= 0.99:
                    weight *= _GENERIC
                value = max(in_column, outside)
                if value < 0.3:
                    lacking.append(concept)
            total += weight
            found += weight * value
        if ask.clauses:
            named = any(view.table.id == c or view.table.id.startswith(f"{c}/") for c in ask.clauses)
            total, found = total + _NAMED_CLAUSE, found + _NAMED_CLAUSE * named
        elif ask.documents:
            total, found = total + _NAMED, found + _NAMED * (view.table.document in ask.documents)
        cover = found / total if total else 0.0
        return TableMatch(view, rows, column, cover, frozenset(own), tuple(lacking))


def _compound(concept: Concept, column: Column) -> bool:
    """True for a compound that ends in a column's whole name (试点名额 of 名额)."""
    name = column.plain
    if len(name) < 2:
        return False
    for option, value in concept.options:
        if value >= 0.9 and option.endswith(name) and len(option) > len(name):
            return True
    return False


def _spelled(name: str, words: list[str]) -> float:
    """Share of a row's name that words of the question spell out."""
    marked = [False] * len(name)
    for word in words:
        at = name.find(word)
        while at >= 0:
            marked[at : at + len(word)] = [True] * len(word)
            at = name.find(word, at + 1)
    return sum(marked) / len(name)


def _inside(shorter: str, longer: str) -> bool:
    return shorter != longer and shorter in longer
