"""Follow-up questions: what they leave out is taken from the questions before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from policybot.answer.conversation.dialogue import Correction, read_correction
from policybot.answer.conversation.recast import recast
from policybot.answer.conversation.swap import new_words, swapped, without_lead
from policybot.answer.matching.match import norm
from policybot.answer.matching.rarity import Rarity
from policybot.answer.question.asks import Asks, read_asks, to_int
from policybot.answer.question.understand import load_general
from policybot.answer.tables.reading.columns import load_columns
from policybot.patterns import lazy_pattern
from policybot.retrieve.analysis import QuestionAnalysis
from policybot.retrieve.terms import Concept as Term
from policybot.retrieve.terms import Wording

_SHORT_FOLLOW_UP = 24  # characters; a longer question stands on its own
_SHORT_ENGLISH = 48  # … of an English one that opens like a follow-up
_LEADING = lazy_pattern(r"(?:and|what about|how about|same (?:for|with)|so what about)\b")
_EMPTY = ("one", "ones")  # "the land productivity one" names no more than land productivity
_OWN_TOPIC = ("other", "yes_no", "explanation", "definition")  # types that an earlier question's overrule
_ASKING = ("count", "value", "timeline", "who", "rank")  # types of "多少？", "when?", "谁负责？", "排第几？"
_BARE_QUESTION = 14  # characters of such a question
_QUESTION_WORD = lazy_pattern(
    r"谁|何|哪|什么|几|多少|最[晚迟早快]|^(?:时间|日期|期限|截止|日子|时候|年份|多久|原因|理由|后果|人|单位|部门)$"
    r"|^(?:dates?|years?|deadlines?|times?|months?|days?|whom?|reasons?|often|long|soon|latest|earliest|body"
    r"|bodies|ministry|department)$"
)
_MEASURES = ("percent", "volume", "mass", "power", "area", "money", "duration", "year", "date")
_POINTING = 3  # content words of a turn with a pronoun
_BRIEF = 9  # characters of a turn that may go on with what was asked before
_BRIEF_ENGLISH = 24  # … letters of an English one
_BARE = 2  # words that a turn without a question of its own may have

Analyse = Callable[[str], QuestionAnalysis]


def is_follow_up(text: str, asks: Asks, analysis: QuestionAnalysis) -> bool:
    """True for a question that leans on the one before it ("那2030年呢？", "and in 2060?", "2060?")."""
    bare = re.sub(r"[\s，。？！,?!]", "", text)
    named = _named_only(analysis)
    _, general = load_general()
    content = [
        c
        for c in analysis.concepts
        if c.known
        and c.kind == "term"
        and c not in named
        and c.asked not in general
        and (len(c.asked) > 1 or c.asked.isascii())
    ]
    if not [c for c in content if not _QUESTION_WORD.search(c.asked)]:
        given = analysis.years or analysis.places or analysis.mentions
        if given or (analysis.type in _ASKING and len(bare) <= _BARE_QUESTION):
            return analysis.type not in ("clause_text", "meta")
    if "follow_up" not in asks:
        return False
    content = [c for c in analysis.concepts if c.known and c.asked not in _EMPTY]
    short = _SHORT_ENGLISH if _LEADING.match(analysis.text) else _SHORT_FOLLOW_UP
    return len(content) <= 2 or (len(bare) <= short and len(content) <= 3)


def resolve(
    text: str, analysis: QuestionAnalysis, before: QuestionAnalysis | None, analyse: Analyse, rarity: Rarity
) -> QuestionAnalysis:
    """A turn with what it leaves out taken from the question before it.

    Args:
        text: the turn; `analysis` is of it.
        before: the earlier question, itself resolved; None when there is none.

    A turn that stands on its own comes back as it is. One that names nothing but another year, place,
    subject of a superlative, is read as the earlier question with that put in; of any other follow-up or
    correction a year, place, document or clause takes the place of the earlier one's, its content words
    are added, and the earlier question's type and kinds of value stay unless it has its own.
    """
    correction = read_correction(text) if before is not None else None
    if correction is not None:
        text, analysis = correction.meant, replace(analyse(correction.meant), language=analysis.language)
    if before is None:
        return analysis
    plain = without_lead(text)
    if plain != text and correction is None:
        text, analysis = plain, replace(analyse(plain), language=analysis.language)
    made = recast(text, analysis, before, analyse) if correction is None else None
    made = made or (swapped(analysis, before, analyse) if correction is None else None)
    if made is not None:
        return replace(made, language=analysis.language)
    asks = read_asks(analysis.text)
    if correction is not None and _complete(analysis):
        return analysis
    put = _put_in(asks, analysis, before, analyse)
    leaning = correction is not None or is_follow_up(text, asks, analysis) or _alone(analysis, before, rarity)
    weak = not leaning and _brief(text, analysis)
    if not leaning and not weak and put is None:
        return analysis
    if put is not None:
        return replace(put, language=analysis.language)
    return _merged(analysis, before, rarity, correction, weak=weak)


_PRONOUN = lazy_pattern(
    r"它|他们|其中|(?:^|[，,])(?:那么?)?(?:这|那|此|该)"
    r"|\b(?:it|its|they|them|their|there)\b"
    r"|\b(?:does|do|did|is|are|was|were|will|can|must|should|may|of|to|for|about|by|on|with|under|after|before)"
    r" (?:that|this|these|those)\b"
)


def _brief(text: str, analysis: QuestionAnalysis) -> bool:
    """True for a turn so short, or with a pronoun, that it may go on with what was asked before."""
    if analysis.type in ("clause_text", "meta", "definition") or analysis.mentions:
        return False
    _, general = load_general()
    words = [c for c in analysis.concepts if c.known and c.asked not in general and len(c.asked) > 1]
    size = len(re.sub(r"[\W_]", "", text))
    if _PRONOUN.search(analysis.text):
        return len(words) <= _POINTING
    return len(words) <= 1 and size <= (_BRIEF if analysis.language == "zh" else _BRIEF_ENGLISH)


def _merged(
    analysis: QuestionAnalysis,
    old: QuestionAnalysis,
    rarity: Rarity,
    correction: Correction | None,
    *,
    weak: bool = False,
) -> QuestionAnalysis:
    """A turn with what it leaves out; `weak` where it may just as well stand on its own."""
    own = any(t not in _OWN_TOPIC for t in analysis.types)
    named = _named_only(analysis)
    if own and _of_subject(analysis, old):
        return replace(analysis, places=old.places)
    new = [c for c in analysis.concepts if c not in named]
    rejected = norm(correction.rejected) if correction is not None else ""
    kept = [c for c in old.concepts if not (rejected and norm(c.asked) in rejected)]
    mentions = analysis.mentions
    if not mentions and any(c.known and c.kind == "term" and not _QUESTION_WORD.search(c.asked) for c in new):
        # What more is asked may stand in another clause of the document.
        mentions = tuple(replace(m, start=0, end=0, clause="") if m.clause else m for m in old.mentions)
    elif mentions:
        mentions = tuple(replace(m, sure=True) for m in mentions)  # named on purpose: nothing else is
        spans = [(m.start, m.end) for m in old.mentions]
        kept = [c for c in kept if not any(s < c.end and c.start < e for s, e in spans)]
    bare = replace(analysis, concepts=tuple(new))
    kept = [c for c in kept if not _replaced(c, bare, rarity)]
    terms = [c for c in kept if c.kind == "term"]
    alone = weak or (bool(old.places) and not own and not analysis.places)
    kept = _beside(kept, bare, rarity, subject=alone)
    # A city's other figure (武汉哪年达峰？PM2.5呢？): of the earlier question only the city is meant.
    other = bool(terms) and not any(c.kind == "term" for c in kept)
    measured = any(e in _MEASURES for e in analysis.expects)
    other = other or weak
    old_expects = () if other else old.expects
    return replace(
        analysis,
        types=analysis.types if own or other else old.types,
        type=analysis.type if own or other else old.type,
        expects=analysis.expects if (own and analysis.expects) or measured or other else old_expects,
        counted=analysis.counted or old.counted,
        years=analysis.years or (() if weak else old.years),
        base_years=analysis.base_years or (() if analysis.years else old.base_years),
        places=analysis.places or (old.places if kept or not weak else ()),
        mentions=mentions or old.mentions,
        concepts=tuple(dict.fromkeys([*kept, *analysis.concepts])),
        carried=tuple(kept) if any(c.known and c.kind == "term" for c in new) else (),
    )


_SUBJECT = lazy_pattern(
    r"^(?:那么?)?(?:它|该[市省区国州]|这个?[市省国]|当地|那里)"
    r"|\b(?:it|its|there|that (?:city|province|country|place|party))\b"
)


def _of_subject(analysis: QuestionAnalysis, old: QuestionAnalysis) -> bool:
    """True for another question about the place that was asked about (它哪年达峰？ after its PM2.5)."""
    if len(old.places) != 1 or analysis.places or analysis.mentions or not _SUBJECT.search(analysis.text):
        return False
    _, general = load_general()
    return any(c.known and c.kind == "term" and c.asked not in general for c in analysis.concepts)


def _complete(analysis: QuestionAnalysis) -> bool:
    """True for what asks a whole question by itself ("what is the 2060 target for forests?")."""
    content = [c for c in analysis.concepts if c.known and c.kind == "term"]
    return analysis.type not in _OWN_TOPIC and len(content) > _BARE


def _named_only(analysis: QuestionAnalysis) -> list[Term]:
    """The content words that are no more than the name of a document or clause (意见里怎么说)."""
    return [
        c for c in analysis.concepts if any(m.start < c.end and c.start < m.end for m in analysis.mentions)
    ]


def _alone(analysis: QuestionAnalysis, old: QuestionAnalysis, rarity: Rarity) -> bool:
    """True for a subject by itself that the corpus prints with the earlier question's (园区, "parks?")."""
    terms = [c for c in analysis.concepts if c.kind == "term"]
    if analysis.type != "other" or len(terms) != 1 or not terms[0].known or analysis.mentions:
        return False
    if len(norm(terms[0].asked)) + 4 < len(norm(analysis.text)):
        return False
    return any(_replaced(o, analysis, rarity) or _together(o, terms[0], rarity) for o in old.concepts)


