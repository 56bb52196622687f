"""Checks answers against the source files without using a line of policybot.

    policybot ask --batch questions.jsonl --json > answers.jsonl
    python tests/independent/verify_quotes.py answers.jsonl [--root DIR]

Reads the JSON answers, the source files and the catalogue's line ranges, and reports every citation
whose quote is not in the lines it names, whose clause is not where the label says, and every number in
an answer that stands in no quote, result or question. Exit code 0 when there is nothing to report.

It is written apart from the program on purpose, numerals and headings included: a check that shares
code with what it checks repeats its mistakes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ZH = "一二三四五六七八九十"


def squash(text: str) -> str:
    """Without white space."""
    return "".join(text.split())


@dataclass
class Sources:
    """The source files as lines, and which lines belong to which document."""

    root: Path
    ranges: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)
    _lines: dict[str, list[str] | None] = field(default_factory=dict)

    @staticmethod
    def read(root: Path) -> Sources:
        """Sources below `root` (the folder that holds `corpus/`)."""
        sources = Sources(root)
        catalog = tomllib.loads((root / "corpus" / "catalog.toml").read_text(encoding="utf-8"))
        for document in catalog["document"]:
            for witness in document["witness"]:
                spans = sources.ranges.setdefault((document["id"], witness["file"]), [])
                spans += [(first, last) for first, last in witness["lines"]]
        return sources

    def lines(self, name: str) -> list[str] | None:
        """Lines of a source ("corpus/sources/…"), None when there is no such file."""
        if name not in self._lines:
            path = self.root / name
            inside = path.resolve().is_relative_to((self.root / "corpus" / "sources").resolve())
            text = path.read_bytes().decode("utf-8") if inside and path.is_file() else None
            self._lines[name] = None if text is None else text.split("\n")
        return self._lines[name]


def check_answer(answer: dict[str, Any], sources: Sources) -> Iterator[str]:
    """What is wrong with one answer, one line each; nothing when all is well."""
    name = f"{answer.get('id')}"
    for citation in answer.get("citations") or []:
        for problem in check_citation(citation, sources):
            yield f"{name} [{citation.get('n')}] {problem}"
    if answer.get("status") == "error":
        yield f"{name} was not answered: {answer.get('answer')}"
    if answer.get("status") == "answered" and not answer.get("citations"):
        yield f"{name} is answered without a citation"
    for number in unaccounted(answer):
        yield f"{name} the answer says {number}, which stands in no quote, result or question"


def check_citation(citation: dict[str, Any], sources: Sources) -> Iterator[str]:
    """What is wrong with one citation."""
    source, first, last = citation["source"], citation["line_start"], citation["line_end"]
    lines = sources.lines(source)
    if lines is None:
        yield f"there is no source {source}"
        return
    if not 1 <= first <= last <= len(lines):
        yield f"{source} has no lines {first}-{last}"
        return
    quote = squash(citation["quote"])
    if not quote:
        yield "the quote is empty"
    elif quote not in squash("\n".join(lines[first - 1 : last])):
        yield f"lines {first}-{last} of {source} do not hold the quote {citation['quote'][:60]!r}"
    spans = sources.ranges.get((citation["document"], source), [])
    span = next(((a, b) for a, b in spans if a <= first and last <= b), None)
    if span is None:
        yield f"lines {first}-{last} of {source} are not part of {citation['document']}"
    else:
        yield from check_label(citation["clause"], lines, span[0], first, last)


# Labels ------------------------------------------------------------------------------------------

# One alternative for each way in which a place is numbered in print. 第2段, 第3项, 第4行 count what is not
# numbered, so nothing is printed to check; 表 alone names a table without a number.
COMPONENT = re.compile(
    rf"(?P<article>第[{ZH}]+条)|第(?P<digits>\d+)款|第\d+[段项行]|(?P<counted>[{ZH}]是)"
    rf"|(?P<container>附件\s?\d+|附件[A-Z]|附录|附表|图表\d+|表\d+)|(?P<bare>表)(?=\s|$)"
    rf"|（(?P<sub>[{ZH}]+)）|\((?P<letter>[a-z])\)|(?P<part>^[{ZH}]+|(?<=[\s\d])[{ZH}]+)(?=（|\s|$)"
    r"|(?P<item>(?<=）)\d+)|(?P<words>[^\s（）]+)"
)
# Names for front matter, given by the catalogue and printed nowhere.
UNPRINTED = {
    "标题",
    "导语",
    "印发通知",
    "附件目录",
    "封面",
    "封底",
    "附录页",
    "签署",
    "版权页",
    "目录",
    "启事",
}
# How a line begins that carries a number of each kind (white space and list marks aside).
HEADINGS = {
    "part": rf"\W*([{ZH}]+)、",
    "sub": rf"\W*[（(]?([{ZH}]+)[）)]",
    "article": rf"\W*(第[{ZH}]+条)",
    "digits": r"\W*(\d+)[.．、)]",
    "item": r"\W*(\d+)[.．、)]",
    "letter": r"\W*\(([a-z])\)",
    "counted": rf"([{ZH}]是)",
}


def check_label(label: str, lines: list[str], start: int, first: int, last: int) -> Iterator[str]:
    """Walks a label from its last component up: the nearest heading of each kind at or above the quote
    must bear that number, and words and table names must stand at or above the quote's last line."""
    parts = [(m.lastgroup or "", m[m.lastgroup or 0]) for m in COMPONENT.finditer(label)]
    above = [squash(line) for line in lines[start - 1 : last]]
    joined = "".join(above)
    bound = first - start + 1  # lines of `above` that may hold the next heading
    for kind, value in reversed(parts):
        if kind in HEADINGS:
            pattern = re.compile(HEADINGS[kind])
            found = next((i for i in range(bound - 1, -1, -1) if pattern.match(above[i])), None)
            printed = pattern.match(above[found]) if found is not None else None
            if found is None or printed is None:
                yield f"{label}: no heading with {value} stands above line {first}"
                return
            if printed[1] != value:
                yield f"{label}: the heading above line {first} is {printed[1]}, not {value}"
                return
            bound = found + 1
        elif kind in ("container", "words") and value not in UNPRINTED and squash(value) not in joined:
            yield f"{label}: {value} does not stand at or above line {last}"
            return


