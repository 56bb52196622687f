"""Lists that the corpus itself sets out: headings under a clause, lines, table rows, document parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from policybot.answer.evidence.excerpt import evidence_of, strip_label, tidy
from policybot.answer.evidence.pool import Pool
from policybot.answer.lists.enumerations import bullets
from policybot.answer.matching.match import norm
from policybot.answer.tables.reading.views import View
from policybot.answer.wording.cite import Evidence
from policybot.corpus.model import Clause, Corpus
from policybot.patterns import lazy_pattern
from policybot.text import squash

_OWN_WORDS = lazy_pattern(r"[。；]")
_STRUCTURE = "部分|章节|章|结构|目录|框架|内容|大纲|part|section|chapter|structure|content|outline"
_STRUCTURE_ARTICLES = "条|条款|条文|款|article|provision"


@dataclass(frozen=True)
class Listed:
    """A list of the corpus: its title as matched, its items with their evidence, where it stands."""

    title: str
    about: tuple[tuple[str, float], ...]
    items: tuple[tuple[str, tuple[Evidence, ...]], ...]
    clause: str
    kind: str

    @cached_property
    def text(self) -> str:
        """What it is about, as one text."""
        return "|".join(text for text, _ in self.about)


class Outline:
    """Collects the lists of one corpus."""

    def __init__(self, corpus: Corpus, pool: Pool, views: Sequence[View]) -> None:
        self.corpus = corpus
        self.pool = pool
        self.views = views

    @cached_property
    def lists(self) -> tuple[Listed, ...]:
        """Every list, wherever it stands."""
        return (*self._from_outline(), *self._from_tables(), *self._from_documents())

    def _from_outline(self) -> list[Listed]:
        found = []
        for clause in self.corpus.clauses.values():
            if clause.kind in ("row", "table"):
                continue
            zones = self._zones(clause)
            children = [c for c in self.corpus.children(clause) if c.kind not in ("row", "table")]
            items = [i for c in children if (i := _item(c)) is not None]
            if len(items) >= 2 and len(items) >= 0.8 * len(children):
                found.append(
                    Listed(clause.heading or clause.label, zones, tuple(items), clause.id, "children")
                )
            lines = _own_lines(clause)
            if len(lines) >= 2:
                found.append(Listed(clause.heading or clause.label, zones, tuple(lines), clause.id, "lines"))
            numbered = _leading_sentences(self.pool, children)
            repeated = _repeated(self.pool, clause)
            if len(repeated) >= 3:
                found.append(
                    Listed(clause.heading or clause.label, zones, tuple(repeated), clause.id, "points")
                )
            if len(numbered) >= 2 and not items:
                found.append(
                    Listed(clause.heading or clause.label, zones, tuple(numbered), clause.id, "points")
                )
        return found

    def _from_documents(self) -> list[Listed]:
        """The parts of each document, the articles of a treaty."""
        found = []
        for document in self.corpus.documents.values():
            roots = [
                c
                for c in self.corpus.of(document.id)
                if not c.path and c.kind in ("part", "clause", "section")
            ]
            treaty = [c for c in roots if c.label.startswith("第") and c.label.endswith("条")]
            for kind, clauses in (("articles", treaty), ("parts", [c for c in roots if c not in treaty])):
                items = [(_part_name(c), (_part_evidence(c),)) for c in clauses]
                if len(items) < 2:
                    continue
                words = _STRUCTURE_ARTICLES if kind == "articles" else _STRUCTURE
                title = norm(" ".join([document.title_zh, document.short_zh, *document.aliases]))
                zones = ((title, 1.0), (words, 1.0))
                found.append(Listed(document.title_zh, zones, tuple(items), clauses[0].id, kind))
        return found

    def _from_tables(self) -> list[Listed]:
        """Row names of a table, and all ● items of its prose cells."""
        found = []
        for view in self.views:
            zones = (
                (norm(view.table.caption or view.about), 1.0),
                (view.columns[view.key].norm, 0.9),
                (view.about, 0.8),
                (self.pool.title(self.corpus.clauses[view.table.id]), 0.5),
            )
            title = view.table.caption or self.corpus.clauses[view.table.id].label
            keys: dict[str, tuple[Evidence, ...]] = {}
            points: list[tuple[str, tuple[Evidence, ...]]] = []
            for row in view.rows:
                keys.setdefault(tidy(row.key), (self._stretch(row.id, row.key),))
                for cell in row.cells:
                    if "●" in cell.text:
                        points += [
                            (tidy(b), (self._stretch(row.id, b),)) for b in bullets(cell.text) if b != row.key
                        ]
            if len(keys) >= 2:
                found.append(Listed(title, zones, tuple(keys.items()), view.table.id, "rows"))
            if len(points) >= 3:
                found.append(Listed(title, zones, tuple(points), view.table.id, "points"))
            for column in view.columns:
                if column.kind != "category":
                    continue
                groups: dict[str, tuple[Evidence, ...]] = {}
                for row in view.rows:
                    cell = row.cells[column.index]
                    if cell.text:
                        groups.setdefault(tidy(cell.text), (self._stretch(row.id, cell.text),))
                if len(groups) >= 2:
                    own = ((norm(column.name), 1.0), *zones[:1], (view.about, 0.8), zones[-1])
                    found.append(
                        Listed(f"{title} {column.name}", own, tuple(groups.items()), view.table.id, "rows")
                    )
        return found

    def _stretch(self, row: str, text: str) -> Evidence:
        """Where a row prints a text, blanks aside; the whole row when that cannot be told."""
        printed = self.corpus.clauses[row].text.text
        wanted = squash(text)
        places = [i for i, c in enumerate(printed) if not c.isspace()]
        at = squash(printed).find(wanted)
        if at < 0 or not wanted:
            return Evidence(row, 0, len(printed))
        return Evidence(row, places[at], places[at + len(wanted) - 1] + 1)

    def _zones(self, clause: Clause) -> tuple[tuple[str, float], ...]:
        heading = norm(clause.heading)
        above = norm(" ".join(self.corpus.clauses[i].heading for i in clause.path))
        intro = norm(clause.text.text[:400])
        return ((heading, 1.0), (intro, 0.8), (above, 0.75), (self.pool.title(clause), 0.6))


def _part_name(clause: Clause) -> str:
    if clause.heading:
        return tidy(clause.heading)
    return clause.label


def _part_evidence(clause: Clause) -> Evidence:
    text = clause.text.text
    at = text.find(clause.heading) if clause.heading else -1
    if at >= 0:
        return Evidence(clause.id, at, at + len(clause.heading))
    return Evidence(clause.id, 0, min(len(text), 40))


def _item(clause: Clause) -> tuple[str, tuple[Evidence, ...]] | None:
    """A child's heading, or its whole text when it is short."""
    text = clause.text.text
    if clause.heading:
        at = text.find(clause.heading)
        if at >= 0:
            return tidy(clause.heading), (Evidence(clause.id, at, at + len(clause.heading)),)
        return tidy(clause.heading), (Evidence(clause.id, 0, min(len(text), 80)),)
    skip = strip_label(text)
    body = text[skip:].rstrip("；;。，, \n")
    if (
        clause.kind in ("list-item", "item", "clause")
        and body
        and len(body) <= 110
        and not _OWN_WORDS.search(body)
    ):
        return tidy(body), (Evidence(clause.id, skip, skip + len(body)),)
    return None