def _put_in(
    asks: Asks, analysis: QuestionAnalysis, old: QuestionAnalysis, analyse: Analyse
) -> QuestionAnalysis | None:
    """The earlier question with the follow-up's year, place or superlative in place of its own.

    None where the follow-up says anything else, or where the earlier question has not exactly one to
    be replaced.
    """
    if not old.text or analysis.mentions or analysis.base_years:
        return None
    if analysis.type not in (*_OWN_TOPIC, *old.types):
        return None
    cuts: list[tuple[int, int, str]] = []
    shift = _SHIFT.search(analysis.text)
    if shift is not None and not analysis.years:
        return _shifted(shift, analysis, old, analyse)
    terms = [c for c in new_words(analysis, old, ()) if c.known]
    spread = asks.at("max", "min", "earliest", "latest")
    if terms and not (spread and all(spread[0] <= c.start and c.end <= spread[1] for c in terms)):
        return None
    if spread:
        theirs = read_asks(old.text).at("max", "min", "earliest", "latest")
        if theirs is None:
            return None
        word = _PLAIN.get((old.text[slice(*theirs)], "min" if "min" in asks else "max"))
        cuts.append((*theirs, word or analysis.text[slice(*spread)]))
    for new, before in ((analysis.places, old.places), (analysis.years, old.years)):
        if not new:
            continue
        if len(new) != 1 or len(before) != 1:
            return None
        cuts.append((before[0].start, before[0].end, analysis.text[new[0].start : new[0].end]))
    if not cuts:
        return None
    if any(c.end > len(old.text) or norm(old.text[c.start : c.end]) != norm(c.asked) for c in old.concepts):
        return None  # itself put together of two turns: its text is not the question
    text = old.text
    for start, end, word in sorted(cuts, reverse=True):
        text = _joined(text[:start], word, text[end:])
    made = analyse(text)
    same = [y.first for y in made.years] == [y.first for y in (analysis.years or old.years)]
    places = [p.wordings[0].text for p in (analysis.places or old.places) if p.wordings]
    same = same and [p.wordings[0].text for p in made.places if p.wordings] == places
    return made if same and not made.respelled else None


