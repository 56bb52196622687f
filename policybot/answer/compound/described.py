"""Questions in two steps: where a thing is described instead of named, and what is asked of it then.

"When does the city with the dirtiest air plan to peak?" asks which city that is and then when it plans to
peak; "Which city has the dirtiest air? When does it peak?" says so itself. What is found here are only
ways of reading a question: whether one holds is told by the answers (policybot/answer/compound/bridge.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policybot.patterns import lazy_pattern
from policybot.text import is_han

MOST = 4  # readings of one question
_KIND_EN = r"city|province|country|party|place|town|region|municipality|nation|state|member"
_KINDS_EN = r"cities|provinces|countries|parties|places|towns|regions|municipalities|nations|states|members"
_KIND_ZH = r"城市|城|省区|省份|省|地区|国家|缔约方|地方"


@dataclass(frozen=True)
class Reading:
    """A description taken out of a question.

    `which` asks which things are described; `before` and `after` stand around the description, so that
    a name put between them asks the rest. `several` is true where things are described to choose among.
    """

    which: str
    before: str
    after: str
    several: bool = False

    def rest(self, name: str) -> str:
        """What is asked of the thing, once its name is known."""
        head, tail = self.before, self.after
        lead = _LEAD.match(tail)
        if not head.strip() and lead is not None:
            referred = refer(tail[lead.end() :], name)
            if referred is not None:
                return referred
        return f"{head}{name}{tail}"


_LEAD = lazy_pattern(r"\s*[：:，,。.;；—–-]+\s*")


def readings(text: str) -> list[Reading]:
    """The ways to read a question in two steps, the likelier first; mostly none."""
    found = _chinese(text) if any(map(is_han, text)) else _english(text)
    return list(dict.fromkeys(found))[:MOST]


# --- a thing referred to ----------------------------------------------------------------------------------

_ITS = lazy_pattern(
    r"\b(?:(?:that|this|the same|the said) (?:" + _KIND_EN + r")['’]s|(?:its|their|his|her))\b", re.IGNORECASE
)
_THERE = lazy_pattern(r"\bthere\b(?! (?:is|are|was|were|any|a)\b)", re.IGNORECASE)
_IT = lazy_pattern(
    r"\b(?:(?:that|this|the same|the said) (?:"
    + _KIND_EN
    + r"|one)|the (?:"
    + _KIND_EN
    + r")(?! (?:with|that|where|whose|of|in)\b)|it)\b",
    re.IGNORECASE,
)
IT_ZH = lazy_pattern(
    rf"(?:该|这|那)(?:一)?(?:个|座)?(?:{_KIND_ZH}|市)|同一(?:个|座)?(?:{_KIND_ZH})|它自己|它们?|他们?|那里|那儿|当地|其(?![中他它余实])"
)
# Parts of a whole that values are given for: "the field with the lowest rate", "这一块".
_AREA_ZH = r"领域|方面|板块|维度|环节|部分|模块|大项|一项|那项"
_AREA_EN = r"area|aspect|dimension|field|part|section|component|category|domain"
_THAT_AREA = lazy_pattern(rf"(?:这|那|该)一?个?(?:{_AREA_ZH})|(?:这|那)一?块")
_IT_AREA = lazy_pattern(rf"\b(?:that|this) (?:{_AREA_EN})\b", re.IGNORECASE)
_HEAD_AREA_ZH = lazy_pattern(
    rf"(?P<said>[^，。？；]{{4,}}?(?:最[高低好差多少强弱]|垫底|居首|倒数第一))的(?:那|这)?(?:个|一个)?(?P<kind>{_AREA_ZH})，?(?P<rest>.{{3,}})$"
)
_HEAD_AREA_EN = lazy_pattern(
    rf"\bthe (?P<kind>{_AREA_EN}) (?P<said>(?:with|that|which|of|in|where|on)\b[^?;,.]*?"
    r"\b(?:(?:high|low|poor|bad|strong|weak|larg|small|great|slow|fast|bigg)est|most|least|best|worst)\b[^?;,.]*)"
    r"(?P<rest>[?;,.].*)?$",
    re.IGNORECASE,
)
_THEM = lazy_pattern(
    r"其中|这(?:些|几)[个座]?(?:城市|国家|省区?|地方|缔约方)?(?:里|中|当中|之中)?|它们(?:中|里|之中|当中)?|当中"
    r"|\b(?:(?:out )?of|among(?:st)?) (?:them|these|those|which)\b|\bof the (?:two|three|four|five|six|\d+)\b"
    r"|\b(?:these|those) (?:cities|countries|provinces|parties)\b|\bthem\b",
    re.IGNORECASE,
)


def refer(text: str, name: str) -> str | None:
    """A question with a name in place of the word that refers to the thing; None where none does."""
    if any(map(is_han, text)):
        match = IT_ZH.search(text) or _THAT_AREA.search(text)
        return f"{text[: match.start()]}{name}{text[match.end() :]}" if match else None
    for pattern, form in ((_ITS, f"{name}'s"), (_THERE, f"in {name}"), (_IT, name), (_IT_AREA, name)):
        match = pattern.search(text)
        if match:
            return f"{text[: match.start()]}{form}{text[match.end() :]}"
    return None


def refers(text: str) -> bool:
    """True for a question that speaks of what was found before."""
    return among(text) is not None or refer(text, "") is not None


def among(text: str) -> str | None:
    """A question on some of several things found before, without the word for them; None for another one."""
    match = _THEM.search(text)
    if match is None:
        return None
    return f"{text[: match.start()]} {text[match.end() :]}".strip(" ，,")


# --- English ----------------------------------------------------------------------------------------------

_HEAD_EN = lazy_pattern(
    rf"\b(?:the|that|a|an|one|some)\s+(?P<adjective>(?:(?!of\b|in\b|and\b)[\w.-]+\s+){{0,3}}?)(?P<kind>{_KIND_EN})\b"
    r"(?P<link>\s+(?:that|which|where|whose|with|\w+ing|of|in|on)\b)?",
    re.IGNORECASE,
)
_SUPERLATIVE = lazy_pattern(r"\w+est\b|\b(?:most|least|best|worst|first|last|top|bottom)\b", re.IGNORECASE)
_BREAK = lazy_pattern(r"\s*(?:[,:;?]|\.(?=\s|$)|\s[–—-]\s)")
_PREPOSITION = lazy_pattern(r"\b(?:of|in|for|at|from|by|than|to|with)\s*$", re.IGNORECASE)
_VERB = lazy_pattern(
    r"\s+(?=(?:is|was|are|were|has|had|have|do|does|did|will|would|can|want|plan|aim|intend|hope|reach|peak|belong"
    r"|set|change|fall|fell|rise|rose|grow|grew|go|went|get|got|cut|expect|see|saw|give|gave|stand|rank|come|came"
    r"|mean|score|emit|use|count|lie|fare|bring|brought|improve|reduce|lower|raise|gain|achieve|record|show|manage|report|announce|pick)(?:s|es|ed)?\b)",
    re.IGNORECASE,
)
_TAKE = lazy_pattern(
    r"^\s*(?:take|consider|look at|for|regarding|as for|there is|there's)\s+$", re.IGNORECASE
)
_IS_ASKED = lazy_pattern(r"^\W*(?:which|what|who)(?: (?:is|was|are|were)|'s)\s*$", re.IGNORECASE)
_AMONG_EN = lazy_pattern(
    r"\b(?:of|among|amongst|out of|in|within)\s+(?:all\s+)?(?:the\s+)?"
    rf"(?P<adjective>(?:[\w.-]+\s+){{0,3}}?)(?P<kind>{_KINDS_EN})"
    r"\s*(?P<link>(?:that|which|where|whose|with|without|in|of|on|\w+ing)\b[^,?]*|(?=,))"
    r"(?:,|\s+(?=which|who|what|how))",
    re.IGNORECASE,
)
_ASKED_EN = lazy_pattern(
    rf"^\W*(?:and |but )?(?:which|what)\s+(?P<kind>{_KIND_EN}|{_KINDS_EN})"
    r"\s+(?P<link>(?:that|where|whose|with|without)\b)",
    re.IGNORECASE,
)


_ONE_EN = lazy_pattern(
    rf"^\W*(?:there(?: is|'s) )?(?:one|some|a) (?P<kind>{_KIND_EN}) (?:that |which |where )?"
    r"(?P<said>[^.;?]{8,}(?:\.\d[^.;?]*)*)[.;]\s+(?P<rest>\S.+)$",
    re.IGNORECASE,
)
# "One city's market …. What can firms there do?"
_ONES_EN = lazy_pattern(
    rf"^\W*(?:one|some|a) (?P<kind>{_KIND_EN})['’]s (?P<said>[^.;?]{{8,}}(?:\.\d[^.;?]*)*)[.;]"
    r"\s+(?P<rest>\S.+)$",
    re.IGNORECASE,
)
_PLURAL = {k: k for k in _KINDS_EN.split("|")} | dict(
    zip(_KIND_EN.split("|"), _KINDS_EN.split("|"), strict=False)
)


def _english(text: str) -> Iterator[Reading]:
    yield from _placed(text)
    area = _HEAD_AREA_EN.search(text)
    if area is not None:
        which = f"Which {area['kind']} {_said_of(area['said'])}?"
        yield Reading(which, _taken(text[: area.start()]), area["rest"] or "?")
    if not _HEADS_EN.search(text):
        return
    one = _ONE_EN.match(text)
    if one is not None:
        yield Reading(f"Which {one['kind'].lower()} {one['said']}?", "", f". {one['rest']}")
        return
    ones = _ONES_EN.match(text)
    if ones is not None:
        yield Reading(f"Which {ones['kind'].lower()}'s {ones['said']}?", "", f". {ones['rest']}")
        return
    several = _AMONG_EN.search(text)
    if several is not None and (several["link"] or several["adjective"]):
        kind, said = several["kind"].lower(), several["link"]
        which = _which(kind, several["adjective"], *_linked(said))
        before = text[: several.start()]
        yield Reading(which, before, text[several.end() :], True)
        return
    asked = _ASKED_EN.match(text)
    if asked is not None:
        for end in ends(text, asked.end(), ""):
            word, rest = _linked(text[asked.start("link") : end])
            if len(rest.split()) < 2 or not text[end:].strip(" ?"):
                continue
            kind = asked["kind"].lower()
            which = _which(_PLURAL.get(kind, f"{kind}s"), "", word, rest)
            yield Reading(which, f"Which {kind}", text[end:], True)
        return
    for head in _HEAD_EN.finditer(text):
        if _IS_ASKED.match(text[: head.start()]):
            continue
        ranked = _SUPERLATIVE.search(head["adjective"] or "")
        link = (head["link"] or "").strip().lower()
        if not link and not ranked:
            continue
        if link in ("of", "in", "on", "") and not ranked:
            continue
        before = text[: head.start()]
        for end in ends(text, head.end(), before):
            said = text[head.end("kind") : end].strip()
            if not ranked and len(said.split()) < 3:
                continue
            adjective = head["adjective"] if ranked else ""
            word, rest = _linked(said)
            start = "" if _TAKE.match(before) else before
            yield Reading(_which(head["kind"].lower(), adjective, word, rest), start, text[end:])


# "the winner of the level domain": the thing is called by its place in an order.
_PLACED_EN = lazy_pattern(
    r"\b(?:the\s+)?(?:(?P<first>winner|champion|leader|top (?:scorer|performer|finisher)|best performer"
    r"|front-?runner|number one)|(?P<second>runner-?up)"
    r"|(?P<last>laggard|worst performer|bottom (?:scorer|finisher)))"
    r"\s+(?:of|in|on|for|by)\s+(?P<said>.+)$",
    re.IGNORECASE,
)
_PLACES_EN = {"first": "ranks first", "second": "ranks second", "last": "ranks last"}
_TOPIC_END = lazy_pattern(
    r"\b(?:domain|index|ranking|table|chart|list|field|area|dimension|category|composite|overall)\b(?! of\b)",
    re.IGNORECASE,
)


def _placed(text: str) -> Iterator[Reading]:
    called = _PLACED_EN.search(text)
    if called is None:
        return
    place = _PLACES_EN[next(k for k in _PLACES_EN if called[k])]
    start = called.start("said")
    topic = _TOPIC_END.search(text, start)
    places = ([topic.end()] if topic is not None else []) + ends(text, start, "")
    for end in dict.fromkeys(places):
        said = text[start:end].strip(" ,")
        if 1 < len(said.split()) < 9 and text[end:].strip(" ?."):
            yield Reading(f"Which city {place} in {said}?", text[: called.start()], text[end:])


_HEADS_EN = lazy_pattern(rf"\b(?:{_KIND_EN}|{_KINDS_EN})\b", re.IGNORECASE)


def _taken(before: str) -> str:
    """What stands before a description, without the words that only bring it up ("Take the …")."""
    return "" if _TAKE.match(before) else before


def _said_of(said: str) -> str:
    """A relative clause as what a question says: "with the lowest rate" is "has the lowest rate"."""
    word, rest = _linked(said)
    if word == "with":
        return f"has {rest}"
    return rest if word in ("that", "which") else f"is {word} {rest}"


def _linked(said: str) -> tuple[str, str]:
    """A relative clause as its first word and the rest."""
    word, _, rest = said.strip().partition(" ")
    return word.lower(), rest


_ARTICLE = lazy_pattern(r"^(?:an?|any)\s+", re.IGNORECASE)


def _which(kind: str, adjective: str, link: str, rest: str) -> str:
    """The question that asks for what a description describes."""
    kind = kind.strip()
    be, have = ("are", "have") if kind.endswith("s") else ("is", "has")
    if adjective.strip():
        tail = f" {link} {rest}".rstrip()
        return (
            f"Which {kind} {be} the {adjective.strip()} {kind}{tail}?"
            if be == "is"
            else f"Which {adjective}{kind} {link} {rest}".strip() + "?"
        )
    if link in ("that", "which"):
        return f"Which {kind} {rest}?"
    if link in ("where", "whose"):
        return f"In which {kind} {rest}?"
    if link in ("with", "without"):
        rest = _ARTICLE.sub("", rest) if link == "without" else rest
        return f"Which {kind} {have} {'no ' if link == 'without' else ''}{rest}?"
    return f"Which {kind} {be} {link} {rest}?"


def ends(text: str, start: int, before: str) -> list[int]:
    """Where a description may end: at a break, at its clause's end, or before the verb of the question."""
    stop = _BREAK.search(text, start)
    last = stop.start() if stop is not None else len(text)
    ends = [last]
    if not _PREPOSITION.search(before):
        verbs = [m.start() for m in _VERB.finditer(text, start, last)]
        closed = stop is not None and text[stop.start() :].strip(" ?")
        ends = [last, *verbs] if closed else [*verbs, last]
    return [e for e in ends if text[e:].strip(" ?.,") or before.strip()]


