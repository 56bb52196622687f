"""The class that a question takes a place to be in ("Why is A in class two?"), held against the table."""

from __future__ import annotations

from dataclasses import dataclass

from policybot.answer.matching.match import Concept, bare
from policybot.answer.matching.names import place_stem
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.reading.views import Column, RowView, View
from policybot.answer.wording.compose import fill, line
from policybot.answer.wording.draft import Draft, Finding
from policybot.patterns import lazy_pattern

_NEAR = 26  # characters between a place and the class that it is said to be in
_BEFORE = 14  # characters before a class in which 作为 or "as a" stands
_SIDES = lazy_pattern(
    r"[、,，;；?？/]|和|与|或|跟|及|比|还是|除了|\b(?:and|or|than|versus|vs|against|unlike|except|not|rather"
    r"|compared|later|earlier)\b"
)
_SAYS = lazy_pattern(
    r"属于|归[入为到]|列[入为到]|[放划分归算排]进|[放划分归算排][入到为成在]|[作定评]为|[是算叫在]|当成"
    r"|\b(?:in|into|as|a|an|is|are|was|were|to|among|belongs?|part of|count(?:s|ed)?|call(?:s|ed)?"
    r"|the|fall\w*|under|with)\b"
)
_AS = lazy_pattern(
    r"(?:作为|身为|既然是|同为)(?:一[个座])?$|\b(?:as|being|since it is|because it is) (?:a |an |the )?$"
)
_SCORE = 1.3  # a table's word on the very place and class
_CHOICE = lazy_pattern(
    r"哪一?[类个种](?!.*达)|什么类|第几类|几类|还是|\bwhich (?:class|category|group|type)\b|\bwhat (?:class"
    r"|category|type)\b"
)


@dataclass(frozen=True)
class _Class:
    view: View
    column: Column
    row: RowView


class ClassClaimMaker:
    """Finds a class that a question puts a place in and the table does not."""

    def __init__(self, cells: CellMaker) -> None:
        self.cells = cells
        self._classes: dict[str, _Class] = {}
        for view in cells.book.views:
            column = view.of_kind("names")
            if column is not None:
                self._classes |= {bare(r.key): _Class(view, column, r) for r in view.rows}

    def draft(self, ask: Ask) -> Draft | None:
        """The correction, None when the question puts no place in a class or puts it in its own."""
        if len(ask.places) != 1 or not self._classes or _CHOICE.search(ask.text):
            return None
        place = next((c for c in ask.concepts if c.kind == "place"), None)
        named = [(c, found) for c in ask.concepts if (found := self._named(c)) is not None]
        named = named or [
            (Concept(key, ((key, 1.0),), 1.0, "term", True, at, at + len(key)), found)
            for key, found in self._classes.items()
            if (at := ask.text.find(key)) >= 0  # 四类城市 may be read as four kinds of cities
        ]
        if place is None or len({id(found.row) for _, found in named}) != 1:
            return None
        concept, claimed = named[0]
        if not _said(ask.text, place, concept):
            return None
        view, column = claimed.view, claimed.column
        row = self.cells.book.listed_in(view, column, place_stem(bare(ask.places[0])))
        if row is None or row is claimed.row or row.id == claimed.row.id:
            return None
        return self._corrected(ask, view, row, claimed.row)

    def _named(self, concept: Concept) -> _Class | None:
        options = [o for o, v in concept.options if v >= 0.8][:2]
        return next((self._classes[bare(o)] for o in options if bare(o) in self._classes), None)

    def _corrected(self, ask: Ask, view: View, row: RowView, claimed: RowView) -> Draft:
        labels, language = self.cells.labels, ask.language
        evidence = (self.cells.book.row_evidence(row.id), *self.cells.book.caption(view))
        place = ask.places[0]
        note = next((c.text for c, k in zip(row.cells, view.columns, strict=True) if k.kind == "text"), "")
        value = labels.name(row.key, language)
        told = fill(
            "cell_class",
            {
                "item": labels.short(place, language),
                "value": value,
                "note": note.rstrip("。")
                if language == "zh"
                else (labels.english(note) or note).rstrip("。."),
            },
            language,
        )
        made = line(
            "premise_wrong", evidence, value=value, claimed=labels.name(claimed.key, language), sentence=told
        )
        return Draft(
            "claim",
            (made,),
            _SCORE,
            findings=(Finding("derived", row.key, text=f"{place}属于{row.key}", evidence=evidence[0]),),
            steps=(Step("check_claim", {"claimed": claimed.key, "item": place}, row.key),),
            features={"cover": 1.0, "own": 1.0, "row": 1.0, "table": 1.0, "decided": 1.0},
        )


def _said(text: str, place: Concept, kind: Concept) -> bool:
    """True where a text says that the place is of the class, in either order."""
    first, second = sorted((place, kind), key=lambda c: c.start)
    between = text[first.end : second.start]
    if first is kind:
        # "As a class four city, what must Chengdu do?": said before the place, over a comma.
        return _AS.search(text[max(0, kind.start - _BEFORE) : kind.start]) is not None
    return len(between) <= _NEAR and _SIDES.search(between) is None and _SAYS.search(between) is not None
