"""Prompts for chat models that use the tools; their texts are in `data/prompts.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from policybot.serve.reply import Filter, Language, Name, Question, spoken

if TYPE_CHECKING:
    from mcp.server.mcpserver.prompts import Prompt

_DATA = Path(__file__).parent / "data" / "prompts.toml"
DocumentName = Annotated[Name, Field(description="A document, by any name. / 文献的任意名称。")]


def answer_with_citations(
    question: Annotated[Question, Field(description="The question. / 问题。")], language: Language = "auto"
) -> str:
    """Answer from the documents only."""
    return _text("answer_with_citations", language, question=question)


def compare_documents(
    first: DocumentName,
    second: DocumentName,
    topic: Annotated[Filter, Field(description="What to compare. / 比较的主题。")] = "",
    language: Language = "auto",
) -> str:
    """What two documents say on a topic."""
    general = {"zh": "目标、重点任务和保障措施", "en": "targets, tasks and safeguards"}
    tongue = spoken(language, first, second, topic)
    return _text("compare_documents", tongue, first=first, second=second, topic=topic or general[tongue])


def explain_rank(
    city: Annotated[Name, Field(description="A city. / 城市。")], language: Language = "auto"
) -> str:
    """Why a city stands where it stands."""
    return _text("explain_rank", language, city=city)


PROMPTS: tuple[Callable[..., str], ...] = (answer_with_citations, compare_documents, explain_rank)


def prompts() -> list[Prompt]:
    """The prompts, ready to be registered."""
    from mcp.server.mcpserver.prompts import Prompt

    return [
        Prompt.from_function(
            function,
            title=texts()[function.__name__]["title"],
            description=texts()[function.__name__]["description"],
        )
        for function in PROMPTS
    ]


@cache
def texts() -> dict[str, dict[str, str]]:
    """Name → title, description and the text in both languages."""
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def _text(name: str, language: str, **values: str) -> str:
    return texts()[name][spoken(language, *values.values())].strip().format(**values)
