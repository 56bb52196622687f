"""What counts as a question: text that can be read, is not blank and is not a whole document."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from policybot.errors import PolicybotError
from policybot.patterns import lazy_pattern

MAX_CHARACTERS = 2000
_BLANKS = lazy_pattern(r"\s+")
_INVISIBLE = lazy_pattern("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")


def clean_question(question: object) -> str:
    """The question as one line: surrounding and repeated white space and invisible marks removed.

    Raises:
        PolicybotError: not text, empty or blank, over `MAX_CHARACTERS`, or with control characters
            (binary data); one sentence in English and in Chinese.
    """
    if not isinstance(question, str):
        raise _refusal(
            "The question is not text.",
            "Ask in words, in Chinese or English.",
            "问题不是文本。",
            "请用中文或英文的文字提问。",
        )
    if len(question) > MAX_CHARACTERS:
        raise _refusal(
            f"The question has {len(question):,} characters, more than {MAX_CHARACTERS:,}.",
            "Ask one shorter question at a time.",
            f"问题有 {len(question):,} 个字符，超过 {MAX_CHARACTERS:,} 个。",
            "请一次只问一个较短的问题。",
        )
    bad = next((c for c in question if _unreadable(c)), None)
    if bad is not None:
        raise _refusal(
            f"The question holds a character that is not text (U+{ord(bad):04X}).",
            "Ask in plain words; files and binary data cannot be questions.",
            f"问题含有非文字字符（U+{ord(bad):04X}）。",
            "请用文字提问，文件和二进制数据不能作为问题。",
        )
    text = _BLANKS.sub(" ", _INVISIBLE.sub("", question)).strip()
    if not text:
        raise _refusal(
            "The question is empty.",
            "Type a question, for example: what is the 2025 target for forest coverage?",
            "问题为空。",
            "请输入问题，例如：2025年森林覆盖率目标是多少？",
        )
    if not any(c.isalnum() for c in text):
        raise _refusal(
            "The question holds no words.",
            "Type a question in Chinese or English.",
            "问题中没有文字。",
            "请用中文或英文输入问题。",
        )
    return text


def clean_history(history: Sequence[Mapping[str, object]] | None) -> tuple[str, ...]:
    """The earlier questions of a conversation, oldest first.

    Each turn is a mapping with "question", or a chat message with "role" and "content", of which
    those of the role "user" are questions.

    Raises:
        PolicybotError: a turn that is neither.
    """
    questions = []
    for turn in history or ():
        if not isinstance(turn, Mapping) or not ({"question", "content"} & set(turn)):
            raise _refusal(
                'A turn of the history is neither {"question": …} nor {"role": …, "content": …}.',
                "Pass the earlier questions in one of these forms.",
                '历史记录中有一项既不是 {"question": …} 也不是 {"role": …, "content": …}。',
                "请按其中一种形式提供之前的问题。",
            )
        if "question" in turn:
            text = turn["question"]
        elif turn.get("role", "user") == "user":
            text = turn["content"]
        else:
            continue
        if isinstance(text, str) and text.strip():
            questions.append(clean_question(text))
    return tuple(questions)


def last_answer(history: Sequence[Mapping[str, object]] | None) -> str:
    """The answer that the last turn of a conversation got, "" where the history holds none."""
    turn = history[-1] if history else {}
    text = turn.get("answer") if "question" in turn else turn.get("content")
    asked = "question" not in turn and turn.get("role", "user") == "user"
    return text if isinstance(text, str) and not asked else ""


def _unreadable(char: str) -> bool:
    return char == "\ufffd" or (not char.isspace() and unicodedata.category(char) in {"Cc", "Cs", "Cn"})


def _refusal(what: str, hint: str, what_zh: str, hint_zh: str) -> PolicybotError:
    return PolicybotError(what, hint, what_zh=what_zh, hint_zh=hint_zh)
