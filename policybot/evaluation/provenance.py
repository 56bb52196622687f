"""Where the numbers of an answer come from: a quote, a result entry or the question.

Written apart from `policybot.answer.checks.numbers`, which enforces the same rule while answering: a grader
that shares the parser of what it grades cannot see the parser's errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policybot.evaluation.matching import SCALE, SCALES, as_digits
from policybot.patterns import lazy_pattern

# Digits in a name (CO2, PM2.5, m3) are no numbers.
_NUMBER = lazy_pattern(rf"(?<![a-z\d.])(\d+(?:\.\d+)?)((?:\s?(?:{SCALE}))*)")
_CITED = ("quote", "title", "clause", "label_en", "heading", "source", "line_start", "line_end")
_MARK = lazy_pattern(r"\[\d+\]")
# Words that hold a numeral and state no number.
_WORDS = lazy_pattern(r"five-year|两者", re.IGNORECASE)
_PLAN = lazy_pattern(r"十([一二三四五六])五")
_FIRST_PLAN_YEAR = 2001  # of the tenth plan; the eleventh ("十一五") begins in 2006


def numbers(text: str) -> Iterator[tuple[str, frozenset[float]]]:
    """Each number in `text` as digits with the values it may stand for (12亿: 12 and 1.2e9)."""
    for match in _NUMBER.finditer(as_digits(_WORDS.sub(" ", text))):
        value = scaled = float(match[1])
        for scale in re.findall(SCALE, match[2]):
            scaled *= SCALES[scale]
        yield match[0].strip(), frozenset({value, scaled})


def unaccounted(answer: Mapping[str, Any], question: Mapping[str, Any]) -> tuple[int, list[str]]:
    """(numbers in the answer's text, those that stand in no quote, place, result, question or earlier turn).

    Args:
        answer: the object of `ask --json`.
        question: the line of the question set.
    """
    carriers = [str(question.get("question", ""))]
    carriers += [str(v) for turn in question.get("history") or [] for v in turn.values()]
    for citation in answer.get("citations") or []:
        carriers += [str(citation.get(name, "")) for name in _CITED]
        carriers += [str(v) for variant in citation.get("variants") or [] for v in variant.values()]
    for result in answer.get("results") or []:
        carriers += [str(v) for v in result.values() if v is not None]
    known = {value for text in carriers for _, values in numbers(text) for value in values}
    known |= {float(year) for text in carriers for year in _plans(text)}
    said = list(numbers(_MARK.sub(" ", str(answer.get("answer", "")))))
    return len(said), [printed for printed, values in said if not any(_near(v, known) for v in values)]


def _plans(text: str) -> Iterator[int]:
    """Numbers and years of the five-year plans that a text names: 十四五 is the fourteenth, 2021 to 2025."""
    for match in _PLAN.finditer(text):
        number = 1 + "一二三四五六".index(match[1])
        first = _FIRST_PLAN_YEAR + 5 * number
        yield from (10 + number, *range(first, first + 5))


def _near(value: float, known: set[float]) -> bool:
    return value in known or any(abs(value - k) <= 1e-9 * max(1.0, abs(value)) for k in known)
