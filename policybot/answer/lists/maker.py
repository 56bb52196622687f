"""Complete lists: headings under a clause, lines of a section, items of a sentence or of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from policybot.answer.evidence.excerpt import evidence_of, strip_label, tidy
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.sentences import spaced
from policybot.answer.evidence.values import precision
from policybot.answer.lists.enumerations import Enumeration, enumerations, runs_on
from policybot.answer.lists.kinds import Kind, head, of_kind
from policybot.answer.lists.outline import Listed, Outline
from policybot.answer.matching.match import Concept, Weigher, bare, covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import plain
from policybot.answer.tables.reading.order import ordering
from policybot.answer.tables.reading.views import View
from policybot.answer.wording.cite import Evidence, quote_span
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding
from policybot.answer.wording.labels import Labels
from policybot.corpus.model import Corpus
from policybot.patterns import lazy_pattern

_SENTENCES = 14
_COUNTABLE = 6  # items from which a list is counted when the question asks how many
_COUNTED = 0.16  # gain when a list has as many items as the question says, and half as much lost otherwise
_LONGEST_ITEM = 60
_NAMED_CLAUSE = 0.3  # gained by a list under the clause that the question names, half of it lost elsewhere
_OTHER = 0.1  # lost by a list of another document than the one named
_AUTHORITY = 0.04  # lost for each step down from the acts to reports about them
_WHOLE = 0.9  # share of a title that the question spells out when it names it
_NAMED_WHOLE = 0.14  # gained by a list whose title the question names
_TELLING = 0.2  # weight from which a word may lead to a list
_UNEVEN = 0.15  # lost by items of very different length, which are rarely a list
_PRECISE = 0.12  # gained when the question accounts for all that is said around the items
_OPPOSITE = 0.3  # lost by the lowest ones when the highest are asked for
_HIGHEST = lazy_pattern(r"最[高大多强快]|名列前茅|排名前")
_LOWEST = lazy_pattern(r"最[低小少弱慢]|垫底|排名靠后")
_INTRODUCED = lazy_pattern(r"(?:包括|包含|涵盖|分别为|分别是|如下|主要有|即|：)\s*$")
_INTRODUCED_GAIN = 0.06  # gained by items that words like 包括 introduce
_CLASSED = 0.14  # gained by items of the kind asked for, or by those of the amount asked for
_TOLD = lazy_pattern(
    r"(?<![\d.])\d{2,}(?:\.\d+)?(?![\d.])(?!\s*%)"
)  # numbers that tell one list of a sentence
_NUMBERS = lazy_pattern(r"\d+(?:\.\d+)?")
_SAID = 0.92  # worth of a word that only the annotation's title has
_WORDS = lazy_pattern(r"[a-z]+")
_ENDING = lazy_pattern(r"(?:ies|es|s)$")
_MEANINGLESS = lazy_pattern(r"本|的|是|则|而|等|为|了|：|:|包括|分别|[\d]+")


class _Titled(NamedTuple):
    """The English of a list's title and how its annotation has it, a blank before each word, and the first of
    them normalised."""

    own: str
    noted: str
    plain: str

    def says(self, stem: str) -> bool:
        """True when a word of either begins like this."""
        return f" {stem}" in self.own or f" {stem}" in self.noted


_UNTITLED = _Titled("", "", "")


class ListMaker:
    """Finds the list that a question asks for."""

    def __init__(
        self,
        corpus: Corpus,
        pool: Pool,
        views: Sequence[View],
        labels: Labels,
        weigh: Weigher | None = None,
    ) -> None:
        self.corpus = corpus
        self.pool = pool
        self.labels = labels
        self.weigh = weigh
        self._titles: dict[tuple[str, str], _Titled] = {}
        self.outline = Outline(corpus, pool, views)

    def drafts(self, ask: Ask, ranked: Sequence[Scored]) -> list[Draft]:
        """Lists that carry the question, best first."""
        wanted = (
            ask.wants("list", "count", "rank", "clause_text") or "items" in ask.asks or ask.type == "other"
        )
        found = [self._draft(ask, listed, score) for listed, score in self.headed(ask)[:3]] if wanted else []
        kind = head(ask)
        made = (self._in_sentence(ask, self._run_on(scored), kind) for scored in ranked[:_SENTENCES])
        found += [d for d in made if d is not None]
        found.sort(key=lambda d: -d.score)
        return found

    def headed(self, ask: Ask) -> list[tuple[Listed, float]]:
        """The corpus' own lists that carry the question, with their scores, best first."""
        scored = []
        words = [
            o for c in ask.concepts if c.weight >= _TELLING for o, v in c.options if v >= 0.5 and len(o) > 1
        ]
        stems = [s for c in ask.concepts if c.weight >= _TELLING for s in _stems(c)]
        ordered = ordering(ask)
        for listed in self.outline.lists:
            if ordered and listed.kind == "rows":
                continue  # all rows of a table are never the highest ones
            english = self._english(listed) if stems else _UNTITLED
            if not any(map(listed.text.__contains__, words)) and not any(map(english.says, stems)):
                continue
            document = self.corpus.clauses[listed.clause].document
            if ask.only and document not in ask.only:
                continue
            zones = (*listed.about, (english.plain, 1.0)) if english.plain else listed.about
            score = self._score(ask, zones, [i for i, _ in listed.items], english)
            if ask.clauses:
                under = listed.kind not in ("parts", "articles") and any(
                    listed.clause == c or listed.clause.startswith(f"{c}/") for c in ask.clauses
                )
                score += _NAMED_CLAUSE if under else -_NAMED_CLAUSE / 2
            elif ask.documents and document not in ask.documents and not _names(ask, listed):
                score -= _OTHER
            if score >= 0.4:
                authority = self.corpus.documents[document].authority
                scored.append((listed, score - _AUTHORITY * authority))
        scored.sort(key=lambda pair: -pair[1])
        return scored

    def _english(self, listed: Listed) -> _Titled:
        """The English of a list's title, also as the annotation has it, which may use other words."""
        made = self._titles.get((listed.clause, listed.title))
        if made is None:
            clause = self.corpus.clauses[listed.clause]
            note = self.corpus.annotations.get(listed.clause)
            titled = note.title_en if note is not None and listed.title in note.title_zh else ""
            own = self.labels.english(listed.title) or clause.label_en
            made = _Titled(spaced(own), spaced(titled), norm(own))
            self._titles[(listed.clause, listed.title)] = made
        return made

    def _score(
        self, ask: Ask, zones: Sequence[tuple[str, float]], items: Sequence[str], english: _Titled
    ) -> float:
        total = found = 0.0
        for concept in ask.concepts:
            weight = concept.weight
            value = max((covers(concept, t, self.weigh) * v for t, v in zones), default=0.0)
            stems = _stems(concept) if english.plain else []
            if stems and all(map(english.says, stems)):
                value = max(value, 1.0 if all(f" {s}" in english.own for s in stems) else _SAID)
            total += weight
            found += weight * value
        score = found / total if total else 0.0
        title = zones[0][0]
        named = _named(title, ask.concepts)
        score = 0.82 * score + 0.18 * named
        if named >= _WHOLE and len(title) > 4:
            score += _NAMED_WHOLE
        wanted = ask.asks.n if "items" in ask.asks else None
        if wanted is not None and wanted > 1:
            score += _COUNTED if len(items) == wanted else -_COUNTED / 2
        return score

    def _draft(self, ask: Ask, listed: Listed, score: float) -> Draft:
        joined = [(self._item(ask, text, used), used) for text, used in listed.items]
        head = self.corpus.clauses[listed.clause]
        title = listed.title
        if ask.language != "zh":
            title = head.label_en if title == head.label else self.labels.short(title, "en")
        if ask.language != "zh" and listed.kind in ("articles", "parts"):
            document = self.corpus.documents[head.document]
            title = document.short_en or document.title_en
        own: tuple[Evidence, ...] = ()
        if listed.kind in ("lines", "bullets"):
            own = (Evidence(head.id, 0, len(head.text)),)
        made = line("list_titled", own, joined, title=title or head.label, count=str(len(joined)))
        return Draft(
            "list",
            (made,),
            score,
            findings=(Finding("computed", float(len(joined)), text=str(len(joined))),),
            steps=(Step("outline", {"clause": listed.clause}, f"{len(joined)} items"),),
            features={
                "cover": score,
                "own": score,
                "list": 1.0,
                "items": float(len(joined)),
                "titled": float(ask.type == "list" and _named(listed.about[0][0], ask.concepts) >= _WHOLE),
            },
        )

    def _item(self, ask: Ask, text: str, used: Sequence[Evidence]) -> str:
        if ask.language != "zh" and used:
            clause = self.corpus.clauses[used[0].clause]
            if text == clause.label:
                return clause.label_en
        return self.labels.item(text, ask.language)

    def _run_on(self, scored: Scored) -> Scored:
        """A sentence with those behind it that go on with its 一是…; 二是…."""
        first = scored.sentence
        sentences = self.pool.sentences(first.clause)
        behind = [s for s in sentences if s.start > first.start]
        count = runs_on(first.text, [s.text for s in behind])
        if not count:
            return scored
        last = behind[count - 1]
        text = first.clause.text.text[first.start : last.end]
        return scored._replace(sentence=replace(first, end=last.end, text=text, norm=norm(text)))

    def _in_sentence(self, ask: Ask, scored: Scored, kind: Kind | None) -> Draft | None:
        sentence = scored.sentence
        if sentence.heading:
            return None
        best: tuple[float, Enumeration] | None = None
        for listed in enumerations(sentence.text):
            if any(len(i) > 2 * _LONGEST_ITEM for i in listed.items):
                continue
            score = self._enumeration_score(ask, scored, listed, kind)
            if best is None or score > best[0]:
                best = (score, listed)
        if best is None:
            return None
        score, listed = best
        classed = kind is not None and of_kind(listed, kind, self.pool.places)
        start = sentence.start + strip_label(sentence.text)
        evidence = evidence_of(
            sentence, (start, sentence.end), (sentence.start + listed.start, sentence.start + listed.end)
        )
        items = [self.labels.short(tidy(i), ask.language) for i in listed.items]
        low, high = quote_span(
            self.corpus,
            Evidence(
                sentence.clause.id,
                sentence.start + listed.start,
                sentence.start + listed.end,
                (sentence.start + listed.start, sentence.start + listed.end),
            ),
        )
        text = tidy(sentence.clause.text.text[low:high]).rstrip("，；、。")
        counting = ask.type == "count" and len(items) >= _COUNTABLE and not ask.measures_in(sentence.norm)
        if counting:
            score += _COUNTED
        slots = {"count": str(len(items)) if len(items) > 2 else "", "printed": text}
        slots["items"] = text if ask.language == "zh" else ", ".join(items)
        lines = [line("list_counted" if counting else "list", (evidence,), **slots)]
        return Draft(
            "enumeration",
            tuple(lines),
            score,
            findings=(Finding("computed", float(len(items)), text=str(len(items))),),
            steps=(Step("read_enumeration", {"clause": sentence.clause.id}, f"{len(items)} items"),),
            features={
                "cover": scored.cover,
                "own": scored.own,
                "wide": scored.wide,
                "found": scored.found,
                "worst": scored.worst,
                "elsewhere": float(scored.elsewhere),
                "list": 1.0,
                "items": float(len(items)),
                "classed": float(bool(classed)),
            },
        )

    def _enumeration_score(self, ask: Ask, scored: Scored, listed: Enumeration, kind: Kind | None) -> float:
        """The sentence's score, more when the question is carried around the items and not by them."""
        inside = norm("、".join(listed.items))
        text = scored.sentence.text
        outside = norm(text[: listed.start] + "|" + text[listed.end :])
        near = norm(listed.lead + "|" + listed.tail)
        total = sum(c.weight for c in ask.concepts) or 1.0
        out = sum(c.weight * covers(c, outside, self.weigh) for c in ask.concepts) / total
        close = sum(c.weight * covers(c, near, self.weigh) for c in ask.concepts) / total
        within = sum(c.weight * covers(c, inside, self.weigh) for c in ask.concepts) / total
        score = 0.56 * scored.score + 0.2 * out + 0.2 * close - 0.12 * max(0.0, within - out)
        said = norm(_MEANINGLESS.sub("", listed.lead[-40:] + listed.tail[:20]))
        score += _PRECISE * (precision(ask, said, self.weigh) - 0.5)
        wanted = ask.asks.n if "items" in ask.asks or "top_n" in ask.asks else None
        if wanted is not None and wanted > 1:
            score += _COUNTED if len(listed.items) == wanted else -_COUNTED / 2
        if len(listed.items) == 2:
            score -= 0.06
        if _INTRODUCED.search(listed.lead):
            score += _INTRODUCED_GAIN
        lead = listed.lead or text[: listed.start]
        for wanted_edge, other in (("min", _HIGHEST), ("max", _LOWEST)):
            if wanted_edge in ask.asks and other.search(lead):
                score -= _OPPOSITE
        classed = of_kind(listed, kind, self.pool.places) if kind is not None else None
        if classed is not None:
            score += _CLASSED * classed if classed else -_CLASSED
        said = norm(f"{listed.lead}|{listed.items[-1]}|{listed.tail}")
        told = [m.group() for m in _TOLD.finditer(ask.text)]
        if told and len(enumerations(text)) > 1:
            score += _CLASSED * sum(1 for n in told if n in _NUMBERS.findall(said)) / len(told)
        for asked in (q for q in ask.quantities if q.unit == "%"):
            if f"{plain(asked.amount)}%" in said:
                score += _CLASSED
            elif "%" in said:
                score -= 2 * _CLASSED  # the items of another amount
            else:
                score -= _CLASSED / 2
        sizes = [len(i) for i in listed.items]
        if max(sizes) > 3 * min(sizes) + 6:
            score -= _UNEVEN
        if listed.tail.startswith("等") and re.match(r"等\s*\d+", listed.tail):
            score -= 0.12  # 深圳、青岛等25个城市: two of twenty-five
        return score


def _names(ask: Ask, listed: Listed) -> bool:
    """True when a list says that it is about the document that the question names."""
    return any(
        option in listed.text
        for c in ask.concepts
        if c.kind == "document"
        for option, v in c.options
        if v >= 0.5
    )


def _stems(concept: Concept) -> list[str]:
    """The English words of a question's term by which a title may be told, without their endings."""
    if not concept.surface.isascii():
        return []
    if concept.kind == "latin":
        return [concept.stem] if len(concept.stem) > 3 else []
    stems = [_ENDING.sub("", word) for word in _WORDS.findall(concept.surface)]
    return [stem for stem in stems if len(stem) > 3]


def _named(title: str, concepts: Sequence[Concept]) -> float:
    """Share of a title's characters that the question's words spell."""
    plain = bare(title)
    if not plain:
        return 0.0
    marked = [False] * len(plain)
    for concept in concepts:
        for option, value in concept.options:
            word = bare(option)
            at = plain.find(word) if value >= 0.5 and word else -1
            while at >= 0:
                marked[at : at + len(word)] = [True] * len(word)
                at = plain.find(word, at + 1)
    return sum(marked) / len(plain)
