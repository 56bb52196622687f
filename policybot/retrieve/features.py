"""What the ranking knows about a clause, beside how well its words and its vector fit the question.

Features of a clause (weights in ``data/weights.toml``, section ``clause``):

- words, vectors: BM25 and cosine of the clause's best passage, each divided by the best of the search;
- meant: how near in meaning the question is to the clause's gist, likely questions or text (cosine of the
  sentence encoder above FLOOR, 0–1);
- coverage: concepts of the question met anywhere in the clause or its headings, weighed by rarity;
- noted: concepts met in the clause's annotation (gist and likely questions in both languages); in a document
  without annotations the coverage once more, lest those of others stand before it for having some;
- sentence: score of its best sentence, see `policybot.retrieve.sentences`;
- run: longest stretch of the question that stands in the clause in one piece;
- place: the places named stand in the clause or above it (-1 when none does);
- document: 1 in a document that the question names, 0.3 where an everyday word may name it, -1 in another
  one that does not speak of it, else 0;
- clause: 1 for a clause that the question names, or one under it;
- authority: the document's rank, 0 for acts, more for summaries, reports and articles;
- column: a table row has a column for the kind of value asked for (年份 for 哪年);
- row, table, bare_heading, note: 1 for table rows, whole tables, headings without text of their own,
  and notes.
"""

from __future__ import annotations

from typing import NamedTuple

from policybot.retrieve.evidence import ClauseView, met
from policybot.retrieve.scope import Scope, meeting
from policybot.retrieve.sentences import longest_run, named, sentence_features
from policybot.retrieve.weights import Weights, weighed
from policybot.text import squash

FLOOR = 0.2  # cosine that two texts about nothing in common may have


class Content(NamedTuple):
    """What a clause holds of a question, whatever documents the question names; `best` is the score of
    its best sentence, `chosen`."""

    coverage: float
    noted: float
    run: float
    place: float
    best: float
    chosen: str


def content_of(scope: Scope, view: ClauseView, weights: Weights) -> Content:
    """Compare a clause with a question."""
    found = meeting(scope, view)
    noted = 0.0 if view.annotated else found.wide
    if view.notes:
        noted = sum(w * met(options, view.notes, view.tight_notes) for options, w in scope.concepts)
    best, chosen = 0.0, ""
    run = longest_run(scope.runs, view.tight_body)
    for sentence in view.sentences:
        score = weighed(sentence_features(scope, view, sentence, found, run), weights.sentence)
        if score > best or not chosen:
            best, chosen = score, sentence.tight
    return Content(
        found.wide / scope.total,
        noted / scope.total,
        run,
        # A whole table lists the place; what is said of it stands in its row.
        named(scope, view.tight_body, view.tight_head) * (0.5 if view.clause.kind == "table" else 1.0),
        best,
        chosen,
    )


def features_of(
    scope: Scope, view: ClauseView, content: Content, words: float, vectors: float, meant: float
) -> dict[str, float]:
    """The features of one clause; `words` and `vectors` are its signals, 0–1, `meant` a cosine."""
    analysis, clause = scope.analysis, view.clause
    under = set(clause.path) | {clause.id}
    return {
        "words": words,
        "vectors": vectors,
        "meant": max(0.0, meant - FLOOR) / (1 - FLOOR),
        "coverage": content.coverage,
        "noted": content.noted,
        "sentence": content.best,
        "run": content.run,
        "place": content.place,
        "document": _document(scope, view),
        "clause": float(bool(under.intersection(analysis.clauses))),
        "authority": float(view.authority),
        "row": float(clause.kind == "row"),
        "column": scope.in_column(view.tight_body) if clause.kind == "row" else 0.0,
        "table": float(clause.kind == "table"),
        "bare_heading": float(view.bare),
        "note": float(clause.kind == "note"),
    }


def _document(scope: Scope, view: ClauseView) -> float:
    analysis, document = scope.analysis, view.clause.document
    if document in analysis.documents:
        return 1.0
    if document in analysis.hinted:
        return 0.3
    if not analysis.documents:
        return 0.0
    spoken = (squash(analysis.text[m.start : m.end]) for m in analysis.mentions if m.sure and not m.clause)
    return (
        0.0
        if any(name.strip("《》") in view.tight_body or name in view.tight_head for name in spoken)
        else -1.0
    )
