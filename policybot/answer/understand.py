"""From retrieval's analysis of a question to the form that makers use; follow-ups are filled in."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from policybot.answer.ask import Ask
from policybot.answer.asks import DATA, Asks, data_fault, read_asks
from policybot.answer.match import Concept, norm
from policybot.corpus.model import Corpus
from policybot.facts.quantities import find_numbers
from policybot.facts.years import YearMention
from policybot.retrieve.analysis import QuestionAnalysis
from policybot.retrieve.terms import Concept as Term
from policybot.retrieve.terms import Wording

_FLOOR = 0.06  # weight of the most frequent words
_UNKNOWN = 0.6  # weight factor of a run that no word list knows and the corpus does not print
_UNPRINTED = 0.75  # weight of a known word that the corpus prints in none of its wordings
_HOME_WEIGHT = 0.12  # weight of the country whose documents these are
_DOCUMENT = 0.4  # weight factor of words that only name a document
_OPERATOR = 0.25  # weight factor of a word that says what to do with a value (最高, compare, over)
_SINGLE = 0.4  # weight factor of a single character left over between known words
_SHORT_FOLLOW_UP = 24  # characters; a longer question stands on its own


@cache
def load_general(path: Path = DATA / "general.toml") -> tuple[float, frozenset[str]]:
    """The weight factor of general words, and the words.

    Raises:
        CorpusError: the file is missing, not TOML or lacks one of factor, zh and en.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise data_fault(path, str(error)) from error
    if set(data) != {"factor", "zh", "en"}:
        raise data_fault(path, "it must hold factor, zh and en")
    words = [*data["zh"], *data["en"]]
    if not all(isinstance(w, str) and w == w.strip().lower() for w in words):
        raise data_fault(path, "words must be lower case and without blanks around them")
    return float(data["factor"]), frozenset(words)


class Rarity:
    """How rare a wording is in a corpus: 1 for one that is never printed, near 0 for the commonest."""

    def __init__(self, corpus: Corpus) -> None:
        self._text = "\n".join(norm(c.text.text) for c in corpus.clauses.values())
        self._top = math.log(4000.0)
        self._counts: dict[str, int] = {}

    def count(self, wording: str) -> int:
        """How often a normalised wording is printed."""
        found = self._counts.get(wording)
        if found is None:
            if len(self._counts) > 50_000:
                self._counts.clear()
            found = self._counts[wording] = self._text.count(wording)
        return found

    def beside(self, one: str, other: str, gap: int) -> bool:
        """True when both wordings are printed in one stretch without punctuation between them."""
        key = f"{one}\0{other}\0{gap}"
        found = self._counts.get(key)
        if found is None:
            a, b = re.escape(one), re.escape(other)
            stretch = rf"[^，。；：、,;:\n]{{0,{gap}}}"
            pattern = rf"{a}{stretch}{b}|{b}{stretch}{a}"
            found = self._counts[key] = int(re.search(pattern, self._text) is not None)
        return bool(found)

    def of(self, wording: str) -> float:
        """The rarity of a normalised wording."""
        return min(1.0, max(_FLOOR, 1.0 - math.log(1 + self.count(wording)) / self._top))