# --- Chinese ----------------------------------------------------------------------------------------------

_HEAD_ZH = lazy_pattern(
    rf"的(?:那|这|该)?(?:一)?(?:个|座)?(?:试点|示范|省会|沿海)?(?P<kind>{_KIND_ZH})(?P<set>(?:里|中|内)(?:面|头|间)?|当中|之中)?"
)
_CUT_ZH = lazy_pattern(r"[，,。？?；;：:！!]")
_POLITE = lazy_pattern(r"^(?:请问|问一?下|想?问|那么?|看看?|在|至于|从|所有|全部)+")
_WHICH_ZH = lazy_pattern(r"哪(?:一|几)?(?:个|座|些)")
ASKING = lazy_pattern(r"哪|谁|几[个座]|多少|什么|吗|怎")
_LISTED = lazy_pattern(r"^(?:[是有]?(?:哪|谁|几|多少|什么)|一?共|总共|有|都|分别|名单|们|数量|个数|特点|类)")
_THAN = lazy_pattern(r"^(?P<left>.{2,10}?(?:比|跟|和|与|同)(?![重例上]))(?=.{4})")
_OPERATING = lazy_pattern(
    r"(?:相差|相距|差距?|高|低|多|少|大|小|早|晚|多少|几|年|了|出|得|哪个|谁|更|是|[，？?])*"
)
_ONE_ZH = lazy_pattern(
    rf"^(?:有|某)(?:这样|那么)?(?:一)?(?:个|座)?(?:试点|示范|省会|沿海)?(?P<kind>{_KIND_ZH})(?P<said>[^，。？；]{{4,}})[，。；](?P<rest>.+)$"
)
_TOP_ZH = lazy_pattern(
    r"(?P<said>[^，。？；]{2,}?前[一二三四五六七八九十\d]+名?(?:的?城市)?)(?:里|中|当中|之中)(?:面|头)?"
)