def _shifted(
    shift: re.Match[str], analysis: QuestionAnalysis, old: QuestionAnalysis, analyse: Analyse
) -> QuestionAnalysis | None:
    """The earlier question for so many years later or earlier ("and five years later?", 再过五年呢)."""
    inside = [c for c in analysis.concepts if c.known and not shift.start() <= c.start < shift.end()]
    years = to_int(shift["zh"] or shift["en"])
    if inside or analysis.places or years is None or len(old.years) != 1:
        return None
    year = old.years[0]
    if year.first != year.last or not old.text[year.start : year.end].strip("年 ").isdigit():
        return None
    back = (shift["before"] or shift["earlier"]) is not None
    wanted = str(year.last + (-years if back else years))
    written = old.text[year.start : year.end]
    return analyse(old.text[: year.start] + written.replace(str(year.last), wanted) + old.text[year.end :])


def _joined(before: str, word: str, after: str) -> str:
    """A word put between two texts, with blanks where Latin letters would run together."""
    left = " " if before[-1:].isascii() and before[-1:].isalnum() and word[:1].isalnum() else ""
    right = " " if after[:1].isascii() and after[:1].isalnum() and word[-1:].isalnum() else ""
    if not word.isascii():
        left = right = ""
    return f"{before}{left}{word}{right}{after}"