def read_ask(
    question: str,
    analysis: QuestionAnalysis,
    rarity: Rarity,
    language: str,
    documents: Sequence[str] = (),
) -> Ask:
    """The question in the form that makers use.

    Args:
        question: as asked.
        analysis: of the question, follow-ups resolved.
        rarity: of the corpus.
        language: "zh" or "en", of the answer.
        documents: ids the caller restricts the answer to; the question's own are used otherwise.
    """
    asks = read_asks(analysis.text)
    types, expects = analysis.types or (analysis.type,), analysis.expects
    if "class" in asks:  # 第几类 asks for a name, not for a number
        types = tuple(t for t in types if t != "count") or ("other",)
        expects = tuple(e for e in expects if e != "count")
    expects = _expects(analysis.text, expects)
    if re.search("哪[几些]年", analysis.text):
        types, expects = ("timeline", *(t for t in types if t != "timeline")), ("year", "date")
    elif "哪几" in analysis.text or _ASPECTS.search(analysis.text):
        types = ("list", *(t for t in types if t not in ("list", "count", "who", "value")))
        expects = tuple(e for e in expects if e not in ("count", "organisation"))
    concepts = [_concept(t, rarity, "place") for t in analysis.places]
    concepts += [_concept(t, rarity, t.kind) for t in analysis.concepts]
    concepts = [_operator(c, asks) for c in concepts if c.options]
    concepts.sort(key=lambda c: c.start)
    if "items" in asks and asks.n and "list" not in types and _WHICH.search(analysis.text):
        types = ("list", *types)
    spans = tuple(dict.fromkeys(span for y in analysis.years for span in _spans(y)))
    return Ask(
        question=question,
        text=analysis.text,
        language=language,
        types=types,
        expects=expects,
        asks=asks,
        concepts=tuple(concepts),
        years=tuple(dict.fromkeys(last for _, last in spans)),
        spans=spans,
        base_years=tuple(y.last for y in analysis.base_years),
        quantities=analysis.quantities,
        places=tuple(dict.fromkeys(t.wordings[0].text for t in analysis.places if t.wordings)),
        documents=analysis.documents,
        named=tuple((m.start, m.end) for m in analysis.mentions),
        only=tuple(documents),
        clauses=analysis.clauses,
        measures=tuple(dict.fromkeys(_MEASURE.findall(analysis.text))),
        asked=_asked(analysis.text, concepts),
        after=_acts(analysis.text, concepts),
        heads=_heads(analysis.text, concepts),
        amount=_AMOUNT.search(analysis.text) is not None,
        ratio=_RATIO.search(analysis.text) is not None,
        past=_PAST.search(analysis.text) is not None,
    )


_QUESTION_WORD = re.compile(
    r"百分之(?:几|多少)|多少|几|多大|多高|多久|多长|哪一?[年天月日个些家类]?|什么时候|何时|谁|什么"
    r"|\b(?:how (?:much|many|high|large|fast|long)|what|which|when|who)\b"
)


_WHICH = re.compile(r"哪|有什么|列出|\b(?:which|what are|list|name)\b")
_AND = re.compile(r"\d\s*年?\s*(?:and|和|与|及|、)\s*\d")


def _spans(year: YearMention) -> tuple[tuple[int, int], ...]:
    """(first, last) of a year or period; "2025 and 2030" are two years and not a period."""
    if year.kind == "range" and _AND.search(year.text):
        return (year.first, year.first), (year.last, year.last)
    return ((year.first, year.last),)


_ASPECTS = re.compile(r"(?:哪些|什么|哪几个?)方面(?!负责)")
_MEASURE = re.compile(
    r"(?:几|多少)(?:百|千|万|亿)?(个|家|项|座|种|类|批|名|人|位|条|款|部|份|辆|台|艘|次|届|张|票|篇|所|处|户|吨|元|度|倍|公顷|亩|年|月|天|分|米|千瓦)"
)
_WHO = re.compile(r"谁来?|(?:哪个|哪些|什么|哪家)(?:部门|机构|单位|组织|主体)|\bwho\b")


def _acts(text: str, concepts: Sequence[Concept]) -> frozenset[int]:
    """Numbers of the concepts right after "who", which say what was done."""
    return frozenset(
        i
        for word in _WHO.finditer(text)
        for i, c in enumerate(concepts)
        if 0 <= c.start - word.end() <= 3 and c.weight >= 0.25
    )


_ENGLISH_HEAD = re.compile(
    r"\b(?:what|which|who)\s+(?:is|are|was|were)\s+(?:the\s+)?(.+?)(?=\s(?:of|in|for|by|under|at|on|to|per|that|after)\b|[?？]|$)"
)
_CHINESE_HEAD = re.compile(
    r"谁是(.+?)(?=[?？]|$)|^(.+?)(?=是(?:什么|谁|几|哪)|[是为有]?多少\w{0,3}(?:[?？]|$))"
)
_HEAD_WEIGHT = 0.4  # weight from which a word may be what is asked for


def _heads(text: str, concepts: Sequence[Concept]) -> frozenset[int]:
    """The number of the concept that names what is asked for ("the mayor of …", "…的价格是多少")."""
    found = _ENGLISH_HEAD.search(text) or _CHINESE_HEAD.search(text)
    if found is None:
        return frozenset()
    group = 1 if found[1] is not None else 2
    low, high = found.span(group)
    inside = [
        i
        for i, c in enumerate(concepts)
        if low <= c.start and c.end <= high and c.kind in ("term", "latin") and c.weight >= _HEAD_WEIGHT
    ]
    return frozenset(inside[-1:])


