"""What a named clause says: its text, and what stands under it."""

from __future__ import annotations

import re

from policybot.answer.evidence.excerpt import strip_label, tidy
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import Composer, end_sentence, line
from policybot.answer.wording.draft import Draft, Finding, Line
from policybot.answer.wording.labels import Labels
from policybot.corpus.model import Clause, Corpus

_LONGEST = 480  # characters of a clause's text shown in an answer
_CHILDREN = 40


class ClauseMaker:
    """Shows clauses that a question names."""

    def __init__(self, corpus: Corpus, composer: Composer, labels: Labels) -> None:
        self.corpus = corpus
        self.composer = composer
        self.labels = labels

    def draft(self, ask: Ask) -> Draft | None:
        """The text of the clauses named, at most three; None when none is named."""
        clauses = [self.corpus.clauses[i] for i in ask.clauses if i in self.corpus.clauses][:3]
        if not clauses:
            return None
        lines = [made for clause in clauses for made in self.lines(ask, clause)]
        return Draft(
            "clause_text",
            tuple(lines),
            0.95,
            findings=tuple(Finding("quoted", c.label, text=c.heading) for c in clauses),
            steps=tuple(Step("clause", {"clause": c.id}, c.heading) for c in clauses),
            features={"cover": 1.0, "own": 1.0, "clause": 1.0},
        )

    def lines(self, ask: Ask, clause: Clause) -> list[Line]:
        """A clause's label, heading and text, then what it holds."""
        name = self.composer.clause_name(clause, ask.language)
        text = clause.text.text
        skip = strip_label(text)
        heading = tidy(clause.heading)
        body = text[skip:]
        offset = skip
        if heading and tidy(body).startswith(heading):
            at = body.find(clause.heading) if clause.heading in body else 0
            offset = skip + at + (len(clause.heading) if clause.heading in body else 0)
            body = text[offset:]
            while body and body[0] in "。．.：: \n":
                body, offset = body[1:], offset + 1
        slots = {"clause": name, "heading": self.labels.name(heading, ask.language)}
        made: list[Line] = []
        if body.strip() and not re.fullmatch(
            r"\s*第[一二三四五六七八九十百]+\s*条\s*|\s*附件\s*\S{1,3}\s*", body
        ):
            shown = self._cut(body)
            evidence = Evidence(clause.id, offset, offset + len(shown))
            plain = tidy(shown)
            if len(shown) < len(body.rstrip()):
                plain = plain.rstrip("。；，") + "……"
            elif ask.language == "zh":
                plain = end_sentence(plain, "zh")
            quoted = plain if ask.language == "zh" else f"“{plain}”"
            made.append(line("clause_text", (evidence,), text=quoted, **slots))
        children = self._children(clause)
        if children:
            items = [(self.labels.short(text, ask.language), used) for text, used in children]
            made.append(line("clause_children", (), items, clause=name))
        if not made:
            evidence = Evidence(clause.id, 0, len(text))
            made.append(line("clause_text", (evidence,), text=tidy(text), clause=name, heading=""))
        return made

    def _children(self, clause: Clause) -> list[tuple[str, tuple[Evidence, ...]]]:
        found: list[tuple[str, tuple[Evidence, ...]]] = []
        for child in self.corpus.children(clause)[:_CHILDREN]:
            if child.kind in ("row", "table"):
                continue
            text = child.text.text
            if child.heading and child.heading in text:
                at = text.index(child.heading)
                found.append(
                    (
                        f"{_number(child)}{tidy(child.heading)}",
                        (Evidence(child.id, at, at + len(child.heading)),),
                    )
                )
            else:
                shown = self._cut(text, 120)
                found.append((tidy(shown).rstrip("；。"), (Evidence(child.id, 0, len(shown)),)))
        return found

    @staticmethod
    def _cut(text: str, longest: int = _LONGEST) -> str:
        if len(text) <= longest:
            return text
        stop = max(text.rfind(mark, 0, longest) for mark in "。；")
        return text[: stop + 1] if stop > longest // 3 else text[:longest]


def _number(clause: Clause) -> str:
    number = clause.number
    if not number:
        return ""
    if number.isdigit():
        return f"{number}. "
    return f"（{number}）" if clause.kind == "clause" else f"{number}、"