# Numbers -----------------------------------------------------------------------------------------

SCALES = {
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "亿": 1e8,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
}
NUMBER = re.compile(
    r"(?<![\dA-Za-z.])(\d+(?:\.\d+)?)((?:[\s多余]?(?:hundred|thousand|million|billion|百|千(?!瓦)|万|亿))*)",
    re.IGNORECASE,
)
STEPS = {"十": 10, "百": 100, "千": 1000}


def chinese(run: str) -> float | None:
    """Value of a Chinese numeral, None for what is none (十四五)."""
    if not re.search(f"[{ZH}]", run):
        return None
    if len(run) == 4 and not re.search("[十百千万亿]", run):
        return float("".join(str("〇一二三四五六七八九".index("〇" if c == "零" else c)) for c in run))
    total = section = digit = 0.0
    pending = False
    for char in run:
        if char in "一二三四五六七八九两〇零":
            if pending and char not in "〇零":
                return None
            digit = 2.0 if char == "两" else float("零一二三四五六七八九".find(char.replace("〇", "零")))
            pending = digit > 0
        elif char in STEPS:
            section += (digit if pending else 1.0) * STEPS[char]
            digit, pending = 0.0, False
        else:
            total = (total + section + digit) * 1e8 if char == "亿" else total + (section + digit) * 1e4
            section = digit = 0.0
            pending = False
    return total + section + digit


def numbers(text: str, *, written_out: bool) -> Iterator[tuple[str, set[float]]]:
    """Each number in `text` as printed, with the values it may stand for (12亿: 12 and 1.2e9).

    Digits in a name (CO2, PM2.5, m3) are no numbers. `written_out` adds Chinese numerals, for texts that may carry a number, not for the answer itself.
    """
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    for match in NUMBER.finditer(text):
        value = scaled = float(match[1])
        for scale in re.findall("|".join(SCALES), match[2].lower()):
            scaled *= SCALES[scale]
        yield match[0].strip(), {value, scaled}
    if written_out:
        for match in re.finditer(r"(?:[〇零一二三四五六七八九两十百万亿]|千(?!瓦))+", text):
            value_or_none = chinese(match[0])
            if value_or_none is not None:
                yield match[0], {value_or_none}
        for match in re.finditer(r"十([一二三四五])五", text):  # the 11th to 15th five-year plans
            yield match[0], {10.0 + "一二三四五".index(match[1]) + 1}


def unaccounted(answer: dict[str, Any]) -> list[str]:
    """Numbers of the answer that stand in no quote, place, result, question or earlier turn."""
    carriers = [str(answer.get("question", ""))]
    for turn in answer.get("history") or []:
        carriers += [str(v) for v in turn.values()] if isinstance(turn, dict) else [str(turn)]
    for citation in answer.get("citations") or []:
        carriers += [
            str(citation.get(name, ""))
            for name in (
                "quote",
                "title",
                "clause",
                "label_en",
                "heading",
                "source",
                "line_start",
                "line_end",
            )
        ]
        carriers += [str(v) for variant in citation.get("variants") or [] for v in variant.values()]
    for result in answer.get("results") or []:
        carriers += [str(v) for v in result.values() if v is not None]
    known = {v for text in carriers for _, values in numbers(text, written_out=True) for v in values}
    said = re.sub(r"\[\d+\]", " ", str(answer.get("answer", "")))
    if answer.get("status") in ("not_found", "clarify", "error"):
        return []
    return [
        printed
        for printed, values in numbers(said, written_out=False)
        if not any(abs(v - k) <= 1e-9 * max(1.0, abs(v)) for v in values for k in known)
    ]


def check_all(answers: Iterable[dict[str, Any]], sources: Sources) -> tuple[int, int, list[str]]:
    """(answers, citations, problems) of a run."""
    problems: list[str] = []
    count = citations = 0
    for answer in answers:
        count += 1
        citations += len(answer.get("citations") or [])
        problems += check_answer(answer, sources)
    return count, citations, problems


def main(arguments: list[str] | None = None) -> int:
    """Command line; prints the problems and a summary."""
    parser = argparse.ArgumentParser(description="Check the quotes, places and numbers of answers.")
    parser.add_argument("answers", type=Path, help="JSON lines printed by `policybot ask --batch … --json`")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    options = parser.parse_args(arguments)
    lines = options.answers.read_text(encoding="utf-8").split("\n")
    answers = [json.loads(line) for line in lines if line.strip()]
    count, citations, problems = check_all(answers, Sources.read(options.root))
    for problem in problems:
        print(problem)
    print(f"{count} answers, {citations} citations, {len(problems)} problems")
    return 1 if problems or not count else 0


if __name__ == "__main__":
    sys.exit(main())
