"""What is wrong with a question set, and which part of it is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policybot.errors import PolicybotError
from policybot.evaluation.qaset import QuestionSetError
from policybot.evaluation.setcheck import check_sets
from policybot.evaluation.sets import (
    find_set,
    is_held_out,
    load_sets,
    parse_filters,
    select,
    shipped_folder,
)
from policybot.index.open import Index

FOREST: dict[str, Any] = {
    "id": "q1", "language": "zh", "type": "value", "question": "2030年森林覆盖率目标是多少？", "answerable": True,
    "gold": [[{"quote": "全国森林覆盖率达到25%左右"}]], "must_contain": [["25%"]], "must_not_contain": [],
}  # fmt: skip


def write(file: Path, *records: Any) -> str:
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def kinds(names: list[str], index: Index) -> list[tuple[str, tuple[str, ...]]]:
    return [(f.kind, f.where) for f in check_sets(names, index.corpus).findings]


def test_a_good_set_has_nothing_wrong(tmp_path: Path, index: Index) -> None:
    report = check_sets([write(tmp_path / "mine.jsonl", FOREST)], index.corpus)
    assert not report.findings
    assert report.sets[0].shares["document"] == {"action-plan-2030": 1}
    assert report.sets[0].shares["type"] == {"value": 1}


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        (FOREST | {"id": "q2", "question": "２０３０年 森林覆盖率目标，是多少"}, "duplicate"),
        (FOREST | {"id": "q2", "question": "到2030年森林覆盖率目标是多少？"}, "near"),
    ],
)
def test_repeated_questions_are_found(
    tmp_path: Path, index: Index, second: dict[str, Any], kind: str
) -> None:
    one = [write(tmp_path / "one.jsonl", FOREST, second)]
    assert kinds(one, index) == [(kind, ("one:q1", "one:q2"))]
    apart = [write(tmp_path / "a.jsonl", FOREST), write(tmp_path / "b.jsonl", second)]
    assert kinds(apart, index) == [(kind, ("a:q1", "b:q2"))]
    assert [f.wrong for f in check_sets(one, index.corpus).findings] == [kind == "duplicate"]


def test_the_same_words_after_other_turns_are_another_question(tmp_path: Path, index: Index) -> None:
    turns = [{"question": "森林蓄积量呢？", "answer": "190亿立方米"}]
    assert not kinds([write(tmp_path / "m.jsonl", FOREST, FOREST | {"id": "q2", "history": turns})], index)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"gold": [[{"quote": "全国森林覆盖率达到26%左右"}]]}, "gold"),
        ({"gold": [[{"quote": "全国森林覆盖率达到25%左右"}, {"quote": "新型储能装机容量"}]]}, "clause"),
        ({"question": "2030年森林覆盖率是25%吗？"}, "given-away"),
    ],
)
def test_bad_questions_are_found(tmp_path: Path, index: Index, change: dict[str, Any], kind: str) -> None:
    found = kinds([write(tmp_path / "m.jsonl", FOREST | change)], index)
    assert {k for k, _ in found} == {kind}


def test_every_bad_line_is_told_and_the_others_are_still_checked(tmp_path: Path, index: Index) -> None:
    file = write(
        tmp_path / "m.jsonl", "{", FOREST, FOREST | {"id": "q2", "type": "riddle"}, FOREST,
        FOREST | {"id": "q3", "colour": 1},
    )  # fmt: skip
    report = check_sets([file], index.corpus)
    lines = [f.detail for f in report.findings if f.kind == "line"]
    assert [line.split(":")[0].rsplit(" ", 1)[1] for line in lines] == ["1", "3", "4", "5"]
    assert report.sets[0].questions == 1
    assert all(f.detail_zh for f in report.findings)


def test_clauses_shared_with_a_held_out_set_are_found_in_any_copy(
    tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The white paper repeats the plan's target in a table: a copy is the same clause."""
    held = write(tmp_path / "test9.jsonl", FOREST | {"question": "Forest cover by 2030?"})
    dev = write(tmp_path / "dev9.jsonl", FOREST | {"id": "d1"})
    monkeypatch.setattr("policybot.evaluation.sets.shipped_folder", lambda: tmp_path)
    report = check_sets([dev, held], index.corpus)
    assert report.shared_clauses == 1
    assert report.findings[0].where == ("dev9:d1", "test9:q1")
    assert not report.wrong


def test_questions_that_an_annotation_repeats_are_counted(tmp_path: Path, index: Index) -> None:
    asked = next(iter(index.corpus.annotations.values())).questions_zh[0]
    report = check_sets(
        [write(tmp_path / "m.jsonl", FOREST, FOREST | {"id": "b", "question": asked})], index.corpus
    )
    assert report.sets[0].near_annotation >= 1


# Sets and filters ---------------------------------------------------------------------------------


def test_sets_are_found_by_path_or_name_and_the_held_out_one_is_known() -> None:
    folder = shipped_folder()
    assert folder is not None
    assert find_set("dev") == folder / "dev.jsonl"
    assert [is_held_out(folder / f"{n}.jsonl") for n in ("dev", "test")] == [False, True]
    names = sorted(file.stem for file in folder.glob("*.jsonl"))
    assert {"dev", "dev9", "test"} <= set(names)
    with pytest.raises(PolicybotError, match=", ".join(names)):
        find_set("deev")


def test_several_sets_are_one_and_ids_stand_once(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.jsonl", FOREST), write(tmp_path / "b.jsonl", FOREST | {"id": "q2"})
    both = load_sets([a, b, a])
    assert (both.name, both.names, len(both.items)) == ("a+b", ("a", "b"), 2)
    assert both.sha256 != load_sets([b, a]).sha256
    with pytest.raises(QuestionSetError, match=r"b\.jsonl.*stands in the set a too"):
        load_sets([a, write(tmp_path / "b.jsonl", FOREST)])
    with pytest.raises(QuestionSetError, match="no question"):
        load_sets([write(tmp_path / "empty.jsonl")])


def test_filters_choose_questions(tmp_path: Path) -> None:
    other = FOREST | {"id": "q2", "type": "list", "language": "en", "set": "late"}
    items = load_sets([write(tmp_path / "a.jsonl", FOREST, other)]).items
    documents = {"q1": ("plan",), "q2": ("opinions",)}
    for given, ids in (
        ([], ["q1", "q2"]),
        (["type=list"], ["q2"]),
        (["type=list", "type=value"], ["q1", "q2"]),
        (["language=zh"], ["q1"]),
        (["document=opinions"], ["q2"]),
        (["answerable=true", "id=q1"], ["q1"]),
        (["set=late"], ["q2"]),
        (["set=a"], ["q1", "q2"]),
    ):
        assert [i.question.id for i in select(items, parse_filters(given), documents)] == ids, given
    with pytest.raises(PolicybotError, match="No question"):
        select(items, parse_filters(["type=list", "language=zh"]), documents)


@pytest.mark.parametrize("text", ["type", "type=", "=list", "colour=red", "type=riddle", "language=fr"])
def test_filters_that_cannot_be_used(text: str) -> None:
    with pytest.raises(PolicybotError, match="filter"):
        parse_filters([text])