_SHIFT = lazy_pattern(
    r"(?:再?过|又过)?(?P<zh>[一两二三四五六七八九十]{1,3}|\d{1,2})年(?:之?后|以后|(?P<before>之?前|以前)|(?=呢))"
    r"|\b(?P<en>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten) years? "
    r"(?:later|on|after|(?P<earlier>earlier|before))\b"
)
# "垫底的呢？" after the highest score asks for the lowest one.
_PLAIN = {
    (word, kind): put
    for words, puts in ((("最高", "最低"), ("最高", "最低")), (("highest", "lowest"), ("highest", "lowest")))
    for word in words
    for kind, put in zip(("max", "min"), puts, strict=True)
}
_COLUMN = 0.6  # share of a word that a column's name takes up
_NEAR = 30  # characters within which words of one thing stand


def _beside(
    kept: Sequence[Term], analysis: QuestionAnalysis, rarity: Rarity, *, subject: bool = False
) -> list[Term]:
    """The earlier words that go with the follow-up's own subject; all when none of them does.

    With `subject` (the earlier question has a place that is still meant) none is kept in that case.

    A subject that the follow-up names (抽水蓄能) takes the place of the earlier one (风电): earlier
    words that the corpus never prints in one stretch with it are left out.
    """
    _, general = load_general()
    new = [c for c in analysis.concepts if c.known and c.kind == "term" and c.asked not in general]
    if not new:
        return list(kept)
    beside = []
    for old in kept:
        if old.kind != "term" or all(_together(old, n, rarity) for n in new):
            beside.append(old)
        elif (ending := _ending(old, new, rarity)) is not None:
            beside.append(ending)
    return beside if subject or any(c.kind == "term" for c in beside) else list(kept)


def _ending(old: Term, new: Sequence[Term], rarity: Rarity) -> Term | None:
    """The end of a compound that goes with the new subject too (太阳能发电总装机容量 → 装机容量)."""
    text = norm(old.asked)
    if text.isascii():  # an English compound ends as its Chinese wording does
        text = next((norm(w.text) for w in old.wordings if not w.text.isascii()), "")
    for start in range(1, len(text) - 1):
        part = Term(text[start:], old.start, old.end, (Wording(text[start:], 1.0),))
        if all(_together(part, n, rarity) for n in new):
            return part
    return None


def _together(one: Term, other: Term, rarity: Rarity) -> bool:
    """True when the corpus prints a wording of each within one stretch between punctuation marks."""
    for a in one.wordings[:3]:
        for b in other.wordings[:3]:
            first, second = norm(a.text), norm(b.text)
            if not first or not second or a.weight < 0.5 or b.weight < 0.5:
                continue
            if first in second or second in first or rarity.beside(first, second, _NEAR):
                return True
    return False


def _replaced(old: Term, analysis: QuestionAnalysis, rarity: Rarity) -> bool:
    """True for an earlier content word that the follow-up says otherwise (城市 → 园区).

    Two words are taken for alternatives when the corpus sets them side by side (城市和园区), or when
    they begin alike and go on differently (森林覆盖率, 森林蓄积量).
    """
    if len(analysis.concepts) == 1 and _siblings(old, analysis.concepts[0]):
        return True
    column = _column(old)
    if column and any(_column(new) not in ("", column) for new in analysis.concepts):
        return True
    return any(
        rarity.count(f"{a}{joiner}{b}")
        for new in analysis.concepts
        if new.asked != old.asked
        for joiner in "和、与及或"
        for one in old.wordings[:2]
        for other in new.wordings[:2]
        for a, b in ((norm(one.text), norm(other.text)), (norm(other.text), norm(one.text)))
        if len(norm(one.text)) > 1 and len(norm(other.text)) > 1
    )


def _column(term: Term) -> str:
    """The published column that a word names, "" for none."""
    for naming in load_columns():
        if any(m.end() - m.start() >= _COLUMN * len(term.asked) for m in naming.words.finditer(term.asked)):
            return naming.name
    return ""


def _siblings(old: Term, new: Term) -> bool:
    """True for two compounds with one beginning, neither of which holds the other."""
    for one in old.wordings[:1]:
        for other in new.wordings[:1]:
            a, b = norm(one.text), norm(other.text)
            if a[:2] == b[:2] and not a.isascii() and a not in b and b not in a:
                return min(len(a), len(b)) > 3
    return False
