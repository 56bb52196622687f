"""A year that a question takes for granted and that the sentence about all the rest of it puts differently.

"Why must airport vehicles be electric by 2025?" presupposes 2025; the one sentence that answers everything
else says 2030. A question for an amount in a year is another matter: the amount of another year is no answer.
"""

from __future__ import annotations

from dataclasses import replace

from policybot.answer.question.ask import Ask
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft
from policybot.corpus.model import Corpus
from policybot.facts.years import YearMention, find_years, is_base
from policybot.patterns import lazy_pattern

_TITLE = lazy_pattern(r"《[^》]*》")
_DEADLINE = lazy_pattern(r"[到至][ \u3000]*$|\b(?:by|before|until|till)[ ](?:the end of )?$")
_AMOUNTS = ("value", "count", "rank")


def misdated(ask: Ask, draft: Draft, corpus: Corpus) -> Draft | None:
    """A sentence that lacks the year of a question, with the year it gives instead; None where the question
    asks for an amount, or the sentence gives no other year, or several."""
    told = draft.features
    if draft.maker != "statement" or not told.get("year_lacks") or told.get("place_lacks"):
        return None
    if ask.amount or ask.type in _AMOUNTS or len(ask.spans) != 1:
        return None
    first, last = ask.spans[0]
    if first != last or not draft.lines[0].slots.get("sentence"):
        return None
    evidence = draft.evidence[0]
    text = corpus.clauses[evidence.clause].text.text[evidence.start : evidence.end]
    said = _year(text)
    if said is None or said.first == first:
        return None
    if bool(_DEADLINE.search(text[: said.start])) != bool(_DEADLINE.search(ask.text[: _at(ask, first)])):
        return None  # what was done in a year says nothing of what is to be reached by another one
    unit = "年" if ask.language == "zh" else ""
    made = line(
        "premise_wrong",
        draft.lines[0].evidence,
        value=f"{said.first}{unit}",
        claimed=f"{first}{unit}",
        sentence=draft.lines[0].slots["sentence"],
    )
    features = {**told, "year_lacks": 0.0}
    return replace(draft, lines=(made, *draft.lines[1:]), features=features)


def _at(ask: Ask, year: int) -> int:
    """Where a question names a year, its end where it does not write it out."""
    at = ask.text.find(str(year))
    return at if at >= 0 else len(ask.text)


def _year(text: str) -> YearMention | None:
    """The one year that a quotation gives, those aside that a change is measured from or titles name."""
    titles = [match.span() for match in _TITLE.finditer(text)]
    found = [
        y for y in find_years(text) if not is_base(text, y) and not any(a <= y.start < b for a, b in titles)
    ]
    years = {(y.first, y.last) for y in found}
    return found[0] if len(years) == 1 and found[0].first == found[0].last else None
