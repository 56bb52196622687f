"""Session files: whole lines, damage told and survived, sessions found by id, beginning or number."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from policybot.answer.model import Answer, Citation, ResultEntry, Step
from policybot.cli.chat.store import Recorder, identities, load, read, summaries
from policybot.errors import PolicybotError

ANSWER = Answer(
    None,
    "问",
    "zh",
    "answered",
    "50%。[1]",
    [
        Citation(
            1, "d", "题", "三", "头", "50%", "a.txt", 3, 4, "d/三", "III", ({"shown": "甲", "meaning": True},)
        )
    ],
    [
        ResultEntry("quoted", 50.0, "%", 2025, "力争", "50%", 1),
        ResultEntry("computed", 20.0, "%", operation="difference", inputs=(50.0, 30.0)),
    ],
    [Step("search", {"k": 3}, "d/三")],
    0.9,
)


def test_a_session_comes_back_as_it_was(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "sessions")
    recorder.settings(("d",), "zh")  # nothing to save yet
    assert not recorder.folder.exists()
    recorder.turn("问", ANSWER)
    recorder.settings(("d",), "zh")
    saved = read(recorder.file)
    assert [(t.question, t.answer) for t in saved.turns] == [("问", ANSWER)]
    assert (saved.documents, saved.language, saved.damaged) == (("d",), "zh", 0)
    assert stat.S_IMODE(os.stat(recorder.file).st_mode) == 0o600


def test_sessions_that_begin_together_have_files_of_their_own(tmp_path: Path) -> None:
    recorders = [Recorder(tmp_path) for _ in range(3)]
    for recorder in recorders:
        recorder.turn("q", ANSWER)
    assert len({r.id for r in recorders}) == 3
    assert set(identities(tmp_path)) == {r.id for r in recorders}


def test_damage_is_counted_and_the_rest_is_used(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.turn("first", ANSWER)
    with recorder.file.open("ab") as file:
        file.write(
            b'\xff\xfe\n[1]\n{"type": "turn", "question": 1}\n{"type": "turn", "question": "q", "answer": {}}\n'
        )
        file.write(b'{"type": "turn", "question": "torn", "ans')  # killed in the middle of a write
    Recorder(tmp_path, recorder.id).turn("second", ANSWER)
    saved = read(recorder.file)
    assert [t.question for t in saved.turns] == ["first", "second"]
    assert saved.damaged == 5


def test_fields_of_a_later_version_are_left_out(tmp_path: Path) -> None:
    data = ANSWER.to_dict() | {"mood": "good"}
    data["citations"][0]["colour"] = "red"
    file = tmp_path / "20260101-000000.jsonl"
    lines = [{"type": "later"}, {"type": "turn", "question": "q", "answer": data}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    saved = read(file)
    assert saved.turns[0].answer == ANSWER and saved.damaged == 0


def test_sessions_are_found_by_id_beginning_and_number(tmp_path: Path) -> None:
    for identity in ("20260101-000000", "20260102-000000", "20260102-000000-2", "20260102-000000-10"):
        Recorder(tmp_path, identity).turn(identity, ANSWER)
    assert load(tmp_path).id == load(tmp_path, "1").id == "20260102-000000-10"
    assert load(tmp_path, "20260102-000000").id == "20260102-000000"
    assert load(tmp_path, "20260101").id == load(tmp_path, "4").id == "20260101-000000"
    assert next(s.id for s in summaries(tmp_path)) == "20260102-000000-10"
    for name in ("2027", "20260102", "9", "../x"):
        with pytest.raises(PolicybotError, match="called") as caught:
            load(tmp_path, name)
        assert "会话" in caught.value.sentence("zh")


def test_no_session_yet(tmp_path: Path) -> None:
    with pytest.raises(PolicybotError, match="no saved session"):
        load(tmp_path / "none")
