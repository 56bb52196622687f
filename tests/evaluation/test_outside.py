"""Public formats: what is read, and one clear sentence for what cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policybot.evaluation.outside import OutsideError, read_outside
from policybot.evaluation.spans import exact_match, f1, holds

SAMPLE = Path(__file__).parent / "data" / "everyday.json"
CORPUS = (
    '{"_id": "a", "title": "Harbour", "text": "Two piers."}\n{"_id": "b", "title": "", "text": "图书馆。"}\n'
)
QUERIES = '{"_id": "1", "text": "How many piers?"}\n{"_id": "2", "text": "never judged"}\n'
QRELS = "query-id\tcorpus-id\tscore\n1\ta\t2\n1\tb\t0\n"


def test_the_sample_has_both_languages_and_verbatim_answers() -> None:
    found = read_outside(SAMPLE, "squad")
    texts = {p.id: p.text for p in found.passages}
    assert len(found.passages) == 36 and len(found.questions) == 116
    for language in ("zh", "en"):
        assert sum(q.language == language for q in found.questions) == 58
        assert sum(q.language == language and not q.answerable for q in found.questions) >= 5
    for question in found.questions:
        for answer in question.answers or ():
            assert all(answer in texts[p] for p in question.relevant)


def test_version_1_of_squad_and_answers_given_twice(tmp_path: Path) -> None:
    squad = _squad(lambda q: q.pop("is_impossible"))
    (tmp_path / "dev.json").write_text(json.dumps(squad), "utf-8")
    (question,) = read_outside(tmp_path, "squad", "dev").questions
    assert question.answers == ("two",) and question.relevant == {"p1": 1}


def write_beir(folder: Path, corpus: str = CORPUS, queries: str = QUERIES, qrels: str = QRELS) -> Path:
    """A BEIR folder."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    (folder / "corpus.jsonl").write_text(corpus, "utf-8")
    (folder / "queries.jsonl").write_text(queries, "utf-8")
    (folder / "qrels" / "test.tsv").write_text(qrels, "utf-8")
    return folder


def test_beir_asks_what_was_judged(tmp_path: Path) -> None:
    found = read_outside(write_beir(tmp_path), "beir")
    (question,) = found.questions
    assert (question.id, dict(question.relevant), question.answers) == ("1", {"a": 2}, None)
    assert [p.id for p in found.passages] == ["a", "b"]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"corpus": "not json\n"}, "corpus.jsonl cannot be used: line 1 is not JSON"),
        ({"corpus": "[1]\n"}, "corpus.jsonl cannot be used: line 1 is not a JSON object"),
        ({"corpus": CORPUS + CORPUS}, "corpus.jsonl cannot be used: line 3 repeats the _id 'a'"),
        ({"corpus": '{"_id": "a"}'}, "corpus.jsonl cannot be used: line 1 has no text"),
        ({"queries": '{"text": "x"}'}, "queries.jsonl cannot be used: line 1 has no _id"),
        ({"qrels": QRELS + "1\tz\t1\n"}, "qrels/test.tsv cannot be used: line 4 names the passage 'z'"),
        ({"qrels": QRELS + "9\ta\t1\n"}, "qrels/test.tsv cannot be used: line 4 names the query '9'"),
        ({"qrels": QRELS + "1 a 1\n"}, "qrels/test.tsv cannot be used: line 4 is not"),
        ({"qrels": "1\ta\t0\n"}, "qrels/test.tsv cannot be used: it judges no passage"),
    ],
)
def test_a_broken_beir_set_is_named_by_file_and_line(tmp_path: Path, broken: Any, says: str) -> None:
    with pytest.raises(OutsideError) as caught:
        read_outside(write_beir(tmp_path, **broken), "beir")
    assert caught.value.sentence("en").startswith(says)
    assert caught.value.sentence("zh").startswith("无法使用")
    assert "\n" not in caught.value.sentence("en")


def _squad(change: Any = lambda q: None) -> dict[str, Any]:
    answer = {"text": "two", "answer_start": 0}
    question = {"id": "q", "question": "How many?", "answers": [answer, answer], "is_impossible": False}
    change(question)
    return {"data": [{"title": "A_b", "paragraphs": [{"context": "two piers", "qas": [question]}]}]}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("{", "set.json cannot be used: it is not JSON"),
        ("[]", "set.json cannot be used: data is not a list of objects"),
        ('{"data": [1]}', "set.json cannot be used: data is not a list of objects"),
        ('{"data": []}', "set.json cannot be used: there is no question in it"),
        ('{"data": [{}]}', "set.json cannot be used: data[0].paragraphs is not a list"),
        ('{"data": [{"paragraphs": [{"qas": []}]}]}', "set.json cannot be used: data[0].paragraphs[0].context is not text"),
        (_squad(lambda q: q.pop("id")), "set.json cannot be used: data[0].paragraphs[0].qas[0] has no id"),
        (_squad(lambda q: q.update(answers=[])), "set.json cannot be used: data[0].paragraphs[0].qas[0] has neither"),
        (_squad(lambda q: q.update(question=" ")), "set.json cannot be used: data[0].paragraphs[0].qas[0].question is not text"),
        (_squad(lambda q: q.update(is_impossible="no")), "set.json cannot be used: data[0].paragraphs[0].qas[0].is_imp"),
        (b"\xff\xfe", "set.json cannot be used: it is not UTF-8"),
        ("[" * 100_000, "set.json cannot be used: it is not JSON"),
    ],
)  # fmt: skip
def test_a_broken_squad_set_is_named_by_place(tmp_path: Path, data: Any, says: str) -> None:
    raw = data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode()
    (tmp_path / "set.json").write_bytes(raw)
    with pytest.raises(OutsideError) as caught:
        read_outside(tmp_path / "set.json", "squad")
    assert caught.value.sentence("en").startswith(says)
    assert caught.value.what_zh != caught.value.what


def test_the_set_is_named_where_a_folder_has_several(tmp_path: Path) -> None:
    for name in ("train", "dev"):
        (tmp_path / f"{name}.json").write_text(json.dumps(_squad()), "utf-8")
    assert read_outside(tmp_path, "squad", "dev.json").name == "dev"
    for name, says in (("", "it holds several sets (dev.json, train.json)"), ("test", "it holds no 'test'")):
        with pytest.raises(OutsideError, match=says.replace("(", r"\(").replace(")", r"\)")):
            read_outside(tmp_path, "squad", name)


@pytest.mark.parametrize(
    ("path", "form"), [("missing", "squad"), ("missing", "beir"), (".", "beir"), (".", "csv")]
)
def test_what_is_not_there_is_said(tmp_path: Path, path: str, form: str) -> None:
    with pytest.raises(OutsideError):
        read_outside(tmp_path / path, form)


def test_spans_are_compared_without_articles_width_and_marks() -> None:
    assert exact_match("The  corn exchange.", ["a corn exchange"])
    assert exact_match("１００元", ["100元"])
    assert not exact_match("两层", ["两层楼"])
    assert f1("两层", ["两层楼"]) == pytest.approx(0.8)  # 2 of 2 and 2 of 3 characters
    assert f1("a red door", ["the green door"]) == pytest.approx(0.5)
    assert f1("", ["x"]) == 0.0
    assert holds("它在老粮站的旧址上", ["老粮站"])
    assert not holds("there are 13 boats", ["3 boats"])
