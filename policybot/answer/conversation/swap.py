"""Follow-ups that name nothing but another number, amount, base year or document for the question before.

"What about class four?" after class-one cities, "那要是2度呢？" after 1.5度, "And against 2015?" after a
change from 2005, "《行动方案》里也是这么写的吗？" after the Opinions: each is the earlier question with that
one thing put in. A turn that says anything else that the earlier question did not say is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policybot.answer.matching.match import norm
from policybot.answer.question.understand import load_general
from policybot.patterns import lazy_pattern
from policybot.retrieve.analysis import QuestionAnalysis
from policybot.retrieve.terms import Concept as Term

_LONGEST = 60  # characters of such a turn
_HAN = "一二三四五六七八九十"
_CARDINAL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINAL = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NOUNS = (
    "class|domain|group|phase|batch|category|tier|step|stage|level|period|round|field|figure|table|chart|part"
    "|chapter|task|action|area|type|recommendation|suggestion|point|item|measure|principle|track|volume|condition"
    "|aspect|column|section|pillar"
)
_MOST = "top|leading|largest|biggest|greatest|highest|best|worst|lowest|smallest|bottom"
_N_EN = "|".join((*_CARDINAL, *_ORDINAL))
_NUMBERED = lazy_pattern(
    rf"第(?P<zh>[{_HAN}]|\d{{1,2}})(?=[类批个条项级期届次阶部章轮点款名位组种大方步层]|(?:的|呢)?$|[,?])"
    rf"|(?<![{_HAN}\d第十分共有每各])(?P<kind>[{_HAN}])(?=[类级期批](?!型))"
    rf"|(?:领域|图表?|表|阶段|类别?|专栏|指标|组|级|行动|任务|原则|方面)(?P<behind>\d{{1,2}}|[{_HAN}])(?![\d{_HAN}个项种类])"
    rf"|\b(?P<before>{'|'.join(_ORDINAL)})(?=[ -](?:{_NOUNS})|$|[?,.]| one\b)"
    rf"|\b(?:{_NOUNS})[ -](?P<after>\d{{1,2}}|{_N_EN})\b"
    rf"|\b(?:{_MOST})[ -](?P<most>\d{{1,2}}|{'|'.join(_CARDINAL)})\b"
    rf"|\b(?P<many>\d{{1,2}}|{'|'.join(_CARDINAL)})(?=[ -](?:{_MOST})\b)"
)
_MEASURES = lazy_pattern(
    rf"[类批个条项级期届次阶段部章轮点款名位组种]|\b(?:{_NOUNS}|{_MOST}|ones?)(?:e?s)?\b"
)
_AGAINST = lazy_pattern(
    r"[跟和与同较以]|相?比|为基|\b(?:against|compared|relative|versus|vs|than|over|below|above|since|from|to|on)\b"
)
_SAYS = lazy_pattern(
    r"(?:里|中)?(?:也|又|是|都|还)*(?:怎么|怎样|如何|这么|这样|同样|一样|相同)?(?:写|说|讲|提|规定|要求|表述|措辞)[的过到法]*|一样|相同|这么|这样"
    r"|\b(?:say|says|said|put|puts|words?|wording|worded|same|too|also|agree|agrees|state|states|read|reads"
    r"|similar|differ\w*|identical|terms|thing|treat|treats)\b"
)

Analyse = Callable[[str], QuestionAnalysis]


@dataclass(frozen=True, slots=True)
class _Number:
    """A number at start..end of a text that tells one of several apart, with how it is written."""

    n: int
    start: int
    end: int
    style: str


def swapped(analysis: QuestionAnalysis, old: QuestionAnalysis, analyse: Analyse) -> QuestionAnalysis | None:
    """The earlier question with the one thing that a turn says otherwise; None where it is no such turn."""
    if len(analysis.text) > _LONGEST or not old.text or not _own_text(old):
        return None
    return (
        _numbered(analysis, old, analyse)
        or _base_year(analysis, old, analyse)
        or _amount(analysis, old, analyse)
        or _document(analysis, old, analyse)
    )


def numbers_of(text: str) -> list[_Number]:
    """The numbers of a folded text that tell one of several things apart (领域2, class-one, 第一条)."""
    found = []
    for match in _NUMBERED.finditer(text):
        name = str(match.lastgroup)
        word = match[name]
        n = _read(word)
        if n:
            start, end = match.span(name)
            found.append(_Number(n, start, end, _style(word)))
    return found


def other_number(text: str, old: str) -> bool:
    """True for a turn that names another one of the numbered things that a question named one of (二类呢)."""
    new, before = numbers_of(text.lower()), numbers_of(old)
    if len(new) != 1 or len(before) != 1:
        return False
    counted = text[new[0].end : new[0].end + 1]
    return counted == old[before[0].end : before[0].end + 1] or counted.isascii()


def new_words(
    analysis: QuestionAnalysis, old: QuestionAnalysis, spans: Sequence[tuple[int, int]]
) -> list[Term]:
    """The content words of a turn, those at some spans aside, that the question before does not have."""
    _, general = load_general()
    had = {norm(w.text) for c in old.concepts for w in c.wordings} | {norm(c.asked) for c in old.concepts}
    return [
        c
        for c in analysis.concepts
        if c.asked not in general
        and not any(c.start < b + 1 and a < c.end + 1 for a, b in spans)
        and norm(c.asked) not in had
        and not any(norm(w.text) in had for w in c.wordings if w.weight >= 0.8)
        and len(c.asked) > 1
    ]  # fmt: skip


def _own_text(old: QuestionAnalysis) -> bool:
    """True where the words of a question stand in its text, which was not put together of two turns."""
    return all(
        c.end <= len(old.text) and norm(old.text[c.start : c.end]) == norm(c.asked) for c in old.concepts
    )


def _numbered(analysis: QuestionAnalysis, old: QuestionAnalysis, analyse: Analyse) -> QuestionAnalysis | None:
    new, before = numbers_of(analysis.text), numbers_of(old.text)
    if len(new) != 1 or len(before) != 1 or new[0].n == before[0].n:
        return None
    if analysis.places or analysis.years or any(not m.clause for m in analysis.mentions if m.sure):
        return None
    around = [(new[0].start, new[0].end)]
    around += [m.span() for m in _MEASURES.finditer(analysis.text) if m.start() <= new[0].end + 2]
    if new_words(analysis, old, around):
        return None
    at = before[0]
    return analyse(old.text[: at.start] + _written(new[0].n, at.style) + old.text[at.end :])


def _base_year(
    analysis: QuestionAnalysis, old: QuestionAnalysis, analyse: Analyse
) -> QuestionAnalysis | None:
    """The earlier change measured from another year ("and against 2015?", 跟2015年比呢)."""
    named = [*analysis.base_years, *analysis.years]
    theirs = [*old.base_years] or (list(old.years) if len(old.years) > 1 else [])
    if len(named) != 1 or not theirs or analysis.places or not _AGAINST.search(analysis.text):
        return None
    if new_words(analysis, old, [(named[0].start, named[0].end)]):
        return None
    base = min(theirs, key=lambda y: y.first)
    if base.end > len(old.text):
        return None
    year = f"{named[0].last}"
    written = old.text[base.start : base.end]
    if str(base.last) not in written:
        return None
    return analyse(old.text[: base.start] + written.replace(str(base.last), year) + old.text[base.end :])


def _amount(analysis: QuestionAnalysis, old: QuestionAnalysis, analyse: Analyse) -> QuestionAnalysis | None:
    """The earlier question asked of another amount (那要是2度呢 after 1.5度)."""
    if len(analysis.quantities) != 1 or len(old.quantities) != 1 or analysis.years or analysis.places:
        return None
    new, before = analysis.quantities[0], old.quantities[0]
    bare = new.kind == "number" and before.kind in ("number", "quantity", "percent")  # 2度, 2 degrees
    if not bare and (new.kind, new.dimension) != (before.kind, before.dimension):
        return None
    if new.amount == before.amount:
        return None
    if numbers_of(analysis.text) or analysis.mentions or new_words(analysis, old, [(new.start, new.end)]):
        return None
    written = old.text[before.start : before.end]
    put = written.replace(before.number_text, new.number_text, 1) if bare else new.text
    return analyse(old.text[: before.start] + put + old.text[before.end :])


def _document(analysis: QuestionAnalysis, old: QuestionAnalysis, analyse: Analyse) -> QuestionAnalysis | None:
    """The earlier question asked of another document, and whether it says the same."""
    if len(analysis.mentions) != 1 or len({m.document for m in old.mentions}) != 1 or analysis.places:
        return None
    new, before = analysis.mentions[0], old.mentions[0]
    if new.clause or before.clause or new.document == before.document or analysis.years:
        return None
    spans = [(new.start, new.end), *(m.span() for m in _SAYS.finditer(analysis.text) if m.group())]
    if new_words(analysis, old, spans):
        return None
    name = analysis.text[new.start : new.end]
    text = old.text
    start, end = before.start, before.end
    if "《" in name and text[start - 1 : start] == "《" and text[end : end + 1] == "》":
        start, end = start - 1, end + 1
    elif "《" not in name and text[start:end].startswith("《"):
        name = f"《{name}》"
    return analyse(text[:start] + name + text[end:])


def _read(word: str) -> int:
    if word.isdigit():
        return int(word)
    for names in (_HAN, _CARDINAL, _ORDINAL):
        if word in names:
            return names.index(word) + 1
    return 0


def _style(word: str) -> str:
    return (
        "digits"
        if word.isdigit()
        else "han"
        if word in _HAN
        else "ordinal"
        if word in _ORDINAL
        else "cardinal"
    )


def _written(n: int, style: str) -> str:
    if style == "digits" or n > len(_HAN):
        return str(n)
    names = {"han": _HAN, "cardinal": _CARDINAL, "ordinal": _ORDINAL}[style]
    return names[n - 1]


_LEAD = re.compile(
    r"^(?:反过来(?:说|看|问)?|相反|另外|还有|顺便(?:问一?下|问一句)?|对了|再问一?[下个句]|换个角度|同样地?|接着问"
    r"|conversely|on the other hand|the other way (?:round|around)|by the way|the opposite"
    r"|one more(?: thing)?|while (?:we are|you are|you're) at it|in turn|by contrast|in contrast)"
    r"[,，、:：。. ]+",
    re.IGNORECASE,
)


def without_lead(text: str) -> str:
    """A turn without the words that only lead over to it (反过来，…; by the way, …)."""
    rest = _LEAD.sub("", text)
    return rest if len(rest) > 1 else text
