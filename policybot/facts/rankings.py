"""Lists and ranks of cities as the corpus publishes them, read from its sentences and never computed.

A list is a run of at least three places in one sentence ("排名前五的城市是：深圳、北京、…"). Whether its
order is claimed to be a ranking is read from the words around it: "名列前茅" claims no order. Figures
that exist only as images are known by their captions, so that a refusal can name them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policybot.corpus.lines import caption_label
from policybot.corpus.model import AnchoredText, Clause, Corpus
from policybot.facts.places import PlaceMatch, Places
from policybot.patterns import lazy_pattern
from policybot.text import sentence_spans, squash

_JOINED = lazy_pattern(r"[\s、，,]*(?:和|及|与|以及)?[\s、，,]*")
_ORDERED = lazy_pattern(
    r"排名前[一二三四五六七八九十\d]+|排在?前[一二三四五六七八九十\d]+|前[一二三四五六七八九十\d]+名"
    r"|得分最[高低]的[一二三四五六七八九十\d]+个|依次为|依次是|按.{0,8}排序"
)
_LEADING = lazy_pattern(r"名列前茅|位居|前列|领先")
_COUNT = lazy_pattern(r"(?:共|等)?\s*([一二三四五六七八九十\d]+)\s*个(?:城市|地区)")
_RANK = lazy_pattern(r"(?:的(?P<metric>[\u4e00-\u9fff A-Za-z]{2,12}))?排在第\s*(?P<rank>\d+)\s*[名位]")
_IMAGE_RANKING = lazy_pattern(r"排名|排行|得分")
_PART = lazy_pattern(r"[，,；;](?=[^，,；;]*(?:最高|最低|排名|前|第[一二三四]梯队))")


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A list of places a sentence publishes.

    `subject` is the heading it stands under, `predicate` the words that say what the list is
    ("单位 GDP 碳排放最低的前五名", "第一梯队", "评估结果为优良的城市"); `ordered` is true only where the
    text itself claims an order; `start`..`end` is the sentence in the clause's text.
    """

    id: str
    document: str
    clause: str
    label: str
    subject: str
    predicate: str
    places: tuple[str, ...]
    ordered: bool
    start: int
    end: int
    quote: AnchoredText

    def place_of(self, name: str) -> int | None:
        """1-based place of a city in an ordered list, None where the order is not claimed."""
        return self.places.index(name) + 1 if self.ordered and name in self.places else None


@dataclass(frozen=True, slots=True)
class PublishedRank:
    """A single rank a sentence states: "深圳的碳排放排在第 25 名"."""

    place: str
    metric: str
    rank: int
    document: str
    clause: str
    label: str
    start: int
    end: int
    quote: AnchoredText


@dataclass(frozen=True, slots=True)
class ImageFigure:
    """A figure of which the corpus has only the caption: label "图表15", title, file and line."""

    label: str
    title: str
    document: str
    file: str
    line: int
    quote: AnchoredText

    @property
    def is_ranking(self) -> bool:
        """Whether the caption speaks of ranks or scores."""
        return bool(_IMAGE_RANKING.search(self.title))


def published_lists(corpus: Corpus, places: Places) -> list[PublishedList]:
    """All lists of at least three cities in running text, in reading order."""
    found: list[PublishedList] = []
    for clause in corpus.clauses.values():
        if clause.table or clause.kind == "note":
            continue
        for count, (start, end, run) in enumerate(_runs(clause.text.text, places), 1):
            found.append(_list(corpus, clause, start, end, run, count))
    return found


def _runs(text: str, places: Places) -> Iterator[tuple[int, int, list[PlaceMatch]]]:
    for low, high in sentence_spans(text):
        bounds = [low, *(low + m.end() for m in _PART.finditer(text[low:high])), high]
        matches = [m for m in places.find(text[low:high]) if m.place.kind == "city"]
        run: list[PlaceMatch] = []
        for match in [*matches, None]:
            if match and run and _JOINED.fullmatch(text, low + run[-1].end, low + match.start):
                run.append(match)
                continue
            if len(run) >= 3:
                at = low + run[0].start
                start = max(b for b in bounds if b <= at)
                stop = min(b for b in bounds if b >= low + run[-1].end)
                yield start, stop, [PlaceMatch(low + m.start, low + m.end, m.place) for m in run]
            run = [match] if match else []


def _list(
    corpus: Corpus, clause: Clause, start: int, end: int, run: list[PlaceMatch], count: int
) -> PublishedList:
    text = clause.text.text
    before, after = text[start : run[0].start], text[run[-1].end : end]
    ordered = bool(_ORDERED.search(before)) and not _LEADING.search(after)
    follows = re.split(r"[，,；;。]", squash(after).lstrip("，, "))[0]
    predicate = squash(before).strip("，；：:")
    if _LEADING.search(follows) or len(predicate) < 4:
        predicate = follows
    headings = corpus.headings(clause)
    return PublishedList(
        f"{clause.id}#{count}",
        clause.document,
        clause.id,
        clause.label,
        headings[-1] if headings else "",
        predicate[:60],
        tuple(m.place.zh for m in run),
        ordered,
        start,
        end,
        clause.text.slice(start, end).strip(),
    )


def published_ranks(corpus: Corpus, places: Places) -> list[PublishedRank]:
    """Every single rank stated in a sentence."""
    found = []
    for clause in corpus.clauses.values():
        text = clause.text.text
        if clause.table or "排在第" not in text:
            continue
        for match in _RANK.finditer(text):
            near = [
                m
                for m in places.find(text[max(0, match.start() - 12) : match.start()])
                if m.place.kind == "city"
            ]
            if not near:
                continue
            start = max(0, match.start() - 12) + near[-1].start
            found.append(
                PublishedRank(
                    near[-1].place.zh,
                    squash(match["metric"] or ""),
                    int(match["rank"]),
                    clause.document,
                    clause.id,
                    clause.label,
                    start,
                    match.end(),
                    clause.text.slice(start, match.end()),
                )
            )
    return found


def image_figures(corpus: Corpus) -> list[ImageFigure]:
    """The figures whose content the files do not carry, in reading order."""
    figures = []
    for leftover in corpus.leftovers:
        if leftover.kind != "caption":
            continue
        source = corpus.sources[leftover.file]
        quote = source.whole(leftover.start, leftover.end).strip()
        label, title = caption_label(quote.text)
        figures.append(
            ImageFigure(
                label, squash(title), leftover.document, leftover.file, source.line_of(leftover.start), quote
            )
        )
    return figures
