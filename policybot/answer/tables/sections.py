"""Tables whose parts print their own total ("C 低碳发展任务落实与成效35分"): the total, the highest one."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import takewhile

from policybot.answer.matching.match import covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import plain
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.planlines import computed
from policybot.answer.tables.reading.columns import overlaps
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.views import SECTION, Column, View
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Draft, Finding, Line
from policybot.patterns import lazy_pattern

_LEAST = 0.45  # share of the question that the table must be about
_NAMED = 0.7  # share of a part's name that the question must spell out
_LETTER = lazy_pattern(r"(?:部分|类|section|part|area|category)\s*([a-e])\b|\b([a-e])\s*(?:部分|类)")


_RATE = lazy_pattern(
    r"得分率|平均(?:得分|分)|\b(?:scoring rates?|(?:average|mean) (?:scores?|scoring))\b"
)  # of what was scored, not of what can be
_POINTS = lazy_pattern(
    r"分值|满分|几分|多少分|权重|\b(?:points?|marks?|weigh\w*|count(?:s|ed)? (?:for )?more|worth)\b"
)
_COMPARING = lazy_pattern(
    r"哪|谁|更|差|比|各|分别|还是|一样|相同|[高低大小多少]"
    r"|\b(?:which|more|less|\w+er|or|versus|vs|against|than|compar\w+|differ\w*|each|both|respectively)\b"
)
_WORD = lazy_pattern(r"[a-z]{4,}")
_TOLD = 0.8  # share of a question that is accounted for where it names two parts and asks for points
_RUN = 4  # characters in a row that tell a part too
_HALF = 0.5  # share of what tells a part from the others that the question must spell out
_GAIN = 0.4  # gained over makers of one value


class SectionMaker:
    """Answers from the parts of such tables."""

    def __init__(self, book: TableBook, cells: CellMaker) -> None:
        self.book = book
        self.cells = cells

    def drafts(self, ask: Ask) -> list[Draft]:
        """The total of the part that the question names, or the parts with the highest or lowest one."""
        asked = any(e in ("score", "percent", "count") for e in ask.expects) or ask.wants("rank")
        if not (asked or _POINTS.search(ask.text)):
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
        points = [m.span() for m in _POINTS.finditer(ask.text)]  # ask for the column, in whatever words
        told = [1.0 if overlaps((c.start, c.end), points) else 0.0 for c in ask.concepts]

        def share(name: str) -> float:
            text = f"{around}|{norm(name)}"
            carried = (max(n, covers(c, text, weigh)) for c, n in zip(ask.concepts, told, strict=True))
            return sum(c.weight * n for c, n in zip(ask.concepts, carried, strict=True)) / total

        high, low = "max" in ask.asks, "min" in ask.asks
        pair = self._two(ask, parts) if _COMPARING.search(ask.text) and not _RATE.search(ask.text) else []
        chosen = pair or [p for p in parts if letter and p[0]["letter"] == letter]
        if not chosen and not high and not low:
            spelled = [(self._spelled(ask, p[0]["name"]), p) for p in parts]
            best = max(s for s, _ in spelled)
            chosen = [p for s, p in spelled if s == best and s >= _NAMED][:1]
        if not chosen and (high or low):
            values = [float(p[0]["value"]) for p in parts]
            edge = max(values) if high else min(values)
            chosen = [p for p in parts if float(p[0]["value"]) == edge]
        cover = max((share(p[0]["name"]) for p in chosen), default=0.0)
        if pair and _POINTS.search(ask.text):
            cover = max(cover, _TOLD)
        if not chosen or cover < _LEAST:
            return None
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
        if pair:
            high = low = False
        order = fill("word_highest" if high else "word_lowest", {}, ask.language) if high or low else ""
        slots = {
            "column": labels.short(number.name, ask.language),
            "table": self.cells.table_name(view, ask.language),
            "title": labels.short(number.name, ask.language),
            "order": order,
        }
        made = line("rows_top" if order else "list_titled", self.book.caption(view), items, **slots)
        lines = [made]
        if len(pair) == 2:
            one, two = (Decimal(p[0]["value"]) for p in pair)
            names = [labels.short(p[0]["name"], ask.language) for p in pair]
            said, finding = _apart(one, two, names, pair[0][0]["unit"], ask.language)
            lines.append(said)
            findings.append(finding)
        return Draft(
            "section",
            tuple(lines),
            cover + (0.2 + _GAIN if pair else 0.2),
            findings=tuple(findings),
            steps=(Step("read_sections", {"table": view.table.id}, f"{len(chosen)} of {len(parts)}"),),
            features={"cover": cover, "row": 1.0, "table": 1.0},
        )

    def _two(self, ask: Ask, parts: list[tuple[re.Match[str], str]]) -> list[tuple[re.Match[str], str]]:
        """The two parts that the question sets side by side, each told by words that no other part has."""
        names = [p[0]["name"] for p in parts]
        own = [
            name[max((_shared(name, other) for other in names if other is not name), default=0) :]
            for name in names
        ]
        english = [set(_WORD.findall(self.cells.labels.short(name, "en").lower())) for name in names]
        words = {w.rstrip("s") for w in _WORD.findall(ask.text)} if ask.text.isascii() else set()
        scored = []
        for i, name in enumerate(own):
            others = set().union(*(e for j, e in enumerate(english) if j != i))
            told = words & {w.rstrip("s") for w in english[i] - others}
            run = any(ask.text[at : at + _RUN] in name for at in range(len(ask.text) - _RUN + 1))
            scored.append((max(self._spelled(ask, name), _HALF * bool(told or run)), i))
        best = sorted((s for s in scored if s[0] >= _HALF), reverse=True)
        return [parts[i] for _, i in sorted(best, key=lambda s: s[1])] if len(best) == 2 else []

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


def _shared(one: str, two: str) -> int:
    """How many characters two names have in common from their beginning."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False))))


def _apart(one: Decimal, two: Decimal, names: list[str], unit: str, language: str) -> tuple[Line, Finding]:
    """How far apart the totals of two parts are."""
    gap = abs(one - two)
    if not gap:
        return line("compare_same"), computed(gap, "difference", (one, two))
    shown = f"{plain(gap)}{unit}" if language == "zh" else f"{plain(gap)} points"
    word = fill("word_higher", {}, language)
    said = line("compare_difference", value=shown, label=names[0] if one > two else names[1], word=word)
    return said, computed(gap, "difference", (one, two), shown)
