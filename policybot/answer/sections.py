"""Tables whose parts print their own total ("C 低碳发展任务落实与成效35分"): the total, the highest one."""

from __future__ import annotations

import re

from policybot.answer.ask import Ask
from policybot.answer.cite import Evidence
from policybot.answer.compose import fill, line
from policybot.answer.draft import Draft, Finding
from policybot.answer.match import covers, norm
from policybot.answer.model import Step
from policybot.answer.tablematch import TableBook
from policybot.answer.tables import CellMaker
from policybot.answer.views import SECTION, Column, View
from policybot.patterns import lazy_pattern

_LEAST = 0.45  # share of the question that the table must be about
_NAMED = 0.7  # share of a part's name that the question must spell out
_LETTER = lazy_pattern(r"(?:部分|类|section|part|area|category)\s*([a-e])\b|\b([a-e])\s*(?:部分|类)")


class SectionMaker:
    """Answers from the parts of such tables."""

    def __init__(self, book: TableBook, cells: CellMaker) -> None:
        self.book = book
        self.cells = cells

    def drafts(self, ask: Ask) -> list[Draft]:
        """The total of the part that the question names, or the parts with the highest or lowest one."""
        if not any(e in ("score", "percent", "count") for e in ask.expects) and not ask.wants("rank"):
            return []
        found = []
        for view in self.book.views:
            column = view.of_kind("category")
            number = view.of_kind("number")
            if column is None or number is None or (ask.only and view.table.document not in ask.only):
                continue
            parts = self._parts(view, column)
            if len(parts) < 2:
                continue
            made = self._answer(ask, view, column, number, parts)
            if made is not None:
                found.append(made)
        return found

    def _parts(self, view: View, column: Column) -> list[tuple[re.Match[str], str]]:
        found: dict[str, tuple[re.Match[str], str]] = {}
        for row in view.rows:
            text = row.cells[column.index].text
            match = SECTION.match(text)
            if match and text not in found:
                found[text] = (match, row.id)
        return list(found.values())

    def _answer(
        self,
        ask: Ask,
        view: View,
        column: Column,
        number: Column,
        parts: list[tuple[re.Match[str], str]],
    ) -> Draft | None:
        weigh = self.book.weigh
        total = sum(c.weight for c in ask.concepts) or 1.0
        letter = next((a or b for a, b in _LETTER.findall(ask.text)), "").upper()
        around = f"{view.about}|{number.norm}|{column.norm}|分|部分|section"

        def share(name: str) -> float:
            text = f"{around}|{norm(name)}"
            return sum(c.weight * covers(c, text, weigh) for c in ask.concepts) / total

        high, low = "max" in ask.asks, "min" in ask.asks
        chosen = [p for p in parts if letter and p[0]["letter"] == letter]
        if not chosen and not high and not low:
            spelled = [(self._spelled(ask, p[0]["name"]), p) for p in parts]
            best = max(s for s, _ in spelled)
            chosen = [p for s, p in spelled if s == best and s >= _NAMED][:1]
        if not chosen and (high or low):
            values = [float(p[0]["value"]) for p in parts]
            edge = max(values) if high else min(values)
            chosen = [p for p in parts if float(p[0]["value"]) == edge]
        if not chosen or max(share(p[0]["name"]) for p in chosen) < _LEAST:
            return None
        cover = max(share(p[0]["name"]) for p in chosen)
        labels = self.cells.labels
        items: list[tuple[str, tuple[Evidence, ...]]] = []
        findings = []
        for match, row in chosen:
            evidence = self.book.row_evidence(row)
            value = f"{match['value']}{match['unit']}" if ask.language == "zh" else match["value"]
            items.append((f"{labels.short(match['name'], ask.language)} {value}", (evidence,)))
            findings.append(
                Finding(
                    "quoted", float(match["value"]), match["unit"], text=match[0].strip(), evidence=evidence
                )
            )
        order = fill("word_highest" if high else "word_lowest", {}, ask.language) if high or low else ""
        slots = {
            "column": labels.short(number.name, ask.language),
            "table": self.cells.table_name(view, ask.language),
            "title": labels.short(number.name, ask.language),
            "order": order,
        }
        made = line("rows_top" if order else "list_titled", self.book.caption(view), items, **slots)
        return Draft(
            "section",
            (made,),
            cover + 0.2,
            findings=tuple(findings),
            steps=(Step("read_sections", {"table": view.table.id}, f"{len(chosen)} of {len(parts)}"),),
            features={"cover": cover, "row": 1.0, "table": 1.0},
        )

    @staticmethod
    def _spelled(ask: Ask, name: str) -> float:
        """Share of a part's name that the question's words spell out."""
        text = norm(name)
        marked = [False] * len(text)
        for concept in ask.concepts:
            for option, value in concept.options:
                at = text.find(option) if value >= 0.5 and len(option) > 1 else -1
                if at >= 0:
                    marked[at : at + len(option)] = [True] * len(option)
        return sum(marked) / max(1, len(text))
