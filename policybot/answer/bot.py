"""`PolicyBot`: one object, one method. Opens the index once and answers any number of questions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from policybot.answer.checks.enforce import enforce
from policybot.answer.compound.compound import BY_ITSELF, Asked, Compound, sureness
from policybot.answer.conversation.context import Context, carrying
from policybot.answer.conversation.dialogue import read_move
from policybot.answer.conversation.turns import Conversation
from policybot.answer.events import Event, Usage, replay
from policybot.answer.model import Answer
from policybot.answer.planner import Decision, Planner
from policybot.answer.question.clean import clean_history, clean_question, last_answer
from policybot.answer.question.understand import read_ask
from policybot.answer.tracing.stages import timed
from policybot.answer.wording.compose import slips
from policybot.answer.wording.labels import Labels
from policybot.corpus.naming import find_document
from policybot.facts.glossary import Glossary
from policybot.facts.places import Places
from policybot.home import Home
from policybot.index.open import Index, ensure_index
from policybot.retrieve.analysis import Knowledge, QuestionAnalysis, analyse
from policybot.retrieve.search import Searcher
from policybot.text import is_han, language_of

Language = Literal["zh", "en", "auto"]
_DEPTH = 2  # earlier turns that are answered again to know what a turn is about


def _asks_alike(one: QuestionAnalysis, other: QuestionAnalysis) -> bool:
    """True for a turn and its text by itself when nothing was taken from an earlier turn."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("concepts", "places", "years", "mentions", "types")
    )


