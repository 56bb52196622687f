"""Which rows of a published table have no value: "哪些城市没有提出达峰年份？"."""

from __future__ import annotations

from policybot.answer.matching.match import Weigher, covers, norm
from policybot.answer.question.ask import Ask
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding, accounting
from policybot.answer.wording.labels import Labels
from policybot.corpus.model import Corpus, Row, Table
from policybot.patterns import lazy_pattern

LEAST = 0.55  # share of the question that column and caption must carry
_LACKING = lazy_pattern(
    r"(?:没有?|未|尚未|还没|无)(?:有|能)?(?:明确)?(?:提出|公布|给出|填写|说明|数据|宣布|设定|确定|列出)|没有[^，。？]{1,8}数据|缺(?:少|失)?数据"
    r"|\b(?:no|not|without|missing|lack\w*|have(?:n't| not))\b"
)
_WHICH = lazy_pattern(r"哪些|哪几|有几个|多少个|\bwhich\b|\bhow many\b|\bwhat\b.*\b(?:cities|provinces|part)")


class GapMaker:
    """Makes drafts that list the rows without a value."""

    def __init__(self, corpus: Corpus, labels: Labels, weigh: Weigher) -> None:
        self.corpus = corpus
        self.labels = labels
        self.weigh = weigh

    def drafts(self, ask: Ask) -> list[Draft]:
        """At most one: on the column that the question fits best."""
        if ask.places or not _LACKING.search(ask.text) or not _WHICH.search(ask.text):
            return []
        best: tuple[float, Table, int, list[Row]] | None = None
        for table in self.corpus.tables.values():
            for index, column in enumerate(table.header):
                rows = [r for r in table.rows if r.cells[index].kind == "missing"]
                if not rows:
                    continue
                cover = self._cover(ask, norm(f"{column}|{table.caption}|{table.header[0]}"))
                if best is None or cover > best[0]:
                    best = (cover, table, index, rows)
        if best is None or best[0] < LEAST:
            return []
        cover, table, index, rows = best
        items = [(self._name(r, ask.language), (self._whole(r.id),)) for r in rows]
        column = table.header[index] if ask.language == "zh" else self.labels.short(table.header[index], "en")
        made = line("rows_missing", (), items, table=table.label, column=column, count=str(len(rows)))
        features = accounting(cover)
        counted = Finding("derived", float(len(rows)), text=str(len(rows)))
        return [Draft("gaps", (made,), 0.6 + cover, findings=(counted,), features=features)]

    def _cover(self, ask: Ask, text: str) -> float:
        working = [m.span() for m in _LACKING.finditer(ask.text)]
        terms = [c for c in ask.terms if not any(c.start < e and s < c.end for s, e in working)]
        total = sum(c.weight for c in terms) or 1.0
        return sum(c.weight * covers(c, text, self.weigh) for c in terms) / total

    def _name(self, row: Row, language: str) -> str:
        return self.labels.short(row.cells[0].text, language) if language == "en" else row.cells[0].text

    def _whole(self, row: str) -> Evidence:
        return Evidence(row, 0, len(self.corpus.clauses[row].text))
