"""Two or more years, places or documents side by side: one cited line each, and the computed difference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from policybot.answer.matching.match import bare
from policybot.answer.matching.names import place_stem
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import read_operations
from policybot.answer.wording.compose import fill, line, wordings
from policybot.answer.wording.draft import Draft, Finding, Line
from policybot.corpus.model import Corpus
from policybot.facts.quantities import Quantity, find_quantities
from policybot.facts.render import amount_text, plain_number
from policybot.patterns import lazy_pattern

_CHANGE = lazy_pattern(
    r"差(?:多少|多远|多大|几|距|别|异)|变化|提高|上升|增加|增长|提升|下降|降低|抬高|多多少|高多少|跨度|步子|区别|不同"
    r"|\bhow (?:far|much|big)\b|\bby how\b|\b(?:changes?|moves?|rises?|grows?|climbs?|steps?|jumps?"
    r"|increases?|differ\w*|gap|compar\w+)\b"
)
# Which of two was first: each is asked when.
_FIRST = lazy_pattern(
    r"(?:谁|哪[个座边家]?(?:城市|市|地|方)?)(?:更|最|先|率先|比较|较)*(?:先|早)|先后|早几年|晚几年"
    r"|\b(?:who|which|whose)\b.{0,40}\b(?:first|earlier|sooner|before)\b"
)
_FROM_TO = lazy_pattern(
    r"从.{0,6}[12]\d{3}年?.{0,3}[到至].{0,4}[12]\d{3}|\b(?:from|between) (?:\w+ )?[12]\d{3} (?:to"
    r"|and) (?:\w+ )?[12]\d{3}"
)
_YEAR = lazy_pattern(r"(?:19|20)\d\d")
_TWO = 2
_HOME = "中国"  # these documents' own country: their subject where nothing is compared
_OWN, _COVER = 0.25, 0.4  # least shares of the question that a sentence for one of several years carries
_PLANNED = 2021  # first year that is planned for


@dataclass(frozen=True)
class Side:
    """One of the things compared: its label and the answer found for it alone (None when none was)."""

    label: str
    draft: Draft | None


def sides(ask: Ask) -> list[tuple[str, Ask]]:
    """The question asked of each year or place it names; fewer than two for no comparison."""
    spans = _ends(ask) or (ask.spans if len(ask.spans) >= 2 and not _is_range(ask) else ())
    if spans:
        return [(_span_label(ask, s), replace(ask, spans=(s,), years=(s[1],), base_years=())) for s in spans]
    if len(ask.places) >= _TWO:  # 谁 is one of the places
        types = tuple(t for t in ask.types if t != "who") or ("comparison",)
        ask = replace(ask, types=types, expects=tuple(e for e in ask.expects if e != "organisation"))
    places = ask.places if ask.wants("comparison") else tuple(p for p in ask.places if p != _HOME)
    if len(places) >= 2:
        parts = [(p, _only_place(ask, p)) for p in places]
        if len(places) == 2 and _FIRST.search(ask.text):
            dated, types = ("year", "date"), ("timeline", "comparison")
            return [(p, replace(part, expects=dated, types=types, amount=False)) for p, part in parts]
        return parts
    return []


def _ends(ask: Ask) -> tuple[tuple[int, int], ...]:
    """The two years that a change is asked between (from 2030 to 2060, 2025年跟2060年相比)."""
    if len(ask.spans) != 1 or not _CHANGE.search(ask.text):
        return ()
    first, last = ask.spans[0]
    if first != last and _FROM_TO.search(ask.text):
        return ((first, first), (last, last))
    # What is planned is measured from years that are over.
    base = [y for y in ask.base_years if y >= _PLANNED]
    return tuple(sorted(((base[0], base[0]), ask.spans[0]))) if len(base) == 1 and first == last else ()


def whole(ask: Ask) -> bool:
    """True for sides of which each must be found: the ends of a change, or years beside years."""
    return bool(_ends(ask)) or (len(ask.spans) >= 2 and not (ask.expects or ask.amount))


def dated(draft: Draft) -> bool:
    """True for a sentence that may stand for one of several years: it says the year and is about the rest."""
    told = draft.features
    return not told.get("year_lacks") and told.get("own", 0.0) >= _OWN and told.get("cover", 0.0) >= _COVER


def compare(ask: Ask, found: Sequence[Side], name: Callable[[str], str]) -> Draft | None:
    """The answer that sets the sides next to each other; None when fewer than two were found.

    Args:
        ask: the whole question.
        found: the sides with their own answers.
        name: a label in the answer's language.
    """
    good = [s for s in found if s.draft is not None and s.draft.lines]
    if len(good) < 2 and not (good and len(found) >= 2):
        return None
    lines = _measure([s.draft for s in good if s.draft is not None])
    findings: list[Finding] = []
    steps: list[Step] = []
    for side in found:
        label = name(side.label)
        if side.draft is None:
            lines.append(line("compare_absent", label=label))
            continue
        lines.append(_side_line(ask, label, side.draft))
        lines += _translated(label, side.draft)
        findings += period(ask, label)
        findings += side.draft.findings
        steps += side.draft.steps
    lines += _difference(ask, good, name, findings)
    score = sum(s.draft.score for s in good if s.draft) / len(found)
    features = {
        key: min(s.draft.features.get(key, 0.0) for s in good if s.draft)
        for key in (
            "cover",
            "own",
            "wide",
            "found",
            "year_fit",
            "kind_fit",
            "margin",
            "value",
            "table",
            "row",
        )
    }
    features["unlike"] = float(_unlike(good))
    status = "answered" if any(s.draft and s.draft.status == "answered" for s in good) else "not_found"
    return Draft(
        "compare",
        tuple(lines),
        score,
        status,  # type: ignore[arg-type]
        findings=tuple(findings),
        steps=tuple(steps),
        features=features,
    )


def counts_things(ask: Ask, draft: Draft) -> bool:
    """True for an amount of something else (52个, 63.2) where the time between two events is asked for."""
    if ask.expects[:1] != ("duration",) or draft.maker not in ("value", "cell"):
        return False
    return any(
        f.unit[-1:] not in tuple("年月日天时")
        and not (draft.maker == "cell" and isinstance(f.value, (int, float)) and f.year is not None)
        for f in draft.findings
        if f.unit or draft.maker == "cell"
    )


def told_once(corpus: Corpus, found: Sequence[Side], joined: Callable[[str], bool]) -> bool:
    """True when one figure answers two sides, though its sentence does not give it for both together.

    `joined` tells whether a text names several places in a row.
    """
    seen: set[tuple[str, tuple[int, int]]] = set()
    for side in found:
        draft = side.draft
        if draft is None or draft.maker != "value" or not draft.evidence:
            continue
        evidence = draft.evidence[0]
        if evidence.focus is None:
            continue
        at = (evidence.clause, evidence.focus)
        if at in seen:
            text = corpus.clauses[evidence.clause].text.text[evidence.start : evidence.focus[0]]
            return "分别" in text or not joined(text)
        seen.add(at)
    return False


def _measure(drafts: Sequence[Draft]) -> list[Line]:
    """What the cells of one column give, which the lines of the sides do not say."""
    said = {(d.lines[0].slots.get("table", ""), d.lines[0].slots.get("column", "")) for d in drafts}
    table, column = said.pop()
    if said or not (table and column):
        return []
    return [line("compare_of", drafts[0].evidence[:2], table=table, column=column)]


def _said_of(label: str, draft: Draft) -> Line:
    """Of an answer of two sentences the one that says the year that a side is."""
    years = _YEAR.findall(label)
    said = [made for made in draft.lines if any(y in made.slots.get("sentence", "") for y in years)]
    return said[0] if said else draft.lines[0]


def _translated(label: str, draft: Draft) -> list[Line]:
    """The English of the sentence that a side is shown by, where there is one."""
    first = _said_of(label, draft)
    if first.items or first.slots.get("value") or first.slots.get("who"):
        return []
    after = draft.lines.index(first) + 1
    return [made for made in draft.lines[after : after + 1] if made.wording == "gist"]


def _side_line(ask: Ask, label: str, draft: Draft) -> Line:
    first = _said_of(label, draft)
    evidence = draft.evidence if first is draft.lines[0] else first.all_evidence
    if draft.status == "not_found":
        text = fill(first.wording, {**first.slots, "marks": "{marks}"}, ask.language)
        return Line(
            "compare_line",
            {"label": label, "value": text.replace("{marks}", "").rstrip("。."), "note": ""},
            evidence[:2],
        )
    value = first.slots.get("value") or first.slots.get("who") or ""
    if first.wording.startswith("premise"):
        value = ""  # the year or amount put right says nothing by itself
    note = first.slots.get("note", "")
    if first.items:
        joined = wordings()[ask.language]["joiner"].join(text for text, _ in first.items)
        value = fill(first.wording, {**first.slots, "items": joined}, ask.language)
        return Line("compare_line", {"label": label, "value": value.rstrip("。.")}, first.all_evidence)
    if not value:
        value = (
            first.slots.get("sentence")
            or first.slots.get("text")
            or fill(first.wording, first.slots, ask.language)
        )
    return Line(
        "compare_line",
        {"label": label, "value": value.rstrip("。."), "note": note},
        evidence[:2],
    )


def _difference(
    ask: Ask, good: Sequence[Side], name: Callable[[str], str], findings: list[Finding]
) -> list[Line]:
    """The difference of two plain values of one unit, or their ratio, when the question asks for that."""
    if len(good) == 2 and "ratio" in read_operations(ask.text):
        return _ratio(good, name, findings)
    if len(good) != 2 or not (
        ask.wants("comparison", "rank")
        or any(a in ask.asks for a in ("difference", "which_more", "which_less"))
    ):
        return []
    pair = []
    for side in good:
        if side.draft is None or side.draft.status == "not_found":
            return []
        values = [f for f in side.draft.findings if isinstance(f.value, (int, float))]
        if len(values) != 1:
            return _gap(ask, good, name, findings)
        pair.append(values[0])
    one, two = pair
    if (
        one.unit != two.unit
        or not isinstance(one.value, (int, float))
        or not isinstance(two.value, (int, float))
    ):
        return []
    if one.value == two.value:
        return [line("compare_same")]
    high = good[0] if one.value > two.value else good[1]
    gap = round(abs(one.value - two.value), 6)
    unit = {"%": "个百分点" if ask.language == "zh" else " percentage points"}.get(one.unit, one.unit)
    printed = _as_printed(one, two, ask.language)
    year = one.year is not None and one.value == one.year
    findings.append(Finding("computed", gap, one.unit, text=f"{gap:.10g}"))
    if year:
        unit = "年" if ask.language == "zh" else " years"
    word = fill("word_later" if year else "word_higher", {}, ask.language)
    return [
        line("compare_difference", value=printed or f"{gap:.10g}{unit}", label=name(high.label), word=word)
    ]


def _gap(ask: Ask, good: Sequence[Side], name: Callable[[str], str], findings: list[Finding]) -> list[Line]:
    """The difference of two amounts that sentences quote, where one is asked for."""
    pair = _alike(good) if "difference" in read_operations(ask.text) else None
    if (
        pair is None
        or pair[0].amount == pair[1].amount
        or pair[0].kind not in ("quantity", "money", "percent")
    ):
        return []
    gap = abs(pair[0].amount - pair[1].amount)
    if pair[0].kind == "percent":
        value = plain_number(gap) + ("个百分点" if ask.language == "zh" else " percentage points")
    else:
        value = amount_text(pair[0], gap, ask.language)
    findings.append(Finding("computed", float(gap), pair[0].unit, text=plain_number(gap)))
    high = good[0] if pair[0].amount > pair[1].amount else good[1]
    word = fill("word_higher", {}, ask.language)
    return [line("compare_difference", value=value, label=name(high.label), word=word)]


def _ratio(good: Sequence[Side], name: Callable[[str], str], findings: list[Finding]) -> list[Line]:
    """How many times the second value the first is, where both are amounts of one kind."""
    pair = _alike(good)
    if pair is None or not pair[1].amount:
        return []
    times = plain_number(round(pair[0].amount / pair[1].amount, 2))
    if not float(times):
        return []
    findings.append(Finding("computed", float(times), "倍", text=times))
    return [line("plan_ratio", label=name(good[0].label), other=name(good[1].label), value=times)]


def _alike(good: Sequence[Side]) -> tuple[Quantity, Quantity] | None:
    """The amounts of two sides that are of one kind: their values, or the only ones that they quote."""
    found: list[dict[tuple[str, str], list[Quantity]]] = []
    for side in good:
        if side.draft is None or side.draft.status != "answered":
            return None
        told = side.draft.findings
        values = [f for f in told if isinstance(f.value, (int, float))]
        text = values[0].text if len(values) == 1 else "".join(str(f.value) for f in told if not values)
        kinds: dict[tuple[str, str], list[Quantity]] = {}
        for quantity in find_quantities(text):
            kinds.setdefault((quantity.dimension, quantity.kind), []).append(quantity)
        found.append(kinds)
    one, two = found
    single = [(one[k][0], two[k][0]) for k in one if len(one[k]) == 1 and len(two.get(k, ())) == 1]
    if len(single) != 1 or any(q.upper_amount is not None for q in single[0]):
        return None
    # Hectares and mu, gigawatts and kilowatts: amounts are only set against each other in one unit.
    return single[0] if single[0][0].unit == single[0][1].unit else None


def _as_printed(one: Finding, two: Finding, language: str) -> str:
    """The difference in the scale that both values are printed in (5亿吨), "" where they share none."""
    found = [find_quantities(f.text) for f in (one, two)]
    if any(len(quantities) != 1 for quantities in found):
        return ""
    first, second = found[0][0], found[1][0]
    if first.unit != second.unit or first.kind not in ("quantity", "money"):
        return ""
    return amount_text(first, abs(first.amount - second.amount), language)


def _unlike(found: Sequence[Side]) -> bool:
    """True when one side is answered by an amount and another by none, or by one in another unit."""
    units = {
        next((f.unit for f in s.draft.findings if isinstance(f.value, (int, float))), None)
        for s in found
        if s.draft is not None and s.draft.status == "answered"
    }
    return len(units) > 1


def _is_range(ask: Ask) -> bool:
    """2017到2022年: one period named by its two ends."""
    return False if len(ask.spans) != 2 else any(w in ask.text for w in ("之间", "between", "期间"))


def period(ask: Ask, label: str) -> list[Finding]:
    """The years of a period that a label writes out and the question names otherwise (十四五)."""
    written = "–" in label and any(c.isdigit() for c in label) and label not in ask.text
    return [Finding("derived", label, text=label)] if written else []


def _span_label(ask: Ask, span: tuple[int, int]) -> str:
    first, last = span
    text = str(last) if first == last else f"{first}–{last}"
    return text + "年" if ask.language == "zh" else text


def _only_place(ask: Ask, place: str) -> Ask:
    others = {place_stem(bare(p)) for p in ask.places if p not in (place, _HOME)}
    away = [
        c
        for c in ask.concepts
        if c.kind == "place" and any(place_stem(bare(o)) in others for o, _ in c.options[:1])
    ]
    # 超过美国 is said of the United States only.
    concepts = tuple(
        c for c in ask.concepts if not any(c.start <= other.start and other.end <= c.end for other in away)
    )
    moved = {i: concepts.index(c) for i, c in enumerate(ask.concepts) if c in concepts}
    return replace(
        ask,
        places=(place,),
        concepts=concepts,
        asked=frozenset(moved[i] for i in ask.asked if i in moved),
        after=frozenset(moved[i] for i in ask.after if i in moved),
        heads=frozenset(moved[i] for i in ask.heads if i in moved),
    )
