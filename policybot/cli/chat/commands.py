"""What the /commands of a conversation do; `names.py` says what they are called."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from policybot.cli.chat import names, store
from policybot.cli.messages import say
from policybot.cli.opening import engine_of
from policybot.cli.output import Line, line
from policybot.cli.reading import render_clause
from policybot.cli.render import render_below, render_citation
from policybot.cli.wrap import cells, one_line
from policybot.errors import PolicybotError
from policybot.patterns import lazy_pattern
from policybot.text import squash

if TYPE_CHECKING:
    from policybot.answer.model import Answer
    from policybot.cli.chat.talk import Chat

MOST_CLAUSES = 3  # shown at once
MOST_SESSIONS = 20
WIDE = 70  # columns from which help stands in two columns
HEAD = 60  # characters of a question in a list of sessions
EVERYTHING = ("all", "*", "全部", "所有")
_YEAR = lazy_pattern(r"^(?:--year[= ]?)?(?P<year>(?:19|20)\d\d)年?$")


def run(chat: Chat, text: str) -> bool:
    """Do a command ("doc 行动方案"); False when it ends the conversation.

    Raises:
        PolicybotError: no such command (names the nearest), or what it is given cannot be used.
    """
    word, _, argument = text.strip().partition(" ")
    if chat.chosen == "auto" and not word.isascii():
        chat.session.language = "zh"
    command = names.find(word)
    if command is None:
        near = names.nearest(word)
        language_key = "chat-unknown-near" if near else "chat-unknown"
        values = {"name": word[:40], **({"near": near} if near else {})}
        raise PolicybotError(say(language_key, "en", **values), what_zh=say(language_key, "zh", **values))
    if command.name == "quit":
        return False
    _ACTIONS[command.name](chat, argument.strip())
    return True


def show_clauses(chat: Chat, answer: Answer) -> None:
    """The clauses that an answer cites, in full and in place."""
    from policybot.tools import clause as clause_of

    corpus = chat.bot.index.corpus
    cited = [c.clause_id for c in answer.citations if c.clause_id in corpus.clauses]
    clauses = list(dict.fromkeys(cited))
    for n, identity in enumerate(clauses[:MOST_CLAUSES]):
        if n:
            chat.screen.gap()
        chat.screen.lines(render_clause(corpus, clause_of(corpus, identity), chat.language))
    if len(clauses) > MOST_CLAUSES:
        chat.screen.gap()
        chat.screen.note(say("chat-more-clauses", chat.language, count=len(clauses) - MOST_CLAUSES))


def show_sources(chat: Chat, answer: Answer) -> None:
    """The citations of an answer with their quotes, and the clause around each."""
    if not answer.citations:
        chat.screen.note(say("chat-no-sources", chat.language))
        return
    corpus, lines = chat.bot.index.corpus, []
    for citation in answer.citations:
        alone = replace(answer, citations=[citation], warnings=[])
        lines += render_below(alone)[2:]  # without the heading
        clause = corpus.clauses.get(citation.clause_id)
        if clause is not None and squash(citation.quote) != squash(clause.text.text):
            text = one_line(clause.text.text)
            lines.append(Line(((say("chat-whole-clause", chat.language), "dim"), (text, "")), indent=4))
    chat.screen.lines(lines)


def _doc(chat: Chat, argument: str) -> None:
    from policybot.corpus.naming import find_document

    corpus = chat.bot.index.corpus
    if not argument:
        _show_documents(chat)
        return
    if argument.lower() in EVERYTHING:
        chat.documents = ()
    else:
        chat.documents = tuple(
            dict.fromkeys(find_document(n, corpus).id for n in re.split("[,，、;；]", argument) if n.strip())
        )
    chat.remember_settings()
    titles = [_title(chat, d) for d in chat.documents]
    key = "chat-restricted" if titles else "chat-unrestricted"
    values = {"documents": ("、" if chat.language == "zh" else ", ").join(titles)} if titles else {}
    chat.screen.note(say(key, chat.language, **values))


def _show_documents(chat: Chat) -> None:
    corpus = chat.bot.index.corpus
    lines = []
    for document in corpus.documents.values():
        chosen = not chat.documents or document.id in chat.documents
        parts = (
            ("* " if chosen else "  ", "good"),
            (f"{document.id}  ", "number"),
            (_title(chat, document.id), ""),
        )
        lines.append(Line(parts, hang=4))
    lines.append(line(say("chat-documents", chat.language), "dim"))
    chat.screen.lines(lines)


def _title(chat: Chat, identity: str) -> str:
    document = chat.bot.index.corpus.documents[identity]
    return document.title_zh if chat.language == "zh" or not document.title_en else document.title_en


def _clause(chat: Chat, argument: str) -> None:
    from policybot.tools import clause as clause_of

    if not argument:
        if chat.last is None or not chat.last.citations:
            raise _nothing_yet()
        show_clauses(chat, chat.last)
        return
    corpus = chat.bot.index.corpus
    view = None
    if len(chat.documents) == 1:
        try:
            view = clause_of(corpus, f"{corpus.documents[chat.documents[0]].short_zh}{argument}")
        except PolicybotError:
            view = None
    chat.screen.lines(render_clause(corpus, view or clause_of(corpus, argument), chat.language))


def _city(chat: Chat, argument: str) -> None:
    from policybot.cli.city_render import render_comparison, render_profile
    from policybot.tools.city import city_profile, compare_cities

    corpus = chat.bot.index.corpus
    cities = [c for c in re.split("[,，、]", argument) if c.strip()]
    if not cities:
        raise _missing(chat, "city")
    if len(cities) > 1:
        chat.screen.lines(render_comparison(corpus, compare_cities(corpus, cities), chat.language))
    else:
        chat.screen.lines(render_profile(corpus, city_profile(corpus, cities[0]), chat.language))


def _targets(chat: Chat, argument: str) -> None:
    from policybot.cli.targets import render_targets
    from policybot.corpus.naming import find_document
    from policybot.tools.targets import targets

    corpus = chat.bot.index.corpus
    year, documents, topic = None, chat.documents, []
    words = argument.replace("--year ", "--year=").split()
    for word in words:
        match = _YEAR.match(word)
        if match is not None:
            year = int(match["year"])
            continue
        word = re.sub(r"^--(?:topic|doc)=?", "", word)
        if not word:
            continue
        try:
            documents = (find_document(word, corpus).id,)
        except PolicybotError:
            topic.append(word)
    found = [
        t for d in documents or ("",) for t in targets(corpus, year=year, topic=" ".join(topic), document=d)
    ]
    chat.screen.lines(render_targets(corpus, found, chat.language))


def _sources(chat: Chat, _: str) -> None:
    if chat.last is None:
        raise _nothing_yet()
    show_sources(chat, chat.last)


def _explain(chat: Chat, _: str) -> None:
    answer = chat.last
    if answer is None:
        raise _nothing_yet()
    made = say(
        "chat-explain",
        chat.language,
        engine=answer.engine,
        confidence=f"{answer.confidence:.2f}",
        ms=answer.elapsed_ms,
    )
    lines = [line(made, "dim")]
    for n, step in enumerate(answer.steps, 1):
        arguments = {k: v for k, v in step.arguments.items() if v not in ([], "", None)}
        given = ", ".join(f"{name}={_shortened(value)}" for name, value in arguments.items())
        rest = f"({given})" + (f" → {step.summary}" if step.summary else "")
        lines.append(Line(((f"{n}. ", "number"), (step.tool, "strong"), (rest, "")), hang=4))
    lines += [render_citation(citation, chat.language) for citation in answer.citations]
    chat.screen.lines(lines)


def _shortened(value: object) -> str:
    text = one_line(str(value))
    return text if len(text) <= HEAD else f"{text[:HEAD]}…"


def _export(chat: Chat, argument: str) -> None:
    from policybot.cli.chat.export import export

    if not argument:
        raise _missing(chat, "export")
    file = Path(argument.strip("\"'“”"))
    export(chat.turns, chat.recorder.id if chat.recorder is not None else "", file, chat.language)
    chat.screen.note(say("chat-exported", chat.language, file=file, count=len(chat.turns)))


def _new(chat: Chat, _: str) -> None:
    chat.restart()
    chat.screen.note(say("chat-new", chat.language))


def _sessions(chat: Chat, _: str) -> None:
    chat.screen.lines(render_sessions(_folder(chat), chat.language))


def _folder(chat: Chat) -> Path:
    return chat.folder if chat.folder is not None else store.folder_of(chat.session.home)


def render_sessions(folder: Path, language: str) -> list[Line]:
    """The saved sessions, the newest first: number, id, answers, first question."""
    lines: list[Line] = []
    places = {identity: n for n, identity in enumerate(store.identities(folder), 1)}
    for saved in store.summaries(folder):
        if len(lines) == MOST_SESSIONS:
            break
        head = _shortened(saved.turns[0].question) if saved.turns else ""
        facts = say("chat-session", language, count=len(saved.turns))
        if saved.damaged:
            facts += say("chat-session-damaged", language, count=saved.damaged)
        parts = (
            (f"{places[saved.id]}. ", "number"),
            (f"{saved.id}  ", "strong"),
            (head, ""),
            (f"  {facts}", "dim"),
        )
        lines.append(Line(parts, hang=4))
    return lines or [line(say("chat-no-sessions", language), "dim")]


def _resume(chat: Chat, argument: str) -> None:
    resume(
        chat,
        store.load(chat.folder if chat.folder is not None else store.folder_of(chat.session.home), argument),
    )


def resume(chat: Chat, saved: store.Saved) -> None:
    """Go on with a saved session and say where it stood."""
    chat.restart(saved)
    if saved.damaged:
        chat.screen.error(say("chat-damaged", chat.language, count=saved.damaged, file=saved.file))
    text = say("chat-resumed", chat.language, id=saved.id, count=len(saved.turns))
    if saved.turns:
        last = _shortened(saved.turns[-1].question)
        text += say("chat-resumed-last", chat.language, question=last)
    chat.screen.note(text)


def _lang(chat: Chat, argument: str) -> None:
    word = {"中文": "zh", "chinese": "zh", "英文": "en", "english": "en", "自动": "auto"}.get(
        argument.lower(), argument.lower()
    )
    if word not in ("zh", "en", "auto"):
        raise PolicybotError(
            "The language is zh, en or auto.",
            "For example: /lang en",
            what_zh="语言只能是 zh、en 或 auto。",
            hint_zh="例如：/语言 zh",
        )
    chat.chosen = "zh" if word == "zh" else "en" if word == "en" else "auto"
    if word != "auto":
        chat.session.language = word
    chat.remember_settings()
    chat.screen.note(say(f"chat-lang-{word}", chat.language))


def _llm(chat: Chat, argument: str) -> None:
    from policybot.answer.engines import PLANNER, open_bot

    if argument:
        off = argument.lower() in ("off", "planner", "关", "关闭")
        engine = PLANNER if off else engine_of(argument.removeprefix("llm:"))
        chat.bot = open_bot(chat.session.home, engine, index=chat.bot.index)
    chat.screen.note(say("chat-engine", chat.language, engine=chat.bot.engine))


def _help(chat: Chat, _: str) -> None:
    lines = [line(say("chat-help", chat.language)), line()]
    heads = []
    for command in names.COMMANDS:
        alias = next((a for a in command.aliases if not a.isascii()), "")
        shown = f"/{command.name}" if chat.language == "en" or not alias else f"/{alias}"
        takes = say(f"chat-takes-{command.takes}", chat.language) if command.takes else ""
        heads.append((f"{shown} {takes}".rstrip(), say(f"chat-help-{command.name}", chat.language)))
    widest = max(cells(head) for head, _ in heads)
    aligned = chat.screen.mode == "terminal" and chat.screen.width >= WIDE
    for head, what in heads:
        pad = " " * (widest - cells(head) + 2 if aligned else 2)
        hang = widest + 2 if aligned else 4
        lines.append(Line(((head, "strong"), (f"{pad}{what}", "")), indent=2, hang=hang))
    chat.screen.lines(lines)


_ACTIONS: dict[str, Callable[[Chat, str], None]] = {
    "doc": _doc,
    "clause": _clause,
    "city": _city,
    "targets": _targets,
    "sources": _sources,
    "explain": _explain,
    "export": _export,
    "new": _new,
    "sessions": _sessions,
    "resume": _resume,
    "lang": _lang,
    "llm": _llm,
    "help": _help,
}


def _nothing_yet() -> PolicybotError:
    return PolicybotError(
        "There is no answer yet.", "Ask a question first.", what_zh="还没有答案。", hint_zh="请先提一个问题。"
    )


def _missing(chat: Chat, command: str) -> PolicybotError:
    examples = {"city": ("/city 石家庄", "/城市 石家庄"), "export": ("/export talk.md", "/导出 talk.docx")}
    english, chinese = examples[command]
    return PolicybotError(
        "Something is missing after the command.",
        f"For example: {english}",
        what_zh="命令后面缺少内容。",
        hint_zh=f"例如：{chinese}",
    )
