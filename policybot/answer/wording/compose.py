"""Wording: a draft becomes the text of an answer with numbered citations, in Chinese or English."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from policybot.answer.datafiles import DATA
from policybot.answer.model import Citation, ResultEntry
from policybot.answer.tracing.stages import timed
from policybot.answer.wording.cite import Evidence, make_citation, meaning_variants
from policybot.answer.wording.draft import Draft, Line
from policybot.corpus.model import Clause, Corpus
from policybot.patterns import lazy_pattern
from policybot.retrieve.datafile import bad_data

MOST_WARNINGS = 4
_ENDS = "。！？.!?”）)]："
_BLANKS = lazy_pattern(r"\s+")


class Composer:
    """Words drafts over one corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    @timed("compose")
    def compose(
        self, draft: Draft, language: str
    ) -> tuple[str, list[Citation], list[ResultEntry], list[str]]:
        """Text, citations, results and warnings of an answer.

        Citations are numbered in order of use; one quote has one number. Marks stand at the place
        `{marks}` of a wording, or at its end.
        """
        citations: list[Citation] = []
        numbers: dict[Evidence, int] = {}
        sentences = []
        for line in draft.lines:
            slots = dict(line.slots)
            if line.items:
                joiner = wordings()[language]["joiner"]
                slots["items"] = joiner.join(
                    text + self._marks(used, citations, numbers) for text, used in line.items
                )
            slots["marks"] = self._marks(line.evidence, citations, numbers)
            sentences.append(fill(line.wording, slots, language))
        results = [
            ResultEntry(
                kind=f.kind,
                value=f.value,
                unit=f.unit,
                year=f.year,
                qualifier=f.qualifier,
                text=f.text,
                citation=numbers.get(f.evidence) if f.evidence is not None else None,
                operation=f.operation,
                inputs=f.inputs,
            )
            for f in draft.findings
        ]
        warnings = [fill(notice.wording, notice.slots, language) for notice in draft.notices]
        warnings += self.variant_warnings(draft.evidence, language)
        return "\n".join(s for s in sentences if s), citations, results, list(dict.fromkeys(warnings))

    def variant_warnings(self, used: Iterable[Evidence], language: str) -> list[str]:
        """One sentence for each pair of readings that changes the meaning of a cited clause."""
        grouped: dict[tuple[str, str, str], list[str]] = {}
        order: dict[tuple[str, str, str], Clause] = {}
        for clause, variant in meaning_variants(self.corpus, used):
            key = (clause.id, variant.shown, variant.other)
            order[key] = clause
            grouped.setdefault(key, []).append(self._witness(variant.witness, language))
        lines = []
        for pair, witnesses in list(grouped.items())[:MOST_WARNINGS]:
            _, shown, other = pair
            clause = order[pair]
            wording = "variant_lacks" if not other else "variant_adds" if not shown else "variant"
            slots = {
                "copy": ("、" if language == "zh" else " and ").join(dict.fromkeys(witnesses)),
                "clause": self.clause_name(clause, language),
                "shown": _BLANKS.sub("", shown) or shown,
                "other": _BLANKS.sub("", other) or other,
            }
            lines.append(fill(wording, slots, language))
        return lines

    def clause_name(self, clause: Clause, language: str) -> str:
        """《行动方案》三（四）3 / Action Plan III(4)3."""
        return clause_name(self.corpus, clause, language)

    def document_name(self, document_id: str, language: str) -> str:
        """《2030年前碳达峰行动方案》 / Action Plan …"""
        document = self.corpus.documents[document_id]
        if language == "zh":
            return document.title_zh if document.title_zh.startswith("《") else f"《{document.title_zh}》"
        return document.title_en

    def short_name(self, document_id: str, language: str) -> str:
        """《行动方案》 / the Action Plan."""
        document = self.corpus.documents[document_id]
        return document.short_zh if language == "zh" else document.short_en

    def _witness(self, witness_id: str, language: str) -> str:
        for document in self.corpus.documents.values():
            for witness in document.witnesses:
                if witness.id == witness_id:
                    return witness.file.rsplit("/", 1)[-1]
        return witness_id

    def _marks(
        self, used: Iterable[Evidence], citations: list[Citation], numbers: dict[Evidence, int]
    ) -> str:
        return "".join(f"[{n}]" for n in dict.fromkeys(self.number(e, citations, numbers) for e in used))

    def number(self, evidence: Evidence, citations: list[Citation], numbers: dict[Evidence, int]) -> int:
        """The number of the citation of a stretch; a new one is put into `citations` when there is none."""
        if evidence in numbers:
            return numbers[evidence]
        made = make_citation(self.corpus, evidence, len(citations) + 1)
        for citation in citations:
            same = citation.clause_id == made.clause_id and citation.source == made.source
            if same and made.quote in citation.quote and citation.line_start <= made.line_start:
                numbers[evidence] = citation.n
                return citation.n
        citations.append(made)
        numbers[evidence] = made.n
        return made.n


