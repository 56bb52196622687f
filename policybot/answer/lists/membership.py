"""Whether X is one of Y ("Is methane listed in Annex A?"), decided from the list of Y itself.

"Yes" needs X among the items of a list that the rest of the question names; "no" needs that list to be
complete as printed and X to be of the kind of its items, or a sentence about Y that leaves X out in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from policybot.answer.evidence.excerpt import evidence_of, tidy
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.quoting import Quoter
from policybot.answer.lists.enumerations import enumerations
from policybot.answer.lists.outline import Outline
from policybot.answer.matching.match import Concept, Weigher, bare, covers, norm
from policybot.answer.matching.names import place_stem
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding
from policybot.answer.wording.labels import Labels
from policybot.corpus.model import Corpus
from policybot.patterns import lazy_pattern

_LEAST = 0.78  # share of what names the list that the list's surroundings must carry
_SURE = 0.86  # … for a "no"
_CERTAIN = 0.95  # … for a "no" to "is X a Y?"
_SENTENCES = 10
_BOTH = 0.9  # share of members and list in one sentence, which then says itself how they stand
_FEW = 3  # items that a list has at least to say "no" from
_NAME = 24  # characters of an item that is a name and not a sentence
_MOST = 40  # items of a list that is told whole
_GAIN = 0.3
_CUE = lazy_pattern(
    r"是不是|是否|算不算|算是|属不属于|属于|在不在|有没有|列入|纳入|包括在|(?<!现)在|算|是|被"
    r"|\b(?:one of|some of|among|amongst|part of|listed|included|counted|named|covered|a member of)\b"
    r"|\b(?:in|on|an?)\b"
)
_ABOUT_LIST = lazy_pattern(
    r"之一|之列|一部分|名单|列(?:的|入|在)|包括|包含|里|当中|其中|纳入|算|属于|一个|一种|一类|是不是|是否"
    r"|\b(?:one of|among|amongst|part of|listed|included|counted|named|covered|member)\b"
)
_HOLDS = lazy_pattern(
    r"^(?:does|do|did)\b(?P<list>.+?)\b(?:include|cover|list|name|contain|count|mention)s?\b(?P<item>.+)$"
    r"|^(?P<list_zh>.+?)(?:是否|是不是|有没有|包不包括)?(?:包括|包含|涵盖|收录|列了|列有)了?"
    r"(?P<item_zh>.+?)(?:吗|么|[?？]|$)"
)
_ROLE = lazy_pattern(r"标杆|基准|参照|榜样|对标|作为|以.{1,8}为|\b(?:benchmark|reference|yardstick|as)\b")
_GIVES = lazy_pattern(r"选择|作为|以.{1,12}为|选取|采用")  # a place has the role, and only one can
_ROLE_LEAST = 0.66  # share of the question beside the place that such a sentence must carry
_FIRST = 4  # sentences looked at for it
_OUT = lazy_pattern(
    r"(?:未含|不含|不包括|未包括|不包含|除了?|缺少了?|没有|未纳入|未列入|剔除|不计)[^，。；]{0,14}$"
)
_EMPTY = lazy_pattern(
    r"之?一|部分|一部分|名单|里|中|成员|个|种|类|列|纳入|列入|包括|算|有没有|是不是|也|还|被|当中|其中"
    r"|one|part|parts|listed|list|included|include|among|member|members|counted|count|named|name|also|any"
)
_OUT_AFTER = lazy_pattern(r"^[^，。；]{0,6}(?:除外|以外|之外|不在内|未纳入|未列入|不计入)")
_PLURAL = lazy_pattern(r"(?:(?<=ss|sh|ch|as|us)es|s)$")
_LATIN = lazy_pattern(r"[a-z0-9₀-₉]")
_TOGETHER = {"香港": "港澳台", "澳门": "港澳台", "台湾": "港澳台"}  # named together in short


@dataclass(frozen=True)
class _List:
    """A printed list: what it is about, its items, what carries it, where it stands."""

    about: str
    title: str
    items: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    authority: int
    open: bool


class MembershipMaker:
    """Decides by lists."""

    def __init__(
        self,
        corpus: Corpus,
        pool: Pool,
        outline: Outline,
        quoter: Quoter,
        labels: Labels,
        weigh: Weigher | None = None,
    ) -> None:
        self.corpus = corpus
        self.pool = pool
        self.outline = outline
        self.quoter = quoter
        self.labels = labels
        self.weigh = weigh

    def draft(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        """The verdict, None when the question asks for no membership or no list decides it."""
        if not ask.wants("yes_no"):
            return None
        parts = _parted(ask)
        if parts is None:
            return None
        members, named = parts
        out = self._left_out(ask, members, named, ranked) or self._instead(ask, ranked)
        if out is not None:
            return out
        best: tuple[float, bool, _List] | None = None
        least = _SURE if _ABOUT_LIST.search(ask.text) else _CERTAIN
        lists = list(self._lists(ask, named, ranked))
        near = [s for s in ranked[:_SENTENCES] if not ask.clauses or _under(ask, s.sentence.clause.id)]
        both = any(self._share([*members, *named], self._near(s)) >= _BOTH for s in near)
        several = sum(self._alike(members, i) for i in lists) > 1
        for listed in lists:
            share = self._share(named, listed.about) if named else 1.0
            if share < _LEAST:
                continue
            inside = all(_among(m, listed.items) for m in members)
            short = len(listed.items) < _FEW
            if not inside and (
                both or short or share < least or listed.open or not self._alike(members, listed)
            ):
                continue
            if not inside and not named and several and not self._company(members, listed, ranked):
                continue  # the clause holds several lists: which of them is meant?
            score = share + 0.05 * inside - 0.02 * listed.authority
            if best is None or score > best[0]:
                best = (score, inside, listed)
        if best is None:
            return None
        score, inside, listed = best
        names = ("、" if ask.language == "zh" else ", ").join(
            self.labels.short(m.options[0][0] if m.kind == "place" else m.surface, ask.language)
            for m in members
        )
        items = [(self.labels.item(i, ask.language), ()) for i in listed.items]
        made = line(
            "member_yes" if inside else "member_no",
            listed.evidence,
            items,
            name=names,
            title=self.labels.short(listed.title, ask.language),
            count=str(len(items)),
        )
        return Draft(
            "member",
            (made,),
            min(1.0, score) + _GAIN,
            findings=(Finding("computed", float(len(items)), text=str(len(items))),),
            steps=(Step("look_up_member", {"list": [c.surface for c in named]}, "yes" if inside else "no"),),
            features={"cover": min(1.0, score), "own": 1.0, "decided": 1.0},
        )

    def _left_out(
        self, ask: Ask, members: Sequence[Concept], named: Sequence[Concept], ranked: Sequence[Scored]
    ) -> Draft | None:
        """A sentence about the list that leaves the members out in words."""
        for scored in ranked[:_SENTENCES]:
            sentence = scored.sentence
            if sentence.heading or self._share(named, self._near(scored)) < _LEAST:
                continue
            text = sentence.text
            spots = [_out_at(m, text) for m in members]
            if not all(spots):
                continue
            start, end = spots[0] or (0, 0)
            focus = (sentence.start + start, sentence.start + end)
            lines = self.quoter.lines(ask, sentence, "verdict_no", focus)
            return Draft(
                "member",
                lines,
                scored.score + _GAIN,
                findings=(Finding("quoted", tidy(text), text="", evidence=lines[0].evidence[0]),),
                steps=(Step("look_up_member", {"list": [c.surface for c in named]}, "left out"),),
                features={"cover": 1.0, "own": 1.0, "decided": 1.0},
            )
        return None

    def _instead(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        """A sentence that gives the role asked about to another place than the question's."""
        if len(ask.places) != 1 or not _ROLE.search(ask.text):
            return None
        named = [c for c in ask.concepts if c.kind != "place"]
        for scored in ranked[:_FIRST]:
            sentence = scored.sentence
            others = {name for _, _, name in self.pool.places(sentence.text)} - {"中国"}
            if sentence.heading or self._share(named, self._near(scored)) < _ROLE_LEAST:
                continue
            if len(others) != 1 or ask.places[0] in others or not _GIVES.search(sentence.text):
                continue
            lines = self.quoter.lines(ask, sentence, "verdict_no")
            return Draft(
                "member",
                lines,
                scored.score + _GAIN,
                findings=(Finding("quoted", tidy(sentence.text), text="", evidence=lines[0].evidence[0]),),
                steps=(Step("look_up_role", {"place": ask.places[0]}, next(iter(others))),),
                features={"cover": scored.cover, "own": 1.0, "decided": 1.0},
            )
        return None

    def _near(self, scored: Scored) -> str:
        sentence = scored.sentence
        return "|".join([sentence.norm, self.pool.head(sentence.clause), self.pool.title(sentence.clause)])

    def _share(self, concepts: Sequence[Concept], text: str) -> float:
        total = sum(c.weight for c in concepts)
        return sum(c.weight * self._told(c, text) for c in concepts) / total if total else 0.0

    def _told(self, concept: Concept, text: str) -> float:
        """Share of a concept that a text carries; of an English word without translation, by its stem."""
        found = covers(concept, text, self.weigh)
        if found < 1.0 and concept.kind == "latin" and len(concept.surface) > 3:
            return max(found, float(_PLURAL.sub("", concept.word) in text))
        return found

    def _lists(self, ask: Ask, named: Sequence[Concept], ranked: Sequence[Scored]) -> Iterator[_List]:
        for listed in self.outline.lists:
            if listed.kind in ("points", "parts", "articles") or len(listed.items) > _MOST:
                continue
            if ask.clauses:
                if not _under(ask, listed.clause):
                    continue
            elif not any(o in listed.text for c in named for o, v in c.options if v >= 0.8 and len(o) > 1):
                continue
            clause = self.corpus.clauses[listed.clause]
            used = tuple(e for _, es in listed.items for e in es)
            heads = [norm(h) for h in self.corpus.headings(clause)]
            english = norm(self.labels.english(listed.title) or clause.label_en)
            about = "|".join([listed.text, *heads, norm(clause.label), english])
            yield _List(
                about,
                listed.title,
                tuple(text for text, _ in listed.items),
                used[:1] if len(used) > 12 else used or (Evidence(clause.id, 0, len(clause.text)),),
                self.corpus.documents[clause.document].authority,
                False,
            )
        for scored in ranked[:_SENTENCES] if not ask.clauses else ():
            sentence = scored.sentence
            for found in enumerations(sentence.text):
                near = (
                    sentence.text[max(0, found.start - 14) : found.start]
                    + "|"
                    + sentence.text[found.end :][:16]
                )
                head = self.pool.head(sentence.clause)
                yield _List(
                    "|".join([norm(near), head, self.pool.title(sentence.clause)]),
                    "",
                    found.items,
                    (
                        evidence_of(
                            sentence, None, (sentence.start + found.start, sentence.start + found.end)
                        ),
                    ),
                    scored.authority,
                    found.tail.startswith("等"),
                )

    def _company(self, members: Sequence[Concept], listed: _List, ranked: Sequence[Scored]) -> bool:
        """True when some sentence names the members together with items of the list: they are of a kind."""
        names = [_LATIN.sub("", bare(i)) for i in listed.items]
        for scored in ranked[:_SENTENCES]:
            text = bare(scored.sentence.text)
            together = all(any(o in text for o, v in m.bares if v >= 0.8 and o) for m in members)
            if together and sum(len(n) > 1 and n in text for n in names) > 1:
                return True
        return False

    def _alike(self, members: Sequence[Concept], listed: _List) -> bool:
        """True when the members are of the kind of the items: places among places, short names else."""
        places = sum(self.labels.place(i.strip(" *")) is not None for i in listed.items)
        if any(m.kind == "place" for m in members):
            return places >= 0.5 * len(listed.items)
        if places >= 0.5 * len(listed.items) or any(len(i) > _NAME for i in listed.items):
            return False
        # 海洋碳汇 is not left out of 提升生态系统碳汇能力: what is told by its head may be meant by an item.
        around = listed.title + "|".join(listed.items)
        return not any(
            o[-2:] in around for m in members for o, v in m.options if v >= 0.8 and not o.isascii()
        )


