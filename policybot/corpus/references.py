"""Cross-references in running text (依照第十二条, 上述第 1 款, 附件 B, 图表 21, 《意见》) and what they mean.

A place is looked for in the document named beside it, else in the document of the clause, else, for
上述第 1 款, 本条 and the like, around the clause itself. What is not in the corpus has the target "".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from policybot.corpus.aliases import Aliases, Named
from policybot.corpus.locators import Locator, Plain, Step, locators
from policybot.corpus.model import Clause, Document, Reference
from policybot.corpus.steps import StepIndex
from policybot.patterns import lazy_pattern

# 《公约》第四条: a title, perhaps with a number behind it, right before a place.
_TITLE = lazy_pattern(r"《(?P<title>[^《》]{1,60})》(?:\([^()]{1,40}\))?(?:的|之|关于[^,。;]{0,12})?\s?$")
_OWN = lazy_pattern(
    r"本(?:议定书|公约|协定|方案|意见|规划|条例|办法|通知|法|报告|指数)的?\s?$|(?:this|the present) \w+,?\s?$"
)
_OF_TITLE = lazy_pattern(r"\s?(?:of|to|in|under)\s(?:the\s)?")
_SAME = lazy_pattern(
    r"\s?(?:[、,]\s?|和|与|及|或|至|以及|[和与及]其|的规定和|和/或|\sand\s|\sor\s|,\sand\s)\s?"
)
_SELF = lazy_pattern(r"(?P<way>[本该])(?P<what>条|款|项)(?![例约件目])")
_ANY = lazy_pattern(r"[条款项目点章节编段附图表《]|(?i:art|para|annex|appendix|fig|table|chart|section|part)")
_LEVEL = {"条": ("article",), "款": ("arabic", "paren", "paragraph"), "项": ("alpha", "paren", "arabic")}
_INNER = ("para", "item", "sub", "paren")  # steps that say nothing without an article
_TITLES = frozenset({"note", "part", "section", "table"})
_SHORTEST_TITLE = 8  # characters; a shorter name without 《》 is an everyday word in running text
_NO_TEXT = frozenset({"chart", "figure", "table", "annex-table"})


class ReferenceFinder:
    """Finds the cross-references of clauses of one corpus."""

    def __init__(self, documents: Iterable[Document], clauses: Iterable[Clause]) -> None:
        self.aliases = Aliases(documents)
        self.index = StepIndex(clauses)

    def find(self, clause: Clause) -> tuple[Reference, ...]:
        """The references of a clause, in the order of its text."""
        if not _ANY.search(clause.text.text) and len(clause.text) < _SHORTEST_TITLE:
            return ()
        text = Plain.of(clause.text.text)
        named = list(self.aliases.find(text))
        found: list[Reference] = []
        taken: list[tuple[int, int]] = []
        context: tuple[str, tuple[Step, ...], int] | None = None  # document ("" outside), steps, end

        def add(start: int, end: int, target: str) -> None:
            low, high = text.span(start, end)
            found.append(Reference(low, high, target, clause.text.text[low:high]))
            taken.append((start, end))

        for place in self._places(text.text):
            if place.start == 0 and not place.relative and self._is_heading(clause, place):
                continue
            start, document = self._document(clause, text.text, place, named)
            steps = place.steps
            between = text.text[context[2] : start] if context else ""
            if document is None and context and not place.relative and _SAME.fullmatch(between):
                document, steps = context[0], _continued(context[1], steps)
            target = self._target(clause, document, steps, place.relative, start)
            context = (clause.document if document is None else document, steps, place.end)
            if target is None:
                continue
            add(start, place.end, target)
            if place.relative:
                context = (context[0], self.index.chain.get(target, steps), place.end)
        for match in _SELF.finditer(text.text):
            target = self._self(clause, match["way"], match["what"], found, text.span(*match.span())[0])
            if target is not None and not any(
                low < match.end() and match.start() < high for low, high in taken
            ):
                add(match.start(), match.end(), target)
        for name in named:
            free = not any(low < name.end and name.start < high for low, high in taken)
            whole = name.title and (text.text[name.start] == "《" or name.end - name.start >= _SHORTEST_TITLE)
            if free and whole and name.document != clause.document:
                add(name.start, name.end, name.document)
        return tuple(sorted(found, key=lambda reference: reference.start))

    @staticmethod
    def _places(text: str) -> list[Locator]:
        """Places that running text may refer to; labels such as 三（四） are taken only beside a title."""
        places = []
        for place in locators(text):
            first = place.steps[0].kind
            if first in ("han", "roman") and text[place.start - 1 : place.start] != "》":
                continue
            places.append(place)
        return places

    def _is_heading(self, clause: Clause, place: Locator) -> bool:
        """A place at the very start that is the clause's own number or stands in a title line."""
        return place.steps == self.index.chain[clause.id][-1:] or clause.kind in _TITLES

    def _document(
        self, clause: Clause, text: str, place: Locator, named: list[Named]
    ) -> tuple[int, str | None]:
        """(where the reference starts, the document named with it: "" outside the corpus, None: none)."""
        before = text[max(0, place.start - 110) : place.start]
        if own := _OWN.search(before):
            return place.start - (len(before) - own.start()), clause.document
        for name in named:
            if name.end <= place.start and re.fullmatch(
                r"(?:的|之|\s|,|:)?\s?", text[name.end : place.start]
            ):
                return name.start, name.document
        if title := _TITLE.search(before):
            return place.start - (len(before) - title.start()), ""
        after = _OF_TITLE.match(text, place.end)
        if after:
            for name in named:
                if name.start <= after.end() < name.end:
                    return place.start, name.document
        return place.start, None

    def _target(
        self, clause: Clause, document: str | None, steps: tuple[Step, ...], relative: bool, start: int
    ) -> str | None:
        """The clause meant; "" when it lies outside the corpus, None when this is no reference."""
        if document == "":
            return ""
        home = document or clause.document
        if document is None and (relative or steps[0].kind in _INNER):
            around = self._around(clause, steps)
            if around or relative or steps[0].kind in ("item", "sub", "paren"):
                return around or None
        costs = self.index.find(home, steps)
        if costs:
            return self._nearest(clause, costs)
        # A chart that is only an image has no clause; an article or annex that the document does not
        # have belongs to another one (附件一 of the Convention, in a protocol with annexes A and B).
        return None if steps[0].kind in _NO_TEXT or steps[0].kind in _INNER else ""

    def _nearest(self, clause: Clause, costs: list[tuple[float, str]]) -> str:
        """Of equally good places the one that shares most of its path with the clause."""
        best = [name for cost, name in costs if cost == costs[0][0]]
        return max(best, key=lambda name: (_shared(name, clause.id), -len(name)))

    def _around(self, clause: Clause, steps: tuple[Step, ...]) -> str:
        """上述第 1 款(a)项: the place counted from the clauses around, innermost first."""
        for level in reversed((*clause.path, "")):
            if level and self.index.chain[level][-1].kind in ("annex", "name", "han"):
                break
            costs = self.index.find(clause.document, steps, level) if level else []
            if costs and costs[0][0] < 1:
                return costs[0][1]
        return ""

    def _self(self, clause: Clause, way: str, what: str, found: list[Reference], offset: int) -> str | None:
        """本条 is the article around the clause, 该条 the article last spoken of."""
        if way == "该":
            spoken = [r for r in found if r.end <= offset and "条" in r.text]
            if not spoken or what != "条":
                return None
            last = max(spoken, key=lambda r: r.end).target
            return self._level(last, what) if last in self.index.chain else last
        return self._level(clause.id, what)

    def _level(self, name: str, what: str) -> str | None:
        """The clause of the level 条, 款 or 项 that is the clause or stands above it."""
        parts = self.index.chain[name]
        articles = [i for i, step in enumerate(parts) if step.kind == "article"]
        if what == "条":
            depth = articles[-1] if articles else None
        else:
            depth = next(
                (i for i in range(len(parts) - 1, -1, -1) if parts[i].kind in _LEVEL[what]), None
            )  # fmt: skip
            if what == "款" and articles:
                depth = articles[-1] + 1 if articles[-1] + 1 < len(parts) else None
        if depth is None:
            return None
        while len(self.index.chain[name]) > depth + 1:
            name = self.index.parent[name]
        return name


def _continued(before: tuple[Step, ...], steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """第四条第 3 款、第 5 款: the second takes over the article of the first."""
    if steps[0].kind not in ("para", "item", "sub"):
        return steps
    order = ("article", "para", "item", "sub")
    rank = {"arabic": 1, "paren": 2, "alpha": 2}
    own = order.index(steps[0].kind)
    kept = tuple(s for s in before if (order.index(s.kind) if s.kind in order else rank.get(s.kind, 0)) < own)
    return (*kept, *steps)


def _shared(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one.split("/"), other.split("/"), strict=False):
        if a != b:
            break
        count += 1
    return count


def with_references(documents: Iterable[Document], clauses: Mapping[str, Clause]) -> dict[str, Clause]:
    """The clauses of a corpus with their references filled in, in the same order."""
    finder = ReferenceFinder(documents, clauses.values())
    return {name: replace(clause, references=finder.find(clause)) for name, clause in clauses.items()}


def find_references(
    clause: Clause, documents: Iterable[Document], clauses: Mapping[str, Clause]
) -> tuple[Reference, ...]:
    """The references of one clause; for many clauses use `with_references`."""
    return ReferenceFinder(documents, clauses.values()).find(clause)
