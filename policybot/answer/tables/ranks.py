"""Lists and ranks from tables: rows of a category, names a row lists, a row's place in a column."""

from __future__ import annotations

from collections.abc import Sequence

from policybot.answer.matching.match import bare, covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.reading.match import TableBook, TableMatch
from policybot.answer.tables.reading.views import Column, RowView, View
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Draft, Finding

LEAST = 0.5  # share of the question that a table must carry to rank in it
_CATEGORY = 0.7  # share of a category's name that the question must spell out
_SPELLED = 0.9  # share from which the name told by more of the question's words is meant

_TELLING = 0.4  # weight from which one word may pick a category


class TableLister:
    """Ranks, categories and memberships."""

    def __init__(self, book: TableBook, cells: CellMaker) -> None:
        self.book = book
        self.cells = cells
        self.labels = cells.labels

    def ranks(self, ask: Ask, matches: list[TableMatch]) -> list[Draft]:
        found = []
        for match in matches:
            column = match.column
            if column is None or column.kind != "number" or not match.own or len(match.rows) != 1:
                continue
            if match.cover < LEAST:
                continue
            row = match.rows[0].row
            value = row.cells[column.index].value
            if value is None:
                continue
            low = "min" in ask.asks or "earliest" in ask.asks
            values = [v for r in match.view.rows if (v := r.cells[column.index].value) is not None]
            rank = 1 + sum(v < value if low else v > value for v in values)
            tied = values.count(value) > 1
            slots = {
                "table": self.cells.table_name(match.view, ask.language),
                "column": self.labels.short(column.name, ask.language),
                "order": fill("order_low" if low else "order_high", {}, ask.language),
                "row": self.cells.row_name(row, ask.language),
                "value": self.cells.cell_text(match.view, row, column, ask.language),
                "count": str(len(values)),
                "rank": str(rank),
                "tied": fill("rows_tied", {}, ask.language) if tied else "",
            }
            findings = (
                Finding("computed", float(rank), text=str(rank)),
                Finding("computed", float(len(values)), text=str(len(values))),
                self.cells.finding(row, column),
            )
            found.append(
                Draft(
                    "rank",
                    (line("rows_rank", self.cells.source(match.view, row), **slots),),
                    match.cover,
                    findings=findings,
                    steps=(Step("rank_in_table", {"table": match.view.table.id, "row": row.key}, str(rank)),),
                    features={"cover": match.cover, "row": 1.0, "table": 1.0},
                )
            )
        return found[:1]

    def categories(self, ask: Ask, matches: list[TableMatch]) -> list[Draft]:
        """Rows of a category ("绿色低碳发展指标有哪些"), and the names listed in a row ("一类城市有哪些")."""
        found = []
        for view in self.book.views:
            if ask.only and view.table.document not in ask.only:
                continue
            cover = max((m.cover for m in matches if m.view is view), default=0.0)
            category = view.of_kind("category")
            if category is not None and not any(m.rows for m in matches if m.view is view):
                made = self._category(ask, view, category, cover)
                if made is not None:
                    found.append(made)
            names = view.of_kind("names")
            if names is None:
                continue
            for hit in self.book.rows(view, ask):
                if hit.strength < 0.99 or ask.places:
                    continue
                parts = hit.row.cells[names.index].text.split("、")
                items = [(self.labels.item(p, ask.language), ()) for p in parts]
                slots = {"title": self.labels.name(hit.row.key, ask.language), "count": str(len(parts))}
                evidence = (*self.book.evidence(view, hit.row), *self.book.caption(view))
                found.append(
                    Draft(
                        "members",
                        (line("list_titled", evidence, items, **slots),),
                        0.45 + 0.5 * cover,
                        findings=(
                            Finding("computed", float(len(parts)), text=str(len(parts))),
                            Finding("derived", hit.row.key, text=f"属于{hit.row.key}", evidence=evidence[0]),
                        ),
                        steps=(
                            Step(
                                "list_members", {"table": view.table.id, "row": hit.row.key}, f"{len(parts)}"
                            ),
                        ),
                        features={"cover": cover, "row": 1.0, "table": 1.0},
                    )
                )
        return found

    def _category(self, ask: Ask, view: View, category: Column, cover: float) -> Draft | None:
        groups: dict[str, list[RowView]] = {}
        for row in view.rows:
            groups.setdefault(row.cells[category.index].text, []).append(row)
        best, share, told = "", 0.0, 0.0
        for name in groups:
            spelled, weight = _spelled(ask, bare(name))
            if (min(spelled, _SPELLED), weight) > (min(share, _SPELLED), told):
                best, share, told = name, spelled, weight
        if share < _CATEGORY:
            best = self._only_one(ask, list(groups))
            share = _CATEGORY if "class" in ask.asks else 0.0
        if not best:
            return None
        if self._named_other(ask, view, best):
            return None
        rows = groups[best]
        items = [(self.labels.item(r.key, ask.language), (self.book.row_evidence(r.id),)) for r in rows]
        slots = {"title": self.labels.name(best, ask.language), "count": str(len(rows))}
        return Draft(
            "category",
            (line("list_titled", self.book.caption(view), items, **slots),),
            0.3 + 0.6 * max(cover, share * 0.9),
            findings=(Finding("computed", float(len(rows)), text=str(len(rows))),),
            steps=(Step("list_category", {"table": view.table.id, "category": best}, str(len(rows))),),
            features={"cover": max(cover, share * 0.9), "row": share, "table": 1.0},
        )

    def _named_other(self, ask: Ask, view: View, name: str) -> bool:
        """True when only the caption of another table with such a category says words of the question."""
        for other in self.book.views:
            column = other.of_kind("category")
            if (
                other is view
                or column is None
                or not any(r.cells[column.index].text == name for r in other.rows)
            ):
                continue
            if _captioned(ask, other, view) and not _captioned(ask, view, other):
                return True
        return False

    @staticmethod
    def _only_one(ask: Ask, names: Sequence[str]) -> str:
        """The one category that a telling word of the question is part of, when it asks for a category."""
        if "class" not in ask.asks and ask.type != "list":
            return ""
        for concept in sorted(ask.concepts, key=lambda c: -c.weight):
            if concept.kind != "term" or concept.weight < _TELLING:
                continue
            hits = [
                n for n in names if any(v >= 0.8 and len(o) > 1 and o in bare(n) for o, v in concept.bares)
            ]
            if len(hits) == 1:
                return hits[0]
        return ""


def _captioned(ask: Ask, view: View, other: View) -> bool:
    """True when a word of the question stands in a table's caption and not in another's."""
    one, two = norm(view.table.caption), norm(other.table.caption)
    if not one or not two:
        return False
    return any(
        c.kind in ("term", "latin") and covers(c, one) >= _SPELLED > covers(c, two) for c in ask.concepts
    )


def _spelled(ask: Ask, plain: str) -> tuple[float, float]:
    """Share of a name that the question's words spell out, and the weight of the words that do."""
    marked = [False] * len(plain)
    told = 0.0
    for concept in ask.concepts:
        if concept.kind != "term":
            continue
        inside = [word for word, value in concept.bares if value >= 0.5 and len(word) > 1 and word in plain]
        for word in inside:
            at = plain.find(word)
            marked[at : at + len(word)] = [True] * len(word)
        told += concept.weight if inside else 0.0
    return sum(marked) / max(1, len(plain)), told
