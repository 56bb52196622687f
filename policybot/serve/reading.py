"""Tools that read the documents: ask, search, documents, outline, clause, variants."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from pydantic import Field

from policybot.answer.tracing.log import traced
from policybot.answer.tracing.stages import stage
from policybot.cli.messages import say
from policybot.cli.output import line
from policybot.cli.reading import render_clause, render_documents, render_outline
from policybot.cli.render import (
    full_name,
    place,
    render_answer,
    render_passages,
    variant_line,
)
from policybot.serve.library import Library
from policybot.serve.reply import Citing, Language, Name, Names, Question, Reply, spoken
from policybot.tools import clause as clause_of
from policybot.tools import documents as documents_of
from policybot.tools import outline as outline_of
from policybot.tools import resolve_document
from policybot.tools import variants as variants_of
from policybot.tools.search import search as search_of

Only = Annotated[Names, Field(description="Only these documents, by any name. / 只查这些文献。")]
DocumentName = Annotated[Name, Field(description="Id, title or short name. / 文献编号、标题或简称。")]
ClauseName = Annotated[
    Name, Field(description='Any name, e.g. "行动方案 三（四）3", "Kyoto Article 3.7". / 条款的任意称呼。')
]


class Reading:
    """The tools over one library. Their docstrings are what clients show."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def ask(
        self,
        question: Annotated[Question, Field(description="The question, Chinese or English. / 问题。")],
        documents: Only = [],  # noqa: B006 - pydantic copies it for every call
        history: Annotated[
            list[Question],
            Field(max_length=20, description="Earlier questions, oldest first. / 先前的问题，由旧到新。"),
        ] = [],  # noqa: B006
        language: Language = "auto",
    ) -> Reply:
        """Answer a question from the documents with verbatim citations; what they do not say is refused.
        / 依据文献回答问题并逐字引注，文献没有的内容会拒答。"""
        with traced(self.library.log, "mcp") as work:
            with stage("open"):
                bot = self.library.bot
            earlier = [{"question": text} for text in history]
            answer = bot.ask(question, earlier, documents=documents, language=language)
            work.answer = answer
        data = answer.to_dict()
        del data["citations"]
        return Reply(render_answer(answer), data, answer.citations)

    def search(
        self,
        question: Annotated[Question, Field(description="What to look for. / 要查找的内容。")],
        k: Annotated[int, Field(ge=1, le=50, description="How many clauses. / 条数。")] = 5,
        documents: Only = [],  # noqa: B006
        language: Language = "auto",
    ) -> Reply:
        """Find the clauses nearest to a question, best first. / 检索最相关的条款。"""
        bot = self.library.bot
        corpus = bot.index.corpus
        only = [resolve_document(corpus, name).id for name in documents]
        hits = search_of(bot.planner.searcher, question, k=k, documents=only or None)
        citing = Citing(corpus)
        for hit in hits:
            citing.add(hit.clause)
        clauses = [corpus.clauses[hit.clause] for hit in hits]
        lines = render_passages(corpus, clauses, spoken(language, question))
        return Reply(lines, {"hits": [asdict(hit) for hit in hits]}, citing.found)

    def documents(self, language: Language = "auto") -> Reply:
        """List the documents with issuer, date, status and origin.
        / 列出文献及其发布机关、日期、效力与来源。"""
        entries = documents_of(self.library.corpus)
        return Reply(
            render_documents(entries, spoken(language)), {"documents": [asdict(entry) for entry in entries]}
        )

    def outline(
        self,
        document: DocumentName,
        depth: Annotated[
            int | None, Field(ge=1, le=20, description="Only so many levels. / 只显示若干层。")
        ] = None,
        language: Language = "auto",
    ) -> Reply:
        """List the parts and clauses of a document with their lines. / 列出文献的条款结构与行号。"""
        corpus = self.library.corpus
        found = resolve_document(corpus, document)
        entries = outline_of(corpus, found.id, depth)
        lines = render_outline(corpus, found, entries, spoken(language, document))
        return Reply(lines, {"document": found.id, "clauses": [asdict(entry) for entry in entries]})

    def clause(self, name: ClauseName, language: Language = "auto") -> Reply:
        """Read one clause in place, with references and other copies' readings.
        / 阅读一条原文及各版本差异。"""
        corpus = self.library.corpus
        view = clause_of(corpus, name)
        citing = Citing(corpus)
        citing.add(view.id)
        return Reply(render_clause(corpus, view, spoken(language, name)), asdict(view), citing.found)

    def variants(
        self,
        name: Annotated[Name, Field(description="A document or a clause, by any name. / 文献或条款。")],
        meaning_only: Annotated[
            bool, Field(description="Only differences of meaning. / 只列含义不同之处。")
        ] = True,
        language: Language = "auto",
    ) -> Reply:
        """Show where the copies of a document or clause differ. / 列出各版本之间的差异。"""
        corpus = self.library.corpus
        entries = variants_of(corpus, name, meaning_only=meaning_only)
        tongue = spoken(language, name)
        citing, lines = Citing(corpus), []
        for entry in entries:
            citing.add(entry.clause, entry.shown)
            clause = corpus.clauses[entry.clause]
            title = corpus.documents[entry.document].title_zh
            label = full_name(title, entry.label, entry.label_en, clause.heading, tongue)
            lines.append(line("".join(text for text, _ in label)))
            at = place(entry.file, entry.line_start, entry.line_end)
            lines.append(variant_line(entry.shown, entry.other, at, entry.meaning, tongue, indent=2))
        lines = lines or [line(say("no-variants", tongue))]
        return Reply(lines, {"variants": [asdict(entry) for entry in entries]}, citing.found)