_AMOUNT = re.compile(
    r"多少(?!钱都)|有多[大高长重宽]|百分之几|权重(?:各?是|为)?(?:多少|几)|几(?:个|家|项|座|名|位|成|倍|吨|元)"
    r"|\bhow (?:much|many|large|big|high|long|heavy)\b|\bwhat (?:percentage|proportion|share|fraction|amount|weight|number)\b"
)
_MONEY = re.compile(
    r"多少(?:钱|元|资金|费用)|\bhow much (?:in )?(?:[\w-]+ )?(?:loans?|funds?|funding|investment|finance|money)\b|\bhow much (?:does .{1,60} cost|did .{1,60} cost)\b|\b(?:price|cost) of\b"
)
_WEIGHT = re.compile(r"权重|\bweight\b")
_RATIO = re.compile(
    r"权重|\bweight\b|百分|比例|比重|占比|份额|[率度幅]|％|%|percent|share|proportion|fraction|rate|ratio|intensity"
)


def _expects(text: str, expects: tuple[str, ...]) -> tuple[str, ...]:
    """Kinds of value asked for, corrected by what the question says outright."""
    if _MONEY.search(text):
        return ("money",)
    if _WEIGHT.search(text) and _AMOUNT.search(text):
        return "percent", "score"
    for word in re.finditer(r"多少(?=[\u4e00-\u9fff])", text):
        named = [q for q in find_numbers(f"5{text[word.end() : word.end() + 5]}") if q.start == 0 and q.unit]
        if named and (expects[:1] in ((), ("percent",)) or named[0].dimension in _KIND_OF):
            dimension = named[0].dimension.split("/")[0]
            kind = "money" if named[0].kind == "money" else _KIND_OF.get(dimension, "count")
            return (kind, *(e for e in expects if e not in (kind, "percent")))
    if _COUNTED.search(text) and expects[:1] in ((), ("percent",)):
        return ("count",)
    if not expects and _WHICH_PLACE.search(text):
        return ("place",)
    return expects


_COUNTED = re.compile(r"多少[\u4e00-\u9fff]{0,3}[箱辆台艘棵株套件家座户人](?:[?？]|$)")
_WHICH_PLACE = re.compile(
    r"哪[一二两三四五六七八九十几\d]*(?:个|座|些)?(?:城市|省份?|省区|地区|国家|市)|\bwhich (?:\w+ )?(?:city|cities|provinces?|countr(?:y|ies))\b"
)
_KIND_OF = {
    "mass": "mass",
    "power": "power",
    "energy": "power",
    "volume": "volume",
    "area": "area",
    "temperature": "temperature",
    "ratio": "percent",
    "duration": "duration",
    "days": "duration",
    "hours": "duration",
}
_PAST = re.compile(
    r"了多少|了几|已(经)?(达到?|下降|增长|完成|建成|有)|过多少|\b(did|has|have|had|was|were)\b"
)


def _asked(text: str, concepts: Sequence[Concept]) -> frozenset[int]:
    """Numbers of the concepts right after the question word, in Chinese also right before it."""
    found: set[int] = set()
    for word in _QUESTION_WORD.finditer(text):
        latin = word.group()[0].isascii()
        for i, concept in enumerate(concepts):
            after = concept.start - word.end()
            ahead = word.start() - concept.end
            if 0 <= after <= (3 if not latin else 2) or (not latin and 0 <= ahead <= 2):
                found.add(i)
    return frozenset(found)


_QUESTIONING = re.compile(r"哪些|什么时候|什么|几个|多少|怎么|如何|谁|哪个|是否|能不能|可不可以")
_OPERATORS = (
    "max",
    "min",
    "latest",
    "earliest",
    "top_n",
    "below",
    "above",
    "at_least",
    "at_most",
    "missing",
    "total",
    "mean",
    "rank_of",
    "difference",
    "which_more",
    "which_less",
    "confirm",
    "all",
    "compare",
)


def _operator(concept: Concept, asks: Asks) -> Concept:
    """A word that says what to do with a value counts little as something to be found."""
    inside = any(
        name in _OPERATORS and low <= concept.start and concept.end <= high for name, low, high in asks.spans
    )
    if not inside or concept.kind != "term":
        return concept
    return replace(concept, weight=concept.weight * _OPERATOR)


