"""Answers from table cells: one cell, a row's class, a printed gap, two rows set side by side."""

from __future__ import annotations

from policybot.answer.matching.match import bare
from policybot.answer.matching.names import place_stem
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.tables.reading.match import RowMatch, TableBook, TableMatch
from policybot.answer.tables.reading.views import Column, RowView, View
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding
from policybot.answer.wording.labels import Labels
from policybot.corpus.model import Cell

LEAST = 0.5  # share of the question that a table must carry to answer it
_OWN = 0.18  # gained by a column that the question names, lost by one that it does not
_MANY = 5  # rows from which a table is asked back about
_SHOWN = 5  # of their names are shown then
_CLEAR = 0.85  # share of the question that such a table must carry
_TELLING = 0.3  # weight of the words that name its column
_WHOLE = frozenset(
    (
        "max",
        "min",
        "latest",
        "earliest",
        "top_n",
        "count",
        "total",
        "mean",
        "missing",
        "all",
        "confirm",
        "rank_of",
    )
)
_SPREAD = 0.12  # tables within this of the best one are asked too


class CellMaker:
    """Looks up cells by row and column."""

    def __init__(self, book: TableBook, labels: Labels) -> None:
        self.book = book
        self.labels = labels

    def drafts(self, ask: Ask, matches: list[TableMatch]) -> list[Draft]:
        """Answers from the tables that carry the question best."""
        found: list[Draft] = []
        seen: set[tuple[str, str]] = set()
        best = max((m.cover for m in matches if m.rows), default=0.0)
        for match in matches:
            if not match.rows or match.cover < max(LEAST, best - _SPREAD) or match.column is None:
                continue
            for chosen in self.columns(ask, match):
                for row in match.rows:
                    if (row.row.id, chosen.name) in seen:
                        continue
                    seen.add((row.row.id, chosen.name))
                    found.append(self.cell(ask, match, row, chosen))
        found += self.classes(ask, matches)
        return found

    def columns(self, ask: Ask, match: TableMatch) -> list[Column]:
        """The column asked for: a unit, a class, or the one whose name the question carries."""
        view = match.view
        unit = view.of_kind("unit")
        if "unit" in ask.expects and unit is not None:
            return [unit]
        dated = [c for c in view.columns if any(f"{y}" in c.norm for y in ask.years)]
        if dated:
            return dated
        category = view.of_kind("category")
        if "class" in ask.asks and category is not None:
            return [category]
        column = match.column
        if column is None:
            return []
        if column.kind in ("category", "unit") and not match.own:
            numbers = [c for c in view.values if c.kind in ("number", "text", "names")]
            column = numbers[0] if numbers else column
        return [column]

    def cell(self, ask: Ask, match: TableMatch, hit: RowMatch, column: Column) -> Draft:
        """What the table prints for one row and column."""
        view, row, language = match.view, hit.row, ask.language
        cell = row.cells[column.index]
        evidence = (*self.book.evidence(view, row, column.index), *self.book.caption(view))
        slots = {
            "row": self.row_name(row, language),
            "column": self.labels.short(column.name, language),
            "table": self.table_name(view, language),
        }
        step = Step(
            "look_up_cell",
            {"table": view.table.id, "row": row.key, "column": column.name},
            cell.text or cell.kind,
        )
        score = match.cover * (0.6 + 0.4 * hit.strength)
        if any(ask.concepts[i].weight >= 0.25 for i in match.own):
            score += _OWN
        elif len(view.values) > 1 and column.kind not in ("unit", "category"):
            score -= _OWN
        features = {
            "cover": match.cover,
            "row": hit.strength,
            "table": 1.0,
            "kind_lacks": float(_other_kind(ask, column, cell)),
        }
        if cell.kind == "missing":
            made = line("cell_missing", evidence, mark=cell.text, **slots)
            return Draft("cell", (made,), score, "not_found", steps=(step,), features=features)
        if cell.kind == "blank":
            made = line("cell_blank", evidence, **slots)
            return Draft("cell", (made,), score * 0.9, "not_found", steps=(step,), features=features)
        value = self.cell_text(view, row, column, language)
        finding = Finding(
            "quoted",
            cell.value if cell.value is not None else cell.text,
            cell.unit or self._unit(view, row),
            year=int(cell.value) if cell.kind == "year" and cell.value is not None else None,
            text=cell.text,
            evidence=evidence[0],
        )
        wording = (
            "cell_unit" if column.kind == "unit" else "cell_class" if column.kind == "category" else "cell"
        )
        made = line(wording, evidence, value=value, item=slots["row"], **slots)
        return Draft("cell", (made,), score, findings=(finding,), steps=(step,), features=features)

    def classes(self, ask: Ask, matches: list[TableMatch]) -> list[Draft]:
        """ "Which class is X in": the row whose enumeration holds a name of the question."""
        found = []
        for view in self.book.views:
            column = view.of_kind("names")
            if column is None or (ask.only and view.table.document not in ask.only):
                continue
            for place in ask.places:
                row = self.book.listed_in(view, column, place_stem(bare(place)))
                if row is None:
                    continue
                cover = max((m.cover for m in matches if m.view is view), default=0.0)
                asked = "class" in ask.asks
                score = (0.8 + 0.2 * cover) if asked else 0.6 * cover
                evidence = (self.book.row_evidence(row.id), *self.book.caption(view))
                note = next(
                    (c.text for c, k in zip(row.cells, view.columns, strict=True) if k.kind == "text"), ""
                )
                slots = {
                    "item": self.labels.short(place, ask.language),
                    "value": self.labels.name(row.key, ask.language),
                    "note": note if ask.language == "zh" else self.labels.english(note) or note,
                }
                found.append(
                    Draft(
                        "class",
                        (line("cell_class", evidence, **slots),),
                        score,
                        findings=(
                            Finding("derived", row.key, text=f"{place}属于{row.key}", evidence=evidence[0]),
                        ),
                        steps=(Step("find_class", {"table": view.table.id, "item": place}, row.key),),
                        features={
                            "cover": cover,
                            "row": 1.0,
                            "table": 1.0,
                            "kind_lacks": float(not asked),
                        },
                    )
                )
        return found

    def which_row(self, ask: Ask, matches: list[TableMatch]) -> Draft | None:
        """Asking back: a table gives the value for each of its rows and the question names none."""
        if ask.places or ask.years or not ask.wants("value", "timeline") or ask.asks.names & _WHOLE:
            return None
        for match in matches:
            column = match.column
            if column is None or column.kind != "number" or match.rows or len(match.view.rows) < _MANY:
                continue
            telling = sum(ask.concepts[i].weight for i in match.own)
            if match.cover < _CLEAR or telling < _TELLING or match.lacking:
                continue
            view, language = match.view, ask.language
            names = [self.row_name(r, language) for r in view.rows[:_SHOWN]]
            slots = {
                "column": self.labels.short(column.name, language),
                "table": self.table_name(view, language),
                "count": str(len(view.rows)),
                "rows": ("、" if language == "zh" else ", ").join(names),
            }
            evidence = self.book.caption(view) or (self.book.row_evidence(view.rows[0].id),)
            return Draft(
                "which_row",
                (line("clarify_row", evidence, **slots),),
                match.cover + _OWN,
                "clarify",
                findings=(Finding("computed", float(len(view.rows)), "", text=str(len(view.rows))),),
                steps=(
                    Step("look_up_column", {"table": view.table.id, "column": column.name}, "no row named"),
                ),
                features={"cover": match.cover, "table": 1.0},
            )
        return None

    def row_name(self, row: RowView, language: str) -> str:
        """A row's name in the answer's language."""
        return self.labels.short(row.key.strip("*"), language)

    def table_name(self, view: View, language: str) -> str:
        """图表21“2019年中国城市年均PM2.5浓度” / Chart 21 (annual average PM2.5 …)."""
        clause = self.book.corpus.clauses[view.table.id]
        if language == "zh":
            label = view.table.label.replace(" ", "")
            return f"{label}“{view.table.caption}”" if view.table.caption else f"{label}"
        caption = self.labels.english(view.table.caption) if view.table.caption else None
        return f"{clause.label_en} ({caption})" if caption else clause.label_en

    def cell_text(self, view: View, row: RowView, column: Column, language: str) -> str:
        """A cell with its unit, when another column of the table gives it."""
        cell = row.cells[column.index]
        if column.kind == "number":
            unit = self._unit(view, row)
            text = cell.text + (unit if unit and unit not in cell.text and language == "zh" else "")
            if unit and unit not in cell.text and language != "zh":
                text = f"{cell.text} {self.labels.short(unit, language)}"
            return text
        return cell.text if language == "zh" else self.labels.name(cell.text, language)

    def source(self, view: View, row: RowView) -> tuple[Evidence, ...]:
        """A row's evidence with the table's caption."""
        return (*self.book.evidence(view, row), *self.book.caption(view))

    def finding(self, row: RowView, column: Column) -> Finding:
        """A cell as a result."""
        cell = row.cells[column.index]
        return Finding(
            "quoted",
            cell.value if cell.value is not None else cell.text,
            cell.unit,
            text=f"{row.key} {cell.text}",
            evidence=self.book.row_evidence(row.id),
        )

    @staticmethod
    def _unit(view: View, row: RowView) -> str:
        unit = view.of_kind("unit")
        return row.cells[unit.index].text if unit is not None else ""


def _other_kind(ask: Ask, column: Column, cell: Cell) -> bool:
    """True when the question asks for a date, an amount of money or a name and the cell is a number."""
    if column.kind != "number" or cell.kind not in ("number", "percent"):
        return False
    if cell.value is not None and 1900 <= cell.value <= 2100 and not cell.unit:
        return False
    if any(e in ("year", "date", "money") for e in ask.expects[:1]):
        return True
    return "place" in ask.expects[:1] and "which_more" not in ask.asks
