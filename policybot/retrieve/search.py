"""Question → ranked clauses: words and vectors, passages folded to clauses, reranked, copies grouped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from policybot.index.passages import NOTE
from policybot.retrieve.analysis import Knowledge, QuestionAnalysis, analyse, as_read
from policybot.retrieve.copies import Found, group
from policybot.retrieve.evidence import ClauseView
from policybot.retrieve.features import Content, content_of, features_of
from policybot.retrieve.lexical import Lexical
from policybot.retrieve.meanings import Meanings
from policybot.retrieve.nearness import Nearness
from policybot.retrieve.scope import Scope, make_scope
from policybot.retrieve.sentences import SentenceHit, rank_sentences
from policybot.retrieve.unlisted import asking_words, with_pieces
from policybot.retrieve.weights import Weights, load_weights, weighed

if TYPE_CHECKING:
    from policybot.index.open import Index

Vector = NDArray[np.float32]
NEAREST = 200  # passages asked of a vector store when the vectors are not searched here
ENGLISH = ("the", "and")  # tokens by which a passage is known to be in English
CACHED = 20_000  # clauses kept in the form the ranking needs
# The encoder knows no numbers and hardly any names: meaning counts less where a clause is named, or a year
# or a place.
POINTED, DATED = 0.4, 0.5
COMPARED = 16  # questions whose cosines are kept
GROUPED = 30  # hits among which copies are looked for


@dataclass(frozen=True)
class Signals:
    """BM25 and cosine of every clause's best passage, each divided by the best of all; both together for
    every passage; and how near every clause is in meaning, which is waited for when it is first used."""

    words: Vector
    vectors: Vector
    passages: Vector
    meaning: Callable[[], Vector]

    @cached_property
    def meant(self) -> Vector:
        """What every clause means, see `Meanings.cosines`."""
        return self.meaning()


@dataclass
class Known:
    """What one search found out that another for the same question can use: signals and contents by number.

    `words_only` is set by the caller for a text that does not say by itself what it means.
    """

    signals: Signals | None = None
    contents: dict[int, Content] = field(default_factory=dict)
    words_only: bool = False


@dataclass(frozen=True)
class Hit:
    """A clause found for a question.

    Attributes:
        clause_id: the clause to cite: of a group of copies the one with the most authority.
        score: about 1 for a clause that meets the question in full, more when it also stands where the
            question points; comparable between the hits of one question.
        features: what the score is made of, by the names of data/weights.toml, before weighting.
        copies: ids of clauses of other documents that say the same, best first.
        passages: ids of the clause's passages, the one that fits the question best first.
    """

    clause_id: str
    score: float
    features: dict[str, float] = field(default_factory=dict)
    copies: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()


class Searcher:
    """Search over one opened index; made once, safe to share between threads that only search."""

    def __init__(
        self, index: Index, knowledge: Knowledge | None = None, weights: Weights | None = None
    ) -> None:
        self.index = index
        self.weights = weights or load_weights()
        self.lexical = Lexical(index.postings)
        self.knowledge = replace(knowledge or Knowledge.of(index.corpus), words=self.lexical.knows)
        ids: list[str] = []
        starts: list[int] = []
        for number, passage in enumerate(index.passages):
            if not ids or ids[-1] != passage.clause:
                ids.append(passage.clause)
                starts.append(number)
        self._ids = ids
        self._number = {name: number for number, name in enumerate(ids)}
        self._starts = np.array(starts, dtype=np.intp)
        self._ends = np.append(self._starts[1:], len(index.passages))
        self._english = self._english_passages()
        self._documents = np.array([index.corpus.clauses[i].document for i in ids])
        self._annotated = index.corpus.annotated_documents()
        self._meanings = Meanings(index, ids)
        self._views: dict[int, ClauseView] = {}
        self._compared: dict[tuple[str, ...], Vector] = {}

    def prepare(self, question: str) -> None:
        """Begin to look up what a question means, beside whatever is done before it is searched for."""
        if self.weights.clause.get("meant"):
            self._meanings.prepare(as_read(question))

    def analyse(self, question: str) -> QuestionAnalysis:
        """The question taken apart with this index' knowledge."""
        return analyse(question, self.knowledge)

    def search(
        self,
        question: str | QuestionAnalysis,
        k: int = 10,
        documents: Collection[str] | None = None,
        known: Known | None = None,
    ) -> list[Hit]:
        """The best `k` clauses, best first; copies share one place.

        Args:
            question: the question, or its analysis when the caller has one.
            k: how many hits at most.
            documents: ids of the documents to search in; None for all.
            known: kept by the caller between searches for one question that differ in the documents
                and clauses it is taken to name, and in nothing else.

        Returns:
            Hits by falling score, ties in reading order; empty when nothing in the question occurs
            in the corpus.
        """
        if k < 1 or not self._ids:
            return []
        analysis = self._read(question)
        known = known if known is not None else Known()
        if known.signals is None:
            known.signals = self._signals(analysis, known.words_only)
        allowed = None if documents is None else np.isin(self._documents, list(documents))
        found = self._found(analysis, known, allowed, k)
        groups = group(found[: max(k, GROUPED)], analysis.documents, k)
        signals = known.signals
        return [self._hit(members, signals) for members in groups]

    def sentences(
        self, question: str | QuestionAnalysis, hits: Sequence[Hit], n: int = 5
    ) -> list[SentenceHit]:
        """The `n` sentences of the hits that meet the question best, see `policybot.retrieve.sentences`."""
        analysis = self._read(question)
        scope = make_scope(analysis, self.lexical.importance, self.knowledge.rules)
        views = [(self.view(self._number[hit.clause_id]), hit.score) for hit in hits]
        return rank_sentences(scope, views, n, self.weights)

    def nearness(self, question: QuestionAnalysis) -> Nearness:
        """How near in meaning the clauses are to a question."""
        return Nearness(self._number, np.maximum.reduceat(self._cosines(question), self._starts))

    def meant(self, question: QuestionAnalysis, known: Known) -> Nearness | None:
        """How near in meaning the clauses are to a question, by the sentence encoder; None if not asked."""
        if known.words_only or not self.weights.clause.get("meant"):
            return None
        cosines = self._meanings.cosines(question.text)
        sentences = partial(self._meanings.sentences, question.text)
        shares = self._meanings.shares(question.text)
        clause = partial(self._meanings.clause, question.text)
        judging = self._meanings.judging(question.text)
        return Nearness(self._number, cosines[:-1], float(cosines[-1]), sentences, shares, clause, judging)

    def body(self, clause_id: str) -> str:
        """A clause under its headings as it is searched: a table row reads "column：cell"."""
        return self.index.passages[int(self._starts[self._number[clause_id]])].body

    def view(self, number: int) -> ClauseView:
        """The `number`-th clause of the index as the ranking sees it."""
        view = self._views.get(number)
        if view is None:
            clause = self.index.corpus.clauses[self._ids[number]]
            document = self.index.corpus.documents.get(clause.document)
            passage = self.index.passages[int(self._starts[number])]
            authority = document.authority if document else 0
            rows = range(int(self._starts[number]) + 1, int(self._ends[number]))
            notes = (
                p.text for p in map(self.index.passages.__getitem__, rows) if NOTE in p.id[len(clause.id) :]
            )
            note = self.index.corpus.annotations.get(clause.id)
            further = (*note.english, *(text for pair in note.pairs for text in pair)) if note else ()
            said = "\n".join((*notes, *further))
            view = ClauseView.of(
                clause, number, authority, passage.heading, passage.body, said,
                annotated=clause.document in self._annotated,
            )  # fmt: skip
            if len(self._views) >= CACHED:
                self._views.clear()
            self._views[number] = view
        return view

    def _read(self, question: str | QuestionAnalysis) -> QuestionAnalysis:
        analysis = question if isinstance(question, QuestionAnalysis) else self.analyse(question)
        return with_pieces(analysis, self.lexical.knows)

    def _english_passages(self) -> Vector:
        """1 for each English passage, else 0: elsewhere a stray English word is rare and would weigh much.

        An annotation counts as none: it is full of questions, and the words they are asked with tell nothing.
        """
        found = np.zeros(len(self.index.passages), np.float32)
        postings = self.index.postings
        for number in (postings.numbers.get(token) for token in ENGLISH):
            if number is not None:
                found[postings.rows[postings.starts[number] : postings.starts[number + 1]]] = 1.0
        for row in np.flatnonzero(found).tolist():
            passage = self.index.passages[row]
            if NOTE in passage.id[len(passage.clause) :]:
                found[row] = 0.0
        return found

    def _found(
        self, analysis: QuestionAnalysis, known: Known, allowed: NDArray[np.bool_] | None, k: int
    ) -> list[Found]:
        assert known.signals is not None
        scope = make_scope(analysis, self.lexical.importance, self.knowledge.rules)
        chosen = self._candidates(analysis, known.signals, allowed, k)
        for number in chosen:  # before the meaning is waited for
            self._content(scope, number, known.contents)
        alike = known.signals.meant if allowed is None else np.where(allowed, known.signals.meant, 0.0)
        chosen.update(dict.fromkeys(_best(alike, int(self.weights.search["meant"]))))
        return self._rerank(scope, list(chosen), known.signals, known.contents)

    def _signals(self, analysis: QuestionAnalysis, words_only: bool) -> Signals:
        words = self.lexical.scores(analysis.searched)
        if asking := asking_words(analysis):
            weight = self.weights.search["asking"]
            words = words + self._english * self.index.postings.scores(dict.fromkeys(asking, weight))
        cosines = self._cosines(analysis)
        weights = self.weights.search
        unasked = words_only or not self.weights.clause.get("meant")
        return Signals(
            _relative(np.maximum.reduceat(words, self._starts)),
            _relative(np.maximum.reduceat(cosines, self._starts)),
            weights["words"] * _relative(words) + weights["vectors"] * _relative(cosines),
            lambda: (
                np.zeros(len(self._ids), np.float32)
                if unasked
                else self._meanings.cosines(analysis.text)[:-1]
            ),
        )

    def _cosines(self, analysis: QuestionAnalysis) -> Vector:
        """Cosine of each passage with the question, 0 for one that is turned away.

        The shipped model was trained on English questions too: measured, a Chinese gloss of the question
        beside it costs an English one 1.5 points of R@1. Another model may know only Chinese, so there
        the better of the two counts.
        """
        texts: tuple[str, ...] = (analysis.text,)
        if analysis.language != "zh" and analysis.glossed and self.index.source.kind != "static":
            texts = (analysis.text, analysis.glossed)
        known = self._compared.get(texts)
        if known is not None:  # one question is searched for several times
            return known
        best = np.zeros(len(self.index.passages), np.float32)
        for text in texts:
            query = self.index.encode_query(text)
            if self.index.backend == "exact":
                # Not `vectors @ query`: a threaded BLAS waits tens of milliseconds on a busy machine.
                np.maximum(best, np.einsum("ij,j->i", self.index.vectors, query), out=best)
            else:
                for number, cosine in self.index.nearest(query, NEAREST):
                    best[number] = max(best[number], cosine)
        if len(self._compared) >= COMPARED:
            self._compared.clear()
        self._compared[texts] = best
        return best

    def _candidates(
        self, analysis: QuestionAnalysis, signals: Signals, allowed: NDArray[np.bool_] | None, k: int
    ) -> dict[int, None]:
        """Numbers of the clauses worth a close look, those that are only near in meaning left out.

        The best by words and vectors together; of those that stand where the question points (a place
        named, a clause named and what is under it) some more.
        """
        weights = self.weights.search
        fused = weights["words"] * signals.words + weights["vectors"] * signals.vectors
        if allowed is not None:
            fused = np.where(allowed, fused, 0.0)
        chosen = dict.fromkeys(_best(fused, max(k, int(weights["candidates"]))))
        pointed = int(weights["pointed"])
        if analysis.places:
            there = np.maximum.reduceat(self.lexical.scores(analysis.places), self._starts) > 0
            chosen.update(dict.fromkeys(_best(np.where(there, fused, 0.0), pointed)))
        if analysis.clauses:
            under = [n for name in analysis.clauses for n in self._under(name)]
            inside = np.zeros_like(fused)
            inside[under] = fused[under] + np.float32(1e-6)
            if allowed is not None:
                inside[~allowed] = 0.0
            chosen.update(dict.fromkeys(_best(inside, pointed)))
        return chosen

    def _under(self, name: str) -> list[int]:
        """Numbers of a clause and of all clauses under it."""
        found = []
        todo = [name]
        while todo:
            clause = self.index.corpus.clauses.get(todo.pop())
            if clause is not None:
                todo.extend(clause.children)
                if clause.id in self._number:
                    found.append(self._number[clause.id])
        return found

    def _content(self, scope: Scope, number: int, contents: dict[int, Content]) -> Content:
        content = contents.get(number)
        if content is None:
            content = contents[number] = content_of(scope, self.view(number), self.weights)
        return content

    def _rerank(
        self, scope: Scope, chosen: list[int], signals: Signals, contents: dict[int, Content]
    ) -> list[Found]:
        analysis = scope.analysis
        share = POINTED if analysis.clauses else DATED if analysis.years or analysis.places else 1.0
        found = []
        for number in chosen:
            view = self.view(number)
            content = self._content(scope, number, contents)
            words, vectors = float(signals.words[number]), float(signals.vectors[number])
            meant = share * float(signals.meant[number])
            features = features_of(scope, view, content, words, vectors, meant)
            found.append(Found(view, weighed(features, self.weights.clause), features, content.chosen))
        found.sort(key=lambda item: (-item.score, item.view.order))
        return found

    def _hit(self, members: tuple[Found, ...], signals: Signals) -> Hit:
        first = members[0]
        best = max(item.score for item in members)
        start, end = int(self._starts[first.view.order]), int(self._ends[first.view.order])
        rows = sorted(range(start, end), key=lambda row: (-signals.passages[row], row))
        return Hit(
            first.view.clause.id,
            best,
            first.features,
            tuple(item.view.clause.id for item in members[1:]),
            tuple(self.index.passages[row].id for row in rows),
        )


def _relative(scores: Vector) -> Vector:
    """Scores divided by the best of them, those below 0 counting as 0."""
    top = np.float32(scores.max()) if scores.size else np.float32(0)
    if top <= 0:
        return np.zeros_like(scores)
    return (np.maximum(scores, 0) / top).astype(np.float32)


def _best(scores: Vector, count: int) -> list[int]:
    """Numbers of the highest scores above 0, ties in reading order."""
    order = np.argsort(-scores, kind="stable")[:count]
    return [int(number) for number in order if scores[number] > 0]
