"""The toolbox as LangChain tools: the text is for the model, the evidence travels in the artifact.

`policy_tools(searcher)` gives tools for any LangChain agent. Each returns a short text and, as artifact,
the records with clause ids, sources and lines from which citations are made; a bad argument gives a
sentence that says what to do, so that the agent can go on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from policybot.errors import PolicybotError
from policybot.retrieve.search import Searcher
from policybot.tools.city import city_profile
from policybot.tools.clauses import clause as clause_of
from policybot.tools.documents import outline as outline_of
from policybot.tools.scores import explain_score, rank, scored, what_if_top
from policybot.tools.search import search as search_of
from policybot.tools.targets import targets as targets_of
from policybot.tools.variants import variants as variants_of

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

Made = tuple[str, list[dict[str, Any]]]
_SHOWN = 8


def policy_tools(searcher: Searcher, documents: Collection[str] = ()) -> list[BaseTool]:
    """LangChain tools over one index: search, clauses, variants, targets, tables, cities, scores, Kyoto.

    `documents` are ids of the only documents to search in; the other tools take names and are not bound.
    """
    from langchain.tools import tool

    functions = _functions(searcher, documents)
    return [tool(response_format="content_and_artifact")(_guarded(f)) for f in functions]


def _guarded(function: Callable[..., Made]) -> Callable[..., Made]:
    """The function with its errors turned into sentences; name, signature and docstring stay."""
    import functools

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Made:
        try:
            return function(*args, **kwargs)
        except PolicybotError as error:
            return error.sentence("en"), []

    return guarded


def _functions(searcher: Searcher, documents: Collection[str]) -> list[Callable[..., Made]]:
    corpus = searcher.index.corpus

    def place(clause_id: str) -> dict[str, Any]:
        found = corpus.clauses[clause_id]
        return {
            "clause": found.id,
            "label": found.label,
            "source": found.text.file,
            "line_start": found.line_start,
            "line_end": found.line_end,
        }

    def search(question: str, k: int = 5) -> Made:
        """Find the clauses of the policy documents that fit a question in Chinese or English."""
        hits = search_of(searcher, question, k=max(1, min(k, 20)), documents=documents or None)
        text = "\n\n".join(f"[{h.document} {h.label}] {h.text}" for h in hits) or "Nothing found."
        return text, [asdict(h) for h in hits]

    def clause(name: str) -> Made:
        """Read one clause by any name, such as "行动方案 三（四）3" or "Kyoto Article 3.7"."""
        view = clause_of(corpus, name)
        return view.text, [asdict(view)]

    def outline(document: str) -> Made:
        """List the parts and clauses of a document."""
        entries = outline_of(corpus, document, 3)
        return "\n".join(f"{e.label} {e.heading}" for e in entries), [asdict(e) for e in entries]

    def variants(name: str) -> Made:
        """Show where the copies of a document or clause differ in meaning."""
        found = variants_of(corpus, name, meaning_only=True)
        lines = [f"{e.label}: {e.shown or '–'} / {e.other or '–'} ({e.witness})" for e in found]
        return "\n".join(lines) or "The copies do not differ in meaning.", [asdict(e) for e in found]

    def targets(topic: str = "", year: int | None = None, document: str = "") -> Made:
        """List quantitative policy targets by topic, year and document."""
        found = targets_of(corpus, topic=topic, year=year, document=document)
        lines = [f"{t.year or '–'} {t.indicator}: {t.text} [{t.document} {t.label}]" for t in found]
        evidence = [place(t.clause) | {"quote": t.quote.text, "year": t.year, "text": t.text} for t in found]
        return "\n".join(lines) or "The corpus states no such target.", evidence

    def table(name: str, where: str = "", sort: str = "", top: int | None = None) -> Made:
        """Read a published table: filter ("名额=3"), sort by a column ("-" first for descending), cut."""
        from policybot.facts.frames import column_of, find_table, parse_condition, query

        found = find_table(corpus, name)
        result = query(
            found,
            where=[parse_condition(where, found)] if where else (),
            sort=column_of(found, sort.removeprefix("-")) if sort else "",
            descending=sort.startswith("-"),
            top=top,
        )
        lines = [" | ".join(result.columns), *(" | ".join(c.text for c in r.cells) for r in result.rows)]
        return "\n".join(lines), [place(r.row) | {"cells": [c.text for c in r.cells]} for r in result.rows]

    def city(name: str) -> Made:
        """Say what the corpus publishes about a city: class, lists, values, peak year, practices."""
        profile = city_profile(corpus, name)
        lines = [
            f"{profile.place.zh}: {'assessed by' if profile.covered else 'not in'} the dual-carbon index"
        ]
        evidence: list[dict[str, Any]] = []
        if profile.exclusion is not None:
            lines.append(profile.exclusion.quote.text)
            evidence.append(place(profile.exclusion.clause) | {"quote": profile.exclusion.quote.text})
        if profile.city_class is not None:
            lines.append(f"{profile.city_class.name}: {profile.city_class.meaning}")
            evidence.append(place(profile.city_class.row))
        for found in profile.lists:
            at = found.place_of(profile.place.zh)
            lines.append(f"{found.predicate}: {f'place {at}' if at else 'named, no order claimed'}")
            evidence.append(place(found.clause) | {"quote": found.quote.text})
        for value in profile.values:
            lines.append(f"{value.table} {value.column}: {value.cell.text}")
            evidence.append(place(value.row) | {"value": value.cell.text})
        for mention in profile.practices[:_SHOWN]:
            lines.append(mention.quote.text)
            evidence.append(place(mention.clause) | {"quote": mention.quote.text})
        return "\n".join(lines), evidence

    def score_ranking(domain: str = "2") -> Made:
        """Rank cities by the computed score of an index domain (never the published ranking)."""
        values = scored(corpus, domain=domain)
        ranking = rank(values)
        lines = [f"Computed, not published; {values.covered} of {values.indicators} indicators have data."]
        lines += [f"{e.best}. {e.unit} {e.score:.2f}" for e in ranking.entries if e.complete]
        return "\n".join(lines), [
            {
                "kind": "computed",
                "unit": e.unit,
                "low": e.low,
                "high": e.high,
                "best": e.best,
                "worst": e.worst,
            }
            for e in ranking.entries
        ]

    def score_explanation(city: str, domain: str = "2") -> Made:
        """Take a city's computed score apart into contributions that add up."""
        found = explain_score(scored(corpus, domain=domain), city)
        lines = [f"{found.unit}: {found.score:.2f} (computed), mean {found.mean:.2f}"]
        lines += [f"{p.indicator.zh}: {p.value:g} → {p.contribution:.2f} points" for p in found.parts]
        return "\n".join(lines), [
            {
                "kind": "computed",
                "indicator": p.indicator.id,
                "value": p.value,
                "contribution": p.contribution,
            }
            for p in found.parts
        ]

    def score_what_if(city: str, top: int = 5, domain: str = "2") -> Made:
        """Compute what each indicator alone would have to be for a city to reach the top places."""
        found = what_if_top(scored(corpus, domain=domain), city, top)
        lines = [
            f"{found.unit} is number {found.rank}; number {top} is {found.holder} ({found.threshold:.2f})"
        ]
        lines += [
            f"{c.indicator.zh}: more than {c.needed:.3f} (now {c.current:g})" if c.needed is not None
            else f"{c.indicator.zh}: {c.reason}"
            for c in found.changes
        ]  # fmt: skip
        return "\n".join(lines), [
            {"kind": "computed", "indicator": c.indicator.id, "needed": c.needed} for c in found.changes
        ]

    def assigned_amount(party: str, base_emissions: str) -> Made:
        """Compute a party's assigned amount under the Kyoto Protocol from base-year emissions (a number)."""
        from policybot.facts.places import Places
        from policybot.scoring.kyoto import RULE, annex_b
        from policybot.scoring.kyoto import assigned_amount as compute

        known = annex_b(corpus)
        names = [n for m in Places.load().find(party) for n in m.place.names_zh] or [party]
        try:
            base = Decimal(base_emissions.replace(",", ""))
        except InvalidOperation:
            return f"{base_emissions!r} is not a number.", []
        found = compute(corpus, next((n for n in names if n in known), names[0]), base)
        return f"Computed: {found.calculation}", [place(RULE), place(found.commitment.clause)]

    return [
        search,
        clause,
        outline,
        variants,
        targets,
        table,
        city,
        score_ranking,
        score_explanation,
        score_what_if,
        assigned_amount,
    ]