def _parted(ask: Ask) -> tuple[list[Concept], list[Concept]] | None:
    """The concepts asked after and those that name the list."""
    text = ask.text
    concepts = [c for c in ask.concepts if c.kind != "number"]
    holds = _HOLDS.search(text)
    if holds is not None:
        group = "item" if holds["item"] else "item_zh"
        low, high = holds.span(group)
        members = [c for c in concepts if low <= c.start < high]
        named = [c for c in concepts if c.end <= low]
    else:
        first = next((c for c in concepts if c.kind in ("place", "term", "latin")), None)
        if first is None:
            return None
        cue = next((m for m in _CUE.finditer(text) if m.start() >= first.end), None)
        if cue is None:
            return None
        members = [c for c in concepts if c.end <= cue.start() and c.kind != "document"]
        named = [c for c in concepts if c.start >= cue.end()]
    named = [c for c in named if c.weight > 0.05 and not _EMPTY.fullmatch(c.surface)]
    members = [c for c in members if not _EMPTY.fullmatch(c.surface)]
    if not members or not (named or ask.clauses) or len(members) > 3:
        return None
    if len(members) > 1 and any(m.kind != "place" for m in members):
        return None
    return members, [replace(c, weight=max(c.weight, 0.15)) for c in named]


def _under(ask: Ask, clause: str) -> bool:
    return any(clause == c or clause.startswith(f"{c}/") for c in ask.clauses)


def _among(member: Concept, items: Sequence[str]) -> bool:
    """True when an item is the member, or is named by it but for its formula (二氧化碳(CO2))."""
    for item in items:
        plain = bare(item)
        for option, value in member.bares:
            if value < 0.8 or not option:
                continue
            if place_stem(option) == place_stem(plain) or (
                len(option) > 1
                and option in plain
                and len(option) >= 0.5 * len(re.sub(r"[a-z0-9₀-₉]", "", plain))
            ):
                return True
    return False


def _out_at(member: Concept, text: str) -> tuple[int, int] | None:
    """Where a text leaves a member out in words."""
    names = [o for o, v in member.options if v >= 0.8 and len(o) > 1]
    names += [_TOGETHER[o] for o in names if o in _TOGETHER]
    for name in names:
        for match in re.finditer(re.escape(name), text):
            if _OUT.search(text[: match.start()]) or _OUT_AFTER.search(text[match.end() :]):
                return match.span()
    return None
