"""Why a call is refused, in one sentence and in the language of its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from policybot.cli.messages import say
from policybot.cli.wrap import one_line
from policybot.serve.reply import spoken

if TYPE_CHECKING:
    from pydantic import ValidationError

# pydantic's kinds of error: our sentence, and which part of the error's context it names.
_KINDS = {
    "missing": ("argument-missing", ""),
    "string_type": ("argument-string", ""),
    "int_type": ("argument-int", ""),
    "int_parsing": ("argument-int", ""),
    "int_from_float": ("argument-int", ""),
    "int_parsing_size": ("argument-int", ""),
    "bool_type": ("argument-bool", ""),
    "bool_parsing": ("argument-bool", ""),
    "list_type": ("argument-list", ""),
    "literal_error": ("argument-choice", "expected"),
    "string_too_short": ("argument-short", ""),
    "string_too_long": ("argument-long", "max_length"),
    "too_short": ("argument-few", "min_length"),
    "too_long": ("argument-many", "max_length"),
    "greater_than_equal": ("argument-least", "ge"),
    "less_than_equal": ("argument-most", "le"),
}
_SHOWN = 80  # characters of a name that the caller gave


def language_for(arguments: Mapping[str, Any]) -> str:
    """The language to refuse in: the one asked for, else that of the texts given."""
    texts = [v[:1000] for v in arguments.values() if isinstance(v, str)]
    return spoken(str(arguments.get("language", "")), *texts)


def unknown(key: str, name: str, known: Iterable[str], language: str, **more: str) -> str:
    """A name that is not there, with those that are."""
    return say(key, language, name=one_line(name)[:_SHOWN], known=", ".join(known), **more)


def wrong_arguments(tool: str, error: ValidationError, language: str) -> str:
    """The first thing wrong with a call's arguments."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "?"
    key, limit = _KINDS.get(first["type"], ("argument-other", ""))
    context = first.get("ctx") or {}
    return say(
        key,
        language,
        tool=tool,
        name=name,
        limit=str(context.get(limit, "")),
        detail=one_line(str(first["msg"]))[:_SHOWN],
    )
