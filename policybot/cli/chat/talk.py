"""A conversation: what a line typed does, and what is remembered of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from policybot.answer.conversation.dialogue import read_move
from policybot.answer.question.clean import clean_question
from policybot.answer.tracing.log import TraceLog, traced
from policybot.cli.chat.prompt import Lines
from policybot.cli.chat.screen import Screen
from policybot.cli.chat.store import Recorder, Saved, Turn, now
from policybot.cli.messages import say
from policybot.cli.render import render_below
from policybot.cli.session import Session
from policybot.errors import PolicybotError

if TYPE_CHECKING:
    from policybot.answer.engines import Bot
    from policybot.answer.model import Answer
    from policybot.cli.options import Language

REMEMBERED = 12  # turns handed to the bot with a question
SLASHES = ("/", "／")
FAREWELLS = ("exit", "quit", "bye", "退出", "再见")


class Chat:
    """One conversation.

    Args:
        bot: what answers.
        folder: where sessions are saved; None saves none.
        log: where traces are kept; None keeps none.
        chosen: language of answers, "auto" follows the question.
        documents: ids of the only documents to answer from.
    """

    def __init__(
        self,
        session: Session,
        screen: Screen,
        bot: Bot,
        folder: Path | None,
        log: TraceLog | None = None,
        *,
        chosen: Language = "auto",
        documents: Sequence[str] = (),
    ) -> None:
        self.session, self.screen, self.bot, self.folder = session, screen, bot, folder
        self.log = log
        self.chosen: Language = chosen
        self.documents = tuple(documents)
        self.turns: list[Turn] = []
        self.recorder = Recorder(folder) if folder is not None else None

    @property
    def language(self) -> str:
        """Language of what is said beside the answers."""
        return self.session.language

    @property
    def last(self) -> Answer | None:
        """The last answer."""
        return self.turns[-1].answer if self.turns else None

    @property
    def prompt(self) -> str:
        """What the conversation is restricted to, for the prompt."""
        names = [self._short(d) for d in self.documents]
        return f"[{'、'.join(names) if self.language == 'zh' else ', '.join(names)}] " if names else ""

    def run(self, lines: Lines) -> None:
        """Talk until the lines end or the user leaves; Ctrl-C ends no more than an answer or a line."""
        interactive = self.screen.mode != "pipe"
        while True:
            try:
                text = lines.read(self.prompt, self.language)
            except EOFError:
                return
            except KeyboardInterrupt:
                if not interactive:
                    raise
                self.screen.note(say("chat-how-to-leave", self.language))
                self.screen.gap()
                continue
            except PolicybotError as error:
                self.screen.error(error.sentence(self.language))
                continue
            try:
                if not self.take(text):
                    return
            except KeyboardInterrupt:
                if not interactive:
                    raise
                self.screen.end()
                self.screen.note(say("chat-stopped", self.language))
            self.screen.gap()

    def take(self, text: str) -> bool:
        """Do what a line says; False when it ends the conversation."""
        text = text.strip()
        try:
            if text.startswith(SLASHES):
                from policybot.cli.chat.commands import run

                return run(self, text[1:])
            if self.screen.mode != "pipe" and text.rstrip("。.!！").lower() in FAREWELLS:
                return False
            if text:
                self.session.speak(self.chosen, text)
                self.ask(text)
        except PolicybotError as error:
            self.screen.error(error.sentence(self.language))
        except OSError as error:
            reason = error.strerror or str(error)
            self.screen.error(say("os-error", self.language, reason=reason))
        return True

    def ask(self, text: str) -> None:
        """Answer a question, or show what it wants of the answer before.

        Raises:
            PolicybotError: as `PolicyBot.ask`.
        """
        question = clean_question(text)
        move = read_move(question) if self.last is not None else None
        if (
            move is not None
            and move.kind in ("clause", "source", "why")
            and self.last
            and self.last.citations
        ):
            from policybot.cli.chat.commands import show_clauses, show_sources

            if move.kind == "why":
                self.screen.note(say("chat-why", self.language))
            (show_sources if move.kind == "source" else show_clauses)(self, self.last)
            return
        answer = self._answer(question)
        self.turns.append(Turn(question, answer, now()))
        if self.recorder is not None:
            self._save(question, answer)

    def restart(self, saved: Saved | None = None) -> None:
        """Begin a new session, or go on with a saved one."""
        self.turns = list(saved.turns) if saved is not None else []
        self.documents = ()
        if saved is not None:
            known = self.bot.index.corpus.documents
            self.documents = tuple(d for d in saved.documents if d in known)
            if self.turns and self.chosen == "auto":
                self.session.language = self.turns[-1].answer.language
        if self.folder is not None:
            self.recorder = Recorder(self.folder, saved.id if saved is not None else "")

    def remember_settings(self) -> None:
        """Save what is restricted and chosen now."""
        try:
            if self.recorder is not None:
                self.recorder.settings(self.documents, self.chosen)
        except OSError as error:
            self._unsaved(error)

    def _answer(self, question: str) -> Answer:
        """One answer, printed as it comes.

        A defect in one answer is told and does not end the conversation.
        """
        try:
            with traced(self.log, "chat") as work:
                answer, shown, notices = self._told(question)
                work.answer = answer
        except PolicybotError:
            self.screen.end()
            raise
        except Exception as error:
            self.screen.end()
            if os.environ.get("POLICYBOT_DEBUG") == "1":
                import traceback

                traceback.print_exception(error)
            name = f"{type(error).__name__}: {error}"[:300]
            raise PolicybotError(
                say("internal", "en", error=name), what_zh=say("internal", "zh", error=name)
            ) from error
        if shown.strip() != answer.answer.strip():
            self.screen.end()
            if shown.strip():
                self.screen.note(say("chat-checked-again", answer.language))
            self.screen.text(answer.answer)
        self.screen.end()
        told = replace(answer, warnings=[w for w in answer.warnings if w not in notices])
        self.screen.lines(render_below(told, brief=self.screen.mode == "terminal"))
        if self.chosen == "auto":
            self.session.language = answer.language
        return answer

    def _told(self, question: str) -> tuple[Answer, str, list[str]]:
        """The answer, what of it was printed as it came, and the notices beside it."""
        history = [{"question": t.question, "answer": t.answer.answer} for t in self.turns[-REMEMBERED:]]
        shown, answer = "", None
        notices: list[str] = []
        for event in self.bot.stream(question, history, documents=self.documents, language=self.chosen):
            if event.kind == "text":
                self.screen.text(event.text)
                shown += event.text
            elif event.kind == "notice":
                self.screen.end()
                self.screen.note(event.text)
                notices.append(event.text)
                shown = ""
            elif event.kind == "step" and event.step is not None:
                if self.bot.engine != "planner" and not (shown or notices):  # the planner is done at once
                    self.screen.note(f"· {event.step.tool} {event.step.summary}".rstrip())
            elif event.answer is not None:
                answer = event.answer
        assert answer is not None  # every run of a bot ends with its answer
        return answer, shown, notices

    def _save(self, question: str, answer: Answer) -> None:
        assert self.recorder is not None
        fresh = not self.recorder.id
        try:
            self.recorder.turn(question, answer)
            if fresh and (self.documents or self.chosen != "auto"):
                self.recorder.settings(self.documents, self.chosen)
        except OSError as error:
            self._unsaved(error)

    def _unsaved(self, error: OSError) -> None:
        """Say once that nothing more is saved, and go on."""
        self.recorder = None
        reason = error.strerror or str(error)
        self.screen.error(say("chat-unsaved", self.language, reason=reason))

    def _short(self, document: str) -> str:
        found = self.bot.index.corpus.documents[document]
        if self.language == "zh":
            return found.short_zh.strip("《》")
        return found.short_en.removeprefix("the ")
