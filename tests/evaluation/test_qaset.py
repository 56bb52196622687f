"""Question sets: the committed ones are sound, and every kind of mistake names file and line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.evaluation.gold import GoldFinder
from policybot.evaluation.qaset import QuestionSetError, Quote, check_quotes, load_questions

EVALS = Path(__file__).resolve().parents[2] / "evals"
SETS = ("dev", "dev2", "dev3", "dev4", "dev5", "dev6", "dev7", "dev8", "dev9", "dev10", "dev11", "test")

GOOD: dict[str, Any] = {
    "id": "q1",
    "language": "zh",
    "type": "value",
    "question": "2030年森林覆盖率要达到多少？",
    "answerable": True,
    "gold": [[{"quote": "森林覆盖率达到25%左右"}]],
    "must_contain": [["25%"]],
    "must_not_contain": [],
    "qualifier": "左右",
}


def write(folder: Path, *records: Any) -> Path:
    file = folder / "set.jsonl"
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


class Finder(GoldFinder):
    """Looks for each group of quotes once, however many tests ask for it."""

    @cached_property
    def _known(self) -> dict[tuple[Quote, ...], frozenset[str]]:
        return {}

    def group(self, quotes: Sequence[Quote]) -> frozenset[str]:
        key = tuple(quotes)
        if key not in self._known:
            self._known[key] = super().group(quotes)
        return self._known[key]


@pytest.fixture(scope="module")
def finder(corpus: Corpus) -> GoldFinder:
    return Finder({c.id: c.text.text for c in corpus.clauses.values()})


@pytest.mark.parametrize("name", SETS)
def test_committed_sets_are_read_and_every_quote_is_verbatim(name: str, corpus: Corpus) -> None:
    questions = load_questions(EVALS / f"{name}.jsonl")
    sources = [source.text for source in corpus.sources.values()]
    assert len(questions) >= 150
    assert check_quotes(questions, sources) == []


@pytest.mark.parametrize("name", SETS)
def test_gold_of_committed_sets_stands_in_clauses(name: str, finder: GoldFinder) -> None:
    missing = {q.id: finder.missing(q) for q in load_questions(EVALS / f"{name}.jsonl")}
    assert {k: v for k, v in missing.items() if v} == {}


@pytest.mark.parametrize("name", SETS)
def test_clause_ids_beside_quotes_are_those_the_quotes_stand_in(name: str, finder: GoldFinder) -> None:
    """When this fails, the clause tree has changed: run evals/annotate_gold.py."""
    stale = [
        f"{q.id}: {item.quote}"
        for q in load_questions(EVALS / f"{name}.jsonl")
        for group in q.gold
        for item in group
        if set(item.clauses) != finder.group(group)
    ]
    assert stale == []


def test_committed_sets_cover_both_languages_and_many_types() -> None:
    for name in ("dev2", "test"):
        questions = load_questions(EVALS / f"{name}.jsonl")
        languages = Counter(q.language for q in questions)
        assert min(languages.values()) >= 0.45 * len(questions)
        assert len({q.type for q in questions}) >= 20
        assert sum(not q.answerable for q in questions) >= 30


def test_held_out_questions_are_about_other_clauses(finder: GoldFinder) -> None:
    """No clause that answers a held-out question answers one of the others, but for shared tables' rows
    and the copies of one sentence in the white paper's summaries."""
    used = {
        clause
        for name in ("dev", "dev2", "dev3", "dev4", "dev5", "dev6", "dev7", "dev8", "dev9", "dev10", "dev11")
        for q in load_questions(EVALS / f"{name}.jsonl")
        for unit in finder.units(q)
        for clause in unit
    }
    shared = [
        q.id
        for q in load_questions(EVALS / "test.jsonl")
        if any(unit and unit <= used for unit in finder.units(q))
    ]
    assert shared == []


def test_no_question_stands_in_two_sets() -> None:
    asked = Counter(
        q.question for name in SETS for q in load_questions(EVALS / f"{name}.jsonl") if not q.history
    )
    assert [question for question, count in asked.items() if count > 1] == []


def test_a_good_line_is_read(tmp_path: Path) -> None:
    (question,) = load_questions(write(tmp_path, GOOD))
    assert question.gold[0][0].quote == "森林覆盖率达到25%左右"
    assert question.accepted == ("answered",)
    assert question.batch == {"id": "q1", "question": GOOD["question"]}


def test_history_goes_into_the_batch_line(tmp_path: Path) -> None:
    turn = {"question": "2025年呢？", "answer": "24.1%"}
    (question,) = load_questions(write(tmp_path, GOOD | {"history": [turn]}))
    assert question.batch["history"] == [turn]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"language": "fr"}, "language"),
        ({"type": "riddle"}, "type"),
        ({"question": " "}, "question"),
        ({"answerable": "yes"}, "answerable"),
        ({"gold": []}, "gold"),
        ({"gold": ["x"]}, "gold"),
        ({"gold": [[{"quote": ""}]]}, "gold"),
        ({"gold_need": "some"}, "gold_need"),
        ({"must_contain": [[]]}, "must_contain"),
        ({"must_contain": ["25%"]}, "must_contain"),
        ({"must_not_contain": "26%"}, "must_not_contain"),
        ({"qualifier": "maybe"}, "qualifier"),
        ({"accept_status": ["fine"]}, "fine"),
        ({"history": ["2025?"]}, "history"),
        ({"golden": 1}, "golden"),
        ({"answerable": False}, "unanswerable"),
        ({"id": 7}, "id"),
    ],
)
def test_mistakes_name_file_line_and_field(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    file = write(tmp_path, GOOD, GOOD | {"id": "q2"} | change)
    with pytest.raises(QuestionSetError) as caught:
        load_questions(file)
    assert "set.jsonl, line 2" in caught.value.what
    assert words in caught.value.what
    assert "第 2 行" in caught.value.what_zh


@pytest.mark.parametrize("field", ["id", "language", "gold", "must_contain", "answerable"])
def test_missing_fields_are_named(tmp_path: Path, field: str) -> None:
    record = {k: v for k, v in GOOD.items() if k != field}
    with pytest.raises(QuestionSetError, match=f'line 1: "{field}" is missing'):
        load_questions(write(tmp_path, record))


def test_ids_stand_once_and_lines_are_json(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match='line 2: the id "q1" stands in line 1'):
        load_questions(write(tmp_path, GOOD, GOOD))
    with pytest.raises(QuestionSetError, match="line 1: it is not JSON"):
        load_questions(write(tmp_path, "{"))
    with pytest.raises(QuestionSetError, match="cannot be read"):
        load_questions(tmp_path / "none.jsonl")


def test_a_quote_that_is_not_verbatim_is_found(tmp_path: Path) -> None:
    questions = load_questions(write(tmp_path, GOOD))
    assert check_quotes(questions, ["森林覆盖率达到 25%\n左右"]) == []
    assert check_quotes(questions, ["森林覆盖率达到26%左右"]) == ["q1: 森林覆盖率达到25%左右"]
