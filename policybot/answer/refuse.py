"""Saying that the corpus does not say it: what is missing, and which clause comes nearest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from policybot.answer.evidence.pool import Scored
from policybot.answer.evidence.quoting import Quoter
from policybot.answer.matching.match import Concept, Weigher, bare, covers, norm
from policybot.answer.matching.names import place_stem
from policybot.answer.matching.rarity import Rarity
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.kinds import CHECKED, kind_fits
from policybot.answer.tables.cells import CellMaker
from policybot.answer.tables.reading.match import TableBook, TableMatch
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import clause_name, fill, line
from policybot.answer.wording.draft import Draft, Finding, Line
from policybot.corpus.model import Corpus
from policybot.facts.places import Places
from policybot.facts.quantities import find_numbers
from policybot.facts.years import meets
from policybot.patterns import lazy_pattern
from policybot.retrieve.nearness import Nearness
from policybot.text import language_of

NEAR_ENOUGH = 0.34  # share of the question that the nearest clause must carry to be worth naming
_NEAR_IN_MEANING = 0.55  # cosine from which on it is so without sharing words
_ABOUT = 0.5  # share of the question beside places that a table must be about to be missed in
_NEAR_TABLE = 0.2  # share of the whole question that such a table must carry
_HOME = "中国"
_ROWS = 16  # row names given when a table does not list a name
_IMAGE = lazy_pattern(r"^\s*(?P<label>(?:图表|图)\s*\d+)\s*[、:：.]?\s*(?P<caption>.+?)\s*$")
_LONGEST_NAME, _LONGEST_NAME_ZH = 24, 5  # characters
# Stretches with these are cut out of speech and are no names: 却磨磨蹭蹭, 在用, 钱照挣.
_GRAMMAR = lazy_pattern(
    r"[却在就会能要有被把着了过都也很太多少们既再又还才给让叫使吗呢吧啊么哪谁啥怎咋拿卖买领掉推走去来没不别想说做]|[照跟和与或][^a-z]|^[成分出上下]|[分出上下用]$"
)
_ENDING = lazy_pattern(r"(?:ies|es|ed|ing|ly|er|s|y)$")
_ROOT = 3  # letters of an English word without its ending
_RANK = lazy_pattern(r"排名|排第|名次|第几|得分|分数|多少分|排行|rank|score|position|place")


class Refuser:
    """Words refusals over one corpus."""

    def __init__(
        self,
        corpus: Corpus,
        quoter: Quoter,
        book: TableBook,
        cells: CellMaker,
        rarity: Rarity,
        weigh: Weigher | None = None,
    ) -> None:
        self.corpus = corpus
        self.quoter = quoter
        self.book = book
        self.cells = cells
        self.rarity = rarity
        self.weigh = weigh
        self.images = tuple(_images(corpus))

    def draft(
        self,
        ask: Ask,
        ranked: Sequence[Scored],
        matches: Sequence[TableMatch],
        reason: str = "",
        meant: Nearness | None = None,
    ) -> Draft:
        """The refusal of a question that no candidate answers well enough."""
        table = self.unlisted(ask, matches)
        if table is not None:
            return table
        image = self.image(ask)
        if image is not None:
            return image
        near = next((s for s in ranked if not s.sentence.heading), None)
        lines = [self._what(ask, near, reason)]
        if near is not None and (
            (near.wide >= NEAR_ENOUGH and self._related(ask, near))
            or (meant is not None and meant.of(near.sentence.clause.id) >= _NEAR_IN_MEANING)
        ):
            clause = near.sentence.clause
            slots = {"clause": clause_name(self.corpus, clause, ask.language)}
            told = self.quoter.lines(ask, near.sentence, "nearest", slots=slots, longest=100)
            lines += [made for made in told if made.wording != "gloss"]
        return Draft(
            "refusal",
            tuple(lines),
            0.0,
            "not_found",
            steps=(Step("refuse", {"reason": lines[0].wording}, ""),),
        )

    def unlisted(self, ask: Ask, matches: Sequence[TableMatch]) -> Draft | None:
        """The refusal for a place that a table of such places does not list."""
        for match in matches:
            if match.rows or match.cover < _NEAR_TABLE or not ask.places or match.column is None:
                continue
            if not match.own and match.column.kind != "number":
                continue
            view = match.view
            about = self._about(ask, match)
            if about < _ABOUT:
                continue
            kinds = self._kinds(view.keys)
            for place, names in zip(ask.places, ask.place_names, strict=False):
                if not kinds or any(place_stem(bare(n)) in view.keys for n in names):
                    continue
                if place == _HOME and self._inside(view.keys):
                    continue  # its cities are listed, and it is none of them
                listed = [self.quoter.labels.short(r.key.strip("*"), ask.language) for r in view.rows]
                joiner = "、" if ask.language == "zh" else ", "
                rows = joiner.join(listed[:_ROWS]) + ("……" if len(listed) > _ROWS else "")
                head = (self.book.row_evidence(view.rows[0].id),)
                evidence = self.book.caption(view) or self._above(view.table.id) or head
                slots = {
                    "table": self.cells.table_name(view, ask.language),
                    "name": self.quoter.labels.short(place, ask.language),
                    "count": str(len(listed)),
                    "rows": rows,
                }
                return Draft(
                    "refusal",
                    (line("missing_row", evidence, **slots),),
                    match.cover,
                    "not_found",
                    findings=(Finding("computed", float(len(listed)), "项", text=f"{len(listed)}项"),),
                    steps=(Step("look_up_row", {"table": view.table.id, "row": place}, "not listed"),),
                    features={"cover": match.cover, "about": about, "table": 1.0},
                )
        return None

    def _about(self, ask: Ask, match: TableMatch) -> float:
        """Share of what the question says beside places that a table is about."""
        column = match.column.norm if match.column is not None else ""
        text = "|".join([column, match.view.columns[match.view.key].norm, match.view.about])
        terms = [c for c in ask.concepts if c.kind != "place"]
        total = sum(c.weight for c in terms)
        return sum(c.weight * covers(c, text, self.weigh) for c in terms) / total if total else 0.0

    def image(self, ask: Ask) -> Draft | None:
        """The refusal for a rank or score that stands only in an image of the source."""
        if not _RANK.search(ask.text):
            return None
        best, score = None, 0.5
        terms = [c for c in ask.concepts if c.kind not in ("place", "number")]
        total = sum(c.weight for c in terms)
        for document, label, caption, text in self.images:
            if ask.only and document not in ask.only:
                continue
            share = sum(c.weight * covers(c, text, self.weigh) for c in terms) / total if total else 0.0
            if share > score:
                best, score = (label, caption), share
        if best is None:
            return None
        made = line("missing_image", label=best[0], caption=best[1])
        return Draft(
            "refusal",
            (made,),
            score,
            "not_found",
            steps=(Step("find_figure", {"figure": best[0]}, "image without data"),),
            features={"cover": score},
        )

    def _what(self, ask: Ask, near: Scored | None, reason: str) -> Line:
        """What is missing, from the most telling to the least."""
        text = self._around(near)
        for place, names in zip(ask.places, ask.place_names, strict=False):
            if not any(place_stem(bare(n)) in text for n in names):
                return line("missing_place", name=self._said(ask, place))
        if reason == "year" or (reason != "value" and self._year_lacks(ask, text)):
            years = "、".join(str(y) for y in ask.years) or ""
            if years:
                return line("missing_year", name=years)
        shown = near is not None and near.wide >= NEAR_ENOUGH
        for expect in ask.expects:
            if near is not None and shown and not self._gives(near, expect, ask.expects):
                return line("missing_value", kind=fill(f"kind_{expect}", {}, ask.language))
        unknown = self._unknown(ask) if near is None or self._shares_language(ask, near) else None
        if unknown is not None:
            return line("missing_term", name=unknown.surface)
        return line("missing_topic")

    def _gives(self, near: Scored, expect: str, expects: Sequence[str]) -> bool:
        """Whether a sentence shows something of the kind that was asked for; always for what is no amount."""
        if expect not in CHECKED:
            return True
        found = find_numbers(near.sentence.clause.text.text)
        return any(kind_fits(quantity, expects) > 0 for quantity in found)

    def _shares_language(self, ask: Ask, near: Scored) -> bool:
        """Whether words of the question may stand in the nearest clause, or in its annotation."""
        clause = near.sentence.clause
        return clause.id in self.corpus.annotations or language_of(clause.text.text) == ask.language

    def _unknown(self, ask: Ask) -> Concept | None:
        """A word that stands nowhere in the corpus, in any wording, and reads like the name of a thing.

        Words that the annotations use are common ones: that no clause prints "hold" says nothing.
        """
        unknown = [
            c
            for c in ask.terms
            if 1 < len(c.surface) <= (_LONGEST_NAME if c.surface.isascii() else _LONGEST_NAME_ZH)
            and not _GRAMMAR.search(c.surface)
            and not any(self.rarity.count(o) for o, v in c.options if v >= 0.3)
            and (c.stem if c.word.isascii() else norm(c.surface)) not in self._spoken
            and not self._inflected(c)
        ]
        return max(unknown, key=lambda c: (c.weight, len(c.surface)), default=None)

    def _inflected(self, concept: Concept) -> bool:
        """Whether English words are forms of ones that a document prints: leaking, leaks, registry's."""
        words = [w.removesuffix("'s") for w in concept.surface.lower().replace("’", "'").split()]
        roots = [_ENDING.sub("", word) if len(word) > _ROOT + 1 else word for word in words]
        return all(
            word.isascii() and word.isalpha() and len(root) >= _ROOT and root in self._latin
            for word, root in zip(words, roots, strict=True)
        )

    @cached_property
    def _latin(self) -> str:
        """What is printed in English, in lower case."""
        texts = (c.text.text for c in self.corpus.clauses.values())
        return " ".join(text.lower() for text in texts if language_of(text) == "en")

    @cached_property
    def _spoken(self) -> str:
        """All that the annotations say, in lower case: they are written as folding leaves a text, which would
        take half a second for three million characters."""
        notes = self.corpus.annotations.values()
        words = (w for n in notes for w in (n.title_en, n.gist_en, *n.english, *n.asked_zh, *n.asked_en))
        return " ".join(words).lower()

    def _year_lacks(self, ask: Ask, text: str) -> bool:
        if not ask.years or any(str(y) in text for span in ask.spans for y in span):
            return False
        return not meets(text, ask.spans)

    def _related(self, ask: Ask, near: Scored) -> bool:
        """True when the nearest clause shares a telling word with the question."""
        text = self._around(near)
        return any(covers(c, text, self.weigh) >= 0.6 and c.weight >= 0.3 for c in ask.terms)

    def _around(self, near: Scored | None) -> str:
        if near is None:
            return ""
        clause = near.sentence.clause
        return norm(" ".join([clause.text.text, *self.corpus.headings(clause)]))

    def _said(self, ask: Ask, place: str) -> str:
        return self.quoter.labels.short(place, ask.language)

    def _kinds(self, keys: frozenset[str]) -> bool:
        """True when a table's rows are places."""
        places = self.quoter.labels.place
        known = sum(places(k) is not None for k in keys)
        return known >= 0.5 * len(keys)

    def _inside(self, keys: frozenset[str]) -> bool:
        """True when most of the places that are a table's rows lie in China."""
        known = Places.load()
        places = [found for key in keys if (found := known.get(key)) is not None]
        return sum(bool(found.province) for found in places) > 0.5 * len(places)

    def _above(self, clause_id: str) -> tuple[Evidence, ...]:
        for above in reversed(self.corpus.clauses[clause_id].path):
            clause = self.corpus.clauses[above]
            if clause.heading and clause.heading in clause.text.text:
                at = clause.text.text.index(clause.heading)
                return (Evidence(clause.id, at, at + len(clause.heading)),)
        return ()


def _images(corpus: Corpus) -> Sequence[tuple[str, str, str, str]]:
    """(document, label, caption, normalised text) of figures whose image the source files do not carry."""
    found = []
    for leftover in corpus.leftovers:
        if leftover.kind != "caption":
            continue
        source = corpus.sources[leftover.file].text[leftover.start : leftover.end]
        match = _IMAGE.match(source)
        if match:
            label = re.sub(r"\s", "", match["label"])
            found.append((leftover.document, label, re.sub(r"\s+", " ", match["caption"]), norm(source)))
    return found
