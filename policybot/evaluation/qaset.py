"""Question sets: reading `evals/*.jsonl`, and what every line must hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from policybot.errors import PolicybotError

LANGUAGES = ("zh", "en")
STATUSES = ("answered", "not_found", "clarify")
NEEDS = ("any", "all")
QUALIFIERS = ("以上", "左右", "以内", "以下", "力争", "原则上", "至少", "不低于", "不超过", "超过", "约")
TYPES = (
    "ambiguous",
    "city",
    "clause",
    "comparison",
    "definition",
    "explanation",
    "fact",
    "false_premise",
    "followup",
    "keywords",
    "kyoto",
    "list",
    "meta",
    "missing",
    "mixed",
    "multistep",
    "paraphrase",
    "rank",
    "responsibility",
    "table",
    "timeline",
    "traditional",
    "typo",
    "unanswerable",
    "value",
    "variant",
    "yesno",
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim stretch of a source; `clauses` are ids of the clauses it may be found in, if known."""

    quote: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question set; `evals/README.md` documents the fields.

    `gold` holds groups; the quotes of a group stand together in one clause. `gold_need` says whether
    one group is enough ("any": other places that say the same) or every group is needed ("all").
    `must_contain` holds groups of alternatives: the answer must contain one of each group.
    """

    id: str
    language: Literal["zh", "en"]
    type: str
    question: str
    answerable: bool
    history: tuple[Turn, ...] = ()
    gold: tuple[tuple[Quote, ...], ...] = ()
    gold_need: Literal["any", "all"] = "any"
    must_contain: tuple[tuple[str, ...], ...] = ()
    must_not_contain: tuple[str, ...] = ()
    qualifier: str = ""
    accept_status: tuple[str, ...] = ()
    set: str = ""
    note: str = ""

    @property
    def accepted(self) -> tuple[str, ...]:
        """Statuses that count as right: `accept_status`, else what `answerable` implies."""
        return self.accept_status or (("answered",) if self.answerable else ("not_found",))

    @property
    def batch(self) -> dict[str, Any]:
        """The line `policybot ask --batch` reads for this question."""
        line: dict[str, Any] = {"id": self.id, "question": self.question}
        if self.history:
            line["history"] = [{"question": t.question, "answer": t.answer} for t in self.history]
        return line


class QuestionSetError(PolicybotError):
    """A question set cannot be used: names file, line and field."""

    def __init__(self, file: Path, line: int, why: str, why_zh: str) -> None:
        place = f"{file.name}, line {line}" if line else file.name
        place_zh = f"{file.name} 第 {line} 行" if line else file.name
        super().__init__(
            f"The question set is wrong at {place}: {why}.",
            "evals/README.md documents the fields.",
            what_zh=f"问题集有误（{place_zh}）：{why_zh}。",
            hint_zh="字段说明见 evals/README.md。",
        )


def load_questions(file: Path) -> list[Question]:
    """The questions of a JSONL file, in order.

    Raises:
        QuestionSetError: the file cannot be read, a line is not JSON, a field is missing, unknown or of
            the wrong kind, or an id stands twice.
    """
    questions, errors = read_questions(file)
    if errors:
        raise errors[0]
    return questions


def read_questions(file: Path) -> tuple[list[Question], list[QuestionSetError]]:
    """The questions of a JSONL file that can be read, and what is wrong with its other lines.

    Raises:
        QuestionSetError: the file cannot be read.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise QuestionSetError(file, 0, f"it cannot be read ({reason})", f"无法读取（{reason}）") from error
    except UnicodeDecodeError as error:
        raise QuestionSetError(file, 0, "it is not UTF-8 text", "不是 UTF-8 文本") from error
    questions: list[Question] = []
    errors: list[QuestionSetError] = []
    seen: dict[str, int] = {}
    # Not splitlines(): a line separator inside a question (U+2028) does not end a JSON line.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            question = _Line(file, number).read(line)
            if question.id in seen:
                first = seen[question.id]
                raise QuestionSetError(
                    file,
                    number,
                    f'the id "{question.id}" stands in line {first} already',
                    f"标识“{question.id}”已在第 {first} 行出现",
                )
        except QuestionSetError as error:
            errors.append(error)
            continue
        seen[question.id] = number
        questions.append(question)
    return questions, errors


def read_question(record: Mapping[str, Any], file: Path = Path("question"), number: int = 0) -> Question:
    """One question from the object of its line.

    Raises:
        QuestionSetError: as `load_questions`.
    """
    return _Line(file, number).question(record)


def check_quotes(questions: Iterable[Question], sources: Iterable[str]) -> list[str]:
    """Ids and quotes that stand in none of the source texts (white space aside), as readable lines."""
    squashed = ["".join(text.split()) for text in sources]
    return [
        f"{question.id}: {item.quote}"
        for question in questions
        for group in question.gold
        for item in group
        if not any("".join(item.quote.split()) in text for text in squashed)
    ]


_FIELDS = {
    "id", "language", "type", "question", "history", "answerable", "gold", "gold_need", "must_contain",
    "must_not_contain", "qualifier", "accept_status", "set", "note",
}  # fmt: skip
_REQUIRED = ("id", "language", "type", "question", "answerable", "gold", "must_contain", "must_not_contain")