def _own_lines(clause: Clause) -> list[tuple[str, tuple[Evidence, ...]]]:
    """The short lines under a heading (the gases of Annex A)."""
    lines = clause.text.text.split("\n")
    if len(lines) < 3 or not clause.heading:
        return []
    body = [part.strip() for part in lines[1:] if part.strip()]
    if any(len(part) > 30 or part.endswith(("。", "；", "：")) for part in body):
        return []
    return [(tidy(part), ()) for part in body]


def _leading_sentences(pool: Pool, children: Sequence[Clause]) -> list[tuple[str, tuple[Evidence, ...]]]:
    """The numbered paragraphs under a clause, each by its first sentence."""
    found: list[tuple[str, tuple[Evidence, ...]]] = []
    for child in children:
        if child.kind not in ("item", "clause", "list-item"):
            return []
        sentences = [s for s in pool.sentences(child) if not s.heading]
        if not sentences:
            return []
        first = sentences[0]
        text = tidy(first.text[strip_label(first.text) :])
        if len(text) > 110:
            return []
        found.append((text.rstrip("。；"), (evidence_of(first),)))
    return found


def _repeated(pool: Pool, clause: Clause) -> list[tuple[str, tuple[Evidence, ...]]]:
    """Sentences that begin with the same two characters (实施…工程), each by its first stretch."""
    runs: list[list[tuple[str, Evidence]]] = []
    last = ""
    for sentence in pool.sentences(clause):
        if sentence.heading:
            continue
        skip = strip_label(sentence.text)
        stretch = re.split(r"[，；。：]", sentence.text[skip:])[0].strip()
        first = tidy(stretch)[:2]
        if len(stretch) < 5 or len(stretch) > 40 or not re.fullmatch(r"[\u4e00-\u9fff]{2}", first):
            last = ""
            continue
        at = sentence.text.index(stretch)
        span = Evidence(clause.id, sentence.start + at, sentence.start + at + len(stretch))
        if first == last:
            runs[-1].append((tidy(stretch), span))
        else:
            runs.append([(tidy(stretch), span)])
        last = first
    best = max(runs, key=len, default=[])
    return [(text, (span,)) for text, span in best]
