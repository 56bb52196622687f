"""Parts of tables counted or added up: categories of indicators, sections that print their own total.

"How many indicators are there for X in the city table and how many in the park table", "what do
sections B and C come to": each part is read by itself, the sum or difference is computed.
"""

from __future__ import annotations

import re
from decimal import Decimal

from policybot.answer.matching.match import bare, covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.asks import to_int
from policybot.answer.question.operations import Operations, plain, read_operations, summed
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.planlines import computed
from policybot.answer.tables.reading.columns import Span, column_uses
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.parts import Part, extreme_parts
from policybot.answer.tables.reading.reader import TableReader
from policybot.answer.tables.reading.views import SECTION, Column, RowView, View
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Draft, Finding, Line
from policybot.patterns import lazy_pattern

LEAST = 0.5  # share of the question that the parts must account for
_GAIN = 0.45
_TELLING = 0.3  # weight from which a word may pick a category
_NAMED = 0.7  # share of a part's name that the question must spell out
_ABOUT = 0.85
_LETTERS = lazy_pattern(
    r"(?<![a-z])(?P<zh>[a-e](?:\s*[、,，和与及跟]\s*[a-e])*)\s*(?:[两三四五]?大?|这)*(?:块|部分|类|项|板块|领域)"
    r"|\b(?:sections?|parts?|areas?|categor(?:y|ies)|blocks?)\s+(?P<en>[a-e](?:\s*(?:,|and|plus|or|versus|vs)\s*[a-e])*)\b"
)
_KIND = lazy_pattern(
    r"指标|分类|类别|这一?类|[两三]类|\b(?:indicators?|categor(?:y|ies)|tables?)\b|城市表|园区表|[两二]张?表|参考"
)
_SECTIONS = lazy_pattern(
    r"一?(?:大?块|板块|大类|部分|大项|类别)|\b(?:sections?|parts?|blocks?|areas?|categor(?:y|ies))\b"
)
_SCORED = lazy_pattern("分|point|mark|weight")
_POINTS = lazy_pattern(r"(?:总)?分值?|权重|打分|评分|\b(?:points?|marks?|weight(?:s|ed)?|scor\w+)\b")
_LONG = 4  # characters of a word that picks a category without talk of indicators
_SEVERAL = 0.15  # gained where two parts or more are named
_MOST = 6  # parts in one answer