class PolicyBot:
    """Answers questions over an opened index; safe to share between threads.

    Args:
        home: home folder, or a `Home`; found as on the command line when left out.
        index: an index that is open already.

    Raises:
        PolicybotError: the corpus or the index cannot be used.
    """

    engine = "planner"
    last_usage: Usage | None = None  # no chat model is asked

    def __init__(self, home: Home | Path | str | None = None, *, index: Index | None = None) -> None:
        if index is None:
            place = home if isinstance(home, Home) else Home.resolve(Path(home) if home is not None else None)
            index = ensure_index(place, asking=True)
        self.index = index
        glossary = Glossary.load()
        places = Places.load()

        def place_name(text: str) -> str | None:
            found = places.get(text)
            return found.en[0] if found is not None else None

        self.knowledge = Knowledge.of(index.corpus, glossary)
        searcher = Searcher(index, self.knowledge)
        self.planner = Planner(
            index.corpus,
            searcher,
            Labels(glossary, place_name, index.corpus.phrases),
            lambda text: [(m.start, m.end, m.place.zh) for m in places.find(text)],
            lambda name: found.kind if (found := places.get(name)) is not None else "",
        )
        self.compound = Compound(
            self.planner,
            self._decide,
            self._analyse,
            lambda text, earlier, chosen: self._understand(text, earlier, "auto", chosen)[0],
        )

    def ask(
        self,
        question: str,
        history: Sequence[Mapping[str, object]] | None = None,
        *,
        id: str | int | None = None,
        documents: Sequence[str] = (),
        language: Language = "auto",
    ) -> Answer:
        """The answer to a question, checked against its citations.

        Args:
            question: in Chinese or English, at most 2,000 characters.
            history: earlier turns, oldest first: {"question": …} or {"role": …, "content": …}.
            id: handed through to the answer.
            documents: ids or names of the only documents to answer from.
            language: of the answer; "auto" follows the question.

        Raises:
            PolicybotError: the question or the history cannot be used, or a document is unknown.
        """
        started = time.perf_counter()
        text = clean_question(question)
        chosen = self._chosen(documents)
        earlier = clean_history(history)
        if not earlier:
            self.planner.searcher.prepare(text)
        analysis, spoken = self._understand(text, earlier, language, chosen, last_answer(history))
        context = self._context(text, analysis, earlier, chosen, last_answer(history))
        decision = self._settle(question, text, analysis, spoken, chosen, alone=not earlier, context=context)
        answer = self._answer(question, decision, spoken, earlier)
        answer.warnings[:0] = slips(analysis.respelled, spoken)
        answer.id = id
        answer.elapsed_ms = round((time.perf_counter() - started) * 1000)
        return answer

    def decide(
        self,
        question: str,
        history: Sequence[Mapping[str, object]] | None = None,
        documents: Sequence[str] = (),
    ) -> Decision:
        """What the planner settles on before it is worded and checked, with the drafts it chose among."""
        text, earlier, chosen = clean_question(question), clean_history(history), self._chosen(documents)
        analysis, spoken = self._understand(text, earlier, "auto", chosen, last_answer(history))
        context = self._context(text, analysis, earlier, chosen, last_answer(history))
        return self._settle(question, text, analysis, spoken, chosen, alone=not earlier, context=context)

    def _context(
        self,
        text: str,
        read: QuestionAnalysis,
        earlier: Sequence[str],
        chosen: Sequence[str],
        answered: str = "",
        depth: int = _DEPTH,
    ) -> Context | None:
        """What the last of the earlier turns was answered from; None without one.

        A turn that points to a thing listed before has left the clause that lists it.
        """
        turns = [turn for turn in earlier if read_move(turn) is None]
        if not turns or not depth or read_move(text) is not None:
            return None
        *before, last = turns
        analysis, spoken = self._understand(last, before, "auto", chosen)
        context = self._context(last, analysis, before, chosen, depth=depth - 1)
        decision = self._decide(last, analysis, spoken, chosen, alone=not before, context=context)
        told = answered if turns == list(earlier) else ""
        draft = carrying(self.index.corpus, decision.draft, decision.drafts, told)
        put_in = read.question.strip() != text.strip()
        return Context(self.index.corpus, draft, put_in=put_in)

    def refuse(
        self,
        question: str,
        history: Sequence[Mapping[str, object]] | None = None,
        *,
        documents: Sequence[str] = (),
        language: Language = "auto",
    ) -> Answer:
        """The refusal of a question, with the nearest clause, for a driver that has found no answer."""
        text, earlier, chosen = clean_question(question), clean_history(history), self._chosen(documents)
        analysis, spoken = self._understand(text, earlier, language, chosen)
        ask = read_ask(question, analysis, self.planner.rarity, spoken, chosen)
        return self._answer(question, self.planner.refuse(ask, analysis), spoken, earlier)

    @staticmethod
    def language_of(question: str, earlier: Sequence[str] = ()) -> Literal["zh", "en"]:
        """The language that a question is answered in: "2060?" in that of the question before it."""
        turns = (question, *reversed(earlier))
        if any(map(is_han, question)) and any(language_of(turn) == "zh" for turn in turns[1:2]):
            return "zh"  # "PM2.5呢？" in a Chinese conversation
        worded = next((turn for turn in turns if any(c.isalpha() for c in turn)), question)
        return "zh" if language_of(worded) == "zh" else "en"

    def _answer(self, question: str, decision: Decision, spoken: str, earlier: Sequence[str]) -> Answer:
        composed, citations, results, warnings = self.planner.composer.compose(decision.draft, spoken)
        answer = Answer(
            id=None,
            question="\n".join((*earlier, question)),  # numbers may come from any question of the user's
            language=spoken,
            status=decision.draft.status,
            answer=composed,
            citations=citations,
            results=results,
            steps=list(decision.steps),
            confidence=decision.confidence,
            engine=self.engine,
            warnings=warnings,
        )
        answer = enforce(answer, self.index.corpus)
        answer.question = question
        return answer

    def _chosen(self, documents: Sequence[str]) -> list[str]:
        return [find_document(name, self.index.corpus).id for name in documents]

    def _understand(
        self,
        text: str,
        earlier: Sequence[str],
        language: Language,
        chosen: Sequence[str],
        answered: str = "",
    ) -> tuple[QuestionAnalysis, str]:
        """The question taken apart, what it leaves out taken from earlier ones, and its answer's language.

        `answered` is what the last of the earlier questions was told, where that is known.
        """

        def reply(question: str, before: Sequence[str]) -> Answer:
            return self.ask(question, [{"question": q} for q in before], documents=chosen)

        talk = Conversation(self.index.corpus, self._analyse, self.planner.rarity, reply)
        spoken = self.language_of(text, earlier) if language == "auto" else language
        return talk.understand(text, earlier, answered), spoken

    def stream(
        self,
        question: str,
        history: Sequence[Mapping[str, object]] | None = None,
        *,
        id: str | int | None = None,
        documents: Sequence[str] = (),
        language: Language = "auto",
    ) -> Iterator[Event]:
        """`ask` as events: the steps, the sentences, the answer."""
        yield from replay(self.ask(question, history, id=id, documents=documents, language=language))

    def _settle(
        self,
        question: str,
        text: str,
        analysis: QuestionAnalysis,
        spoken: str,
        chosen: Sequence[str],
        *,
        alone: bool,
        context: Context | None = None,
    ) -> Decision:
        """The answer of a question, in two steps or of its parts where it asks several things.

        `alone` is false for a turn of a conversation, `context` what it was about so far.
        """
        whole = self._decide(question, analysis, spoken, chosen, alone=alone, context=context)
        asked = Asked(question, spoken, chosen)
        return self.compound.settle(text, whole, analysis, asked, alone=alone)

    def _decide(
        self,
        question: str,
        analysis: QuestionAnalysis,
        spoken: str,
        chosen: Sequence[str],
        *,
        alone: bool = True,
        context: Context | None = None,
    ) -> Decision:
        own = None if context is None else self._analyse(analysis.text)
        whole = alone or (own is not None and _asks_alike(own, analysis))
        if whole:
            self.planner.searcher.prepare(analysis.text)
        ask = read_ask(question, analysis, self.planner.rarity, spoken, chosen)
        made = self.planner.decide(ask, analysis, alone=whole, context=context)
        if context is None or own is None:
            return made
        if whole:  # what was spoken of before may be left behind
            if context.put_in or not context.gains:
                return made
            return max(made, self.planner.decide(ask, analysis, alone=True), key=sureness)
        if made.draft.status == "answered":
            return made
        by_itself = read_ask(question, own, self.planner.rarity, spoken, chosen)
        again = self.planner.decide(by_itself, own, alone=True)
        return again if again.draft.status == "answered" and again.confidence >= BY_ITSELF else made

    @timed("understand")
    def _analyse(self, text: str) -> QuestionAnalysis:
        return analyse(text, self.knowledge)
