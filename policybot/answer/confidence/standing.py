"""How drafts of different makers stand to each other: what a question's types and words add to a score."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from policybot.answer.datafiles import DATA
from policybot.answer.question.ask import Ask
from policybot.answer.wording.draft import Draft
from policybot.corpus.model import Corpus
from policybot.facts.years import find_years
from policybot.retrieve.datafile import bad_data

_MUST = 0.3  # lost by a draft whose evidence lacks a place or a year that the question names
_SEVERAL = 0.25  # gained by an answer that takes up each of the years or places a question names
_UNLIKE = 0.15  # … where one side is an amount and another is none, or in another unit
_PARTLY = 0.15  # lost by a sentence or value of one of the years that a question names
_TIMELINE = 0.2  # … by targets of one indicator
_DOCUMENT = 0.15  # lost by a draft from another document than the one named
_PLAIN = 0.05  # lost by a sentence shown whole when an amount is asked for
_UNLISTED = 0.1  # lost by a sentence without an enumeration when a list is asked for
_CLASSED = 0.1  # gained by items of the kind asked for, thrice where the question is not said to want a list
_NUMBERED = 0.1  # gained by a list of as many items as the question says, lost by a sentence
_KIND = 0.18  # lost by a sentence that shows no value of the kind asked for
_NAMED = 0.2  # gained by a draft from a clause that the question names, a quarter of it for a document


def standing(corpus: Corpus, ask: Ask, draft: Draft) -> float:
    """A draft's score with what the question's types add."""
    table = load_priors()
    shift = 0.0
    for place, kind in enumerate(ask.types[:3]):
        shift += table.get(kind, {}).get(draft.maker, 0.0) * (1.0 if place == 0 else 0.5)
    if draft.maker == "compare":
        shift += _UNLIKE if draft.features.get("unlike") else _SEVERAL
    elif draft.maker == "ledger" and len(ask.years) > 1 and len(draft.lines) > 1:
        shift += _TIMELINE
    if ask.amount and draft.maker == "statement":
        shift -= _PLAIN
    if ask.type == "list" and draft.maker in ("statement", "value"):
        shift -= _UNLISTED * draft.features.get("list_lacks", 0.0)
    if draft.features.get("classed"):
        shift += _CLASSED if ask.type == "list" else 3 * _CLASSED
    if ask.asks.n and "items" in ask.asks and ask.wants("list"):
        if draft.features.get("items") == ask.asks.n:
            shift += _NUMBERED
        elif draft.maker in ("statement", "definition", "value"):
            shift -= _NUMBERED
    shift -= _KIND * draft.features.get("kind_lacks", 0.0)
    shift -= _MUST * (draft.features.get("place_lacks", 0.0) + draft.features.get("year_lacks", 0.0))
    if draft.maker in ("statement", "value") and _tells_one_year(corpus, ask, draft):
        shift -= _PARTLY
    if ask.clauses and any(_under(e.clause, c) for e in draft.evidence for c in ask.clauses):
        shift += _NAMED
    elif ask.documents and any(corpus.clauses[e.clause].document in ask.documents for e in draft.evidence):
        shift += _NAMED / 4
    elif ask.documents and draft.maker in ("value", "statement", "enumeration", "cell"):
        shift -= _DOCUMENT
    return draft.score + shift


def _tells_one_year(corpus: Corpus, ask: Ask, draft: Draft) -> bool:
    """True for evidence that prints some of the years that a question names, and not the others."""
    years = {last for _, last in ask.spans}
    if len(years) < 2:
        return False
    text = "|".join(corpus.clauses[e.clause].text.text[e.start : e.end] for e in draft.evidence)
    printed = find_years(text)
    told = sum(any(y.first <= year <= y.last for y in printed) for year in years)
    return 0 < told < len(years)


def _under(clause: str, above: str) -> bool:
    return clause == above or clause.startswith(f"{above}/")


@cache
def load_priors(path: Path = DATA / "planner.toml") -> dict[str, dict[str, float]]:
    """Gains of makers by question type.

    Raises:
        CorpusError: the file is missing, not TOML, or holds anything but numbers.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise bad_data(path, str(error)) from error
    priors = data.get("prior")
    if set(data) != {"prior"} or not isinstance(priors, dict):
        raise bad_data(path, "it must hold [prior.TYPE] sections only")
    for kind, table in priors.items():
        for maker, value in table.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise bad_data(path, f"[prior.{kind}] {maker} must be a number")
    return {kind: {m: float(v) for m, v in table.items()} for kind, table in priors.items()}