def _concept(term: Term, rarity: Rarity, kind: str) -> Concept:
    options = tuple(dict.fromkeys((norm(w.text), w.weight) for w in term.wordings if norm(w.text)))
    plain = _QUESTIONING.sub("", norm(term.asked))
    if plain != norm(term.asked) and len(plain) > 1:
        options = ((plain, 1.0), *options)
    printed = [(o, v) for o, v in options if v >= 0.5 and rarity.count(o)]
    weight = min((rarity.of(o) for o, _ in printed), default=1.0 if term.known else _UNKNOWN)
    if kind == "place":
        weight = _HOME_WEIGHT if "中国" in (o for o, _ in options) else max(weight, 0.6)
    elif kind == "document":
        weight *= _DOCUMENT
    elif not printed and kind == "term" and term.known:
        weight = _UNPRINTED
    if term.asked in load_general()[1]:
        weight *= load_general()[0]
    elif len(term.asked) == 1 and not term.asked.isascii() and not term.known:
        weight *= _SINGLE
    return Concept(term.asked, options, weight, kind, term.known, term.start, term.end)


def is_follow_up(text: str, asks: Asks, analysis: QuestionAnalysis) -> bool:
    """True for a question that leans on the one before it ("那2030年呢？", "and in 2060?")."""
    if "follow_up" not in asks:
        return False
    bare = re.sub(r"[\s，。？！,?!]", "", text)
    content = [c for c in analysis.concepts if c.known]
    return len(content) <= 2 or (len(bare) <= _SHORT_FOLLOW_UP and len(content) <= 3)


def resolve(
    text: str,
    analysis: QuestionAnalysis,
    earlier: Sequence[str],
    analyse: Callable[[str], QuestionAnalysis],
    rarity: Rarity,
) -> QuestionAnalysis:
    """A follow-up with what it leaves out taken from the last question that stands on its own.

    A year, place, document or clause of the follow-up takes the place of the earlier one's; its
    content words are added; the earlier question's type and kinds of value stay unless it has its own.
    """
    for before in reversed(earlier):
        old = analyse(before)
        if not old.concepts and not old.places:
            continue
        if is_follow_up(before, read_asks(old.text), old) and before is not earlier[0]:
            old = resolve(before, old, earlier[: list(earlier).index(before)], analyse, rarity)
        own = any(t not in ("other", "yes_no", "explanation", "definition") for t in analysis.types)
        kept = [c for c in old.concepts if not _replaced(c, analysis, rarity)]
        kept = _beside(kept, analysis, rarity)
        merged = replace(
            analysis,
            types=analysis.types if own else old.types,
            type=analysis.type if own else old.type,
            expects=analysis.expects if own and analysis.expects else old.expects,
            years=analysis.years or old.years,
            base_years=analysis.base_years or (() if analysis.years else old.base_years),
            quantities=analysis.quantities,
            places=analysis.places or old.places,
            mentions=analysis.mentions or old.mentions,
            concepts=tuple(dict.fromkeys([*kept, *analysis.concepts])),
        )
        return merged
    return analysis


_NEAR = 30  # characters within which words of one thing stand


def _beside(kept: Sequence[Term], analysis: QuestionAnalysis, rarity: Rarity) -> list[Term]:
    """The earlier words that go with the follow-up's own subject; all when none of them does.

    A subject that the follow-up names (抽水蓄能) takes the place of the earlier one (风电): earlier
    words that the corpus never prints in one stretch with it are left out.
    """
    new = [c for c in analysis.concepts if c.known and c.kind == "term"]
    if not new:
        return list(kept)
    beside = []
    for old in kept:
        if old.kind != "term" or all(_together(old, n, rarity) for n in new):
            beside.append(old)
        elif (ending := _ending(old, new, rarity)) is not None:
            beside.append(ending)
    return beside if any(c.kind == "term" for c in beside) else list(kept)


def _ending(old: Term, new: Sequence[Term], rarity: Rarity) -> Term | None:
    """The end of a compound that goes with the new subject too (太阳能发电总装机容量 → 装机容量)."""
    text = norm(old.asked)
    if text.isascii():
        return None
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

    Two words are taken for alternatives when the corpus sets them side by side (城市和园区).
    """
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
