"""Annotations by a chat model for the clauses that have none, a clause at a time.

A note that breaks the rules is sent back once with what is wrong; refused twice, its clause is skipped and
listed. Each finished clause is written at once, so a run that was stopped goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policybot.annotate.prompts import SYSTEM, again, task
from policybot.annotate.rules import MOST, Finding, check_one, is_short
from policybot.annotate.store import put
from policybot.answer.agent.failures import classify
from policybot.answer.agent.models import MissingKey, make_model, require_model
from policybot.answer.events import Usage
from policybot.corpus.annotations import wants_annotation
from policybot.corpus.model import Annotation, Clause, Corpus
from policybot.errors import ModelError
from policybot.evaluation.likeness import bare
from policybot.home import Home
from policybot.text import is_han

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

FORM = 250  # tokens of the function's schema, sent with every call
NOTE, NOTE_SHORT = 680, 400  # tokens of an annotation, mean of the built-in ones by `tokens`, rounded up
AGAIN = 1.3  # calls a clause, a refused note counting as a second one: an assumption to be generous by
GIVE_UP = 3  # clauses in a row for which the server gave nothing
_FATAL = frozenset({"key", "model", "request", "unreachable"})  # another clause would fare no better


@dataclass(frozen=True)
class Estimate:
    """What a run is expected to take: clauses, and tokens sent and received, about."""

    clauses: int
    tokens_in: int
    tokens_out: int

    def cost(self, price_in: float, price_out: float) -> float:
        """In the currency of the prices, which are per million tokens."""
        return (self.tokens_in * price_in + self.tokens_out * price_out) / 1e6


@dataclass
class Written:
    """What a run did: clauses annotated, those skipped with the reasons, tokens as the server counted."""

    done: list[str] = field(default_factory=list)
    skipped: list[tuple[str, list[Finding]]] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)


def open_model(home: Home, spec: str) -> tuple[str, BaseChatModel]:
    """A chat model and its name by "provider:name", or the one of the settings for "" and "default".

    Raises:
        ModelError: connections are forbidden, the model is not known, or its package or key is missing.
    """
    wanted = require_model(home, "" if spec.strip().lower() == "default" else spec)
    try:
        return str(wanted), make_model(wanted, home.config.llm)
    except MissingKey as missing:
        raise ModelError(
            "No key was found for the chat model.",
            f"Set {missing}.",
            what_zh="没有找到对话模型的密钥。",
            hint_zh=f"请设置 {missing}。",
        ) from None


def unannotated(corpus: Corpus, documents: Collection[str] = (), limit: int | None = None) -> list[Clause]:
    """The clauses that want an annotation and have none that fits, in reading order."""
    chosen = [
        clause
        for clause in corpus.clauses.values()
        if wants_annotation(clause)
        and clause.id not in corpus.annotations
        and clause.text.text.strip()
        and (not documents or clause.document in documents)
    ]
    return chosen if limit is None else chosen[:limit]


def estimate(corpus: Corpus, clauses: Sequence[Clause], tags: Collection[str]) -> Estimate:
    """The tokens of a run, counted as a character of Chinese or four of anything else for one token."""
    sent = sum(tokens(SYSTEM) + FORM + tokens(task(corpus, clause, tags)) for clause in clauses)
    received = sum(NOTE_SHORT if is_short(clause) else NOTE for clause in clauses)
    return Estimate(len(clauses), round(sent * AGAIN), round(received * AGAIN))


def tokens(text: str) -> int:
    """About how many tokens a text is, whichever model reads it."""
    han = sum(map(is_han, text))
    return han + (len(text) - han + 3) // 4


def write(
    model: BaseChatModel,
    corpus: Corpus,
    root: Path,
    clauses: Sequence[Clause],
    tags: Collection[str],
    *,
    tracing: bool = False,
    told: Callable[[str, bool], None] = lambda clause, good: None,
) -> Written:
    """Annotates `clauses` and writes each into `root` as soon as it is finished.

    Args:
        tracing: whether LangSmith's variables may send prompts away.
        told: called after each clause with its id and whether it was annotated.

    Raises:
        ModelError: the server refuses or gives nothing; what is finished is kept.
        OSError: an annotation cannot be written.
    """
    from langsmith import tracing_context

    from policybot.annotate.draft import ClauseNote

    # The schema as a function to call is what the most providers understand.
    asked = model.with_structured_output(ClauseNote, method="function_calling", include_raw=True)
    result = Written()
    seen = _questions(corpus)
    silent = 0
    for clause in clauses:
        messages: list[Any] = [("system", SYSTEM), ("human", task(corpus, clause, tags))]
        problems: list[Finding] = []
        note: Annotation | None = None
        for _ in range(2):
            try:
                with tracing_context(enabled=None if tracing else False):
                    reply: Any = asked.invoke(messages)
            except Exception as error:  # clients raise what they like; `classify` knows what it means
                kind = classify(error).kind
                if kind in _FATAL:
                    raise _stopped(kind, len(result.done)) from None
                problems = [Finding("server", clause.id, kind)]
                continue
            result.usage = _add(result.usage, reply["raw"])
            note, problems = _judge(reply, corpus, clause, tags, seen)
            if note is not None:
                break
            messages = [*messages[:2], ("human", again(problems))]
        silent = silent + 1 if problems and problems[0].kind == "server" else 0
        if note is not None:
            put(root, clause, note)
            result.done.append(clause.id)
            seen.update({(clause.document, bare(q)): clause.id for q in _asked(note)})
        else:
            result.skipped.append((clause.id, problems))
        told(clause.id, note is not None)
        if silent >= GIVE_UP:
            raise _stopped(problems[0].detail, len(result.done))
    return result


def _judge(
    reply: Any, corpus: Corpus, clause: Clause, tags: Collection[str], seen: dict[tuple[str, str], str]
) -> tuple[Annotation | None, list[Finding]]:
    """The annotation, or what is wrong with it."""
    parsed = reply["parsed"]
    if parsed is None:
        error = reply["parsing_error"]
        return None, [Finding("form", clause.id, _short(error) if error else "the function was not called")]
    note: Annotation = parsed.annotation(clause.id)
    if not (note.title_zh and note.title_en and note.gist_en):
        return None, [Finding("form", clause.id, "a text is blank")]
    problems, _ = check_one(corpus, clause, note)
    problems += [Finding("tag", clause.id, tag) for tag in note.tags if tag not in tags]
    problems += [
        Finding("shared", clause.id, question, other)
        for question in _asked(note)
        if (other := seen.get((clause.document, bare(question)), clause.id)) != clause.id
    ]
    return (None, problems) if problems else (note, [])


def _short(error: BaseException) -> str:
    """What is wrong with the form, by field; never the server's own words."""
    fields = getattr(error, "errors", None)
    if callable(fields):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fields()[:5])
    return f"the arguments are no JSON ({type(error).__name__})"