class _Line:
    """Reads one line; every complaint names the file and the line."""

    def __init__(self, file: Path, number: int) -> None:
        self.file = file
        self.number = number

    def read(self, line: str) -> Question:
        try:
            data = json.loads(line)
        except ValueError as error:
            raise self.wrong(f"it is not JSON ({error})", f"不是 JSON（{error}）") from error
        if not isinstance(data, dict):
            raise self.wrong("it is not a JSON object", "不是 JSON 对象")
        return self.question(data)

    def question(self, data: Mapping[str, Any]) -> Question:
        for name in _REQUIRED:
            if name not in data:
                raise self.wrong(f'"{name}" is missing', f"缺少“{name}”")
        for name in data:
            if name not in _FIELDS:
                raise self.wrong(f'"{name}" is no field', f"没有“{name}”这个字段")
        question = Question(
            id=self.text(data, "id"),
            language=self.one_of(data, "language", LANGUAGES),  # type: ignore[arg-type]
            type=self.one_of(data, "type", TYPES),
            question=self.text(data, "question"),
            answerable=self.truth(data, "answerable"),
            history=tuple(self.turn(t) for t in self.items(data, "history")),
            gold=tuple(self.group(g) for g in self.items(data, "gold")),
            gold_need=self.one_of(data, "gold_need", NEEDS, "any"),  # type: ignore[arg-type]
            must_contain=tuple(self.words(g, "must_contain") for g in self.items(data, "must_contain")),
            must_not_contain=tuple(
                self.words(self.items(data, "must_not_contain"), "must_not_contain", True)
            ),
            qualifier=self.one_of(data, "qualifier", QUALIFIERS, ""),
            accept_status=tuple(self.words(self.items(data, "accept_status"), "accept_status", True)),
            set=str(data.get("set", "")),
            note=str(data.get("note", "")),
        )
        self.check(question)
        return question

    def check(self, question: Question) -> None:
        """Rules that span fields."""
        for status in question.accept_status:
            if status not in STATUSES:
                raise self.wrong(f'"{status}" is no status', f"没有“{status}”这个状态")
        wants_answer = question.answerable and "answered" in question.accepted
        if wants_answer and not (question.gold and question.must_contain):
            raise self.wrong(
                'an answerable question needs "gold" and "must_contain"',
                "可回答的问题必须有“gold”和“must_contain”",
            )
        if not question.answerable and question.gold:
            raise self.wrong("an unanswerable question has no gold", "不可回答的问题不应有“gold”")

    def wrong(self, why: str, why_zh: str) -> QuestionSetError:
        return QuestionSetError(self.file, self.number, why, why_zh)

    def text(self, data: Mapping[str, Any], name: str) -> str:
        value = data[name]
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f'"{name}" must be text and not blank', f"“{name}”必须是非空文本")
        return value

    def truth(self, data: Mapping[str, Any], name: str) -> bool:
        value = data[name]
        if not isinstance(value, bool):
            raise self.wrong(f'"{name}" must be true or false', f"“{name}”必须是 true 或 false")
        return value

    def one_of(self, data: Mapping[str, Any], name: str, allowed: tuple[str, ...], default: str = "") -> str:
        value = data.get(name, default)
        if value not in allowed and (name in _REQUIRED or value != default):
            choice = ", ".join(allowed)
            raise self.wrong(f'"{name}" is {value!r}, not one of {choice}', f"“{name}”只能是 {choice} 之一")
        return str(value)

    def items(self, data: Mapping[str, Any], name: str) -> list[Any]:
        value = data.get(name, [])
        if not isinstance(value, list):
            raise self.wrong(f'"{name}" must be a list', f"“{name}”必须是列表")
        return value

    def words(self, value: Any, name: str, may_be_empty: bool = False) -> tuple[str, ...]:
        good = isinstance(value, list) and all(isinstance(w, str) and w.strip() for w in value)
        if not good or not (value or may_be_empty):
            raise self.wrong(f'"{name}" must hold lists of texts', f"“{name}”必须由文本列表组成")
        return tuple(value)

    def turn(self, value: Any) -> Turn:
        good = isinstance(value, dict) and value.keys() == {"question", "answer"}
        if not good or not all(isinstance(v, str) for v in value.values()):
            raise self.wrong(
                '"history" must hold {"question": …, "answer": …}',
                "“history”必须由 {“question”, “answer”} 组成",
            )
        return Turn(value["question"], value["answer"])

    def group(self, value: Any) -> tuple[Quote, ...]:
        if not isinstance(value, list) or not value:
            raise self.wrong('a group of "gold" must be a list of quotes', "“gold”的每一组必须是引文列表")
        return tuple(self.quote(item) for item in value)

    def quote(self, value: Any) -> Quote:
        good = isinstance(value, dict) and value.keys() <= {"quote", "clauses"}
        if not good or not isinstance(value.get("quote"), str) or not value["quote"].strip():
            raise self.wrong('"gold" must hold {"quote": …}', "“gold”必须由 {“quote”: …} 组成")
        return Quote(value["quote"], self.words(value.get("clauses", []), "clauses", True))