# "双碳发展水平的冠军，…": the thing is called by its place in an order.
_PLACED_ZH = lazy_pattern(
    r"(?P<said>[^，。？；]{2,}?)的?(?:(?P<first>冠军|榜首|头名|状元|魁首|第一名|领头羊|排头兵)|(?P<second>亚军|第二名)"
    r"|(?P<third>季军|第三名)|(?P<last>倒数第一名?|最后一名|垫底者?))(?:的?城市)?(?P<rest>[，,的].{4,})$"
)
_PLACES_ZH = {"first": "排名第一", "second": "排名第二", "third": "排名第三", "last": "排名倒数第一"}


def _chinese(text: str) -> Iterator[Reading]:
    area = _HEAD_AREA_ZH.search(text)
    if area is not None and not ASKING.search(area["said"]):
        what = "一项" if area["kind"].endswith("项") else f"个{area['kind']}"
        asked = f"{area['said']}的是哪{what}？"
        yield Reading(asked, text[: area.start()], area["rest"])
    called = _PLACED_ZH.match(text)
    if called is not None and not ASKING.search(called["said"]):
        place = _PLACES_ZH[next(k for k in _PLACES_ZH if called[k])]
        yield Reading(f"{called['said']}{place}的城市是哪个？", "", called["rest"].removeprefix("的"))
    one = _ONE_ZH.match(text)
    if one is not None:
        yield Reading(f"哪个{one['kind']}{one['said']}？", "", f"，{one['rest']}")
        return
    top = _TOP_ZH.match(text)
    if top is not None:
        said = top["said"] if "城市" in top["said"] else f"{top['said']}的城市"
        yield Reading(f"{said}有哪些？", "", text[top.end() :].lstrip("，,"), True)
    for head in _HEAD_ZH.finditer(text):
        low = max((m.end() for m in _CUT_ZH.finditer(text, 0, head.start())), default=0)
        polite = _POLITE.match(text[low : head.start()])
        low += polite.end() if polite is not None else 0
        which = _WHICH_ZH.match(text, low, head.start())
        if which is not None and not head["set"] and len(said := text[which.end() : head.start()]) > 3:
            if not ASKING.search(said) and text[head.end() :].strip("？? "):
                yield Reading(
                    f"{said}的{head['kind']}有哪些？", f"{text[:low]}哪个", text[head.end() :], True
                )
            continue
        said, after = text[low : head.start()], text[head.end() :]
        if len(said) < 3 or ASKING.search(said):
            continue
        kind = head["kind"]
        if head["set"]:
            yield Reading(f"{said}的{kind}有哪些？", text[:low], after.lstrip("，,"), True)
            continue
        if _LISTED.match(after.lstrip("，,")) or not after.strip("，,？?。"):
            continue
        than = _THAN.match(said)
        if than is not None and not (len(than["left"]) < 5 and _OPERATING.fullmatch(after)):
            yield Reading(f"{said[than.end() :]}的{kind}是哪个？", text[: low + than.end()], after)
        elif than is not None:
            continue  # what is compared is part of the description
        yield Reading(f"{said}的{kind}是哪个？", text[:low], after)