def slips(changes: Iterable[tuple[str, str]], language: str) -> list[str]:
    """What is said of words, given as written and as read, that were taken for misspelt ones."""
    return [fill("respelled", {"written": written, "read": read}, language) for written, read in changes]


def fill(wording: str, slots: Mapping[str, str], language: str) -> str:
    """A wording with its slots filled; the citation marks go before the final stop.

    Parts in [[double brackets]] are left out when one of their slots is empty.
    """
    template = wordings()[language][wording]

    def optional(match: re.Match[str]) -> str:
        inside = match[1]
        names = [name for _, name, _, _ in string.Formatter().parse(inside) if name]
        return inside if all(slots.get(name) for name in names) else ""

    template = re.sub(r"\[\[(.*?)\]\]", optional, template)
    if "{marks}" not in template and slots.get("marks"):
        space = "" if language == "zh" else " "
        template = (
            f"{template[:-1]}{space}{{marks}}{template[-1]}"
            if template[-1:] in "。.！!"
            else f"{template}{space}{{marks}}"
        )
    return template.format_map(_Slots(slots)).strip()


def end_sentence(text: str, language: str) -> str:
    """`text` with a full stop unless it ends a sentence already."""
    stripped = text.rstrip("，；、,;: ")
    if not stripped or stripped[-1] in _ENDS:
        return stripped
    return stripped + ("。" if language == "zh" else ".")


class _Slots(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


@cache
def wordings(path: Path = DATA / "wording.toml") -> dict[str, dict[str, str]]:
    """The wordings by language; both languages must have the same keys and slots.

    Raises:
        CorpusError: the file is missing, not TOML, or its languages do not match.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise bad_data(path, str(error)) from error
    if set(data) != {"zh", "en"}:
        raise bad_data(path, "sections must be [zh] and [en]")
    for key in set(data["zh"]) ^ set(data["en"]):
        raise bad_data(path, f"{key!r} stands in one language only")
    for language, entries in data.items():
        for key, text in entries.items():
            if not isinstance(text, str) or not text:
                raise bad_data(path, f"{language}.{key} must be text")
    return data


def line(
    wording: str,
    evidence: Iterable[Evidence] = (),
    items: Iterable[tuple[str, Iterable[Evidence]]] = (),
    /,
    **slots: str,
) -> Line:
    """A line of a draft."""
    return Line(wording, slots, tuple(evidence), tuple((text, tuple(used)) for text, used in items))


def clause_name(corpus: Corpus, clause: Clause, language: str) -> str:
    """A clause with its document, as it is named in a sentence."""
    document = corpus.documents[clause.document]
    if language == "zh":
        name = document.short_zh or document.title_zh
        return f"{name if name.startswith('《') else f'《{name}》'}{clause.label}"
    return f"{document.short_en or document.title_en} {clause.label_en}".strip()
