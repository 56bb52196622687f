"""Follow-ups that change a thing of the question before: its ordinal, superlative, what it is measured by.

Each comes back as the earlier question with that one thing put in; a turn that says more is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from policybot.answer.question.asks import read_asks
from policybot.patterns import lazy_pattern
from policybot.retrieve.analysis import QuestionAnalysis

_ZH = "一二三四五六七八九十"
_EN = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SHORT = 60  # characters of such a turn
_ORDINAL = lazy_pattern(
    rf"第(?P<zh>[{_ZH}])(?=[批个次届期阶类部章轮])|(?P<head>首)(?=[批个次届期轮])"
    rf"|\b(?P<en>{'|'.join(_EN)})\b(?! (?:two|three|four|five|\d|secretar|of all|time))"
)
_PLAN = lazy_pattern(rf"[“\"]?(?P<zh>十[{_ZH[:9]}]五)[”\"]?|\b(?P<en>1[1-9])(?=th five[- ]year)")
_ONLY_ORDINAL = lazy_pattern(
    rf"(?:(?:and|what about|how about|then|so)[, ]+)*(?:the )?(?P<en>{'|'.join(_EN)})(?: (?:one"
    rf"|batch|period|group|round|phase|class|of them))?"
    rf"(?:,? then)?|(?:那么?)?第(?P<zh>[{_ZH}])[批个次届期类轮]?(?:的|是多少|怎么样|又如何)?呢?"
)
_BEFORE = lazy_pattern(
    r"\bthe (?P<some>ones?|batch(?:es)?|rounds?|periods?|groups?|phases?|plans?) (?:just |right "
    r"|immediately )?(?P<rel>before|after|following|preceding)\b"
    r"|\bthe (?P<rel2>previous|preceding|earlier|prior|next|following|subsequent) (?P<some2>ones?"
    r"|batch(?:es)?|rounds?|periods?|groups?|phases?|plans?)\b"
    r"|(?P<zh>上一|前一|前两|之前的?(?:几|两)?|前面的?(?:几|两)?|下一|后一|之后的?)(?:批|个|次|届|期|轮|阶段|五年)"
)
_MEAN = lazy_pattern(r"平均(?:值|数)?|均值|\b(?:average|mean)\b")
_OPPOSITES = (
    ("最高", "最低"), ("最大", "最小"), ("最多", "最少"), ("最强", "最弱"), ("最快", "最慢"),
    ("highest", "lowest"), ("largest", "smallest"), ("biggest", "smallest"), ("most", "least"),
    ("fastest", "slowest"),
)  # fmt: skip
_EXTREME = {("max", True): "最高", ("min", True): "最低", ("max", False): "highest", ("min", False): "lowest"}
_AGAINST = lazy_pattern(
    r"\bthan\b|\bcompare[sd]?\b|\b(?:versus|vs|against|beside|exceeds?|exceeded|beats?|beat"
    r"|outdo\w*|ahead of|behind|match(?:es)?)\b|比|相较|更[高低多少早晚好差]"
)
_WORDS = lazy_pattern(
    r"^(?:better|worse|\w+er|more|exceed\w*|beats?|match\w*|ahead|less|much|compared?|than|比|比较|相比"
    r"|[高低多少早晚好差]|更.)$"
)


def recast(
    text: str, analysis: QuestionAnalysis, old: QuestionAnalysis, analyse: Callable[[str], QuestionAnalysis]
) -> QuestionAnalysis | None:
    """The earlier question with what a turn changes; None where the turn changes none of these things.

    Args:
        text: the turn; `analysis` is of it.
        old: the earlier question.
    """
    if len(text) > _SHORT or not old.text or analysis.mentions:
        return None
    return (
        _ordinal(analysis, old, analyse)
        or _neighbour(analysis, old, analyse)
        or _extreme(analysis, old, analyse)
        or _measured(analysis, old, analyse)
    )


def other_ordinal(text: str, old: str) -> bool:
    """True for a turn that is only an ordinal after a question that has one ("the second?")."""
    return _ONLY_ORDINAL.fullmatch(_bare(text)) is not None and len(list(_ORDINAL.finditer(old))) == 1


def _bare(text: str) -> str:
    return re.sub(r"[?？。.!！\s]+$", "", text.lower()).strip()


def _ordinal(
    analysis: QuestionAnalysis, old: QuestionAnalysis, analyse: Callable[[str], QuestionAnalysis]
) -> QuestionAnalysis | None:
    if not other_ordinal(analysis.text, old.text):
        return None
    match = _ONLY_ORDINAL.fullmatch(_bare(analysis.text))
    if match is None:
        return None
    n = _ZH.index(match["zh"]) if match["zh"] else _EN.index(match["en"])
    return analyse(_with(old.text, [n]))


def _neighbour(
    analysis: QuestionAnalysis, old: QuestionAnalysis, analyse: Callable[[str], QuestionAnalysis]
) -> QuestionAnalysis | None:
    """The batch or period before or after the one that was asked about."""
    match = _BEFORE.search(analysis.text)
    if match is None or analysis.places or analysis.years or len(_content(analysis, match)) > 1:
        return None
    zh = match["zh"] or ""
    word = match["rel"] or match["rel2"] or ""
    back = (
        zh[:1] in ("上", "前")
        or zh.startswith("之前")
        or word in ("before", "preceding", "previous", "earlier", "prior")
    )
    several = "两" in zh or "几" in zh or (match["some"] or match["some2"] or "").endswith("s")
    found = _ORDINAL.search(old.text)
    if found is not None and len(list(_ORDINAL.finditer(old.text))) == 1:
        n = _ZH.index(found["zh"]) if found["zh"] else 0 if found["head"] else _EN.index(found["en"])
        wanted = list(range(n)) if back and several else [n - 1 if back else n + 1]
        if not wanted or not 0 <= wanted[0] < len(_ZH):
            return None
        return analyse(_with(old.text, wanted))
    plan = _PLAN.search(old.text)
    if plan is None or several:
        return None
    if plan["zh"]:
        n = _ZH.index(plan["zh"][1]) + (-1 if back else 1)
        return analyse(old.text.replace(plan["zh"], f"十{_ZH[n]}五", 1)) if 0 <= n < 9 else None
    n = int(plan["en"]) + (-1 if back else 1)
    return analyse(old.text[: plan.start("en")] + str(n) + old.text[plan.end("en") :])


def _with(text: str, numbers: list[int]) -> str:
    """A question with its ordinal said otherwise: 第三批 → 第一批和第二批."""
    found = _ORDINAL.search(text)
    if found is None:
        return text
    if found["en"]:
        return text[: found.start()] + " and ".join(_EN[n] for n in numbers) + text[found.end() :]
    measure = text[found.end() : found.end() + 1]
    put = f"{measure}和".join(f"第{_ZH[n]}" for n in numbers)
    return text[: found.start()] + put + text[found.end() :]


def _content(analysis: QuestionAnalysis, match: re.Match[str]) -> list[str]:
    return [
        c.asked
        for c in analysis.concepts
        if c.known
        and c.kind == "term"
        and not match.start() <= c.start < match.end()
        and c.asked not in ("one", "ones")
    ]


def _extreme(
    analysis: QuestionAnalysis, old: QuestionAnalysis, analyse: Callable[[str], QuestionAnalysis]
) -> QuestionAnalysis | None:
    """The highest or lowest in place of the mean (平均得分是多少？ – 最低的呢？), or of its opposite
    (最高分是多少？ – 最低分呢？)."""
    asks = read_asks(analysis.text)
    kind = next((k for k in ("max", "min") if k in asks), None)
    if kind is None or analysis.places or analysis.years:
        return None
    at, had = asks.at(kind), {c.asked for c in old.concepts}
    if at is None or any(
        c.known and c.asked not in had and not (at[0] <= c.start < at[1]) for c in analysis.concepts
    ):
        return None
    mean = _MEAN.search(old.text)
    if mean is not None:
        word = _EXTREME[kind, any("\u4e00" <= c <= "\u9fff" for c in mean.group())]
        return analyse(old.text[: mean.start()] + word + old.text[mean.end() :])
    word = analysis.text[slice(*at)]
    for one, other in (*_OPPOSITES, *(pair[::-1] for pair in _OPPOSITES)):
        if one != word:
            continue
        edge = r"\b" if word.isascii() else ""
        found = list(re.finditer(rf"(?<!at ){edge}{other}{edge}", old.text))
        if len(found) == 1:
            return analyse(old.text[: found[0].start()] + word + old.text[found[0].end() :])
    return None


def _measured(
    analysis: QuestionAnalysis, old: QuestionAnalysis, analyse: Callable[[str], QuestionAnalysis]
) -> QuestionAnalysis | None:
    """The earlier question asked of its place and another one ("is that more than Chongqing?")."""
    if (
        len(analysis.places) != 1
        or len(old.places) != 1
        or analysis.years
        or not _AGAINST.search(analysis.text)
    ):
        return None
    if any(c.known and not _WORDS.match(c.asked) for c in analysis.concepts):
        return None
    new, before = analysis.places[0], old.places[0]
    if old.text[before.start : before.end].lower() != before.asked.lower():
        return None
    zh = any("\u4e00" <= c <= "\u9fff" for c in old.text)
    both = f"{before.asked}{'和' if zh else ' and '}{new.asked}"
    made = analyse(old.text[: before.start] + both + old.text[before.end :])
    if len(made.places) != 2:
        return None
    return replace(
        made, types=("comparison", *(t for t in made.types if t != "comparison")), type="comparison"
    )