def _asked(note: Annotation) -> tuple[str, ...]:
    chosen = (*note.questions_zh[:MOST], *note.questions_en[:MOST])
    return (*chosen, *(question for pair in note.pairs[:MOST] for question in pair))


def _questions(corpus: Corpus) -> dict[tuple[str, str], str]:
    return {
        (corpus.clauses[name].document, bare(question)): name
        for name, note in corpus.annotations.items()
        for question in _asked(note)
    }


def _add(usage: Usage, message: Any) -> Usage:
    cost = getattr(message, "usage_metadata", None) or {}
    return Usage(
        usage.calls + 1,
        usage.input_tokens + int(cost.get("input_tokens") or 0),
        usage.output_tokens + int(cost.get("output_tokens") or 0),
    )


_KINDS_ZH = {
    "key": "密钥被拒绝", "model": "没有这个模型或地址", "request": "请求被拒绝", "unreachable": "无法连接",
    "rate": "请求过多", "timeout": "超时", "server": "服务器出错", "broken": "回复中断",
}  # fmt: skip
_KINDS_EN = {
    "key": "the key was refused", "model": "no such model or address", "request": "the request was refused",
    "unreachable": "no connection", "rate": "too many requests", "timeout": "no reply in time",
    "server": "the server failed", "broken": "the reply broke off",
}  # fmt: skip


def _stopped(kind: str, done: int) -> ModelError:
    return ModelError(
        f"The chat model gave no annotation ({_KINDS_EN.get(kind, kind)}); {done} were finished and kept.",
        "Run the command again to go on.",
        what_zh=f"对话模型没有给出注解（{_KINDS_ZH.get(kind, kind)}）；已完成并保存 {done} 条。",
        hint_zh="重新运行该命令即可继续。",
    )