class SetMaker:
    """Makes drafts on categories and sections."""

    def __init__(self, book: TableBook, cells: CellMaker, reader: TableReader) -> None:
        self.book = book
        self.reader = reader
        self.cells = cells
        self.labels = cells.labels

    def drafts(self, ask: Ask) -> list[Draft]:
        """At most one draft: several parts counted or added up, or one part's share of all."""
        operations = read_operations(ask.text)
        points = any(e in ("score", "percent") for e in ask.expects) or _SCORED.search(ask.text) is not None
        computing = any(name in operations for name in ("count", "total", "difference"))
        if not (points or computing or ask.type == "count" or _POINTS.search(ask.text)):
            return []
        parts = self._parts(ask)
        if not parts:
            top = self._extreme(ask, operations)
            if top is None:
                return self._classes(ask)
            return top
        if len(parts) > _MOST:
            return []
        scored = [p for p in parts if p.points is not None]
        counting = "count" in operations or ask.type == "count"
        cover = self._cover(ask, parts, [(low, high) for _, low, high in operations.spans])
        if cover < LEAST:
            return []
        if scored and points and len(scored) == len(parts) and not self._counts_rows(ask):
            made = self._points(ask, scored)
        elif counting or "total" in operations or "difference" in operations:
            made = self._counts(ask, parts)
        else:
            return []
        if made is None:
            return []
        lines, findings, steps = made
        features = {"cover": cover, "row": 1.0, "table": 1.0}
        score = cover + _GAIN + (_SEVERAL if len(parts) > 1 else 0.0)
        return [
            Draft(
                "sets", tuple(lines), score, findings=tuple(findings), steps=tuple(steps), features=features
            )
        ]

    def _extreme(self, ask: Ask, operations: Operations) -> list[Draft] | None:
        """The section with the most or the fewest points, and its indicators where they are asked for."""
        high = "max" in ask.asks or "top_n" in ask.asks
        if high == ("min" in ask.asks) or not (_SECTIONS.search(ask.text) and _POINTS.search(ask.text)):
            return None
        for view in self.book.views:
            chosen = [] if ask.only and view.table.document not in ask.only else extreme_parts(view, high)
            if not chosen:
                continue
            spans = [(low, high_) for _, low, high_ in operations.spans]
            spans += [m.span() for pattern in (_SECTIONS, _POINTS) for m in pattern.finditer(ask.text)]
            spans += [(low, high_) for _, low, high_ in ask.asks.spans]
            cover = self._cover(ask, chosen, spans)
            if cover < LEAST:
                continue
            made = self._points(ask, chosen, word="word_highest" if high else "word_lowest")
            if made is None:
                continue
            lines, findings, steps = made
            if _KIND.search(ask.text) and ("count" in operations or "list" in operations):
                listed = self._counts(ask, chosen, single=True)
                if listed is not None:
                    lines, findings, steps = lines + listed[0], findings + listed[1], steps + listed[2]
            features = {"cover": cover, "row": 1.0, "table": 1.0}
            return [
                Draft(
                    "sets",
                    tuple(lines),
                    cover + _GAIN,
                    findings=tuple(findings),
                    steps=tuple(steps),
                    features=features,
                )
            ]
        return None

    def _classes(self, ask: Ask) -> list[Draft]:
        """How many names each of several classes lists, and what the numbers come to."""
        used: list[Span] = []
        groups = self.reader.groups(ask, used)
        operations = read_operations(ask.text)
        computing = any(name in operations for name in ("total", "difference", "count"))
        if len(groups) < 2 or not computing or column_uses(ask, self.book.views):
            return []
        lines: list[Line] = []
        findings: list[Finding] = []
        steps: list[Step] = []
        values = []
        for group in groups:
            count = Decimal(len(group.names))
            values.append(count)
            name = self.labels.short(group.label, ask.language)
            lines.append(line("plan_row", group.evidence, name=name, values=plain(count)))
            findings.append(computed(count))
            number = to_int(group.label[:1])
            if number is not None:
                findings.append(Finding("derived", float(number), text=group.label))
            steps.append(Step("list_members", {"class": group.label}, plain(count)))
        if "total" in operations:
            lines.append(self._sum(ask, values, findings, steps))
        elif "difference" in operations:
            lines += self._gap(ask, [g.label for g in groups], values, findings, steps)
        spans = used + [(low, high) for _, low, high in operations.spans]
        total = sum(c.weight for c in ask.concepts) or 1.0
        said = sum(c.weight for c in ask.concepts if any(a < c.end and c.start < b for a, b in spans))
        cover = min(1.0, said / total)
        features = {"cover": cover, "row": 1.0, "table": 1.0}
        if cover < LEAST:
            return []
        return [
            Draft(
                "sets",
                tuple(lines),
                cover + _GAIN,
                findings=tuple(findings),
                steps=tuple(steps),
                features=features,
            )
        ]

    @staticmethod
    def _counts_rows(ask: Ask) -> bool:
        return re.search(r"[几多少]+(?:个|项|条)(?:评估)?指标|how many indicators", ask.text) is not None

    def _parts(self, ask: Ask) -> list[Part]:
        found: list[Part] = []
        for view in self.book.views:
            column = view.of_kind("category")
            if column is None or (ask.only and view.table.document not in ask.only):
                continue
            if ask.documents and view.table.document not in ask.documents:
                continue
            found += self._parts_of(ask, view, column)
        # A name spelled out whole is meant, not another one that shares a word with it.
        whole = [p for p in found if _target(p.name) in bare(ask.text)]
        taken = {span for p in whole for span in p.spans}
        found = [p for p in found if p in whole or not set(p.spans) & taken]
        tables = {p.view.table.id: p.view for p in found}
        if len(tables) > 1:
            chosen = self._told_apart(ask, list(tables.values()))
            found = [p for p in found if p.view.table.id in chosen]
        return found

    def _parts_of(self, ask: Ask, view: View, column: Column) -> list[Part]:
        groups: dict[str, list[RowView]] = {}
        for row in view.rows:
            groups.setdefault(row.cells[column.index].text, []).append(row)
        if len(groups) < 2:
            return []
        found: dict[str, list[Span]] = {}
        for match in _LETTERS.finditer(ask.text):
            for letter in re.findall(r"[a-e](?![a-z])", match["zh"] or match["en"]):
                for name in groups:
                    section = SECTION.match(name)
                    if section and section["letter"].lower() == letter:
                        found.setdefault(name, []).append(match.span())
        for name in groups:
            spans = self._spelled(ask, name, list(groups))
            if spans:
                found.setdefault(name, []).extend(spans)
        return [
            Part(view, name, tuple(groups[name]), SECTION.match(name), tuple(spans))
            for name, spans in sorted(found.items(), key=lambda pair: min(pair[1]))
        ]

    def _spelled(self, ask: Ask, name: str, names: list[str]) -> list[Span]:
        """Where the question spells out a category's name, or says a word that it alone has."""
        target = _target(name)
        marked = [False] * len(target)
        spans: list[Span] = []
        telling = False
        for concept in ask.concepts:
            if concept.kind not in ("term", "latin"):
                continue
            for word, worth in concept.bares:
                at = target.find(word) if worth >= 0.8 and len(word) > 1 else -1
                if at < 0:
                    continue
                marked[at : at + len(word)] = [True] * len(word)
                spans.append((concept.start, concept.end))
                alone = sum(word in bare(other) for other in names) == 1
                telling = telling or (alone and concept.weight >= _TELLING and target.startswith(word))
                telling = telling and (len(word) >= _LONG or _KIND.search(ask.text) is not None)
        whole = bare(ask.text).find(target) >= 0
        share = sum(marked) / max(1, len(target))
        return spans if spans and (whole or telling or share >= _NAMED) else []

    def _told_apart(self, ask: Ask, views: list[View]) -> set[str]:
        """The tables whose caption carries a word of the question that others lack; all when none does."""
        captions = {v.table.id: norm(v.table.caption) for v in views}
        hits: set[str] = set()
        for concept in ask.concepts:
            holding = [i for i, text in captions.items() if text and covers(concept, text, None) >= 0.8]
            if holding and len(holding) < len(views):
                hits.update(holding)
        return hits or set(captions)

    def _cover(self, ask: Ask, parts: list[Part], used: list[Span]) -> float:
        spans = used + [s for p in parts for s in p.spans] + [m.span() for m in _KIND.finditer(ask.text)]
        spans += [m.span() for m in _LETTERS.finditer(ask.text)]
        texts = [p.view.about for p in parts] + [norm(p.name) for p in parts]
        texts += [c.norm for p in parts for c in p.view.columns]
        total = found = 0.0
        for concept in ask.concepts:
            shared = sum(any(a <= at < b for a, b in spans) for at in range(concept.start, concept.end))
            worth = 1.0 if concept.kind == "document" or shared * 2 >= concept.end - concept.start else 0.0
            worth = max([worth, *(_ABOUT * covers(concept, t, self.book.weigh) for t in texts)])
            total += concept.weight
            found += concept.weight * worth
        return found / total if total else 0.0

    def _points(
        self, ask: Ask, parts: list[Part], word: str = ""
    ) -> tuple[list[Line], list[Finding], list[Step]] | None:
        """The totals that sections print, added up, compared or as a share of all."""
        operations = read_operations(ask.text)
        lines, findings, steps = [], [], []
        values: list[Decimal] = []
        for part in parts:
            assert part.points is not None
            value = Decimal(part.points["value"])
            values.append(value)
            evidence = (self.book.row_evidence(part.rows[0].id), *self.book.caption(part.view))
            text = f"{plain(value)}{part.points['unit']}" if ask.language == "zh" else plain(value)
            if word:
                order = fill(word, {}, ask.language)
                text += f"（{order}）" if ask.language == "zh" else f" ({order})"
            name = f"{part.points['letter']} {self.labels.short(part.points['name'], ask.language)}"
            lines.append(line("plan_row", evidence, name=name, values=text))
            findings.append(
                Finding(
                    "quoted",
                    float(value),
                    part.points["unit"],
                    text=part.points[0].strip(),
                    evidence=evidence[0],
                )
            )
            steps.append(
                Step("read_sections", {"table": part.view.table.id, "section": part.points["letter"]}, text)
            )
        if word:
            return lines, findings, steps
        if len(parts) == 1 and "share" not in operations:
            return None
        if "share" in operations:
            whole = self._whole(parts[0].view)
            share = f"{100 * sum(values, Decimal(0)) / whole:.1f}".removesuffix(".0")
            lines.append(line("plan_share", (), value=share, total=plain(whole)))
            own = sum(values, Decimal(0))
            findings += [computed(whole), computed(own, "sum", values)]
            findings.append(computed(Decimal(share), "share", (own, whole), f"{share}%", "%"))
            steps.append(Step("compute", {"operation": "share", "total": plain(whole)}, f"{share}%"))
        elif "difference" in operations or (ask.wants("comparison") and "total" not in operations):
            lines += self._gap(ask, [p.name for p in parts], values, findings, steps)
        else:
            lines.append(self._sum(ask, values, findings, steps))
        return lines, findings, steps

    @staticmethod
    def _whole(view: View) -> Decimal:
        column = view.of_kind("category")
        assert column is not None
        names = dict.fromkeys(row.cells[column.index].text for row in view.rows)
        return sum((Decimal(m["value"]) for n in names if (m := SECTION.match(n))), Decimal(0))

    def _counts(
        self, ask: Ask, parts: list[Part], *, single: bool = False
    ) -> tuple[list[Line], list[Finding], list[Step]] | None:
        """How many rows each category has, with their names, and what the numbers come to."""
        operations = read_operations(ask.text)
        lines, findings, steps = [], [], []
        values = [Decimal(len(p.rows)) for p in parts]
        for part in parts:
            items: list[tuple[str, tuple[Evidence, ...]]] = [
                (self.labels.short(r.key, ask.language), (self.book.row_evidence(r.id),)) for r in part.rows
            ]
            section = SECTION.match(part.name)
            title = self.labels.short(section["name"] if section else part.name, ask.language)
            if len({p.view.table.id for p in parts}) > 1:
                title = f"{self.cells.table_name(part.view, ask.language)} {title}"
            count = str(len(part.rows))
            lines.append(line("list_titled", self.book.caption(part.view), items, title=title, count=count))
            findings.append(computed(Decimal(len(part.rows))))
            steps.append(Step("list_category", {"table": part.view.table.id, "category": part.name}, count))
        if len(parts) < 2:
            return (lines, findings, steps) if single or "count" in operations else None
        if "difference" in operations:
            lines += self._gap(ask, [p.name for p in parts], values, findings, steps)
        else:
            lines.insert(0, self._sum(ask, values, findings, steps))
        return lines, findings, steps

    def _sum(self, ask: Ask, values: list[Decimal], findings: list[Finding], steps: list[Step]) -> Line:
        total = sum(values, Decimal(0))
        findings += [computed(total, "sum", values), computed(Decimal(len(values)))]
        steps.append(
            Step("compute", {"operation": "sum", "inputs": [plain(v) for v in values]}, plain(total))
        )
        return line("plan_sum", (), value=plain(total), calculation=summed(values), count=str(len(values)))

    def _gap(
        self, ask: Ask, names: list[str], values: list[Decimal], findings: list[Finding], steps: list[Step]
    ) -> list[Line]:
        if len(values) != 2:
            return []
        gap = abs(values[0] - values[1])
        if not gap:
            return [line("compare_same")]
        findings.append(computed(gap, "difference", values))
        steps.append(
            Step("compute", {"operation": "difference", "inputs": [plain(v) for v in values]}, plain(gap))
        )
        high = names[0] if values[0] > values[1] else names[1]
        section = SECTION.match(high)
        label = self.labels.short(section["name"] if section else high, ask.language)
        return [
            line(
                "compare_difference",
                value=plain(gap),
                label=label,
                word=fill("word_higher", {}, ask.language),
            )
        ]


def _target(name: str) -> str:
    """A category's name without the letter and total of a section and without 指标."""
    section = SECTION.match(name)
    return bare(section["name"]) if section else re.sub("指标$", "", bare(name))
