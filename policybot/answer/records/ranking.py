"""Ranks of cities: what the white paper publishes in words, and a refusal where it publishes a picture.

Published and computed never mix: an order is claimed only where the text claims it, a full ranking that
exists only as an image is refused by naming the figure, and a computed position says that it is one.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from policybot.answer.matching.match import Weigher, norm
from policybot.answer.model import AnswerStatus, Step
from policybot.answer.question.ask import Ask
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding, Line, accounting
from policybot.answer.wording.labels import Labels
from policybot.corpus.lines import caption_label
from policybot.corpus.model import Corpus
from policybot.facts.places import Places
from policybot.facts.rankings import ImageFigure, PublishedList, image_figures, published_lists
from policybot.patterns import lazy_pattern
from policybot.text import sentence_spans

if TYPE_CHECKING:
    from policybot.tools.city import CityStanding

INDEX = "index-white-paper-2022"
_RANK = lazy_pattern(
    r"排名|排第|第几(?![类批条款章届])|名次|排行|名列|前[一二三四五六七八九十\d]+名?|领先|排在|最前|得分|分数"
    r"|\brank|\btop\b|\blead|\bfront[- ]?runners?\b|\bbest\b"
    r"|\bscor|\bplaces?d?\b|\b\d+(?:st|nd|rd|th)\b(?![ -]five)"
    r"|冠军|榜首|夺冠|\bwinners?\b|\bwins?\b|\bwon\b|\bchampions?\b|\bnumber one\b"
    r"|\b(?:first|second|third)\b(?= (?:place|in|among|on|of|overall|by|for)\b|\s*[?,.]|$)"
)
_ORDER = lazy_pattern(
    r"排名|排第|第几|名次|排行|名列|排在|得分|分数|指数|\brank|\btop\b|\bscor|\bindex\b|\bplaced\b"
)
_NTH = lazy_pattern(
    r"第\s*([一二三四五六七八九十\d]+)\s*[名位]?|\b(\d+)(?:st|nd|rd|th)\b(?![ -]five)"
    r"|\b(first|second|third)\b"
)
_TOP = lazy_pattern(
    r"\bwinner\b|\bwins\b|\bwon\b|\bchampion\b|\bnumber one\b"
    r"|夺冠|榜首|首位|冠军|最高的(?:那|这)?(?:个|座)?(?:城市|是)|谁最高"
    r"|\b(?:the )?(?:(?:top|best)(?:[- ](?:scoring|ranked|rated))?|leading|number one"
    r"|highest[- ](?:scoring|ranked|rated)) city\b"
    r"|\bwhich city (?:tops|leads|heads|came out on top|is (?:at the top|best|top|first))\b"
)
_TOP_MANY = lazy_pattern(r"\btop(?! (?:city|scoring|ranked|rated)\b)|\bcities\b")
_ORDINALS = {"first": 1, "second": 2, "third": 3}
_HAN = {c: i for i, c in enumerate("零一二三四五六七八九十")}
_SCORE = lazy_pattern(r"得分|分数|多少分|几分|\bscores?\b")
_WHY = lazy_pattern(r"为什么|为何|原因|\bwhy\b|reason")
_OVERALL = lazy_pattern(r"综合|总体|总排名|overall|composite|index as a whole")
_OWN = lazy_pattern(
    r"综合|指数|双碳发展|领域|发展(?:水平|进展|导向|管理)|overall|composite|index|domain|progress"
)
_DOMAIN = {
    "水平": r"发展水平|领域\s*[1一]|development level|\blevel domain|\blevel of dual|domain (?:1|one)",
    "进展": r"进展|领域\s*[2二]|progress|domain (?:2|two)",
    "导向": r"导向|领域\s*[3三]|orientation|guidance|domain (?:3|three)",
    "管理": r"发展管理|领域\s*[4四]|management|domain (?:4|four)",
    "总量": r"总量|total (?:carbon |co2 )?emission",
    "单位GDP": r"单位\s*gdp\s*的?(?:二氧化)?碳?排放|carbon intensity"
    r"|(?:carbon|co2|emi(?:t|ssion)).{0,24}per (?:unit of )?gdp",
    "人均碳": r"人均(?:碳)?排放|per[- ]capita|per person",
}
_EXTREME = lazy_pattern(r"最[高低多少]|\b(?:highest|lowest|most|least)\b")
_WHICH_CITIES = lazy_pattern(
    r"哪[一二三四五几些]*个?(?:座)?城市|城市(?:是|有)?哪|前[一二三四五\d]+名?"
    r"|\b(?:which|what|name|list)\b.{0,24}\bcit(?:y|ies)\b"
)
_TABLE_WORDS = lazy_pattern(
    r"pm\s*2|服务业|能耗|空气|达峰年|名额|分值"
    r"|peak year|services? share|energy use|air quality|quota|points?\b"
)


Made = tuple[list[Line], AnswerStatus, tuple[Finding, ...]]


_PARTS = lazy_pattern(
    r"[0-9两二三四五六七八九十]+(?:大|个)(?:子?领域|方面|维度|指标)"
    r"|\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twenty) (?:\w+ ){0,2}(?:areas|domains"
    r"|fields|aspects|dimensions|indicators|components|pillars)\b"
)


class RankMaker:
    """Makes drafts on published ranks of cities."""

    def __init__(self, corpus: Corpus, labels: Labels, weigh: Weigher) -> None:
        self.corpus = corpus
        self.labels = labels
        self.weigh = weigh

    @cached_property
    def lists(self) -> list[PublishedList]:
        """The lists that the white paper publishes."""
        return [found for found in published_lists(self.corpus, Places.load()) if found.document == INDEX]

    @cached_property
    def figures(self) -> list[ImageFigure]:
        """The rankings that the corpus has only as captions."""
        return [found for found in image_figures(self.corpus) if found.is_ranking and found.document == INDEX]

    def drafts(self, ask: Ask) -> list[Draft]:
        """At most one draft on a rank, a place, a list of leaders or a score of a city."""
        if INDEX not in self.corpus.documents or _TABLE_WORDS.search(ask.text):
            return []
        if "items" in ask.asks and not ask.places and _PARTS.search(ask.text):
            return []  # "the four areas scored": parts of the index, no cities
        topic = next((name for name, words in _DOMAIN.items() if re.search(words, ask.text)), "")
        listing = bool(topic) and _WHICH_CITIES.search(ask.text) is not None
        if not _RANK.search(ask.text) and not (listing and _EXTREME.search(ask.text)):
            return []
        city = self._city(ask)
        if city is None and not _OWN.search(ask.text) and not listing:
            return []
        if any(c.kind == "document" for c in ask.terms) and ask.documents and INDEX not in ask.documents:
            return []
        figure = self._figure(topic)
        if city is not None and not city.covered:
            if not _ORDER.search(ask.text):
                return []  # "the first batch" and "first held" rank nothing
            return self._draft(ask, self._uncovered(ask, city), "not_found")
        chosen = self._chosen(topic, city, ask)
        if city is not None:
            made = self._of_city(ask, city, chosen, figure)
        else:
            made = self._of_place(ask, chosen, figure)
        if made is None:
            return []
        lines, status, findings = made
        return self._draft(ask, lines, status, findings)

    def _draft(
        self, ask: Ask, lines: list[Line], status: AnswerStatus, findings: tuple[Finding, ...] = ()
    ) -> list[Draft]:
        if not lines:
            return []
        features = accounting(1.0)
        step = Step("rankings", {"places": list(ask.places)})
        return [Draft("ranking", tuple(lines), 1.2, status, findings, (), (step,), features)]

    def _city(self, ask: Ask) -> CityStanding | None:
        place = next((p for p in ask.places if p != "中国"), None)
        found = Places.load().get(place) if place else None
        if found is None or found.kind not in ("city", "province", "region"):
            return None
        from policybot.tools.city import city_standing  # brings the engine, which few questions need

        return city_standing(self.corpus, found.zh)

    def _figure(self, topic: str) -> ImageFigure | None:
        wanted = topic or "综合"
        return next((f for f in self.figures if norm(wanted) in norm(f.title)), None)

    def _chosen(self, topic: str, city: CityStanding | None, ask: Ask) -> PublishedList | None:
        """The list that the question is about: of its topic, else the composite one."""
        wanted = topic or "综合"
        near = [f for f in self.lists if norm(wanted) in norm(f.subject + f.predicate) and len(f.places) > 2]
        if not near:
            return None
        words = {"高": r"最高|最多|highest|\bmost\b", "低": r"最低|最少|lowest|\bleast\b"}
        for sign, pattern in words.items():
            exact = [f for f in near if sign in f.predicate and re.search(pattern, ask.text)]
            if exact:
                return exact[0]
        # A list of the other end of the order is no answer.
        if re.search(words["低"], ask.text):
            near = [f for f in near if "低" in f.predicate + f.quote.text]
        elif re.search(words["高"], ask.text):
            near = [f for f in near if "低" not in f.predicate + f.quote.text]
        if not near:
            return None
        own = [f for f in near if city is not None and city.place.zh in f.places]
        return (own or near)[0]

    def _of_city(
        self, ask: Ask, city: CityStanding, chosen: PublishedList | None, figure: ImageFigure | None
    ) -> Made | None:
        name = self._name(city.place.zh, ask)
        lines: list[Line] = []
        findings: tuple[Finding, ...] = ()
        status: AnswerStatus = "answered"
        if _SCORE.search(ask.text) and figure is not None:
            lines.append(self._image(ask, figure))
            status = "not_found"
        elif chosen is None:
            return None
        elif city.place.zh in chosen.places:
            evidence = self._evidence(chosen)
            place = chosen.place_of(city.place.zh)
            if place is not None:
                findings = (Finding("derived", float(place), text=str(place), evidence=evidence),)
                lines.append(
                    line("rank_place", (evidence,), city=name, place=str(place), text=self._said(chosen, ask))
                )
            else:
                lines.append(line("rank_unordered", (evidence,), city=name, text=self._said(chosen, ask)))
        else:
            evidence = self._evidence(chosen)
            lines.append(line("rank_outside", (evidence,), city=name, text=self._said(chosen, ask)))
            status = "not_found"
        if _WHY.search(ask.text) and chosen is not None:
            lines += [line("rank_reason", (e,), text=t) for e, t in self._reasons(city, chosen)]
            lines.append(line("rank_unexplained"))
        elif status == "not_found" and figure is not None and not _SCORE.search(ask.text):
            lines.append(self._image(ask, figure))
        if city.city_class is not None and status == "not_found":
            row = city.city_class
            end = len(self.corpus.clauses[row.row].text)
            evidence = Evidence(row.row, 0, end, (0, len(row.name)))
            lines.append(line("rank_class", (evidence,), city=name, name=self._name(row.name, ask)))
        return lines, status, findings

    def _of_place(self, ask: Ask, chosen: PublishedList | None, figure: ImageFigure | None) -> Made | None:
        if chosen is None:
            return None
        evidence = self._evidence(chosen)
        nth = self._nth(ask)
        if nth is not None and "前" not in ask.text and not _TOP_MANY.search(ask.text):
            if chosen.ordered and nth <= len(chosen.places):
                city = self._name(chosen.places[nth - 1], ask)
                said = line(
                    "rank_place", (evidence,), city=city, place=str(nth), text=self._said(chosen, ask)
                )
                return [said], "answered", (Finding("derived", float(nth), text=city, evidence=evidence),)
            lines = [line("rank_unpublished", (), place=str(nth))]
            lines += [self._image(ask, figure)] if figure is not None else []
            lines.append(line("rank_published", (evidence,), text=self._said(chosen, ask)))
            return lines, "not_found", ()
        names = ("、" if ask.language == "zh" else ", ").join(self._name(p, ask) for p in chosen.places)
        key = "rank_list" if chosen.ordered else "rank_leaders"
        return [line(key, (evidence,), cities=names, text=self._said(chosen, ask))], "answered", ()

    def _uncovered(self, ask: Ask, city: CityStanding) -> list[Line]:
        name = self._name(city.place.zh, ask)
        if city.exclusion is None:
            return [line("rank_unknown", (), city=name)]
        found = city.exclusion
        text = re.sub(r"\s", "", found.quote.text).rstrip("。")
        shown = text if ask.language == "zh" else f"“{text}”"
        return [
            line("rank_uncovered", (Evidence(found.clause, found.start, found.end),), city=name, text=shown)
        ]

    def _reasons(self, city: CityStanding, chosen: PublishedList) -> list[tuple[Evidence, str]]:
        """Sentences of the clause that follow the list, or name the city: what the text offers as reasons."""
        found = []
        for clause_id in dict.fromkeys(
            (chosen.clause, *(f.clause for f in self.lists if city.place.zh in f.places and f.ordered))
        ):
            text = self.corpus.clauses[clause_id].text.text
            for start, end in sentence_spans(text):
                named = city.place.zh in text[start:end]
                listing = any(f.clause == clause_id and start <= f.start < end for f in self.lists)
                if (named or clause_id == chosen.clause) and not listing:
                    shown = re.sub(r"\s", "", text[start:end]).rstrip("。")
                    found.append((Evidence(clause_id, start, end), shown))
        return found[:3]

    def _image(self, ask: Ask, figure: ImageFigure) -> Line:
        return line("missing_image", (), label=figure.label, caption=caption_label(figure.quote.text)[1])

    def _evidence(self, found: PublishedList) -> Evidence:
        return Evidence(found.clause, found.start, found.end)

    def _said(self, found: PublishedList, ask: Ask) -> str:
        text = re.sub(r"\s", "", found.quote.text).rstrip("，；。")
        return text if ask.language == "zh" else f"“{text}”"

    def _name(self, name: str, ask: Ask) -> str:
        return self.labels.short(name, ask.language) if ask.language == "en" else name

    def _nth(self, ask: Ask) -> int | None:
        match = _NTH.search(ask.text)
        if not match:
            return 1 if _TOP.search(ask.text) else None
        word = match[1] or match[2] or match[3]
        if word.isdigit():
            return int(word)
        return _ORDINALS.get(word) or _HAN.get(word)
