"""Questions about the corpus itself: which documents it holds, who issued one, when, under what number."""

from __future__ import annotations

import re

from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import Composer, line
from policybot.answer.wording.draft import Draft, Finding, Line
from policybot.corpus.model import Corpus, Document
from policybot.facts.years import find_years
from policybot.text import sentence_spans, squash

_TELLING = 0.25  # weight from which a word is more than part of the question's wording


class MetaMaker:
    """Answers from the catalogue, cited where the document prints the same."""

    def __init__(self, corpus: Corpus, composer: Composer) -> None:
        self.corpus = corpus
        self.composer = composer

    def draft(self, ask: Ask) -> Draft | None:
        """The answer to a question on documents, None for any other question."""
        if ask.type == "meta":
            return self._documents(ask)
        documents = [self.corpus.documents[d] for d in ask.documents if d in self.corpus.documents]
        if not documents or ask.clauses or self._about_more(ask):
            return None
        lines: list[Line] = []
        findings: list[Finding] = []
        for document in documents[:3]:
            name = self.composer.document_name(document.id, ask.language)
            if "number_of" in ask.asks:
                lines.append(self._number(document, name))
                findings.append(Finding("quoted", document.number or None, text=document.number))
            elif "issuer" in ask.asks:
                lines.append(self._issuer(ask, document, name))
                findings.append(Finding("quoted", document.issuer_zh, text=document.issuer_en))
            elif "issued" in ask.asks:
                lines.append(self._date(document, name))
                findings.append(Finding("quoted", document.date, text=document.date))
        if not lines:
            return None
        return Draft(
            "meta",
            tuple(lines),
            0.97,
            findings=tuple(findings),
            steps=tuple(Step("document", {"document": d.id}, d.title_zh) for d in documents[:3]),
            features={"cover": 1.0, "own": 1.0, "clause": 1.0},
        )

    @staticmethod
    def _about_more(ask: Ask) -> bool:
        """True when the question names something beside documents and their publication (省级 …)."""
        spans = list(ask.named)
        spans += [(a, b) for name, a, b in ask.asks.spans if name in ("issuer", "issued", "number_of")]
        return any(
            c.kind != "document"
            and c.weight >= _TELLING
            and c.known
            and not any(c.start < high and low < c.end for low, high in spans)
            for c in ask.concepts
        )

    def _documents(self, ask: Ask) -> Draft:
        documents = list(self.corpus.documents.values())
        items = []
        for document in documents:
            name = self.composer.document_name(document.id, ask.language)
            date = f"（{document.date}）" if ask.language == "zh" else f" ({document.date})"
            items.append((name + (date if document.date else ""), ()))
        listing = any(
            w in ask.text
            for w in (
                "哪些",
                "文件",
                "文档",
                "几份",
                "几个",
                "多少",
                "document",
                "file",
                "source",
                "polic",
                "text",
            )
        )
        wording = "meta_documents" if listing else "meta_help"
        findings = [Finding("computed", float(len(documents)), text=str(len(documents)))]
        findings += [Finding("quoted", d.date, text=f"{d.title_zh} {d.date}") for d in documents]
        made = line(wording, (), items, count=str(len(documents)))
        return Draft(
            "meta",
            (made,),
            0.97,
            findings=tuple(findings),
            steps=(Step("documents", {}, f"{len(documents)} documents"),),
            features={"cover": 1.0, "own": 1.0, "clause": 1.0},
        )

    def _issuer(self, ask: Ask, document: Document, name: str) -> Line:
        zh = ask.language == "zh"
        issuer = document.issuer_zh if zh else document.issuer_en
        return line(
            "meta_issuer",
            self._printed(document, document.issuer_zh),
            document=name,
            issuer=issuer or ("未注明" if zh else "an issuer it does not name"),
            date=document.date,
        )

    def _date(self, document: Document, name: str) -> Line:
        return line("meta_date", self._dated(document), document=name, date=document.date)

    def _number(self, document: Document, name: str) -> Line:
        if not document.number:
            return line("meta_no_number", document=name)
        return line(
            "meta_number", self._printed(document, document.number), document=name, number=document.number
        )

    def _printed(self, document: Document, text: str) -> tuple[Evidence, ...]:
        """The first sentence of the document's front matter that prints a name or number."""
        wanted = [squash(part) for part in re.split(r"[、,，;；]|\s{1,}", text) if len(part) > 1]
        for clause in self.corpus.of(document.id):
            if clause.kind not in ("note", "paragraph", "section"):
                continue
            for start, end in sentence_spans(clause.text.text):
                piece = squash(clause.text.text[start:end])
                if wanted and (squash(text) in piece or all(w in piece for w in wanted)):
                    return (Evidence(clause.id, start, end),)
        return ()

    def _dated(self, document: Document) -> tuple[Evidence, ...]:
        parts = [int(p) for p in document.date.split("-") if p.isdigit()]
        if not parts:
            return ()
        for clause in self.corpus.of(document.id):
            if clause.kind not in ("note", "paragraph", "section", "part"):
                continue
            for mention in find_years(clause.text.text):
                found = [mention.first, mention.month, mention.day][: len(parts)]
                if mention.kind in ("date", "year") and found == parts:
                    spans = sentence_spans(clause.text.text)
                    span = next(
                        ((a, b) for a, b in spans if a <= mention.start < b), (mention.start, mention.end)
                    )
                    return (Evidence(clause.id, *span),)
        return ()
