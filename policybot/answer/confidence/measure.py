"""What is measured of a draft: how its evidence compares with the whole question."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import cached_property

from policybot.answer.evidence.pool import Pool
from policybot.answer.lists.enumerations import Enumeration, enumerations
from policybot.answer.matching.match import Concept, bare, covers, norm
from policybot.answer.matching.names import place_stem
from policybot.answer.matching.rarity import Rarity
from policybot.answer.question.ask import Ask
from policybot.answer.question.cues import SEVERAL
from policybot.answer.question.kinds import CHECKED, TIMES, kind_fits
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.wording.draft import Draft
from policybot.corpus.model import Corpus
from policybot.facts.quantities import Quantity, find_numbers
from policybot.facts.years import find_years, is_base, meets
from policybot.patterns import lazy_pattern
from policybot.retrieve.judging import Cut
from policybot.retrieve.nearness import Nearness

PROSE = ("value", "statement", "who", "definition", "enumeration", "premise")
OPEN = ("statement", "definition", "enumeration", "who")  # makers that answer open questions
_REPEATING = ("value", "cell", "claim")  # makers that may give back an amount of the question
_VALUED = ("value", "count", "timeline")
_KEPT = 4_000  # texts around clauses
_SPANNED = 3  # sentences of an answer that are judged
UNJUDGED = 0.5  # stands for how likely a sentence answers that was not judged
_LOST = 0.6  # share of the question that a paraphrase may put in words of its own
_WORD = lazy_pattern(r"[a-z]+")
_NAMES_VALUE = lazy_pattern(
    r"目标|指标|多少|何时|什么时候|哪一?年|多久|几|达到"
    r"|\b(?:when|what (?:is|was|are|were)|which (?:year|date|month)|target|by what|how)\b"
    r"(?! (?:is|are|does|do|should)\b)"
)
# A word for an amount beside the question word asks for it whatever the rest of the question is like.
_NAMES_AMOUNT = lazy_pattern(
    r"总投资|造价|花费|得了?多少分|\b(?:what|which) (?:[\w-]+ ){0,2}"
    r"(?:rate|score|price|subsid(?:y|ies)|fine|fee|cost|budget|salary|share|percentage|weight)s?\b"
    r"|\b(?:did|does) (?:it|the [\w ]{3,40}) cost\b"
)
_FROM_TO = lazy_pattern(r"[12]\d{3}年?(?:\d{1,2}月(?:\d{1,2}日)?)?[至到–—~-]+[12]\d{3}")
_TIME = lazy_pattern(
    r"第.{1,4}[届天次]|承诺期|[之日天年月]后|[之日天年月]前|定期|每年|每[二三四五]年|期间|期满|同时|立即|不迟于"
)


class Measurer:
    """Measures drafts over one corpus."""

    def __init__(self, corpus: Corpus, pool: Pool, book: TableBook, rarity: Rarity) -> None:
        self.corpus = corpus
        self.pool = pool
        self.book = book
        self.rarity = rarity
        self._texts: dict[tuple[str, ...], str] = {}
        self._annotated = corpus.annotated_documents()

    @cached_property
    def _english(self) -> frozenset[str]:
        """The English words of annotations and titles; few questions need them, and there are many."""
        notes = [
            " ".join((n.title_en, n.gist_en, *n.english, *n.questions_en))
            for n in self.corpus.annotations.values()
        ]
        titles = [f"{d.title_en} {d.short_en} {' '.join(d.aliases)}" for d in self.corpus.documents.values()]
        return frozenset(_WORD.findall(" ".join([*notes, *titles]).lower()))

    def measured(self, ask: Ask, draft: Draft, near: Nearness, meant: Nearness | None) -> Draft:
        """A draft with the features that compare its evidence with the whole question.

        `near` and `meant` tell how near question and clauses are, by their words' vectors and in meaning,
        None where that was not asked.
        """
        around = self._around(tuple(evidence.clause for evidence in draft.evidence))
        total = sum(c.weight for c in ask.concepts) or 1.0
        asked = {e.clause: self.corpus.clauses[e.clause] for e in draft.evidence}.values()
        voiced = [c for c in ask.terms if any(self.pool.voiced(c, clause) > 0.3 for clause in asked)]
        silent = [c for c in ask.terms if c not in voiced]
        lacking = sum(c.weight for c in silent if covers(c, around, self.rarity.of) < 0.4) / total
        unknown = (
            sum(
                c.weight
                for c in silent
                if len(c.surface) > 1 and not any(self.rarity.count(o) for o, v in c.options if v >= 0.3)
            )
            / total
        )
        close = self._close(draft) if draft.maker in PROSE else around
        # A treaty speaks of many countries, so that the documents' own one must be named there too.
        about = {self.corpus.clauses[e.clause].document for e in draft.evidence} | set(ask.documents)
        abroad = any(self.corpus.documents[d].status == "treaty" for d in about)
        place_lacks = float(
            draft.maker != "compare"
            and any(
                not any(place_stem(bare(n)) in close for n in (names[:1] if names[0] == "中国" else names))
                for names in ask.place_names
                if (abroad or names[0] != "中国") and names[0] not in ask.left_out
            )
        )
        year_lacks = float(self._year_lacks(ask, draft, around))
        features = {
            **draft.features,
            "score": draft.score,
            "kind_lacks": self._kind_lacks(ask, draft),
            "list_lacks": float(
                ask.type == "list" and SEVERAL.search(ask.text) is not None and not self._lists(draft)
            ),
            "lacking": lacking,
            "unknown": unknown,
            "lost": max(0.0, lacking - _LOST),
            "astray": max(
                (c.weight for c in silent if self._printed(c) and covers(c, around, self.rarity.of) < 0.15),
                default=0.0,
            ),
            "head_lacks": float(
                any(
                    ask.concepts[i] in silent and covers(ask.concepts[i], close, self.rarity.of) < 0.3
                    for i in ask.heads
                )
            ),
            "clause_lacks": float(
                bool(ask.clauses)
                and not any(
                    e.clause == c or e.clause.startswith(f"{c}/") for e in draft.evidence for c in ask.clauses
                )
            ),
            "foreign": float(any(self._foreign(ask, c) for c in silent)),
            "document_lacks": float(
                bool(ask.documents)
                and not any(self.corpus.clauses[e.clause].document in ask.documents for e in draft.evidence)
            ),
            "valued": float(ask.type in (*_VALUED, "definition")),
            "place_lacks": place_lacks,
            "year_lacks": year_lacks,
            "near": (closest := max((near.of(clause.id) for clause in asked), default=0.0)),
            "near_share": closest / near.top if near.top > 0 else 0.0,
            "near_gap": near.gap,
            **self._meant(meant, [clause.id for clause in asked]),
            **self._told(meant, draft),
            "judged": UNJUDGED,
            "concepts": float(len(ask.concepts)),
            "heads": float(len(ask.heads)),
            "yes_no": float(ask.type == "yes_no"),
            "chinese": float(ask.language == "zh"),
            "bare": float(
                not any(self.corpus.clauses[e.clause].document in self._annotated for e in draft.evidence)
            ),
            "open": float(draft.maker in OPEN and not ask.expects and not ask.amount),
        }
        return replace(draft, features=features)

    def _year_lacks(self, ask: Ask, draft: Draft, around: str) -> bool:
        """True when the evidence prints other years than the question's, or none of them stands near."""
        if (
            not ask.spans
            or draft.maker in ("compare", "premise")
            or draft.features.get("year_fit", 0.0) >= 0.3
        ):
            return False
        issued = {self.corpus.documents[d].date[:4] for d in self._documents(draft)}
        if ask.documents and any(str(y) in issued for span in ask.spans for y in span):
            return False  # "the 2023 assessment" names a document by its year
        if not any(str(y) in around for span in ask.spans for y in span) and not meets(around, ask.spans):
            return True
        if draft.maker not in ("statement", "enumeration", "who"):
            return False
        texts = [self.corpus.clauses[e.clause].text.text[e.start : e.end] for e in draft.evidence]
        printed = [y for text in texts for y in find_years(text) if not is_base(text, y)]
        return bool(printed) and not any(
            y.first <= last and first <= y.last for y in printed for first, last in ask.spans
        )

    def _meant(self, meant: Nearness | None, clauses: list[str]) -> dict[str, float]:
        """How near a draft's clauses are to what the question means: nothing where that was not looked at.

        Questions known to have no answer were written beside annotated clauses, and say nothing of others.
        """
        if meant is None:
            return {"decided_by_words": 1.0}
        alike = max(map(meant.of, clauses), default=0.0)
        known = any(self.corpus.clauses[name].document in self._annotated for name in clauses)
        return {
            "meant": alike,
            "meant_lost": meant.top - alike,
            "meant_gap": meant.gap,
            "unanswered": meant.unanswered if known else 0.0,
            "beyond": alike - meant.unanswered if known else 0.0,
            "share": meant.share(clauses),
            "unanswered_share": meant.unanswered_share if known else 0.0,
        }

    def _told(self, meant: Nearness | None, draft: Draft) -> dict[str, float]:
        """How near in meaning the sentence is that a draft rests on, how likely it answers the question, and
        what it loses against another one of its clause; the same likelihood of the clause as a whole. Nothing
        where that is not known."""
        if meant is None or not draft.evidence:
            return {}
        first = draft.evidence[0]
        whole = meant.clause(first.clause)
        features = {} if whole is None or whole.read is None else {"whole_read": whole.read}
        sentences = self.pool.sentences(self.corpus.clauses[first.clause])
        told = meant.sentences(self.corpus.clauses[first.clause], [(s.text, s.english) for s in sentences])
        if told is None:
            return features if not features else features | {"read": features["whole_read"]}
        own = [t for t, s in zip(told, sentences, strict=True) if s.start < first.end and first.start < s.end]
        near = max((t.near for t in own), default=0.0)
        features |= {"told": near, "told_lost": max(t.near for t in told) - near}
        reads = [t.read for t in told if t.read is not None]
        if reads:
            read = max((t.read for t in own if t.read is not None), default=0.0)
            features |= {"read": read, "read_lost": max(reads) - read}
        return features

    def judged(self, draft: Draft, meant: Nearness | None) -> Draft:
        """A draft of a sentence with how likely the cross-encoder takes that to answer the question, a
        probability. This takes milliseconds, so that only the drafts that stand first are asked for it."""
        if meant is None or meant.judging is None or draft.maker not in PROSE or not draft.evidence:
            return draft
        first = draft.evidence[0]
        clause = self.corpus.clauses[first.clause]
        own = [s for s in self.pool.sentences(clause) if s.start < first.end and first.start < s.end]
        own = [] if clause.kind == "row" else [s for s in own if not s.heading][:_SPANNED]
        said = meant.judging.of([Cut(clause, s.text, s.english) for s in own])
        if not said:
            return draft
        odds = max(-30.0, min(30.0, max(said)))
        return replace(draft, features={**draft.features, "judged": 1.0 / (1.0 + math.exp(-odds))})

    def _around(self, clauses: tuple[str, ...]) -> str:
        """All that stands in and above clauses, normalised."""
        made = self._texts.get(clauses)
        if made is not None:
            return made
        texts = []
        for name in clauses:
            clause = self.corpus.clauses[name]
            texts += [clause.text.text, *self.corpus.headings(clause)]
            if clause.table:
                view = next((v for v in self.book.views if v.table.id == clause.table), None)
                texts.append(view.about if view else "")
                texts += [c.norm for c in view.columns] if view else []
            texts.append(self.pool.title(clause))
        if len(self._texts) >= _KEPT:
            self._texts.clear()
        made = self._texts[clauses] = norm(" ".join(texts))
        return made

    def _documents(self, draft: Draft) -> set[str]:
        return {self.corpus.clauses[e.clause].document for e in draft.evidence}

    def said(self, ask: Ask, draft: Draft) -> float:
        """Share of what the question says beside places that stands next to a draft's evidence."""
        text = self._close(draft)
        terms = [c for c in ask.concepts if c.kind != "place"]
        total = sum(c.weight for c in terms)
        return sum(c.weight * covers(c, text, self.rarity.of) for c in terms) / total if total else 1.0

    def _close(self, draft: Draft) -> str:
        """What stands next to a draft's evidence: its sentences, those before them, headings, titles."""
        texts = []
        for evidence in draft.evidence:
            clause = self.corpus.clauses[evidence.clause]
            texts += [self.pool.head(clause), self.pool.title(clause)]
            for sentence in self.pool.sentences(clause):
                if sentence.start < evidence.end and evidence.start < sentence.end:
                    texts += [sentence.before, sentence.norm, self.pool.subject(sentence)]
        return "".join(texts)

    def _kind_lacks(self, ask: Ask, draft: Draft) -> float:
        """1 when the question asks for an amount and the draft's evidence shows none of that kind."""
        if draft.maker in _REPEATING and ask.amount and ask.type != "yes_no" and self._repeats(ask, draft):
            return 1.0
        if draft.maker == "value":
            hard = ask.expects[:1] in (("money",), ("score",)) or (
                ask.amount and ask.expects[:1] == ("count",)
            )
            return float(hard and ask.wants(*_VALUED) and draft.features.get("kind_fit", 0.0) < 0)
        if draft.maker not in ("statement", "definition", "enumeration", "who"):
            return draft.features.get("kind_lacks", 0.0)
        checked = [e for e in ask.expects if e in CHECKED] if ask.strict else []
        asked = ask.amount or (checked and ask.type in _VALUED and _NAMES_VALUE.search(ask.text))
        asked = asked or (checked and _NAMES_AMOUNT.search(ask.text))
        if ask.type == "yes_no" or not asked:
            return 0.0
        for evidence in draft.evidence:
            text = self.corpus.clauses[evidence.clause].text.text[evidence.start : evidence.end]
            for quantity in find_numbers(text):
                if _given(ask, quantity):
                    continue
                if kind_fits(quantity, ask.expects) > 0:
                    return 0.0
                if not checked and quantity.kind not in (*TIMES, "ordinal"):
                    return 0.0
            if "duration" in ask.expects and _FROM_TO.search(text):
                return 0.0
            if ask.type == "timeline" and _TIME.search(text):
                return 0.0
            if ask.type == "count" and any(self._counts(ask, e) for e in enumerations(text)):
                return 0.0
        return 1.0

    @staticmethod
    def _repeats(ask: Ask, draft: Draft) -> bool:
        """True when the only values a draft gives are amounts that the question states itself.

        Asked how much of a total is something, a sentence that only has the total does not say it.
        """
        given = [q for f in draft.findings for q in find_numbers(f.text) if q.kind not in (*TIMES, "ordinal")]
        return bool(given) and all(_given(ask, quantity) for quantity in given)

    def _lists(self, draft: Draft) -> bool:
        """True when the draft's evidence enumerates three things or more."""
        texts = [self.corpus.clauses[e.clause].text.text[e.start : e.end] for e in draft.evidence]
        return any(len(found.items) > 2 for text in texts for found in enumerations(text))

    def _counts(self, ask: Ask, listed: Enumeration) -> bool:
        """True for a list of more than two items of what the question counts."""
        near = norm(listed.lead[-20:] + listed.tail[:16])
        return len(listed.items) > 2 and all(
            covers(ask.concepts[i], near, self.rarity.of) >= 0.5 for i in ask.asked
        )

    def _printed(self, concept: Concept) -> bool:
        """True for a word that word lists know and the corpus prints, so that evidence may be expected to."""
        if concept.kind != "term" or not concept.known:
            return False
        return any(v >= 0.5 and self.rarity.count(o) for o, v in concept.options)

    def _foreign(self, ask: Ask, concept: Concept) -> bool:
        """True for a name in Latin letters that the corpus does not print (Hamlet)."""
        if concept.kind != "latin" or len(concept.surface) < 3 or self.rarity.count(concept.options[0][0]):
            return False
        if all(word in self._english for word in _WORD.findall(concept.surface.lower())):
            return False
        found = re.search(rf"\b{re.escape(concept.surface)}", ask.question, re.IGNORECASE)
        return found is not None and found.start() > 0 and found[0][0].isupper()


def _given(ask: Ask, quantity: Quantity) -> bool:
    """True for an amount that the question states: the same number, of the same dimension or of none."""
    return any(
        quantity.value == stated.value
        and (quantity.dimension == stated.dimension or {quantity.kind, stated.kind} <= {"count", "number"})
        for stated in ask.quantities
    )
